"""Colour plates: a small abstract print drawn from a work's own palette, for use where there is no picture of it.

`plate` returns a self-contained SVG and `alt_text` the same in words. What is drawn follows the type and genre; how it
is drawn (positions, counts, proportions) follows a hash of the id, so that a work always looks the same.
"""

import hashlib
import random
import re
from dataclasses import dataclass, field
from functools import partial
from html import escape
from math import cos, hypot, pi, sin

from artrec.catalogue import Artwork
from artrec.colour import WORDS, lab

PAPER, SHADE = "#f6f2e9", "#2a241c"
SHORT_SIDE = 400  # compositions draw in units of which the picture's short side has this many
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028-\u202e\u2066-\u2069]+")
_FRACTION = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def plate(work: Artwork, width: int = 480, height: int = 600) -> str:
    """The work's colour plate as one SVG element, `width` by `height`."""
    uid = "p" + hashlib.sha256(f"{work.artwork_id} {width} {height}".encode()).hexdigest()[:10]
    unit, colours = 0.872 * min(width, height) / SHORT_SIDE, palette_of(work)
    rng = random.Random(hashlib.sha256(work.artwork_id.encode()).digest())
    s = Sheet(uid, 0.872 * width / unit, 0.872 * height / unit, mixed(colours), rng)
    s.rect(0, 0, s.w, s.h, s.fade(mix(s.inks.back, s.inks.light, 0.12), mix(s.inks.back, s.inks.light, 0.5)))
    COMPOSITIONS[composition(work)][0](s, s.inks, s.w, s.h, rng.uniform)
    grain = s.define(
        "filter",
        '<feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2"/>'
        '<feColorMatrix values="0 0 0 0 .1 0 0 0 0 .08 0 0 0 0 .06 .9 .9 0 0 -.72"/>',
    )
    picture, frame = "".join(s.marks), f'width="{s.w:.1f}" height="{s.h:.1f}"'
    chips = (f'<path d="M{i * 15} {s.h + 14:.1f}h11" stroke="{c}" stroke-width="4"/>' for i, c in enumerate(colours))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid meet">'
        f"<title>Colour plate for {escape(_clean(work.title))}, not a picture of the work</title>"
        f'<defs>{"".join(s.defs)}</defs><path fill="{PAPER}" d="M0 0h{width}v{height}H0z"/>'
        f'<g transform="translate({0.064 * width:.1f} {0.056 * height:.1f}) scale({unit:.4f})">'
        f'<svg {frame}>{picture}<rect {frame} filter="{grain}" opacity=".3"/></svg>'
        f'<rect {frame} fill="none" stroke="{SHADE}" stroke-opacity=".25"/>{"".join(chips)}</g></svg>'
    )


def alt_text(work: Artwork) -> str:
    """The plate in words, as plain text: whoever puts it into markup escapes it."""
    *names, last = dict.fromkeys(colour_name(colour) for colour in palette_of(work))
    words = f"{', '.join(names)} and {last}" if names else last
    title = _clean(work.title) + (f" by {_clean(work.artist)}" if work.artist else "")
    return f"Colour plate for {title}: {COMPOSITIONS[composition(work)][1]}, in {words}; not a picture of the work"


def composition(work: Artwork) -> str:
    """The key into `COMPOSITIONS`: by type where the type is decisive, else by genre."""
    keys = (f"{work.type} {work.genre}", work.type, work.genre)
    return next((_DRAWN_AS[key] for key in keys if key in _DRAWN_AS), "fields")


def palette_of(work: Artwork) -> list[str]:
    """The work's valid colours, most dominant first; five quiet greys from its id where it has none."""
    found = [colour.lower() for colour in work.palette if _HEX.fullmatch(colour)][:8]
    digest = hashlib.sha256(work.artwork_id.encode()).digest()
    greys = (level + digest[i] % 20 for i, level in enumerate((186, 150, 208, 112, 72)))
    return found or [f"#{grey + 4:02x}{grey:02x}{grey - digest[9] % 9:02x}" for grey in greys]


def colour_name(colour: str) -> str:
    """The nearest plain name of a hex colour, such as "deep blue"."""
    hues = "red pink orange gold yellow green turquoise blue purple brown grey ochre beige".split()
    kinds = (("", PAPER, 0), ("pale ", "#ffffff", 0.5), ("deep ", "#000000", 0.5))
    named = {how + hue: mix(WORDS[hue], end, share) for how, end, share in kinds for hue in hues}
    named |= {word: WORDS[word] for word in ("black", "white", "indigo", "crimson")}
    return list(named)[((lab(list(named.values())) - lab([colour])) ** 2).sum(axis=1).argmin()]


