"""Each museum's published layout → artworks. Real records where they are at hand; for the others small files in the published
columns."""

import csv
import json
from pathlib import Path

import pytest

from artrec.catalogue import Artwork
from artrec.errors import CatalogueError
from artrec.sources import SOURCES, LeftOut, recognise, source_of

REAL = Path(__file__).resolve().parents[2] / "../shared/data"
real = pytest.mark.skipif(not REAL.exists(), reason="the real museum records are not beside the repository")


def read(name: str, path: Path) -> tuple[list[Artwork], list[LeftOut]]:
    found = list(source_of(name).read(path))
    return [f for f in found if isinstance(f, Artwork)], [f for f in found if isinstance(f, LeftOut)]


def table(file: Path, *rows: dict) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(key for row in rows for key in row)))
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_the_registry_says_what_there_is():
    assert all(source.name == name and source.label and source.expects for name, source in SOURCES.items())
    with pytest.raises(CatalogueError, match="Choose from: walters"):
        source_of("louvre")


# Conformance: every source, on what it can read


@real
@pytest.mark.parametrize(
    ("name", "path", "least"),
    [
        ("walters", "walters/objects.jsonl.gz", 13_900),
        ("cmoa", "cmoa/objects.jsonl.gz", 28_000),
        ("tate", "tate_sample", 300),
        ("artic", "artic_sample", 10),
        ("wikidata", "wikidata_paintings/paintings.csv", 9_300),
    ],
)
def test_real_records(name, path, least):
    works, left = read(name, REAL / path)
    assert len(works) >= least and len(left) < 0.01 * len(works)
    ids = [w.artwork_id for w in works]
    assert len(set(ids)) == len(ids) and all(i.startswith(f"{name}-") for i in ids)
    assert sum(w.year is not None for w in works) > 0.9 * len(works)
    assert all(w.museum for w in works) or name == "wikidata"
    assert all(each.where and each.reason and each.cure for each in left)
    assert recognise(REAL / path) == name


@real
def test_real_records_by_hand():
    walters = {w.artwork_id: w for w in read("walters", REAL / "walters/objects.jsonl.gz")[0]}
    leaf = walters["walters-2"]
    assert (leaf.title, leaf.year_start, leaf.year_end, leaf.type) == ("Leaf from Qur'an", 1601, 1700, "manuscript")
    assert (
        "Calligraphy" in leaf.subjects and leaf.credit == "Acquired by Henry Walters" and leaf.recorded["period"] == "Safavid"
    )
    assert leaf.image_url.startswith("http://static.thewalters.org/") and leaf.page_url.endswith("/2") and leaf.public_domain
    zeus = walters["walters-7"]
    assert zeus.artist == "" and (zeus.year_start, zeus.year_end) == (-425, -401) and zeus.type == "sculpture"
    trees = next(w for w in read("cmoa", REAL / "cmoa/objects.jsonl.gz")[0] if w.title == "Old Trees")
    assert (trees.artist, trees.artist_life, trees.year) == ("Robert Swain Gifford", (1840, 1905), 1883)
    assert trees.dimensions == "36.2 × 48.9 cm" and trees.culture == "American" and trees.type == "drawing"
    tate = {w.artwork_id: w for w in read("tate", REAL / "tate_sample")[0]}
    job = tate["tate-A00031"]
    assert (job.title, job.artist, job.artist_life, job.year) == ("Job and his Daughters", "William Blake", (1757, 1827), 1825)
    assert {"lyre", "old man", "whirlwind", "God"} <= set(job.subjects) and "adults" not in job.subjects and job.type == "print"
    venice = next(w for w in read("artic", REAL / "artic_sample")[0] if w.artwork_id == "artic-9")
    assert (venice.artist, venice.artist_life, venice.culture) == ("David Dalhoff Neal", (1838, 1915), "American")
    assert venice.image_url.endswith("/full/843,/0/default.jpg") and "churches" in venice.subjects


