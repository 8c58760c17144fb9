"""How many people stand behind what a community says: counted as pairs of works that the same person likes, and told only
from k people on (k-anonymity, Sweeney 2002), never who."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

K = 5  # people, at least, that like both works of a pair
MOST_CARRIERS = 64  # liked works that one question is asked with: one bit each


@dataclass(frozen=True, eq=False)
class Evidence:
    """`likes`: bool CSR (people, works): who likes what, each once."""

    likes: sp.csr_matrix
    k: int = K

    @cached_property
    def by_work(self) -> sp.csc_matrix:
        return self.likes.tocsc()

    @cached_property
    def _counted(self) -> sp.csr_matrix:
        return self.likes.T.tocsr().astype(np.int32)

    def both(self, works: np.ndarray) -> np.ndarray:
        """How many people like each of h works together with every work: int64 (n_works, h)."""
        return (self._counted @ self._counted[works].T).toarray().astype(np.int64)

    def without(self, person: int | None) -> "Evidence":
        """The same community without one of its people, so that nobody counts as evidence for themselves."""
        if person is None:
            return self
        others = np.ones(self.likes.shape[0], dtype=bool)
        others[person] = False
        return Evidence(self.likes[others], self.k)

    def people(self, works: np.ndarray, carried: np.ndarray) -> np.ndarray:
        """How many different people like a work and one of those that carried it: int64 (n_works,). `works`: h ≤ 64 works;
        `carried`: bool (n_works, h), which of them carried each work."""
        bits = np.uint64(1) << np.arange(len(works), dtype=np.uint64)
        theirs = np.zeros(self.likes.shape[0], dtype=np.uint64)
        for bit, work in zip(bits, works, strict=True):
            theirs[self.by_work.indices[self.by_work.indptr[work] : self.by_work.indptr[work + 1]]] |= bit
        wanted = (carried * bits).sum(axis=1, dtype=np.uint64)
        entries = self.likes.tocoo()
        behind = (theirs[entries.row] & wanted[entries.col]) != 0
        return np.bincount(entries.col[behind], minlength=self.likes.shape[1])
