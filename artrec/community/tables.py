"""The store's tables, as queries name them. What makes them stands in `migrations`; a test compares the two.

rooms      a class: its join code and name
profiles   a pseudonym, in a room or in none; `key` is an unguessable handle for a browser to remember
events     what somebody did with a work, never changed; `action` ties together what one click did
settings   name → JSON
"""

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Integer, MetaData, Table, Text

_ID = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

rooms = Table(
    "rooms",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("made", Double, nullable=False),  # seconds since 1970, as every time here
)
profiles = Table(
    "profiles",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("key", Text, nullable=False),
    Column("pseudonym", Text, nullable=False),
    Column("folded", Text, nullable=False),  # what makes two pseudonyms the same
    Column("room_id", _ID, ForeignKey("rooms.id")),
    Column("made", Double, nullable=False),
)
events = Table(
    "events",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("profile_id", _ID, ForeignKey("profiles.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("artwork_id", Text, nullable=False),
    Column("value", Double),
    Column("text", Text),
    Column("at", Double, nullable=False),
    Column("action", _ID),
)
settings = Table("settings", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
