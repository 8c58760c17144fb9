"""Text tables: any usual encoding and separator, and every way in which one can be broken."""

import csv
import gzip
import io
import resource

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from artrec.errors import CatalogueError
from artrec.sources import LeftOut, delimited
from artrec.sources.delimited import csv_table, encoding_of, separator_of
from artrec.sources.rows import MAX_CELL

TEXTS = {
    "utf-8": "title;artist\nWoge – “blau”;Größl\n",
    "utf-8-sig": "title;artist\nWoge;Größl\n",
    "utf-16": "title;artist\nWoge;Größl\n",
    "utf-16-le": "title;artist\nWoge;Größl\n",
    "utf-16-be": "title;artist\nWoge;Größl\n",
    "cp1252": "Titre;Artiste\nLe déjeuner sur l’herbe;Édouard Manet\n",
    "latin-1": "Título;Artista\nLas niñas;Diego Velázquez\n",
    "gb18030": "标题;作者\n千里江山图;王希孟\n",
    "cp1251": "Название;Художник\nЧёрный квадрат;Казимир Малевич\nДевятый вал;Иван Айвазовский\n",
    "shift_jis": "題名;作者\n富嶽三十六景;葛飾北斎\n神奈川沖浪裏;葛飾北斎\n",
}


def read(file, data, columns=None):
    """(rows as lists of cells, what was left out)."""
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    table = csv_table(file)
    assert columns is None or table.columns == columns
    found = [row for _, row in table.rows]
    return [list(row.values()) for row in found if isinstance(row, dict)], [row for row in found if isinstance(row, LeftOut)]


@pytest.mark.parametrize("encoding", TEXTS)
def test_even_a_short_text_shows_its_encoding(tmp_path, encoding):
    expected = [line.split(";") for line in TEXTS[encoding].splitlines()]
    assert read(tmp_path / "t.csv", TEXTS[encoding].encode(encoding), expected[0]) == (expected[1:], [])


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "gb18030"])
def test_an_encoding_that_shows_itself_late(tmp_path, encoding):
    late = "千里江山图,王希孟" if encoding == "gb18030" else "Café – “Öl”,Müller"
    rows, left = read(tmp_path / "t.csv", ("title,artist\n" + "plain,words\n" * 30_000 + late + "\n").encode(encoding))
    assert not left and len(rows) == 30_001 and rows[-1] == late.split(",")


cells = st.text(st.sampled_from('ab é"\n\r,;|\t'), max_size=6)


@settings(deadline=None)
@given(st.lists(st.tuples(cells, cells, cells), max_size=6), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-16"]))
def test_what_was_written_is_read(tmp_path_factory, rows, separator, encoding):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows([("title", "artist", "date"), *rows, ("x", "y", "z")])
    file = tmp_path_factory.mktemp("t") / "t.csv"
    file.write_bytes(stream.getvalue().encode(encoding))
    table = csv_table(file)
    if table.columns == ["title", "artist", "date"]:  # cells of separators alone can speak for another one
        found = [tuple(row.values()) for _, row in table.rows]
        assert found == [row for row in [*rows, ("x", "y", "z")] if any(cell.strip() for cell in row)]
    else:
        assert any(sign in cell for row in rows for cell in row for sign in ",;\t|")


@settings(deadline=None)
@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b'"')
@example(b"sep=;")
@example(b"\r\n")
@example(b"\xef\xbb\xbf")
def test_any_bytes_are_survived(tmp_path_factory, data):
    file = tmp_path_factory.mktemp("t") / "t.csv"
    file.write_bytes(data)
    try:
        rows = list(csv_table(file).rows)
    except CatalogueError as error:
        assert str(error).count("\n") == 0 and error.cure
    else:
        assert all(isinstance(row, (dict, LeftOut)) for _, row in rows)


@pytest.mark.parametrize(
    ("text", "lines"),
    [("\n\n a,b\n1,2\n3,4\n", (4, 5)), ("sep=;\na;b\n1;2\n3;4\n", (3, 4)), ('"sep=;"\r\na;b\r\n1;2\r\n3;4\r\n', (3, 4)),
     ("a,b\r1,2\r3,4\r", (2, 3)), ('"a","b"\n1,2\n\n3,4', (2, 4)), ('a,"b\n"\n1,2\n3,4', (3, 4)),
     ("\ufeffa,b\n1,2\n3,4", (2, 3))],
)  # fmt: skip
def test_headers_as_they_come(tmp_path, text, lines):
    (tmp_path / "t.csv").write_bytes(text.encode())
    table = csv_table(tmp_path / "t.csv")
    assert [(where, list(row.values())) for where, row in table.rows] == [
        (f"t.csv, line {lines[0]}", ["1", "2"]), (f"t.csv, line {lines[1]}", ["3", "4"]),
    ]  # fmt: skip
    assert table.columns == ["a", "b"]


