"""The commands `publish` and `shards`, as the command line wires them."""

import argparse
import json

import pytest
from helpers import WORKS, HashingEncoder, toy_catalogue

from artrec import artifacts, cli_engines, config
from artrec.engines.postgres import open_database
from artrec.errors import ArtrecError


def run(capsys, *arguments: str) -> tuple[str, str]:
    """Parse and run as `artrec.cli` does; stdout and stderr."""
    top = argparse.ArgumentParser()
    commands = top.add_subparsers()

    def command(name, run, help_):
        sub = commands.add_parser(name, help=help_)
        sub.set_defaults(run=run)
        sub.add_argument("--json", action="store_true")
        return sub

    cli_engines.add(command)
    options = top.parse_args([str(a) for a in arguments])
    assert options.run(options) == 0
    said = capsys.readouterr()
    return said.out, said.err


@pytest.fixture
def built(artrec_home, tmp_path):
    folder = tmp_path / "toy"
    artifacts.save(artifacts.build(toy_catalogue(), HashingEncoder(), name="toy", atlas=False), folder)
    return folder


def test_publish(capsys, built, fresh, monkeypatch):
    address = fresh()
    out, _ = run(capsys, "publish", built, address)
    assert out.startswith("Published 12 works as edition 1 in postgresql://")
    monkeypatch.setenv("ARTREC_DATABASE", address)
    out, _ = run(capsys, "publish", built, "--json")
    assert json.loads(out)["edition"] == 2 and json.loads(out)["works"] == 12
    assert len(open_database(address)) == 12


def test_publish_without_an_address(capsys, built, monkeypatch):
    monkeypatch.delenv("ARTREC_DATABASE", raising=False)
    for arguments in ([], ["my-folder"], ["mysql://h/art"]):
        with pytest.raises(ArtrecError, match="no address of a database.*ARTREC_DATABASE"):
            run(capsys, "publish", built, *arguments)


def test_shards(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("artrec.encoder.load_encoder", HashingEncoder)
    monkeypatch.setattr("artrec.encoder.fingerprint", lambda chosen: HashingEncoder.fingerprint)
    catalogue = tmp_path / "works.jsonl"
    catalogue.write_text("".join(work.model_dump_json(exclude_defaults=True) + "\n" for work in WORKS))
    with pytest.raises(ArtrecError, match="--out"):
        run(capsys, "shards", "write", catalogue)
    out, _ = run(capsys, "shards", "write", catalogue, "--out", tmp_path / "shards", "--size", "5")
    assert "Wrote 3 shards of 12 passages" in out
    out, _ = run(capsys, "shards", "encode", tmp_path / "shards", "--json")
    assert json.loads(out).keys() == {"encoded", "kept", "seconds"} and json.loads(out)["encoded"] == 3
    out, _ = run(capsys, "shards", "collect", tmp_path / "shards", "--json")
    assert json.loads(out) == {"vectors": 12}
    assert list((tmp_path / "home" / "vectors").glob("*.sqlite"))


def test_a_place_is_a_folder_or_an_address(tmp_path):
    assert config.place("postgresql://h/art") == "postgresql://h/art"
    assert config.place(str(tmp_path)) == tmp_path
