"""Full disks, locks, damage, newer versions, lost servers: one sentence each, nothing half-written. And nothing is left of what
was deleted."""

import os
import sqlite3
import stat

import pytest
from sqlalchemy import inspect, text

from artrec.community import connections, migrations, tables
from artrec.community.failures import StoreError
from artrec.community.migrations import SCHEMA, STEPS, migrate
from artrec.community.store import open_store


@pytest.fixture
def lite(tmp_path):
    found = open_store(f"sqlite:///{tmp_path / 'community.sqlite'}", patience=0.1)
    yield found
    found.close()


def told(error) -> StoreError:
    """The error, after a look that it is one short line without an address's password."""
    said = str(error.value)
    assert "\n" not in said and len(said) < 300 and "secret" not in said and error.value.cure
    return error.value


def in_schema(store) -> str | None:
    return SCHEMA if store.database.where.startswith("postgresql") else None


def test_the_steps_make_the_tables_that_queries_name(store):
    with store.database.reading() as connection:
        found = inspect(connection)
        assert set(found.get_table_names(in_schema(store))) == {*tables.metadata.tables, "version"}
        for name, table in tables.metadata.tables.items():
            columns = {c["name"]: c["nullable"] for c in found.get_columns(name, in_schema(store))}
            assert columns | {"id": False} == {c.name: c.nullable for c in table.columns} | {"id": False}


def test_an_older_database_is_brought_up_to_date_and_keeps_what_it_has(store, url, monkeypatch):
    heron = store.add_profile("Heron")
    store.record(heron.id, "like", "a")
    store.close()
    later = (*STEPS, ("ALTER TABLE rooms ADD COLUMN colour TEXT", "UPDATE rooms SET colour = 'blue'"))
    with monkeypatch.context() as patch:
        patch.setattr(connections, "migrate", lambda connection, where: migrate(connection, where, later))
        newer = open_store(url)
        assert newer.marks(heron.id) == (("a",), ())
        with newer.database.reading() as connection:
            assert "colour" in {c["name"] for c in inspect(connection).get_columns("rooms", in_schema(newer))}
        newer.close()
    with pytest.raises(StoreError, match="newer ArtRec") as error:
        open_store(url)
    assert "Update ArtRec" in told(error).cure


def test_a_step_that_fails_leaves_the_database_as_it_was(store, url, monkeypatch):
    store.close()
    broken = (*STEPS, ("ALTER TABLE rooms ADD COLUMN colour TEXT", "no SQL at all"))
    with monkeypatch.context() as patch:
        patch.setattr(connections, "migrate", lambda connection, where: migrate(connection, where, broken))
        with pytest.raises(StoreError) as error:
            open_store(url)
        told(error)
    again = open_store(url)
    with again.database.reading() as connection:
        assert "colour" not in {c["name"] for c in inspect(connection).get_columns("rooms", in_schema(again))}
    again.close()


def test_a_full_disk_is_said_and_what_was_kept_is_kept(lite, monkeypatch):
    heron = lite.add_profile("Heron")
    lite.record(heron.id, "like", "a")
    with lite.database.reading() as connection:  # SQLite answers as on a full disk once the file may not grow
        pages = connection.scalar(text("PRAGMA page_count"))
    lite.database.close()
    monkeypatch.setattr(connections, "_SQLITE", (*connections._SQLITE, f"PRAGMA max_page_count = {pages}"))
    full = open_store(f"sqlite:///{lite.database.place}", patience=0.1)
    with pytest.raises(StoreError, match="no space left") as error:
        full.record_all(heron.id, [("note", f"w{n}", None, "x" * 1_000) for n in range(200)])
    told(error)
    assert full.count() == 1 and full.marks(heron.id) == (("a",), ())
    full.close()


def test_a_locked_database_is_said_and_readers_do_not_wait(lite):
    heron = lite.add_profile("Heron")
    other = sqlite3.connect(lite.database.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="is locked") as error:
        lite.record(heron.id, "like", "a")
    told(error)
    assert lite.profiles() == [heron]
    other.execute("ROLLBACK")
    other.close()
    assert lite.record(heron.id, "like", "a")


