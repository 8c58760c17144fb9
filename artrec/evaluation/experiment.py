"""One experiment: algorithms × one protocol on one set of data → a report that can be kept as JSON."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass

import numpy as np
import scipy.sparse as sp
from threadpoolctl import ThreadpoolController

from artrec.community.base import Model, NotApplicable, silence
from artrec.community.registry import ALGORITHMS, Algorithm
from artrec.community.works import Works
from artrec.errors import ArtrecError
from artrec.evaluation.explanations import measure_explanations
from artrec.evaluation.metrics import Beyond, accuracy, best, of_ratings, spread
from artrec.evaluation.protocols import PROTOCOLS, Split
from artrec.evaluation.ratings import Ratings
from artrec.evaluation.runs import code_hash
from artrec.evaluation.significance import by_person, compare_with, intervals

REFERENCE = "stacked"
Progress = Callable[[str, int, int], None]  # algorithm, how many are done, of how many


@dataclass(frozen=True, eq=False)
class Result:
    """One algorithm. `values`: measure → one value a person (float64 (people,)), NaN where it has none; `whole`: measures of
    all lists together; `curve`: known works of a new person → measure → interval, in cold starts."""

    name: str
    family: str
    values: dict[str, np.ndarray]
    whole: dict[str, float]
    cost: dict[str, float]
    explanations: dict
    curve: dict[int, dict]


def run(
    ratings: Ratings,
    works: Works | None,
    protocol: str = "leave-last-out",
    names: Sequence[str] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> dict:
    """The report. `names`: algorithms, by default all that are not neural. Those that the data cannot carry are listed with the
    reason. Raises `ArtrecError` for unknown names, or where the protocol has nobody to ask."""
    chosen = choose(names)
    split = PROTOCOLS[protocol](ratings.interactions, seed)
    results, not_applicable = [], {}
    for done, algorithm in enumerate(chosen):
        if progress:
            progress(algorithm.name, done, len(chosen))
        try:
            results.append(evaluate(algorithm, split, works, seed))
        except NotApplicable as reason:
            not_applicable[algorithm.name] = str(reason)
    if progress:
        progress("", len(chosen), len(chosen))
    if not results:
        name, reason = next(iter(not_applicable.items()))
        raise ArtrecError(f"No algorithm can run on these data; {name}: {reason}", "Give more interactions.")
    return _report(ratings, split, results, not_applicable, seed)


def choose(names: Sequence[str] | None) -> list[Algorithm]:
    """Algorithms by name, in the order of the registry. Raises `ArtrecError` for an unknown name."""
    if names is None:
        return [algorithm for algorithm in ALGORITHMS.values() if not algorithm.neural]
    unknown = [name for name in names if name not in ALGORITHMS]
    if unknown or not names:
        shown = f"'{unknown[0][:40]}' is no algorithm." if unknown else "No algorithm is named."
        raise ArtrecError(shown, f"Choose from {', '.join(ALGORITHMS)}.")
    return [algorithm for algorithm in ALGORITHMS.values() if algorithm.name in names]


def evaluate(algorithm: Algorithm, split: Split, works: Works | None, seed: int = 0) -> Result:
    """Learn from what the split leaves, ask every case, measure. Where a round has too little to learn from, its questions stay
    without an answer; raises `NotApplicable` where that is so in all of them."""
    models, fit_seconds, sizes = _models(algorithm, split, works)
    beyond = Beyond.of(split.train, works)
    scale = split.train.scale
    lists, wanted, answered = [], [], []
    columns: list[dict[str, float]] = []
    said, milliseconds = _asked(split, models)
    for at, (case, model, scores) in enumerate(zip(split.cases, models, said, strict=True)):
        answered.append(float(not np.isnan(scores).all()))
        lists.append(best(scores, case.history.works, seed + at))
        wanted.append(case.works[case.values >= split.train.threshold])
        rates = model is not None and model.rates
        columns.append(beyond.measure(lists[-1], case, wanted[-1]) | (of_ratings(scores, case, rates, scale) if scale else {}))
    asked = np.array([len(right) > 0 for right in wanted])
    values = {name: np.array([column[name] for column in columns]) for name in columns[0]}
    for name, found in accuracy([r for r, a in zip(lists, asked, strict=True) if a], [w for w in wanted if len(w)]).items():
        values[name] = np.full(len(lists), np.nan)
        values[name][asked] = found
    values["answered"] = np.array(answered)
    people = np.array([case.user for case in split.cases])
    return Result(
        algorithm.name,
        algorithm.family,
        {name: by_person(column, people) for name, column in values.items()},
        spread(lists, split.train.n_works),
        {
            "fit seconds": max(fit_seconds),
            "fits": len(fit_seconds),
            "score ms median": float(np.median(milliseconds)),
            "score ms p95": float(np.quantile(milliseconds, 0.95)),
            "model MB": max(sizes) / 1e6,
        },
        measure_explanations(models, split.cases, lists, seed),
        _curve(values, split.cases),
    )


def _asked(split: Split, models: Sequence[Model | None]) -> tuple[Iterator[np.ndarray], list[float]]:
    """Scores for each case, as they are asked for, and a list that fills with the milliseconds that each took."""
    milliseconds: list[float] = []

    def ask() -> Iterator[np.ndarray]:
        threads = ThreadpoolController()
        for case, model in zip(split.cases, models, strict=True):
            with threads.limit(limits=1, user_api="blas"):  # as in the app, once its encoder is there
                started = time.perf_counter()
                scores = model.score(case.history) if model else silence(split.train.n_works)
                milliseconds.append(1_000 * (time.perf_counter() - started))
            yield scores

    return ask(), milliseconds


def _models(algorithm: Algorithm, split: Split, works: Works | None) -> tuple[list[Model | None], list[float], list[int]]:
    """The model that answers each case, and what each fit took: seconds, and bytes of what it made."""
    models: list[Model | None] = [None] * len(split.cases)
    seconds, sizes, refused = [], [], None
    for data, cases in split.rounds():
        started = time.perf_counter()
        try:
            model = algorithm.learn(data, works)
        except NotApplicable as reason:
            refused = reason
            continue
        seconds.append(time.perf_counter() - started)
        sizes.append(size_of(model))
        for case in cases:
            models[case] = model
        if model.live:  # it heeds the moment by itself: learned again it would be the same
            return [model] * len(models), seconds, sizes
    if not seconds and refused is not None:
        raise refused
    return models, seconds, sizes


def _curve(values: dict[str, np.ndarray], cases) -> dict[int, dict]:
    given = np.array([case.given or 0 for case in cases])
    shown = [name for name in ("nDCG@20", "spearman", "RMSE") if name in values]
    return {
        int(k): intervals({name: values[name][given == k] for name in shown}) for k in np.unique(given) if k > 0
    }  # fmt: skip


def size_of(value: object, seen: set[int] | None = None) -> int:
    """Bytes of the arrays that a model holds, each counted once; what belongs to the catalogue is not the model's."""
    seen = set() if seen is None else seen
    if id(value) in seen or isinstance(value, Works):
        return 0
    seen.add(id(value))
    if isinstance(value, np.ndarray):
        return value.nbytes
    if sp.issparse(value):
        return sum(size_of(getattr(value, part), seen) for part in ("data", "indices", "indptr"))
    if is_dataclass(value):
        return sum(size_of(getattr(value, field.name), seen) for field in fields(value))
    if isinstance(value, dict):
        return sum(size_of(part, seen) for part in value.values())
    if isinstance(value, list | tuple):
        return sum(size_of(part, seen) for part in value)
    return 0


