"""Visitors' notes with their sentiment: read, checked, and in the order they are learnt in."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from artrec.errors import CatalogueError

SENTIMENTS = ("negative", "neutral", "positive")
SPLITS = ("train", "validation", "test")


def read_notes(path: Path) -> list[dict]:
    """Visitors' notes: {"text", "sentiment", "strength", "split"} a line. Raises `CatalogueError`."""
    try:
        notes = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        for note in notes:
            if note["sentiment"] not in SENTIMENTS or not 0 <= note["strength"] <= 1 or note["split"] not in SPLITS:
                raise ValueError("a sentiment, a strength or a split is out of range")
            if not isinstance(note["text"], str) or not note["text"].strip():
                raise ValueError("a text is missing")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogueError(f"{path} cannot be read as notes ({error}).", "Restore the file.") from error
    return notes


def note_rows(notes: Sequence[dict], count: int, seed: int) -> list[tuple[str, int]]:
    """`count` training notes with the place of their sentiment in `SENTIMENTS`: all in random order, again and again."""
    random = np.random.default_rng(seed)
    train = [(note["text"], SENTIMENTS.index(note["sentiment"])) for note in notes if note["split"] == "train"]
    rows: list[tuple[str, int]] = []
    while train and len(rows) < count:
        rows += [train[at] for at in random.permutation(len(train))]
    return rows[:count]