def test_a_locked_table_on_a_server_is_said(people_server):
    people_server.run("CREATE DATABASE locked STRATEGY file_copy")
    import psycopg

    found = open_store(people_server.address("locked"), patience=0.2)
    heron = found.add_profile("Heron")
    with psycopg.connect(people_server.address("locked")) as other:
        other.execute(f"LOCK TABLE {SCHEMA}.events IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreError, match="is locked") as error:
            found.record(heron.id, "like", "a")
        told(error)
    assert found.record(heron.id, "like", "a")
    found.close()


def test_a_connection_that_the_server_dropped_is_made_anew(people_server):
    people_server.run("CREATE DATABASE dropped STRATEGY file_copy")
    found = open_store(people_server.address("dropped"))
    heron = found.add_profile("Heron")
    people_server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'dropped'")
    assert found.record(heron.id, "like", "a") and found.profiles() == [heron]
    found.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://u:secret@127.0.0.1:1/x", "127.0.0.1"),
        ("postgresql://u:sec/ret@[::1/secret", "cannot be re(ad|ached)"),
        ("mysql://u:secret@x/y", "neither SQLite's nor PostgreSQL's"),
        ("sqlite://", "neither SQLite's nor PostgreSQL's"),
    ],
)
def test_an_address_that_leads_nowhere(address, said):
    with pytest.raises(StoreError, match=said) as error:
        open_store(address, patience=1)
    told(error)


def test_a_database_that_is_not_on_the_server(people_server):
    with pytest.raises(StoreError) as error:
        open_store(people_server.address("nowhere"))
    told(error)


def test_a_user_who_may_not_write(people_server):
    people_server.run("CREATE DATABASE reading STRATEGY file_copy", "CREATE ROLE guest LOGIN")
    open_store(people_server.address("reading")).close()
    address = people_server.address("reading").replace("postgres:@", "guest:@")
    with pytest.raises(StoreError, match="This user may not") as error:
        open_store(address)
    told(error)


def test_files_that_are_no_database_or_a_damaged_one(tmp_path):
    (tmp_path / "text.sqlite").write_text("not a database, and long enough to be looked at\n" * 50)
    with pytest.raises(StoreError, match="not a database of ArtRec") as error:
        open_store(f"sqlite:///{tmp_path / 'text.sqlite'}")
    told(error)
    file = tmp_path / "torn.sqlite"
    store = open_store(f"sqlite:///{file}")
    heron = store.add_profile("Heron")
    store.record_all(heron.id, [("note", f"w{n}", None, "x" * 1_000) for n in range(200)])
    store.database.scrub()
    store.close()
    whole = bytearray(file.read_bytes())
    whole[4096:-4096] = b"\xff" * (len(whole) - 8192)
    file.write_bytes(whole)
    with pytest.raises(StoreError, match="damaged|not a database") as error:
        open_store(f"sqlite:///{file}").events(heron.id)
    told(error)


def test_a_folder_that_cannot_be_made_and_a_folder_in_the_files_place(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made") as error:
        open_store(f"sqlite:///{tmp_path / 'file' / 'x.sqlite'}")
    told(error)
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(StoreError, match="cannot be opened") as error:
        open_store(f"sqlite:///{tmp_path / 'folder.sqlite'}")
    told(error)


def test_nobody_else_on_this_computer_may_read_the_file(lite):
    assert stat.S_IMODE(os.stat(lite.database.place).st_mode) == 0o600


def test_nothing_of_a_deleted_person_stays_in_the_files(lite):
    fox, heron = lite.add_profile("Fox"), lite.add_profile("Zaunkoenig-of-the-hedge")
    lite.record(heron.id, "note", "a", text="unmistakable words of mine")
    lite.record(heron.id, "save", "a", text="unmistakable board")
    lite.record(fox.id, "like", "a")
    folder = lite.database.place.parent

    def everything() -> bytes:
        return b"".join(file.read_bytes() for file in folder.glob("community.sqlite*"))

    assert b"unmistakable" in everything() and b"Zaunkoenig" in everything()
    lite.forget(heron.id)
    assert b"unmistakable" not in everything() and b"Zaunkoenig" not in everything().replace(b"zaunkoenig", b"Zaunkoenig")
    lite.record(fox.id, "note", "a", text="another thing to regret")
    lite.undo(fox.id)
    lite.database.scrub()
    assert b"regret" not in everything()


def test_the_default_is_a_file_in_the_home_of_artrec(monkeypatch, tmp_path):
    monkeypatch.delenv("ARTREC_DATABASE_URL", raising=False)
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))
    open_store().close()
    assert (tmp_path / "home" / "community.sqlite").exists()
    assert migrations.STEPS is STEPS