def _report(ratings: Ratings, split: Split, results: list[Result], not_applicable: dict[str, str], seed: int) -> dict:
    data = ratings.interactions
    primary = "spearman" if data.scale and split.protocol == "cold-users" else "nDCG@20"
    having = {r.name: r.values[primary] for r in results if primary in r.values}
    reference = REFERENCE if REFERENCE in having else max(having, key=lambda name: np.nan_to_num(np.nanmean(having[name])))
    return {
        "data": {
            "people": len(ratings.users), "works": len(ratings.works), "interactions": len(data),
            "kind": "likes" if data.scale is None else "ratings", "scale": data.scale, "timed": data.timed,
            "simulated": ratings.simulated,
            "repeated": ratings.repeated, "left_out": ratings.left_out, "examples": list(ratings.examples),
            "hash": ratings.hash,
        },
        "protocol": split.protocol,
        "seed": seed,
        "learned_from": len(split.train),
        "rounds": len(split.rounds()),
        "cases": len(split.cases),
        "people_asked": len({case.user for case in split.cases}),
        "primary": primary,
        "algorithms": [
            {"name": r.name, "family": r.family, "measures": intervals(r.values), "whole": r.whole, "cost": r.cost,
             "explanations": r.explanations, "curve": r.curve}
            for r in results
        ],
        "not_applicable": not_applicable,
        "comparisons": compare_with(reference, having),
        "code": code_hash(),
    }  # fmt: skip
