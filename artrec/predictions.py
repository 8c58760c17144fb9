"""What is missing in a record, read out of the rest by the heads: predicted, with a probability, beside the record and never
in it. What a museum says stands; only empty fields are filled."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
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
    """Predictions for every empty field that a head is sure enough of: all that `stream_predictions` gives."""
    return dict(stream_predictions(catalogue, vectors, encoder, heads, cache, progress))


def stream_predictions(
    catalogue: Catalogue,
    vectors: np.ndarray,
    encoder: Encoder,
    heads: Mapping[str, Head],
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[str, Mapping[str, tuple[tuple[str, float], ...]]]]:
    """(artwork_id, field → labels) of each work that has any, in order. `vectors`: float32 (n, d), the passages' own. `cache`:
    as for `encode_cached`, for the facts of works without a movement. `progress(done, total)` counts works."""
    works, vocabulary = iter(catalogue), catalogue.vocabulary
    for start in range(0, len(catalogue), AT_ONCE):
        some = list(islice(works, AT_ONCE))
        near = np.asarray(vectors[start : start + len(some)], dtype=np.float32)
        found: list[dict[str, tuple[tuple[str, float], ...]]] = [{} for _ in some]
        for field in FIELDS:
            head = heads.get(field)
            rows = [row for row, work in enumerate(some) if not getattr(work, field)]
            if head is None or not rows:
                continue
            for row, labels in zip(rows, _read(head, [some[row] for row in rows], near[rows], encoder, cache), strict=True):
                kept = [pair for pair in labels if _of_its_time(some[row], vocabulary.get(field, {}).get(pair[0]))]
                if sure := _sure(kept, head.several):
                    found[row][field] = sure
        yield from ((work.artwork_id, fields) for work, fields in zip(some, found, strict=True) if fields)
        if progress:
            progress(start + len(some), len(catalogue))


def _read(head: Head, works: list[Artwork], features: np.ndarray, encoder: Encoder, cache: Path | None):
    """What a head says of works whose passages have the vectors `features`: for each (label, probability), likeliest first."""
    if head.reads == "record":
        said = encode_cached(encoder, [facts(work) for work in works], cache)
        features = record_features(features, said, [work.year for work in works])
    elif head.reads == "words":
        features = word_features([passage(work) for work in works], features)
    return head.named(features)


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


def save_predictions(predicted: Iterable[tuple[str, Mapping]], file: Path) -> None:
    """Write predictions, (artwork_id, field → labels) one by one, as an Arrow file: a row a work."""
    import pyarrow as pa

    schema = pa.schema([("artwork_id", pa.string()), ("predicted", pa.string())])
    predicted = iter(predicted)
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        while some := dict(islice(predicted, AT_ONCE)):
            documents = [json.dumps(document, ensure_ascii=False) for document in as_json(some).values()]
            writer.write_batch(pa.record_batch([list(some), documents], schema=schema))


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
