"""Files from elsewhere: whatever is wrong with them is said, and the rest goes on."""

import gzip
import json
import os
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.errors import CatalogueError
from artrec.sources import json_records, reading
from artrec.sources.base import LeftOut

WORKS = [{"id": n, "title": f"Work {n} — ünï"} for n in range(5)]
LINES = "\n".join(json.dumps(w, ensure_ascii=False) for w in WORKS).encode()


def split(found) -> tuple[list, list]:
    both = list(found)
    return [r for _, r in both if isinstance(r, dict)], [r for _, r in both if isinstance(r, LeftOut)]


@pytest.mark.parametrize(
    "text",
    [LINES, b"\xef\xbb\xbf" + LINES, b"\xef\xbb\xbf" + json.dumps(WORKS).encode(), LINES + b"\n\n",
     json.dumps(WORKS).encode(), json.dumps(WORKS, indent=2).encode(),
     json.dumps({"data": WORKS, "pagination": {}}).encode(), json.dumps({"data": WORKS}, indent=1).encode()],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_every_form_gives_the_same_records(tmp_path, text, packed):
    file = tmp_path / ("works.json.gz" if packed else "works.json")
    file.write_bytes(gzip.compress(text) if packed else text)
    assert split(reading.records(file)) == (WORKS, [])


def test_one_long_document(tmp_path):
    work = {"id": 1, "text": "long " * 5_000, "inner": {"data": 3}}
    (tmp_path / "one.json").write_text(json.dumps(work, indent=1))
    assert split(reading.records(tmp_path / "one.json")) == ([work], [])


def test_folders_and_zips_in_name_order(tmp_path):
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    for work in reversed(WORKS):
        (folder / f"{work['id']}.json").write_text(json.dumps(work))
    (folder / "notes.txt").write_text("no record")
    (folder / ".hidden.json").write_text("{}")
    assert split(reading.records(tmp_path / "in")) == (WORKS, [])
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
        archive.writestr("../../evil.json", "{}")
        archive.writestr("/etc/evil.json", "{}")
    found, left = split(reading.records(tmp_path / "all.zip"))
    assert [w for w in found if w] == WORKS
    assert sorted(each.where for each in left) == ["../../evil.json", "/etc/evil.json"]
    assert all("leads out" in each.reason for each in left)


def test_a_link_that_leads_out_is_told_and_not_followed(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "secret.json").write_text('{"id": "secret"}')
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "one.json").write_text(json.dumps(WORKS[0]))
    os.symlink(tmp_path / "out" / "secret.json", inside / "two.json")
    os.symlink(tmp_path / "out", inside / "folder")
    os.symlink(inside / "one.json", inside / "again.json")
    found, left = split(reading.records(inside))
    assert found == WORKS[:1] * 2
    assert sorted(each.where for each in left) == ["folder", "two.json"] and all("link" in each.reason for each in left)


def test_a_folder_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "w.json").write_text(json.dumps(WORKS[0]))
    true = os.scandir

    def scandir(path):
        if str(path).endswith(shut):
            raise PermissionError(13, "Permission denied", str(path))
        return true(path)

    monkeypatch.setattr(os, "scandir", scandir)
    for shut in ("a", "b"):
        found, left = split(reading.records(tmp_path))
        assert found == WORKS[:1] and [(each.where, "Permission" in each.reason) for each in left] == [(shut, True)]
    shut = tmp_path.name
    with pytest.raises(CatalogueError, match="cannot be read"):
        next(reading.records(tmp_path))


def test_what_is_neither_file_nor_folder_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(CatalogueError, match="neither"):
        next(reading.records(tmp_path / "pipe.json"))
    with pytest.raises(CatalogueError, match=r"[Cc]heck the path"):
        next(reading.records(tmp_path / ("x" * 5_000)))


def test_a_packed_file_in_a_zip_and_a_damaged_one(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a.json.gz", gzip.compress(LINES))
        archive.writestr("b.json", json.dumps(WORKS[0]) + " " * 9_000)
        archive.writestr("c.json", json.dumps(WORKS[1]))
    whole = (tmp_path / "all.zip").read_bytes()
    at = whole.index(b'{"id": 0, "title"', whole.index(b"b.json"))
    (tmp_path / "bad.zip").write_bytes(whole[:at] + b'{"id": 9' + whole[at + 8 :])
    assert split(reading.records(tmp_path / "all.zip")) == ([*WORKS, WORKS[0], WORKS[1]], [])
    found, left = split(reading.records(tmp_path / "bad.zip"))
    assert found == [*WORKS, WORKS[1]] and [each.where for each in left] == ["b.json"] and "damaged" in left[0].reason


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b" " * 1_000_000)
    monkeypatch.setattr(reading, "MAX_UNPACKED", 100_000)
    with pytest.raises(CatalogueError, match="unpacks to more"):
        next(reading.records(tmp_path / "all.zip"))