MET = {
    "Object Number": "29.100.113",
    "Is Public Domain": "True",
    "Object ID": "436121",
    "Department": "European Paintings",
    "Object Name": "Painting",
    "Title": "The Collector of Prints",
    "Culture": "",
    "Period": "",
    "Dynasty": "",
    "Artist Prefix": "",
    "Artist Display Name": "Edgar Degas|Somebody Else",
    "Artist Display Bio": "French, Paris 1834–1917 Paris",
    "Artist Nationality": "French|French",
    "Artist Begin Date": "1834|1850",
    "Artist End Date": "1917|9999",
    "Artist Gender": "|",
    "Object Date": "1866",
    "Object Begin Date": "1866",
    "Object End Date": "1866",
    "Medium": "Oil on canvas",
    "Dimensions": "20 7/8 x 15 3/4 in. (53 x 40 cm)",
    "Credit Line": "Bequest, 1929",
    "Country": "",
    "Classification": "Paintings",
    "Rights and Reproduction": "",
    "Link Resource": "http://www.metmuseum.org/art/collection/search/436121",
    "Tags": "Men|Prints",
}


def test_met(tmp_path):
    vase = MET | {
        "Object ID": "1",
        "Title": "",
        "Object Name": "Vase",
        "Artist Display Name": "Unknown",
        "Object Date": "",
        "Object Begin Date": "0",
        "Object End Date": "0",
        "Classification": "Ceramics",
        "Culture": "Chinese",
        "Is Public Domain": "False",
        "Rights and Reproduction": "© somebody",
    }
    copy = MET | {"Object ID": "2", "Artist Prefix": "Copy after"}
    file = table(tmp_path / "MetObjects.csv", MET, vase, copy, MET | {"Object ID": ""})
    works, left = read("met", file)
    assert recognise(file) == "met" and len(left) == 1 and "Object ID" in left[0].reason
    degas, vase, copy = works
    assert (degas.artist, degas.artist_life, degas.year, degas.type) == ("Edgar Degas", (1834, 1917), 1866, "painting")
    assert degas.subjects == ("Men", "Prints") and degas.rights == "CC0" and degas.public_domain and degas.culture == "French"
    assert (vase.title, vase.artist, vase.year, vase.type, vase.culture) == ("Vase", "", None, "ceramic", "Chinese")
    assert not vase.public_domain and vase.rights == "© somebody" and vase.recorded["artist"] == "Unknown"
    assert copy.artist == "" and copy.recorded["artist"].startswith("Copy after Edgar Degas")


MOMA = {
    "Title": "Untitled Film Still #21",
    "Artist": "Cindy Sherman",
    "ConstituentID": "5392",
    "ArtistBio": "(American, born 1954)",
    "Nationality": "(American)",
    "BeginDate": "(1954)",
    "EndDate": "(0)",
    "Gender": "(female)",
    "Date": "1978",
    "Medium": "Gelatin silver print",
    "Dimensions": '7 1/2 x 9 1/2" (19.1 x 24.1 cm)',
    "CreditLine": "Purchase",
    "AccessionNumber": "849.1995",
    "Classification": "Photograph",
    "Department": "Photography",
    "ObjectID": "56618",
    "URL": "https://www.moma.org/collection/works/56618",
    "ImageURL": "https://www.moma.org/media/a.jpg",
}


