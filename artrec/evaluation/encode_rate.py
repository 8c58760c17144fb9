"""Whether a build encodes as quickly as the encoder can, and as quickly at its end as at its beginning:
`python -m artrec bench --encode 10240`.

The build's own stream of vectors (`vectors.py`, with its cache on the disk) is timed by tenths, against the encoder alone. A
second of all processors counts beside one by the clock, because that does not depend on what else the machine does.
"""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np

from artrec.catalogue import Catalogue
from artrec.encoder import Encoder
from artrec.text import passage
from artrec.vectors import stream_vectors

TENTHS, RUNS = 10, 3


def measure(catalogue: Catalogue, encoder: Encoder, texts: int) -> dict:
    """Encode so many passages of a collection, drawn by chance (each with a number of its own, so that none is cached).

    `alone`: the encoder alone on the passages of one tenth, the best of RUNS. `by_tenth`: the build's stream. `share`: the
    stream's rate as a share of that best, by the clock and by the processors' time.
    """
    rng, size = np.random.default_rng(0), max(1, texts // TENTHS)
    rows = rng.integers(len(catalogue), size=size)
    one = [passage(catalogue[int(row)]) for row in rows]
    encoder.encode(one[:16])  # to warm up
    number = count()
    alone = []
    for _ in range(RUNS):
        numbered = [f"{next(number)} {text}" for text in one]
        alone.append(_timed(partial(encoder.encode, numbered), size))
    best = {name: max(each[name] for each in alone) for name in alone[0]}
    with tempfile.TemporaryDirectory() as folder:
        # every tenth has the same passages in an order of its own, so that their rates can be compared
        stream = (f"{next(number)} {one[row]}" for _ in range(TENTHS) for row in rng.permutation(size))
        windows = stream_vectors(encoder, stream, size * TENTHS, Path(folder), window=size)
        tenths = [_timed(lambda: next(windows), size) for _ in range(TENTHS)]
        windows.close()
    whole = {name: TENTHS / sum(1 / each[name] for each in tenths) for name in best}
    return {
        "texts": size * TENTHS,
        "alone": {name: round(value, 1) for name, value in best.items()},
        "by_tenth": [{name: round(value, 1) for name, value in each.items()} for each in tenths],
        "whole": {name: round(value, 1) for name, value in whole.items()},
        "share": {name: round(whole[name] / best[name], 3) for name in best},
        "last_to_first": {name: round(tenths[-1][name] / tenths[0][name], 3) for name in best},
    }


def _timed(work: Callable[[], object], texts: int) -> dict[str, float]:
    """Texts a second by the clock, and texts a second of the processors' time."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "texts_per_s": texts / (time.perf_counter() - clock),
        "texts_per_cpu_s": texts / max(time.process_time() - cpu, 1e-9),
    }
