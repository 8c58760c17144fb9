"""A collection in a database: editions, several readers, and every way it can fail, each with one sentence and the cure."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import psycopg
import pytest
from helpers import SEAS, WORKS, HashingEncoder, catalogue_of, toy_catalogue

from artrec import artifacts
from artrec.catalogue import Artwork
from artrec.collection import Collection
from artrec.config import is_address
from artrec.encoder import LazyEncoder
from artrec.engines.database import masked
from artrec.engines.postgres import current_edition, open_database
from artrec.engines.publish import publish
from artrec.engines.schema import as_tsvector
from artrec.errors import ArtifactError, EncoderError
from artrec.recommender import Recommender

SECRET = "s3cr3t"


@pytest.fixture(scope="module")
def toy(artrec_home) -> Collection:
    return artifacts.build(toy_catalogue(), HashingEncoder(), name="toy", atlas=False)


@pytest.fixture(scope="module")
def shelf(toy, fresh) -> str:
    """The address of a database that holds the toy world; tests that change it make their own."""
    address = fresh()
    publish(toy, address)
    return address


def refusal(call, *words: str) -> str:
    """The one sentence with which something is refused; it holds the words, and never a password."""
    with pytest.raises(ArtifactError) as caught:
        call()
    said = str(caught.value)
    assert "\n" not in said and SECRET not in said and said.endswith(".")
    for word in words:
        assert word in said
    return said


def only(address: str) -> str:
    """The name of an address's database."""
    return psycopg.conninfo.conninfo_to_dict(address)["dbname"]


def test_the_shipped_collection_comes_back_whole(starter, fresh):
    address = fresh()
    told: list[tuple[str, int, int]] = []
    assert publish(starter, address, progress=lambda *step: told.append(step)) == 1
    assert told[-1] == ("index", len(starter), len(starter)) and {stage for stage, _, _ in told} == {"publish", "index"}
    opened = open_database(address)
    assert opened.name == starter.name and opened.edition == 1 and list(opened.catalogue) == list(starter.catalogue)
    np.testing.assert_array_equal(opened.atlas.coordinates, starter.atlas.coordinates)
    np.testing.assert_array_equal(opened.atlas.trust, starter.atlas.trust)
    assert opened.atlas.regions == starter.atlas.regions
    assert [t.name for t in opened.topics] == [t.name for t in starter.topics]
    for mine, theirs in zip(opened.topics, starter.topics, strict=True):
        np.testing.assert_array_equal(mine.rows, theirs.rows)
        assert mine.terms == theirs.terms
    assert dict(opened.predicted) == dict(starter.predicted)
    same = {k: v for k, v in starter.manifest.items() if k != "noise"}
    assert {k: v for k, v in opened.manifest.items() if k != "noise"} == same
    assert opened.manifest["noise"]["cosine"] == list(starter.manifest["noise"]["cosine"])
    assert opened.manifest["noise"]["words"] != list(starter.manifest["noise"]["words"])


def test_a_published_collection_knows_what_is_no_match(starter, fresh, encoder):
    address = fresh()
    publish(starter, address)
    recommender = Recommender(open_database(address), encoder)
    assert recommender.search("a storm at sea").good
    assert not recommender.search("replace the toner cartridge").good


def test_publishing_again_makes_a_new_edition_that_readers_notice(toy, fresh):
    address = fresh()
    assert publish(toy, address) == 1
    first = open_database(address)
    fewer = artifacts.build(catalogue_of(*WORKS[:6]), HashingEncoder(), name="seas", atlas=False)
    assert publish(fewer, address) == 2 == current_edition(address)
    second = open_database(address)
    assert (len(second), second.name, second.edition) == (6, "seas", 2)
    assert len(Recommender(first, HashingEncoder()).similar(SEAS[0], n=11).results) == 11  # whoever had it open goes on
    assert publish(toy, address) == 3
    refusal(lambda: first.index.search(toy.vectors[0], 3), "replaced by newer", "Open it again")
    assert second.catalogue[5] == WORKS[5]


