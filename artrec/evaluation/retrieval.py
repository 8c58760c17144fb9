"""How well queries find works: `python -m artrec evaluate retrieval`.

Three ways of searching the same collection are compared on the same queries: `lexical` (BM25 alone), `dense` (cosine of
the encoder's vectors alone) and `fused` (the recommender as the app uses it). Measures come from ir_measures: nDCG@10
with linear gains, reciprocal rank and recall among the first ten. For open queries the latter two count grades of 2 and
3. Units of the intervals are works, whose three queries are averaged first, or open queries.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from artrec.errors import ArtrecError, QueryError
from artrec.evaluation.queries import KINDS, OpenQuery, VisitorQuery
from artrec.evaluation.statistics import Comparison, compare, estimate
from artrec.question import ask
from artrec.recommender import Recommender
from artrec.text import parse_query

DEPTH = 10
GOOD = 2  # the grade from which an open query counts as answered

Search = Callable[[str], Sequence[str]]  # query → artwork ids, best first


def searches(recommender: Recommender, depth: int = DEPTH) -> dict[str, Search]:
    """The ways of searching, by name. Each gives at most `depth` ids and passes over works that score nothing."""
    collection = recommender.collection

    def best(scores: np.ndarray) -> list[str]:
        order = np.lexsort((np.arange(len(scores)), -scores))[:depth]
        return [collection.catalogue[int(row)].artwork_id for row in order if scores[row] > 0]

    def question(text: str):
        return ask(collection.filters.resolve(parse_query(text)), collection, recommender.encoder)

    def lexical(text: str) -> list[str]:
        asked = question(text)
        return best(collection.lexical.scores(asked.tokens)) if asked.tokens else []

    def dense(text: str) -> list[str]:
        asked = question(text)
        return best(collection.vectors.astype(np.float32) @ asked.vector) if asked.vector is not None else []

    def fused(text: str) -> list[str]:
        try:
            return [result.artwork.artwork_id for result in recommender.search(text, depth).results]
        except QueryError:
            return []

    return {"lexical": lexical, "dense": dense, "fused": fused}


def measure(search: Search, queries: Mapping[str, tuple[str, Mapping[str, int]]], good: int) -> dict[str, dict[str, float]]:
    """Measure → query id → value, for queries given as id → (text, artwork_id → grade)."""
    import ir_measures
    from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

    measures = {"nDCG@10": nDCG @ DEPTH, "MRR@10": RR(rel=good) @ DEPTH, "recall@10": R(rel=good) @ DEPTH}
    judged = [Qrel(key, artwork, grade) for key, (_, grades) in queries.items() for artwork, grade in grades.items()]
    found = [
        ScoredDoc(key, artwork, 1.0 / (place + 1))
        for key, (text, _) in queries.items()
        for place, artwork in enumerate(search(text))
    ]
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(queries, 0.0) for name in measures}
    names = {str(m): name for name, m in measures.items()}
    for value in ir_measures.iter_calc(list(measures.values()), judged, found):
        values[names[str(value.measure)]][value.query_id] = float(value.value)
    return values


def visitor_values(ways: Mapping[str, Search], queries: Sequence[VisitorQuery]) -> tuple[dict, dict[str, str]]:
    """Known-item search: each query has one right answer. Way → measure → query → value, and each query's unit: its work."""
    asked = {str(at): (query.text, {query.artwork_id: 1}) for at, query in enumerate(queries)}
    units = {str(at): query.artwork_id for at, query in enumerate(queries)}
    return {name: measure(search, asked, good=1) for name, search in ways.items()}, units


def open_values(ways: Mapping[str, Search], queries: Sequence[OpenQuery]) -> tuple[dict, dict[str, str]]:
    """Open search: many works answer a query, by grades. Each query is a unit of its own."""
    asked = {str(at): (query.text, query.relevance) for at, query in enumerate(queries)}
    return {name: measure(search, asked, good=GOOD) for name, search in ways.items()}, {key: key for key in asked}


def evaluate_visitors(ways: Mapping[str, Search], queries: Sequence[VisitorQuery]) -> dict:
    """The report on visitors' queries, also by kind of query (nDCG@10)."""
    values, units = visitor_values(ways, queries)
    found = report(values, units)
    found["by_kind"] = {
        kind: {
            name: vars(estimate([v for key, v in way["nDCG@10"].items() if queries[int(key)].kind == kind]))
            for name, way in values.items()
        }
        for kind in KINDS
        if any(query.kind == kind for query in queries)
    }
    return found


def evaluate_open(ways: Mapping[str, Search], queries: Sequence[OpenQuery]) -> dict:
    """The report on open queries."""
    return report(*open_values(ways, queries))


def report(values: Mapping[str, Mapping[str, Mapping[str, float]]], units: Mapping[str, str]) -> dict:
    """Means with intervals over units, and every pair of methods compared."""
    if not units:
        raise ArtrecError(
            "There are no queries to measure with.", "Give a folder that has queries.jsonl or open_queries.jsonl."
        )
    grouped = {name: {m: _by_unit(found[m], units) for m in found} for name, found in values.items()}
    first = next(iter(grouped.values()))
    return {
        "queries": len(units),
        "units": len(set(units.values())),
        "methods": {name: {m: vars(estimate(v)) for m, v in found.items()} for name, found in grouped.items()},
        "comparisons": [
            {"of": b, "with": a, "measure": m} | flat(compare(grouped[b][m], grouped[a][m]))
            for a, b in combinations(grouped, 2)
            for m in first
        ],
    }


def flat(comparison: Comparison) -> dict[str, float]:
    """A comparison as one level of JSON."""
    found = comparison.difference
    return {"difference": found.mean, "low": found.low, "high": found.high, "p": comparison.p}


def _by_unit(found: Mapping[str, float], units: Mapping[str, str]) -> np.ndarray:
    grouped: dict[str, list[float]] = defaultdict(list)
    for key, value in found.items():
        grouped[units[key]].append(value)
    return np.array([np.mean(grouped[unit]) for unit in sorted(grouped)])
