"""How fast the store is: `python tests/bench/store_speed.py [URL]` prints one JSON document. URL: an empty PostgreSQL database
(default: SQLite in a temporary folder)."""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from artrec.community.ratings_import import import_ratings
from artrec.community.store import open_store

PEOPLE, WORKS, EACH = 500, 1_200, 40  # a school: 20,000 ratings
THREADS, EVENTS = 32, 500


def milliseconds(run: Callable[[int], object], times: int) -> dict[str, float]:
    """Median and 95th percentile of one call."""
    taken = []
    for number in range(times):
        started = time.perf_counter()
        run(number)
        taken.append(1_000 * (time.perf_counter() - started))
    return {"median": round(float(np.median(taken)), 2), "p95": round(float(np.percentile(taken, 95)), 2)}


def seconds(run: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    run()
    return round(time.perf_counter() - started, 2)


def main(url: str) -> dict:
    started = time.perf_counter()
    store = open_store(url)
    opened = round(time.perf_counter() - started, 3)
    rng = np.random.default_rng(0)
    room = store.create_room("School")
    rows = [
        (person, f"work-{work}", float(rng.integers(1, 6)), 1.7e9 + person)
        for person in range(PEOPLE)
        for work in rng.choice(WORKS, EACH, replace=False)
    ]
    names = [f"Pupil {n}" for n in range(PEOPLE)]
    imported = seconds(lambda: import_ratings(store, room, names, rows, (1.0, 5.0), "one"))
    heron = store.add_profile("Heron", room.code)
    found = {"database": store.where, "opening s": opened, f"importing {len(rows):,} ratings s": imported}
    found["a like ms"] = milliseconds(lambda n: store.record(heron.id, "like", f"work-{n % 200}"), 500)
    found["taking it back ms"] = milliseconds(lambda n: store.undo(heron.id), 200)
    found["a person's likes ms"] = milliseconds(lambda n: store.marks(heron.id), 200)
    found["all of a work's page ms"] = milliseconds(lambda n: (store.about(heron.id, "work-1"), store.boards(heron.id)), 200)
    found["opinions of the room s"] = seconds(lambda: list(store.opinions(room)))
    found["counting new events ms"] = milliseconds(lambda n: store.count(room, since_event=len(rows)), 50)

    def write(thread: int) -> None:
        for number in range(EVENTS):
            store.record(thread + 1, "like", f"work-{number}")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(THREADS)]
    before = store.count()

    def all_write() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    taken = seconds(all_write)
    found[f"{THREADS} threads × {EVENTS} events s"] = taken
    found["events lost"] = THREADS * EVENTS - (store.count() - before)
    found["deleting a person ms"] = milliseconds(lambda n: store.forget(n + 100), 20)
    store.close()
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(main(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/community.sqlite"), indent=1))
