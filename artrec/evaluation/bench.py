"""What ArtRec costs on this machine: seconds to the first answer, milliseconds a query, recall, memory.

Milliseconds and seconds are wall time; memory is resident set size in MB of 10⁶ bytes. What depends on a process's history
(cold start, memory, synthetic collections) runs in a process of its own. "Cold" means a new process, not an empty disk
cache. Synthetic collections are clusters of unit vectors with invented records; their searches leave the encoder out.
"""

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil

from artrec import config
from artrec.artifacts import open_collection
from artrec.collection import Collection
from artrec.encoder import LazyEncoder, load_encoder
from artrec.errors import ArtrecError
from artrec.evaluation.backends import neighbours_kept
from artrec.evaluation.synthetic import MOVEMENTS, TYPES, make_synthetic, unit
from artrec.index import ExactIndex, HnswIndex, Index, recall
from artrec.lexical import Lexical
from artrec.profile import Profile
from artrec.recommender import Recommender, Request
from artrec.text import passage

COLD_RUNS = 3  # fresh processes, of which the median counts
QUERIES = 100  # distinct queries, or sets of likes, that a percentile is taken over
PROBES = 200  # vectors that recall is measured with
PASSAGES = 1_024  # passages encoded to measure throughput; with fewer, the first batch of each length weighs too much
LIKES = 5  # liked works in a recommendation
K = 10  # neighbours that recall counts
SMALLEST = 1_000  # works under which recall of a graph means nothing
NEAR = 0.5  # length of the noise between a query's vector and the work it is drawn from

_FIRST = """
import json, sys, time
times, memory = [time.perf_counter()], []
def lap():
    if sys.argv[2] == "memory":
        import psutil
        memory.append(psutil.Process().memory_info().rss / 1e6)
    times.append(time.perf_counter())
from artrec.artifacts import open_collection
from artrec.encoder import LazyEncoder, load_encoder
from artrec.recommender import Recommender
lap()
collection = open_collection(sys.argv[1])
lap()
recommender = Recommender(collection, LazyEncoder(load_encoder, collection.manifest["encoder"]["fingerprint"]))
recommender.encoder.get()
lap()
recommender.search("a storm at sea")
lap()
seconds = [after - before for before, after in zip(times, times[1:])]
print(json.dumps(dict(zip(("imports", "open", "encoder", "search"), memory or seconds))), flush=True)
"""
_OURS = "from artrec.encoder import load_encoder; encode = load_encoder().encode"
_PLAIN = """from artrec.encoder import EncoderConfig
from artrec.encoder_export import load_reference
model = load_reference(EncoderConfig.from_environment())
encode = lambda texts: model.encode(texts, show_progress_bar=False)"""
_RATE = """
import json, sys, time
import numpy as np
texts = json.load(open(sys.argv[1] + "/texts.json", encoding="utf-8"))
started = time.perf_counter()
LOAD
encode(["a storm at sea"])
ready = time.perf_counter() - started
encode(texts[:16])
started = time.perf_counter()
vectors = encode(texts)
rate = len(texts) / (time.perf_counter() - started)
np.save(sys.argv[1] + "/vectors.npy", vectors)
print(json.dumps({"rate": rate, "ready": ready}), flush=True)
"""
_SYNTHETIC = "import json, sys; from artrec.evaluation.bench import synthetic; print(json.dumps(synthetic(int(sys.argv[1]))))"


