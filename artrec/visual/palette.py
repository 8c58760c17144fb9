"""Palette: which colours a picture has, how strong, how warm, and how they go together."""

import numpy as np

from artrec.visual.planes import Feature, Planes

NEUTRAL = 8.0  # chroma below which a pixel counts as grey
HUES = ("rose", "red", "orange", "yellow", "lime", "green", "emerald", "turquoise", "sky blue", "blue", "violet", "magenta")
CHROMAS = (8, 16, 26, 40, 60)  # bounds between six classes of chroma
COLOURS, ROUNDS = 5, 12  # of the k-means
CELL = 4.0  # ΔE: pixels nearer than this are one point, a thousand in place of 50,000
_SECTORS = 36  # of the hue circle, 10 degrees each, for the harmony


def _share(name: str, words: tuple[str, str]) -> Feature:
    return Feature(name, "palette", "share", 0.0, 1.0, words)


FEATURES = (
    Feature("mean a", "palette", "CIELAB", -128, 128, ("greenish", "reddish")),
    Feature("mean b", "palette", "CIELAB", -128, 128, ("bluish", "yellowish")),
    Feature("spread of a", "palette", "CIELAB", 0, 128, ("even between red and green", "red beside green")),
    Feature("spread of b", "palette", "CIELAB", 0, 128, ("even between blue and yellow", "blue beside yellow")),
    Feature("chroma", "palette", "CIELAB", 0, 182, ("greyish", "strong colours")),
    Feature("spread of chroma", "palette", "CIELAB", 0, 100, ("evenly coloured", "grey beside strong colours")),
    Feature("saturation", "palette", "HSV", 0, 1, ("pale", "saturated")),
    Feature("colourfulness", "palette", "Hasler–Süsstrunk", 0, 250, ("nearly without colour", "colourful")),
    Feature("warmth", "palette", "warm − cool", -1, 1, ("cool colours", "warm colours")),
    _share("neutral", ("coloured all over", "grey, black and white")),
    Feature("hue entropy", "palette", "bits", 0, float(np.log2(len(HUES))), ("few hues", "many hues")),
    Feature("harmony", "palette", "share", 0, 1, ("hues at odds", "hues in harmony")),
    _share("largest colour", ("many colours of like weight", "one colour rules")),
    Feature("colours that count", "palette", "colours", 1, COLOURS, ("one colour", "many colours")),
    Feature("distance of colours", "palette", "ΔE76", 0, 150, ("colours close together", "colours far apart")),
    *(_share(f"{hue} tones", (f"little {hue}", f"much {hue}")) for hue in HUES),
    *(
        _share(f"chroma class {n + 1}", ("few such colours", "many such colours"))
        for n in range(len(CHROMAS) + 1)
    ),
)  # fmt: skip


def measure(planes: Planes) -> np.ndarray:
    """The features of this module, float (len(FEATURES),)."""
    a, b = planes.lab[..., 1], planes.lab[..., 2]
    chroma = planes.chroma
    weights = np.where(chroma > NEUTRAL, chroma, 0)
    sectors = np.bincount((planes.hue.ravel() / (360 / _SECTORS)).astype(int) % _SECTORS, weights.ravel(), _SECTORS)
    total = sectors.sum()
    sectors = sectors / total if total > 0 else np.zeros(_SECTORS)
    hues = sectors.reshape(len(HUES), -1).sum(axis=1)
    colourful = float((chroma > NEUTRAL).mean())
    red, green, blue = (planes.rgb[..., channel].astype(np.float32) for channel in range(3))
    top, bottom = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    main = planes.main
    shares = main[:, 3]
    apart = np.linalg.norm(main[:, None, :3] - main[None, :, :3], axis=2)
    classes = np.bincount(np.digitize(chroma.ravel(), CHROMAS), minlength=len(CHROMAS) + 1) / chroma.size
    scalars = [
        a.mean(), b.mean(), a.std(), b.std(), chroma.mean(), chroma.std(),
        float(((top - bottom) / np.maximum(top, 1)).mean()), _colourfulness(red, green, blue),
        float(np.cos(np.radians(np.arange(_SECTORS) * 10 + 5 - 60)) @ sectors) * colourful,  # 60°: orange; 240°: blue
        1 - colourful, _entropy(hues), _harmony(sectors),
        shares[0], 2 ** _entropy(shares), float(shares @ apart @ shares),
    ]  # fmt: skip
    return np.concatenate([scalars, hues * colourful, classes])


