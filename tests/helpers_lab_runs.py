"""Reports of experiments that tests show, without measuring anything."""

import numpy as np
from helpers_community import circle_works, circles, rated_circles

from artrec.evaluation import experiment
from artrec.evaluation.ratings import Ratings
from artrec.files import plain

HOSTILE = '=<script>alert("x")</script>'


def ratings_of(data, users=None) -> Ratings:
    """Interactions as if a file had held them."""
    names = users or tuple(map(str, range(data.n_users)))
    return Ratings(data, tuple(names), tuple(map(str, range(data.n_works))), {"no person": 2}, (), 3, "f" * 64)


def measured(
    protocol="leave-last-out", names=("random", "popularity", "ease", "text", "means", "stacked"), *, rated=False
) -> dict:
    """A report on the two circles, as the command line would write it."""
    data = rated_circles() if rated else circles()
    report = experiment.run(ratings_of(data), circle_works(), protocol, list(names))
    report["data"] |= {"ratings": HOSTILE + ".csv", "catalogue": "c" * 64}
    report |= {"seconds": 1.5, "made": "2026-11-25T10:00:00+00:00", "command": f"python -m artrec … '{HOSTILE}'"}
    return plain(report)


def invented(algorithms: int = 3) -> dict:
    """A small report whose figures are known: algorithm i has nDCG@20 0.1·(i + 1) and coverage 0.9 − 0.1·i."""
    found = []
    for i in range(algorithms):
        mean = round(0.1 * (i + 1), 3)
        measures = {"nDCG@20": {"mean": mean, "low": mean - 0.05, "high": mean + 0.05, "people": 9}}
        measures["RMSE"] = {"mean": 1 + i, "low": 0.9 + i, "high": 1.1 + i, "people": 9}
        curve = {str(k): {"nDCG@20": measures["nDCG@20"] | {"mean": mean + k / 100}} for k in (1, 5)}
        found.append({
            "name": f"a{i}", "family": ("baselines", "content", "hybrid")[i % 3], "measures": measures,
            "whole": {"coverage": round(0.9 - 0.1 * i, 3), "gini": 0.5}, "curve": curve,
            "cost": dict.fromkeys(("fit seconds", "score ms median", "score ms p95", "model MB"), float(np.float32(i))),
            "explanations": {"cases": 4, "additivity error": 0.0, "faithfulness": 0.9, "stability": 0.8} if i else {},
        })  # fmt: skip
    last = f"a{algorithms - 1}"
    return {
        "data": {"people": 9, "works": 20, "interactions": 90, "kind": "likes", "scale": None, "timed": True,
                 "simulated": False, "repeated": 0, "left_out": {}, "examples": [], "hash": "d" * 64,
                 "ratings": "likes.csv", "catalogue": None},
        "protocol": "leave-last-out", "seed": 0, "learned_from": 81, "cases": 9, "people_asked": 9, "primary": "nDCG@20",
        "algorithms": found, "not_applicable": {"means": "It needs ratings. Give some."},
        "comparisons": [
            {"of": last, "with": f"a{i}", "difference": 0.1 * (algorithms - 1 - i), "low": 0.01, "high": 0.2, 
             "p": 0.001 if i else 0.2, "p_corrected": 0.002 if i else 0.2, "people": 9} for i in range(algorithms - 1)
        ],
        "code": "e" * 64, "seconds": 2.0, "made": "2026-11-25T10:00:00+00:00", "command": "python -m artrec evaluate recommend",
    }  # fmt: skip
