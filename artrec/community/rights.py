"""What a person may ask of the store: all that it keeps of them, and that nothing stays. And how long it keeps anything."""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, select

from artrec.community.actions import NOTE, RATING
from artrec.community.failures import StoreError, UnknownProfile
from artrec.community.tables import events, profiles, rooms

if TYPE_CHECKING:
    from artrec.community.people import Room
    from artrec.community.store import Store

DAY = 86_400.0
LONGEST = 36_500  # days
RETENTION = "retention_days"
FORMAT = 1


class Rights:
    """Export, deletion and retention over one store."""

    def __init__(self, store: "Store"):
        self._store = store
        self._swept = 0.0

    def export(self, profile_id: int) -> dict:
        """All that is kept of a person: name, room, every event, and what stands of it. Times are ISO 8601 in UTC."""
        profile = self._store.profile(profile_id)
        found = self._store.events(profile.id)
        likes, dislikes = self._store.marks(profile.id)
        with self._store.database.reading() as connection:
            made = connection.scalar(select(profiles.c.made).where(profiles.c.id == profile.id))
        return {
            "format": FORMAT,
            "pseudonym": profile.pseudonym,
            "room": profile.room.name if profile.room else None,
            "made": iso(made) if made is not None else None,
            "likes": list(likes),
            "dislikes": list(dislikes),
            "ratings": {event.artwork_id: event.value for event in found if event.kind == RATING},
            "notes": [{"artwork_id": e.artwork_id, "text": e.text, "at": iso(e.at)} for e in found if e.kind == NOTE],
            "boards": {board: list(works) for board, works in self._store.boards(profile.id).items()},
            "events": [
                {"kind": e.kind, "artwork_id": e.artwork_id, "value": e.value, "text": e.text, "at": iso(e.at)} for e in found
            ],
        }

    def forget(self, profile_id: int) -> None:
        """Delete a person with every event. Raises `UnknownProfile` where there is none."""
        known = self._store.profile(profile_id).id
        with self._store.database.writing() as connection:
            if not connection.execute(delete(profiles).where(profiles.c.id == known)).rowcount:
                raise UnknownProfile()
        self._store.database.scrub()

    def close_room(self, room: "Room") -> int:
        """Delete a room with everybody in it and all they did. Returns how many people that were."""
        with self._store.database.writing() as connection:
            count = connection.scalar(select(func.count()).select_from(profiles).where(profiles.c.room_id == room.id))
            connection.execute(delete(rooms).where(rooms.c.id == room.id))
        self._store.database.scrub()
        return count

    @property
    def days(self) -> int | None:
        """How many days events are kept; None for ever."""
        return self._store.settings.get(RETENTION)

    def retention(self, days: int | None) -> int:
        """See `Store.retention`. Raises `StoreError` where `days` is no number from 1 to 36,500."""
        if days is not None and (isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= LONGEST):
            raise StoreError(f"Retention is a whole number of days from 1 to {LONGEST:,}.", "Or set it to keep all for ever.")
        self._store.settings.set(RETENTION, days)
        return self.sweep()

    def sweep(self, now: float | None = None) -> int:
        """Delete events that are older than the retention, then people and rooms as old that have nothing left. Returns how
        many events were deleted."""
        self._swept, days = time.monotonic(), self.days
        if days is None:
            return 0
        oldest = (time.time() if now is None else now) - days * DAY
        with self._store.database.writing() as connection:
            count = connection.execute(delete(events).where(events.c.at < oldest)).rowcount
            idle = ~exists().where(events.c.profile_id == profiles.c.id)
            people = connection.execute(delete(profiles).where((profiles.c.made < oldest) & idle)).rowcount
            empty = ~exists().where(profiles.c.room_id == rooms.c.id)
            connection.execute(delete(rooms).where((rooms.c.made < oldest) & empty))
        if count or people:
            self._store.database.scrub()
        return count

    def sweep_when_due(self) -> None:
        """Sweep where the last time is a day ago or longer."""
        if not self._swept or time.monotonic() - self._swept > DAY:
            self.sweep()


def iso(at: float) -> str:
    """Seconds since 1970 as 2026-11-05T14:30:00+00:00."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
