"""A community as the recommender asks it: one snapshot of everybody's standing opinions, with a model fitted on them.

A snapshot is immutable. What it says of a work is the sum of what each of a person's likes adds (the models are linear in the
likes: EASE, or item neighbours where EASE cannot run), counted only where at least k people like both works. The model's sums
have no unit, so a work's value is its place between the least and the best that the community has for this person.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from artrec.catalogue import Catalogue
from artrec.channels.community import NOBODY_YET, Heard
from artrec.community.base import Model, NotApplicable
from artrec.community.evidence import MOST_CARRIERS, Evidence, K
from artrec.community.interactions import History, Interactions
from artrec.community.linear import Ease
from artrec.community.neighbours import ItemKnn
from artrec.profile import Taste

LIKES = 0.0  # strength above which an opinion is a like
WARM = 3.0  # seconds
LEAST, MOST = 0.6, 1.0  # value of the weakest and of the best opinion that enough people stand behind


@dataclass(frozen=True, eq=False)
class Snapshot:
    """`rows`: int64 (w,), the catalogue's rows of the works that anybody likes, ascending; `evidence` and `model` number works
    by their place in it. `people`: profile ids by number. `me`: the number of the person who asks, if they are among them."""

    rows: np.ndarray
    evidence: Evidence
    model: Model | None
    people: tuple[int, ...]
    opinions: int
    me: int | None = None
    about: bool = False
    _added: dict[int, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    @classmethod
    def of(cls, opinions: Iterable[tuple], catalogue: Catalogue, k: int = K) -> "Snapshot":
        """From `(profile_id, artwork_id, strength, at)`: strengths above 0 are likes; works that the catalogue does not hold
        are left out."""
        found = [
            (person, catalogue.row(work)) for person, work, strength, _ in opinions if strength > LIKES and work in catalogue
        ]
        people = tuple(sorted({person for person, _ in found}))
        number = {person: at for at, person in enumerate(people)}
        users = np.array([number[person] for person, _ in found], dtype=np.int64)
        rows, works = np.unique(np.array([row for _, row in found], dtype=np.int64), return_inverse=True)
        likes = sp.csr_matrix((np.ones(len(users), dtype=bool), (users, works)), shape=(len(people), len(rows)))
        likes.sum_duplicates()
        coo = likes.tocoo()
        data = Interactions.of(coo.row, coo.col, n_works=len(rows), n_users=len(people))
        return cls(rows, Evidence(likes, k), _fit(data), people, int(likes.nnz))

    @property
    def k(self) -> int:
        return self.evidence.k

    def asked_by(self, person: int | None) -> "Snapshot":
        """The community as one of its people meets it: without themselves."""
        if person not in self.people:
            return self
        return replace(self, me=self.people.index(person))

    @cached_property
    def _others(self) -> Evidence:
        return self.evidence.without(self.me)

    def _places(self, rows: np.ndarray) -> np.ndarray:
        """Where rows of the catalogue stand in `rows`; -1 for works that nobody likes."""
        if not len(self.rows):
            return np.full(len(rows), -1)
        at = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[at] == rows, at, -1)

    def _weights(self, work: int) -> tuple[np.ndarray, np.ndarray]:
        """Which works a like of one adds to, of those that k people like together with it, and how much, above 0."""
        if work not in self._added:
            scores = np.nan_to_num(self.model.score(History.of([work])))
            works = np.flatnonzero((scores > 0) & (self.evidence.both(np.array([work]))[:, 0] >= self.k))
            self._added[work] = works, scores[works].astype(np.float32)
        return self._added[work]

    def warmed(self, seconds: float = WARM) -> "Snapshot":
        """The same, with what the best-liked works add made beforehand, for at most so many seconds."""
        until = time.monotonic() + seconds
        liked = np.asarray(self.evidence.likes.sum(axis=0)).ravel() if self.model is not None else np.zeros(0)
        for work in np.argsort(-liked, kind="stable")[: int(np.count_nonzero(liked >= self.k))]:
            if time.monotonic() > until:
                break
            self._weights(int(work))
        return self

    def hear(self, rows: np.ndarray, liked: np.ndarray, strengths: np.ndarray | None) -> Heard:
        """See `Voices`. At most the 64 newest likes are asked with."""
        places, known = self._places(rows), self._places(liked)
        asked = np.flatnonzero(known >= 0)[-MOST_CARRIERS:]
        if self.model is None or not len(asked):
            return nothing(len(rows), len(liked))
        works = known[asked]
        added = np.zeros((len(self.rows), len(works)))
        for at, work in enumerate(works):
            found, values = self._weights(int(work))
            added[found, at] = values
        added[self._others.both(works) < self.k] = 0
        return weighed(added, works, asked, places, len(liked), strengths, self._others.people)

    def silence(self, taste: Taste) -> str:
        """Whose fault it is: too few people, nothing in common with them, or nothing liked."""
        others = self._others.likes.shape[0]
        if others < self.k:
            return f"{NOBODY_YET} It needs the likes of at least {self.k} other people; there are {others}."
        if not len(taste.all_likes):
            return f"{NOBODY_YET} Like a work, and people who like it too can speak."
        return f"{NOBODY_YET} Fewer than {self.k} people share a like with you and agree on another work."


def nothing(rows: int, liked: int) -> Heard:
    """No opinion on any work."""
    return Heard(np.zeros((rows, liked), dtype=np.float32), np.zeros(rows, dtype=np.int64))


def weighed(
    added: np.ndarray, works: np.ndarray, asked: np.ndarray, places: np.ndarray, liked: int,
    strengths: np.ndarray | None, behind: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Heard:  # fmt: skip
    """What each of h liked `works` adds to every work (float64 (w, h), at least 0) → what is heard of the works at `places`
    (-1: unknown). `asked`: positions of the h among all `liked`; `behind`: works, and who carried
    what (bool (w, h)) → people."""
    added = added * (1.0 if strengths is None else strengths[asked])
    added[works] = 0  # what is known is not recommended, and does not set the scale
    total = added.sum(axis=1)
    spoken = total > 0
    if not spoken.any():
        return nothing(len(places), liked)
    value = LEAST + (MOST - LEAST) * total / total.max()
    share = np.divide(value, total, out=np.zeros_like(total), where=spoken)
    here = np.flatnonzero(places >= 0)
    parts = np.zeros((len(places), liked), dtype=np.float32)
    parts[np.ix_(here, asked)] = (added * share[:, None])[places[here]]
    counts = np.zeros(len(places), dtype=np.int64)
    counts[here] = np.where(spoken, behind(works, added > 0), 0)[places[here]]
    return Heard(parts, counts)


def _fit(data: Interactions) -> Model | None:
    """EASE; item neighbours where it cannot run; None where nothing can."""
    for fit in (Ease.fit, ItemKnn.fit):
        try:
            return fit(data)
        except NotApplicable:
            continue
    return None
