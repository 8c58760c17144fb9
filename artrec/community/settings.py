"""Settings of the store: names with JSON values, the same for everybody who uses it."""

import json
from collections.abc import Callable

from sqlalchemy import delete, insert, select, update

from artrec.community.connections import Database
from artrec.community.failures import StoreError
from artrec.community.tables import settings

LONGEST_VALUE = 100_000  # characters of JSON


class Settings:
    """Read and changed by name. Two who change one at once take turns."""

    def __init__(self, database: Database):
        self._database = database

    def get(self, key: str, default=None):
        """A setting, or the default where it was never set."""
        with self._database.reading() as connection:
            found = connection.scalar(select(settings.c.value).where(settings.c.key == key))
        return default if found is None else json.loads(found)

    def set(self, key: str, value) -> None:
        """Set it; None takes it away."""
        self.update(key, lambda _: value)

    def update(self, key: str, change: Callable, default=None):
        """Set it to `change(what it was)` with nobody in between, as a budget that is spent needs it. Returns the new value.
        Whatever `change` raises leaves it as it was."""
        with self._database.writing() as connection:
            return self.update_within(connection, key, change, default)

    @staticmethod
    def update_within(connection, key: str, change: Callable, default=None):
        """The same, as a part of a transaction that is under way."""
        if connection.dialect.name == "postgresql":  # a row to lock, also where there was none
            from sqlalchemy.dialects.postgresql import insert as insert_or_not

            connection.execute(insert_or_not(settings).values(key=key, value="null").on_conflict_do_nothing())
        found = connection.scalar(select(settings.c.value).where(settings.c.key == key).with_for_update())
        was = default if found is None or found == "null" else json.loads(found)
        value = change(was)
        written = json.dumps(value, ensure_ascii=True)
        if len(written) > LONGEST_VALUE:
            raise StoreError(f"The setting {key[:40]} is too long.", "Keep it shorter.")
        if value is None:
            connection.execute(delete(settings).where(settings.c.key == key))
        elif found is None and connection.dialect.name != "postgresql":
            connection.execute(insert(settings).values(key=key, value=written))
        else:
            connection.execute(update(settings).where(settings.c.key == key).values(value=written))
        return value
