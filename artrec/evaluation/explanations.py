"""Are the reasons true? Measures for models whose scores are sums over what a person knows.

For the best recommendation of each case:

- additivity: the largest |sum of the parts − score| (0 where the reason is the score);
- faithfulness: known works are taken away one at a time and the score asked again; the share of cases in which taking away
  the work named first lowers it more than taking away one at random, ties by halves (0.5 is chance);
- stability: with one random known work (not the one named first) taken away, the share of the three works named first that
  stay among the first three.
"""

from collections.abc import Sequence

import numpy as np

from artrec.community.base import Explains, Model
from artrec.evaluation.protocols import Case

CASES = 40
NAMED = 3  # works that an explanation names


def measure_explanations(
    models: Sequence[Model | None], cases: Sequence[Case], lists: Sequence[np.ndarray], seed: int = 0
) -> dict:
    """The three measures over at most 40 cases with three known works and more that the parts speak for; {} where there are
    none. `models`: what answers each case."""
    random = np.random.default_rng(seed)
    errors, faithful, stable = [], [], []
    for at in random.permutation(len(cases))[: 5 * CASES]:
        history, rows = cases[at].history, lists[at]
        model = models[at]
        if not isinstance(model, Explains) or len(history) < NAMED or not len(rows) or len(faithful) == CASES:
            continue
        work = int(rows[0])
        parts = model.explain(history, work)
        if not np.abs(parts[:-1]).any():
            continue
        score = float(np.nan_to_num(model.score(history)[work]))
        errors.append(abs(float(parts.sum()) - score))
        first = _first(parts[:-1], 1)[0]
        other = int(random.choice(np.setdiff1d(np.arange(len(history)), [first])))
        drop, drop_other = (score - _without(model, history, gone, work) for gone in (first, other))
        faithful.append(1.0 if drop > drop_other + 1e-12 else 0.5 if abs(drop - drop_other) <= 1e-12 else 0.0)
        keep = np.arange(len(history)) != other
        again = history.works[keep][_first(model.explain(history.keep(keep), work)[:-1], NAMED)]
        named = history.works[_first(parts[:-1], NAMED)]
        stable.append(len(set(named.tolist()) & set(again.tolist())) / len(set(named.tolist()) - {int(history.works[other])}))
    if not errors:
        return {}
    return {
        "cases": len(errors),
        "additivity error": max(errors),
        "faithfulness": float(np.mean(faithful)),
        "stability": float(np.mean(stable)),
    }


def _first(parts: np.ndarray, n: int) -> np.ndarray:
    return np.argsort(-parts, kind="stable")[:n]


def _without(model: Explains, history, gone: int, work: int) -> float:
    return float(np.nan_to_num(model.score(history.keep(np.arange(len(history)) != gone))[work]))
