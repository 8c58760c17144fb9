"""How building and searching grow with a collection: `python -m artrec.evaluation.growth [WORKS …]` prints it as JSON.

Synthetic collections of several sizes (`bench.make_synthetic`) are built on disk, opened and asked, in processes of their own.
Their vectors are given instead of encoded, so encoding is left out; everything else is done as for a museum's records.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil

from artrec.evaluation.bench import (
    MOVEMENTS,
    QUERIES,
    TYPES,
    K,
    _fresh,
    _likings,
    _near,
    _recall,
    _seconds,
    _timed,
    _unit,
    make_synthetic,
)
from artrec.recommender import Recommender, Request
from artrec.text import passage

SIZES = (10_000, 30_000, 100_000, 300_000)
LEFT_OUT = "encode"  # the stage that gives what would be encoded
_BUILD = "import json, sys; from artrec.evaluation.growth import build; print(json.dumps(build(int(sys.argv[1]), sys.argv[2])))"
_ASK = "import json, sys; from artrec.evaluation.growth import ask; print(json.dumps(ask(int(sys.argv[1]), sys.argv[2])))"


def run(sizes: Sequence[int] = SIZES) -> dict:
    """Measure each size. `exponents`: b of the fit time ≈ a · works^b over the sizes: 1 is linear."""
    figures: dict = {"cpus": os.cpu_count(), "date": date.today().isoformat(), "sizes": []}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(f"growth: {size:,} works, building", file=sys.stderr, flush=True)
            built, _ = _fresh(_BUILD, size, folder)
            print(f"growth: {size:,} works, searching", file=sys.stderr, flush=True)
            asked, _ = _fresh(_ASK, size, folder)
        figures["sizes"].append({"works": size} | built | asked)
    if len(sizes) > 1:
        figures["exponents"] = exponents(figures["sizes"])
    return figures


def exponents(measured: Sequence[dict]) -> dict[str, float]:
    """The slopes of log time over log works, by least squares."""
    works = np.log([each["works"] for each in measured])
    times = {"build": [each["build_s"] for each in measured], "open": [each["open_s"] for each in measured]}
    times |= {name: [each[f"{name}_ms"]["p50"] for each in measured] for name in ("search", "search_1_percent", "recommend")}
    return {name: round(float(np.polyfit(works, np.log(np.maximum(values, 1e-6)), 1)[0]), 3) for name, values in times.items()}


class _Given:
    """Gives each passage the vector that it was invented with, and any other text one of its own."""

    name = fingerprint = "given"

    def __init__(self, passages, vectors: np.ndarray):
        self._row = {hash(text): row for row, text in enumerate(passages)}
        self._vectors, self.dimension = vectors, vectors.shape[1]

    def encode(self, texts):
        rows = [self._row.get(hash(text)) for text in texts]
        other = np.random.default_rng(len(texts)).standard_normal((len(texts), self.dimension), dtype=np.float32)
        return np.stack([_unit(other[[at]])[0] if row is None else self._vectors[row] for at, row in enumerate(rows)])


def build(n: int, folder: str) -> dict:
    """Build n works into a folder: seconds by stage and in all (without what would be encoded), MB of disk and of memory."""
    from artrec.artifacts import build_folder
    from artrec.records import StoredCatalogue, write_records

    at = Path(folder)
    catalogue, vectors = make_synthetic(n)
    np.save(at / "given.npy", vectors)
    write_records(catalogue, at / "given.arrow")
    stored = StoredCatalogue(at / "given.arrow", {}, catalogue.hash)
    del catalogue, vectors  # so that memory is the build's
    given = np.load(at / "given.npy", mmap_mode="r")
    began: dict[str, float] = {}
    seconds: dict[str, float] = {}

    def progress(stage: str, done: int, total: int) -> None:
        began.setdefault(stage, time.perf_counter())
        seconds[stage] = time.perf_counter() - began[stage]

    encoder = _Given(map(passage, stored), given)
    whole, _ = _seconds(lambda: build_folder(stored, encoder, at / "col", name="given", progress=progress, cache=at / "cache"))
    files = [file.stat().st_size for file in (at / "col").rglob("*") if file.is_file()]
    return {
        "build_s": round(whole - seconds[LEFT_OUT], 2),
        "stages_s": {stage: round(value, 2) for stage, value in seconds.items() if stage != LEFT_OUT},
        "disk_MB": round(sum(files) / 1e6, 1),
    }


def ask(n: int, folder: str) -> dict:
    """Open what `build` made and ask it: seconds, milliseconds, recall, and MB of memory at the end."""
    from artrec.artifacts import load

    open_s, collection = _seconds(lambda: load(Path(folder) / "col"))
    rng = np.random.default_rng(1)
    rows, near = _near(collection.vectors, rng)
    texts = [" ".join(rng.choice(collection.catalogue[int(row)].description.split(), 3, replace=False)) for row in rows]
    given = dict(zip(texts, near, strict=True))
    recommender = Recommender(collection, SimpleNamespace(encode=lambda texts: np.stack([given[text] for text in texts])))
    likings = _likings(collection, rng)
    ten = [f"{text} type:{TYPES[i % len(TYPES)]}" for i, text in enumerate(texts[:QUERIES])]
    one = [f"{text} movement:{MOVEMENTS[i % len(MOVEMENTS)]}" for i, text in enumerate(texts[:QUERIES])]
    first_s, _ = _seconds(lambda: recommender.search(texts[-1]))
    opened = psutil.Process().memory_info().rss / 1e6
    for request in (likings[0], Request(ten[-1]), Request(one[-1])):  # to warm up
        recommender.recommend(request)
    return {
        "open_s": round(open_s, 3), "first_search_s": round(first_s, 3), "memory_after_a_search_MB": round(opened, 1),
        "index_search_ms": _timed(lambda vector: collection.index.search(vector, K), near),
        "recall_at_10": _recall(collection.index, collection.vectors, near),
        "search_ms": _timed(recommender.search, texts[:QUERIES]),
        "search_10_percent_ms": _timed(recommender.search, ten),
        "search_1_percent_ms": _timed(recommender.search, one),
        "recommend_ms": _timed(recommender.recommend, likings),
        "memory_MB": round(psutil.Process().memory_info().rss / 1e6, 1),
    }  # fmt: skip


if __name__ == "__main__":
    chosen = [int(size) for size in sys.argv[1:] if size.isdigit()] or SIZES
    print(json.dumps(run(chosen), indent=1))
