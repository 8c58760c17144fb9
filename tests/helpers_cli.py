"""Fixtures and small tools of the files on the command line."""

from pathlib import Path

import pytest
from helpers import HashingEncoder

import artrec.encoder
from artrec.cli import main

GOOD = '{"artwork_id": "%s", "title": "Boat on a blue sea"}\n'
BROKEN = (
    '{"artwork_id": "a", "title": "A"}\n{not json\n{"artwork_id": "b"}\n{"artwork_id": "a", "title": "Again"}\n'
    '{"artwork_id": "c", "title": "C", "titel": "C"}\n[]\n{"artwork_id": "d e", "title": "D", "year_start": 9999}\n'
)


@pytest.fixture(autouse=True)
def no_model(monkeypatch):
    """Whatever the command line loads is the hashing encoder; subprocesses load the real one."""
    monkeypatch.setattr(artrec.encoder, "load_encoder", lambda chosen=None: HashingEncoder())


def call(capsys, *arguments: str) -> tuple[int, str, str]:
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stop:  # argparse leaves this way
        code = stop.code
    said = capsys.readouterr()
    return code, said.out, said.err


def refused(answer: tuple[int, str, str], *words: str) -> None:
    """Exit code 2, nothing on stdout, one line on stderr with the words in it, no traceback."""
    code, out, err = answer
    assert (code, out) == (2, "")
    assert err.endswith("\n") and err.count("\n") == 1, err
    assert err.startswith("artrec: ") and "Traceback" not in err
    for word in words:
        assert word in err


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "works.jsonl").write_text(text, "utf-8")
    return folder
