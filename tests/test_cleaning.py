"""What is doubtful about a catalogue, and what is not."""

import pytest
from helpers import VOCABULARY, WORKS, catalogue_of, toy_catalogue

from artrec.catalogue import Artwork
from artrec.cleaning import FIELDS, examine
from artrec.records import RECORDS_FILE, StoredCatalogue, write_records


def findings(*works) -> list[tuple[str, str]]:
    return [(f.artwork_id, f.kind) for f in examine(catalogue_of(*works)).findings]


def changed(row: int = 0, **fields) -> Artwork:
    return Artwork.model_validate(WORKS[row].model_dump() | fields)


def test_the_toy_world_is_healthy():
    health = examine(toy_catalogue())
    assert health.findings == ()
    assert (health.works, health.artists) == (12, 2)
    assert health.filled["description"] == health.filled["year_start"] == 1
    assert health.filled["image_url"] == pytest.approx(1 / 12) and health.filled["wikipedia"] == 0
    assert set(health.filled) == set(FIELDS)


def test_the_spread_counts_every_work():
    spread = examine(toy_catalogue()).spread
    assert spread["type"] == {"print": 6, "painting": 6}
    assert spread["century"] == {"19": 6, "20": 6}
    assert spread["content_notes"] == {"death": 1}
    assert examine(catalogue_of(changed(movement=""))).spread["movement"] == {"not known": 1}


def test_the_year_zero_is_known():
    assert examine(catalogue_of(changed(year_start=0, year_end=0))).filled["year_start"] == 1


@pytest.mark.parametrize(
    "fields, kinds",
    [
        ({"year_start": 1797, "year_end": 1840}, ["date"]),  # seven years old
        ({"year_start": 1798, "year_end": 1840}, []),
        ({"year_start": 1851, "year_end": 1851}, []),  # finished by the workshop
        ({"year_start": 1852, "year_end": 1852}, ["date"]),
        ({"artist_life": None, "year_start": 1700, "year_end": 1700}, []),
        ({"artist_life": [1790, None], "year_start": 1900, "year_end": 1900}, []),
        ({"artist_life": None, "year_start": 1600, "year_end": 1659}, ["movement"]),
        ({"artist_life": None, "year_start": 1600, "year_end": 1660}, []),
        ({"artist_life": None, "year_start": 1913, "year_end": 1920}, ["movement"]),
        ({"artist_life": None, "year_start": 1913, "year_end": 1920, "movement": ""}, []),
        ({"artist_life": None, "year_start": None, "year_end": None}, []),
        ({"description": ""}, ["gap"]),
        ({"description": "", "year_start": 2000, "year_end": 2000}, ["date", "movement", "gap"]),
    ],
)
def test_doubts_about_one_work(fields, kinds):
    assert [kind for _, kind in findings(changed(**fields))] == kinds


def test_duplicates_by_name_and_by_text():
    copy = changed(artwork_id="copy", title="STORM off the Cape", description="Another text altogether.")
    assert findings(WORKS[0], WORKS[1], copy) == [("copy", "duplicate")]
    same = changed(artwork_id="same")
    assert findings(WORKS[0], same) == [("same", "duplicate")]
    assert findings(WORKS[0], same, changed(artwork_id="third")) == [("same", "duplicate"), ("third", "duplicate")]


def test_works_by_unknown_hands_may_share_a_title():
    bowl = Artwork(artwork_id="bowl", title="Bowl", description="A blue bowl.")
    assert findings(bowl, bowl.model_copy(update={"artwork_id": "bowl-2", "description": "A red bowl."})) == []
    assert findings(bowl, bowl.model_copy(update={"artwork_id": "bowl-2"})) == [("bowl-2", "duplicate")]


def test_one_artist_is_told_of_in_one_way():
    other = {"artwork_id": "other", "title": "Another", "title_zh": "别题", "description": "Other words."}
    assert findings(WORKS[0], changed(**other, artist_life=[1790, 1851])) == [("other", "artist")]
    assert findings(WORKS[0], changed(**other, artist_zh="海部")) == [("other", "artist")]
    woman, man = (changed(artwork_id=g, title=g, title_zh=g, artist_gender=g, description=f"A {g}.") for g in ("woman", "man"))
    assert findings(woman, man) == [("man", "artist")]
    assert findings(WORKS[0], changed(**other, artist_life=None, artist_zh="")) == []  # a gap contradicts nothing
    assert findings(changed(artist=""), changed(**other, artist="", artist_life=[1, 2])) != [("other", "artist")]


def test_every_finding_says_what_to_do():
    works = (changed(year_start=1700, year_end=1700), changed(artwork_id="gap", description=""))
    for finding in examine(catalogue_of(*works)).findings:
        assert any(cure in finding.message for cure in ("check both", "write one", "keep one", "keep the right one")), finding


def test_the_starter_collection_is_healthy(starter):
    health = examine(starter.catalogue)
    assert health.findings == ()
    assert health.artists > 100


def test_a_catalogue_on_disk_is_as_healthy_as_one_in_memory(tmp_path):
    works = (*WORKS, changed(artwork_id="copy"), changed(artwork_id="late", year_start=1900, year_end=1900, title="Late"))
    write_records(works, tmp_path / RECORDS_FILE)
    stored = StoredCatalogue(tmp_path / RECORDS_FILE, VOCABULARY, "hash")
    assert examine(stored) == examine(catalogue_of(*works))
    assert {f.kind for f in examine(stored).findings} == {"date", "duplicate"}


def test_a_gap_in_the_first_record_of_an_artist_hides_no_contradiction():
    bare, first, second = (
        changed(artwork_id=i, title=i, title_zh=i, description=f"{i} text.", artist_life=life)
        for i, life in (("a", None), ("b", [1790, 1850]), ("c", [1791, 1850]))
    )
    assert findings(bare, first, second) == [("c", "artist")]
