"""The command `download`: what it prints, and its progress."""

import argparse
import json

import pytest

from artrec import cli_download, open_data
from artrec.errors import ArtrecError

MADE = {
    "format": "tate", "licence": "CC0", "give": "json", "records": {"json/artworks/works.jsonl": 1_200, "left out": 0},
    "files": [{"name": "tate.zip", "size": 40_000, "changed": True, "checked": True},
              {"name": "b.csv", "size": 5, "changed": False, "checked": False}],
}  # fmt: skip


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))
    top = argparse.ArgumentParser()
    commands = top.add_subparsers(dest="command")

    def command(name, run, help_):
        sub = commands.add_parser(name, help=help_)
        sub.set_defaults(run=run)
        sub.add_argument("--json", action="store_true")
        return sub

    cli_download.add(command)

    def run(*arguments):
        options = top.parse_args(["download", *map(str, arguments)])
        return options.run(options)

    return run


def test_what_is_fetched_is_told(run, monkeypatch, tmp_path, capsys):
    def fetch(name, folder, progress):
        progress("tate.zip", 0, 40_000)
        progress("tate.zip", 30_000, 40_000)
        progress("tate.zip", 0, 40_000)  # begun anew
        progress("tate.zip", 40_000, 40_000)
        progress("unpack", 100, 0)
        return MADE

    monkeypatch.setattr(open_data, "fetch_published", fetch)
    assert run("tate", "--out", tmp_path / "t") == 0
    said = capsys.readouterr()
    assert "tate.zip: 40,000 bytes, fetched, checksum as published." in said.out
    assert "b.csv: 5 bytes, still the newest." in said.out and "works.jsonl: 1,200." in said.out
    assert f"python -m artrec import tate {tmp_path / 't' / 'json'} --out DIR" in said.out
    assert "100%" in said.err and "unpack" in said.err
    assert run("tate", "--out", tmp_path / "t", "--json") == 0
    assert json.loads(capsys.readouterr().out) == MADE


def test_what_cannot_be_fetched_is_refused_before_anything_is_written(run, tmp_path):
    with pytest.raises(ArtrecError, match="Choose from: met"):
        run("xlsx", "--out", tmp_path / "t")
    assert not (tmp_path / "t").exists()


def test_the_help_names_every_format_there_is(capsys, run):
    with pytest.raises(SystemExit):
        run("--help")
    said = capsys.readouterr().out
    assert all(name in said for name in open_data.PUBLISHED)
