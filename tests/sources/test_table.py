"""Anybody's table: encodings, separators, columns that are guessed, and headers that lie."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.catalogue import Artwork
from artrec.errors import CatalogueError
from artrec.sources import SOURCES, LeftOut, Options
from artrec.sources.mapping import FIELDS, NAMES, complete, fold, guess, parse_map
from artrec.sources.table import TABLES

ROWS = [
    {
        "Titel": "Die Woge",
        "Künstler": "Größl, Änne (1880–1950)",
        "Jahr": "um 1910",
        "Schlagworte": "Meer; Boot",
        "Beschreibung": "Eine Welle.",
    },
    {
        "Titel": "Café, nachts",
        "Künstler": "unbekannt",
        "Jahr": "19. Jahrhundert",
        "Schlagworte": "Nacht",
        "Beschreibung": "Licht\nund Stühle.",
    },
    {"Titel": "Öde", "Künstler": "Jörg Müß", "Jahr": "o.J.", "Schlagworte": "", "Beschreibung": ""},
]


def write(file, rows, separator=",", encoding="utf-8"):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    file.write_bytes(stream.getvalue().encode(encoding))
    return file


def read(name, file, **mapping):
    found = list(SOURCES[name].read(file, Options(mapping)))
    return [f for f in found if isinstance(f, Artwork)], [f for f in found if isinstance(f, LeftOut)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_encoding_and_separator(tmp_path, encoding, separator):
    dashes = [{k: v.replace("–", "-") for k, v in row.items()} for row in ROWS]
    works, left = read("csv", write(tmp_path / "t.csv", dashes, separator, encoding))
    assert not left and [w.title for w in works] == ["Die Woge", "Café, nachts", "Öde"]
    assert works[0].artist == "Änne Größl" and works[0].artist_life == (1880, 1950) and works[0].year == 1910
    assert works[0].subjects == ("Meer", "Boot") and (works[1].year_start, works[1].year_end) == (1801, 1900)
    assert works[2].year is None and works[2].date_text == "o.J." and works[1].description == "Licht und Stühle."


def test_chinese_in_gb18030(tmp_path):
    rows = [
        {"标题": f"千里江山图{n}", "作者": "王希孟", "年代": "1113", "描述": "青绿山水，画面绵延不断，峰峦起伏，江河浩渺。"}
        for n in range(40)
    ]
    works, left = read("csv", write(tmp_path / "t.csv", rows, ",", "gb18030"))
    assert not left and works[0].title == "千里江山图0" and works[0].artist == "王希孟" and works[0].year == 1113


def test_xlsx_and_parquet_and_jsonl(tmp_path):
    import pandas as pd

    frame = pd.DataFrame(ROWS)
    frame.to_excel(tmp_path / "t.xlsx", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_json(tmp_path / "t.jsonl", orient="records", lines=True, force_ascii=False)
    expected = [w.model_copy(update={"artwork_id": ""}) for w in read("csv", write(tmp_path / "t.csv", ROWS))[0]]
    for name in ("xlsx", "parquet", "jsonl"):
        works, left = read(name, tmp_path / f"t.{name}")
        assert not left and [w.model_copy(update={"artwork_id": ""}) for w in works] == expected, name
        assert [w.artwork_id for w in works] == [f"{name}-1", f"{name}-2", f"{name}-3"]


def test_columns_are_guessed_with_reasons():
    found = guess(list(ROWS[0]), ROWS)
    assert {f: g.column for f, g in found.items()} == {
        "title": "Titel",
        "artist": "Künstler",
        "date": "Jahr",
        "subjects": "Schlagworte",
        "description": "Beschreibung",
    }
    assert all(0 < g.confidence <= 1 and g.reason for g in found.values())


def test_contents_speak_where_names_do_not():
    rows = [
        {"a": f"Work {n} of many", "b": str(1900 + n), "c": f"https://x.example/{n}.jpg", "d": "long words " * 20}
        for n in range(9)
    ]
    found = guess(list("abcd"), rows)
    assert {f: g.column for f, g in found.items()} == {"date": "b", "image_url": "c", "description": "d"}


def test_a_header_that_lies_is_not_believed(tmp_path):
    rows = [{"title": f"Work {n}", "year": name, "image": "none"} for n, name in enumerate(["Anna", "Bert", "Cleo", "Dora"])]
    found = guess(list(rows[0]), rows)
    assert set(found) == {"title"}
    works, _ = read("csv", write(tmp_path / "t.csv", rows))
    assert all(w.year is None and w.image_url == "" for w in works)


def test_a_mapping_can_be_given_and_is_checked(tmp_path):
    file = write(tmp_path / "t.csv", ROWS)
    works, _ = read("csv", file, title="Beschreibung", description="Titel", date="")
    assert works[0].title == "Eine Welle." and works[0].description == "Die Woge" and works[0].year is None
    with pytest.raises(CatalogueError, match="Did you mean 'Titel'"):
        read("csv", file, title="Titl")
    assert parse_map("title=Titel, artist = Künstler") == {"title": "Titel", "artist": "Künstler"}
    for wrong in ("title", "titel=Titel", "title="):
        with pytest.raises(CatalogueError):
            parse_map(wrong)
    with pytest.raises(CatalogueError, match="title=COLUMN"):
        complete({}, ["x", "y"], [{"x": "1", "y": "2"}])


@given(st.lists(st.text(max_size=20), max_size=8), st.lists(st.text(max_size=30), max_size=5))
def test_any_columns_can_be_guessed_at(columns, values):
    columns = list(dict.fromkeys(columns))
    found = guess(columns, [dict.fromkeys(columns, value) for value in values])
    assert set(found) <= set(FIELDS) and len({g.column for g in found.values()}) == len(found)


def test_every_field_has_names_and_no_name_two_fields():
    assert set(NAMES) == set(FIELDS)
    names = [fold(name) for field in FIELDS for name in NAMES[field]]
    assert all(names)
    fields = {name: {field for field in FIELDS if name in map(fold, NAMES[field])} for name in names}
    assert [name for name, of in fields.items() if len(of) > 1] == []


@pytest.mark.parametrize(
    "columns",
    [
        "id=Inventarnummer title=Titel artist=Künstler date=Datierung medium=Technik dimensions=Maße description=Beschreibung",
        "id=Reference title=Titre artist=Auteur date=Periode_de_creation medium=Materiaux_techniques city=Ville",
        "id=Inventario title=Título artist=Autor date=Fecha medium=Técnica dimensions=Dimensiones description=Descripción",
        "title=Titolo artist=Autore date=Datazione subjects=Soggetto dimensions=Misure museum=Museo city=Città",
        "id=Inventarisnummer title=Titel artist=Kunstenaar date=Jaartal subjects=Onderwerp image_url=Afbeelding",
        "id=Objektnummer title=Titel artist=Kunstner date=Datering dimensions=Mål description=Beskrivelse image_url=Billede",
        "title=Título artist=Artista date=Ano dimensions=Dimensões subjects=Palavras-chave image_url=Imagem",
        "id=作品番号 title=作品名 artist=作家名 date=制作年 medium=技法・材質 dimensions=寸法 description=解説",
        "title=Название artist=Художник date=Год medium=Материал description=Описание",
        "id=objectInventoryNumber title=objectTitle artist=objectCreator date=objectCreationDate image_url=objectImage",
        "title=TITLE artist=Artist_Name date=year-created type=ArtForm country=Country rights=LICENSE page_url=URL",
    ],
)
def test_headers_in_many_languages(columns):
    expected = dict(pair.split("=") for pair in columns.split())
    assert {field: found.column for field, found in guess(list(expected.values()), []).items()} == expected


def test_rows_that_cannot_be_used_are_told(tmp_path):
    (tmp_path / "t.csv").write_text("title,artist\nA,B\nC,D,E,F\n\n,nobody\nLast,One\n", "utf-8")
    works, left = read("csv", tmp_path / "t.csv")
    assert [w.title for w in works] == ["A", "Last"]
    assert [(each.where, each.reason) for each in left] == [
        ("t.csv, line 3", "the row has 4 cells, the header 2"),
        ("t.csv, line 5", "it has no title"),
    ]


@pytest.mark.parametrize("name", [t.name for t in TABLES])
@pytest.mark.parametrize("data", [b"", b"\x89PNG\0\0\0\0" * 9, b"PK\x03\x04 no zip"])
def test_what_is_no_table_is_refused(tmp_path, name, data):
    (tmp_path / f"t.{name}").write_bytes(data)
    try:
        works, left = read(name, tmp_path / f"t.{name}")
        assert not works and left
    except CatalogueError as error:
        assert str(error).count("\n") == 0 and error.cure


def test_makers_lists_and_rights_of_a_table(tmp_path):
    rows = [
        {"title": "A", "artist": "Workshop of Rembrandt", "tags": "sea\nboats", "rights": "CC0 1.0", "year": "1650"},
        {"title": "B", "artist": "Egyptian", "tags": "sea | boats", "rights": "Not in the public domain", "year": ""},
        {
            "title": "C",
            "artist": "Blake, William (British, 1757-1827)",
            "tags": "sea",
            "rights": "Public domain",
            "year": "1800",
        },
    ]
    (near, people, known), left = read("csv", write(tmp_path / "t.csv", rows))
    assert not left and (near.artist, near.recorded["artist"], near.subjects) == ("", "Workshop of Rembrandt", ("sea", "boats"))
    assert (people.artist, people.culture, people.subjects) == ("", "Egyptian", ("sea", "boats"))
    assert (known.artist, known.artist_life, known.culture) == ("William Blake", (1757, 1827), "British")
    assert [w.public_domain for w in (near, people, known)] == [True, False, True]


def test_a_table_with_thousands_of_fields_is_refused(tmp_path):
    (tmp_path / "t.jsonl").write_text("{" + ",".join(f'"f{n}": 1' for n in range(1_001)) + "}\n")
    with pytest.raises(CatalogueError, match="more than 1000 fields"):
        read("jsonl", tmp_path / "t.jsonl")


def test_a_header_shorter_than_its_rows_leaves_every_row_out_with_its_line(tmp_path):
    (tmp_path / "t.csv").write_text("title\n" + "".join(f"Work {n},extra\n" for n in range(5)), "utf-8")
    works, left = read("csv", tmp_path / "t.csv", title="title")
    assert not works and [each.where for each in left] == [f"t.csv, line {n}" for n in range(2, 7)]
    assert {each.reason for each in left} == {"the row has 2 cells, the header 1"}