def test_a_row_in_another_encoding_is_left_out_and_the_rest_read(tmp_path):
    text = "title,artist\nÖl,A\n".encode() + b"Caf\xe9,B\n" + "Nuß,C\n".encode()
    rows, left = read(tmp_path / "t.csv", text)
    assert rows == [["Öl", "A"], ["Nuß", "C"]]
    assert [(each.where, each.reason, each.record) for each in left] == [
        ("t.csv, line 3", "the row is not utf-8, as what is before it", "Caf? B")
    ]


def test_a_quote_that_is_never_closed_costs_its_line_alone(tmp_path):
    body = "".join(f"Work {n},Somebody\n" for n in range(60_000))
    rows, left = read(tmp_path / "t.csv", 'title,artist\nA,B\n"C,D\n' + body)
    assert len(rows) == 60_001 and rows[1] == ["Work 0", "Somebody"]
    assert [(each.where, "never closed" in each.reason) for each in left] == [("t.csv, line 3", True)]


def test_a_cell_of_many_lines_beyond_the_limit(tmp_path):
    text = 'title,artist\nA,B\nC,"' + "words “words” and words\n" * 50_000 + '"\nE,"two\nlines"\nF,G\n'
    rows, left = read(tmp_path / "t.csv", text)
    assert rows == [["A", "B"], ["E", "two\nlines"], ["F", "G"]]
    assert len(left) == 1 and left[0].where == "t.csv, line 3" and "to line 50003" in left[0].reason


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("breaks", ["", "\n"])
def test_200_mb_in_one_field_take_no_memory(tmp_path, quote, breaks):
    file = tmp_path / "t.csv"
    if breaks and not quote:
        pytest.skip("lines outside of quotes are rows")
    with file.open("w") as stream:
        stream.write(f"title,artist\nA,B\nC,{quote}")
        for _ in range(200):
            stream.write("x" * 999_999 + (breaks or "x"))
        stream.write(f"{quote}\nD,E\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = [row for _, row in csv_table(file).rows]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB
    assert [list(row.values()) for row in found if isinstance(row, dict)] == [["A", "B"], ["D", "E"]]
    assert sum(isinstance(row, LeftOut) for row in found) == 1 and "," in found[1].cure


def test_a_cell_at_the_limit_is_taken(tmp_path):
    rows, left = read(tmp_path / "t.csv", "title,artist\nA," + "x" * MAX_CELL + "\nB," + "x" * (MAX_CELL + 1) + "\nC,D\n")
    assert [row[0] for row in rows] == ["A", "C"] and [each.where for each in left] == ["t.csv, line 3"]


def test_a_truncated_gzip_keeps_what_came_before(tmp_path):
    text = "title,artist\n" + "".join(f"Work {n} {n * 7919 % 99991},B\n" for n in range(50_000))
    rows, left = read(tmp_path / "t.csv.gz", gzip.compress(text.encode())[:-20_000])
    assert 1_000 < len(rows) < 50_000 and len(left) == 1 and "breaks off" in left[0].reason
    with pytest.raises(CatalogueError, match="damaged"):
        read(tmp_path / "u.csv.gz", gzip.compress(text.encode())[:30])


def test_too_many_columns_are_refused(tmp_path):
    with pytest.raises(CatalogueError, match="more than 1000 columns"):
        read(tmp_path / "t.csv", ",".join(f"c{n}" for n in range(1_001)) + "\n1\n")


def test_columns_that_share_a_name_or_have_none(tmp_path):
    rows, _ = read(tmp_path / "t.csv", "title,,title,\nA,B,C,D\n", ["title", "column 2", "title (3)", "column 4"])
    assert rows == [["A", "B", "C", "D"]]


def test_encodings_and_separators_alone():
    assert encoding_of("title\nÄpfel – “so”".encode("cp1252")) == "cp1252"
    assert encoding_of("aü".encode()[:2]) == "utf-8-sig"  # cut within a character
    assert separator_of("a;b;c\n1,5;2;3\n") == ";" and separator_of("a\n1\n") == ","
    assert separator_of('a,b\n"1;2;3\n;;;",4\n') == ","
    assert delimited.MAX_LINE > MAX_CELL
