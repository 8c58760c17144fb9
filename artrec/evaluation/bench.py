"""What ArtRec costs on this machine: seconds to the first answer, milliseconds a query, recall, memory.

Milliseconds and seconds are wall time; memory is resident set size in MB of 10⁶ bytes. What depends on a process's history
(cold start, memory, synthetic collections) runs in a process of its own. "Cold" means a new process, not an empty disk
cache. Synthetic collections are clusters of unit vectors with invented records; their searches leave the encoder out.
"""

import gc
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np

from artrec import config
from artrec.artifacts import open_collection
from artrec.catalogue import Artwork, Catalogue
from artrec.collection import Collection
from artrec.encoder import LazyEncoder, load_encoder
from artrec.errors import ArtrecError
from artrec.index import ExactIndex, HnswIndex, Index, recall
from artrec.lexical import Lexical
from artrec.profile import Profile
from artrec.recommender import Recommender, Request
from artrec.text import passage

COLD_RUNS = 3  # fresh processes, of which the median counts
QUERIES = 100  # distinct queries, or sets of likes, that a percentile is taken over
PROBES = 200  # vectors that recall is measured with
PASSAGES = 256  # passages encoded to measure throughput
LIKES = 5  # liked works in a recommendation
K = 10  # neighbours that recall counts
SMALLEST = 1_000  # works under which recall of a graph means nothing
SPREAD = 0.7  # length of the noise on a unit cluster centre: works of one cluster have a cosine of about 0.67
NEAR = 0.5  # length of the noise between a query's vector and the work it is drawn from

TYPES = ("painting", "drawing", "print", "sculpture", "photograph", "textile", "ceramic", "metalwork", "poster", "mosaic")
MOODS = ("calm", "joyful", "melancholy", "eerie", "mysterious", "hopeful", "lonely", "dramatic", "tender", "festive")
CULTURES = ("French", "Dutch", "Japanese", "Chinese", "Mexican", "Yoruba", "Persian", "Indian", "Greek", "Egyptian")
MATERIALS = ("oil on canvas", "ink on paper", "bronze", "marble", "silk and gold thread", "stoneware", "gelatin silver print")
COLOURS = ("#c9a875", "#a98653", "#e4d0a4", "#7c6244", "#9fb8cf", "#224488", "#aa2222", "#336633", "#111111", "#f4f0e6")
_SYLLABLES = [a + b for a, b in product("bdfgklmnprstvz", "aeiou")]
WORDS = np.array(["".join(parts) for parts in product(_SYLLABLES[::3], _SYLLABLES[::4], _SYLLABLES[1::5])])  # 6,048
MOVEMENTS = tuple(f"{word}kism" for word in WORDS[::60][:100])

_START = """
import json, sys, time
started = time.perf_counter()
laps = {}
def lap(name):
    global started
    laps[name] = time.perf_counter() - started
    started = time.perf_counter()
"""
_COLD = """
from artrec.artifacts import open_collection
from artrec.encoder import LazyEncoder, load_encoder
from artrec.recommender import Recommender
lap("imports")
collection = open_collection(sys.argv[1])
lap("open")
recommender = Recommender(collection, LazyEncoder(load_encoder, collection.manifest["encoder"]["fingerprint"]))
recommender.encoder.get()
lap("encoder")
recommender.search("a storm at sea")
lap("search")
print(json.dumps(laps), flush=True)
"""
_MEMORY = """
import psutil
from artrec.artifacts import open_collection
from artrec.encoder import LazyEncoder, load_encoder
from artrec.recommender import Recommender
own = psutil.Process()
collection = open_collection(sys.argv[1])
opened = own.memory_info().rss / 1e6
recommender = Recommender(collection, LazyEncoder(load_encoder, collection.manifest["encoder"]["fingerprint"]))
recommender.search("a storm at sea")
print(json.dumps({"opened": opened, "first_query": own.memory_info().rss / 1e6}), flush=True)
"""
_SYNTHETIC = """
from artrec.evaluation.bench import synthetic
print(json.dumps(synthetic(int(sys.argv[1]))), flush=True)
"""


