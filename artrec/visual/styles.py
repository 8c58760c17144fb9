"""Style from the eye alone: a support vector machine over the features with names and the patch statistics."""

from dataclasses import dataclass

import numpy as np

GAMMA = 0.3  # of the Gaussian kernel on standardised features, per feature
COST = 3.0  # of a picture on the wrong side
CLIP = 4.0
VIEWS = ("features", "patches")


@dataclass(frozen=True, eq=False)
class StyleModel:
    """A machine fitted once. Kernels of the views are centred, sized to a mean of 1 and added up (multiple kernel learning with
    equal weights, which is hard to beat: Gönen and Alpaydın 2011). `views`: which of `VIEWS` it looks at."""

    views: tuple[str, ...]
    raw: np.ndarray
    signatures: np.ndarray
    center: np.ndarray
    scale: np.ndarray
    means: dict[str, tuple[np.ndarray, float, float]]
    machine: object

    @classmethod
    def fit(
        cls, raw: np.ndarray, signatures: np.ndarray, labels: np.ndarray, views: tuple[str, ...] = VIEWS, cost: float = COST
    ) -> "StyleModel":
        """From features (float32 (n, d)), patch statistics (float32 (n, s)) and a style each (str (n,))."""
        from sklearn.svm import SVC

        center, scale = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-6)
        rows = np.clip((raw - center) / scale, -CLIP, CLIP)
        kernels = {"features": _gaussian(rows, rows), "patches": signatures @ signatures.T}
        means, total = {}, 0
        for view in views:
            kernel = kernels[view].astype(np.float64)
            column, mean = kernel.mean(axis=0), float(kernel.mean())
            size = max(float(np.trace(kernel)) / len(kernel) - mean, 1e-12)
            means[view] = (column, mean, size)
            total = total + _centred(kernel, *means[view])
        machine = SVC(C=cost, kernel="precomputed").fit(total / len(views), labels)
        return cls(views, rows, signatures, center, scale, means, machine)

    def predict(self, raw: np.ndarray, signatures: np.ndarray) -> np.ndarray:
        """The style of pictures: str (n,)."""
        rows, total = np.clip((raw - self.center) / self.scale, -CLIP, CLIP), 0
        for view in self.views:
            kernel = _gaussian(rows, self.raw) if view == "features" else signatures @ self.signatures.T
            total = total + _centred(kernel.astype(np.float64), *self.means[view])
        return self.machine.predict(total / len(self.views))


def _centred(kernel: np.ndarray, column: np.ndarray, mean: float, size: float) -> np.ndarray:
    """A kernel (n, training) as if the training pictures' mean were the origin (Schölkopf 1998), divided by its size."""
    return (kernel - kernel.mean(axis=1, keepdims=True) - column + mean) / size


def _gaussian(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    squared = (rows**2).sum(axis=1)[:, None] - 2 * rows @ others.T + (others**2).sum(axis=1)
    return np.exp(-GAMMA / rows.shape[1] * np.maximum(squared, 0))
