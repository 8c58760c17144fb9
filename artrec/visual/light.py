"""Light: how bright a picture is, how far apart its lights and darks lie, and where the light falls."""

import numpy as np

from artrec.visual.planes import Feature, Planes

LEVELS = 8  # classes of lightness, 12.5 wide


def _lightness(name: str, low: float, high: float, words: tuple[str, str]) -> Feature:
    return Feature(name, "light", "L", low, high, words)


FEATURES = (
    _lightness("brightness", 0, 100, ("dark", "bright")),
    _lightness("contrast", 0, 50, ("soft contrast", "strong contrast")),
    Feature("skew of light", "light", "skewness", -10, 10, ("bright with dark accents", "dark with bright accents")),
    _lightness("range of light", 0, 100, ("all of one lightness", "from black to white")),
    _lightness("local contrast", 0, 50, ("soft passages", "crisp steps of light")),
    Feature("two tones", "light", "share", 0, 1, ("light in many steps", "light against dark")),
    _lightness("centre light", -100, 100, ("brighter at the edges", "brighter in the middle")),
    _lightness("light from the left", -100, 100, ("light on the right", "light on the left")),
    _lightness("light from above", -100, 100, ("light below", "light above")),
    _lightness("darkest tenth", 0, 100, ("deep shadows", "no shadows")),
    _lightness("brightest tenth", 0, 100, ("no highlights", "bright highlights")),
    Feature("light and colour", "light", "correlation", -1, 1, ("colour in the shadows", "colour in the light")),
    *(
        Feature(f"light class {n + 1}", "light", "share", 0, 1, ("few such tones", "many such tones"))
        for n in range(LEVELS)
    ),
)  # fmt: skip


def measure(planes: Planes) -> np.ndarray:
    """The features of this module, float (len(FEATURES),)."""
    import cv2

    light = planes.lightness
    mean, spread = float(light.mean()), float(light.std())
    least, low, high, most = np.percentile(light, [2, 10, 90, 98])
    centred = light - mean
    local = np.sqrt(np.maximum(cv2.blur(light * light, (9, 9)) - np.square(cv2.blur(light, (9, 9))), 0)).mean()
    height, width = light.shape
    top, left = height // 4, width // 4
    middle = light[top : height - top, left : width - left]
    outside = (light.sum() - middle.sum()) / max(light.size - middle.size, 1)
    classes = np.bincount(np.minimum((light / (100 / LEVELS)).astype(int), LEVELS - 1).ravel(), minlength=LEVELS) / light.size
    return np.array([
        mean, spread, float((centred * centred * centred).mean()) / max(spread, 1) ** 3, most - least, local,
        _two_tones(light, spread), middle.mean() - outside,
        light[:, : width // 2].mean() - light[:, (width + 1) // 2 :].mean(),
        light[: height // 2].mean() - light[(height + 1) // 2 :].mean(),
        low, high, _correlation(light, planes.chroma), *classes,
    ])  # fmt: skip


def _two_tones(light: np.ndarray, spread: float) -> float:
    """The share of the variance that two tones explain (Otsu 1979): 1 for black and white, 0.75 for an even ramp."""
    if spread < 0.5:
        return 0.0
    counts = np.bincount(light.ravel().astype(int), minlength=101).astype(float)
    levels = np.arange(len(counts)) + 0.5
    weight = np.cumsum(counts) / counts.sum()
    mean = np.cumsum(counts * levels) / counts.sum()
    between = (mean[-1] * weight - mean) ** 2 / np.maximum(weight * (1 - weight), 1e-9)
    return float(np.clip(between[:-1].max() / spread**2, 0, 1))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    spread = float(one.std() * other.std())
    return float(((one - one.mean()) * (other - other.mean())).mean() / spread) if spread > 0.1 else 0.0