def test_half_a_character_becomes_a_question_mark(tmp_path):
    (tmp_path / "w.jsonl").write_bytes(b'{"title": "a\\ud83d\\ude00b"}\n{"title": "a\\ud83db"}\n')
    found, left = split(reading.records(tmp_path / "w.jsonl"))
    assert [f["title"] for f in found] == ["a\N{GRINNING FACE}b", "a?b"] and not left


def test_a_long_document_is_read_as_its_data(tmp_path, monkeypatch):
    monkeypatch.setattr(json_records, "MAX_DOCUMENT", 200)
    (tmp_path / "w.json").write_text(json.dumps({"info": {"a": 1}, "data": WORKS}, indent=1))
    assert split(reading.records(tmp_path / "w.json")) == (WORKS, [])
    (tmp_path / "x.json").write_text(json.dumps({"info": ["long"] * 100}, indent=1))
    found, left = split(reading.records(tmp_path / "x.json"))
    assert not found and len(left) == 1 and "holds no works" in left[0].reason


def test_long_lines_of_which_the_first_is_broken(tmp_path, monkeypatch):
    monkeypatch.setattr(json_records, "MAX_DOCUMENT", 80)
    (tmp_path / "w.jsonl").write_bytes(b'{"id": 1, "tit\n' + LINES)
    found, left = split(reading.records(tmp_path / "w.jsonl"))
    assert found == WORKS and [each.where for each in left] == ["w.jsonl, line 1"]


def test_a_truncated_gzip_keeps_what_came_before(tmp_path):
    many = "\n".join(json.dumps({"id": n, "title": os.urandom(40).hex()}) for n in range(2_000)).encode()
    file = tmp_path / "works.jsonl.gz"
    file.write_bytes(gzip.compress(many)[:-30_000])
    found, left = split(reading.records(file))
    assert 10 < len(found) < 2_000 and [f["id"] for f in found] == list(range(len(found)))
    assert left and "cut off" in left[-1].reason and "again" in left[-1].cure


@pytest.mark.parametrize(
    ("bad", "reason"),
    [(b'{"id": 9, "title": "half', "not whole JSON"), (b'{"title": "\xff\xfe"}', "not UTF-8"), (b"[1, 2]", "not a JSON object"),
     (b'{"title": "' + b"x" * (json_records.MAX_RECORD + 10) + b'"}', "longer than"), (b"[" * 100_000, "not whole JSON")],
)  # fmt: skip
def test_a_broken_line_is_told_with_its_place(tmp_path, bad, reason):
    lines = LINES.split(b"\n")
    (tmp_path / "w.jsonl").write_bytes(b"\n".join([*lines[:2], bad, *lines[2:]]))
    found, left = split(reading.records(tmp_path / "w.jsonl"))
    assert found == WORKS
    assert [(each.where, reason in each.reason, bool(each.cure)) for each in left] == [("w.jsonl, line 3", True, True)]


def test_a_broken_first_line(tmp_path):
    (tmp_path / "w.jsonl").write_bytes(b'{"id": 1, "tit\n' + LINES)
    found, left = split(reading.records(tmp_path / "w.jsonl"))
    assert found == WORKS and len(left) == 1 and "line 1" in left[0].where


def test_a_broken_array_keeps_what_came_before(tmp_path):
    (tmp_path / "w.json").write_bytes(json.dumps(WORKS).encode()[:-30])
    found, left = split(reading.records(tmp_path / "w.json"))
    assert found == WORKS[: len(found)] and 1 <= len(found) < 5 and "breaks off" in left[0].reason


@pytest.mark.parametrize("array", [False, True])
def test_a_field_of_200_mb_takes_no_memory(tmp_path, array):
    import resource

    file = tmp_path / "w.json"
    with file.open("wb") as stream:
        stream.write((b"[" + LINES.replace(b"\n", b",") + b"," if array else b"") + b'{"id": 0, "title": "')
        for _ in range(200):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}]' if array else b'"}\n' + LINES)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found, left = split(reading.records(file))
    assert found == WORKS and len(left) == 1 and "longer than" in left[0].reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB


@pytest.mark.parametrize("text", [b"", b"   \n", b"<html>no</html>", b"\x89PNG\0\0"])
def test_what_is_no_json_is_told(tmp_path, text):
    (tmp_path / "w.json").write_bytes(text)
    found, left = split(reading.records(tmp_path / "w.json"))
    assert found == [] and len(left) == 1 and left[0].cure


def test_nothing_to_read_is_an_error(tmp_path):
    with pytest.raises(CatalogueError, match="no file or folder"):
        next(reading.records(tmp_path / "none"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(CatalogueError, match=r"no \.json"):
        next(reading.records(tmp_path / "empty"))
    (tmp_path / "bad.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    with pytest.raises(CatalogueError, match="no .json"):
        next(reading.records(tmp_path / "bad.zip"))


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(data):
    import io

    for where, found in json_records.read_json(io.BytesIO(data), "x"):
        assert where.startswith("x") and isinstance(found, (dict, LeftOut))
