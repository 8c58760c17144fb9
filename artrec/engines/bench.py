"""What a database costs: `python -m artrec.engines.bench ADDRESS --works 50000`.

Publishes an invented collection, as `artrec bench` makes them, into an empty database (it is left there), and measures loading,
indexing, searching, and an app instance's memory.

Milliseconds are wall time, encoding left out; megabytes are of 10⁶ bytes.
"""

import argparse
import json
import sys
import time
from types import SimpleNamespace

import numpy as np
from threadpoolctl import threadpool_limits

from artrec.cli_import import Bars
from artrec.collection import Collection
from artrec.engines.database import connect, masked
from artrec.engines.postgres import open_database
from artrec.engines.publish import publish
from artrec.errors import ArtrecError
from artrec.evaluation.bench import QUERIES, K, _fresh, _likings, _near, _recall, _timed
from artrec.evaluation.synthetic import MOVEMENTS, TYPES, make_synthetic
from artrec.index import ExactIndex
from artrec.lexical import Lexical
from artrec.recommender import Recommender, Request

_OPEN = """
import json, sys, time
import numpy as np, psutil
from types import SimpleNamespace
from artrec.engines.postgres import open_database
from artrec.recommender import Recommender, Request
started, process = time.perf_counter(), psutil.Process()
before = process.memory_info().rss
collection = open_database(sys.argv[1])
opened = time.perf_counter() - started
vector = np.ascontiguousarray(collection.vectors[0])
recommender = Recommender(collection, SimpleNamespace(encode=lambda texts: np.stack([vector] * len(texts))))
work = collection.catalogue[0]
recommender.search(f"{work.title} type:{work.type}")
recommender.similar(work.artwork_id)
print(json.dumps({"open_s": round(opened, 3), "first_answers_s": round(time.perf_counter() - started, 3),
                  "before_MB": round(before / 1e6, 1), "after_MB": round(process.memory_info().rss / 1e6, 1)}), flush=True)
"""


def measure(address: str, works: int) -> dict:
    """Publish and measure a synthetic collection of so many works. Raises `ArtrecError` where the database is not empty."""
    threadpool_limits(limits=1, user_api="blas")  # as an app that has loaded its encoder
    with connect(address) as server:
        if server.execute("SELECT to_regclass('artrec.editions')").fetchone()[0] is not None:
            raise ArtrecError(f"There is a collection in {masked(address)} already.", "Give an empty database to measure with.")
    catalogue, vectors = make_synthetic(works)
    about = {"name": "given", "fingerprint": "given", "dimension": vectors.shape[1]}
    manifest = {
        "works": works,
        "catalogue": catalogue.hash,
        "encoder": about,
        "noise": {"cosine": [0.14, 0.04], "words": [0, 1]},
    }
    laps, bars = {}, Bars()

    def tell(stage: str, done: int, total: int) -> None:
        laps.setdefault(stage, time.perf_counter())
        bars(stage, done, total)

    started = time.perf_counter()
    lexical = Lexical.of([["unused"]])  # what is published is counted anew
    publish(Collection("synthetic", catalogue, vectors, ExactIndex(vectors), lexical, manifest), address, progress=tell)
    bars.close()
    ended = time.perf_counter()
    collection = open_database(address)
    return {
        "works": works, "load_s": round(laps["index"] - started, 1), "indexes_s": round(ended - laps["index"], 1),
        **_sizes(address), **_searches(collection), "app": _fresh(_OPEN, address)[0],
    }  # fmt: skip


def _sizes(address: str) -> dict:
    """Megabytes of tables with their TOAST, of the graph, and of the words' GIN."""
    with connect(address) as server:
        found = server.execute(
            """SELECT relname, pg_table_size(c.oid),
                (SELECT array_agg(pg_relation_size(indexrelid)) FROM pg_index WHERE indrelid = c.oid)
            FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ~ '^artrec_[0-9]+$' AND relkind = 'r'"""
        ).fetchall()
    tables = {name: round(size / 1e6, 1) for name, size, _ in found}
    indexes = {name: round(max(sizes) / 1e6, 1) for name, _, sizes in found if name in ("vectors", "words")}
    return {"tables_MB": tables, "graph_MB": indexes["vectors"], "words_index_MB": indexes["words"]}


def _searches(collection) -> dict:
    rng = np.random.default_rng(1)
    vectors = np.asarray(collection.vectors)
    rows, near = _near(vectors, rng)
    texts = [" ".join(rng.choice(collection.catalogue[int(row)].description.split(), 3, replace=False)) for row in rows]
    given = dict(zip(texts, near, strict=True))
    recommender = Recommender(collection, SimpleNamespace(encode=lambda texts: np.stack([given[text] for text in texts])))
    ten = [f"{text} type:{TYPES[i % len(TYPES)]}" for i, text in enumerate(texts[:QUERIES])]
    one = [f"{text} movement:{MOVEMENTS[i % len(MOVEMENTS)]}" for i, text in enumerate(texts[:QUERIES])]
    likings = _likings(collection, rng)
    for request in (likings[0], *(Request(text) for text in (texts[-1], ten[-1], one[-1]))):
        recommender.recommend(request)
    index, exact, found = collection.index, ExactIndex(vectors), {}
    for share in (0.5, 0.1, 0.01):
        keep = rng.random(len(vectors)) < share
        recalls = [np.isin(exact.search(q, K, keep).rows, index.search(q, K, keep).rows).mean() for q in near[:100]]
        found[f"index_keeping_{share:.0%}_ms"] = _timed(lambda q: index.search(q, K, keep), near)  # noqa: B023
        found[f"recall_keeping_{share:.0%}"] = round(float(np.mean(recalls)), 4)
    return {
        "index_search_ms": _timed(lambda vector: index.search(vector, K), near),
        "recall_at_10": _recall(index, vectors, near),
        **found,
        "words_ms": _timed(lambda text: collection.lexical.scores(collection.lexical.query_tokens(text)), texts[QUERIES:]),
        "query_without_encoding_ms": _timed(recommender.search, texts[:QUERIES]),
        "query_keeping_10_percent_ms": _timed(recommender.search, ten),
        "query_keeping_1_percent_ms": _timed(recommender.search, one),
        "recommend_from_5_likes_ms": _timed(recommender.recommend, likings),
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print one JSON document."""
    parser = argparse.ArgumentParser(prog="python -m artrec.engines.bench", description="Measure a database on invented works.")
    parser.add_argument("address", help="of an empty database")
    parser.add_argument("--works", type=int, default=50_000)
    options = parser.parse_args(arguments)
    try:
        print(json.dumps(measure(options.address, max(1_000, options.works)), indent=1))
    except ArtrecError as error:
        print(f"artrec: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
