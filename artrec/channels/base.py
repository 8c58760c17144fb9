"""What a channel is, and how its opinions on each liked work become one column.

A channel compares works (`likeness`) and, where it can, answers a query (`answer`); both in [0, 1], NaN for "no
evidence". `column` pools them:

- over liked works l, a row's value is Σ aₗ·likenessₗ with attention aₗ = softmax(likenessₗ / TEMPERATURE). The nearest
  liked works decide, so that a taste with two centres is never averaged into a point between them. The summands are
  each liked work's share.
- a query and likes together mix by QUERY_SHARE.
- a disliked work takes away up to DISLIKE of the value, by how alike it is. With dislikes alone the value is
  1 − likeness to the nearest of them.
- an opinion of less than full strength (given long ago, or a work that was only looked at) counts as less alike by that share.

What no likeness of works can tell, because it depends on who is asking, is a `Personal` channel: it makes its column itself.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from artrec.collection import Collection
from artrec.profile import Taste
from artrec.question import Question

TEMPERATURE = 0.05  # of the attention over liked works, in units of likeness
QUERY_SHARE = 0.6  # of a column where a query and likes both speak
DISLIKE = 0.6  # the most that a disliked work takes away


class Channel(Protocol):
    """One reason for recommending. Stateless: everything it knows is in its arguments."""

    name: str
    label: str  # for people

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray | None:
        """How alike works are to others (rows, int64): float32 (len(rows), len(others)) in [0, 1], NaN abstains.
        None where the channel does not compare works."""
        ...

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """How well works answer a query: float32 (len(rows),) in [0, 1], NaN abstains. None where it names nothing
        for this channel."""
        ...

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """What is shared with a liked work, or with the query where `other` is None, in a few plain words."""
        ...


@dataclass(frozen=True, eq=False)
class Column:
    """`values`: float32 (r,), NaN where the channel abstains. `parts`: float32 (r, 1 + likes + 1), summing to the values:
    the query's part, each liked work's, and (only where nothing else speaks) the dislikes'. `held_back`: float32 (r,),
    the factor in (0, 1] that dislikes left. `own`: float32 (r,), what rests on the channel alone, neither on the query nor on a
    work; None is 0. Parts and `own` sum to the values."""

    values: np.ndarray
    parts: np.ndarray
    held_back: np.ndarray
    own: np.ndarray | None = None


class Personal(Protocol):
    """A reason that rests on what is known of the person besides likes, or on other people. Stateless."""

    name: str
    label: str  # for people

    def speaks(self, taste: Taste) -> bool:
        """Whether there is anything to ask it; if not, it is left out altogether."""
        ...

    def column(self, rows: np.ndarray, taste: Taste, collection: Collection) -> Column:
        """Its opinion on works (rows, int64), in [0, 1], NaN abstains."""
        ...

    def evidence(self, row: int, taste: Taste, collection: Collection) -> str:
        """What its opinion on a work rests on, in a few plain words."""
        ...


def column(channel: Channel, rows: np.ndarray, taste: Taste, question: Question, collection: Collection) -> Column:
    """Pool a channel's opinions over a query, likes and dislikes."""
    parts = np.zeros((len(rows), 2 + len(taste.likes)), dtype=np.float32)
    asked = channel.answer(rows, question, collection)
    liked, shares = _attend(channel, rows, taste, collection)
    asked = np.full(len(rows), np.nan, dtype=np.float32) if asked is None else asked
    asked_share = np.where(np.isnan(asked), 0.0, np.where(np.isnan(liked), 1.0, QUERY_SHARE)).astype(np.float32)
    parts[:, 0] = asked_share * np.nan_to_num(asked)
    parts[:, 1:-1] = (1 - asked_share)[:, None] * shares
    silent = np.isnan(asked) & np.isnan(liked)
    disliked = _nearest(channel, rows, taste, collection)
    held_back = 1 - DISLIKE * np.nan_to_num(disliked)
    if not len(taste.likes) and not question.asks:
        parts[:, -1] = np.where(np.isnan(disliked), 0, 1 - disliked)
        silent, held_back = np.isnan(disliked), np.ones_like(held_back)
    parts *= held_back[:, None]
    return Column(np.where(silent, np.nan, parts.sum(axis=1)).astype(np.float32), parts, held_back.astype(np.float32))


def _attend(channel: Channel, rows: np.ndarray, taste: Taste, collection: Collection) -> tuple[np.ndarray, np.ndarray]:
    """The pooled likeness (r,), NaN where no like speaks, and each like's share of it (r, likes)."""
    likes = taste.likes
    likeness = channel.likeness(rows, likes, collection) if len(likes) else None
    if likeness is None:
        return np.full(len(rows), np.nan, dtype=np.float32), np.zeros((len(rows), len(likes)), dtype=np.float32)
    strengths = taste.strengths(likes)
    if strengths is not None:
        likeness = np.where(rows[:, None] == likes, np.nan, likeness * strengths)  # a look at a work does not speak for itself
    known = ~np.isnan(likeness)
    safe = np.where(known, likeness, -np.inf)
    peak = np.max(safe, axis=1, keepdims=True)
    attention = np.exp((safe - np.where(np.isfinite(peak), peak, 0)) / TEMPERATURE) * known
    attention /= np.maximum(attention.sum(axis=1, keepdims=True), 1e-30)
    shares = (attention * np.nan_to_num(likeness)).astype(np.float32)
    return np.where(known.any(axis=1), shares.sum(axis=1), np.nan), shares


def _nearest(channel: Channel, rows: np.ndarray, taste: Taste, collection: Collection) -> np.ndarray:
    others = taste.dislikes
    likeness = channel.likeness(rows, others, collection) if len(others) else None
    if likeness is None:
        return np.full(len(rows), np.nan, dtype=np.float32)
    strengths = taste.strengths(others)
    likeness = likeness if strengths is None else likeness * strengths
    best = np.max(np.where(np.isnan(likeness), -1, likeness), axis=1)
    return np.where(best < 0, np.nan, best).astype(np.float32)


def named(field: str, wanted: frozenset[str], rows: np.ndarray, collection: Collection) -> np.ndarray | None:
    """1 where a field's value is among those a query names, 0 where not, NaN where unknown; None where it names none."""
    if not wanted:
        return None
    column = collection.features.column(field)
    return np.where(column.known[rows], column.where(wanted.__contains__)[rows], np.nan).astype(np.float32)
