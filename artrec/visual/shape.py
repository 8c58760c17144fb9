"""Shape: the main form that stands out, the areas of one colour, and the straight lines."""

import numpy as np

from artrec.visual.planes import Feature, Planes

SIDE = 96  # pixels: regions are found on a smaller picture
_HU = 7

FEATURES = (
    Feature("size of the main form", "shape", "share", 0, 1, ("a small form", "a large form")),
    Feature("width of the main form", "shape", "log₂ long / short axis", 0, 6, ("round form", "long form")),
    Feature("tilt of the main form", "shape", "cos 2 × angle", -1, 1, ("upright form", "lying form")),
    Feature("closed outline", "shape", "share of the hull", 0, 1, ("broken outline", "closed outline")),
    Feature("length of the outline", "shape", "circle = 1", 0, 30, ("simple outline", "winding outline")),
    Feature("forms", "shape", "log₂ number", 0, 10, ("one form", "many forms")),
    *(Feature(f"Hu moment {n + 1}", "shape", "log₁₀", -12, 12, ("lower", "higher")) for n in range(_HU)),
    Feature("areas of colour", "shape", "log₂ number", 0, 12, ("few areas", "many small areas")),
    Feature("largest area", "shape", "share", 0, 1, ("no large area", "one large area")),
    Feature("plain area", "shape", "share", 0, 1, ("broken colour", "plain areas of colour")),
    *(Feature(f"Hu moment {n + 1} of the largest area", "shape", "log₁₀", -12, 12, ("lower", "higher")) for n in range(3)),
    Feature("straight lines", "shape", "diagonals", 0, 200, ("no straight lines", "full of straight lines")),
    Feature("long lines", "shape", "share of the diagonal", 0, 1, ("short lines", "long lines")),
)


def measure(planes: Planes) -> np.ndarray:
    """The features of this module, float (len(FEATURES),)."""
    import cv2

    scale = SIDE / max(planes.saliency.shape)
    size = tuple(max(4, round(side * scale)) for side in planes.saliency.shape[::-1])
    lab = cv2.resize(planes.lab, size, interpolation=cv2.INTER_AREA)
    weight = cv2.resize(planes.saliency, size, interpolation=cv2.INTER_AREA)
    return np.concatenate([_main_form(weight), _areas(lab, planes.main[:, :3]), _lines(planes)])


def _main_form(weight: np.ndarray) -> np.ndarray:
    """The largest region that stands out, by Otsu's threshold on the saliency: float (13,)."""
    import cv2

    levels = np.clip(weight / max(float(weight.max()), 1e-12) * 255, 0, 255).astype(np.uint8)
    _, mask = cv2.threshold(levels, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    if not mask.any() or mask.all():
        mask = np.ones_like(mask)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    form = (labels == largest).astype(np.uint8)
    moments = cv2.moments(form, binaryImage=True)
    area = moments["m00"]
    a, b, c = moments["mu20"] / area + 1 / 12, moments["mu02"] / area + 1 / 12, moments["mu11"] / area
    root = np.hypot(a - b, 2 * c)
    ratio = (a + b + root) / max(a + b - root, 1e-6)
    outline = max(cv2.findContours(form, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0], key=len)
    hull = cv2.contourArea(cv2.convexHull(outline))
    around = cv2.arcLength(outline, True)
    big = int((stats[1:, cv2.CC_STAT_AREA] >= form.size * 0.002).sum())
    return np.array([
        area / form.size, 0.5 * np.log2(ratio), (a - b) / root if root > 1e-9 else 0.0,
        min(cv2.contourArea(outline) / hull, 1) if hull > 0 else 1.0,
        around / (2 * np.sqrt(np.pi * area)), np.log2(max(big, 1)), *_hu(moments, _HU),
    ])  # fmt: skip


def _hu(moments: dict, n: int) -> np.ndarray:
    """The first n of Hu's (1962) seven invariants as sign · −log₁₀: float (n,). Those near 0 are 12 either way, so 0."""
    import cv2

    hu = cv2.HuMoments(moments).ravel()[:n]
    return np.where(np.abs(hu) > 1e-12, -np.sign(hu) * np.log10(np.abs(hu) + 1e-300), 0.0)


def _areas(lab: np.ndarray, main: np.ndarray) -> np.ndarray:
    """Connected areas of the palette's colours: float (6,)."""
    import cv2

    nearest = ((main**2).sum(axis=1) - 2 * lab @ main.T).argmin(axis=2)
    sizes, largest, at = [], 0, None
    for colour in range(len(main)):
        mask = (nearest == colour).astype(np.uint8)
        if not mask.any():
            continue
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
        areas = stats[1:, cv2.CC_STAT_AREA]
        sizes.append(areas)
        if areas.max() > largest:
            largest, at = int(areas.max()), (labels == 1 + int(areas.argmax())).astype(np.uint8)
    sizes = np.concatenate(sizes)
    plain = sizes[sizes >= nearest.size * 0.01].sum() / nearest.size
    hu = _hu(cv2.moments(at, binaryImage=True), 3)
    return np.array([np.log2(len(sizes)), largest / nearest.size, plain, *hu])


def _lines(planes: Planes) -> np.ndarray:
    """Straight lines (probabilistic Hough): their length together and the longest, in diagonals of the picture: float (2,)."""
    import cv2

    diagonal = float(np.hypot(*planes.edges.shape))
    cv2.setRNGSeed(1)
    found = cv2.HoughLinesP(planes.edges.astype(np.uint8), 1, np.pi / 90, 24, minLineLength=diagonal / 12, maxLineGap=2)
    if found is None:
        return np.zeros(2)
    ends = found.reshape(-1, 4).astype(float)
    lengths = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    return np.array([lengths.sum() / diagonal, min(lengths.max() / diagonal, 1)])
