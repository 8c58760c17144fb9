"""How building and searching grow with a collection: `python -m artrec bench --growth`.

Invented collections of several sizes (`synthetic.py`) are built on disk, opened and asked, in processes of their own. Their
vectors are given instead of encoded, so the encoder is left out; everything else is done as for a museum's records.

Memory is a process's own (without what is mapped from files, which the system can drop), in MB of 10⁶ bytes.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil

from artrec.catalogue import Artwork, Digest
from artrec.evaluation.bench import QUERIES, K, _fresh, _likings, _near, _recall, _seconds, _timed
from artrec.evaluation.synthetic import MOVEMENTS, TYPES, stream_synthetic, unit
from artrec.recommender import Recommender, Request
from artrec.text import passage

SIZES = (10_000, 30_000, 100_000, 300_000)
DIMENSION = 384
LEFT_OUT = "encode"  # the stage that gives what would be encoded
LOOKED_EVERY = 0.02  # seconds between two looks at memory
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
    """The slopes of log time over log works, by least squares; of processors' time, which does not depend on what else runs."""
    works = np.log([each["works"] for each in measured])
    times = {"build": [each["build_cpu_s"] for each in measured], "open": [each["open_cpu_s"] for each in measured]}
    times |= {name: [each[f"{name}_ms"]["cpu"] for each in measured] for name in ("search", "search_1_percent", "recommend")}
    return {name: round(float(np.polyfit(works, np.log(np.maximum(values, 1e-6)), 1)[0]), 3) for name, values in times.items()}


def chart(figures: dict) -> str:
    """Processors' seconds to build over works as a Mermaid chart, for a README, beside straight growth from the smallest."""
    sizes = figures["sizes"]
    works = ", ".join(f'"{each["works"] // 1000}k"' for each in sizes)
    seconds = [each["build_cpu_s"] for each in sizes]
    straight = [round(seconds[0] * each["works"] / sizes[0]["works"], 1) for each in sizes]
    return "\n".join(
        [
            "```mermaid",
            "xychart-beta",
            '    title "Processor seconds to build, encoding left out (bars); straight growth (line)"',
            f"    x-axis [{works}]",
            f'    y-axis "seconds" 0 --> {round(1.1 * max(*seconds, *straight)) + 1}',
            f"    bar [{', '.join(map(str, seconds))}]",
            f"    line [{', '.join(map(str, straight))}]",
            "```",
        ]
    )


class _Given:
    """Gives each passage the vector that it was invented with, and any other text one of its own."""

    name = fingerprint = "given"

    def __init__(self, passages, vectors: np.ndarray):
        hashes = np.fromiter((hash(text) for text in passages), np.int64, len(vectors))
        self._order = np.argsort(hashes)
        self._hashes, self._vectors, self.dimension = hashes[self._order], vectors, vectors.shape[1]

    def encode(self, texts):
        hashes = np.fromiter((hash(text) for text in texts), np.int64, len(texts))
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        other = unit(np.random.default_rng(len(texts)).standard_normal((len(texts), self.dimension), dtype=np.float32))
        return np.where((self._hashes[at] == hashes)[:, None], self._vectors[self._order[at]], other)


def private() -> float:
    """This process's own memory, MB: what it holds beside files that are mapped."""
    held = psutil.Process().memory_info()
    return (held.rss - getattr(held, "shared", 0)) / 1e6


