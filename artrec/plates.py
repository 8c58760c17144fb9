"""Colour plates: a small abstract print drawn from a work's own palette, for use where there is no picture of it.

The composition follows the type and genre; how it is drawn (positions, counts, proportions) follows a hash of the id.
"""

import hashlib
import random
import re
from functools import partial
from html import escape
from math import ceil, cos, hypot, pi, sin

from artrec.catalogue import Artwork
from artrec.colour import lab, mix, names

PAPER, SHADE, UNITS = "#f6f2e9", "#2a241c", 400  # a picture's short side has so many units, to draw in
GRAIN = (
    '<feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2"/>'
    '<feColorMatrix values="0 0 0 0 .1 0 0 0 0 .08 0 0 0 0 .06 .9 .9 0 0 -.72"/>'
)
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028-\u202e\u2066-\u2069]+")  # not XML, or reorders
_FRACTION = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def plate(work: Artwork, width: int = 480, height: int = 600) -> str:
    """The work's colour plate as one SVG element, `width` by `height`."""
    s, colours, unit = Sheet(work, width, height), palette_of(work), 0.872 * min(width, height) / UNITS
    s.rect(0, 0, s.w, s.h, s.fade(mix(s.back, s.light, 0.12), mix(s.back, s.light, 0.5)))
    COMPOSITIONS[composition(work)][0](s, s.w, s.h, s.rng.uniform)
    grain, frame = s.define("filter", GRAIN), f'width="{s.w:.1f}" height="{s.h:.1f}"'
    chips = (f'<path d="M{i * 15} {s.h + 14:.1f}h11" stroke="{c}" stroke-width="4"/>' for i, c in enumerate(colours))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid meet">'
        f"<title>Colour plate for {escape(_UNSAFE.sub(' ', work.title))}, not a picture of the work</title>"
        f'<defs>{"".join(s.defs)}</defs><path fill="{PAPER}" d="M0 0h{width}v{height}H0z"/>'
        f'<g transform="translate({0.064 * width:.1f} {0.056 * height:.1f}) scale({unit:.4f})">'
        f'<svg {frame}>{"".join(s.marks)}<rect {frame} filter="{grain}" opacity=".16"/></svg>'
        f'<rect {frame} fill="none" stroke="{SHADE}" stroke-opacity=".25"/>{"".join(chips)}</g></svg>'
    )


def alt_text(work: Artwork) -> str:
    """The plate in words, as plain text: whoever puts it into markup escapes it."""
    *names, last = dict.fromkeys(colour_name(colour) for colour in palette_of(work))
    words = f"{', '.join(names)} and {last}" if names else last
    title = _UNSAFE.sub(" ", f"{work.title} by {work.artist}" if work.artist else work.title)
    return f"Colour plate for {title}: {COMPOSITIONS[composition(work)][1]}, in {words}; not a picture of the work"


def composition(work: Artwork) -> str:
    """The key into `COMPOSITIONS`: by type where the type is decisive, else by genre."""
    keys = (f"{work.type} {work.genre}", work.type, work.genre)
    return next((_DRAWN_AS[key] for key in keys if key in _DRAWN_AS), "fields")


def palette_of(work: Artwork) -> list[str]:
    """The work's valid colours, most dominant first; five quiet greys from its id where it has none."""
    found = [colour.lower() for colour in work.palette if re.fullmatch(r"#[0-9a-fA-F]{6}", colour)][:8]
    digest = hashlib.sha256(work.artwork_id.encode()).digest()
    greys = (level + digest[i] % 20 for i, level in enumerate((186, 150, 208, 112, 72)))
    return found or [f"#{grey + 4:02x}{grey:02x}{grey - digest[9] % 9:02x}" for grey in greys]


def colour_name(colour: str) -> str:
    """The nearest plain name of a hex colour, such as "deep blue"."""
    return names(lab([colour]))[0]


def _smooth(points: list[tuple[float, float]]) -> str:
    """A soft path from the first point to the last; those between pull it towards themselves."""
    mid = [((x + p) / 2, (y + q) / 2) for (x, y), (p, q) in zip(points, points[1:], strict=False)]
    turns = "".join(f"Q{x} {y} {p} {q}" for (x, y), (p, q) in zip(points[1:], mid[1:], strict=False))
    return f"M{points[0][0]} {points[0][1]}L{mid[0][0]} {mid[0][1]}{turns}L{points[-1][0]} {points[-1][1]}"


