"""Files written whole."""

import json
import os

import pytest

from artrec.files import write_json, write_whole


def test_text_and_bytes(tmp_path):
    write_whole(tmp_path / "a", "梵高")
    write_whole(tmp_path / "b", b"\x00\xff")
    write_json(tmp_path / "c.json", {"k": "é"})
    assert (tmp_path / "a").read_text("utf-8") == "梵高" and (tmp_path / "b").read_bytes() == b"\x00\xff"
    assert json.loads((tmp_path / "c.json").read_text("utf-8")) == {"k": "é"}
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "c.json"]


def test_what_was_there_stays_where_writing_fails(tmp_path, monkeypatch):
    write_whole(tmp_path / "a", "before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError):
        write_whole(tmp_path / "a", "after")
    assert (tmp_path / "a").read_text() == "before"
