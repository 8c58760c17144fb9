"""Community: what people who like the same works like too."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from artrec.channels.base import Column
from artrec.collection import Collection
from artrec.profile import Taste

NOBODY_YET = "No community evidence for you yet."


@dataclass(frozen=True, eq=False)
class Heard:
    """What a community says of works to one person. `parts`: float32 (r, h), what each of h works adds to the opinion, all ≥ 0
    and summing to at most 1 in a row; `people`: int64 (r,), how many people that rests on, at least `k` wherever a part is
    above 0; where fewer are behind it there is no opinion, and both are 0."""

    parts: np.ndarray
    people: np.ndarray


class Voices(Protocol):
    """A community that can be asked: people's standing opinions, without the people. Immutable."""

    k: int  # people that an opinion rests on, at least
    about: bool  # whether the counts are only about right, because noise protects each person

    def hear(self, rows: np.ndarray, liked: np.ndarray, strengths: np.ndarray | None) -> Heard:
        """What it says of works (rows) to a person who likes some (rows), each as strongly as said."""
        ...

    def silence(self, taste: Taste) -> str:
        """Why it says nothing to this person, in a sentence."""
        ...


class Community:
    """People who like what you like. It abstains on a work that fewer than k people stand behind, and never says who."""

    name = "community"
    label = "community"

    def speaks(self, taste: Taste) -> bool:
        """Where a community is there to be asked."""
        return taste.voices is not None

    def column(self, rows: np.ndarray, taste: Taste, collection: Collection) -> Column:
        """Each liked work's part of what the community says, as the model adds it up."""
        heard = self._heard(rows, taste)
        parts = np.zeros((len(rows), 2 + len(taste.likes)), dtype=np.float32)
        parts[:, 1:-1] = heard.parts
        values = np.where(heard.people > 0, parts.sum(axis=1), np.nan).astype(np.float32)
        return Column(values, parts, np.ones(len(rows), dtype=np.float32))

    def evidence(self, row: int, taste: Taste, collection: Collection) -> str:
        """How many people it rests on, and whether one liked work carried it or several."""
        heard = self._heard(np.array([row]), taste)
        people, carried = int(heard.people[0]), heard.parts[0]
        whom = f"{'about ' if taste.voices.about else ''}{people} people who like"
        several = np.count_nonzero(carried > 0.2 * carried.sum())
        return f"{whom} {'this and other works you like' if several > 1 else 'it'} like this too"

    @staticmethod
    def _heard(rows: np.ndarray, taste: Taste) -> Heard:
        if not len(taste.likes):
            return Heard(np.zeros((len(rows), 0), dtype=np.float32), np.zeros(len(rows), dtype=np.int64))
        return taste.voices.hear(rows, taste.likes, taste.strengths(taste.likes))
