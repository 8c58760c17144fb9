"""What every feature is measured on: the planes of one picture at one size, computed once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from artrec.visual.loading import resize

SIDE = 224  # pixels: the longest side at which features are measured, so that they do not depend on the file's resolution


@dataclass(frozen=True)
class Feature:
    """One number read from a picture. `low`, `high`: the range it can have, in `unit`. `words`: what a low and a high value
    look like, for people."""

    name: str
    group: str  # palette, light, texture, composition or shape
    unit: str
    low: float
    high: float
    words: tuple[str, str]


class Planes:
    """A picture (uint8 (h, w, 3)) at the size of measuring, and what is derived from it when it is asked for."""

    def __init__(self, picture: np.ndarray):
        self.rgb = resize(picture, SIDE)  # uint8 (h, w, 3)
        self.aspect = picture.shape[1] / picture.shape[0]

    @cached_property
    def lab(self) -> np.ndarray:
        """CIELAB (D65), float32 (h, w, 3)."""
        import cv2

        return cv2.cvtColor(self.rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)

    @cached_property
    def main(self) -> np.ndarray:
        """The main colours, float32 (5, 4): L, a, b and share, largest first."""
        from artrec.visual.palette import dominant_lab

        return dominant_lab(self.lab)

    @cached_property
    def lightness(self) -> np.ndarray:
        """L, float32 (h, w), 0–100."""
        return np.ascontiguousarray(self.lab[..., 0])

    @cached_property
    def chroma(self) -> np.ndarray:
        """Distance from grey, float32 (h, w)."""
        return np.hypot(self.lab[..., 1], self.lab[..., 2])

    @cached_property
    def hue(self) -> np.ndarray:
        """Angle in the a–b plane, float32 (h, w), 0–360 degrees: 0 pinkish red, 90 yellow, 180 green, 270 blue."""
        return np.degrees(np.arctan2(self.lab[..., 2], self.lab[..., 1])) % 360

    @cached_property
    def gradient(self) -> tuple[np.ndarray, np.ndarray]:
        """d/dx and d/dy of the lightness (Sobel, units of L a pixel), float32 (h, w) each."""
        import cv2

        return (
            cv2.Sobel(self.lightness, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8, borderType=cv2.BORDER_REPLICATE),
            cv2.Sobel(self.lightness, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8, borderType=cv2.BORDER_REPLICATE),
        )

    @cached_property
    def slope(self) -> np.ndarray:
        """Length of the gradient, float32 (h, w)."""
        return np.hypot(*self.gradient)

    @cached_property
    def edges(self) -> np.ndarray:
        """Canny edges (1986), bool (h, w); thresholds from the picture's own gradients, so that pale drawings have some."""
        import cv2

        grey = np.clip(self.lightness * 2.55, 0, 255).astype(np.uint8)
        high = max(30.0, float(np.percentile(self.slope, 90)) * 2.55 * 8 * 0.8)
        return cv2.Canny(cv2.GaussianBlur(grey, (5, 5), 1.0), high * 0.4, high) > 0

    @cached_property
    def saliency(self) -> np.ndarray:
        """How far each place stands out: distance in CIELAB of the blurred picture from its mean (Achanta et al. 2009,
        "Frequency-tuned salient region detection"), float32 (h, w), sum 1."""
        import cv2

        apart = np.linalg.norm(cv2.GaussianBlur(self.lab, (0, 0), 2.0) - self.lab.mean(axis=(0, 1)), axis=2)
        total = float(apart.sum())
        return apart / total if total > 1e-6 else np.full(apart.shape, 1 / apart.size, dtype=np.float32)
