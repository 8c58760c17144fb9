"""What ships in `assets/encoder`: made as its manifest says, small, and reported as it was measured."""

import json

import numpy as np
import pytest
from sklearn.metrics import f1_score

from artrec import config
from artrec.catalogue import load_catalogue
from artrec.encoder import EncoderConfig, fingerprint
from artrec.evaluation.queries import load_queries
from artrec.heads import load_heads
from artrec.masking import facts, masked
from artrec.reading import note_features, record_features
from artrec.training.card import card
from artrec.training.notes import read_notes
from artrec.training.run import NOTES, collect, digest

FOLDER = config.ADAPTER
MANIFEST = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
RESULTS = json.loads((FOLDER / "results.json").read_text("utf-8"))


def test_it_is_the_encoder_in_use_and_small(encoder):
    assert MANIFEST["base"] == fingerprint(EncoderConfig())
    assert encoder.fingerprint == fingerprint(EncoderConfig(adapter=str(FOLDER)))
    assert encoder.name == "all-MiniLM-L6-v2 + ArtRec"
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 5_000_000


def test_the_held_out_works_are_still_those_of_training():
    catalogue = load_catalogue(config.STARTER)
    queries = load_queries(config.STARTER, catalogue)
    assert MANIFEST["test_works"] == digest(sorted({q.artwork_id for q in queries if q.split == "test"}))
    held = {q.artwork_id for q in queries if q.split != "train"}
    assert not held & {pair.work for pair in collect(config.STARTER, None, MANIFEST["settings"]["seed"]).pairs}


def macro(truth, guess) -> float:
    return f1_score(truth, guess, average="macro", labels=np.unique(truth), zero_division=0)


def test_the_heads_on_disk_are_those_that_were_measured(encoder):
    heads, figures = load_heads(FOLDER, encoder.fingerprint), json.loads((FOLDER / "heads.json").read_text("utf-8"))["figures"]
    catalogue = load_catalogue(config.STARTER)
    test = {q.artwork_id for q in load_queries(config.STARTER, catalogue) if q.split == "test"}
    for field in ("movement", "genre", "type"):
        head = heads[field]
        works = [w for w in catalogue if w.artwork_id in test and getattr(w, field) in head.labels]
        features = encoder.encode([masked(work, catalogue, field) for work in works])
        if head.reads == "record":
            features = record_features(features, encoder.encode([facts(w) for w in works]), [w.year for w in works])
        guess = [head.labels[at] for at in head.probabilities(features).argmax(axis=1)]
        measured = figures[field]["all"]["macro_f1"]["mean"]
        assert macro([getattr(work, field) for work in works], guess) == pytest.approx(measured, abs=0.03)
    notes = [note for note in read_notes(NOTES) if note["split"] == "test"]
    texts = [note["text"] for note in notes]
    chances = heads["sentiment"].probabilities(note_features(texts, encoder.encode(texts)))
    guess = [heads["sentiment"].labels[at] for at in chances.argmax(axis=1)]
    assert macro([n["sentiment"] for n in notes], guess) == pytest.approx(figures["sentiment"]["macro_f1"]["mean"], abs=0.03)


def test_the_card_says_what_was_measured():
    assert (FOLDER / "README.md").read_text("utf-8") == card(FOLDER)
    tuned = RESULTS["sets"]["test"]["methods"]["tuned dense"]["nDCG@10"]["mean"]
    assert f"{tuned:.3f}" in card(FOLDER)
    assert RESULTS["encoders"]["tuned"]["fingerprint"] == fingerprint(EncoderConfig(adapter=str(FOLDER)))


@pytest.mark.parametrize(
    "name, way", [("test", "dense"), ("test", "fused"), ("open", "dense"), ("museum", "dense"), ("museum", "fused")]
)
def test_it_is_better_than_the_base_beyond_chance(name, way):
    assert change(name, f"tuned {way}", f"base {way}", "nDCG@10")["low"] > 0


def test_open_queries_gain_in_meaning():
    assert change("open", "tuned dense", "base dense", "nDCG@10")["low"] > 0
    assert change("open", "tuned fused", "base fused", "nDCG@10")["difference"] > 0


def test_little_is_unlearnt():
    assert change("titles", "tuned dense", "base dense", "nDCG@10")["difference"] > -0.02
    assert change("general", "tuned", "base", "MRR")["difference"] > -0.02


def change(name: str, of: str, than: str, measure: str) -> dict:
    found = RESULTS["sets"][name]["comparisons"]
    return next(c for c in found if (c["of"], c["with"], c["measure"]) == (of, than, measure))