def run(collection_dir: Path | None, sizes: list[int]) -> dict:
    """Measure a built collection (None: the one in use) and synthetic ones of `sizes` works. The answer is JSON."""
    folder = Path(collection_dir or config.collection()).expanduser().resolve()
    collection = open_collection(folder)
    encoder = LazyEncoder(load_encoder, collection.manifest["encoder"]["fingerprint"])
    recommender = Recommender(collection, encoder)
    print(f"bench: {collection.name}, {len(collection):,} works: cold start and memory", file=sys.stderr, flush=True)
    encoder.get()  # exports the model where that was never done, which no start-up should be charged with
    memory, _ = _fresh(_FIRST, folder, "memory")
    figures = {
        "cpus": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version(),
        "date": date.today().isoformat(), "collection": collection.name, "works": len(collection),
        "index": collection.index.kind, "encoder": collection.manifest["encoder"]["name"],
        "cold_start_s": _cold(folder),
        "memory_MB": {"opened": round(memory["open"], 1), "after_a_query": round(memory["search"], 1)},
    }  # fmt: skip
    print("bench: queries, recommendations, encoding", file=sys.stderr, flush=True)
    rng = np.random.default_rng(0)
    queries = _queries(collection, rng)
    recommender.search("something else altogether")  # to warm up
    figures["query_with_encoding_ms"] = _timed(recommender.search, queries)
    figures["encode_a_query_ms"] = _timed(lambda text: encoder.get().encode([text]), queries)
    figures["recommend_from_5_likes_ms"] = _timed(recommender.recommend, _likings(collection, rng))
    texts = [passage(collection.catalogue[int(row)]) for row in rng.permutation(len(collection))[:PASSAGES]]
    figures |= _against_plain(texts)
    figures["recall_at_10"] = None
    if len(collection) >= SMALLEST:
        graph = collection.index if collection.index.kind == "hnsw" else HnswIndex.build(collection.vectors)
        figures["recall_at_10"] = _recall(graph, collection.vectors, _near(collection.vectors, rng)[1])
    figures["synthetic"] = []
    for size in sizes:
        print(f"bench: synthetic, {size:,} works", file=sys.stderr, flush=True)
        figures["synthetic"].append(_fresh(_SYNTHETIC, size)[0])  # so that memory is its own
    return figures


def _against_plain(texts: list[str]) -> dict:
    """The backend in use and plain sentence-transformers (float32, its defaults), each in a process of its own, on the same
    texts: texts a second, how many times plain that is, seconds until ready, and the share of ten nearest that stay."""
    ours, our_vectors = _encoding(_OURS, texts)
    plain, plain_vectors = _encoding(_PLAIN, texts)
    return {
        "encoded_texts_per_second": round(ours["rate"], 1),
        "plain_sentence_transformers_texts_per_second": round(plain["rate"], 1),
        "times_plain": round(ours["rate"] / plain["rate"], 2),
        "encoder_ready_s": round(ours["ready"], 3),
        "neighbours_kept": round(neighbours_kept(our_vectors, plain_vectors), 4) if len(texts) > 1 else None,
    }


def _encoding(load: str, texts: list[str]) -> tuple[dict, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "texts.json").write_text(json.dumps(texts), "utf-8")
        figures, _ = _fresh(_RATE.replace("LOAD", load), Path(folder))
        vectors = np.load(Path(folder) / "vectors.npy")
    return figures, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def synthetic(n: int) -> dict:
    """Build a synthetic collection of n works and measure it: seconds to build, milliseconds to search, recall, MB."""
    catalogue, vectors = make_synthetic(n)
    index_s, index = _seconds(lambda: HnswIndex.build(vectors))
    lexical_s, lexical = _seconds(lambda: Lexical.build(catalogue))
    manifest = {"encoder": {"name": "given"}, "noise": {"cosine": [0.14, 0.04], "words": [0.07, 0.07]}}  # as in the starter's
    collection = Collection(f"synthetic {n}", catalogue, vectors, index, lexical, manifest)
    rng = np.random.default_rng(1)
    rows, near = _near(vectors, rng)
    texts = [" ".join(rng.choice(catalogue[int(row)].description.split(), 3, replace=False)) for row in rows]
    given = dict(zip(texts, near, strict=True))
    recommender = Recommender(collection, SimpleNamespace(encode=lambda texts: np.stack([given[text] for text in texts])))
    likings = _likings(collection, rng)
    ten = [f"{text} type:{TYPES[i % len(TYPES)]}" for i, text in enumerate(texts[:QUERIES])]
    one = [f"{text} movement:{MOVEMENTS[i % len(MOVEMENTS)]}" for i, text in enumerate(texts[:QUERIES])]
    requests = [likings[0], *(Request(text) for text in (texts[-1], ten[-1], one[-1]))]
    warm_up_s, _ = _seconds(lambda: [recommender.recommend(request) for request in requests])
    return {
        "works": n,
        "index_build_s": round(index_s, 2), "lexical_build_s": round(lexical_s, 2), "warm_up_s": round(warm_up_s, 2),
        "index_search_ms": _timed(lambda vector: index.search(vector, K), near),
        "recall_at_10": _recall(index, vectors, near),
        "query_without_encoding_ms": _timed(recommender.search, texts[:QUERIES]),
        "query_keeping_10_percent_ms": _timed(recommender.search, ten),
        "query_keeping_1_percent_ms": _timed(recommender.search, one),
        "recommend_from_5_likes_ms": _timed(recommender.recommend, likings),
        "memory_MB": round(psutil.Process().memory_info().rss / 1e6, 1),
    }  # fmt: skip


