"""A community under differential privacy: what it says could be said, nearly as likely, without any one of its people.

One release is the whole table of how many people like each pair of works, each count with discrete Laplace noise (the geometric
mechanism of Ghosh, Roughgarden and Sundararajan 2009; Dwork et al. 2006), and nothing else is read again: similarities, what is
heard and how many people stand behind it are made from the release. A person counts with their newest `most` likes, so that one
person more or less changes the table by at most Δ = most·(most + 1)/2, and the number of people by 1; noise of scale
(Δ + 1)/ε makes the release ε-private for whole people. Each release spends its ε from a budget that is kept on record.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.sparse as sp

from artrec.catalogue import Catalogue
from artrec.channels.community import NOBODY_YET, Heard
from artrec.community.evidence import MOST_CARRIERS, K
from artrec.community.serving import LIKES, nothing, weighed
from artrec.errors import ArtrecError
from artrec.profile import Taste

MOST_WORKS = 4_000  # every pair gets noise, also those that nobody likes
MOST_RECORDED = 2_000  # pairs of a release that are kept
GROWTH = 1.5  # times the events of the last release, from which a new one is worth its ε
MOST_LIKES = 3  # of a person that count
DOUBT = 0.05  # how many pairs of one work noise alone lifts over the threshold, on average
SHRINKAGE = 5.0


class Settings(Protocol):
    """Where a budget is kept: a store's settings, JSON documents by name; `update` lets nobody in between."""

    def get(self, key: str, default=None): ...

    def update(self, key: str, change: Callable, default=None): ...


@dataclass(frozen=True)
class Budget:
    """`limit`: ε that may be spent on a community in all; `each`: on one release; `spent`: what each release took, in order."""

    limit: float = 4.0
    each: float = 1.0
    spent: tuple[float, ...] = ()

    @property
    def total(self) -> float:
        return float(sum(self.spent))

    @property
    def allows_more(self) -> bool:
        """Whether another release fits."""
        return self.total + self.each <= self.limit + 1e-9


def read_budget(settings: Settings, room: str) -> Budget | None:
    """What is on record for a room ("" for everybody); None where differential privacy was never switched on there."""
    found = settings.get(_name(room))
    return Budget(found["limit"], found["each"], tuple(found["spent"])) if found else None


def switch_on(settings: Settings, room: str, limit: float, each: float) -> Budget:
    """Put a budget on record; what was spent stays spent. Raises `ArtrecError` for an ε that is no privacy at all, and for a
    limit below what is spent."""
    if not (0 < each <= 10 and each <= limit <= 100):
        raise ArtrecError("That ε is no use.", "Give above 0 to 10 for a release, and a limit of at least that, at most 100.")

    def change(found: dict | None) -> dict:
        spent = (found or {}).get("spent", [])
        if sum(spent) > limit + 1e-9:
            raise ArtrecError(f"ε = {sum(spent):g} is spent already.", "Choose a limit above that.")
        return {**(found or {}), "limit": limit, "each": each, "spent": spent, "on": True}

    settings.update(_name(room), change)
    return read_budget(settings, room)


def switch_off(settings: Settings, room: str) -> None:
    """Exact counts from now on. What was spent stays on record."""
    settings.update(_name(room), lambda found: {**found, "on": False} if found else None)


def is_on(settings: Settings, room: str) -> bool:
    """Whether a room is asked through releases alone."""
    return bool((settings.get(_name(room)) or {}).get("on"))


def released(
    settings: Settings, room: str, opinions: Callable[[], Iterable[tuple]], catalogue: Catalogue, events: int = 0
) -> "Release":
    """A release of a community of so many `events`: a new one, spent and put on record, where it has grown by `GROWTH` since
    the last; else the last, and so where the budget is used up. ε is spent before anything is read, so that no fault is free.
    Raises `ArtrecError` where nothing was ever released and nothing may be."""
    name, spend = _name(room), []

    def reserve(found: dict) -> dict:
        budget = Budget(found["limit"], found["each"], tuple(found["spent"]))
        spend.clear()
        if not budget.allows_more or ("release" in found and events < GROWTH * found["events"]):
            return found
        spend.append(budget.each)
        return {**found, "spent": [*budget.spent, budget.each]}

    found = settings.update(name, reserve)
    if spend:
        made = Release.of(opinions(), catalogue, spend[0]).as_dict(catalogue)
        found = settings.update(name, lambda held: {**held, "release": made, "events": events})
    if "release" not in found:
        raise ArtrecError("The budget allows no release.", "Raise the limit of ε.")
    return Release.from_dict(found["release"], catalogue)


def _name(room: str) -> str:
    return f"differential privacy:{room}"


