"""Likes and ratings of a file, brought into a room: each person of the file a profile there, each line an event."""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from artrec.community import people
from artrec.community.actions import LIKE, RATING, STARS, checked
from artrec.community.failures import StoreError
from artrec.community.people import Room
from artrec.community.store import Store
from artrec.community.tables import events, profiles

_BATCH = 10_000  # events that are written at once


@dataclass(frozen=True)
class Imported:
    """What came of it. `renamed`: people whose name in the file is no pseudonym (too long, or an e-mail address); they got
    one."""

    events: int
    people: int
    new_people: int
    renamed: int


def import_ratings(
    store: Store, room: Room, names: Sequence[str], rows: Iterable[tuple[int, str, float, float]],
    scale: tuple[float, float] | None, digest: str,
) -> Imported:  # fmt: skip
    """Bring a file in, whole or not at all. `names`: people by number; `rows`: (number, artwork_id, value, time; NaN where not
    known), `scale`: the lowest and highest rating, which become 1 and 5 stars, or None where all are likes; `digest`: of the
    file. Somebody of that name who is in the room already gets the ratings. Raises `StoreError` where the room has the file."""
    done, now = f"imported_{room.id}_{digest}", time.time()
    with store.database.writing() as connection:

        def once(was):
            if was is not None:
                raise StoreError(f"{room.name} has the ratings of this file already.", "Nothing was changed.")
            return now

        store.settings.update_within(connection, done, once)
        there = dict(connection.execute(select(profiles.c.folded, profiles.c.id).where(profiles.c.room_id == room.id)).all())
        before, renamed, ids = len(there), 0, []
        for number, given in enumerate(names, start=1):
            try:
                name = people.pseudonym(given)
            except StoreError:
                renamed += 1
                name = _free(number, there)
            key = people.folded(name)
            if key not in there:
                row = {"key": people.new_key(), "pseudonym": name, "folded": key, "room_id": room.id, "made": now}
                there[key] = connection.execute(insert(profiles).values(**row)).inserted_primary_key[0]
            ids.append(there[key])
        batch, count = [], 0
        for number, artwork_id, value, at in rows:
            stars = None if scale is None else as_stars(value, scale)
            when = now if math.isnan(at) else at
            batch.append({"profile_id": ids[number]} | checked(LIKE if scale is None else RATING, artwork_id, stars, at=when))
            count += 1
            if len(batch) == _BATCH:
                connection.execute(insert(events), batch)
                batch = []
        if batch:
            connection.execute(insert(events), batch)
    return Imported(count, len(set(ids)), len(there) - before, renamed)


def as_stars(value: float, scale: tuple[float, float]) -> float:
    """A rating on any scale as 1 to 5, in even steps."""
    low, high = scale
    return STARS[0] if high <= low else STARS[0] + (STARS[1] - STARS[0]) * (value - low) / (high - low)


def _free(number: int, taken: dict) -> str:
    """A made-up name that nobody has."""
    while people.folded(name := f"Visitor {number}") in taken:
        number += 1_000_000
    return name
