"""Visitors' notes: read, refused, and paired by what they feel."""

import pytest

from artrec.errors import CatalogueError
from artrec.training.notes import SENTIMENTS, note_rows, read_notes
from artrec.training.run import NOTES

LOVED = {"text": "lovely", "sentiment": "positive", "strength": 1.0, "split": "train"}
HATED = {"text": "awful", "sentiment": "negative", "strength": 1.0, "split": "train"}
THERE = {"text": "it hangs there", "sentiment": "neutral", "strength": 0.0, "split": "train"}


def test_the_notes_are_many_and_split():
    notes = read_notes(NOTES)
    assert len(notes) >= 1_500 and len({note["text"].casefold() for note in notes}) == len(notes)
    for split, share in (("train", 0.7), ("validation", 0.15), ("test", 0.15)):
        assert sum(note["split"] == split for note in notes) / len(notes) == pytest.approx(share, abs=0.02)
    for sentiment in SENTIMENTS:
        assert sum(note["sentiment"] == sentiment for note in notes) / len(notes) > 0.2


@pytest.mark.parametrize("line", ["{", '{"text": "x"}', '{"text": "x", "sentiment": "meh", "strength": 0, "split": "train"}',
                                  '{"text": "x", "sentiment": "neutral", "strength": 2, "split": "train"}',
                                  '{"text": "", "sentiment": "neutral", "strength": 0, "split": "train"}',
                                  '{"text": "x", "sentiment": "neutral", "strength": 0, "split": "exam"}'])  # fmt: skip
def test_broken_notes_are_refused(tmp_path, line):
    (tmp_path / "notes.jsonl").write_text(line, "utf-8")
    with pytest.raises(CatalogueError, match="notes"):
        read_notes(tmp_path / "notes.jsonl")


def test_every_training_note_comes_in_turn():
    rows = note_rows([LOVED, HATED, THERE], 7, seed=1)
    assert len(rows) == 7 and set(rows[:3]) == set(rows[3:6]) == {("lovely", 2), ("awful", 0), ("it hangs there", 1)}
    assert note_rows([LOVED, HATED, THERE], 7, seed=1) == rows


def test_held_out_notes_are_never_learnt():
    held = [note | {"split": split} for note in (LOVED, HATED) for split in ("validation", "test")]
    assert note_rows(held, 5, seed=1) == []
    assert set(note_rows([*held, THERE], 5, seed=1)) == {("it hangs there", 1)}
