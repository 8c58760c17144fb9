"""Neighbourhood models: works liked by the same people (Sarwar et al. 2001), people who like the same works (Herlocker 1999).

Similarity is the cosine of two works' (or people's) columns, `cosine`, or of the same centred on their means, `pearson`; it is
shrunk by co / (co + shrinkage), where co is the number of people (or works) that they share, so that one coincidence does not
make neighbours (Koren 2008). On ratings both predict what is left of the damped means; on likes they sum similarities.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from artrec.community.base import NotApplicable, need_likes, need_ratings
from artrec.community.baselines import Means
from artrec.community.interactions import History, Interactions

BLOCK = 1_000  # rows of similarities in memory at once


@dataclass(frozen=True)
class NeighbourConfig:
    """`k` nearest neighbours, similarities shrunk by `shrinkage` shared people (or works)."""

    k: int = 40
    shrinkage: float = 5.0
    similarity: str = "cosine"  # or pearson


@dataclass(frozen=True, eq=False)
class ItemKnn:
    """`weights`: similarities of each work's k nearest, float32 CSR (n_works, n_works), row j holding the neighbours of j."""

    weights: sp.csr_matrix
    threshold: float
    means: Means | None
    name: str
    live: bool = False

    @property
    def rates(self) -> bool:
        return self.means is not None

    @classmethod
    def fit(cls, interactions: Interactions, config: NeighbourConfig | None = None, name: str = "") -> "ItemKnn":
        config = config or NeighbourConfig()
        matrix, means = _prepare(interactions, config, by_work=True)
        unit, present = _unit(matrix.T.tocsr()), _present(matrix.T.tocsr())
        blocks = []
        for start in range(0, unit.shape[0], BLOCK):
            block = _shrunk(unit[start : start + BLOCK], unit, present[start : start + BLOCK], present, config.shrinkage)
            block[np.arange(len(block)), np.arange(start, start + len(block))] = 0
            blocks.append(sp.csr_matrix(keep_largest(block, config.k)))
        weights = sp.vstack(blocks).tocsr()
        if not weights.nnz:
            raise NotApplicable("No two works are known to the same person.", "Collect more likes first.")
        return cls(weights, interactions.threshold, means, name or f"item-knn-{config.similarity}")

    def _weighed(self, history: History) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Each known work's value to sum (h,), whether it counts (h,), and similarities, float64 (n_works, h)."""
        similar = self.weights[:, history.works].toarray().astype(np.float64)
        if self.means is None:
            return np.ones(len(history)), history.values >= self.threshold, similar
        left = history.values - self.means.score(history)[history.works]
        return left, np.ones(len(history), dtype=bool), similar

    def score(self, history: History) -> np.ndarray:
        n = self.weights.shape[0]
        if self.means is None:
            return self.weights @ _spread(n, history.works[history.values >= self.threshold])
        predicted = self.means.score(history)
        left = history.values - predicted[history.works]
        summed, total = self.weights @ _spread(n, history.works, left), self.weights @ _spread(n, history.works)
        return predicted + summed / np.maximum(total, 1)

    def explain(self, history: History, work: int) -> np.ndarray:
        values, counts, similar = self._weighed(history)
        parts = similar[work] * values * counts
        if self.means is None:
            return np.r_[parts, 0.0]
        return np.r_[parts / max(np.abs(similar[work]).sum(), 1), self.means.score(history)[work]]


