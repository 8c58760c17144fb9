"""Hex colours ↔ CIELAB, the colour words people type, and the names that are said of colours."""

from functools import cache

import numpy as np

WORDS = {
    "red": "#c0392b", "crimson": "#a4161a", "scarlet": "#d62828", "pink": "#e8a0b4", "orange": "#e07b1f", "gold": "#d4a72c",
    "golden": "#d4a72c", "yellow": "#f0c93a", "green": "#3f8f4f", "emerald": "#1f8a5f", "turquoise": "#3cb6ae",
    "blue": "#2f5fa8", "indigo": "#2b2f77", "ultramarine": "#1f3a93", "purple": "#6f3c8f", "violet": "#7a4fa3",
    "brown": "#7a4a28", "black": "#141414", "white": "#f5f3ee", "grey": "#8a8a8a", "gray": "#8a8a8a", "silver": "#b9bcc0",
    "ochre": "#c68a2e", "beige": "#d9c9a8",
}  # fmt: skip
HUES = ("red", "pink", "orange", "gold", "yellow", "green", "turquoise", "blue", "purple", "brown", "grey", "ochre")
PLAIN = {
    "black": "#141414", "white": "#f8f7f4", "ivory": "#ebe4d3", "beige": "#d5c5a4", "stone": "#a39a88", "taupe": "#776a59",
    "olive": "#6a6a40", "sage": "#7d8a72", "indigo": "#2b2f77", "charcoal": "#33302d",
}  # fmt: skip
_TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
_WHITE = np.array([0.95047, 1.0, 1.08883])  # D65


def lab(colours: list[str]) -> np.ndarray:
    """CIELAB (D65) of `#rrggbb` colours: float32, shape (n, 3). L in 0–100. Formulas: IEC 61966-2-1 and CIE 15."""
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours], dtype=np.float64).reshape(-1, 3) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1).astype(np.float32)


def hexes(colours: np.ndarray) -> list[str]:
    """CIELAB (D65) colours, (n, 3), as `#rrggbb`; what a screen cannot show is cut off. The inverse of `lab`."""
    light, a, b = np.asarray(colours, dtype=np.float64).reshape(-1, 3).T
    f = np.stack([(light + 16) / 116 + a / 500, (light + 16) / 116, (light + 16) / 116 - b / 200], axis=1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * _WHITE
    linear = np.clip(xyz @ np.linalg.inv(_TO_XYZ).T, 0, 1)
    rgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return ["#" + "".join(f"{channel:02x}" for channel in colour) for colour in np.rint(rgb * 255).astype(int)]


def mix(one: str, other: str, share: float = 0.5) -> str:
    """`one` with `share` (0–1) of `other` stirred in."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@cache
def _named() -> tuple[tuple[str, ...], np.ndarray]:
    ways = (("", "#ffffff", 0), ("pale ", "#ffffff", 0.5), ("deep ", "#000000", 0.5))
    named = {way + hue: mix(WORDS[hue], end, share) for way, end, share in ways for hue in HUES} | PLAIN
    return tuple(named), lab(list(named.values()))


def names(colours: np.ndarray) -> list[str]:
    """The nearest plain name, such as "deep blue", of CIELAB colours, (n, 3): hue counts before lightness."""
    said, known = _named()
    apart = np.square(np.asarray(colours, dtype=np.float32)[:, None, :] - known[None]) @ np.array([1, 3, 3], dtype=np.float32)
    return [said[at] for at in apart.argmin(axis=1)]
