"""Threads take turns in the order in which they came. Python's own locks let a thread that just had its turn have the next one
too, so that with many writers some wait for seconds."""

import threading
from collections import deque


class Turns:
    """`seats` threads at once; the others wait in line."""

    def __init__(self, seats: int):
        self._free, self._line = seats, deque()
        self._lock = threading.Lock()

    def acquire(self, timeout: float) -> bool:
        """Wait for a turn, at most `timeout` seconds; whether there was one."""
        with self._lock:
            if self._free:  # then nobody waits
                self._free -= 1
                return True
            mine = threading.Lock()
            mine.acquire()
            self._line.append(mine)
        if mine.acquire(timeout=timeout):
            return True
        with self._lock:
            if mine in self._line:
                self._line.remove(mine)
                return False
        return True  # it came in the very last moment

    def release(self) -> None:
        """Give the turn to whoever waits longest."""
        with self._lock:
            if self._line:
                self._line.popleft().release()
            else:
                self._free += 1
