"""Turns go to whoever came first, and nobody gets one who gave up."""

import threading
import time

from artrec.community.turns import Turns


def test_the_first_in_line_is_the_first_to_go():
    turns, order = Turns(1), []
    assert turns.acquire(1)

    def wait(number: int) -> None:
        assert turns.acquire(30)
        order.append(number)
        turns.release()

    threads = []
    for number in range(10):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(turns._line) <= number:
            time.sleep(0.001)
    turns.release()
    for thread in threads:
        thread.join()
    assert order == list(range(10)) and turns.acquire(0)


def test_as_many_as_there_are_seats_and_giving_up():
    turns = Turns(2)
    assert turns.acquire(0) and turns.acquire(0) and not turns.acquire(0.01)
    turns.release()
    assert turns.acquire(0) and not turns.acquire(0)  # who gave up left no ghost in line
    turns.release()
    turns.release()
    assert turns.acquire(0) and turns.acquire(0)
