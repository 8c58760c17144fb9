"""Many writers at once, and a program that is killed while it writes: what was acknowledged is there."""

import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from artrec import config
from artrec.community.store import open_store

THREADS, EVENTS = 16, 500  # in each of two programs: 32 × 500
KILLED_AFTER = 2_000  # events that were acknowledged

PROGRAM = """
import os, sys, threading
from pathlib import Path
from artrec.community.store import open_store

url, log, threads, events = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
log.touch()
told = os.open(log, os.O_WRONLY | os.O_APPEND)
before = set(log.read_text().split())
store = open_store(url, patience=60)

def write(thread):
    for number in range(events):
        name = f"{log.stem}-{thread}-{number}"
        if name not in before:
            store.record(1 + thread % 2, "like", name)
            os.write(told, f"{name}\\n".encode())  # acknowledged

workers = [threading.Thread(target=write, args=(n,)) for n in range(threads)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
"""


def program(url: str, log: Path) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, url, str(log), str(THREADS), str(EVENTS)], cwd=config.ROOT)


def acknowledged(log: Path) -> list[str]:
    return log.read_text().split() if log.exists() else []


def test_thirty_two_writers_lose_nothing_though_one_program_is_killed(store, url, tmp_path):
    for name in ("Heron", "Fox"):
        store.add_profile(name)
    steady, killed = tmp_path / "steady.log", tmp_path / "killed.log"
    first, second = program(url, steady), program(url, killed)
    try:
        while len(acknowledged(killed)) < KILLED_AFTER:
            assert second.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        second.kill()
        second.wait()
        so_far = acknowledged(killed)
        assert KILLED_AFTER <= len(so_far) < THREADS * EVENTS
        there = {event.artwork_id for person in store.profiles() for event in store.events(person.id)}
        assert set(so_far) <= there
        second = program(url, killed)  # goes on where it was
        assert (first.wait(240), second.wait(240)) == (0, 0)
    finally:
        for process in (first, second):
            process.kill()
            process.wait()
    found = Counter(event.artwork_id for person in store.profiles() for event in store.events(person.id))
    assert set(found) == {f"{log.stem}-{t}-{n}" for log in (steady, killed) for t in range(THREADS) for n in range(EVENTS)}
    again = [name for name, count in found.items() if count > 1]  # written when the kill came, but not acknowledged yet
    assert len(again) <= THREADS and all(name.startswith("killed") and found[name] == 2 for name in again)
    assert store.count() == 2 * THREADS * EVENTS + len(again)


def test_many_who_come_at_once_find_one_schema(url):
    """The first start of several programs: one makes the tables, the others wait for it."""
    found: list[int] = []

    def come(number: int) -> None:
        own = open_store(url, patience=30)
        found.append(own.add_profile(f"Bird {number}").id)
        own.close()

    threads = [threading.Thread(target=come, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 8


def test_a_name_that_many_want_at_once_is_given_to_one(store):
    made = []

    def want():
        try:
            made.append(store.add_profile("Heron"))
        except Exception as error:
            assert "already" in str(error)

    threads = [threading.Thread(target=want) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and store.profiles() == made


def test_undo_by_many_takes_each_action_back_once(store):
    heron = store.add_profile("Heron")
    for number in range(40):
        store.record(heron.id, "like", f"w{number}")
    taken: list[int] = []

    def undo():
        while (event := store.undo(heron.id)) is not None:
            taken.append(event.id)

    threads = [threading.Thread(target=undo) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count() == 0 and sorted(set(taken)) == list(range(min(taken), min(taken) + 40)) and len(taken) == 40