def _near(vectors: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Rows (int64) and unit vectors near theirs, as queries are near what they find."""
    rows = rng.choice(len(vectors), min(PROBES, len(vectors)), replace=False)
    noise = rng.standard_normal((len(rows), vectors.shape[1]), dtype=np.float32)
    return rows, unit(vectors[rows] + np.float32(NEAR) * unit(noise))


def _queries(collection: Collection, rng: np.random.Generator) -> list[str]:
    """Up to QUERIES distinct queries, each five words on end from some passage."""
    found: dict[str, None] = {}
    for row in rng.integers(len(collection), size=4 * QUERIES):
        words = re.findall(r"[^\W_]+", passage(collection.catalogue[int(row)]))
        found[" ".join(words[int(rng.integers(max(1, len(words) - 4))) :][:5])] = None
    return list(filter(None, found))[:QUERIES]


def _likings(collection: Collection, rng: np.random.Generator) -> list[Request]:
    draws = (rng.choice(len(collection), min(LIKES, len(collection)), replace=False) for _ in range(QUERIES))
    return [Request(profile=Profile(tuple(collection.catalogue[int(row)].artwork_id for row in rows))) for rows in draws]


def _recall(index: Index, vectors: np.ndarray, queries: np.ndarray) -> float:
    return round(float(np.mean([recall(index.search(q, K), ExactIndex(vectors).search(q, K)) for q in queries])), 4)


def _timed(ask: Callable, questions: Iterable) -> dict[str, float]:
    """Median and 95th percentile of the milliseconds that each question takes."""
    times = [_seconds(lambda: ask(question))[0] * 1000 for question in questions]  # noqa: B023
    return {"p50": round(float(np.percentile(times, 50)), 3), "p95": round(float(np.percentile(times, 95)), 3)}


def _seconds(work: Callable) -> tuple[float, object]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _cold(folder: Path) -> dict[str, float]:
    """Seconds from the start of a process to its first answer, and the stages within: each the median of the runs."""
    runs = []
    for _ in range(COLD_RUNS):
        laps, total = _fresh(_FIRST, folder)
        runs.append({"total": total, "python": total - sum(laps.values())} | laps)
    return {name: round(float(np.median([each[name] for each in runs])), 3) for name in runs[0]}


def _fresh(code: str, argument: Path | int, option: str = "") -> tuple:
    """Run code in a process of its own: what it prints (one line of JSON), and the seconds until that came."""
    path = os.pathsep.join(filter(None, (str(config.ROOT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-W", "ignore", "-c", code, str(argument), option]
    started = time.perf_counter()
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        seconds = time.perf_counter() - started
    if process.returncode or not line:
        raise ArtrecError("A process that was to be measured failed; its own message is above.", "Run the command again.")
    return json.loads(line), seconds


def print_table(figures: dict) -> None:
    """The figures of `run` as aligned plain text on stdout; milliseconds as p50 / p95."""
    rows = []
    for key, value in figures.items():
        parts = value.items() if isinstance(value, dict) and "p50" not in value else ()
        rows += [(f"{key}, {name}", part) for name, part in parts] or ([(key, value)] if key != "synthetic" else [])
    _align(rows)
    if measured := figures["synthetic"]:
        print("\nsynthetic collections; milliseconds as p50 / p95")
        _align([(key, *(each[key] for each in measured)) for key in measured[0]])


def _align(rows: list[tuple]) -> None:
    """Keys become labels: `cold_start_s` → `cold start, s`."""
    shown = [(re.sub(r"_(s|ms|MB)\b", r", \1", key).replace("_", " "), *map(_show, values)) for key, *values in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for label, *cells in shown:
        print("  ".join([label.ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells, widths[1:], strict=True))]))


def _show(value: dict | float | str | None) -> str:
    if isinstance(value, dict):
        return f"{value['p50']:.2f} / {value['p95']:.2f}"
    return "n/a" if value is None else value if isinstance(value, str) else f"{value:,}"
