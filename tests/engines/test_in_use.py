"""A database in the place of a folder: on the command line and in the app."""

import json

import pytest
from helpers import HashingEncoder
from helpers_cli import call, refused
from streamlit.testing.v1 import AppTest

from artrec import artifacts, config
from artrec.engines.publish import publish


@pytest.fixture
def address(starter, fresh) -> str:
    where = fresh()
    publish(starter, where)
    return where


def test_the_command_line_asks_a_database(capsys, toy, fresh, monkeypatch):
    monkeypatch.setattr("artrec.encoder.load_encoder", lambda chosen=None: HashingEncoder())
    where = fresh()
    publish(toy, where)
    code, out, _ = call(capsys, "search", "boats", "-n", "3", "--json", "--collection", where)
    assert code == 0 and len(json.loads(out)["results"]) == 3 and json.loads(out)["collection"] == "toy"
    refused(call(capsys, "search", "boats", "--collection", "postgresql://me:s3cr3t@127.0.0.1:9/art"), "cannot be reached")


def test_the_environment_may_name_a_database(address, monkeypatch):
    monkeypatch.setenv("ARTREC_COLLECTION", address)
    assert config.collection() == address and len(artifacts.open_collection()) == 1_307


@pytest.mark.parametrize("page", ["discover", "for_you", "map", "artwork", "collections"])
def test_every_page_shows_a_collection_from_a_database(address, monkeypatch, page):
    monkeypatch.setenv("ARTREC_COLLECTION", address)
    at = AppTest.from_file(str(config.ROOT / "app.py"), default_timeout=120)
    at.run()
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception and not at.error
