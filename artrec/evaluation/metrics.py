"""What is measured of recommendations: how right they are, and what else they are.

Accuracy of lists comes from ir_measures (binary gains); what it lacks is defined here with its source.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import kendalltau, spearmanr

from artrec.community.interactions import Interactions
from artrec.community.works import Works
from artrec.evaluation.protocols import Case

CUTOFFS = (5, 10, 20)
DEPTH = max(CUTOFFS)
LEAST = 3  # held-out ratings of one person from which an order means something
SMOOTHING = 0.01  # of the recommended distribution in the calibration's divergence (Steck 2018)


def best(scores: np.ndarray, seen: np.ndarray, seed: int, depth: int = DEPTH) -> np.ndarray:
    """Rows of the best works, best first (int64, at most `depth`): without those seen or without an opinion (NaN); ties by a
    seeded chance, so that the order of the catalogue helps nobody."""
    open_ = ~np.isnan(scores)
    open_[seen] = False
    rows = np.flatnonzero(open_)
    chance = np.random.default_rng(seed).permutation(len(rows))
    return rows[np.lexsort((chance, -scores[rows]))[:depth]]


def accuracy(lists: Sequence[np.ndarray], wanted: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """Measure → its value for each case (float64 (cases,)): precision, recall, F1, hit rate, MAP, MRR and nDCG at 5, 10 and 20.
    `lists`: rows, best first; `wanted`: rows that were right, at least one."""
    import ir_measures
    from ir_measures import AP, RR, P, Qrel, R, ScoredDoc, Success, nDCG

    kinds = {"precision": P, "recall": R, "hit": Success, "MAP": AP, "MRR": RR, "nDCG": nDCG}
    measures = {str(kind @ k): f"{name}@{k}" for name, kind in kinds.items() for k in CUTOFFS}
    judged = [Qrel(str(case), str(row), 1) for case, rows in enumerate(wanted) for row in rows]
    found = [
        ScoredDoc(str(case), str(row), 1.0 / (place + 1)) for case, rows in enumerate(lists) for place, row in enumerate(rows)
    ]
    values = {name: np.zeros(len(lists)) for name in measures.values()}
    if found:
        for value in ir_measures.iter_calc([kind @ k for kind in kinds.values() for k in CUTOFFS], judged, found):
            values[measures[str(value.measure)]][int(value.query_id)] = value.value
    for k in CUTOFFS:
        precision, recall = values[f"precision@{k}"], values[f"recall@{k}"]
        values[f"F1@{k}"] = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return values


@dataclass(frozen=True, eq=False)
class Beyond:
    """What lists are besides right. `counts`: people a work has in the training data; `labels`: each work's group for the
    calibration, or None."""

    counts: np.ndarray
    people: int
    popular: frozenset[int]
    vectors: np.ndarray | None
    labels: np.ndarray | None

    @classmethod
    def of(cls, train: Interactions, works: Works | None) -> "Beyond":
        counts = train.likes.counts
        popular = frozenset(np.argsort(-counts, kind="stable")[:DEPTH].tolist())
        return cls(counts, train.people, popular, works.vectors if works else None, _labels(works))

    def measure(self, rows: np.ndarray, case: Case, wanted: np.ndarray) -> dict[str, float]:
        """Of one list (rows, best first); NaN where a measure has no meaning.

        novelty: mean −log₂ of the share of people who know the work (Vargas and Castells 2011), one person for none;
        diversity: mean of 1 − cosine over pairs (Ziegler et al. 2005);
        serendipity: share of the list that is wanted and not among the most popular (Ge et al. 2010);
        popularity lift: mean popularity of the list over that of the profile, less 1 (Abdollahpouri et al. 2019);
        miscalibration: Kullback-Leibler divergence of the list's groups from the profile's (Steck 2018), 0 is best.
        """
        values = dict.fromkeys(("novelty", "diversity", "serendipity", "popularity lift", "miscalibration"), np.nan)
        if not len(rows):
            return values
        values["novelty"] = float(-np.log2(np.maximum(self.counts[rows], 1) / max(self.people, 1)).mean())
        values["serendipity"] = len((set(rows.tolist()) & set(wanted.tolist())) - self.popular) / len(rows)
        known = case.history.works
        if len(known) and self.counts[known].sum() > 0:
            values["popularity lift"] = float(self.counts[rows].mean() / self.counts[known].mean() - 1)
        if self.vectors is not None and len(rows) > 1:
            near = self.vectors[rows] @ self.vectors[rows].T
            values["diversity"] = float(1 - (near.sum() - np.trace(near)) / (len(rows) * (len(rows) - 1)))
        if self.labels is not None and len(known):
            values["miscalibration"] = _divergence(self.labels[known], self.labels[rows])
        return values


def _labels(works: Works | None) -> np.ndarray | None:
    """The field that groups works best: movement, else artist, where most works have one."""
    if works is not None:
        for field in ("movement", "artist"):
            column = works.features.column(field)
            if column.known.mean() > 0.5:
                return column.codes
    return None


def _divergence(profile: np.ndarray, listed: np.ndarray) -> float:
    size = int(max(profile.max(), listed.max())) + 1
    p = np.bincount(profile, minlength=size) / len(profile)
    q = (1 - SMOOTHING) * np.bincount(listed, minlength=size) / len(listed) + SMOOTHING * p
    has = p > 0
    return float(np.sum(p[has] * np.log(p[has] / q[has])))


def spread(lists: Sequence[np.ndarray], n_works: int) -> dict[str, float]:
    """Over all lists together: the share of the catalogue that is recommended at all, and the Gini coefficient of how often (0:
    every work alike, 1: one work alone)."""
    counts = np.sort(np.bincount(np.concatenate([*lists, np.zeros(0, dtype=np.int64)]), minlength=n_works)).astype(float)
    total = counts.sum()
    places = np.arange(1, n_works + 1)
    gini = float(((2 * places - n_works - 1) @ counts) / (n_works * total)) if total else float("nan")
    return {"coverage": float((counts > 0).mean()), "gini": gini}


def of_ratings(scores: np.ndarray, case: Case, rates: bool, scale: tuple[float, float]) -> dict[str, float]:
    """RMSE and MAE of predicted ratings, kept to the scale, where the scores are ratings; Spearman's ρ and Kendall's τ_b of
    the held-out works' order, for three and more that differ. NaN where a measure has no meaning; equal scores give 0."""
    found = scores[case.works]
    known = ~np.isnan(found)
    values = dict.fromkeys(("RMSE", "MAE", "spearman", "kendall"), np.nan)
    if rates and known.all() and len(found):
        error = np.clip(found, *scale) - case.values
        values["RMSE"], values["MAE"] = float(np.sqrt(np.mean(error**2))), float(np.abs(error).mean())
    if len(found) >= LEAST and np.ptp(case.values) > 0 and known.any():
        filled = np.where(known, found, np.nanmin(found))
        if np.ptp(filled) == 0:
            values["spearman"] = values["kendall"] = 0.0
        else:
            values["spearman"] = float(spearmanr(filled, case.values).statistic)
            values["kendall"] = float(kendalltau(filled, case.values).statistic)
    return values
