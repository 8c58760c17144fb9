"""The model of a community kept fresh beside the app: fitted anew in the background after N new events, swapped in whole.

Whoever asks gets the last whole snapshot, at once; a new one takes its place by one assignment. Where events were taken away
(a person who had themselves forgotten, retention, undo), it is made anew at the next question, however few they are.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from artrec.channels.community import Voices

AFTER = 20  # new events until the model is fitted again
logger = logging.getLogger(__name__)


class Events(Protocol):
    """As much of the store as is read to know whether anything changed."""

    def last_event(self) -> int: ...

    def count(self, room=None, since_event: int = 0) -> int: ...


@dataclass(frozen=True)
class Edition:
    """A snapshot and what was in the store when it was begun."""

    voices: Voices
    event: int
    count: int


class Refresher:
    """One community. `build()` makes a snapshot of the store as it is; it runs in a thread of its own, one at a time."""

    def __init__(self, events: Events, build: Callable[[], Voices], room=None, after: int = AFTER):
        self._events, self._build, self._room, self._after = events, build, room, after
        self._edition: Edition | None = None
        self._failed_at = -1
        self._busy = threading.Lock()
        self._done = threading.Event()

    def current(self, wait: float = 0.0) -> Voices | None:
        """The last whole snapshot; None before the first, for which up to `wait` seconds are waited. Begins a new one where
        enough has happened."""
        if self.stale() and self._busy.acquire(blocking=False):
            if self.stale():  # still, now that nobody else is at it
                self._done.clear()
                threading.Thread(target=self._renew, name="community", daemon=True).start()
            else:
                self._busy.release()
        if self._edition is None and wait:
            self._done.wait(wait)
        edition = self._edition
        return edition.voices if edition else None

    def stale(self) -> bool:
        """Whether there is no snapshot, N events are new, or any that it rests on are gone."""
        edition = self._edition
        last = self._events.last_event()
        if edition is None:
            return last != self._failed_at
        if last == self._failed_at:
            return False
        new = self._events.count(self._room, since_event=edition.event)
        return new >= self._after or self._events.count(self._room) != edition.count + new

    def wait(self, seconds: float) -> bool:
        """Until the fit in progress is over, at most so long; whether it is."""
        return self._done.wait(seconds)

    def _renew(self) -> None:
        event = self._events.last_event()
        try:
            count = self._events.count(self._room) - self._events.count(self._room, since_event=event)
            self._edition = Edition(self._build(), event, count)
        except Exception:  # whatever it was, the old snapshot still answers, and the next event tries again
            logger.exception("The model of the community could not be made anew.")
            self._failed_at = event
        finally:
            self._busy.release()
            self._done.set()