def _clean(text: str) -> str:
    """Text without characters that XML forbids or that turn round the order of what follows them."""
    return _UNSAFE.sub(" ", text).strip()


def mix(one: str, other: str, share: float = 0.5) -> str:
    """`one` with `share` (0–1) of `other` stirred in."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@dataclass(frozen=True)
class Inks:
    """A palette by the part each colour plays: `depth` runs from what recedes into `back` to what stands out from it."""

    back: str
    depth: list[str]
    accent: str
    light: str
    dark: str


def mixed(colours: list[str]) -> Inks:
    """Give the colours their parts, mixing further ones where there are fewer than five."""
    pots = list(colours)
    while len(pots) < 5:
        pots.append(mix(pots[-1], SHADE if len(pots) % 2 else PAPER, 0.4))
    tone = {pot: [float(x) for x in row] for pot, row in zip(pots, lab(pots), strict=True)}
    rest = sorted(pots[1:], key=lambda pot: abs(tone[pot][0] - tone[pots[0]][0]))
    accent = max(rest, key=lambda pot: hypot(*tone[pot][1:]) + 0.7 * abs(tone[pot][0] - tone[pots[0]][0]))
    by_light = sorted(pots, key=lambda pot: tone[pot][0])
    return Inks(pots[0], rest, accent, by_light[-1], by_light[0])


@dataclass
class Sheet:
    """The picture area being drawn on: `w` by `h` units, what goes beyond is cut off."""

    uid: str
    w: float
    h: float
    inks: Inks
    rng: random.Random
    defs: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def path(self, d: str, fill: str = "none", pen: str = "", width: float = 1, **more: object) -> None:
        """Add a filled or, with a `pen` colour, stroked shape; numbers are rounded, `stroke_width` is `stroke-width`."""
        more = {"d": d, "fill": fill} | ({"stroke": pen, "stroke_width": width} if pen else {}) | more
        pairs = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
        self.marks.append(f"<path{_FRACTION.sub(lambda number: f'{float(number[0]):.3g}', pairs)}/>")

    def rect(self, x: float, y: float, w: float, h: float, fill: str, **more: object) -> None:
        self.path(f"M{x} {y}h{w}v{h}h{-w}z", fill, **more)

    def oval(self, x: float, y: float, rx: float, ry: float = 0, fill: str = "none", **more: object) -> None:
        """An ellipse, or a circle where `ry` is 0."""
        ry = ry or rx
        self.path(f"M{x - rx} {y}a{rx} {ry} 0 1 1 0 .01z", fill, **more)

    def define(self, tag: str, body: str, attributes: str = "") -> str:
        """Add a definition under an id of its own; returns the reference to it."""
        name = f"{self.uid}{len(self.defs)}"
        self.defs.append(f'<{tag} id="{name}"{attributes}>{body}</{tag}>')
        return f"url(#{name})"

    def fade(self, start: str, end: str, way: str = "down") -> str:
        """A gradient paint: `down`, `across` or `out` from the middle."""
        tag, extra = {"down": ("linear", ' x2="0" y2="1"'), "across": ("linear", ""), "out": ("radial", ' r=".72"')}[way]
        return self.define(f"{tag}Gradient", f'<stop stop-color="{start}"/><stop offset="1" stop-color="{end}"/>', extra)


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


# A composition draws on sheet `s`, `w` by `h` units, with inks `k`; `u(a, b)` is a random number between a and b.


def _hills(s, k, w, h, u):
    top, ridges = h * u(0.42, 0.6), s.rng.randint(3, 5)
    s.oval(w * u(0.22, 0.78), top - h * u(0.08, 0.2), u(28, 58), 0, k.accent)
    for i, ink in enumerate((k.depth * 2)[: ridges - 1] + [k.dark]):
        y, swell = top + (h - top) * (i / ridges) ** 1.25, u(18, 62) * (1 - i / ridges / 1.4)
        d = _smooth([(w * x / 5, y + u(-swell, swell)) for x in range(-1, 7)])
        s.path(f"{d}V{h}H{-w}z", s.fade(ink, mix(ink, k.back, 0.5)))


def _mound(s, k, w, h, u):
    x, y, half, high = w * u(0.4, 0.6), h * u(0.7, 0.8), u(130, 190), h * u(0.3, 0.45)
    s.oval(w * u(0.2, 0.8), y - high * u(0.6, 1.2), u(26, 60), 0, k.accent)
    for far, ink in ((-0.55, k.depth[0]), (0, k.depth[1])):
        top = f"M{x + far * 300} {y - high * (1 + far)}L{x + far * 300 - half} {y}h{half * 1.3}z"
        s.path(top.replace(f"h{half * 1.3}", f"H{x + far * 300 + half}"), s.fade(ink, mix(ink, k.back, 0.4)))
        s.path(f"M{x + far * 300} {y - high * (1 + far)}l{half * 0.3} {high * (1 + far)}h{half * 0.7}z", k.dark, opacity=0.3)
    s.rect(0, y, w, h, s.fade(k.depth[2], mix(k.depth[2], k.dark)))


def _waves(s, k, w, h, u):
    top, bands, inks = h * u(0.3, 0.46), s.rng.randint(6, 8), [k.depth[0], k.back, *k.depth[1:]]
    s.oval(w * u(0.25, 0.75), top - u(-12, 60), u(34, 60), 0, k.accent)
    for i in range(bands):
        y, long, ink = top + (h - top) * (i / bands) ** 1.3, 40 + 22 * i + u(0, 20), inks[i % len(inks)]
        d = f"M{-u(0, long)} {y}q{long / 4} {-3 - 3 * i} {long / 2} 0" + f"t{long / 2} 0" * int(2 * w / long + 3)
        s.path(f"{d}V{h + 40}H-99z", s.fade(ink, mix(ink, k.dark, 0.35)))
        s.path(d, pen=k.light, opacity=0.5)


def _cameo(s, k, w, h, u):
    x, y, wide, foot = w * u(0.48, 0.52), h * u(0.38, 0.43), u(270, 310), h * 0.92
    niche = mix(k.depth[0], k.light, 0.35)
    s.path(_arch(x, foot + 9, wide + 18, h * 0.84 + 18), pen=mix(k.light, k.back, 0.4))
    s.path(_arch(x, foot, wide, h * 0.84), s.fade(niche, mix(niche, k.back, 0.7), "out"))
    bust = [(wide * 0.44, foot), (wide * u(0.4, 0.46), y + u(90, 120)), (26, y + 105), (18, y + 50)]
    s.path(_turned(x, bust), s.fade(k.accent, mix(k.accent, k.dark, 0.6)))
    s.oval(x + u(-6, 6), y, u(46, 54), u(62, 70), s.fade(k.light, mix(k.light, k.depth[1]), "across"))


def _forms(s, k, w, h, u):
    x, floor, parts, wide = w / 2, h * u(0.8, 0.86), s.rng.randint(2, 4), u(60, 100)
    s.oval(x, h * u(0.32, 0.42), u(120, 165), 0, mix(k.back, k.light, 0.5), opacity=0.7)
    s.rect(0, floor, w, h - floor, s.fade(mix(k.back, k.dark, 0.4), mix(k.back, k.dark, 0.15)))
    high = (floor - h * 0.14) / parts
    for i in range(parts):
        ink, y, top = k.depth[-1 - i], floor - i * high, s.rng.choice([0, 0.3, 0.8])
        profile = [(wide * u(0.3, 0.9), y), (wide * u(0.5, 1.5), y - high * u(0.2, 0.8)), (wide * top, y - high)]
        s.path(_turned(x, profile), s.fade(mix(ink, k.light, 0.35), mix(ink, k.dark, 0.4), "across"))


def _still(s, k, w, h, u, count=3):
    table, step = h * u(0.66, 0.74), w / (count + 1)
    s.rect(0, table, w, h - table, s.fade(mix(k.back, k.dark, 0.25), mix(k.back, k.dark, 0.5)))
    for i in range(count):
        x, y, ink = step * (i + 1) + u(-12, 12), table + u(24, 70), k.depth[i - count]
        wide, high = (u(105, 135), u(280, 350)) if count == 1 else (u(46, 66), u(110, 250))
        profile = [(0.45, 0), (u(0.9, 1.3), 0.12), (u(1.1, 1.4), u(0.5, 0.75)), (u(0.2, 0.3), 0.84), (u(0.25, 0.45), 1)]
        d = _turned(x, [(wide * r, y - high * up) for r, up in profile])
        s.oval(x + wide * 0.4, y, wide * 1.3, wide * 0.16, k.dark, opacity=0.35)
        s.path(d, s.fade(mix(ink, k.light, 0.3), mix(ink, k.dark, 0.35), "across"))
        clip = s.define("clipPath", f'<path d="{d}"/>')
        for _ in range(5 if count == 1 else 1):
            band = f"M0 {y - high * u(0.15, 0.8)}h{w}"
            s.path(band, pen=s.rng.choice([k.accent, k.light]), width=u(1, 16), opacity=0.75, clip_path=clip)


def _stems(s, k, w, h, u):
    for i in range(n := s.rng.randint(5, 8)):
        x, y, r, ink = w * (0.14 + 0.72 * (i + 0.5) / n) + u(-12, 12), h * u(0.14, 0.55), u(20, 46), (k.depth * 2)[i]
        stalk = f"M{w / 2 + (i - n / 2) * 9} {h}Q{w / 2 + u(-40, 40)} {h * 0.7} {x} {y}"
        s.path(stalk, pen=mix(k.dark, k.depth[1], 0.3), width=2)
        leaf = f"M{x} {y + 90}q{u(-60, 60)} -14 {u(-50, 50)} -64q{u(-9, 9)} 50 0 64z"
        s.path(leaf, mix(k.depth[1], k.back, 0.2), opacity=0.8)
        s.oval(x, y, r, r * u(0.8, 1), s.fade(mix(ink, k.light, 0.3), ink, "out"))
        s.oval(x, y, r * 0.34, 0, k.accent if ink != k.accent else k.dark, opacity=0.85)


def _tiles(s, k, w, h, u):
    across = s.rng.randint(3, 5)
    size, inks = w / across, [k.back, *k.depth, k.light]
    for i in range(across * (int(h / size) + 1)):
        x, y, ink = i % across * size, i // across * size, s.rng.choice(inks)
        turn = s.rng.choice(["h{0}v{0}z", "v{0}h{0}z", "h{0}a{0} {0} 0 0 1 -{0} {0}z", "v{0}a{0} {0} 0 0 0 {0} -{0}z"])
        s.rect(x, y, size, size, s.rng.choice(inks), opacity=0.8)
        s.path(f"M{x} {y}{turn.format(f'{size:.0f}')}", ink)


def _halo(s, k, w, h, u):
    x, foot, wide, gold, rays = w / 2, h * 0.93, u(290, 330), k.accent, s.rng.choice([16, 24, 32])
    for i, ink in enumerate([ink for ink in k.depth if ink != gold]):
        share = 1 - i * u(0.15, 0.2)
        d = _arch(x, foot, wide * share, h * 0.85 * share)
        s.path(d, s.fade(ink, mix(ink, k.dark, 0.4)), mix(k.light, ink, 0.3))
    y, r = h * u(0.4, 0.48), u(40, 58)
    for i in range(rays):
        a, b = cos(2 * pi * i / rays) * r, sin(2 * pi * i / rays) * r
        s.path(f"M{x + a * 1.2} {y + b * 1.2}l{a / 2} {b / 2}", pen=gold)
    s.oval(x, y, r, 0, s.fade(mix(gold, k.light), gold, "out"))


def _facade(s, k, w, h, u):
    n, top, wall = s.rng.randint(3, 6), h * u(0.28, 0.4), mix(k.back, k.depth[0])
    s.path(f"M{w * 0.08} {top}L{w / 2} {top - h * u(0.06, 0.2)}L{w * 0.92} {top}z", s.fade(k.depth[1], k.depth[0]))
    s.rect(w * 0.08, top, w * 0.84, h - top, s.fade(mix(wall, k.light, 0.2), mix(wall, k.dark, 0.2)))
    for bays, y, high in ((n, h * 0.93, h * 0.88 - top - 100), (n * 2, top + 88, 62)):
        for i in range(bays):
            x, wide = w * (0.11 + 0.78 * (i + 0.5) / bays), w * 0.5 / bays
            s.path(_arch(x, y, wide, max(high, wide)), s.fade(k.dark, mix(k.dark, k.accent, 0.5)))
    s.rect(0, h * 0.93, w, h, mix(k.depth[-1], k.dark, 0.3))


def _skyline(s, k, w, h, u):
    s.oval(w * u(0.2, 0.8), h * u(0.16, 0.32), u(22, 46), 0, k.accent)
    for i, ink in enumerate(k.depth[:4]):
        x, d = -u(0, 40), f"M-40 {h}"
        while x < w:
            x, d = x + u(26, 80), d + f"V{h * (0.4 + 0.14 * i) + u(-60, 60)}H{x}"
        s.path(f"{d}V{h}z", s.fade(ink, mix(ink, k.back, 0.45)))
    s.path("".join(f"M{u(0, w)} {h * u(0.72, 0.97)}h4" for _ in range(40)), pen=k.light, width=5, opacity=0.7)


def _weave(s, k, w, h, u):
    y, inks = 0.0, [*k.depth, k.light]
    half = [(u(10, 46), s.rng.choice(inks), s.rng.randint(0, 3), s.rng.choice([16, 20, 25, 40])) for _ in range(6)]
    for high, ink, kind, step in [*half, *half[::-1]] * 2:
        n, y = int(w / step) + 1, y + high
        edge = (
            f"v{-high}h{w}v{high}",
            f"l{step / 2} {-high}l{step / 2} {high}" * n,
            f"v{-high}h{step / 2}v{high}h{step / 2}" * n,
            "",
        )
        s.path(f"M0 {y}{edge[kind]}", ink)
    threads = f'<path d="M0 0h4M0 0v4" stroke="{k.dark}"/>'
    s.rect(0, 0, w, h, s.define("pattern", threads, ' width="4" height="4" patternUnits="userSpaceOnUse"'), opacity=0.22)


def _page(s, k, w, h, u):
    x, y, wide, lines, ink = w * 0.14, h * 0.1, w * 0.72, s.rng.randint(9, 14), k.depth[-1]
    s.rect(x, y, wide, h * 0.8, s.fade(mix(k.back, k.light, 0.8), mix(k.back, k.light, 0.4)))
    step, seal = h * 0.7 / lines, u(34, 60)
    for i in range(lines):
        at, end = x + 24 + (seal + 12 if i * step < seal else 0), x + wide - u(24, 60)
        dashes = " ".join(f"{u(6, 40):.0f} {u(5, 10):.0f}" for _ in range(4))
        s.path(f"M{at} {y + 34 + i * step}H{end}", pen=ink, width=step * 0.34, stroke_dasharray=dashes, opacity=0.85)
    s.rect(x + 24, y + 28, seal, seal, s.fade(k.accent, mix(k.accent, k.dark, 0.3)))


def _rings(s, k, w, h, u):
    x, y, inks, r, step = w * u(0.42, 0.58), h * u(0.42, 0.58), [k.back, *k.depth], 8.0, s.rng.choice([11, 14, 17])
    while r < hypot(w, h) * 0.6:
        d = f"{step - 2} 2" if s.rng.random() < 0.8 else f"2 {step}"
        s.oval(x, y, r, 0, pen=inks[int(u(0, 5))], width=step - 2, stroke_dasharray=d)
        r += step


def _fields(s, k, w, h, u):
    x, y, wide, high = w * 0.1, h * 0.1, w * 0.8, h * 0.8
    for ink in k.depth[: s.rng.randint(3, 4)]:
        s.rect(x, y, wide, high, s.fade(ink, mix(ink, k.back, 0.4), "out"), opacity=0.85)
        x, y, wide, high = x + wide * u(0.08, 0.2), y + high * u(0.1, 0.4), wide * u(0.55, 0.7), high * u(0.4, 0.55)


def _window(s, k, w, h, u):
    x, y, wide, high, floor = w * u(0.14, 0.3), h * u(0.12, 0.18), u(120, 150), h * u(0.34, 0.4), h * u(0.66, 0.72)
    s.rect(0, 0, w, h, s.fade(mix(k.back, k.dark, 0.45), k.back, "across"))
    s.rect(0, floor, w, h, s.fade(mix(k.depth[1], k.dark, 0.4), mix(k.depth[1], k.dark, 0.6)))
    s.rect(x, y, wide, high, s.fade(k.light, mix(k.light, k.accent, 0.4)))
    s.path(f"M{x + wide / 2} {y}v{high}M{x} {y + high / 2}h{wide}", pen=mix(k.dark, k.back, 0.3), width=4)
    s.path(f"M{x + 60} {floor + 30}h{wide}l70 {h * 0.17}h{-wide}z", mix(k.light, k.accent, 0.3), opacity=0.5)
    s.oval(w * 0.8, floor - u(0, 20), u(30, 50), u(40, 80), s.fade(k.accent, mix(k.accent, k.dark), "across"))


def _flow(s, k, w, h, u):
    a, b, c, lines = u(-0.2, 0.4), u(-0.1, 0.5), u(0.5, 1.1), 22
    for i in range(lines):
        y, ink = h * (0.1 + i / lines), ([*k.depth, k.back] * 9)[i // 3]
        d = _smooth([(-20, y), (w * 0.25, y - h * a), (w * 0.6, y + h * b * (1 - i / lines)), (w + 20, y - h * 0.3 * c)])
        s.path(
            f"{d}V{h + 20}H-20z" if i % 3 == 0 else d,
            s.fade(ink, mix(ink, k.back, 0.3)) if i % 3 == 0 else "none",
            mix(ink, k.light, 0.4),
        )
    s.oval(w * u(0.2, 0.8), h * u(0.1, 0.2), u(20, 36), 0, k.accent)


def _ochre(s, k, w, h, u):
    for i in range(4):
        x, y, r, ink = w * u(0.2, 0.8), h * (0.2 + 0.2 * i), u(40, 90), k.depth[-1 - i]
        ring = [(x + r * u(0.7, 1.3) * cos(a * 0.7), y + r * u(0.4, 0.8) * sin(a * 0.7)) for a in range(9)]
        s.path(_smooth([*ring, ring[0]]) + "z", ink, opacity=0.8)
    s.path("".join(f"M{u(0, w)} {u(0, h)}v12" for _ in range(30)), pen=k.dark, width=3, opacity=0.6)


def _diagonals(s, k, w, h, u):
    tilt = s.rng.choice([-1, 1]) * u(0.3, 0.7)
    for i, ink in enumerate(k.depth):
        y, high = h * (0.25 + 0.17 * i) + u(-20, 20), u(40, 120)
        s.path(
            f"M{-9} {y + w * tilt / 2}L{w + 9} {y - w * tilt / 2}v{high}L-9 {y + w * tilt / 2 + high * u(0.1, 0.6)}z",
            s.fade(ink, mix(ink, k.back, 0.4), "across"),
        )
    lances = "".join(f"M{(x := u(0, w))} {h}L{x + u(40, 120) * tilt * 2} {h * u(0.05, 0.3)}" for _ in range(14))
    s.path(lances, pen=k.dark, width=1.5, opacity=0.8)
    s.oval(w * u(0.2, 0.8), h * u(0.14, 0.24), u(24, 44), 0, k.accent)


COMPOSITIONS = {
    "hills": (_hills, "hills under a low sun", "landscape, land art"),
    "mound": (_mound, "a pointed mound at the horizon", "funerary, monument, architecture funerary"),
    "waves": (_waves, "bands of waves", "seascape"),
    "cameo": (_cameo, "a rounded form in a niche", "portrait, self-portrait, sculpture portrait, metalwork portrait"),
    "forms": (_forms, "forms stacked on one axis", "sculpture, carving, mask, figure, nude, furniture, performance"),
    "still": (_still, "three vessels on a table", "still life, glass, lacquer"),
    "vessel": (partial(_still, count=1), "a banded vessel", "ceramic"),
    "stems": (_stems, "discs on curving stems", "flowers and plants"),
    "tiles": (_tiles, "a pattern of quarter circles and triangles", "abstract, stained glass, decorative"),
    "halo": (_halo, "a golden disc in nested arches", "religious, sacred building, architecture sacred building, allegory"),
    "facade": (_facade, "a gable over rows of arches", "architecture, palace and dwelling"),
    "skyline": (_skyline, "blocks of a skyline", "cityscape"),
    "weave": (_weave, "woven bands", "textile, basketry"),
    "page": (_page, "rhythmic lines on a page", "calligraphy, manuscript, literary"),
    "rings": (_rings, "rings of small pieces", "mosaic, metalwork, jewellery, ceremonial, map and science"),
    "fields": (_fields, "soft fields, one within another", "photograph, installation, video, conceptual"),
    "window": (_window, "a window and its light on the floor", "interior, everyday life, documentary"),
    "flow": (_flow, "flowing curves", "animal, mythological, fantasy"),
    "ochre": (_ochre, "rounded marks on rock", "rock art"),
    "diagonals": (_diagonals, "diagonals under a disc", "battle, history, political"),
}
_DRAWN_AS = {word: name for name, (_, _, words) in COMPOSITIONS.items() for word in words.split(", ")}
