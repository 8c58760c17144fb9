"""EASEᴿ (Steck 2019, arXiv:1905.03375): item weights B in closed form.

With X the likes, P = (XᵀX + λI)⁻¹ and B = −P / diag(P), zero on the diagonal; a person x scores x·B. Where there are fewer
people than works the same B is reached through the people instead (Woodbury): P = (I − Xᵀ(XXᵀ + λI)⁻¹X) / λ, which is kept
in that form.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.linalg import cho_factor, cho_solve, lapack

from artrec.community.base import NotApplicable, need_likes
from artrec.community.interactions import History, Interactions

MOST_WORKS = 20_000  # works or people, whichever are fewer: 1.6 GB of float32


@dataclass(frozen=True, eq=False)
class Ease:
    """Either `weights`, B (float32 (n_works, n_works)), or `likes` X (CSR (people, n_works)) with `inner`,
    (XXᵀ + λI)⁻¹X (float32 (people, n_works)), and `diagonal`, that of λP (float32 (n_works,))."""

    n_works: int
    threshold: float
    weights: np.ndarray | None = None
    likes: sp.csr_matrix | None = None
    inner: np.ndarray | None = None
    diagonal: np.ndarray | None = None
    name: str = "ease"
    rates: bool = False
    live: bool = False

    @classmethod
    def fit(cls, interactions: Interactions, regularisation: float = 50.0) -> "Ease":
        """Raises `NotApplicable` where there are more works and people than memory allows."""
        likes = need_likes(interactions, people=2, works=2)
        matrix = likes.matrix[np.unique(likes.users)]
        people, works = matrix.shape
        if min(people, works) > MOST_WORKS:
            raise NotApplicable(f"It holds at most {MOST_WORKS:,} works in memory; there are {works:,}.", "Leave it out.")
        if people < works:
            gram = (matrix @ matrix.T).toarray().astype(np.float64)
            gram.flat[:: people + 1] += regularisation
            inner = cho_solve(cho_factor(gram), matrix.toarray()).astype(np.float32)
            diagonal = 1 - np.asarray(matrix.multiply(inner).sum(axis=0)).ravel()
            return cls(works, interactions.threshold, None, matrix, inner, diagonal.astype(np.float32))
        return cls(works, interactions.threshold, _weights(matrix, regularisation))

    def _from(self, rows: np.ndarray) -> np.ndarray:
        """Rows of B (float64 (len(rows), n_works))."""
        if self.weights is not None:
            return self.weights[rows].astype(np.float64)
        found = (self.likes.T[rows] @ self.inner) / self.diagonal
        found[np.arange(len(rows)), rows] = 0
        return found.astype(np.float64)

    def score(self, history: History) -> np.ndarray:
        liked = history.works[history.values >= self.threshold]
        if self.weights is not None:
            return self.weights[liked].sum(axis=0, dtype=np.float64)
        taste = np.zeros(self.n_works)
        taste[liked] = 1
        found = ((self.likes @ taste) @ self.inner / self.diagonal).astype(np.float64)
        found[liked] -= (1 - self.diagonal[liked]) / self.diagonal[liked]  # what B has on its diagonal before it is set to 0
        return found

    def explain(self, history: History, work: int) -> np.ndarray:
        liked = history.values >= self.threshold
        shares = np.zeros(len(history) + 1)
        shares[:-1][liked] = self._from(history.works[liked])[:, work]
        return shares


def _weights(matrix: sp.csr_matrix, regularisation: float) -> np.ndarray:
    """B by Cholesky, in one buffer: half the work of a general inverse and no second copy."""
    n = matrix.shape[1]
    gram = np.zeros((n, n), dtype=np.float32, order="F")
    by_work = matrix.T.tocsr()
    for start in range(0, n, 1_000):  # the sparse product alone would take more than the dense result
        gram[:, start : start + 1_000] = (by_work @ matrix[:, start : start + 1_000]).toarray()
    gram.flat[:: n + 1] += regularisation
    factor, fault = lapack.spotrf(gram, lower=1, overwrite_a=1)
    inverse, fault = lapack.spotri(factor, lower=1, overwrite_c=1) if not fault else (factor, fault)
    if fault:
        raise NotApplicable("Its equations cannot be solved.", "Use a greater regularisation.")
    for start in range(0, n, 1_000):  # the lower half, mirrored
        stop = min(start + 1_000, n)
        block = inverse[start:stop, start:stop]
        block[:] = np.tril(block) + np.tril(block, -1).T
        inverse[start:stop, stop:] = inverse[stop:, start:stop].T
    diagonal = -np.diag(inverse).copy()
    inverse /= diagonal[:, None]  # P is symmetric: scaled by rows this is Bᵀ, and its transpose has rows of B in one piece
    inverse.flat[:: n + 1] = 0
    return inverse.T
