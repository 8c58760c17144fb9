"""Training the heads: what is masked, what is learnt on the toy world, and whether chances can be believed."""

import json

import numpy as np
import pytest
from helpers import WORKS, HashingEncoder, catalogue_of, toy_catalogue

from artrec import config
from artrec.catalogue import load_catalogue
from artrec.errors import CatalogueError
from artrec.heads import Head
from artrec.training.heads import calibration_error, masked, read_notes, train_heads
from artrec.training.run import NOTES


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
    assert set(heads) == {"movement", "genre", "type", "moods", "subjects", "sentiment", "strength"}
    assert figures["movement"]["all"]["macro_f1"] == figures["type"]["all"]["macro_f1"] == 1
    assert figures["moods"]["macro_f1"] > 0.9 and figures["subjects"]["macro_f1"] > 0.9
    assert figures["sentiment"]["macro_f1"] > 0.9 > figures["sentiment"]["lexicon_macro_f1"]
    assert figures["sentiment"]["strength_error"] < figures["sentiment"]["strength_error_of_the_mean"]


def test_the_heads_answer_for_new_texts(learnt):
    heads, _ = learnt
    vectors = HashingEncoder().encode(["boats climb a wall of blue water", "a red square pushes against a grid"])
    assert [row[0][0] for row in heads["movement"].named(vectors)] == ["Ukiyo-e", "Bauhaus"]


def test_calibration_error_by_hand():
    sure = Head("x", ("a", "b"), np.array([[50.0], [-50.0]], np.float32), np.zeros(2, np.float32))
    vectors = np.ones((10, 1), np.float32)
    assert calibration_error(sure, vectors, np.array(["a"] * 10, dtype=object), bins=1) == pytest.approx(0, abs=1e-6)
    assert calibration_error(sure, vectors, np.array(["a", "b"] * 5, dtype=object), bins=1) == pytest.approx(0.5, abs=1e-6)
    even = Head("x", ("a", "b"), np.zeros((2, 1), np.float32), np.zeros(2, np.float32))
    assert calibration_error(even, vectors, np.array(["a", "b"] * 5, dtype=object), bins=1) == pytest.approx(0, abs=1e-6)


def test_the_notes_are_many_and_split():
    notes = read_notes(NOTES)
    assert len(notes) >= 1_500 and len({note["text"].casefold() for note in notes}) == len(notes)
    for split, share in (("train", 0.7), ("validation", 0.15), ("test", 0.15)):
        assert sum(note["split"] == split for note in notes) / len(notes) == pytest.approx(share, abs=0.02)
    for sentiment in ("positive", "negative", "neutral"):
        assert sum(note["sentiment"] == sentiment for note in notes) / len(notes) > 0.2


@pytest.mark.parametrize("line", ["{", '{"text": "x"}', '{"text": "x", "sentiment": "meh", "strength": 0}',
                                  '{"text": "x", "sentiment": "neutral", "strength": 2}'])  # fmt: skip
def test_broken_notes_are_refused(tmp_path, line):
    (tmp_path / "notes.jsonl").write_text(line, "utf-8")
    with pytest.raises(CatalogueError, match="notes"):
        read_notes(tmp_path / "notes.jsonl")
