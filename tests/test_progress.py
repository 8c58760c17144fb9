"""How far work is: parts make a whole, and what is to come of an import is told by how much of its files was read."""

import gzip
import json
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.cli_import import Bars
from artrec.importing import Part, gather
from artrec.progress import TELL_EVERY, Meter, metered, stretch, told

shares = st.floats(0, 1)


@given(st.integers(0, 500), st.lists(shares, min_size=1, max_size=4), st.lists(st.integers(1, 50), min_size=5, max_size=5))
def test_parts_one_after_another_go_from_nothing_to_all(works, cuts, sizes):
    said = []
    edges = [0.0, *sorted(cuts), 1.0]
    for first, last, total in zip(edges, edges[1:], sizes, strict=False):
        part = stretch(lambda done, total: said.append((done, total)), works, first, last)
        for done in range(total + 1):
            part(done, total)
    assert said[0] == (0, works) and said[-1] == (works, works) and said == sorted(said)


def test_a_part_of_nothing_is_done_at_once():
    said = []
    stretch(lambda *at: said.append(at), 10, 0.0, 0.5)(0, 0)
    assert said == [(5, 10)]


def test_items_go_by_and_are_counted():
    said = []
    n = 2 * TELL_EVERY + 3
    assert list(told(range(n), n, lambda *at: said.append(at))) == list(range(n))
    assert said == [(TELL_EVERY, n), (2 * TELL_EVERY, n), (n, n)]


# --- imports ---

NOISE = np.random.default_rng(0)  # what cannot be packed, so that a packed file is long too
ROWS = [{"title": f"Bowl {n}", "artist": f"Maker {n}", "description": NOISE.bytes(60).hex()} for n in range(8_000)]


def _lines() -> bytes:
    return "\n".join(json.dumps(row) for row in ROWS).encode()


def _jsonl(folder):
    (folder / "t.jsonl").write_bytes(_lines())
    return "jsonl", folder / "t.jsonl"


def _packed(folder):
    with gzip.open(folder / "t.jsonl.gz", "wb") as out:
        out.write(_lines())
    return "walters", folder / "t.jsonl.gz"


def _zip(folder):
    with zipfile.ZipFile(folder / "t.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for part in range(4):
            out.writestr(f"{part}.jsonl", "\n".join(json.dumps(row) for row in ROWS[2_000 * part : 2_000 * (part + 1)]))
    return "walters", folder / "t.zip"


def _folder(folder):
    (folder / "many").mkdir()
    for part in range(40):
        lines = (json.dumps(row) for row in ROWS[200 * part : 200 * (part + 1)])
        (folder / "many" / f"{part:02}.jsonl").write_text("\n".join(lines))
    return "walters", folder / "many"


def _csv(folder):
    lines = ["title,artist,description", *(",".join(row.values()) for row in ROWS)]
    (folder / "t.csv").write_text("\n".join(lines))
    return "csv", folder / "t.csv"


def _xlsx(folder):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(ROWS[0]))
    for row in ROWS:
        sheet.append(list(row.values()))
    book.save(folder / "t.xlsx")
    return "xlsx", folder / "t.xlsx"


def _parquet(folder):
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "t.parquet")
    return "parquet", folder / "t.parquet"


@pytest.mark.parametrize("make", [_jsonl, _packed, _zip, _folder, _csv, _xlsx, _parquet])
def test_what_is_to_come_is_told(tmp_path, make):
    source, path = make(tmp_path)
    said = []
    if source == "walters":  # these records are nobody's, but each is read
        (tmp_path / "w.jsonl").write_text(json.dumps({"ObjectID": 1, "ObjectNumber": "1", "Title": "A bowl"}))
        parts = [Part("walters", path), Part("walters", tmp_path / "w.jsonl")]
    else:
        parts = [Part(source, path)]
    gather(parts, tmp_path / "out", lambda *at: said.append(at))
    stages, done, totals = zip(*said, strict=True)
    assert set(stages) == {"import"} and list(done) == sorted(done) and done[-1] == totals[-1] >= 8_000
    middle = [total for done, total in zip(done, totals, strict=True) if 3_000 <= done < 8_000]
    assert len(middle) >= 8 and all(6_000 <= total <= 10_500 for total in middle)


def test_two_files_are_one_whole(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"x" * 1_000)
    with metered([tmp_path / "a", tmp_path / "b"]) as meter:
        assert meter.total(0) == 0
        for part, name in enumerate("ab"):
            meter.begin(part, 10 * part)
            with (tmp_path / name).open("rb") as stream:
                meter.opened(tmp_path / name, stream)
                stream.read(500)
                assert meter.total(10 * part + 5) == 20
                stream.read()
            assert meter.total(10 * part + 10) == 20


def test_what_is_not_there_has_no_size(tmp_path):
    meter = Meter([tmp_path / "none"])
    meter.begin(0, 0)
    assert meter.total(5) == 0


def test_bars_end_one_after_another_and_say_the_time_left(tmp_path, capsys):
    bars = Bars(tmp_path / "p.json")
    for stage in ("encode", "index"):
        for done in (0, 50, 100):
            bars(stage, done, 100)
    bars.close()
    said = capsys.readouterr().err
    assert "encode" in said and "index: 100%" in said and "works/s" in said and "\x1b[A" not in said
    assert json.loads((tmp_path / "p.json").read_text())["stage"] == "index"
