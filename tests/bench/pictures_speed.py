"""How fast pictures are read: `.venv/bin/python tests/bench/pictures_speed.py DIR [N]`, DIR with a folder of pictures a style.

N (default 10,000) pictures are read in two processes without a cache, then a run that is stopped half-way goes on from it.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from artrec.visual import batch
from artrec.visual.evaluation.labelled import labelled
from artrec.visual.evaluation.speed import palette_search, reading
from artrec.visual.store import READ


def main() -> None:
    files, n = labelled(Path(sys.argv[1])).files, int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    found = reading(files, n)
    print(
        f"{n:,} pictures: {found['pictures_per_second']:.1f} a second, {found['cpu_ms_per_picture']:.1f} ms of a processor each"
    )
    with tempfile.TemporaryDirectory() as home:
        os.environ["ARTREC_HOME"] = home

        def stop(done: int, total: int) -> None:
            if done >= len(files) // 2:
                raise KeyboardInterrupt

        try:
            batch.read_all(files, READ, stop)
        except KeyboardInterrupt:
            started, first = time.perf_counter(), []
            batch.read_all(files, READ, lambda done, total: first.append(done))
            print(f"stopped and gone on: {first[0]:,} of {len(files):,} were there, {time.perf_counter() - started:.1f} s more")
    search = palette_search()
    print(f"palette search, {search['works']:,} works: median {search['median_ms']:.1f} ms, p95 {search['p95_ms']:.1f} ms")


if __name__ == "__main__":
    main()
