"""The features with names, group after group, and the one call that reads them all."""

import numpy as np

from artrec.visual import composition, light, palette, shape, texture
from artrec.visual.planes import Feature, Planes

GROUPS = {"palette": palette, "light": light, "texture": texture, "composition": composition, "shape": shape}
FEATURES: tuple[Feature, ...] = tuple(feature for module in GROUPS.values() for feature in module.FEATURES)
NAMES = {feature.name: at for at, feature in enumerate(FEATURES)}
COLUMNS: dict[str, np.ndarray] = {  # group → the columns it has among all features, int64
    group: np.flatnonzero([feature.group == group for feature in FEATURES]) for group in GROUPS
}


def read(picture: np.ndarray) -> np.ndarray:
    """All features of a picture (uint8 (h, w, 3)): float32 (len(FEATURES),), in the order of `FEATURES`, always finite."""
    planes = Planes(picture)
    found = np.concatenate([module.measure(planes) for module in GROUPS.values()]).astype(np.float32)
    return np.clip(found, LOW, HIGH)


LOW = np.array([feature.low for feature in FEATURES], dtype=np.float32)
HIGH = np.array([feature.high for feature in FEATURES], dtype=np.float32)
