"""A path from one work to another through works that lie between them, with the reason at each hop."""

from dataclasses import dataclass

import numpy as np

from artrec.channels import DEFAULT_WEIGHTS, channels_of
from artrec.collection import Collection
from artrec.question import Question

TELLING = 0.02  # weight × likeness from which a shared attribute is named as a hop's reason


@dataclass(frozen=True)
class Hop:
    """A step onto `row`. `channel` and `evidence`: the attribute it shares most with the work before, weighted,
    or else meaning; "" at the start."""

    row: int
    channel: str = ""
    evidence: str = ""


def path(collection: Collection, start: int, end: int, steps: int = 4, keep: np.ndarray | None = None) -> tuple[Hop, ...]:
    """From `start` to `end` over up to `steps` works nearest to the points of the great circle between their vectors
    (Shoemake's slerp, 1985). Every work occurs once; `keep` (bool, (n,)) limits the works between."""
    if start == end:
        return (Hop(start),)
    a, b = collection.vectors[start], collection.vectors[end]
    angle = float(np.arccos(np.clip(a @ b, -1, 1)))
    rows = [start]
    allowed = np.ones(len(collection), dtype=bool) if keep is None else keep.copy()
    allowed[[start, end]] = False
    for share in np.linspace(0, 1, steps + 2)[1:-1]:
        point = np.sin((1 - share) * angle) * a + np.sin(share * angle) * b
        length = float(np.linalg.norm(point))
        if length < 1e-6 or not allowed.any():
            continue
        near = int(collection.index.search((point / length).astype(np.float32), 1, allowed).rows[0])
        allowed[near] = False
        rows.append(near)
    rows.append(end)
    return (Hop(start), *(_hop(collection, before, after) for before, after in zip(rows, rows[1:], strict=False)))


def _hop(collection: Collection, before: int, after: int) -> Hop:
    felt = {c: DEFAULT_WEIGHTS[c.name] * likeness(c, collection, after, before) for c in channels_of(collection)}
    telling = {c: amount for c, amount in felt.items() if c.name != "text" and amount >= TELLING}
    channel = max(telling or felt, key=felt.get)  # every hop is near in meaning; what else is shared says more
    alike = likeness(channel, collection, after, before) > 0
    return Hop(after, channel.name, channel.evidence(after, before, Question(), collection) if alike else "little in common")


def likeness(channel, collection: Collection, row: int, other: int) -> float:
    """How alike two works are in one channel, in [0, 1]; 0 where it abstains."""
    value = channel.likeness(np.array([row]), np.array([other]), collection)
    return 0.0 if value is None or np.isnan(value[0, 0]) else float(value[0, 0])