def _turned(x: float, profile: list[tuple[float, float]]) -> str:
    """A symmetrical outline, as if turned on a lathe: (distance from the axis at x, height) from the foot up."""
    return _smooth([(x - r, y) for r, y in profile] + [(x + r, y) for r, y in profile[::-1]]) + "z"


def _arch(x: float, foot: float, wide: float, high: float) -> str:
    """A round-headed opening centred on x."""
    return f"M{x - wide / 2} {foot}v{wide / 2 - high}a{wide / 2} {wide / 2} 0 0 1 {wide} 0v{high - wide / 2}z"


class Sheet:
    """The picture area: `w` by `h` units. `depth` runs from the colour nearest to `back` to what stands out from it most.
    The methods after `fade` are the compositions, with `u(a, b)` a random number between a and b."""

    def __init__(s, work: Artwork, width: int, height: int):
        s.w, s.h = (UNITS * side / min(width, height) for side in (width, height))
        s.uid = "p" + hashlib.sha256(f"{work.artwork_id} {width} {height}".encode()).hexdigest()[:10]
        s.rng = random.Random(hashlib.sha256(work.artwork_id.encode()).digest())
        s.defs, s.marks, pots = [], [], palette_of(work)
        while len(pots) < 5:
            pots.append(mix(pots[-1], SHADE if len(pots) % 2 else PAPER, 0.4))
        tone = {pot: [float(x) for x in row] for pot, row in zip(pots, lab(pots), strict=True)}
        s.back, (s.dark, *_, s.light) = pots[0], sorted(pots, key=lambda pot: tone[pot][0])
        s.depth = sorted(pots[1:], key=lambda pot: abs(tone[pot][0] - tone[s.back][0]))
        s.accent = max(s.depth, key=lambda pot: hypot(*tone[pot][1:]) + 0.12 * abs(tone[pot][0] - tone[s.back][0]))

    def path(s, d: str, fill: str = "none", pen: str = "", width: float = 1, **more: object) -> None:
        """Add a filled or, with a `pen` colour, stroked shape; numbers are rounded, `stroke_width` is `stroke-width`."""
        more = {"d": d, "fill": fill} | ({"stroke": pen, "stroke_width": width} if pen else {}) | more
        pairs = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
        s.marks.append(f"<path{_FRACTION.sub(lambda number: f'{float(number[0]):.3g}', pairs)}/>")

    def rect(s, x: float, y: float, w: float, h: float, fill: str, **more: object) -> None:
        s.path(f"M{x} {y}h{w}v{h}h{-w}z", fill, **more)

    def oval(s, x: float, y: float, rx: float, ry: float = 0, fill: str = "none", **more: object) -> None:
        """An ellipse, or a circle where `ry` is 0."""
        s.path(f"M{x - rx} {y}a{rx} {ry or rx} 0 1 1 0 .01z", fill, **more)

    def define(s, tag: str, body: str, attributes: str = "") -> str:
        """Add a definition under an id of its own; returns the reference to it."""
        s.defs.append(f'<{tag} id="{s.uid}{len(s.defs)}"{attributes}>{body}</{tag}>')
        return f"url(#{s.uid}{len(s.defs) - 1})"

    def fade(s, start: str, end: str, way: str = "down") -> str:
        """A gradient paint: `down`, `across` or `out` from the middle."""
        tag, extra = {"down": ("linear", ' x2="0" y2="1"'), "across": ("linear", ""), "out": ("radial", ' r=".72"')}[way]
        return s.define(f"{tag}Gradient", f'<stop stop-color="{start}"/><stop offset="1" stop-color="{end}"/>', extra)

    def hills(s, w, h, u, peak=False):
        top, ridges = h * u(0.42, 0.6), s.rng.randint(3, 5)
        s.oval(w * u(0.2, 0.8), top - h * u(0.08, 0.2), u(28, 58), 0, s.accent)
        if peak:
            x, foot, half, top = w * u(0.4, 0.6), h * 0.78, u(140, 200), h * 0.75
            s.path(f"M{x} {foot - half * 1.15}L{x - half} {foot}h{half * 2}z", s.fade(s.depth[0], s.back))
            s.path(f"M{x} {foot - half * 1.15}l{half * u(0.2, 0.4)} {half * 1.15}H{x + half}z", s.dark, opacity=0.25)
        for i, ink in enumerate((s.depth * 2)[: ridges - 1] + [s.dark]):
            y, swell = top + (h - top) * (i / ridges) ** 1.25, u(18, 62) * (1 - i / ridges / 1.4) * (0.2 if peak else 1)
            ridge = _smooth([(w * x / 5, y + u(-swell, swell)) for x in range(-1, 7)])
            s.path(f"{ridge}V{h}H{-w}z", s.fade(ink, mix(ink, s.back, 0.5)))

    def waves(s, w, h, u):
        top, bands, inks = h * u(0.3, 0.46), s.rng.randint(6, 8), [s.depth[0], s.back, *s.depth[1:]]
        s.oval(w * u(0.25, 0.75), top - u(-12, 60), u(34, 60), 0, s.accent)
        for i in range(bands):
            y, long, ink = top + (h - top) * (i / bands) ** 1.3, 40 + 22 * i + u(0, 20), inks[i % len(inks)]
            d = f"M{-u(0, long)} {y}q{long / 4} {-3 - 3 * i} {long / 2} 0" + f"t{long / 2} 0" * int(2 * w / long + 3)
            s.path(f"{d}V{h + 40}H-99z", s.fade(ink, mix(ink, s.dark, 0.35)))
            s.path(d, pen=s.light, opacity=0.5)

    def cameo(s, w, h, u):
        x, y, wide, foot, niche = w * u(0.48, 0.52), h * u(0.39, 0.44), u(270, 310), h * 0.92, mix(s.depth[0], s.light, 0.35)
        s.path(_arch(x, foot + 9, wide + 18, h * 0.84 + 18), pen=mix(s.light, s.back, 0.4))
        s.path(_arch(x, foot, wide, h * 0.84), s.fade(niche, mix(niche, s.back, 0.7), "out"))
        bust = [(wide * 0.44, foot), (wide * u(0.4, 0.46), y + u(90, 120)), (26, y + 105), (18, y + 50)]
        s.oval(x + u(-9, 9), y + u(-24, 12), u(50, 70), u(72, 92), mix(s.dark, s.depth[1], 0.3), opacity=s.rng.choice([0, 0.5]))
        s.path(_turned(x, bust), s.fade(s.accent, mix(s.accent, s.dark, 0.6)))
        s.oval(x + u(-6, 6), y, u(44, 52), u(60, 68), s.fade(s.light, mix(s.light, s.depth[1]), "across"))

    def forms(s, w, h, u, columns=(1, 1), parts=(2, 4)):
        floor, inks, columns = h * u(0.8, 0.86), s.depth[::-1] * 3, s.rng.randint(*columns)
        s.oval(w / 2, h * u(0.32, 0.42), u(120, 165), 0, mix(s.back, s.light, 0.5), opacity=0.7)
        s.rect(0, floor, w, h - floor, s.fade(mix(s.back, s.dark, 0.4), mix(s.back, s.dark, 0.15)))
        for column in range(columns):
            n, wide, x = s.rng.randint(*parts), u(65, 100) / columns**0.6, (column + 1) * w / (columns + 1)
            high = (floor - h * u(0.14, 0.1 + 0.06 * columns)) / n
            for i in range(n):
                ink, y, top = inks[i + column], floor - i * high, s.rng.choice([0, 0.3, 0.8])
                profile = [(wide * u(0.3, 0.9), y), (wide * u(0.5, 1.5), y - high * u(0.2, 0.8)), (wide * top, y - high)]
                s.path(_turned(x, profile), s.fade(mix(ink, s.light, 0.35), mix(ink, s.dark, 0.4), "across"))

    def still(s, w, h, u, count=3):
        table, step = h * u(0.66, 0.74), w / (count + 1)
        s.rect(0, table, w, h - table, s.fade(mix(s.back, s.dark, 0.25), mix(s.back, s.dark, 0.5)))
        for i in range(count):
            x, y, ink = step * (i + 1) + u(-12, 12), table + u(24, 70), s.depth[i - count]
            wide, high = (u(105, 135), u(280, 350)) if count == 1 else (u(46, 66), u(110, 250))
            profile = [(0.45, 0), (u(0.9, 1.3), 0.12), (u(1.1, 1.4), u(0.5, 0.75)), (u(0.2, 0.3), 0.84), (u(0.25, 0.45), 1)]
            d = _turned(x, [(wide * r, y - high * up) for r, up in profile])
            s.oval(x + wide * 0.4, y, wide * 1.3, wide * 0.16, s.dark, opacity=0.35)
            s.path(d, s.fade(mix(ink, s.light, 0.3), mix(ink, s.dark, 0.35), "across"))
            clip = s.define("clipPath", f'<path d="{d}"/>')
            for pen in s.rng.choices([s.accent, s.light], k=5 if count == 1 else 1):
                s.path(f"M0 {y - high * u(0.15, 0.8)}h{w}", "none", pen, u(1, 16), opacity=0.75, clip_path=clip)

    def stems(s, w, h, u):
        for i in range(n := s.rng.randint(5, 8)):
            x, y, r, ink = w * (0.14 + 0.72 * (i + 0.5) / n) + u(-12, 12), h * u(0.14, 0.55), u(20, 46), (s.depth * 2)[i]
            foot, bend, green = w / 2 + (i - n / 2) * 9, w / 2 + u(-40, 40), mix(s.dark, s.depth[1], 0.4)
            s.path(f"M{foot} {h}Q{bend} {h * 0.7} {x} {y}", pen=green, width=2)
            side, up, at = s.rng.choice([-1, 1]) * u(40, 70), u(40, 90), f"M{(foot + 2 * bend + x) / 4} {(2.4 * h + y) / 4}"
            s.path(f"{at}q{side * 0.1} {-up} {side} {-up}q0 {up * 0.8} {-side} {up}z", green, opacity=0.8)
            s.oval(x, y, r, r * u(0.8, 1), s.fade(mix(ink, s.light, 0.3), ink, "out"))
            s.oval(x, y, r * 0.34, 0, s.accent if ink != s.accent else s.dark, opacity=0.85)

    def tiles(s, w, h, u):
        inks, n = [s.back, *s.depth, s.light], s.rng.randint(3, 5)
        g, rows = ceil(w / n), ceil(h * n / w)
        for x, y in ((i % n * g, i // n * g - (rows * g - h) // 2) for i in range(n * rows)):
            turns = (f"h{g}v{g}z", f"v{g}h{g}z", f"h{g}a{g} {g} 0 0 1 -{g} {g}z", f"v{g}a{g} {g} 0 0 0 {g} -{g}z")
            s.rect(x, y, g, g, mix(s.rng.choice(inks), s.back, 0.2))
            s.path(f"M{x} {y}{s.rng.choice(turns)}", s.rng.choice(inks))

    def halo(s, w, h, u):
        x, foot, wide, y, r, rays = w / 2, h * 0.93, u(290, 330), h * u(0.4, 0.48), u(40, 58), s.rng.choice([16, 24, 32])
        for i, ink in enumerate([ink for ink in s.depth if ink != s.accent]):
            d = _arch(x, foot, wide * (1 - i * 0.19), h * u(0.81, 0.85) * (1 - i * 0.17))
            s.path(d, s.fade(ink, mix(ink, s.dark, 0.4)), mix(s.light, ink, 0.3))
        turns = [(cos(2 * pi * i / rays) * r, sin(2 * pi * i / rays) * r) for i in range(rays)]
        s.path("".join(f"M{x + a * 1.2} {y + b * 1.2}l{a / 2} {b / 2}" for a, b in turns), pen=s.accent)
        s.oval(x, y, r, 0, s.fade(mix(s.accent, s.light), s.accent, "out"))

    def facade(s, w, h, u):
        n, top, wall = s.rng.randint(3, 6), h * u(0.28, 0.4), mix(s.back, s.depth[0])
        s.path(f"M{w * 0.08} {top}L{w / 2} {top - h * u(0.06, 0.2)}L{w * 0.92} {top}z", s.fade(s.depth[1], s.depth[0]))
        s.rect(w * 0.08, top, w * 0.84, h - top, s.fade(mix(wall, s.light, 0.2), mix(wall, s.dark, 0.2)))
        for bays, y, high in ((n, h * 0.93, h * 0.88 - top - 100), (n * 2, top + 88, 62)):
            doors = (_arch(w * (0.11 + 0.78 * (i + 0.5) / bays), y, w / 2 / bays, max(high, w / 2 / bays)) for i in range(bays))
            s.path("".join(doors), s.fade(s.dark, mix(s.dark, s.accent, 0.5)))
        s.rect(0, h * 0.93, w, h, mix(s.depth[-1], s.dark, 0.3))

    def skyline(s, w, h, u):
        s.oval(w * u(0.2, 0.8), h * u(0.16, 0.32), u(22, 46), 0, s.accent)
        for i, ink in enumerate(s.depth[:4]):
            blocks = "".join(f"V{h * (0.4 + 0.14 * i) + u(-60, 60)}H{x + u(10, 48)}" for x in range(0, int(w) + 40, 52))
            s.path(f"M-40 {h}{blocks}V{h}z", s.fade(ink, mix(ink, s.back, 0.45)))
        s.path("".join(f"M{u(0, w)} {h * u(0.74, 0.97)}h4" for _ in range(30)), pen=s.light, width=5, opacity=0.7)

    def weave(s, w, h, u):
        y, inks, deal = 0, [*s.depth, s.light], s.rng.choice
        half = [(int(u(10, 46)), deal(inks), kind, deal([8, 10, 12, 20])) for kind in s.rng.sample([0, 0, 1, 1, 2, 3], 6)]
        for high, ink, kind, step in [*half, *half[::-1]] * ceil(h / 120):
            if kind == 0 and y < h:
                s.path(f"M0 {y + high}" + f"l{step} {-high}l{step} {high}" * int(w / step / 2 + 1), ink)
            elif kind < 3 and y < h:
                s.path(f"M0 {y + high / 2}h{w}", "none", ink, high, stroke_dasharray=f"{step} {step * (kind == 1)}")
            y += high
        threads = f'<path d="M0 0h4M0 0v4" stroke="{s.dark}" opacity=".22"/>'
        s.rect(0, 0, w, h, s.define("pattern", threads, ' width="4" height="4" patternUnits="userSpaceOnUse"'))

    def page(s, w, h, u):
        x, y, step, seal, end = w * 0.14, h * 0.1, h * 0.7 / s.rng.randint(9, 14), u(34, 60), w * 0.86
        s.rect(x, y, w * 0.72, h * 0.8, s.fade(mix(s.back, s.light, 0.8), mix(s.back, s.light, 0.4)))
        for i in range(round(h * 0.7 / step)):
            line = f"M{x + 24 + (seal + 12) * (i * step < seal)} {y + 34 + i * step}H{end - u(24, 60)}"
            words = " ".join(f"{u(6, 40):.0f} {u(5, 10):.0f}" for _ in range(4))
            s.path(line, "none", s.depth[-1], step * 0.34, stroke_dasharray=words, opacity=0.85)
        s.rect(x + 24, y + 28, seal, seal, s.fade(s.accent, mix(s.accent, s.dark, 0.3)))

    def rings(s, w, h, u):
        x, y, step, inks = w * u(0.42, 0.58), h * u(0.42, 0.58), s.rng.choice([11, 14, 17]), [s.back, *s.depth, s.light]
        for i in range(int(hypot(w, h) * 0.6 / step)):
            dashes = f"{step - 2} 2" if s.rng.random() < 0.8 else f"2 {step}"
            s.oval(x, y, 8 + i * step, pen=s.rng.choice(inks), width=step - 2, stroke_dasharray=dashes)

    def fields(s, w, h, u):
        x, y, wide, high = w * 0.1, h * 0.1, w * 0.8, h * 0.8
        for ink in s.depth[: s.rng.randint(3, 4)]:
            s.rect(x, y, wide, high, s.fade(ink, mix(ink, s.back, 0.4), "out"), opacity=0.85)
            x, y, wide, high = x + wide * u(0.08, 0.2), y + high * u(0.1, 0.4), wide * u(0.55, 0.7), high * u(0.4, 0.55)

    def window(s, w, h, u):
        x, y, wide, high, floor = w * u(0.14, 0.3), h * u(0.12, 0.18), u(120, 150), h * u(0.34, 0.4), h * u(0.66, 0.72)
        s.rect(0, 0, w, h, s.fade(mix(s.back, s.dark, 0.45), s.back, "across"))
        s.rect(0, floor, w, h, s.fade(mix(s.depth[1], s.dark, 0.4), mix(s.depth[1], s.dark, 0.6)))
        s.rect(x, y, wide, high, s.fade(s.light, mix(s.light, s.accent, 0.4)))
        s.path(f"M{x + wide / 2} {y}v{high}M{x} {y + high / 2}h{wide}", pen=mix(s.dark, s.back, 0.3), width=4)
        s.path(f"M{x + 60} {floor + 30}h{wide}l70 {h * 0.17}h{-wide}z", mix(s.light, s.accent, 0.3), opacity=0.5)
        s.oval(w * 0.8, floor + 24 - (ry := u(36, 80)), u(30, 46), ry, s.fade(s.accent, mix(s.accent, s.dark), "across"))

    def flow(s, w, h, u):
        a, b, c = h * u(-0.2, 0.4), h * u(-0.1, 0.5), h * u(0.15, 0.33)
        for i in range(22):
            y, ink = h * (0.1 + i / 22), [*s.depth, s.back][i // 3 % 5]
            d = _smooth([(-20, y), (w * 0.25, y - a), (w * 0.6, y + b * (1 - i / 22)), (w + 20, y - c)])
            fill = "none" if i % 3 else s.fade(ink, mix(ink, s.back, 0.3))
            s.path(d + f"V{h + 20}H-20z" * (i % 3 == 0), fill, mix(ink, s.light, 0.4))
        s.oval(w * u(0.2, 0.8), h * u(0.1, 0.2), u(20, 36), 0, s.accent)

    def ochre(s, w, h, u):
        for i, ink in enumerate(s.depth[:5]):
            x, y, rx, ry = w * u(0.2, 0.8), h * (0.16 + 0.2 * i), u(40, 110), u(26, 50)
            s.oval(x, y, rx, ry, s.fade(ink, mix(ink, s.back, 0.6), "out"))
            for grow in range(12, s.rng.randint(2, 5) * 12, 12):
                s.oval(x, y, rx + grow, ry + grow, pen=ink, width=5, stroke_dasharray="0 11", stroke_linecap="round")

    def diagonals(s, w, h, u):
        tilt = s.rng.choice([-1, 1]) * w * u(0.15, 0.35)
        for i, ink in enumerate(s.depth):
            y, high = h * (0.25 + 0.17 * i) + u(-20, 20), u(40, 120)
            d = f"M-9 {y + tilt}L{w + 9} {y - tilt}v{high}L-9 {y + tilt + high * u(0.1, 0.6)}z"
            s.path(d, s.fade(ink, mix(ink, s.back, 0.4), "across"))
        lances = "".join(f"M{(x := w * (0.1 + i / 10))} {h}L{x + tilt * u(0.8, 1.2)} {h * u(0.08, 0.4)}" for i in range(9))
        s.path(lances, pen=s.dark, opacity=0.7)
        s.oval(w * u(0.2, 0.8), h * u(0.14, 0.24), u(24, 44), 0, s.accent)


# How it draws, what to call it, and the types, genres and pairs of both it stands for.
COMPOSITIONS = {
    "hills": (Sheet.hills, "hills under a low sun", "landscape, land art"),
    "peak": (partial(Sheet.hills, peak=True), "a peak over low ground", "funerary, monument, architecture funerary"),
    "waves": (Sheet.waves, "bands of waves", "seascape"),
    "cameo": (Sheet.cameo, "a rounded form in a niche", "portrait, self-portrait, sculpture portrait, metalwork portrait"),
    "totem": (Sheet.forms, "forms stacked on one axis", "sculpture, relief, carving, mask, furniture"),
    "forms": (partial(Sheet.forms, columns=(2, 4), parts=(1, 2)), "upright forms", "figure, nude, sculpture figure"),
    "still": (Sheet.still, "vessels on a table", "still life, glass, lacquer"),
    "vessel": (partial(Sheet.still, count=1), "a banded vessel", "ceramic"),
    "stems": (Sheet.stems, "discs on curving stems", "flowers and plants"),
    "tiles": (Sheet.tiles, "quarter circles and triangles in a grid", "abstract, stained glass, decorative"),
    "halo": (Sheet.halo, "a disc in nested arches", "religious, sacred building, architecture sacred building, allegory"),
    "facade": (Sheet.facade, "a gable over rows of arches", "architecture, palace and dwelling"),
    "skyline": (Sheet.skyline, "blocks of a skyline", "cityscape"),
    "weave": (Sheet.weave, "woven bands", "textile, basketry"),
    "page": (Sheet.page, "rhythmic lines on a page", "calligraphy, manuscript, literary"),
    "rings": (Sheet.rings, "rings of small pieces", "mosaic, metalwork, jewellery, ceremonial, map and science"),
    "fields": (Sheet.fields, "soft fields, one within another", "photograph, installation, video, performance, conceptual"),
    "window": (Sheet.window, "a window and its light on the floor", "interior, everyday life, documentary"),
    "flow": (Sheet.flow, "flowing curves", "animal, mythological, fantasy"),
    "ochre": (Sheet.ochre, "rounded marks with dotted rims", "rock art"),
    "diagonals": (Sheet.diagonals, "diagonals under a disc", "battle, history, political"),
}
_DRAWN_AS = {word: name for name, (_, _, words) in COMPOSITIONS.items() for word in words.split(", ")}