@dataclass(frozen=True, eq=False)
class UserKnn:
    """`unit`: people's values as unit rows, `present`: the same as 1 where there is one, `matrix`: what is summed over the
    neighbours; float32 CSR (people, n_works) all three."""

    unit: sp.csr_matrix
    present: sp.csr_matrix
    matrix: sp.csr_matrix
    threshold: float
    means: Means | None
    config: NeighbourConfig
    name: str
    live: bool = False

    @property
    def rates(self) -> bool:
        return self.means is not None

    @classmethod
    def fit(cls, interactions: Interactions, config: NeighbourConfig | None = None, name: str = "") -> "UserKnn":
        config = config or NeighbourConfig()
        matrix, means = _prepare(interactions, config, by_work=False)
        left = _left(interactions, means) if means else matrix
        name = name or f"user-knn-{config.similarity}"
        return cls(_unit(matrix), _present(matrix), left, interactions.threshold, means, config, name)

    def _neighbours(self, history: History) -> tuple[np.ndarray, np.ndarray]:
        """The nearest people and how near they are (float64)."""
        counted = history if self.means else history.keep(history.values >= self.threshold)
        values = counted.values.astype(np.float64)
        if self.means and self.config.similarity == "pearson" and len(counted):
            values = values - values.mean()
        row = _spread(self.unit.shape[1], counted.works, values / max(np.linalg.norm(values), 1e-12))
        shared = self.present @ _spread(self.unit.shape[1], counted.works)
        similar = (self.unit @ row) * (shared / (shared + self.config.shrinkage + 1e-12))
        # A person who knows the very same works in the very same way may be this person, or their twin: both count.
        nearest = np.argsort(-similar, kind="stable")[: self.config.k]
        nearest = nearest[similar[nearest] > 0]
        return nearest, similar[nearest].astype(np.float64)

    def score(self, history: History) -> np.ndarray:
        weights = _spread(self.unit.shape[0], *self._neighbours(history))
        summed = self.matrix.T @ weights
        if self.means is None:
            return summed
        known = self.present.T @ weights
        return self.means.score(history) + summed / np.maximum(known, 1)


def _spread(n: int, rows: np.ndarray, values: np.ndarray | float = 1.0) -> np.ndarray:
    """A vector that is 0 but for some rows (float64 (n,))."""
    found = np.zeros(n)
    found[rows] = values
    return found


def _prepare(interactions: Interactions, config: NeighbourConfig, by_work: bool) -> tuple[sp.csr_matrix, Means | None]:
    """The values that are compared, (people, n_works), and the means for ratings."""
    if interactions.scale is None:
        likes = need_likes(interactions, people=2, works=2)
        if config.similarity == "pearson":
            raise NotApplicable("Pearson's correlation needs ratings; these data have likes only.", "Use the cosine.")
        return likes.matrix, None
    ratings = need_ratings(interactions)
    means = Means.fit(ratings)
    values = ratings.values.astype(np.float64)
    if config.similarity == "pearson":
        groups = ratings.works if by_work else ratings.users
        sums, counts = np.bincount(groups, values), np.bincount(groups)
        values = values - (sums / np.maximum(counts, 1))[groups]
        if not np.abs(values).max() > 0:
            raise NotApplicable("Ratings do not differ within any work or person.", "Collect more ratings first.")
    # Exactly average is still an opinion: a zero would vanish from a sparse matrix.
    values[values == 0] = 1e-6
    return sp.csr_matrix((values.astype(np.float32), (ratings.users, ratings.works)), shape=ratings.matrix.shape), means


def _left(ratings: Interactions, means: Means) -> sp.csr_matrix:
    """What the damped means leave of each rating."""
    left = ratings.values - means.mean - means.offsets[ratings.works]
    sums = np.bincount(ratings.users, left, minlength=ratings.n_users)
    counts = np.bincount(ratings.users, minlength=ratings.n_users) + means.user_damping
    left = left - (sums / counts)[ratings.users]
    return sp.csr_matrix((left.astype(np.float32), (ratings.users, ratings.works)), shape=ratings.matrix.shape)


def _unit(matrix: sp.csr_matrix) -> sp.csr_matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sp.diags_array(1 / np.maximum(norms, 1e-12)) @ matrix).tocsr().astype(np.float32)


def _present(matrix: sp.csr_matrix) -> sp.csr_matrix:
    return sp.csr_matrix((np.ones_like(matrix.data, dtype=np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)


def _shrunk(rows, unit, rows_present, present, shrinkage: float) -> np.ndarray:
    """Shrunk similarities of some rows to all: float32 (r, n)."""
    shared = (rows_present @ present.T).toarray()
    return (rows @ unit.T).toarray() * (shared / (shared + shrinkage + 1e-12))


def keep_largest(block: np.ndarray, k: int) -> np.ndarray:
    """The k largest positive values of each row, all else 0 (in place)."""
    if k < block.shape[1]:
        bound = np.partition(block, -k, axis=1)[:, -k][:, None]
        block[block < bound] = 0
    block[block < 0] = 0
    return block
