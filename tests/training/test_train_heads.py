"""Training the heads: what is masked, what is learnt on the toy world, and whether chances can be believed."""

import json

import pytest
from helpers import WORKS, HashingEncoder, catalogue_of, toy_catalogue

from artrec import config
from artrec.catalogue import load_catalogue
from artrec.masking import facts, masked
from artrec.reading import record_features
from artrec.training.heads import train_heads


def test_names_of_movements_and_artists_are_masked():
    work = WORKS[6].model_copy(
        update={"description": "Karla Winkel's Bauhaus square; Winkel and Ukiyo-e prints. A winkelstein."}
    )
    text = masked(work, toy_catalogue(), "movement")
    assert "Winkel " not in text and "Karla" not in text and "Bauhaus" not in text and "Ukiyo-e" not in text
    assert "playful" in masked(WORKS[7], toy_catalogue(), "type") and "playful" not in masked(
        WORKS[7], toy_catalogue(), "moods"
    )
    assert "oil on canvas" in text and "oil on canvas" not in masked(work, toy_catalogue(), "type")
    assert "square" in text and "winkelstein" in text and "Red Square" in text


def test_the_starter_s_texts_hold_no_movement():
    catalogue = load_catalogue(config.STARTER)
    for work in catalogue.works[::50]:
        assert not work.movement or work.movement.lower() not in masked(work, catalogue, "movement").lower(), work.artwork_id


@pytest.fixture(scope="module")
def learnt(artrec_home, tmp_path_factory):
    """Heads on thirty copies of the toy world with a word changed in each."""
    works = [
        w.model_copy(update={"artwork_id": f"{w.artwork_id}-{n}", "description": f"{w.description} {n}", "moods": w.moods[:1]})
        for n in range(30)
        for w in WORKS
    ]
    splits = {w.artwork_id: ("train", "train", "train", "validation", "test")[i % 5] for i, w in enumerate(works)}
    notes = tmp_path_factory.mktemp("notes") / "notes.jsonl"
    words = {"positive": "lovely", "negative": "awful", "neutral": "there"}
    lines = [
        {"text": f"{words[s]} number {n}", "sentiment": s, "strength": 0.0 if s == "neutral" else 0.8,
         "split": ("train", "train", "validation", "test")[n % 4]}
        for n in range(60) for s in words
    ]  # fmt: skip
    notes.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return train_heads(catalogue_of(*works), splits, HashingEncoder(), notes)


def test_what_can_be_known_is_learnt(learnt):
    heads, figures = learnt
    assert set(heads) == {"movement", "movement in text", "genre", "type", "moods", "subjects", "sentiment", "strength"}
    for name in ("movement", "movement in text", "type"):
        assert figures[name]["all"]["macro_f1"] == {"mean": 1, "low": 1, "high": 1}
    assert figures["moods"]["macro_f1"]["mean"] > 0.9 and figures["subjects"]["macro_f1"]["mean"] > 0.9
    assert figures["sentiment"]["macro_f1"]["mean"] > 0.9 > figures["sentiment"]["lexicon_macro_f1"]["mean"]
    assert figures["sentiment"]["strength_error"] < figures["sentiment"]["strength_error_of_the_mean"]


def test_the_heads_answer_for_new_texts(learnt):
    heads, _ = learnt
    vectors = HashingEncoder().encode(["boats climb a wall of blue water", "a red square pushes against a grid"])
    assert [row[0][0] for row in heads["movement in text"].named(vectors)] == ["Ukiyo-e", "Bauhaus"]


def test_a_record_s_date_and_facts_are_read_too(learnt):
    heads, _ = learnt
    unclear = HashingEncoder().encode(["nothing is said"] * 2)
    said = HashingEncoder().encode([facts(WORKS[0]), facts(WORKS[6])])
    features = record_features(unclear, said, [WORKS[0].year, WORKS[6].year])
    assert [row[0][0] for row in heads["movement"].named(features)] == ["Ukiyo-e", "Bauhaus"]


def test_what_is_measured_can_be_believed(learnt):
    _, figures = learnt
    for name in ("movement", "genre", "type", "moods", "subjects", "sentiment"):
        found = figures[name]
        assert 0 <= found["calibration_error"] <= 1
        assert all(0 <= p["confidence"] <= 1 and 0 <= p["accuracy"] <= 1 for p in found["reliability"])
    for found in (figures["movement"]["all"], figures["moods"], figures["sentiment"]):
        gap = found["macro_f1"]["mean"] - found["tfidf_macro_f1"]["mean"]
        assert found["difference"]["mean"] == pytest.approx(gap)
        assert found["difference"]["low"] <= gap <= found["difference"]["high"]