def run(collection_dir: Path | None, sizes: list[int]) -> dict:
    """Measure a built collection (None: the one in use) and synthetic ones of `sizes` works. The answer is JSON."""
    folder = Path(collection_dir or config.collection()).expanduser().resolve()
    collection = open_collection(folder)
    encoder = LazyEncoder(load_encoder, collection.manifest["encoder"]["fingerprint"])
    recommender = Recommender(collection, encoder)
    _say(f"{collection.name}, {len(collection):,} works: cold start and memory")
    encoder.get()  # exports the model where that was never done, which no start-up should be charged with
    figures = {
        "machine": {
            "cpus": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version(),
            "date": date.today().isoformat(),
        },
        "collection": {
            "name": collection.name, "works": len(collection), "index": collection.index.kind,
            "encoder": collection.manifest["encoder"]["name"],
        },
        "cold_start_s": _cold(folder),
        "rss_mb": _rounded(_fresh(_MEMORY, folder)[0], 1),
    }  # fmt: skip
    _say("queries, recommendations, encoding")
    rng = np.random.default_rng(0)
    queries = _queries(collection, rng)
    recommender.search("warm up: something else altogether")
    figures["query_ms"] = _timed(recommender.search, queries)
    figures["encode_ms"] = _timed(lambda text: encoder.get().encode([text]), queries)
    figures["recommend_ms"] = _timed(recommender.recommend, _likings(collection, rng))
    texts = [passage(collection.catalogue[int(row)]) for row in rng.permutation(len(collection))[:PASSAGES]]
    seconds, _ = _seconds(lambda: encoder.get().encode(texts))
    figures["encode_texts_per_s"] = round(len(texts) / seconds, 1)
    figures["recall_at_10"] = None
    if len(collection) >= SMALLEST:
        graph = collection.index if collection.index.kind == "hnsw" else HnswIndex.build(collection.vectors)
        figures["recall_at_10"] = _recall(graph, collection.vectors, _near(collection.vectors, rng, PROBES)[1])
    figures["synthetic"] = []
    for size in sizes:
        _say(f"synthetic, {size:,} works")
        figures["synthetic"].append(_fresh(_SYNTHETIC, size)[0])
    return figures


def synthetic(n: int) -> dict:
    """Build a synthetic collection of n works and measure it: seconds to build, milliseconds to search, recall, MB."""
    import psutil

    catalogue, vectors = make_synthetic(n)
    index_s, index = _seconds(lambda: HnswIndex.build(vectors))
    lexical_s, lexical = _seconds(lambda: Lexical.build(catalogue))
    noise = {"cosine": [0.14, 0.04], "words": [0.07, 0.07]}  # as in the starter collection
    collection = Collection(
        f"synthetic {n}", catalogue, vectors, index, lexical, {"encoder": {"name": "given"}, "noise": noise}
    )
    rng = np.random.default_rng(1)
    rows, near = _near(vectors, rng, PROBES)
    texts = [" ".join(rng.choice(catalogue[int(row)].description.split(), 3, replace=False)) for row in rows]
    recommender = Recommender(collection, _Given(dict(zip(texts, near, strict=True))))
    likings = _likings(collection, rng)
    ten = [f"{text} type:{TYPES[i % len(TYPES)]}" for i, text in enumerate(texts[:QUERIES])]
    one = [f"{text} movement:{MOVEMENTS[i % len(MOVEMENTS)]}" for i, text in enumerate(texts[:QUERIES])]
    warm_up_s, _ = _seconds(
        lambda: (recommender.recommend(likings[0]), *(recommender.search(text) for text in (texts[-1], ten[-1], one[-1])))
    )
    gc.collect()
    return {
        "works": n,
        "index_build_s": round(index_s, 2),
        "lexical_build_s": round(lexical_s, 2),
        "warm_up_s": round(warm_up_s, 2),
        "index_search_ms": _timed(lambda vector: index.search(vector, K), near),
        "recall_at_10": _recall(index, vectors, near),
        "search_ms": _timed(recommender.search, texts[:QUERIES]),
        "search_10_percent_ms": _timed(recommender.search, ten),
        "search_1_percent_ms": _timed(recommender.search, one),
        "recommend_ms": _timed(recommender.recommend, likings),
        "rss_mb": round(psutil.Process().memory_info().rss / 1e6, 1),
    }


