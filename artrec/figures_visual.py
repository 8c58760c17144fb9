"""Pure: palettes → SVG. Colours come from measurements or are checked `#rrggbb`; no text of a museum enters."""

from collections.abc import Sequence

import numpy as np

from artrec.colour import hexes, names
from artrec.visual.swatches import Match

WIDE = 1000  # units across


def palette_bar(palette: np.ndarray, height: int = 90) -> str:
    """A palette (float32 (k, 4), L, a, b, share) as one bar, each colour as wide as its share."""
    x, pieces = 0.0, []
    shares = palette[:, 3] / max(float(palette[:, 3].sum()), 1e-9)
    for colour, share in zip(hexes(palette[:, :3]), shares, strict=True):
        width = float(share) * WIDE
        pieces.append(f'<rect x="{x:.1f}" y="0" width="{width + 0.6:.1f}" height="{height}" fill="{colour}"/>')
        x += width
    return _svg(height, f'<clipPath id="c"><rect width="{WIDE}" height="{height}" rx="10"/></clipPath>'
                f'<g clip-path="url(#c)">{"".join(pieces)}</g>')  # fmt: skip


def palette_told(palette: np.ndarray) -> str:
    """The same in words: "deep blue 42 %, beige 30 %, …"; colours of one name are added up."""
    shares: dict[str, float] = {}
    for name, share in zip(names(palette[:, :3]), palette[:, 3], strict=True):
        shares[name] = shares.get(name, 0.0) + float(share)
    return ", ".join(f"{name} {share:.0%}".replace("%", " %") for name, share in sorted(shares.items(), key=lambda s: -s[1]))


def swatches(matches: Sequence[Match], most: int = 5) -> str:
    """Matching colours as pairs: above this work's, below the other's. Pairs that pass for the same are joined."""
    shown = matches[:most]
    gap, height, box = 14, 190, 74
    width = (WIDE - gap * (most - 1)) / most
    pieces = []
    for at, match in enumerate(shown):
        x = at * (width + gap)
        if match.near:
            pieces.append(
                f'<rect x="{x + width / 2 - 5:.1f}" y="{box - 2}" width="10" height="{height - 2 * box + 4}" fill="#888"/>'
            )
        pieces.append(f'<rect x="{x:.1f}" y="0" width="{width:.1f}" height="{box}" rx="10" fill="{match.colour}"/>')
        below = f'y="{height - box}" width="{width:.1f}" height="{box}" rx="10" fill="{match.other}"'
        pieces.append(f'<rect x="{x:.1f}" {below} opacity="{1 if match.near else 0.35}"/>')
    return _svg(height, "".join(pieces))


def swatches_told(matches: Sequence[Match]) -> str:
    """The same in words."""
    near = [match for match in matches if match.near]
    return f"{len(near)} of {len(matches)} main colours have one in the other picture that passes for the same"


def _svg(height: int, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height}" width="{WIDE}" height="{height}" role="img">'
        f"{inside}</svg>"
    )