class Watch:
    """Seconds by the clock, seconds of all processors and the most memory of each stage, told by the `progress` of a build."""

    def __init__(self):
        self.seconds: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.peaks: dict[str, float] = {}
        self._began: dict[str, tuple[float, float]] = {}
        self._stage = "begin"

    def __call__(self, stage: str, done: int, total: int) -> None:
        self._stage = stage
        clock, cpu = self._began.setdefault(stage, (time.perf_counter(), time.process_time()))
        self.seconds[stage], self.cpu[stage] = time.perf_counter() - clock, time.process_time() - cpu

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look at memory until the end of the block."""
        ended = threading.Event()

        def look() -> None:
            while not ended.is_set():
                self.peaks[self._stage] = max(self.peaks.get(self._stage, 0.0), private())
                ended.wait(LOOKED_EVERY)

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def build(n: int, folder: str) -> dict:
    """Build n works into a folder: seconds by stage and in all (without what would be encoded), and memory by stage."""
    from artrec.artifacts import build_folder
    from artrec.records import StoredCatalogue, write_records
    from artrec.vectors import write_vectors

    at, digest = Path(folder), Digest({})

    def told(works: Sequence[Artwork]) -> Sequence[Artwork]:
        for work in works:
            digest.add(work)
        return works

    write_records((work for works, _ in stream_synthetic(n, DIMENSION) for work in told(works)), at / "given.arrow")
    write_vectors((near for _, near in stream_synthetic(n, DIMENSION)), n, DIMENSION, at / "given.npy")
    stored = StoredCatalogue(at / "given.arrow", {}, digest.value)
    encoder = _Given(map(passage, stored), np.load(at / "given.npy", mmap_mode="r"))
    before, watch, cpu = private(), Watch(), time.process_time()
    with watch.looking():
        whole, _ = _seconds(lambda: build_folder(stored, encoder, at / "col", name="given", progress=watch, cache=at / "cache"))
    cpu = time.process_time() - cpu
    files = [file.stat().st_size for file in (at / "col").rglob("*") if file.is_file()]
    return {
        "build_s": round(whole - watch.seconds[LEFT_OUT], 2),
        "build_cpu_s": round(cpu - watch.cpu[LEFT_OUT], 2),
        "stages_s": {stage: round(value, 2) for stage, value in watch.seconds.items() if stage != LEFT_OUT},
        "stages_cpu_s": {stage: round(value, 2) for stage, value in watch.cpu.items() if stage != LEFT_OUT},
        "vectors_MB": round(n * DIMENSION * 4 / 1e6, 1),
        "memory_before_MB": round(before, 1),
        "memory_peak_MB": round(max(watch.peaks.values()), 1),
        "memory_by_stage_MB": {stage: round(value, 1) for stage, value in watch.peaks.items()},
        "disk_MB": round(sum(files) / 1e6, 1),
    }


def ask(n: int, folder: str) -> dict:
    """Open what `build` made and ask it: seconds, milliseconds, recall, and memory at the end."""
    from artrec.artifacts import load

    cpu = time.process_time()
    open_s, collection = _seconds(lambda: load(Path(folder) / "col"))
    cpu = time.process_time() - cpu
    rng = np.random.default_rng(1)
    rows, near = _near(collection.vectors, rng)
    texts = [" ".join(rng.choice(collection.catalogue[int(row)].description.split(), 3, replace=False)) for row in rows]
    given = dict(zip(texts, near, strict=True))
    recommender = Recommender(collection, SimpleNamespace(encode=lambda texts: np.stack([given[text] for text in texts])))
    likings = _likings(collection, rng)
    ten = [f"{text} type:{TYPES[i % len(TYPES)]}" for i, text in enumerate(texts[:QUERIES])]
    one = [f"{text} movement:{MOVEMENTS[i % len(MOVEMENTS)]}" for i, text in enumerate(texts[:QUERIES])]
    first_s, _ = _seconds(lambda: recommender.search(texts[-1]))
    for request in (likings[0], Request(ten[-1]), Request(one[-1])):  # to warm up
        recommender.recommend(request)
    figures = {
        "open_s": round(open_s, 3),
        "open_cpu_s": round(cpu, 3),
        "first_search_s": round(first_s, 3),
        "index_search_ms": _costs(lambda vector: collection.index.search(vector, K), near),
        "search_ms": _costs(recommender.search, texts[:QUERIES]),
        "search_10_percent_ms": _costs(recommender.search, ten),
        "search_1_percent_ms": _costs(recommender.search, one),
        "recommend_ms": _costs(recommender.recommend, likings),
        "memory_open_MB": round(private(), 1),
    }
    return figures | {"recall_at_10": _recall(collection.index, collection.vectors, near)}


def _costs(ask: Callable, questions: Sequence) -> dict[str, float]:
    """`bench`'s milliseconds by the clock, and the mean of the processors' milliseconds."""
    before = time.process_time()
    by_clock = _timed(ask, questions)
    return by_clock | {"cpu": round((time.process_time() - before) * 1000 / len(questions), 3)}
