"""Who liked or rated which work, and when, as arrays: what every model of a community is fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

LIKED = 0.6  # of the way from the lowest rating to the highest, from which a rating counts as a like: 4 of 1–5, 5 of 1–7


@dataclass(frozen=True, eq=False)
class History:
    """What is known of one person, oldest first: `works` int64 (h,), rows of the catalogue, each once; `values` float32 (h,),
    1 for a like, or ratings; `times` float64 (h,), seconds since 1970, NaN where not known. `now`: the moment to recommend for;
    models that read time use nothing from then on."""

    works: np.ndarray
    values: np.ndarray
    times: np.ndarray
    now: float = np.inf

    def __len__(self) -> int:
        return len(self.works)

    @classmethod
    def of(
        cls, works: Sequence[int], values: Sequence[float] | None = None, times: Sequence[float] | None = None, now=np.inf
    ) -> "History":
        """From plain lists; likes where there are no values."""
        rows = np.asarray(works, dtype=np.int64)
        given = np.ones(len(rows)) if values is None else values
        known = np.full(len(rows), np.nan) if times is None else times
        return cls(rows, np.asarray(given, dtype=np.float32), np.asarray(known, dtype=np.float64), float(now))

    def keep(self, mask: np.ndarray) -> "History":
        """The same person, had they said only this (boolean (h,))."""
        return replace(self, works=self.works[mask], values=self.values[mask], times=self.times[mask])


@dataclass(frozen=True, eq=False)
class Interactions:
    """One entry a pair of person and work, in order of time where it is known: `users` int32 (m,), `works` int32 (m,),
    `values` float32 (m,), `times` float64 (m,), seconds since 1970 or NaN. `scale`: the lowest and the highest rating, or None
    where there are only likes (all values 1). `until`: the moment (seconds since 1970) from which on models that do not keep to
    time by themselves may not learn, see `past`."""

    users: np.ndarray
    works: np.ndarray
    values: np.ndarray
    times: np.ndarray
    n_users: int
    n_works: int
    scale: tuple[float, float] | None = None
    until: float = np.inf

    @classmethod
    def of(cls, users, works, values=None, times=None, *, n_works: int, n_users: int | None = None, scale=None):
        """From plain lists or arrays, put in order of time; entries without a time come first, in the order given."""
        users, works = np.asarray(users, dtype=np.int32), np.asarray(works, dtype=np.int32)
        values = np.ones(len(users)) if values is None else values
        times = np.full(len(users), np.nan) if times is None else np.asarray(times, dtype=np.float64)
        order = np.argsort(np.where(np.isnan(times), -np.inf, times), kind="stable")
        count = int(users.max(initial=-1)) + 1 if n_users is None else n_users
        return cls(users[order], works[order], np.asarray(values, dtype=np.float32)[order], times[order], count, n_works, scale)

    def __len__(self) -> int:
        return len(self.users)

    @property
    def timed(self) -> bool:
        """Whether every entry has its time."""
        return len(self) > 0 and bool(np.isfinite(self.times).all())

    @property
    def threshold(self) -> float:
        """The least value that counts as a like."""
        return 0.0 if self.scale is None else self.scale[0] + LIKED * (self.scale[1] - self.scale[0])

    def keep(self, mask: np.ndarray) -> "Interactions":
        """Some of the entries (boolean (m,)); people and works keep their numbers."""
        return replace(self, users=self.users[mask], works=self.works[mask], values=self.values[mask], times=self.times[mask])

    @cached_property
    def past(self) -> "Interactions":
        """The entries before `until`; all where that is open."""
        return self if np.isinf(self.until) else self.keep(self.times < self.until)

    def untimed(self) -> "Interactions":
        """The same, had nobody noted when."""
        return replace(self, times=np.full(len(self), np.nan))

    @cached_property
    def likes(self) -> "Interactions":
        """The entries that count as likes, each with the value 1."""
        if self.scale is None:
            return self
        liked = self.keep(self.values >= self.threshold)
        return replace(liked, values=np.ones(len(liked), dtype=np.float32), scale=None)

    @cached_property
    def matrix(self) -> sp.csr_matrix:
        """Values, float32 CSR (n_users, n_works)."""
        return sp.csr_matrix((self.values, (self.users, self.works)), shape=(self.n_users, self.n_works))

    @cached_property
    def people(self) -> int:
        """How many people have any entry."""
        return int(np.count_nonzero(np.bincount(self.users, minlength=1)))

    @property
    def known_works(self) -> int:
        """How many works anybody has an entry for."""
        return int(np.count_nonzero(self.counts))

    @cached_property
    def counts(self) -> np.ndarray:
        """How many people each work has (int64 (n_works,))."""
        return np.bincount(self.works, minlength=self.n_works)

    @cached_property
    def _by_user(self) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(self.users, kind="stable")
        return order, np.searchsorted(self.users[order], np.arange(self.n_users + 1))

    def entries(self, user: int) -> np.ndarray:
        """Positions of a person's entries, oldest first (int64)."""
        order, starts = self._by_user
        return order[starts[user] : starts[user + 1]]

    def history(self, entries: np.ndarray, now: float = np.inf) -> History:
        """One person's entries (positions) as a history."""
        return History(self.works[entries].astype(np.int64), self.values[entries], self.times[entries], now)
