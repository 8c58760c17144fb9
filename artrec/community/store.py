"""The store: people under pseudonyms, their rooms, and what they did with works of art. It outlives the app.

    store = open_store()
    heron = store.add_profile("Blue Heron")
    store.record(heron.id, "like", "hokusai-great-wave")
    store.marks(heron.id)  # (("hokusai-great-wave",), ())

SQLite or PostgreSQL (`connections`), through SQLAlchemy Core. Threads may share a store. Every method raises `StoreError` where
the database cannot do it, in one sentence.
"""

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from artrec.community import people, rights
from artrec.community.actions import CLEAR, DISLIKE, LIKE, OPINIONS, RATING, SAVE, VIEW, Event, checked
from artrec.community.connections import PATIENCE, Database
from artrec.community.failures import StoreError, UnknownProfile, UnknownRoom
from artrec.community.people import Profile, Room
from artrec.community.settings import Settings
from artrec.community.tables import events, profiles, rooms

LARGEST = 2**62  # of a number that a database takes
_EVENT = (events.c.id, events.c.kind, events.c.artwork_id, events.c.value, events.c.text, events.c.at)
_PROFILE = (profiles.c.id, profiles.c.pseudonym, profiles.c.key, rooms.c.id, rooms.c.code, rooms.c.name)
_BATCH = 10_000  # rows that are read or written at once


def open_store(url: str | None = None, patience: float = PATIENCE) -> "Store":
    """The store at `url` (default: `ARTREC_DATABASE_URL`, else the file community.sqlite in `ARTREC_HOME`), made or brought up
    to date where need be. `patience`: seconds to wait for others who write. Raises `StoreError`."""
    return Store(Database(url, patience))


