"""What is missing in a record, read out of the rest by the heads: predicted, with a probability, beside the record and never
in it. What a museum says stands; only empty fields are filled."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from artrec import config
from artrec.catalogue import Artwork, Catalogue, Term
from artrec.encoder import Encoder
from artrec.errors import ArtifactError
from artrec.heads import Head, load_heads
from artrec.lexical import tokens
from artrec.masking import facts
from artrec.reading import FIELDS, record_features, word_features
from artrec.text import passage
from artrec.vectors import encode_cached

SURE = 0.5  # probability from which on a label that excludes others is told
MOST = 4  # moods or subjects that are told
APART = 60  # years from which on a work lies outside a movement
AT_ONCE = 2_048  # works whose features are in memory at a time

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
        terms = catalogue.vocabulary.get(field, {})
        if head is None or not rows:
            continue
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            works, features = [catalogue[row] for row in some], np.asarray(vectors[some], dtype=np.float32)
            if head.reads == "record":
                said = encode_cached(encoder, [facts(work) for work in works], cache, progress)
                features = record_features(features, said, [work.year for work in works])
            elif head.reads == "words":
                features = word_features([passage(work) for work in works], features)
            for work, labels in zip(works, head.named(features), strict=True):
                sure = _sure([pair for pair in labels if _of_its_time(work, terms.get(pair[0]))], head.several)
                if sure:
                    found.setdefault(work.artwork_id, {})[field] = sure
    return found


def _of_its_time(work: Artwork, term: Term | None) -> bool:
    """Whether a work can be of a movement: not where their years, as the vocabulary has them, lie generations apart."""
    if term is None or work.year is None:
        return True
    first = work.year if work.year_start is None else work.year_start
    last = work.year if work.year_end is None else work.year_end
    begun, ended = term.year_start, term.year_end
    return not ((begun is not None and last < begun - APART) or (ended is not None and first > ended + APART))


def _sure(labels: Sequence[tuple[str, float]], several: bool) -> tuple[tuple[str, float], ...]:
    if several:
        stems = [tuple(tokens(label)) for label, _ in labels]  # "boat" and "boats" are one
        kept = [pair for at, pair in enumerate(labels) if stems[at] not in stems[:at]][:MOST]
    else:
        kept = [pair for pair in labels if pair[1] >= SURE]
    return tuple((label, round(chance, 3)) for label, chance in kept)


def as_json(predicted: Predicted) -> dict:
    """As JSON can hold them."""
    return {
        work: {name: [list(pair) for pair in pairs] for name, pairs in fields.items()} for work, fields in predicted.items()
    }


def from_json(document: dict, catalogue: Catalogue) -> Predicted:
    """Predictions from JSON. Raises `ValueError` where they are of other works, of fields that are not predicted or that
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


def save_predictions(predicted: Predicted, file: Path) -> None:
    """Write predictions as an Arrow file: a row a work."""
    import pyarrow as pa

    documents = as_json(predicted)
    table = pa.table(
        {"artwork_id": list(documents), "predicted": [json.dumps(d, ensure_ascii=False) for d in documents.values()]}
    )
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


class StoredPredictions(Mapping):
    """The predictions of a file, each read when it is asked for."""

    def __init__(self, file: Path, catalogue: Catalogue):
        """Raises `ValueError` (or Arrow's own kinds of it) where the file is damaged or of other works."""
        import pyarrow as pa

        self._catalogue = catalogue
        self._table = pa.ipc.open_file(pa.memory_map(str(file))).read_all()
        self._rows = {artwork_id: row for row, artwork_id in enumerate(self._table.column("artwork_id").to_pylist())}
        self._table.column("predicted")
        if strange := next((artwork_id for artwork_id in self._rows if artwork_id not in catalogue), None):
            raise ValueError(f"predictions of {strange[:60]} do not fit its record")

    def __getitem__(self, artwork_id: str) -> Mapping[str, tuple[tuple[str, float], ...]]:
        document = json.loads(self._table.column("predicted")[self._rows[artwork_id]].as_py())
        return from_json({artwork_id: document}, self._catalogue)[artwork_id]

    def __iter__(self):
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def heads_for(encoder: Encoder, folder: Path | None = None) -> dict[str, Head]:
    """The shipped heads where they fit the encoder; none where they were trained on another."""
    try:
        return load_heads(folder or config.ADAPTER, encoder.fingerprint)
    except ArtifactError:
        return {}
