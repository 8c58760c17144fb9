"""From records to what ships: nothing in its place before all is done."""

import json

import pytest
from helpers import toy_catalogue

from artrec import config
from artrec.cli import main
from artrec.errors import ArtrecError
from artrec.training import run
from artrec.training.contrastive import Settings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))
    (tmp_path / "works.jsonl").write_text("\n".join(w.model_dump_json() for w in toy_catalogue()), "utf-8")
    splits = ("train", "validation", "test")
    lines = [
        {"artwork_id": w.artwork_id, "kind": "sight", "split": splits[n % 3], "text": f"what number {n} shows"}
        for n, w in enumerate(toy_catalogue())
    ]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return tmp_path


def pretend(pairs, validate, workshop, settings, stop=False) -> dict:
    """In the place of the real training: leaves an adapter, and stops in the middle where told so."""
    workshop.mkdir(parents=True, exist_ok=True)
    for name in ("adapter_config.json", "adapter_model.safetensors", "training.json"):
        (workshop / name).write_text(f"new {name}")
    if stop:
        raise KeyboardInterrupt
    return {"epochs": [{"validation": 0.25}, {"validation": 0.5}]}


def test_what_was_there_stays_until_the_end(folder, monkeypatch):
    out = folder / "out"
    out.mkdir()
    (out / "adapter_config.json").write_text("old")
    monkeypatch.setattr(run, "train", lambda *a: pretend(*a, stop=True))
    with pytest.raises(KeyboardInterrupt):
        run.train_encoder(out, None, Settings(), "command", folder)
    assert [f.name for f in out.iterdir()] == ["adapter_config.json"] and (out / "adapter_config.json").read_text() == "old"
    monkeypatch.setattr(run, "train", pretend)
    manifest = run.train_encoder(out, None, Settings(), "command", folder)
    assert (out / "adapter_config.json").read_text() == "new adapter_config.json"
    assert json.loads((out / "manifest.json").read_text()) == json.loads(json.dumps(manifest))
    assert manifest["validation"] == 0.5 and manifest["test_works"] != manifest["train_works"]
    assert not list((config.home() / "training").iterdir())


def test_other_settings_have_a_workshop_of_their_own(folder, monkeypatch):
    seen = []
    monkeypatch.setattr(run, "train", lambda pairs, v, workshop, s: seen.append(workshop) or pretend(pairs, v, workshop, s))
    for settings in (Settings(), Settings(), Settings(seed=1)):
        run.train_encoder(folder / "out", None, settings, "command", folder)
    assert seen[0] == seen[1] != seen[2]


def test_no_queries_and_no_place_are_said(folder, monkeypatch, capsys):
    (folder / "queries.jsonl").unlink()
    with pytest.raises(ArtrecError, match="no queries"):
        run.train_encoder(folder / "out", None, Settings(), "command", folder)
    monkeypatch.setattr(run, "train", pretend)
    assert main(["train", "encoder", "--out", str(folder / "works.jsonl" / "out")]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "cannot be written" in said.err and said.err.count("\n") == 1
