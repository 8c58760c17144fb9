"""Composition: how a picture is laid out on its surface."""

import numpy as np

from artrec.visual.planes import Feature, Planes

GRID = 3
_PLACES = tuple(f"{row} {column}" for row in ("upper", "middle", "lower") for column in ("left", "centre", "right"))
THIRD = 1 / 12  # half the width, as a share of the side, of the band around a line of thirds

FEATURES = (
    Feature("format", "composition", "log₂ width / height", -6, 6, ("tall", "wide")),
    Feature("edge density", "composition", "share", 0, 1, ("few outlines", "full of outlines")),
    Feature("left and right alike", "composition", "correlation", -1, 1, ("halves unlike", "symmetrical")),
    Feature("above and below alike", "composition", "correlation", -1, 1, ("above unlike below", "mirrored above and below")),
    Feature("weight to the right", "composition", "half widths", -1, 1, ("weight on the left", "weight on the right")),
    Feature("weight below", "composition", "half heights", -1, 1, ("weight above", "weight below")),
    Feature("spread of weight", "composition", "half sides", 0, 1.5, ("one centre", "spread out")),
    Feature("focus", "composition", "share", 0, 1, ("attention everywhere", "attention in one place")),
    Feature(
        "on the thirds", "composition", "density ÷ even", 0, 4, ("away from the lines of thirds", "on the lines of thirds")
    ),
    Feature("in the middle", "composition", "density ÷ even", 0, 9, ("nothing in the middle", "held in the middle")),
    Feature("horizon", "composition", "share", 0, 1, ("no horizon", "a clear horizon")),
    Feature("height of the horizon", "composition", "share from below", 0, 1, ("low horizon", "high horizon")),
    Feature("empty space", "composition", "share", 0, 1, ("filled to the edges", "much empty space")),
    Feature("uprights", "composition", "share", 0, 1, ("few uprights", "uprights rule")),
    Feature("diagonals", "composition", "share", 0, 1, ("few diagonals", "diagonals rule")),
    Feature("depth of detail", "composition", "above ÷ all", 0, 1, ("detail below", "detail above")),
    *(Feature(f"edges {place}", "composition", "share", 0, 1, (f"quiet {place}", f"busy {place}")) for place in _PLACES),
    *(
        Feature(f"light {place}", "composition", "L − mean", -100, 100, (f"dark {place}", f"bright {place}"))
        for place in _PLACES
    ),
)


def measure(planes: Planes) -> np.ndarray:
    """The features of this module, float (len(FEATURES),)."""
    import cv2

    light, edges, weight = planes.lightness, planes.edges.astype(np.float32), planes.saliency
    height, width = light.shape
    small = cv2.resize(light, (48, 48), interpolation=cv2.INTER_AREA)
    x, y = (np.arange(width) + 0.5) / width * 2 - 1, (np.arange(height) + 0.5) / height * 2 - 1
    columns, rows = weight.sum(axis=0), weight.sum(axis=1)
    at_x, at_y = float(columns @ x), float(rows @ y)
    spread = np.sqrt(max(float(columns @ (x - at_x) ** 2 + rows @ (y - at_y) ** 2), 0))
    ordered = np.sort(weight.ravel())
    on_x, on_y = _near_thirds(x), _near_thirds(y)
    on_thirds = 1 - float(rows @ ((~on_y)[:, None] * weight / np.maximum(rows[:, None], 1e-12)) @ (~on_x))
    even = 1 - (1 - on_x.mean()) * (1 - on_y.mean())
    middle = float(weight[np.ix_(np.abs(y) < 1 / 3, np.abs(x) < 1 / 3)].sum())
    share = max((np.abs(y) < 1 / 3).mean() * (np.abs(x) < 1 / 3).mean(), 1e-6)
    dx, dy = planes.gradient
    angle = np.abs(np.degrees(np.arctan2(dy, dx)))
    strength = planes.slope / max(float(planes.slope.sum()), 1e-6)
    diagonal = (np.abs(angle - 45) < 15) | (np.abs(angle - 135) < 15)
    tiles = cv2.resize(edges, (GRID, GRID), interpolation=cv2.INTER_AREA)
    lights = cv2.resize(light, (GRID, GRID), interpolation=cv2.INTER_AREA) - light.mean()
    return np.array([
        np.log2(planes.aspect), edges.mean(), _alike(small, small[:, ::-1]), _alike(small, small[::-1]),
        at_x, at_y, spread, float(ordered[-max(1, len(ordered) // 10) :].sum()),
        on_thirds / max(even, 1e-6), middle / share, *_horizon(dy, dx), _empty(light),
        float(strength[(angle < 15) | (angle > 165)].sum()), float(strength[diagonal].sum()),
        float(strength[: height // 2].sum()), *tiles.ravel(), *lights.ravel(),
    ])  # fmt: skip


def _alike(one: np.ndarray, other: np.ndarray) -> float:
    spread = float(one.std() * other.std())
    return float(((one - one.mean()) * (other - other.mean())).mean() / spread) if spread > 0.05 else 1.0


def _near_thirds(positions: np.ndarray) -> np.ndarray:
    """Which positions (−1 to 1) lie near a line of thirds, bool."""
    return np.abs(np.abs(positions) - 1 / 3) < 2 * THIRD


def _horizon(dy: np.ndarray, dx: np.ndarray) -> tuple[float, float]:
    """How much of the width one level line takes, and its height from below, both 0–1."""
    import cv2

    level = (np.abs(dy) > 2 * np.abs(dx)) * np.minimum(np.abs(dy), 6.0) / 6.0
    lines = cv2.blur(level.mean(axis=1, keepdims=True), (1, 3))[:, 0]
    inner = lines[len(lines) // 10 : len(lines) - len(lines) // 10]
    at = int(inner.argmax())
    return float(min(inner[at] * 2, 1)), 1 - (at + len(lines) // 10 + 0.5) / len(lines)


def _empty(light: np.ndarray) -> float:
    """The share of the surface where lightness hardly varies (standard deviation under 2.5 within 15 pixels)."""
    import cv2

    mean = cv2.blur(light, (15, 15))
    return float((np.maximum(cv2.blur(light * light, (15, 15)) - mean * mean, 0) < 2.5**2).mean())
