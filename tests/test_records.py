"""Records on disk answer as records in memory do."""

import resource

import numpy as np
import pytest
from helpers import HashingEncoder, toy_catalogue
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec import artifacts, records
from artrec.catalogue import Artwork, Catalogue, load_catalogue
from artrec.errors import CatalogueError, UnknownArtwork
from artrec.features import Features
from artrec.records import StoredCatalogue, write_records

line = st.text(st.characters(exclude_categories=("Cs",)), max_size=20).map(str.strip)
year = st.one_of(st.none(), st.integers(-500_000, 2_200))


@st.composite
def artworks(draw):
    start, end = draw(year), draw(year)
    if start is not None and end is not None and start > end:
        start, end = end, start
    return Artwork(
        artwork_id=f"w{draw(st.integers(0, 10**9))}", title=draw(line) or "A", artist=draw(line),
        year_start=start, year_end=end,
        artist_life=draw(st.one_of(st.none(), st.tuples(st.integers(1000, 1900), st.none()))), date_text=draw(line),
        subjects=tuple(draw(st.lists(line, max_size=4))), palette=tuple(draw(st.lists(st.just("#a1b2c3"), max_size=2))),
        recorded=draw(st.dictionaries(line, line, max_size=3)), public_domain=draw(st.booleans()), description=draw(line),
    )  # fmt: skip


def stored(works, file, vocabulary=None) -> StoredCatalogue:
    write_records(works, file)
    return StoredCatalogue(file, vocabulary or {}, "hash")


@settings(max_examples=40, deadline=None)
@given(st.lists(artworks(), min_size=1, max_size=6, unique_by=lambda w: w.artwork_id))
def test_what_is_read_is_what_was_written(tmp_path_factory, works):
    found = stored(works, tmp_path_factory.mktemp("records") / "r.arrow")
    assert len(found) == len(works) and list(found) == works and [found[row] for row in range(len(works))] == works
    memory = Catalogue(tuple(works), {})
    for name in Artwork.model_fields:
        assert found.column(name) == memory.column(name), name


def test_it_answers_as_a_catalogue_in_memory(tmp_path):
    toy = toy_catalogue()
    found = stored(toy, tmp_path / "r.arrow", toy.vocabulary)
    ids = [w.artwork_id for w in toy]
    assert found.rows(ids) == toy.rows(ids) and ids[0] in found and "nobody" not in found
    assert found[np.int64(3)] == toy[3] and found[3] is found[3]
    word = next(iter(toy.vocabulary.get("movement", {"": ""})))
    assert found.zh("movement", word) == toy.zh("movement", word)
    with pytest.raises(UnknownArtwork, match="nobody"):
        found.row("nobody")
    with pytest.raises(IndexError):
        found[len(toy)]
    ours, theirs = Features(found), Features(toy)
    for name in ("movement", "type", "century", "content_notes"):
        assert ours.column(name).values == theirs.column(name).values
        assert np.array_equal(ours.column(name).codes, theirs.column(name).codes)
    assert np.array_equal(ours.years, theirs.years, equal_nan=True)
    assert (ours.subjects.matrix != theirs.subjects.matrix).nnz == 0 and (ours.media.matrix != theirs.media.matrix).nnz == 0


@pytest.mark.parametrize("batch", [1, 5, 12])
def test_works_are_found_in_every_batch(tmp_path, monkeypatch, batch):
    monkeypatch.setattr(records, "BATCH", batch)
    found = stored(toy_catalogue(), tmp_path / "r.arrow")
    monkeypatch.undo()  # whoever reads may have batches of another size
    assert [found[row] for row in range(-12, 12)] == [*toy_catalogue(), *toy_catalogue()]


def test_few_works_stay_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "KEPT", 3)
    found = stored(toy_catalogue(), tmp_path / "r.arrow")
    for row in (0, 1, 2, 0, 3):
        found[row]
    assert list(found._kept) == [2, 0, 3]


def test_a_damaged_file_is_refused(tmp_path):
    file = tmp_path / "r.arrow"
    found = stored(toy_catalogue(), file)
    assert len(found) == len(toy_catalogue())
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises((ValueError, OSError)):
        len(StoredCatalogue(file, {}, "hash"))


def test_a_catalogue_is_stored_without_lying_in_memory(tmp_path):
    toy = toy_catalogue()
    artifacts.save(artifacts.build(toy, HashingEncoder(), atlas=False), tmp_path / "toy")  # for its lines and its vocabulary
    lines, words = tmp_path / "toy" / "catalogue.jsonl", tmp_path / "toy" / "vocabulary.json"
    found = records.store(lines, tmp_path / "r.arrow")
    assert list(found) == list(toy) and found.vocabulary == toy.vocabulary and found.hash == toy.hash
    assert load_catalogue(lines).hash == toy.hash and words.exists()


def test_storing_tells_how_far_it_is(tmp_path):
    lines = tmp_path / "c.jsonl"
    lines.write_text("".join(f'{{"artwork_id": "a{n:04}", "title": "Title"}}\n' for n in range(4_000)))
    said = []
    records.store(lines, tmp_path / "r.arrow", lambda *at: said.append(at))
    assert [done for done, _ in said] == list(range(500, 4_001, 500))
    assert all(3_900 <= total <= 4_100 for _, total in said)


def test_200_mb_in_one_field_are_refused_and_take_no_memory(tmp_path):
    lines = tmp_path / "c.jsonl"
    with lines.open("wb") as out:
        out.write(b'{"artwork_id": "a", "title": "A"}\n{"artwork_id": "b", "title": "')
        for _ in range(200):
            out.write(b"x" * 1_000_000)
        out.write(b'"}\n')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CatalogueError, match="c.jsonl, line 2, the line is longer than 1,000,000 bytes"):
        records.store(lines, tmp_path / "r.arrow")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB
    assert [f.name for f in tmp_path.iterdir()] == ["c.jsonl"]


def test_a_catalogue_with_faults_is_not_stored(tmp_path):
    lines = tmp_path / "c.jsonl"
    lines.write_text('{"artwork_id": "a", "title": "A"}\n{"artwork_id": "a", "title": "B"}\n{broken\n{"artwork_id": "b"}\n')
    with pytest.raises(CatalogueError, match="3 problems") as caught:
        records.store(lines, tmp_path / "r.arrow")
    with pytest.raises(CatalogueError) as also:
        load_catalogue(lines)
    assert caught.value.problems == also.value.problems and len(caught.value.problems) == 3
    assert [f.name for f in tmp_path.iterdir()] == ["c.jsonl"]
