"""Words: how much of the query, weighed by rarity, occurs in the record (BM25)."""

import re
from functools import lru_cache

import numpy as np

from artrec.collection import Collection
from artrec.features import listed
from artrec.lexical import tokens
from artrec.question import Question
from artrec.text import CJK


@lru_cache(maxsize=4096)
def _stems(word: str) -> frozenset[str]:
    return frozenset(tokens(word))


class Words:
    """Speaks for queries only; abstains where no word of the query occurs in the collection."""

    name = "words"
    label = "words"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> None:
        """Words do not compare works: their passages' meaning does."""
        return None

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """BM25 as a share of what the query could reach, less the same for `-terms`."""
        if not any(map(collection.lexical.knows, question.tokens)):
            return None
        scores = collection.lexical.scores(question.tokens)[rows]
        if question.away_tokens:
            scores = scores - collection.lexical.scores(question.away_tokens)[rows]
        return np.clip(scores, 0, 1)

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """The query's words that the record holds."""
        held = collection.lexical.parts(question.tokens, row)
        shown = [token[1:] for token in held if token.startswith("=")] or [token for token in held if CJK.search(token)]
        for word in re.findall(r"[\w'’-]+", question.query.words):
            if not CJK.search(word) and _stems(word) & held.keys():
                shown.append(word)
        return "the record says " + listed([f"“{word}”" for word in list(dict.fromkeys(shown))[:4]]) if shown else ""
