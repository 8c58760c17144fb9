"""Spreadsheets and Parquet as rows: what people have in them, and what is made to hurt."""

import datetime
import resource
import zipfile

import pytest

from artrec.errors import CatalogueError
from artrec.sources import LeftOut, Options, rows, source_of
from artrec.sources.rows import parquet_table, xlsx_table


def sheet(file, *lines, title="Works", values=True):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    book.save(file)
    return file


def repacked(file, **changed):
    """A spreadsheet with parts put in the place of its own: name (with "/" as "__") → bytes."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts |= {name.replace("__", "/") + ".xml": data for name, data in changed.items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file


def table(file):
    found = (xlsx_table if file.suffix == ".xlsx" else parquet_table)(file)
    return found.columns, [row for _, row in found.rows]


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}<sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c></row>{}</sheetData></worksheet>'
)
CELL = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>{2}</t></is></c></row>'


def test_cells_as_people_have_them(tmp_path):
    file = sheet(
        tmp_path / "t.xlsx", [None, None], ["title", "date", "width", "made", "seen", None],
        ["Wave", 1910, 30.0, datetime.datetime(1910, 5, 1), datetime.datetime(2020, 1, 1, 12, 30), "aside"],
        [None, None], ["#REF!", True, 2.5, datetime.date(1911, 1, 2), None],
    )  # fmt: skip
    assert table(file) == (
        ["title", "date", "width", "made", "seen"],
        [{"title": "Wave", "date": 1910, "width": 30, "made": "1910-05-01", "seen": "2020-01-01 12:30:00"},
         {"title": "", "date": True, "width": 2.5, "made": "1911-01-02", "seen": ""}],
    )  # fmt: skip
    assert [where for where, _ in xlsx_table(file).rows] == ["t.xlsx, sheet Works, row 3", "t.xlsx, sheet Works, row 5"]


def test_the_first_sheet_that_is_not_empty_is_read(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.create_sheet("Two").append(["title"])
    book["Two"].append(["Wave"])
    book.save(tmp_path / "t.xlsx")
    assert table(tmp_path / "t.xlsx") == (["title"], [{"title": "Wave"}])


def test_formulas_are_their_values_and_never_silently_nothing(tmp_path):
    cells = CELL.format(2, "A", "Wave").replace("</row>", '<c r="B2"><f>1900+10</f>{}</c></row>')
    head = SHEET.replace("</row>{}", '<c r="B1" t="inlineStr"><is><t>date</t></is></c></row>{}')
    file = sheet(tmp_path / "t.xlsx", ["x"])
    repacked(file, xl__worksheets__sheet1=head.format("", cells.format("<v>1910</v>")))
    assert table(file)[1] == [{"title": "Wave", "date": 1910}]
    repacked(file, xl__worksheets__sheet1=head.format("", cells.format("")))
    with pytest.raises(CatalogueError, match="formulas without values in the column 'date'"):
        table(file)


def test_a_formula_as_text_stays_text(tmp_path):
    (tmp_path / "t.csv").write_text('title,artist\n"=HYPERLINK(""http://x.example"",""Wave"")",+1\n', "utf-8")
    (work,) = source_of("csv").read(tmp_path / "t.csv", Options({"title": "title"}))
    assert work.title == '=HYPERLINK("http://x.example","Wave")'


def test_a_sheet_that_says_it_is_huge_is_read_as_it_is(tmp_path):
    file = sheet(tmp_path / "t.xlsx", ["x"])
    far = CELL.format(100_000, "A", "Far") + CELL.format(99_999_999_999, "A", "Beyond")
    body = CELL.format(2, "A", "Wave") + CELL.format(3, "XFD", "Aside") + far
    repacked(file, xl__worksheets__sheet1=SHEET.format('<dimension ref="A1:XFD1048576"/>', body))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert table(file) == (["title"], [{"title": "Wave"}, {"title": "Far"}])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_bombs_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    file = sheet(tmp_path / "t.xlsx", ["title"], ["Wave"])
    monkeypatch.setattr(rows, "MAX_PART", 5_000_000)
    repacked(file, xl__sharedStrings=b"<sst>" + b" " * 5_000_000)
    assert file.stat().st_size < 100_000
    with pytest.raises(CatalogueError, match="unpacks to more than 5 MB"):
        table(file)
    monkeypatch.setattr(rows, "MAX_SHEET", 100)
    with pytest.raises(CatalogueError, match="unpacks to more"):
        table(sheet(tmp_path / "u.xlsx", ["title"], ["Wave"]))


def test_many_sheets_are_refused(tmp_path):
    file = sheet(tmp_path / "t.xlsx", ["title"], ["Wave"])
    repacked(file, **{f"xl__worksheets__sheet{n}": b"<worksheet/>" for n in range(2, 400)})
    with pytest.raises(CatalogueError, match="more than 200 sheets"):
        table(file)


def test_entities_do_not_multiply(tmp_path):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "xxxxxxxxxx">{levels}]>' + SHEET.format("", CELL.format(2, "A", "&e11;"))
    file = repacked(sheet(tmp_path / "t.xlsx", ["x"]), xl__worksheets__sheet1=bomb)
    try:
        found = table(file)[1]
    except CatalogueError as error:
        assert error.cure
    else:
        assert all(isinstance(row, LeftOut) or len(str(row)) < 1_000 for row in found)


def test_a_cell_beyond_the_limit_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "MAX_CELL", 1_000)
    file = sheet(tmp_path / "t.xlsx", ["title"], ["x" * 1_001], ["Wave"])
    _, (left, row) = table(file)
    assert isinstance(left, LeftOut) and "1,000" in left.reason and row == {"title": "Wave"}


def test_a_damaged_sheet_keeps_what_came_before(tmp_path):
    file = sheet(tmp_path / "t.xlsx", ["x"])
    good = "".join(CELL.format(n, "A", "Wave") for n in range(2, 3_000))
    repacked(file, xl__worksheets__sheet1=SHEET.format('<dimension ref="A1:A9"/>', good + "<row"))
    found = table(file)[1]
    assert found[:2_000] == [{"title": "Wave"}] * 2_000 and isinstance(found[-1], LeftOut) and "breaks off" in found[-1].reason


def parquet(file, group=None, **columns):
    import pyarrow as pa
    from pyarrow.parquet import write_table

    write_table(pa.table(columns), file, row_group_size=group)
    return file


def test_parquet_with_columns_of_every_kind(tmp_path):
    import pyarrow as pa

    file = parquet(
        tmp_path / "t.parquet", title=["Wave", None], year=[1910.0, float("nan")], tags=[["sea", "boat"], []],
        made=[datetime.date(1910, 5, 1), None], picture=[b"\x89PNG", b""], about=[{"a": 1}, {"a": 2}],
        kind=pa.array(["print", "print"]).dictionary_encode(), __index_level_0__=[7, 8],
    )  # fmt: skip
    assert table(file) == (
        ["title", "year", "tags", "made", "kind"],
        [{"title": "Wave", "year": 1910, "tags": ["sea", "boat"], "made": "1910-05-01", "kind": "print"},
         {"title": "", "year": "", "tags": [], "made": "", "kind": "print"}],
    )  # fmt: skip
    works = list(source_of("parquet").read(file))
    assert (works[0].title, works[0].year, works[0].subjects) == ("Wave", 1910, ("sea", "boat"))


def test_parquet_in_large_groups_is_refused_and_pictures_do_not_count(tmp_path, monkeypatch):
    import os

    monkeypatch.setattr(rows, "MAX_GROUP", 10_000)
    names = [f"Work {n} {os.urandom(8).hex()}" for n in range(2_000)]
    with pytest.raises(CatalogueError, match="smaller row groups"):
        table(parquet(tmp_path / "t.parquet", title=names))
    assert len(table(parquet(tmp_path / "u.parquet", group=100, title=names, picture=[os.urandom(500)] * 2_000))[1]) == 2_000


def test_a_damaged_parquet_file_keeps_what_came_before(tmp_path):
    names = [f"Work {n}" for n in range(20_000)]
    file = parquet(tmp_path / "t.parquet", group=1_000, title=names)
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2_000] = b"\xff" * 2_000
    file.write_bytes(data)
    found = table(file)[1]
    assert found[0] == {"title": "Work 0"} and 1_000 < len(found) < 20_000
    assert isinstance(found[-1], LeftOut) and "breaks off" in found[-1].reason
    file.write_bytes(data[:-8])
    with pytest.raises(CatalogueError, match="no Parquet file"):
        table(file)