def test_a_publication_that_stops_leaves_the_edition_in_use(toy, fresh, server):
    class Torn:
        """A catalogue whose disk fails after some works."""

        vocabulary, hash = toy.catalogue.vocabulary, toy.catalogue.hash

        def __len__(self):
            return len(toy.catalogue)

        def __iter__(self):
            yield from WORKS[:5]
            raise OSError("the disk is gone")

    address = fresh()
    publish(toy, address)
    with pytest.raises(OSError):
        publish(replace(toy, catalogue=Torn()), address)
    assert current_edition(address) == 1 and list(open_database(address).catalogue) == list(WORKS)
    schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'artrec\\_%' ORDER BY 1"
    assert server.run(schemas, database=only(address)) == [("artrec_1",), ("artrec_2",)]
    assert publish(toy, address) == 2  # what was left behind is cleared away
    assert list(open_database(address).catalogue) == list(WORKS)


def test_two_publications_at_once_are_refused(toy, fresh):
    address = fresh()
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (0x617274726563,))
        refusal(lambda: publish(toy, address), "Somebody else is publishing", "Wait")
        other.execute("SELECT pg_advisory_unlock(%s)", (0x617274726563,))
    assert publish(toy, address) == 1


def test_readers_read_and_cannot_write(toy, fresh, server):
    address = fresh()
    server.run("CREATE ROLE reader LOGIN", "CREATE ROLE stranger LOGIN")
    publish(toy, address, readers=["reader"])
    opened = open_database(address.replace("postgres:@", "reader:@"))
    assert len(Recommender(opened, HashingEncoder()).search("boats", n=3).results) == 3
    for edition in (opened, open_database(address)):  # not even the owner, through an app
        refusal(lambda edition=edition: edition.database.rows("DELETE FROM {e}.works"))
    refusal(lambda: open_database(address.replace("postgres:@", "stranger:@")), "may not", "--reader")
    refusal(lambda: publish(toy, address.replace("postgres:@", "reader:@")), "may not", "owner")
    refusal(lambda: publish(toy, address, readers=["nobody-here"]), "no user 'nobody-here'", "CREATE ROLE")


def test_works_are_read_ahead_in_one_question(shelf, monkeypatch):
    catalogue = open_database(shelf).catalogue
    asked = []
    rows = catalogue.database.rows
    monkeypatch.setattr(catalogue.database, "rows", lambda *question: asked.append(question) or rows(*question))
    catalogue.prefetch([3, 1, 3])
    assert [catalogue[1], catalogue[3]] == [WORKS[1], WORKS[3]] and len(asked) == 1
    catalogue.prefetch(np.array([1, 2]))
    assert catalogue[2] == WORKS[2] and len(asked) == 2 and asked[1][1] == ([2],)
    catalogue.prefetch([1, 2, 3])
    assert len(asked) == 2


def test_an_open_collection_knows_whether_it_is_the_newest(toy, fresh):
    address = fresh()
    publish(toy, address)
    opened = open_database(address)
    assert opened.is_newest()
    publish(toy, address)
    assert not opened.is_newest() and open_database(address).is_newest()


def test_many_threads_and_two_apps_on_one_database(shelf):
    apps = [Recommender(open_database(shelf), HashingEncoder()) for _ in range(2)]
    alone = [r.artwork.artwork_id for r in apps[0].search("blue boats moon", n=6).results]

    def ask(number: int) -> list[str]:
        return [r.artwork.artwork_id for r in apps[number % 2].search("blue boats moon", n=6).results]

    with ThreadPoolExecutor(16) as pool:
        assert all(found == alone for found in pool.map(ask, range(60)))


# Failures


def test_no_server(tmp_path):
    refusal(lambda: open_database(f"postgresql://me:{SECRET}@127.0.0.1:9/art"), "cannot be reached", "127.0.0.1:9/art")
    refusal(lambda: open_database(f"postgresql://me:{SECRET}@/art?host={tmp_path}"), "cannot be reached")


