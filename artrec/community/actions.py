"""What a person does with a work, and which of it is accepted."""

import time
from dataclasses import dataclass

from artrec.community.failures import StoreError
from artrec.community.people import visible

VIEW, LIKE, DISLIKE, CLEAR, RATING, NOTE, SAVE = "view", "like", "dislike", "clear", "rating", "note", "save"
KINDS = (VIEW, LIKE, DISLIKE, CLEAR, RATING, NOTE, SAVE)
OPINIONS = (LIKE, DISLIKE, CLEAR, RATING)  # kinds that say what somebody thinks of a work
STARS = (1.0, 5.0)
LONGEST_VIEW = 600.0  # seconds: whoever looks longer has left the room
LONGEST_TEXT = {NOTE: 2_000, SAVE: 80}  # characters of a note, of a board's name
LONGEST_ID = 500
_EARLIEST, _LATEST = -2e9, 1e11  # seconds; larger ones are no time, but milliseconds


@dataclass(frozen=True)
class Event:
    """One thing that somebody did. `value`: seconds of a view, stars (1–5) of a rating; `text`: a note, the name of a board;
    `at`: seconds since 1970."""

    id: int
    kind: str
    artwork_id: str
    value: float | None
    text: str | None
    at: float

    @property
    def strength(self) -> float | None:
        """What it says about taste, from -1 to 1: like 1, dislike -1, stars in even steps; None where it says nothing."""
        if self.kind == RATING:
            return strength(self.value)
        return {LIKE: 1.0, DISLIKE: -1.0}.get(self.kind)


def strength(stars: float) -> float:
    """Stars from 1 to 5 as -1 to 1."""
    low, high = STARS
    return 2 * (stars - low) / (high - low) - 1


def checked(kind: str, artwork_id: str, value: float | None = None, text: str | None = None, at: float | None = None) -> dict:
    """An event's columns, cleaned. Raises `StoreError` where a part is missing, too long or off its scale."""
    if kind not in KINDS:
        raise StoreError(f"“{str(kind)[:20]}” is nothing that the store keeps.", f"It keeps {', '.join(KINDS)}.")
    artwork_id = visible(str(artwork_id)).strip()
    if not 1 <= len(artwork_id) <= LONGEST_ID:
        raise StoreError(f"An artwork's id has 1 to {LONGEST_ID} characters.", "Give the id of one artwork.")
    when = time.time() if at is None else float(at)
    if not _EARLIEST < when < _LATEST:  # NaN too
        raise StoreError("That is no time.", "Give seconds since 1970.")
    return {
        "kind": kind,
        "artwork_id": artwork_id,
        "value": _value(kind, value),
        "text": _text(kind, text),
        "at": when,
    }


def _value(kind: str, value: float | None) -> float | None:
    if kind == VIEW:
        seconds = 0.0 if value is None else float(value)
        if not seconds >= 0:  # NaN too
            raise StoreError("A view lasts 0 seconds or longer.", "Give how long it was looked at.")
        return min(seconds, LONGEST_VIEW)
    if kind != RATING:
        return None
    low, high = STARS
    if value is None or not low <= value <= high:
        raise StoreError("A rating is a number from 1 to 5.", "Give 1 for not at all, 5 for very much.")
    return float(value)


def _text(kind: str, text: str | None) -> str | None:
    most = LONGEST_TEXT.get(kind)
    if most is None:
        return None
    found = visible(text or "", keep="\n\t").strip()
    found = found if kind == NOTE else " ".join(found.split())
    what = "A note" if kind == NOTE else "A board's name"
    if not found:
        raise StoreError(f"{what} is empty.", "Write something first.")
    if len(found) > most:
        raise StoreError(f"{what} has {len(found):,} characters; {most:,} are allowed.", "Shorten it.")
    return found