class Store:
    """See the module. Ids are whole numbers; an id that nobody has raises `UnknownProfile`."""

    def __init__(self, database: Database):
        self.database = database
        self.settings = Settings(database)
        self.rights = rights.Rights(self)
        self.rights.sweep_when_due()

    @property
    def where(self) -> str:
        """The database as it may be shown."""
        return self.database.where

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()

    # people

    def add_profile(self, pseudonym: str, room_code: str | None = None) -> Profile:
        """A new profile; in a room where there is a join code. Raises `StoreError` where the name is taken there or is none."""
        name = people.pseudonym(pseudonym)
        row = {"key": people.new_key(), "pseudonym": name, "folded": people.folded(name), "made": time.time()}
        with self._name_free(name), self.database.writing() as connection:
            room = self._room(connection, room_code) if room_code else None
            made = connection.execute(insert(profiles).values(**row, room_id=room.id if room else None))
            return Profile(made.inserted_primary_key[0], name, room, row["key"])

    def profiles(self, room: Room | None = None) -> list[Profile]:
        """Everybody in a room, or everybody who is in none, by name."""
        inside = profiles.c.room_id.is_(None) if room is None else profiles.c.room_id == room.id
        return self._people(_selected().where(inside).order_by(profiles.c.folded))

    def everybody(self) -> list[Profile]:
        """All profiles, room by room."""
        return self._people(_selected().order_by(rooms.c.name, profiles.c.folded))

    def profile(self, profile_id: int) -> Profile:
        """The profile of that number. Raises `UnknownProfile`."""
        found = self._people(_selected().where(profiles.c.id == _number(profile_id)))
        if not found:
            raise UnknownProfile()
        return found[0]

    def profile_by_key(self, key: str) -> Profile | None:
        """The profile that a browser remembers; None where it is gone."""
        found = self._people(_selected().where(profiles.c.key == people.visible(key)))
        return found[0] if found else None

    def create_room(self, name: str) -> Room:
        """A new room, with a join code drawn by chance."""
        name = people.room_name(name)
        for _ in range(5):  # a code may be taken
            code = people.new_code()
            try:
                with self.database.writing() as connection:
                    made = connection.execute(insert(rooms).values(code=code, name=name, made=time.time()))
                    return Room(made.inserted_primary_key[0], code, name)
            except IntegrityError:
                continue
        raise StoreError("No join code is free.", "Try again.")

    def room(self, code: str) -> Room:
        """The room that a join code opens. Raises `UnknownRoom`."""
        with self.database.reading() as connection:
            return self._room(connection, code)

    def rooms(self) -> list[Room]:
        """All rooms, by name."""
        with self.database.reading() as connection:
            return [
                Room(*row) for row in connection.execute(select(rooms.c.id, rooms.c.code, rooms.c.name).order_by(rooms.c.name))
            ]

    def join(self, profile: Profile, code: str) -> Profile:
        """Move a profile into the room with this code. Raises `UnknownRoom`, and `StoreError` where its name is taken there."""
        with self._name_free(profile.pseudonym), self.database.writing() as connection:
            return self._move(connection, profile, self._room(connection, code))

    def leave(self, profile: Profile) -> Profile:
        """Take a profile out of its room; it keeps all it has."""
        with self._name_free(profile.pseudonym), self.database.writing() as connection:
            return self._move(connection, profile, None)

    # what they do

    def record(
        self, profile_id: int, kind: str, artwork_id: str, value: float | None = None, text: str | None = None,
        at: float | None = None,
    ) -> int:  # fmt: skip
        """Keep one event (see `actions.checked`); its number. On the disk when this returns."""
        row = checked(kind, artwork_id, value, text, at)
        with self._known(), self.database.writing(one=True) as connection:
            return connection.execute(insert(events).values(profile_id=_number(profile_id), **row)).inserted_primary_key[0]

    def record_all(self, profile_id: int, done: Iterable[Sequence]) -> int:
        """Keep several events, each as `record` takes it (kind, artwork_id, …), as one action: all or none, and taken back
        together. Returns how many."""
        action = secrets.randbelow(LARGEST)
        rows = [{"profile_id": _number(profile_id), "action": action, **checked(*one)} for one in done]
        if rows:
            with self._known(), self.database.writing() as connection:
                connection.execute(insert(events), rows)
        return len(rows)

    def events(self, profile_id: int, since: int | None = None) -> list[Event]:
        """What a person did, oldest first, without what was taken back; those after event number `since`."""
        asked = select(*_EVENT).where(events.c.profile_id == _number(profile_id)).order_by(events.c.at, events.c.id)
        if since is not None:
            asked = asked.where(events.c.id > since)
        with self.database.reading() as connection:
            return [Event(*row) for row in connection.execute(asked)]

    def undo(self, profile_id: int) -> Event | None:
        """Take the last action back: it is deleted, with all that belongs to it, and what it had replaced counts again. Views
        stay. Returns its last event, or None where there is nothing to take back."""
        mine = (events.c.profile_id == _number(profile_id)) & (events.c.kind != VIEW)
        asked = select(*_EVENT, events.c.action).where(mine).order_by(events.c.id.desc()).limit(1)
        with self.database.writing() as connection:
            connection.execute(select(profiles.c.id).where(profiles.c.id == profile_id).with_for_update())  # one undo at a time
            row = connection.execute(asked).first()
            if row is None:
                return None
            *last, action = row
            which = events.c.id == last[0] if action is None else mine & (events.c.action == action)
            connection.execute(delete(events).where(which))
            return Event(*last)

    def take_back(self, profile_id: int, event_id: int) -> bool:
        """Delete one event of a person, such as an old note; whether it was there."""
        mine = (events.c.profile_id == _number(profile_id)) & (events.c.id == event_id)
        with self.database.writing(one=True) as connection:
            return connection.execute(delete(events).where(mine)).rowcount > 0

    def marks(self, profile_id: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids of the works that a person likes and of those disliked, by the last word on each, oldest first."""
        mine = (events.c.profile_id == _number(profile_id)) & events.c.kind.in_((LIKE, DISLIKE, CLEAR))
        standing: dict[str, str] = {}
        with self.database.reading() as connection:
            for artwork_id, kind in connection.execute(
                select(events.c.artwork_id, events.c.kind).where(mine).order_by(events.c.at, events.c.id)
            ):
                standing.pop(artwork_id, None)
                standing[artwork_id] = kind
        return tuple(i for i, k in standing.items() if k == LIKE), tuple(i for i, k in standing.items() if k == DISLIKE)

    def about(self, profile_id: int, artwork_id: str) -> list[Event]:
        """What a person did with one work, oldest first."""
        mine = (events.c.profile_id == _number(profile_id)) & (events.c.artwork_id == artwork_id)
        with self.database.reading() as connection:
            return [Event(*row) for row in connection.execute(select(*_EVENT).where(mine).order_by(events.c.at, events.c.id))]

    def boards(self, profile_id: int) -> dict[str, tuple[str, ...]]:
        """A person's boards by name, in the order in which they were begun, each with its works, each once."""
        mine = (events.c.profile_id == _number(profile_id)) & (events.c.kind == SAVE)
        asked = select(events.c.text, events.c.artwork_id).where(mine).order_by(events.c.at, events.c.id)
        found: dict[str, dict[str, None]] = {}
        with self.database.reading() as connection:
            for board, artwork_id in connection.execute(asked):
                found.setdefault(board, {})[artwork_id] = None
        return {board: tuple(works) for board, works in found.items()}

    # the community

    def opinions(self, room: Room | None = None) -> Iterator[tuple[int, str, float, float]]:
        """(profile, artwork, strength from -1 to 1, time): what each person thinks of each work by the last word on it, likes,
        dislikes and ratings; in a room, or everywhere. People in order of their numbers."""
        rated = events.c.kind == RATING
        newest = func.row_number().over(
            partition_by=(events.c.profile_id, events.c.artwork_id, rated), order_by=(events.c.at.desc(), events.c.id.desc())
        )
        columns = (events.c.profile_id, events.c.artwork_id, events.c.kind, events.c.value, events.c.at, events.c.id)
        asked = self._inside(select(*columns, newest.label("newest")).where(events.c.kind.in_(OPINIONS)), room).subquery()
        last = select(asked).where((asked.c.newest == 1) & (asked.c.kind != CLEAR))
        last = last.order_by(asked.c.profile_id, asked.c.artwork_id, asked.c.at, asked.c.id)
        with self.database.reading(many=True) as connection:
            held = None  # a like and a rating of one work may both stand: the later one counts
            for row in connection.execution_options(yield_per=_BATCH).execute(last):
                if held is not None and (held.profile_id, held.artwork_id) != (row.profile_id, row.artwork_id):
                    yield _opinion(held)
                held = row
            if held is not None:
                yield _opinion(held)

    def count(self, room: Room | None = None, since_event: int = 0, kinds: Sequence[str] | None = None) -> int:
        """How many events there are after event number `since_event`; in a room, or everywhere; of some kinds, or all."""
        asked = self._inside(select(func.count()).select_from(events).where(events.c.id > since_event), room)
        if kinds is not None:
            asked = asked.where(events.c.kind.in_(kinds))
        with self.database.reading() as connection:
            return connection.scalar(asked)

    def last_event(self) -> int:
        """The number of the newest event; 0 where there is none."""
        with self.database.reading() as connection:
            return connection.scalar(select(func.coalesce(func.max(events.c.id), 0)))

    # the rights of a person

    def export(self, profile_id: int) -> dict:
        """All that is kept of a person, as a document for JSON."""
        return self.rights.export(profile_id)

    def forget(self, profile_id: int) -> None:
        """Delete a person with everything they did, notes and boards included."""
        self.rights.forget(profile_id)

    def retention(self, days: int | None) -> int:
        """Keep events that many days, None for ever, and delete what is older now. Returns how many were deleted."""
        return self.rights.retention(days)

    # inside

    @staticmethod
    def _inside(asked: Select, room: Room | None) -> Select:
        if room is None:
            return asked
        return asked.where(events.c.profile_id.in_(select(profiles.c.id).where(profiles.c.room_id == room.id)))

    @staticmethod
    def _room(connection, code: str) -> Room:
        wanted = people.join_code(people.visible(code))
        row = connection.execute(select(rooms.c.id, rooms.c.code, rooms.c.name).where(rooms.c.code == wanted)).first()
        if row is None:
            raise UnknownRoom(people.visible(code))
        return Room(*row)

    @staticmethod
    def _move(connection, profile: Profile, room: Room | None) -> Profile:
        moved = update(profiles).where(profiles.c.id == _number(profile.id)).values(room_id=room.id if room else None)
        if not connection.execute(moved).rowcount:
            raise UnknownProfile()
        return Profile(profile.id, profile.pseudonym, room, profile.key)

    def _people(self, asked: Select) -> list[Profile]:
        with self.database.reading() as connection:
            return [
                Profile(number, name, Room(*room) if room[0] is not None else None, key)
                for number, name, key, *room in connection.execute(asked)
            ]

    @staticmethod
    def _known():
        return _broken(UnknownProfile())

    @staticmethod
    def _name_free(name: str):
        return _broken(StoreError(f"There is a “{name}” already.", "Choose another name, or pick that profile if it is yours."))


class _broken:
    """Says what it means where a rule of the tables is broken inside the block."""

    def __init__(self, meaning: StoreError):
        self._meaning = meaning

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, trace) -> None:
        if isinstance(error, IntegrityError):
            raise self._meaning from None


def _selected() -> Select:
    return select(*_PROFILE).select_from(profiles.outerjoin(rooms, profiles.c.room_id == rooms.c.id))


def _opinion(row) -> tuple[int, str, float, float]:
    return row.profile_id, row.artwork_id, Event(row.id, row.kind, row.artwork_id, row.value, None, row.at).strength, row.at


def _number(profile_id: int) -> int:
    """An id that a database can take. Raises `UnknownProfile` for anything else."""
    if isinstance(profile_id, bool) or not isinstance(profile_id, int) or not 0 < profile_id < LARGEST:
        raise UnknownProfile()
    return profile_id
