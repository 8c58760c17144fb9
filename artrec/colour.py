"""Hex colours → CIELAB, and the colour words people type."""

import numpy as np

WORDS = {
    "red": "#c0392b", "crimson": "#a4161a", "scarlet": "#d62828", "pink": "#e8a0b4", "orange": "#e07b1f", "gold": "#d4a72c",
    "golden": "#d4a72c", "yellow": "#f0c93a", "green": "#3f8f4f", "emerald": "#1f8a5f", "turquoise": "#3cb6ae",
    "blue": "#2f5fa8", "indigo": "#2b2f77", "ultramarine": "#1f3a93", "purple": "#6f3c8f", "violet": "#7a4fa3",
    "brown": "#7a4a28", "black": "#141414", "white": "#f5f3ee", "grey": "#8a8a8a", "gray": "#8a8a8a", "silver": "#b9bcc0",
    "ochre": "#c68a2e", "beige": "#d9c9a8",
}  # fmt: skip


def lab(colours: list[str]) -> np.ndarray:
    """CIELAB (D65) of `#rrggbb` colours: float32, shape (n, 3). L in 0–100. Formulas: IEC 61966-2-1 and CIE 15."""
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours], dtype=np.float64).reshape(-1, 3) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
    xyz = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1).astype(np.float32)
