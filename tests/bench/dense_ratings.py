"""Dense ratings as a study collects them, **simulated**: 300 people × 91 works, 1–7; no person stands behind any of them.

`PYTHONPATH=. .venv/bin/python tests/bench/dense_ratings.py` measures folding in on them; `--write FILE` keeps them as CSV.
"""

import argparse
from pathlib import Path

import numpy as np

from artrec.community.interactions import Interactions

PEOPLE, WORKS, LOW, HIGH = 300, 91, 1, 7


def simulate(seed: int = 0, factors: int = 4, spread: float = 0.75, taste: float = 0.85, noise: float = 1.15) -> np.ndarray:
    """Ratings (int64 (300, 91)): μ + bᵢ + bᵤ + pᵤ·qᵢ + noise, rounded and kept to 1–7. `spread`: of bᵢ, `taste`: of pᵤ·qᵢ."""
    random = np.random.default_rng(seed)
    work, person = random.normal(0, spread, WORKS), random.normal(0, 0.7, PEOPLE)
    shared = random.normal(0, 1, (PEOPLE, factors)) @ random.normal(0, 1, (factors, WORKS)) * (taste / np.sqrt(factors))
    raw = 4.2 + work[None, :] + person[:, None] + shared + random.normal(0, noise, (PEOPLE, WORKS))
    return np.clip(np.rint(raw), LOW, HIGH).astype(np.int64)


def interactions(ratings: np.ndarray) -> Interactions:
    """A full table of ratings as interactions."""
    people, works = np.indices(ratings.shape)
    return Interactions.of(people.ravel(), works.ravel(), ratings.ravel(), n_works=ratings.shape[1], scale=(LOW, HIGH))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--write", type=Path)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--taste", type=float, default=0.85, help="how much people differ: 0.5 is little")
    options.add_argument("--algorithms", default="work-means,means,item-knn-pearson,user-knn-pearson,biased-mf,gaussian")
    chosen = options.parse_args()
    if chosen.write:
        table = simulate()
        lines = [f"p{person:03d},w{work:02d},{table[person, work]}" for person, work in np.ndindex(table.shape)]
        chosen.write.write_text("user_id,work_id,rating\n" + "\n".join(lines) + "\n")
        return
    from artrec.community.registry import ALGORITHMS
    from artrec.evaluation.experiment import evaluate
    from artrec.evaluation.protocols import cold_users

    for seed in range(chosen.seeds):
        split = cold_users(interactions(simulate(seed, taste=chosen.taste)), seed)
        for name in chosen.algorithms.split(","):
            found = evaluate(ALGORITHMS[name], split, None, seed)
            curve = "  ".join(f"{given}: {found.curve[given]['spearman']['mean']:.3f}" for given in found.curve)
            cost = found.cost
            print(f"{seed} {name:<18} ρ by given  {curve}   fit {cost['fit seconds']:.1f} s  p95 {cost['score ms p95']:.2f} ms")


if __name__ == "__main__":
    main()
