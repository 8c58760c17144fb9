"""What fitting and folding in cost: `PYTHONPATH=. .venv/bin/python tests/bench/community_speed.py [fit|fold]`.

`fit`: ALS and EASE on 10,000 people × 10,000 works × 1,000,000 likes (synthetic, a long tail), each in a process of its own,
beside the plain script that their authors publish. `fold`: milliseconds to score 1,200 works for a new person, 500 people.
"""

import json
import subprocess
import sys
import time

import numpy as np
import psutil
import scipy.sparse as sp

from artrec.community.interactions import History, Interactions

PEOPLE, WORKS, LIKES = 10_000, 10_000, 1_000_000


def synthetic(people: int = PEOPLE, works: int = WORKS, likes: int = LIKES, seed: int = 0) -> Interactions:
    """Likes whose works follow a long tail within twenty circles of taste; every pair once."""
    random = np.random.default_rng(seed)
    users = random.integers(0, people, int(1.6 * likes))
    places = np.minimum(random.pareto(0.9, len(users)) * works / 200, works - 1).astype(np.int64)
    rows = (places * 7_919 + (users % 20) * (works // 20)) % works
    pairs = random.permutation(np.unique(users * works + rows))[:likes]
    return Interactions.of(pairs // works, pairs % works, n_works=works, n_users=people)


def als(data: Interactions) -> None:
    from artrec.community.factorisation import fit_als

    fit_als(data)


def als_library(data: Interactions) -> None:
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        model = AlternatingLeastSquares(factors=32, regularization=5.0, alpha=2.0, iterations=15, random_state=0)
        model.fit(data.matrix, show_progress=False)


def ease(data: Interactions) -> None:
    from artrec.community.linear import Ease

    Ease.fit(data, 200.0)


def ease_library(data: Interactions) -> None:
    """The script of Steck (2019), figure 1 there; it takes 3.6 GB."""
    matrix: sp.csr_matrix = data.matrix
    gram = (matrix.T @ matrix).toarray()
    gram[np.diag_indices(gram.shape[0])] += 200.0
    inverse = np.linalg.inv(gram)
    weights = inverse / (-np.diag(inverse))
    weights[np.diag_indices(weights.shape[0])] = 0


def fit(name: str) -> None:
    """Run one in this process and print seconds and the peak of memory above what the data take."""
    data = synthetic()
    data.matrix.sum()
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    globals()[name](data)
    seconds = time.perf_counter() - started
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    print(json.dumps({"name": name, "seconds": round(seconds, 2), "peak MB": round(peak / 1e6), "likes": len(data)}))


def _works(n: int):
    """Invented works with an artist, a movement, two subjects and a vector."""
    from artrec.catalogue import Artwork, Catalogue
    from artrec.community.works import Works

    random = np.random.default_rng(2)
    vectors = random.normal(0, 1, (n, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    records = tuple(
        Artwork(artwork_id=f"w{i}", title=f"Work {i}", artist=f"Artist {i % 200}", movement=f"Movement {i % 20}",
                subjects=(f"subject {i % 90}", f"subject {i % 71}"))
        for i in range(n)
    )  # fmt: skip
    return Works(Catalogue(records, {}), vectors)


def fold() -> None:
    from threadpoolctl import threadpool_limits

    from artrec.community.baselines import Means, Popularity
    from artrec.community.factorisation import BiasedMf, fit_als, fit_bpr
    from artrec.community.hybrid import Stacked
    from artrec.community.linear import Ease
    from artrec.community.neighbours import ItemKnn, UserKnn
    from artrec.community.registry import channels

    data = synthetic(500, 1_200, 20_000)
    random = np.random.default_rng(1)
    ratings = Interactions.of(
        data.users, data.works, random.integers(1, 6, len(data)), n_works=1_200, n_users=500, scale=(1.0, 5.0)
    )
    models = [Popularity.fit(data), ItemKnn.fit(data), UserKnn.fit(data), fit_als(data), fit_bpr(data), Ease.fit(data)]
    models += [Means.fit(ratings), BiasedMf.fit(ratings), ItemKnn.fit(ratings, name="item-knn, ratings")]
    models += [UserKnn.fit(ratings, name="user-knn, ratings")]
    models += [Stacked.fit(data, channels(_works(1_200)))]
    threadpool_limits(limits=1, user_api="blas")  # as an app that has loaded its encoder
    for model in models:
        spent = []
        for _ in range(300):
            works = random.permutation(1_200)[: random.integers(1, 60)]
            history = History.of(works, random.integers(1, 6, len(works)) if model.rates else None)
            started = time.perf_counter()
            model.score(history)
            spent.append(1_000 * (time.perf_counter() - started))
        print(f"{model.name:<20} median {np.median(spent):.2f} ms   p95 {np.quantile(spent, 0.95):.2f} ms")


if __name__ == "__main__":
    what = sys.argv[1:] or ["fit", "fold"]
    if what[0] in ("als", "als_library", "ease", "ease_library"):
        fit(what[0])
    if "fit" in what:
        for name in ("als_library", "als", "ease_library", "ease"):
            print(subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=True).stdout.strip())
    if "fold" in what:
        fold()