def test_wrong_password_or_name(server, fresh, toy):
    address = fresh()
    publish(toy, address)
    server.run(f"CREATE ROLE guarded LOGIN PASSWORD '{SECRET}x'")
    rules = server.folder / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text("local all guarded scram-sha-256\n" + before)
    try:
        server.run("SELECT pg_reload_conf()")
        guarded = address.replace("postgres:@", f"guarded:{SECRET}@")
        refusal(lambda: open_database(guarded), "does not accept this user's password", "PGPASSWORD")
        refusal(lambda: open_database(address.replace("postgres:@", "guarded@")), "password")
        refusal(lambda: open_database(guarded.replace(SECRET, f"{SECRET}x")), "may not", "--reader")  # let in, but no more
    finally:
        rules.write_text(before)
        server.run("SELECT pg_reload_conf()")
    refusal(lambda: open_database(address.replace("postgres:@", "nobody:@")), "does not know this user")
    refusal(lambda: open_database(server.address("nowhere")), "There is no database", "createdb")


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://me:{SECRET}@host:port/art", f"postgresql://me:{SECRET}@ho@st/art", f"postgresql://me:a/{SECRET}@host/art",
        f"postgresql://me:a@{SECRET}@host/art", f"postgresql://me:{SECRET}@host/art?sslmode=no&colour=blue",
        f"postgresql://me:{SECRET}%zz@host/art", f"postgres://me:a:{SECRET}@:/", f"postgresql://me@host:{SECRET}/art",
        f"postgresql://me@localhost:1/art?password={SECRET}", f"postgresql://[{SECRET}/art", "postgresql://",
    ],
)  # fmt: skip
def test_an_odd_address_is_refused_without_its_password(address):
    refusal(lambda: open_database(address))


@pytest.mark.parametrize(
    "address, shown",
    [
        (f"postgresql://me:{SECRET}@db.museum.org:5433/art?sslmode=require", "postgresql://db.museum.org:5433/art"),
        (f"postgres://me:{SECRET}@h/art", "postgresql://h/art"),
        (f"postgresql://h/art?password={SECRET}", "postgresql://h/art"),
        (f"postgresql://me:x@{SECRET}@h/art", "postgresql://…"),
        ("postgresql://h/%zz", "postgresql://…"),
    ],
)
def test_an_address_is_shown_without_user_and_password(address, shown):
    assert masked(address) == shown


def test_addresses_and_folders_are_told_apart(tmp_path):
    assert is_address("postgresql://h/art") and is_address("postgres://h/art")
    assert not is_address(tmp_path) and not is_address("my-museum") and not is_address(None)


def test_no_pgvector(fresh, server, toy):
    address = fresh()
    refusal(lambda: open_database(address), "There is no collection", "publish")
    server.run("CREATE ROLE modest LOGIN", f"GRANT CREATE ON DATABASE {only(address)} TO modest")
    modest = address.replace("postgres:@", "modest:@")
    refusal(lambda: publish(toy, modest), "has no pgvector", "CREATE EXTENSION vector")
    version = "UPDATE pg_extension SET extversion = '%s' WHERE extname = 'vector'"
    server.run("CREATE EXTENSION vector", version % "0.7.4", database=only(address))
    refusal(lambda: publish(toy, modest), "pgvector 0.7.4; 0.8 or newer", "ALTER EXTENSION vector UPDATE")
    server.run(version % "0.8.5", database=only(address))
    assert publish(toy, modest) == 1  # the owner of a database need not own the server
    server.run("DROP EXTENSION vector CASCADE", database=only(address))
    refusal(lambda: open_database(address), "has no pgvector")


