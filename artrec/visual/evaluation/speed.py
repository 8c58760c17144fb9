"""How fast pictures are read, and how fast a palette is looked for among many."""

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from artrec.visual import batch
from artrec.visual.store import READ


def reading(files: Sequence[Path], n: int, progress: Callable[[int, int], None] | None = None, processes: int = 2) -> dict:
    """Read n pictures (the files over and over, nothing kept): pictures a second, the share of a processor's time each takes,
    and how many were bad. The processes' start is inside."""
    job = batch.Job(READ.module, READ.function, READ.length, "")
    many = [files[at % len(files)] for at in range(n)]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    found = batch.read_all(many, job, progress, processes)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "pictures": n, "processes": processes, "seconds": seconds, "pictures_per_second": n / seconds,
        "cpu_ms_per_picture": 1_000 * spent / n, "pictures_per_second_of_two_free_cores": 2 * n / max(spent, 1e-9),
        "bad": len(found.problems),
    }  # fmt: skip


def palette_search(works: int = 100_000, queries: int = 200, n: int = 50, seed: int = 2026) -> dict:
    """Milliseconds to find the n works of `works` (made-up palettes) whose colours are nearest to a palette, as the channel
    does it: median and 95th percentile over queries."""
    from artrec.channels.palette import apart

    random = np.random.default_rng(seed)
    planes = np.ascontiguousarray(_palettes(works, random).transpose(2, 1, 0))
    wanted = _palettes(queries + 5, random)
    spent = []
    for at, palette in enumerate(wanted):
        started = time.perf_counter()
        distance = apart(planes, palette[: 2 + at % 4])
        near = np.argpartition(distance, n)[:n]
        near[np.argsort(distance[near])]
        spent.append(1_000 * (time.perf_counter() - started))
    spent = spent[5:]  # the first ones warm the caches
    return {"works": works, "queries": queries, "median_ms": float(np.median(spent)), "p95_ms": float(np.quantile(spent, 0.95))}


def _palettes(n: int, random: np.random.Generator) -> np.ndarray:
    """Palettes (float32 (n, 5, 4)) with shares that fall."""
    colours = random.uniform((5, -40, -40), (95, 60, 70), (n, 5, 3))
    shares = np.sort(random.dirichlet(np.ones(5), n), axis=1)[:, ::-1]
    return np.concatenate([colours, shares[..., None]], axis=2).astype(np.float32)
