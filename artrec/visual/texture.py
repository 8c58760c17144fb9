"""Texture: the grain of the surface, strokes and their directions, at several sizes."""

import numpy as np

from artrec.visual.planes import Feature, Planes

ANGLES = ("upright", "rising", "level", "falling")  # the lines a Gabor filter answers to
SIZES = ("fine", "middling", "coarse")
RADII = (1, 2, 4)  # pixels, of the local binary patterns
LEVELS, STEPS = 16, (1, 3)  # grey levels and pixel distances of the co-occurrence
ORIENTATIONS = 8  # classes of gradient direction, 22.5 degrees each
_CO = ("contrast", "homogeneity", "energy", "correlation", "entropy")
_CO_RANGES = ((0, (LEVELS - 1) ** 2), (0, 1), (0, 1), (-1, 1), (0, 2 * float(np.log2(LEVELS))))
_CO_WORDS = (
    ("smooth", "rough"), ("restless grain", "even grain"), ("varied", "uniform"), ("grainy", "in broad passages"),
    ("orderly", "disorderly"),
)  # fmt: skip

FEATURES = (
    *(
        Feature(f"{size} {angle} strokes", "texture", "√L", 0, 10, (f"few {angle} strokes", f"many {size} {angle} strokes"))
        for size in SIZES for angle in ANGLES
    ),
    *(
        Feature(f"local pattern {code} at {radius}", "texture", "share", 0, 1, ("few such spots", "many such spots"))
        for radius in RADII for code in range(10)
    ),
    *(
        Feature(f"slope at {int(22.5 * n)}°", "texture", "share", 0, 1, ("few such edges", "many such edges"))
        for n in range(ORIENTATIONS)
    ),
    Feature("directions", "texture", "bits", 0, 3, ("strokes in one direction", "strokes in all directions")),
    *(
        Feature(f"{name} at {step}", "texture", "co-occurrence", *ends, words)
        for step in STEPS for name, ends, words in zip(_CO, _CO_RANGES, _CO_WORDS, strict=True)
    ),
    Feature("spectral slope", "texture", "log power / log frequency", -6, 1, ("soft", "full of detail")),
    Feature("spectral bend", "texture", "log power", -5, 5, ("detail in the middle", "detail at the extremes")),
    Feature("fine order", "texture", "coherence", 0, 1, ("dabs without direction", "strokes side by side")),
    Feature("coarse order", "texture", "coherence", 0, 1, ("forms without direction", "forms in one direction")),
    Feature("colour grain", "texture", "ΔE76", 0, 60, ("colours in plain areas", "colours broken into dabs")),
)  # fmt: skip


def measure(planes: Planes) -> np.ndarray:
    """The features of this module, float (len(FEATURES),)."""
    return np.concatenate([
        _gabor(planes.lightness), _patterns(planes.lightness), _slopes(planes), _co_occurrence(planes.lightness),
        _spectrum(planes.lightness), _order(planes), [_grain(planes.lab)],
    ])  # fmt: skip


def _kernels() -> list[np.ndarray]:
    """Odd and even Gabor filters (Daugman 1985), wavelength 4 pixels: complex (11, 11) at each of four angles."""
    y, x = np.mgrid[-5:6, -5:6].astype(float)
    found = []
    for turn in np.arange(len(ANGLES)) * np.pi / len(ANGLES):
        along = x * np.cos(turn) + y * np.sin(turn)
        wave = np.exp(-(x * x + y * y) / (2 * 2.2**2)) * np.exp(1j * np.pi / 2 * along)
        found.append((wave - wave.mean()) / np.abs(wave).sum())
    return found


_KERNELS = _kernels()


def _gabor(light: np.ndarray) -> np.ndarray:
    """√ of the mean energy at three sizes (the picture halved each time) and four angles: float (12,)."""
    import cv2

    found = []
    for _ in SIZES:
        for kernel in _KERNELS:
            real = cv2.filter2D(light, cv2.CV_32F, kernel.real)
            imaginary = cv2.filter2D(light, cv2.CV_32F, kernel.imag)
            found.append(np.sqrt(np.hypot(real, imaginary).mean()))
        light = cv2.pyrDown(light)
    return np.array(found)


def _uniform() -> np.ndarray:
    """8-bit pattern → class 0–9: the number of ones where they are in one run, 9 elsewhere (Ojala et al. 2002, riu2)."""
    codes = np.arange(256)
    bits = (codes[:, None] >> np.arange(8)) & 1
    turns = (bits != np.roll(bits, 1, axis=1)).sum(axis=1)
    return np.where(turns <= 2, bits.sum(axis=1), 9).astype(np.uint8)


_UNIFORM = _uniform()