def dominant(picture: np.ndarray, k: int = COLOURS) -> np.ndarray:
    """The main colours of a picture (uint8 (h, w, 3)): float32 (k, 4) of L, a, b and share, largest share first.

    k-means (Lloyd 1982) in CIELAB, started far apart (so no seed is needed); a picture with fewer colours repeats its last
    one with share 0.
    """
    return dominant_lab(Planes(picture).lab, k)


def dominant_lab(lab: np.ndarray, k: int = COLOURS) -> np.ndarray:
    """`dominant` of pixels already in CIELAB (float32 (h, w, 3))."""
    flat = lab.reshape(-1, 3)
    cells = (np.clip(flat, (0, -128, -128), (100, 127, 127)) / CELL + (0, 32, 32)).astype(np.int32)
    keys = (cells[:, 0] << 12) | (cells[:, 1] << 6) | cells[:, 2]
    all_counts = np.bincount(keys)
    used = np.flatnonzero(all_counts)
    counts = all_counts[used]
    points = np.stack([np.bincount(keys, flat[:, c])[used] for c in range(3)], axis=1) / counts[:, None]
    centres = _far_apart(points, counts, k)
    for _ in range(ROUNDS):
        nearest = ((centres**2).sum(axis=1) - 2 * points @ centres.T).argmin(axis=1)
        weight = np.bincount(nearest, counts, k)
        moved = np.stack([np.bincount(nearest, counts * points[:, c], k) for c in range(3)], axis=1)
        moved = np.where(weight[:, None] > 0, moved / np.maximum(weight, 1)[:, None], centres)
        if np.abs(moved - centres).max() < 0.05:
            break
        centres = moved
    weight = np.bincount(nearest, counts, k) / counts.sum()
    order = np.argsort(-weight, kind="stable")
    found = np.concatenate([centres[order], weight[order, None]], axis=1)
    empty = found[:, 3] == 0
    found[empty, :3] = found[~empty][-1, :3]
    return found.astype(np.float32)


def _far_apart(points: np.ndarray, counts: np.ndarray, k: int) -> np.ndarray:
    """k beginnings: the commonest colour, then each time the one with most weight × squared distance from those chosen."""
    chosen = [int(counts.argmax())]
    distance = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    for _ in range(k - 1):
        chosen.append(int((distance * np.sqrt(counts)).argmax()))
        distance = np.minimum(distance, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def _colourfulness(red: np.ndarray, green: np.ndarray, blue: np.ndarray) -> float:
    """Hasler and Süsstrunk (2003), "Measuring colourfulness in natural images"."""
    rg, yb = red - green, (red + green) / 2 - blue
    return float(np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean()))


def _entropy(shares: np.ndarray) -> float:
    some = shares[shares > 0]
    return float(-(some @ np.log2(some / some.sum()))) if len(some) else 0.0


def _templates() -> np.ndarray:
    """Distances of hue sectors from harmonic templates i, V, L, I, T, Y and X at every rotation: float (7 · 36, 36), in half
    circles. Cohen-Or et al. (2006), "Color harmonization", after Matsuda (1995)."""
    arcs = {
        "i": [(0, 18)], "V": [(0, 94)], "L": [(0, 18), (90, 80)], "I": [(0, 18), (180, 18)], "T": [(0, 180)],
        "Y": [(0, 94), (180, 18)], "X": [(0, 94), (180, 94)],
    }  # fmt: skip
    hue = np.arange(_SECTORS) * 10.0
    rows = []
    for template in arcs.values():
        for turn in hue:
            gaps = [np.abs((hue - turn - centre + 180) % 360 - 180) - width / 2 for centre, width in template]
            rows.append(np.maximum(np.min(gaps, axis=0), 0) / 180)
    return np.array(rows)


_TEMPLATES = _templates()
_WIDTHS = np.repeat([18, 94, 98, 36, 180, 112, 188], _SECTORS) / 360


def _harmony(sectors: np.ndarray) -> float:
    """1 for hues inside a narrow harmonic template, less the farther they lie outside and the more room it gives them."""
    if not sectors.any():
        return 1.0
    return float(1 - np.min(2 * (_TEMPLATES @ sectors) + 0.3 * _WIDTHS))
