"""Ways to hold interactions back, each seeded: what a model may learn from, and what it is asked.

Candidates are always all works; what a person already knows is never recommended again. Nothing is tuned on what is held back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from artrec.community.interactions import History, Interactions
from artrec.errors import ArtrecError

GIVEN = (1, 3, 5, 10, 20)  # works that a new person has rated, in the curve of a cold start
RENEWALS = 6  # times that models are learned anew while questions go on, where times are known
SHARE = 0.2  # of entries, people or works that are held back


@dataclass(frozen=True, eq=False)
class Case:
    """One question. `history`: what is told of the person; `works`, `values`: what they went on to (int64, float32 (t,));
    `given`: how many works a new person had told of, in cold starts."""

    user: int
    history: History
    works: np.ndarray
    values: np.ndarray
    given: int | None = None


@dataclass(frozen=True, eq=False)
class Split:
    """What to learn from, and the questions. `dates`: moments (seconds since 1970, ascending) at which models are learned anew,
    from what was before; a question is answered by the newest of them. None: they are learned once, from everything."""

    protocol: str
    train: Interactions
    cases: tuple[Case, ...]
    dates: tuple[float, ...] = ()

    def rounds(self) -> list[tuple[Interactions, np.ndarray]]:
        """What is learned from, and the questions (positions, int64) that are then asked."""
        if not self.dates:
            return [(self.train, np.arange(len(self.cases)))]
        of = np.searchsorted(self.dates, [case.history.now for case in self.cases], side="right") - 1
        return [(replace(self.train, until=date), np.flatnonzero(of == at)) for at, date in enumerate(self.dates)]


def leave_last_out(data: Interactions, seed: int = 0) -> Split:
    """Each person's last interaction is held back, for everybody with at least two. The person is asked at the moment of it,
    and nobody answers from what came later: live models heed the moment, all others are learned anew six times on the way."""
    split = leave_last_out_leaky(data, seed)
    return replace(split, protocol="leave-last-out", dates=_dates(split.cases))


def leave_last_out_leaky(data: Interactions, seed: int = 0) -> Split:
    """The same as it is mostly done: learned once, from everything else. Models that do not heed the moment then know what
    others did later, which flatters them (Ji et al. 2023, doi:10.1145/3569930)."""
    if not data.timed:
        raise ArtrecError(
            "Leaving the last one out needs the time of every interaction, and these data lack some.",
            "Choose --protocol random, or give a file with a column `timestamp`.",
        )
    held, cases = [], []
    for user in range(data.n_users):
        entries = data.entries(user)
        if len(entries) > 1:
            last = int(entries[-1])
            held.append(last)
            cases.append(_case(data, user, entries[:-1], entries[-1:], float(data.times[last])))
    return _split("leave-last-out-leaky", data, held, cases)


def by_date(data: Interactions, seed: int = 0) -> Split:
    """The newest fifth is held back from every model; each of it is a question of its own, told what the person liked until
    then. Nothing is learned from after the date, so the models can only grow old."""
    if not data.timed:
        raise ArtrecError("A split by date needs the time of every interaction.", "Choose --protocol random.")
    date = np.quantile(data.times, 1 - SHARE)
    held, cases = np.flatnonzero(data.times > date), []
    for at in held:
        entries = data.entries(int(data.users[at]))
        known = entries[entries < at]
        if len(known):
            cases.append(_case(data, int(data.users[at]), known, np.array([at]), float(data.times[at])))
    return _split("by-date", data, held, cases)


def random_holdout(data: Interactions, seed: int = 0) -> Split:
    """A fifth of each person's interactions, at least one, for everybody with at least two. Such a question has no moment, so
    times are left out."""
    data = data.untimed()
    random = np.random.default_rng(seed)
    held, cases = [], []
    for user in range(data.n_users):
        entries = random.permutation(data.entries(user))
        if len(entries) > 1:
            size = max(1, round(SHARE * len(entries)))
            held.extend(entries[:size])
            cases.append(_case(data, user, np.sort(entries[size:]), np.sort(entries[:size])))
    return _split("random", data, held, cases)


def cold_users(data: Interactions, seed: int = 0, given: Sequence[int] = GIVEN) -> Split:
    """A fifth of the people are unknown to the models; each tells of 1, 3, 5, 10 and 20 works, as far as they have more: their
    first ones where times are known, else any. What is left is held back, and the same for all these numbers. Where times are
    known, nobody answers from what came later, as in `leave_last_out`."""
    random = np.random.default_rng(seed)
    able = [user for user in range(data.n_users) if len(data.entries(user)) > min(given)]
    chosen = random.permutation(able)[: max(1, round(SHARE * len(able)))] if able else []
    cases = []
    for user in sorted(int(u) for u in chosen):
        entries = data.entries(user) if data.timed else random.permutation(data.entries(user))
        numbers = [k for k in given if k < len(entries)]
        rest = entries[max(numbers) :]
        now = float(data.times[rest[0]]) if data.timed else np.inf
        cases += [_case(data, user, entries[:k], rest, now, k) for k in numbers]
    split = _split("cold-users", data, np.flatnonzero(np.isin(data.users, chosen)), cases)
    return replace(split, dates=_dates(split.cases)) if data.timed else split


def cold_works(data: Interactions, seed: int = 0) -> Split:
    """A fifth of the works that anybody knows are new: the models have not seen anyone with them. Times are left out."""
    data = data.untimed()
    known = np.unique(data.works)
    fresh = np.random.default_rng(seed).permutation(known)[: max(1, round(SHARE * len(known)))]
    held = np.isin(data.works, fresh)
    cases = []
    for user in range(data.n_users):
        entries = data.entries(user)
        new = held[entries]
        if new.any() and not new.all():
            cases.append(_case(data, user, entries[~new], entries[new]))
    return _split("cold-works", data, np.flatnonzero(held), cases)


PROTOCOLS: dict[str, Callable[..., Split]] = {
    "leave-last-out": leave_last_out,
    "leave-last-out-leaky": leave_last_out_leaky,
    "by-date": by_date,
    "random": random_holdout,
    "cold-users": cold_users,
    "cold-works": cold_works,
}
ABOUT = {
    "leave-last-out": "Each person's last interaction is held back; asked at the moment of it, nobody knows what came later.",
    "leave-last-out-leaky": "The same as mostly published: models also know what other people did later, which flatters some.",
    "by-date": "The newest fifth is held back, each of it a question; nothing is learned from after that date.",
    "random": "A fifth of each person's interactions is held back by chance; times are not used.",
    "cold-users": "A fifth of the people are new: they tell of 1, 3, 5, 10 and 20 works and are asked about the rest.",
    "cold-works": "A fifth of the works are new: nobody is known to have seen them, and people are asked about these.",
}


def _dates(cases: Sequence[Case]) -> tuple[float, ...]:
    """Moments of questions that part them into so many equal rounds."""
    moments = np.sort([case.history.now for case in cases])
    return tuple(np.unique(moments[np.arange(RENEWALS) * len(moments) // RENEWALS]).tolist())


def _case(data, user: int, known: np.ndarray, asked: np.ndarray, now: float = np.inf, given: int | None = None) -> Case:
    return Case(user, data.history(known, now), data.works[asked].astype(np.int64), data.values[asked], given)


def _split(name: str, data: Interactions, held, cases: list[Case]) -> Split:
    train = data.keep(~np.isin(np.arange(len(data)), np.asarray(held, dtype=np.int64)))
    if not cases or not len(train):
        people = len(np.unique(data.users))
        raise ArtrecError(
            f"The protocol {name} finds nobody to ask: {people} "
            f"{'person' if people == 1 else 'people'} with {len(data)} interactions leave nothing to hold back.",
            "Give more interactions, or choose another protocol.",
        )
    return Split(name, train, tuple(cases))
