"""What somebody did, oldest first → their profile: the last word on each work, faded; what was looked at; what notes say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from artrec.catalogue import Catalogue
from artrec.learning.aspects import leanings
from artrec.learning.decay import HALF_LIFE, faded
from artrec.learning.lessons import Opinion
from artrec.learning.notes import COUNTS
from artrec.profile import MAX_GLANCES, Leaning, Profile

LOOKED, LONG_LOOK, LOOK_COUNTS = (
    5.0,
    60.0,
    0.2,
)  # seconds that count at all, that count fully; the most they count beside a like
NEUTRAL = 0.1  # strength of an opinion below which it is none
TASTE = "your taste"  # in an artwork's place: a note on no work in particular


class Done(Protocol):
    """As much of a store's event as is read. `kind`: view, like, dislike, clear, rating, note or save."""

    kind: str
    artwork_id: str
    value: float | None
    text: str | None
    at: float
    strength: float | None


@dataclass(frozen=True)
class Learned:
    """`profile`: what the recommender is given; `opinions`: likes and dislikes in the order in which they were given, for the
    weights; `notes`: (text, seconds, artwork id) of each note, oldest first."""

    profile: Profile
    opinions: tuple[Opinion, ...]
    notes: tuple[tuple[str, float, str], ...]


def learn(
    events: Iterable[Done], catalogue: Catalogue, half_life: float = HALF_LIFE, sentiment: Callable[[str], float] | None = None
) -> Learned:
    """`sentiment`: what a note says of the work that it is on, in [-1, 1]; it counts half as much as a like, where nothing else
    was said of the work. Works that the catalogue does not hold are left out."""
    said: dict[str, tuple[float, float]] = {}  # id → strength in [-1, 1], seconds
    written: dict[str, tuple[float, float]] = {}
    looked: dict[str, float] = {}
    notes = []
    for event in events:
        known = event.artwork_id in catalogue
        if event.kind == "note":
            if known or event.artwork_id == TASTE:
                notes.append((event.text or "", event.at, event.artwork_id if known else ""))
            if known and sentiment is not None:
                written.pop(event.artwork_id, None)
                written[event.artwork_id] = (COUNTS * sentiment(event.text or ""), event.at)
        elif not known:
            continue
        elif event.kind == "view":
            looked[event.artwork_id] = looked.pop(event.artwork_id, 0.0) + (event.value or 0.0)
        elif event.kind == "save":
            written.pop(event.artwork_id, None)
            written[event.artwork_id] = (COUNTS, event.at)
        elif event.kind == "clear":
            said.pop(event.artwork_id, None)
        else:
            said.pop(event.artwork_id, None)
            said[event.artwork_id] = (float(event.strength), event.at)
    return _together({**{i: w for i, w in written.items() if i not in said}, **said}, looked, notes, catalogue, half_life)


def _together(
    said: dict[str, tuple[float, float]], looked: dict[str, float], notes: Sequence, catalogue: Catalogue, half_life: float
) -> Learned:
    ordered = sorted(said.items(), key=lambda pair: pair[1][1])
    faint = faded([at for _, (_, at) in ordered], half_life)
    counted = [(i, s, float(f)) for (i, (s, _)), f in zip(ordered, faint, strict=True) if abs(s) >= NEUTRAL]
    strengths = tuple((i, max(abs(s) * f, 1e-6)) for i, s, f in counted if abs(s) * f < 1)
    seconds = {i: s for i, s in looked.items() if s >= LOOKED and i not in said}
    glances = tuple((i, LOOK_COUNTS * float(np.clip(s / LONG_LOOK, 0, 1))) for i, s in list(seconds.items())[-MAX_GLANCES:])
    about = [(text, at, catalogue[catalogue.row(i)] if i else None) for text, at, i in notes]
    wishes: tuple[Leaning, ...] = leanings(about, catalogue, half_life)
    likes, dislikes = tuple(i for i, s, _ in counted if s > 0), tuple(i for i, s, _ in counted if s < 0)
    opinions = tuple(Opinion(i, s > 0, abs(s)) for i, s, _ in counted)
    return Learned(Profile(likes, dislikes, strengths, glances, wishes), opinions, tuple(notes))
