"""From records to what ships: nothing in its place before all is done."""

import json

import numpy as np
import pytest
from helpers import toy_catalogue

from artrec import config
from artrec.cli import main
from artrec.errors import ArtrecError
from artrec.text import passage
from artrec.training import run, search
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


def pretend(material, settings, workshop, start=None, stop=False) -> dict:
    """In the place of the real training: leaves an adapter, and stops in the middle where told so."""
    workshop.mkdir(parents=True, exist_ok=True)
    for name in ("adapter_config.json", "adapter_model.safetensors", "training.json"):
        (workshop / name).write_text(f"new {name}")
    if stop:
        raise KeyboardInterrupt
    return {"passes": [{"score": 0.25}, {"score": 0.5}, {"score": 0.4}]}


@pytest.fixture(autouse=True)
def as_strong_as_it_came(monkeypatch):
    """No model is loaded here: the strength is chosen in `test_strength.py`."""
    tried = [{"strength": 1.0, "score": 0.5}, {"strength": 0.8, "score": 0.4}]
    monkeypatch.setattr(run, "choose_strength", lambda *a: {"strength": 1.0, "tried": tried})


def test_what_was_there_stays_until_the_end(folder, monkeypatch):
    out = folder / "out"
    out.mkdir()
    (out / "adapter_config.json").write_text("old")
    monkeypatch.setattr(run, "run", lambda *a: pretend(*a, stop=True))
    with pytest.raises(KeyboardInterrupt):
        run.train_encoder(out, None, Settings(), "command", folder)
    assert [f.name for f in out.iterdir()] == ["adapter_config.json"] and (out / "adapter_config.json").read_text() == "old"
    monkeypatch.setattr(run, "run", pretend)
    manifest = run.train_encoder(out, None, Settings(), "command", folder)
    assert (out / "adapter_config.json").read_text() == "new adapter_config.json"
    assert json.loads((out / "manifest.json").read_text()) == json.loads(json.dumps(manifest))
    assert manifest["validation"] == 0.5 and manifest["test_works"] != manifest["train_works"]
    assert not list((config.home() / "training").iterdir())


def test_other_settings_have_a_workshop_of_their_own(folder, monkeypatch):
    seen = []
    monkeypatch.setattr(run, "run", lambda m, s, workshop, start: seen.append(workshop) or pretend(m, s, workshop))
    for settings in (Settings(), Settings(), Settings(seed=1)):
        run.train_encoder(folder / "out", None, settings, "command", folder)
    assert seen[0] == seen[1] != seen[2]


def test_no_queries_and_no_place_are_said(folder, monkeypatch, capsys):
    (folder / "queries.jsonl").unlink()
    with pytest.raises(ArtrecError, match="no queries"):
        run.train_encoder(folder / "out", None, Settings(), "command", folder)
    monkeypatch.setattr(run, "run", pretend)
    assert main(["train", "encoder", "--out", str(folder / "works.jsonl" / "out")]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "cannot be written" in said.err and said.err.count("\n") == 1


def test_the_adapted_encoder_must_be_there(folder, monkeypatch):
    monkeypatch.setattr(run, "run", pretend)
    with pytest.raises(ArtrecError, match="train adapt"):
        run.train_encoder(folder / "out", None, Settings(adapted=True), "command", folder)
    with pytest.raises(ArtrecError, match="no adapter to begin with"):
        run.train_encoder(folder / "out", None, Settings(), "command", folder, start=folder)
    material = run.collect(folder, None, Settings().seed)
    adapted = run.adapted_folder(material)
    adapted.mkdir(parents=True)
    (adapted / "adapter_config.json").write_text("{}")
    assert run.train_encoder(folder / "out", None, Settings(adapted=True), "command", folder)["settings"]["adapted"]


def test_validation_is_asked_among_all_works(folder):
    material = run.collect(folder, None, 1)
    works = [material.catalogue[material.catalogue.row(i)] for _, i in material.held]

    class Knows:
        """Finds every validation work by its query, and none by its title."""

        def encode(self, texts, **_):
            vectors = np.zeros((len(texts), 5), dtype=np.float32)
            for row, text in enumerate(texts):
                hits = [n for n, (query, _) in enumerate(material.held) if text == query or text == passage(works[n])]
                vectors[row, hits[0] if hits else -1] = 1  # a title lies with the works that nobody asked for
            return vectors

    scores = run.validation(material)(Knows())
    assert len(works) == len(material.works["validation"]) == 4
    assert scores["queries"] == 1 and scores["titles"] < 1 and scores["fused"] > scores["titles"]
    assert scores["score"] == pytest.approx((1 + scores["titles"] + scores["fused"]) / 3)


def test_a_search_keeps_what_is_done(folder, monkeypatch):
    asked = []

    def short(material, settings, workshop, start=None):
        asked.append(settings)
        workshop.mkdir(parents=True, exist_ok=True)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return {"passes": [{"step": 1, "score": 0.1, "seconds": 9}, {"step": 2, "score": 0.2, "seconds": 18}]}

    monkeypatch.setattr(search, "run", short)
    material = run.collect(folder, None, 1)
    with pytest.raises(KeyboardInterrupt):
        search.search(material, folder / "out")
    found = search.search(material, folder / "out")
    assert list(found["variants"]) == list(search.VARIANTS) and len(asked) == len(search.VARIANTS) + 1
    assert found["variants"]["no notes"] == {"changed": {"notes_share": 0.0}, "score": 0.2, "seconds": 18}
    assert json.loads((folder / "out" / "search.json").read_text()) == found
    assert search.search(material, folder / "out") == found and len(asked) == len(search.VARIANTS) + 1
    with pytest.raises(ArtrecError, match="no variant 'colour'"):
        search.search(material, folder / "out", ["colour"])


def test_a_run_on_top_of_another_keeps_how_that_was_made(folder, monkeypatch):
    begun = []
    monkeypatch.setattr(run, "run", lambda m, s, workshop, start: begun.append((start, workshop)) or pretend(m, s, workshop))
    first = run.train_encoder(folder / "one", None, Settings(), "the first", folder)
    second = run.train_encoder(folder / "two", None, Settings(), "the second", folder, start=folder / "one")
    assert second["command"] == "the second" and second["before"] == json.loads(json.dumps(first))
    assert begun[0][0] is None and begun[1][0] == folder / "one" and begun[0][1] != begun[1][1]