def test_no_collection_another_format_and_a_damaged_one(fresh, server, toy):
    address = fresh()
    publish(toy, address)
    name = only(address)
    server.run("DELETE FROM artrec_1.vectors WHERE row = 3", database=name)
    refusal(lambda: open_database(address), "damaged: 11 vectors for 12 works", "Publish it again")
    server.run("UPDATE artrec_1.works SET record = '{\"title\": 7}' WHERE row = 2", database=name)
    server.run("INSERT INTO artrec_1.vectors SELECT 3, embedding FROM artrec_1.vectors WHERE row = 4", database=name)
    refusal(lambda: open_database(address).catalogue[2], "Record 2", "damaged")
    server.run("UPDATE artrec.editions SET format = 99", database=name)
    refusal(lambda: open_database(address), "format 99, this version of ArtRec reads 1", "Publish it again")
    server.run("DELETE FROM artrec.editions", database=name)
    refusal(lambda: open_database(address), "There is no collection")
    refusal(lambda: current_edition(address), "There is no collection")


def test_another_encoder_is_refused_as_for_a_folder(shelf):
    class Other(HashingEncoder):
        fingerprint = "another-encoder"

    opened = open_database(shelf)
    encoder = LazyEncoder(Other, opened.manifest["encoder"]["fingerprint"])
    with pytest.raises(EncoderError, match="another model"):
        Recommender(opened, encoder).search("boats")


def test_broken_connections_are_replaced(shelf, server):
    opened = open_database(shelf)
    recommender = Recommender(opened, HashingEncoder())
    with ThreadPoolExecutor(6) as pool:  # several connections
        list(pool.map(lambda row: opened.catalogue[row], range(12)))
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'artrec' AND datname = '%s'"
    for query in ("boats", "squares"):
        assert server.run(ended % only(shelf))
        assert recommender.search(query, n=3).results


def test_a_server_that_goes_away_is_one_sentence(toy, monkeypatch):
    from helpers_postgres import serving

    monkeypatch.setattr("artrec.engines.database.PATIENCE", 1)
    with serving() as own:
        publish(toy, own.address())
        opened = open_database(own.address())
        recommender = Recommender(opened, HashingEncoder())
        assert recommender.search("boats").results
        own.stop()
        refusal(lambda: recommender.search("squares"), "cannot be reached")


# What PostgreSQL does not take as it is


def test_awkward_records_survive(fresh):
    long = "梵" * 1_000
    works = (
        Artwork(artwork_id="nul", title="A\x00B", description="x\x00y", subjects=("a\x00",), recorded={"k": "v\x00"}),
        Artwork(artwork_id="long", title=long, medium=long, artist=long, culture=long),
        Artwork(artwork_id="word", title="W", description="w" * 20_000),
        Artwork(artwork_id="many", title="boat", description="boat " * 4_000),
        Artwork(artwork_id="odd", title="O'Keeffe \\ 'quoted' \t{a,\"b\"} NULL \\N", subjects=('a"b', "c,d", "NULL", "\\")),
        Artwork(artwork_id="slash", title=r"back\u0000slash", description="emoji 🎨 and \U0001f5bc"),
    )
    collection = artifacts.build(catalogue_of(*works), HashingEncoder(), name="odd", atlas=False)
    address = fresh()
    publish(collection, address)
    opened = open_database(address)
    assert opened.catalogue[0] == works[0].model_copy(
        update={"title": "A\ufffdB", "description": "x\ufffdy", "subjects": ("a\ufffd",), "recorded": {"k": "v\ufffd"}}
    )
    assert list(opened.catalogue)[1:] == list(works[1:])
    assert opened.catalogue.column("subjects")[4] == works[4].subjects
    for query, row in (("boat", 3), ("O'Keeffe", 4), ("u0000slash", 5)):
        scores = opened.lexical.scores(opened.lexical.query_tokens(query))
        assert scores[row] == scores.max() > 0
    assert not opened.lexical.scores(opened.lexical.query_tokens("w" * 900)).any()


def test_tsvectors_are_quoted():
    assert as_tsvector(["boat", "o'k", "boat", "a\\b"]) == r"""'boat':1,3 'o''k':2 'a\\b':4"""
    assert as_tsvector([]) == ""