def test_moma_as_csv_and_json(tmp_path):
    pair = MOMA | {
        "ObjectID": "2",
        "Artist": "Charles Eames, Ray Eames",
        "Nationality": "(American) (American)",
        "BeginDate": "(1907) (1912)",
        "EndDate": "(1978) (1988)",
        "Gender": "(male) (female)",
        "Date": "c. 1945–46",
        "Classification": "Design",
        "Medium": "Molded plywood chair",
    }
    works, left = read("moma", table(tmp_path / "Artworks.csv", MOMA, pair))
    assert not left and recognise(tmp_path / "Artworks.csv") == "moma"
    still, chair = works
    assert (still.artist, still.artist_life, still.artist_gender, still.type) == (
        "Cindy Sherman",
        (1954, None),
        "woman",
        "photograph",
    )
    assert (chair.artist_gender, chair.artist_life, chair.year_start, chair.year_end) == ("group", None, 1945, 1946)
    as_json = MOMA | {
        "Artist": ["Cindy Sherman"],
        "Nationality": ["American"],
        "BeginDate": [1954],
        "EndDate": [0],
        "Gender": ["female"],
        "ConstituentID": [5392],
        "ArtistBio": ["American, born 1954"],
        "ObjectID": 56618,
    }
    (tmp_path / "Artworks.json").write_text(json.dumps([as_json]))
    assert recognise(tmp_path / "Artworks.json") == "moma"
    (again,) = read("moma", tmp_path / "Artworks.json")[0]
    assert again == still


def test_nga(tmp_path):
    painting = {
        "objectid": "46114",
        "accessionnum": "1942.9.1",
        "title": "Small Painting",
        "displaydate": "c. 1665",
        "beginyear": "1665",
        "endyear": "1665",
        "medium": "oil on panel",
        "dimensions": "23 x 18 cm",
        "attribution": "Johannes Vermeer",
        "creditline": "A gift",
        "classification": "Painting",
        "subclassification": "",
        "isvirtual": "0",
    }
    table(tmp_path / "objects.csv", painting, painting | {"objectid": "7", "isvirtual": "1"}, painting | {"objectid": "8"})
    table(
        tmp_path / "objects_terms.csv",
        {"termid": "1", "objectid": "46114", "termtype": "Style", "term": "Baroque"},
        {"termid": "2", "objectid": "46114", "termtype": "Theme", "term": "portrait"},
        {"termid": "3", "objectid": "46114", "termtype": "School", "term": "Dutch"},
    )
    image = {
        "uuid": "u",
        "iiifthumburl": "https://api.example/u/full/!200,200/0/default.jpg",
        "viewtype": "alternate",
        "depictstmsobjectid": "46114",
        "openaccess": "1",
    }
    first = "https://api.example/p/full/!200,200/0/default.jpg"
    table(tmp_path / "published_images.csv", image, image | {"viewtype": "primary", "iiifthumburl": first})
    table(
        tmp_path / "constituents.csv",
        {
            "constituentid": "1951",
            "forwarddisplayname": "Johannes Vermeer",
            "beginyear": "1632",
            "endyear": "1675",
            "nationality": "Dutch",
        },
    )
    table(tmp_path / "objects_constituents.csv", {"objectid": "46114", "constituentid": "1951", "roletype": "artist"})
    works, left = read("nga", tmp_path)
    assert recognise(tmp_path) == "nga" and [each.record for each in left] == ["Small Painting"]
    full, bare = works
    assert (full.artist, full.artist_life, full.movement, full.culture) == (
        "Johannes Vermeer",
        (1632, 1675),
        "Baroque",
        "Dutch",
    )
    assert full.image_url == first and full.public_domain and full.subjects == ("portrait",)
    assert (bare.artist, bare.image_url, bare.public_domain) == ("Johannes Vermeer", "", False)
    table(
        tmp_path / "objects_constituents.csv",
        {"objectid": "46114", "constituentid": "1", "displayorder": "1", "roletype": "artist", "role": "artist after"},
        {"objectid": "46114", "constituentid": "3", "displayorder": "3", "roletype": "artist", "role": "publisher"},
        {"objectid": "46114", "constituentid": "2", "displayorder": "2", "roletype": "artist", "role": "engraver"},
        {"objectid": "46114", "constituentid": "9", "displayorder": "0", "roletype": "donor", "role": "donor"},
    )
    table(
        tmp_path / "constituents.csv",
        *({"constituentid": str(n), "forwarddisplayname": f"Maker {n}", "constituenttype": "individual"} for n in range(9)),
    )
    table(
        tmp_path / "published_images.csv",
        image | {"iiifurl": "https://api.example/u", "assistivetext": "A <b>small</b> boat.", "maxpixels": ""},
    )
    full = read("nga", tmp_path)[0][0]
    assert full.artist == "Maker 2" and full.description == "A small boat."
    assert full.image_url == "https://api.example/u/full/!600,600/0/default.jpg"
    table(tmp_path / "objects.csv", painting | {"attribution": "Follower of Johannes Vermeer"})
    (near,) = read("nga", tmp_path)[0]
    assert near.artist == "" and near.recorded["artist"] == "Follower of Johannes Vermeer"
    table(tmp_path / "objects.csv", painting, painting | {"objectid": "8"})
    for name in ("objects_terms.csv", "published_images.csv", "constituents.csv", "objects_constituents.csv"):
        (tmp_path / name).unlink()
    assert [w.title for w in read("nga", tmp_path)[0]] == ["Small Painting"] * 2


