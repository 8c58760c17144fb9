"""The base encoder against the fine-tuned one, on everything that matters: `python -m artrec evaluate encoders`.

On the same queries with the same statistics: the starter collection's test and open queries (dense and fused), a museum's
keywords → descriptions on works never trained on, each title → its own work, and everyday sentence pairs that have nothing
to do with art (what was lost?). Searching is exact. BM25 is the same for both, so it stands there once.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from artrec import artifacts, config
from artrec.catalogue import Artwork, Catalogue, load_catalogue
from artrec.encoder import Encoder
from artrec.errors import CatalogueError
from artrec.evaluation.queries import load_open_queries, load_queries
from artrec.evaluation.retrieval import Search, flat, measure, open_values, report, searches, visitor_values
from artrec.evaluation.statistics import compare, estimate
from artrec.recommender import Recommender

PAIRS_FILE = config.ROOT / "data" / "general" / "pairs.jsonl"


def ways_of(encoders: Mapping[str, Encoder], catalogue: Catalogue) -> dict[str, Search]:
    """`lexical`, and for each encoder by name `name dense` and `name fused`."""
    ways: dict[str, Search] = {}
    for name, encoder in encoders.items():
        built = artifacts.build(catalogue, encoder, name=name, atlas=False)
        for method, search in searches(Recommender(built, encoder)).items():
            ways["lexical" if method == "lexical" else f"{name} {method}"] = search
    return ways


def evaluate_encoders(encoders: Mapping[str, Encoder], folder: Path = config.STARTER, museum: Path | None = None) -> dict:
    """All measurements, as one document."""
    catalogue = load_catalogue(folder)
    ways = ways_of(encoders, catalogue)
    tests = [query for query in load_queries(folder, catalogue) if query.split == "test"]
    sets = {
        "test": report(*visitor_values(ways, tests)),
        "open": report(*open_values(ways, load_open_queries(folder, catalogue))),
        "titles": _titles(ways, catalogue),
    }
    if museum is not None:
        sets["museum"] = _museum(encoders, museum)
    if PAIRS_FILE.exists():
        sets["general"] = general(encoders, read_pairs(PAIRS_FILE))
    return {
        "catalogue": catalogue.hash,
        "encoders": {name: {"name": e.name, "fingerprint": e.fingerprint} for name, e in encoders.items()},
        "sets": sets,
    }


def _titles(ways: Mapping[str, Search], catalogue: Catalogue) -> dict:
    """A title should find its own work; titles that several works share are left out."""
    titles: dict[str, list[str]] = {}
    for work in catalogue:
        titles.setdefault(work.title.casefold(), []).append(work.artwork_id)
    asked = {ids[0]: (title, {ids[0]: 1}) for title, ids in titles.items() if len(ids) == 1}
    return report({name: measure(search, asked, good=1) for name, search in ways.items()}, {key: key for key in asked})


def _museum(encoders: Mapping[str, Encoder], path: Path) -> dict:
    """Keywords of a museum's test works → their descriptions, among the test works."""
    from artrec.training.pairs import museum_pairs, read_museum

    texts = read_museum(path, "test")
    works = tuple(Artwork(artwork_id=text.work, title="Work", description=text.description) for text in texts)
    ways = ways_of(encoders, Catalogue(works, {}))
    asked = {pair.work: (pair.query, {pair.work: 1}) for pair in museum_pairs(texts, seed=1)}
    return report({name: measure(search, asked, good=1) for name, search in ways.items()}, {key: key for key in asked})


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Pairs of sentences that mean the same: {"a", "b"} a line."""
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [(line["a"], line["b"]) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogueError(f"{path} cannot be read ({error}).", 'Write {"a": "…", "b": "…"} on each line.') from error


def general(encoders: Mapping[str, Encoder], pairs: Sequence[tuple[str, str]]) -> dict:
    """Everyday paraphrases: each sentence should find its partner among all partners (reciprocal rank, both ways)."""
    values = {}
    for name, encoder in encoders.items():
        first, second = (encoder.encode([pair[side] for pair in pairs]) for side in (0, 1))
        scores = first @ second.T
        own = np.diag(scores)
        values[name] = (1 / _places(scores, own) + 1 / _places(scores.T, own)) / 2
    names = list(values)
    return {
        "queries": 2 * len(pairs),
        "units": len(pairs),
        "methods": {name: {"MRR": vars(estimate(v))} for name, v in values.items()},
        "comparisons": [
            {"of": b, "with": a, "measure": "MRR"} | flat(compare(values[b], values[a]))
            for a, b in zip(names, names[1:], strict=False)
        ],
    }


def _places(scores: np.ndarray, own: np.ndarray) -> np.ndarray:
    """The rank from 1 of each row's own score in its row; ties share the middle of their places."""
    return 1 + (scores > own[:, None]).sum(axis=1) + ((scores == own[:, None]).sum(axis=1) - 1) / 2