def _patterns(light: np.ndarray) -> np.ndarray:
    """Shares of rotation-invariant uniform local binary patterns of 8 neighbours at three radii: float (30,)."""
    found = []
    height, width = light.shape
    for radius in RADII:
        r = min(radius, (min(height, width) - 1) // 2)
        diagonal = max(1, round(r / np.sqrt(2)))
        centre = light[r : height - r, r : width - r] + 0.2  # above compression noise in plain areas
        codes = np.zeros(centre.shape, dtype=np.uint8)
        ring = ((-r, 0), (-diagonal, diagonal), (0, r), (diagonal, diagonal), (r, 0), (diagonal, -diagonal), (0, -r),
                (-diagonal, -diagonal))  # fmt: skip
        for bit, (dy, dx) in enumerate(ring):
            near = light[r + dy : height - r + dy, r + dx : width - r + dx]
            codes |= (near > centre).astype(np.uint8) << np.uint8(bit)
        counts = np.bincount(codes.ravel(), minlength=256)
        found.append(np.bincount(_UNIFORM, counts, 10) / codes.size)
    return np.concatenate(found)


def _slopes(planes: Planes) -> np.ndarray:
    """Shares of gradient directions (weighted by strength) and their entropy in bits: float (9,)."""
    dx, dy = planes.gradient
    angle = np.arctan2(dy, dx) % np.pi
    classes = np.minimum((angle * (ORIENTATIONS / np.pi)).astype(int), ORIENTATIONS - 1)
    shares = np.bincount(classes.ravel(), planes.slope.ravel(), ORIENTATIONS)
    total = shares.sum()
    if total < 1e-6:
        return np.concatenate([np.full(ORIENTATIONS, 1 / ORIENTATIONS), [0.0]])
    shares = shares / total
    some = shares[shares > 0]
    return np.concatenate([shares, [float(-(some @ np.log2(some)))]])


def _co_occurrence(light: np.ndarray) -> np.ndarray:
    """Haralick's (1973) contrast, homogeneity, energy, correlation and entropy of grey levels side by side, over four
    directions, at two distances: float (10,)."""
    levels = np.minimum((light * (LEVELS / 100.0)).astype(np.int32), LEVELS - 1)
    i, j = np.mgrid[:LEVELS, :LEVELS]
    found = []
    for step in STEPS:
        s = min(step, min(levels.shape) - 1)
        pairs = [
            levels[:, :-s] * LEVELS + levels[:, s:], levels[:-s] * LEVELS + levels[s:],
            levels[:-s, :-s] * LEVELS + levels[s:, s:], levels[:-s, s:] * LEVELS + levels[s:, :-s],
        ]  # fmt: skip
        table = sum(np.bincount(pair.ravel(), minlength=LEVELS**2) for pair in pairs).reshape(LEVELS, LEVELS).astype(float)
        table = (table + table.T) / (2 * table.sum())
        mean = float((i * table).sum())
        variance = float(((i - mean) ** 2 * table).sum())
        some = table[table > 0]
        found += [
            float(((i - j) ** 2 * table).sum()), float((table / (1 + (i - j) ** 2)).sum()), float(np.sqrt((table**2).sum())),
            float(((i - mean) * (j - mean) * table).sum() / variance) if variance > 1e-9 else 1.0,
            float(-(some @ np.log2(some))),
        ]  # fmt: skip
    return np.array(found)


def _spectrum(light: np.ndarray) -> np.ndarray:
    """Slope and bend of log power over log frequency (Graham and Field 2007 on paintings), from the radial mean: float (2,)."""
    side = 128
    import cv2

    square = cv2.resize(light, (side, side), interpolation=cv2.INTER_AREA)
    window = np.hanning(side).astype(np.float32)
    power = np.abs(np.fft.rfft2((square - square.mean()) * window[:, None] * window)) ** 2
    radius = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None])
    bands = np.digitize(radius.ravel(), np.geomspace(2 / side, 0.5, 13)) - 1
    inside = (bands >= 0) & (bands < 12)
    mean = np.bincount(bands[inside], power.ravel()[inside], 12) / np.maximum(np.bincount(bands[inside], minlength=12), 1)
    x = np.linspace(-1, 1, 12)
    y = np.log10(mean + 1e-3)
    bend, slope, _ = np.polyfit(x, y, 2)
    return np.array([slope * 2 / np.log10(0.25 * side), bend])


def _order(planes: Planes) -> np.ndarray:
    """Coherence of the structure tensor (Bigün 1987) at two sizes, weighted by its energy: float (2,). 1 is parallel lines."""
    import cv2

    dx, dy = planes.gradient
    found = []
    for width in (2.0, 8.0):
        xx, yy, xy = (cv2.GaussianBlur(part, (0, 0), width) for part in (dx * dx, dy * dy, dx * dy))
        energy = xx + yy
        total = float(energy.sum())
        found.append(float(np.hypot(xx - yy, 2 * xy).sum()) / total if total > 1e-6 else 0.0)
    return np.array(found)


def _grain(lab: np.ndarray) -> float:
    """Mean distance in the a–b plane between a pixel and its surroundings."""
    import cv2

    colour = np.ascontiguousarray(lab[..., 1:])
    return float(np.linalg.norm(colour - cv2.blur(colour, (7, 7)), axis=2).mean())