def test_cleveland_as_csv_and_json(tmp_path):
    row = {
        "id": "94979",
        "accession_number": "1915.534",
        "share_license_status": "CC0",
        "title": "Nathaniel Hurd",
        "creation_date": "c. 1765",
        "creation_date_earliest": "1760",
        "creation_date_latest": "1770",
        "creators": "John Singleton Copley (American, 1738-1815), artist",
        "culture": "America, 18th century",
        "technique": "oil on canvas",
        "type": "Painting",
        "measurements": "76.2 x 64.8 cm",
        "creditline": "Gift",
        "description": "A <i>silversmith</i> at ease.",
        "did_you_know": "He has no wig.",
        "url": "https://clevelandart.org/art/1915.534",
        "image_web": "https://openaccess-cdn.clevelandart.org/a.jpg",
    }
    (work,), left = read("cleveland", table(tmp_path / "data.csv", row))
    assert not left and recognise(tmp_path / "data.csv") == "cleveland"
    assert (work.artist_life, work.year_start, work.year_end, work.culture) == ((1738, 1815), 1760, 1770, "America")
    assert work.description == "A silversmith at ease. He has no wig." and work.public_domain
    assert work.artist == "John Singleton Copley"
    as_json = row | {
        "id": 94979,
        "culture": ["America, 18th century"],
        "creation_date_earliest": 1760,
        "creation_date_latest": 1770,
        "images": {"web": {"url": row["image_web"]}},
        "creators": [
            {
                "description": "John Singleton Copley (American, 1738-1815)",
                "role": "artist",
                "birth_year": "1738",
                "death_year": "1815",
            }
        ],
    }
    del as_json["image_web"]
    (tmp_path / "data.json").write_text(json.dumps({"data": [as_json]}))
    assert recognise(tmp_path / "data.json") == "cleveland"
    (again,) = read("cleveland", tmp_path / "data.json")[0]
    assert again == work
    near = as_json | {"creators": [as_json["creators"][0] | {"qualifier": "circle of"}]}
    (tmp_path / "data.json").write_text(json.dumps([near]))
    (near,) = read("cleveland", tmp_path / "data.json")[0]
    assert (near.artist, near.artist_life) == ("", None) and near.recorded["artist"].startswith("circle of John")


@pytest.mark.parametrize("name", ["met", "moma", "nga", "cleveland", "wikidata"])
def test_a_table_without_the_published_columns_is_refused(tmp_path, name):
    file = table(tmp_path / "other.csv", {"id": "1", "title": "A"})
    with pytest.raises(CatalogueError, match="no column"):
        list(source_of(name).read(file))


@pytest.mark.parametrize("name", ["walters", "cmoa", "tate", "artic", "moma", "cleveland"])
def test_records_of_another_kind_are_left_out(tmp_path, name):
    (tmp_path / "w.json").write_text('{"hello": 1}\n{"title": "x"}\n[3]\n')
    works, left = read(name, tmp_path / "w.json")
    assert not works and left and all(each.reason and each.cure for each in left)
