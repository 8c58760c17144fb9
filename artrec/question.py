"""A parsed query → everything the channels need to know of it: its vector, its words, what it names."""

from dataclasses import dataclass, field

import numpy as np

from artrec.collection import Collection
from artrec.encoder import Encoder
from artrec.mentions import Mentions, find_mentions
from artrec.text import CJK, Query
from artrec.visual.seeing import Sight

EMPHASIS = 0.5  # weight of each +term and -term beside the free text's 1


@dataclass(frozen=True, eq=False)
class Question:
    """`vector`: unit float32 (d,), or None where there is nothing an English encoder could read. `sight`: what is shown
    instead of said, or None."""

    query: Query = Query()
    vector: np.ndarray | None = None
    tokens: tuple[str, ...] = ()
    away_tokens: tuple[str, ...] = ()
    mentions: Mentions = field(default_factory=Mentions)
    sight: Sight | None = None

    @property
    def asks(self) -> bool:
        """Whether there is anything to score by: words, colours or a picture."""
        return self.query.asks or self.sight is not None


def ask(query: Query, collection: Collection, encoder: Encoder, sight: Sight | None = None) -> Question:
    """Encode and look up a query's text. The vector is the unit sum of its parts: `embed`. `sight`: what is shown with it."""
    return Question(
        query,
        embed(parts_of(query), encoder),
        tuple(collection.lexical.query_tokens(query.words)),
        tuple(collection.lexical.query_tokens(" ".join(query.away))),
        find_mentions(query.words, collection.catalogue),
        sight,
    )


def parts_of(query: Query) -> tuple[tuple[str, float], ...]:
    """The texts that are embedded, each with its weight."""
    plain = " ".join(part for part in (query.text, *query.exact) if part)
    parts = [(plain, 1.0)] if plain else []
    parts += [(term, EMPHASIS) for term in query.towards] + [(term, -EMPHASIS) for term in query.away]
    return tuple((text, weight) for text, weight in parts if readable(text))


def readable(text: str) -> bool:
    """Whether the English encoder has anything to read: Chinese, Japanese and Korean go to the lexical channel alone."""
    letters = [c for c in text if c.isalnum()]
    return sum(1 for c in letters if CJK.match(c)) * 2 < len(letters)


def embed(parts: tuple[tuple[str, float], ...], encoder: Encoder) -> np.ndarray | None:
    """The unit vector of weighted texts (float32 (d,)), or None where there are none or they cancel out."""
    if not parts:
        return None
    vectors = encoder.encode([text for text, _ in parts])
    total = np.asarray([weight for _, weight in parts], dtype=np.float32) @ vectors
    length = float(np.linalg.norm(total))
    return (total / length).astype(np.float32) if length > 1e-6 else None
