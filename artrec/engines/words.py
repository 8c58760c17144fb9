"""The lexical side in SQL: full-text search over the tokens of `lexical.py`, scored so that the explanation is the score.

A tsvector holds each work's tokens with their positions; GIN finds the works that hold a word of the query. A word's amount in
a work is its inverse document frequency times `ts_rank` for that word alone, which grows with the number of times it occurs:
0.61 for once, 0.76 for twice, 1 in the limit (PostgreSQL's Σ 1/i² over occurrences, by π²/6). The score is the sum of the
amounts by the sum of idf, as BM25's is: the same laws, not the same numbers, and no penalty for long texts. On the visitors'
queries of the validation split it ranks as well (nDCG@10 0.541, BM25 0.542).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from artrec.engines.database import Database
from artrec.engines.schema import MAX_TOKEN, quoted
from artrec.lexical import MAX_NAME, REMEMBERED, Lexical, tokens
from artrec.relevance import OFF_TOPIC, _gumbel
from artrec.text import CJK

KNOWN = 50_000  # words whose frequency is remembered
_EVEN = "ARRAY[1, 1, 1, 1]::real[]"  # ts_rank's weights of the four classes; our words are all of one class


@dataclass(frozen=True, eq=False)
class _Hits:
    """A question's answer: every row's score (float32 (n,)), and of the rows that hold a word (sorted), each word's amount
    (float32 (hits, tokens))."""

    scores: np.ndarray
    rows: np.ndarray
    tokens: tuple[str, ...]
    amounts: np.ndarray


class PostgresLexical:
    """`Lexical` over a published collection: the same public methods. `n_rows`: works in it."""

    def __init__(self, database: Database, n_rows: int):
        self.n_rows = n_rows
        self._database = database
        self._frequency: dict[str, int] = {}
        self._recent: dict[tuple[str, ...], _Hits] = {}

    def query_tokens(self, text: str) -> list[str]:
        """See `Lexical.query_tokens`."""
        text = text.replace("\x00", " ")
        runs = re.findall(CJK.pattern + "+", text)
        spans = (run[start : start + size] for run in runs for start in range(len(run)) for size in range(2, MAX_NAME + 1))
        self._learn([*tokens(text), *(f"={span}" for span in spans)])
        return Lexical.query_tokens(self, text)

    def knows(self, token: str) -> bool:
        """Whether any artwork holds the token."""
        self._learn([token])
        return self._frequency.get(token, 0) > 0

    def scores(self, query_tokens: Sequence[str]) -> np.ndarray:
        """The score of every row for the tokens together (float32, (n,), in [0, 1]); read-only, the last few are kept."""
        return self._hits(query_tokens).scores

    def parts(self, query_tokens: Sequence[str], row: int) -> dict[str, float]:
        """One row's score taken apart: token → amount, for the tokens it holds. They sum to `scores(query_tokens)[row]`."""
        hits = self._hits(query_tokens)
        at = int(np.searchsorted(hits.rows, row))
        if at == len(hits.rows) or hits.rows[at] != row:
            return {}
        return {token: float(amount) for token, amount in zip(hits.tokens, hits.amounts[at], strict=True) if amount > 0}

    def _hits(self, query_tokens: Sequence[str]) -> "_Hits":
        key = tuple(query_tokens)
        if (found := self._recent.get(key)) is None:
            found = self._ask(key)
            self._recent = dict([*self._recent.items(), (key, found)][-REMEMBERED:])  # swapped whole: threads see old or new
        return found

    def _ask(self, query_tokens: tuple[str, ...]) -> "_Hits":
        scores = np.zeros(self.n_rows, dtype=np.float32)
        weights = self._weights(query_tokens)
        kind = np.dtype([("row", ">i4"), ("ranks", ">f4", len(weights))])
        found = np.zeros(0, kind)
        if weights:
            ranks = "".join(f" || float4send(ts_rank({_EVEN}, words, %s::tsquery))" for _ in weights)
            found = self._database.array(
                f"""SELECT string_agg(int4send("row"){ranks}, ''::bytea ORDER BY "row")
                FROM {{e}}.words WHERE words @@ %s::tsquery""",
                (*map(quoted, weights), " | ".join(map(quoted, weights))),
                kind,
            )
        amounts = found["ranks"] * np.fromiter(weights.values(), np.float32, len(weights))
        scores[found["row"]] = np.minimum(amounts.sum(axis=1), 1)
        scores.flags.writeable = False
        return _Hits(scores, found["row"], tuple(weights), amounts)

    def _weights(self, query_tokens: Sequence[str]) -> dict[str, float]:
        """Known token → its idf by the sum of all idf, where a token that no artwork holds counts as the rarest."""
        self._learn(query_tokens)
        frequencies = [self._frequency.get(token, 0) for token in query_tokens]
        idf = np.log1p((self.n_rows - np.array(frequencies) + 0.5) / (np.array(frequencies) + 0.5))
        shares = idf / idf.sum() if len(idf) else idf
        return {token: float(share) for token, share, n in zip(query_tokens, shares, frequencies, strict=True) if n}

    def _learn(self, wanted: Iterable[str]) -> None:
        """Ask in how many works each token stands, in one question, unless that is known."""
        new = [t for t in dict.fromkeys(wanted) if t not in self._frequency and len(t.encode("utf-8", "replace")) <= MAX_TOKEN]
        if not new:
            return
        found = dict(self._database.rows("SELECT token, works FROM {e}.lexemes WHERE token = ANY(%s)", (new,)))
        known = self._frequency if len(self._frequency) < KNOWN else {}
        self._frequency = known | dict.fromkeys(new, 0) | found


def noise_of_words(lexical: PostgresLexical) -> tuple[float, float]:
    """What the best work reaches for questions without an answer, as `relevance.measure_noise` fits it for BM25."""
    return _gumbel(np.array([lexical.scores(lexical.query_tokens(text)).max() for text in OFF_TOPIC]))