def make_synthetic(n: int, d: int = 384, clusters: int = 200, seed: int = 0) -> tuple[Catalogue, np.ndarray]:
    """An invented catalogue and its vectors (float32 (n, d), unit rows) around random centres. Works of a cluster share
    some words of their descriptions; each type keeps a tenth of the works, each movement a hundredth."""
    rng = np.random.default_rng(seed)
    cluster = rng.integers(clusters, size=n)
    vectors = _unit(rng.standard_normal((clusters, d), dtype=np.float32))[cluster]
    vectors = _unit(vectors + rng.standard_normal((n, d), dtype=np.float32) * np.float32(SPREAD / d**0.5))
    frequency = 1 / (np.arange(len(WORDS)) + 10.0)  # Zipf's law, flattened at its head
    plain = rng.choice(len(WORDS), size=(n, 14), p=frequency / frequency.sum())
    themes = rng.integers(len(WORDS), size=(clusters, 40))
    own = np.take_along_axis(themes[cluster], rng.integers(40, size=(n, 8)), axis=1)
    words = WORDS[np.concatenate([plain, own], axis=1)]
    years = rng.integers(1200, 2000, size=n)
    pick = {
        name: rng.integers(size, size=n) for name, size in (("type", 10), ("movement", 100), ("culture", 10), ("medium", 7))
    }
    moods, colours = rng.integers(10, size=(n, 2)), rng.integers(10, size=(n, 5))
    artists = rng.integers(max(1, n // 10), size=n)
    works = (
        Artwork(
            artwork_id=f"w{i}",
            title=" ".join(words[i, -2:]),
            artist=f"{WORDS[artists[i] % len(WORDS)]} {artists[i]}",
            year_start=int(years[i]),
            year_end=int(years[i]) + 4,
            type=TYPES[pick["type"][i]],
            movement=MOVEMENTS[pick["movement"][i]],
            culture=CULTURES[pick["culture"][i]],
            medium=MATERIALS[pick["medium"][i]],
            subjects=tuple(dict.fromkeys(words[i, -4:].tolist())),
            moods=tuple(dict.fromkeys(MOODS[m] for m in moods[i])),
            palette=tuple(COLOURS[c] for c in colours[i]),
            description=" ".join(words[i]),
        )
        for i in range(n)
    )
    return Catalogue(tuple(works), {}), vectors


class _Given:
    """An encoder that knows its texts' vectors beforehand."""

    name = fingerprint = "given"

    def __init__(self, vectors: dict[str, np.ndarray]):
        self._vectors = vectors
        self.dimension = len(next(iter(vectors.values())))

    def encode(self, texts: Iterable[str]) -> np.ndarray:
        return np.stack([self._vectors[text] for text in texts])


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _near(vectors: np.ndarray, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows (int64) and unit vectors near theirs, as queries are near what they find."""
    rows = rng.choice(len(vectors), min(count, len(vectors)), replace=False)
    noise = rng.standard_normal((len(rows), vectors.shape[1]), dtype=np.float32) / np.float32(vectors.shape[1] ** 0.5)
    return rows, _unit(vectors[rows] + np.float32(NEAR) * noise)


def _queries(collection: Collection, rng: np.random.Generator) -> list[str]:
    """Up to QUERIES distinct queries, each five words on end from some passage."""
    found: dict[str, None] = {}
    for row in rng.integers(len(collection), size=4 * QUERIES):
        words = re.findall(r"[^\W_]+", passage(collection.catalogue[int(row)]))
        start = int(rng.integers(max(1, len(words) - 4)))
        found[" ".join(words[start : start + 5])] = None
    return list(found)[:QUERIES]


def _likings(collection: Collection, rng: np.random.Generator) -> list[Request]:
    draws = (rng.choice(len(collection), min(LIKES, len(collection) - 1), replace=False) for _ in range(QUERIES))
    return [Request(profile=Profile(tuple(collection.catalogue[int(row)].artwork_id for row in rows))) for rows in draws]


def _recall(index: Index, vectors: np.ndarray, queries: np.ndarray) -> float:
    exact = ExactIndex(vectors)
    return round(float(np.mean([recall(index.search(q, K), exact.search(q, K)) for q in queries])), 4)


def _timed(ask: Callable, questions: Iterable) -> dict[str, float]:
    """Median and 95th percentile of the milliseconds that each question takes."""
    times = [_seconds(lambda: ask(question))[0] * 1000 for question in questions]  # noqa: B023
    return {"p50": round(float(np.percentile(times, 50)), 3), "p95": round(float(np.percentile(times, 95)), 3)}


def _seconds(work: Callable) -> tuple[float, object]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _cold(folder: Path) -> dict[str, float]:
    """Seconds from the start of a process to its first answer, and the stages within; the median run."""
    runs = []
    for _ in range(COLD_RUNS):
        laps, total = _fresh(_COLD, folder)
        runs.append({"total": total, "python": total - sum(laps.values())} | laps)
    return _rounded({name: statistics.median(each[name] for each in runs) for name in runs[0]}, 3)


def _fresh(code: str, argument: Path | int) -> tuple[dict, float]:
    """Run code in a process of its own: the JSON line it prints, and the seconds until it came."""
    path = os.pathsep.join(filter(None, (str(config.ROOT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-W", "ignore", "-c", _START + code, str(argument)]
    started = time.perf_counter()
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        seconds = time.perf_counter() - started
    if process.returncode or not line.startswith("{"):
        raise ArtrecError("A process that was to be measured failed; its own message is above.", "Run the command again.")
    return json.loads(line), seconds


def _rounded(figures: dict[str, float], digits: int) -> dict[str, float]:
    return {name: round(value, digits) for name, value in figures.items()}


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def print_table(figures: dict) -> None:
    """The figures of `run` as aligned plain text on stdout."""
    machine, own, cold = figures["machine"], figures["collection"], figures["cold_start_s"]
    print(f"{machine['cpus']} CPUs, {machine['platform']}, Python {machine['python']}, {machine['date']}")
    print(f"{own['name']}: {own['works']:,} works, {own['index']} index, {own['encoder']}\n")
    stages = ", ".join(f"{name} {seconds:.2f}" for name, seconds in cold.items() if name != "total")
    _align([
        ("cold start to first answer", f"{cold['total']:.2f} s", f"({stages})"),
        ("query, encoding included", _pair(figures["query_ms"]), ""),
        ("  encoding alone", _pair(figures["encode_ms"]), ""),
        (f"recommend from {LIKES} likes", _pair(figures["recommend_ms"]), ""),
        ("encode passages", f"{figures['encode_texts_per_s']:.0f} texts/s", ""),
        ("memory, opened", f"{figures['rss_mb']['opened']:.0f} MB", ""),
        ("memory, after a query", f"{figures['rss_mb']['first_query']:.0f} MB", ""),
        ("recall@10 of HNSW", _share(figures["recall_at_10"]), ""),
    ])  # fmt: skip
    if not figures["synthetic"]:
        return
    rows = [("synthetic, works", *(f"{each['works']:,}" for each in figures["synthetic"]))]
    for key, label, write in _SYNTHETIC_ROWS:
        rows.append((label, *(write(each[key]) for each in figures["synthetic"])))
    print()
    _align(rows)


def _pair(times: dict[str, float]) -> str:
    return f"{times['p50']:.2f} / {times['p95']:.2f} ms"


def _share(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.4f}"


_SYNTHETIC_ROWS = (
    ("index_build_s", "build the index", "{:.1f} s".format),
    ("lexical_build_s", "build BM25", "{:.1f} s".format),
    ("warm_up_s", "warm up (lazy features)", "{:.2f} s".format),
    ("index_search_ms", "index search, p50 / p95", _pair),
    ("recall_at_10", "recall@10 against exact", _share),
    ("search_ms", "search and ranking, no encoding", _pair),
    ("search_10_percent_ms", "  with a filter keeping 10 %", _pair),
    ("search_1_percent_ms", "  with a filter keeping 1 %", _pair),
    ("recommend_ms", f"recommend from {LIKES} likes", _pair),
    ("rss_mb", "memory after", "{:.0f} MB".format),
)


def _align(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for label, *cells in rows:
        line = "  ".join([label.ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells, widths[1:], strict=True))])
        print(line.rstrip())