@dataclass(frozen=True, eq=False)
class Release:
    """What may be known of a community. `pairs`: float64 CSR (n_works, n_works), noisy counts above `threshold`, symmetric,
    singles on its diagonal; `people`: the noisy number of them; `epsilon`: what it cost."""

    pairs: sp.csr_matrix
    people: int
    epsilon: float
    threshold: float
    k: int = K
    about: bool = True

    @classmethod
    def of(
        cls, opinions: Iterable[tuple], catalogue: Catalogue, epsilon: float, k: int = K, most: int = MOST_LIKES,
        rng: np.random.Generator | None = None,
    ) -> "Release":  # fmt: skip
        """From `(profile_id, artwork_id, strength, at)`. `rng`: of the noise; from the system's entropy where none is given.
        Raises `ArtrecError` for a collection too large to add noise to every pair."""
        n = len(catalogue)
        if n > MOST_WORKS:
            raise ArtrecError(
                f"Noise on every pair of works can be had up to {MOST_WORKS:,} works; here are {n:,}.", "Switch it off."
            )
        rng = np.random.default_rng() if rng is None else rng
        newest: dict[int, dict[int, float]] = {}
        for person, work, strength, at in opinions:
            if strength > LIKES and work in catalogue:
                newest.setdefault(person, {})[catalogue.row(work)] = float(at or 0)
        counts = np.zeros((n, n), dtype=np.int32)
        for liked in newest.values():
            rows = np.array(sorted(liked, key=lambda row: (-liked[row], row))[:most])
            counts[np.ix_(rows, rows)] += 1
        scale = (most * (most + 1) / 2 + 1) / epsilon
        upper = np.triu_indices(n)
        noisy = counts[upper] + discrete_laplace(scale, len(upper[0]), rng)
        threshold = k + scale * np.log(n / (2 * DOUBT))
        kept = noisy >= threshold
        half = sp.csr_matrix((noisy[kept].astype(np.float64), (upper[0][kept], upper[1][kept])), shape=(n, n))
        pairs = half + sp.triu(half, 1).T
        people = len(newest) + int(discrete_laplace(scale, 1, rng)[0])
        return cls(pairs.tocsr(), max(people, 0), float(epsilon), float(threshold), k)

    def hear(self, rows: np.ndarray, liked: np.ndarray, strengths: np.ndarray | None) -> Heard:
        """See `Voices`: shrunk cosine of the noisy counts. The people behind a work are those of its largest pair."""
        asked = np.arange(len(liked))[-MOST_CARRIERS:]
        if not len(asked):
            return nothing(len(rows), len(liked))
        works = liked[asked]
        both = self.pairs[:, works].toarray()
        single = self.pairs.diagonal()
        either = np.sqrt(
            np.maximum(single[:, None], both.max(axis=1, keepdims=True)) * np.maximum(single[works], self.threshold)
        )
        alike = np.divide(both, either, out=np.zeros_like(both), where=both > 0) * both / (both + SHRINKAGE)

        def behind(_: np.ndarray, carried: np.ndarray) -> np.ndarray:
            return np.rint(np.where(carried, both, 0).max(axis=1)).astype(np.int64)

        return weighed(alike, works, asked, rows, len(liked), strengths, behind)

    def silence(self, taste: Taste) -> str:
        """How many people it would take."""
        return (
            f"{NOBODY_YET} With differential privacy at ε = {self.epsilon:g}, about {round(self.threshold)} people must like "
            f"both works of a pair; there are about {self.people} people in all."
        )

    def as_dict(self, catalogue: Catalogue) -> dict:
        """For the record: the largest noisy counts and nothing else, so that a restart spends nothing."""
        coo = sp.triu(self.pairs).tocoo()
        largest = np.argsort(-coo.data, kind="stable")[:MOST_RECORDED]
        works = sorted({*coo.row[largest].tolist(), *coo.col[largest].tolist()})
        place = {row: at for at, row in enumerate(works)}
        pairs = [[place[coo.row[at]], place[coo.col[at]], int(coo.data[at])] for at in largest.tolist()]
        return {
            "works": [catalogue[row].artwork_id for row in works], "pairs": pairs, "people": self.people,
            "epsilon": self.epsilon, "threshold": self.threshold, "k": self.k,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, found: dict, catalogue: Catalogue) -> "Release":
        """As it was put on record; works that the catalogue no longer holds are left out."""
        row = {at: catalogue.row(work) for at, work in enumerate(found["works"]) if work in catalogue}
        kept = [(row[a], row[b], count) for a, b, count in found["pairs"] if a in row and b in row]
        first, second, counts = np.array(kept, dtype=np.int64).reshape(-1, 3).T
        half = sp.csr_matrix((counts.astype(np.float64), (first, second)), shape=(len(catalogue), len(catalogue)))
        half = sp.triu(half + sp.triu(half.T, 1))
        pairs = (half + sp.triu(half, 1).T).tocsr()
        return cls(pairs, found["people"], found["epsilon"], found["threshold"], found["k"])


def discrete_laplace(scale: float, size: int, rng: np.random.Generator) -> np.ndarray:
    """int64 (size,): P(x) ∝ exp(−|x| / scale), the difference of two geometric variables."""
    p = -np.expm1(-1.0 / scale)
    return rng.geometric(p, size) - rng.geometric(p, size)
