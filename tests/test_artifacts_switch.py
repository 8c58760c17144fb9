"""The shipped collection under another encoder: one environment variable away."""

import logging

import pytest
from helpers import CountingEncoder, HashingEncoder, toy_catalogue

import artrec.encoder
from artrec import artifacts, config


class Other(CountingEncoder):
    name, fingerprint = "other", "another-encoder-entirely"


@pytest.fixture
def shipped(tmp_path, toy, monkeypatch):
    """The toy world in the place of the shipped collection."""
    records, assets = tmp_path / "data", tmp_path / "assets"
    records.mkdir()
    (records / "works.jsonl").write_text("\n".join(w.model_dump_json() for w in toy_catalogue()), "utf-8")
    plain = artifacts.build(artifacts.load_catalogue(records), HashingEncoder(), name="toy", atlas=False)
    artifacts.save(plain, assets, with_records=False)
    monkeypatch.setattr(config, "STARTER", records)
    monkeypatch.setattr(config, "STARTER_ASSETS", assets.resolve())
    monkeypatch.setattr(config, "collection", lambda: assets)
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))
    return assets


def test_it_is_built_once_for_the_encoder_asked_for(shipped, monkeypatch, caplog):
    other = Other()
    monkeypatch.setattr(artrec.encoder, "load_encoder", lambda: other)
    assert artifacts.open_collection().manifest["encoder"]["name"] == "hashing"
    monkeypatch.setenv("ARTREC_ADAPTER", "none")
    with caplog.at_level(logging.WARNING):
        first = artifacts.open_collection()
    assert first.manifest["encoder"]["fingerprint"] == Other.fingerprint and first.name == "toy (other)"
    assert "Building the collection for other, once" in caplog.text
    encoded = len(other.encoded)
    assert artifacts.open_collection(shipped).manifest == first.manifest and len(other.encoded) == encoded
    monkeypatch.delenv("ARTREC_ADAPTER")
    assert artifacts.open_collection().manifest["encoder"]["name"] == "hashing"


def test_the_same_encoder_needs_no_building(shipped, monkeypatch, tmp_path):
    monkeypatch.setattr(artrec.encoder, "load_encoder", HashingEncoder)
    monkeypatch.setenv("ARTREC_MODEL", "the/same")
    assert artifacts.open_collection().manifest["name"] == "toy"
    assert not (tmp_path / "home" / "collections").exists()


def test_changed_records_are_built_again(shipped, monkeypatch):
    monkeypatch.setattr(artrec.encoder, "load_encoder", Other)
    monkeypatch.setenv("ARTREC_ADAPTER", "none")
    assert len(artifacts.open_collection()) == 12
    works = config.STARTER / "works.jsonl"
    works.write_text("\n".join(works.read_text("utf-8").splitlines()[:5]), "utf-8")
    assert len(artifacts.open_collection()) == 5
