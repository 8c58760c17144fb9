"""Style from the eye alone: a support vector machine over the features with names and the patch statistics."""

from dataclasses import dataclass

import numpy as np

GAMMA = 0.3  # of the Gaussian kernel on standardised features, per feature
COST = 5.0  # of a picture on the wrong side
CLIP = 4.0  # standardised features are cut here
VIEWS = {"features": 0.25, "patches": 1.0}  # the weight of each in the sum


@dataclass(frozen=True, eq=False)
class StyleModel:
    """A machine fitted once. Kernels of the views are centred, sized to a mean of 1 and added up (Gönen and Alpaydın 2011,
    "Multiple kernel learning"); the machine's kernel is the Gaussian of the distance in that sum. `views`: which of `VIEWS`."""

    views: tuple[str, ...]
    raw: np.ndarray
    signatures: np.ndarray
    center: np.ndarray
    scale: np.ndarray
    means: dict[str, tuple[np.ndarray, float, float]]
    lengths: np.ndarray
    machine: object

    @classmethod
    def fit(
        cls,
        raw: np.ndarray,
        signatures: np.ndarray,
        labels: np.ndarray,
        views: tuple[str, ...] = tuple(VIEWS),
        cost: float = COST,
    ) -> "StyleModel":
        """From features (float32 (n, d)), patch statistics (float32 (n, s), unit rows) and a style each (str (n,))."""
        from sklearn.svm import SVC

        center, scale = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-6)
        rows = np.clip((raw - center) / scale, -CLIP, CLIP)
        means = {}
        for view in views:
            kernel = _kernel(view, rows, rows, signatures, signatures)
            mean = float(kernel.mean())
            means[view] = (kernel.mean(axis=0), mean, max(1 - mean, 1e-12))  # each kernel of a row with itself is 1
        machine = SVC(C=cost, kernel="precomputed")
        model = cls(views, rows, signatures, center, scale, means, np.ones(len(rows)), machine)
        products, own = model._products(rows, signatures)
        object.__setattr__(model, "lengths", np.sqrt(np.maximum(own, 1e-12)))
        machine.fit(model._final(products, own), labels)
        return model

    def predict(self, raw: np.ndarray, signatures: np.ndarray) -> np.ndarray:
        """The style of pictures: str (n,)."""
        rows = np.clip((raw - self.center) / self.scale, -CLIP, CLIP)
        return self.machine.predict(self._final(*self._products(rows, signatures)))

    def _products(self, rows: np.ndarray, signatures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Products of pictures with the training pictures, (n, training), and with themselves, (n,)."""
        products, own = 0.0, 0.0
        for view in self.views:
            kernel, (column, mean, size) = _kernel(view, rows, self.raw, signatures, self.signatures), self.means[view]
            at = kernel.mean(axis=1)  # centred: as if the training pictures' mean were the origin (Schölkopf 1998)
            products = products + VIEWS[view] / size * (kernel - at[:, None] - column + mean)
            own = own + VIEWS[view] / size * (1 - 2 * at + mean)
        return products, own

    def _final(self, products: np.ndarray, own: np.ndarray) -> np.ndarray:
        """exp(cosine − 1): the Gaussian of the distance between unit vectors."""
        return np.exp(products / np.sqrt(np.maximum(own, 1e-12))[:, None] / self.lengths - 1)


def _kernel(view: str, rows: np.ndarray, others: np.ndarray, signatures: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    if view == "patches":
        return (signatures @ theirs.T).astype(np.float64)
    squared = (rows**2).sum(axis=1)[:, None] - 2 * rows @ others.T + (others**2).sum(axis=1)
    return np.exp(-GAMMA / rows.shape[1] * np.maximum(squared, 0)).astype(np.float64)
