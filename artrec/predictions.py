"""What is missing in a record, read out of the rest by the heads: predicted, with a probability, beside the record and never
in it. What a museum says stands; only empty fields are filled."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from artrec import config
from artrec.catalogue import Artwork, Catalogue
from artrec.encoder import Encoder
from artrec.errors import ArtifactError
from artrec.heads import Head, load_heads
from artrec.masking import facts
from artrec.reading import FIELDS, record_features
from artrec.vectors import encode_cached

SURE = 0.5  # probability from which on a label that excludes others is told
MOST = 4  # moods or subjects that are told

Predicted = Mapping[
    str, Mapping[str, tuple[tuple[str, float], ...]]
]  # artwork_id → field → (value, probability), likeliest first


def missing(work: Artwork) -> tuple[str, ...]:
    """The fields of a record that are empty and could be predicted."""
    return tuple(field for field in FIELDS if not getattr(work, field))


def predict(
    catalogue: Catalogue,
    vectors: np.ndarray,
    encoder: Encoder,
    heads: Mapping[str, Head],
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Predicted:
    """Predictions for every empty field that a head is sure enough of. `vectors`: float32 (n, d), the passages' own.
    `cache` and `progress`: as for `encode_cached`, for the facts of works without a movement."""
    found: dict[str, dict[str, tuple[tuple[str, float], ...]]] = {}
    for field in FIELDS:
        head = heads.get(field)
        rows = [row for row, work in enumerate(catalogue) if not getattr(work, field)]
        if head is None or not rows:
            continue
        features = np.asarray(vectors[rows], dtype=np.float32)
        if head.reads == "record":
            works = [catalogue[row] for row in rows]
            said = encode_cached(encoder, [facts(work) for work in works], cache, progress)
            features = record_features(features, said, [work.year for work in works])
        for row, labels in zip(rows, head.named(features), strict=True):
            sure = _sure(labels, head.several)
            if sure:
                found.setdefault(catalogue[row].artwork_id, {})[field] = sure
    return found


def _sure(labels: Sequence[tuple[str, float]], several: bool) -> tuple[tuple[str, float], ...]:
    kept = labels[:MOST] if several else [pair for pair in labels if pair[1] >= SURE]
    return tuple((label, round(chance, 3)) for label, chance in kept)


def as_json(predicted: Predicted) -> dict:
    """For `predictions.json`."""
    return {
        work: {name: [list(pair) for pair in pairs] for name, pairs in fields.items()} for work, fields in predicted.items()
    }


def from_json(document: dict, catalogue: Catalogue) -> Predicted:
    """The predictions of a file. Raises `ValueError` where they are of other works, of fields that are not predicted or that
    the record fills, or no probabilities."""
    predicted = {}
    for artwork_id, fields in document.items():
        work = catalogue[catalogue.row(artwork_id)] if artwork_id in catalogue else None
        if work is None or not set(fields) <= set(missing(work)):
            raise ValueError(f"predictions of {artwork_id[:60]} do not fit its record")
        if not all(isinstance(label, str) and 0 <= chance <= 1 for pairs in fields.values() for label, chance in pairs):
            raise ValueError(f"predictions of {artwork_id[:60]} are no probabilities")
        predicted[artwork_id] = {name: tuple((label, float(c)) for label, c in pairs) for name, pairs in fields.items()}
    return predicted


def heads_for(encoder: Encoder, folder: Path | None = None) -> dict[str, Head]:
    """The shipped heads where they fit the encoder; none where they were trained on another."""
    try:
        return load_heads(folder or config.ADAPTER, encoder.fingerprint)
    except ArtifactError:
        return {}
