"""Which words of the query carried a match: the query's part of `text` and `words`, shared out among the words.

`words` (BM25) is a sum over tokens already. `text` is not linear in the words, so it is shared out by Shapley values
(Shapley 1953): the mean, over orders of the words, of what each adds when it joins those before it. Up to
`EXACT_WORDS` words all subsets are encoded and the values are exact; beyond, `SAMPLED_ORDERS` orders and their
reverses are averaged. Along every order the additions telescope, so the amounts sum to the part being shared out
either way: `WordParts.gap` is what is left, and a test holds it at zero.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from artrec.channels.text import standing
from artrec.lexical import STOPWORDS
from artrec.question import embed, parts_of
from artrec.text import fold

if TYPE_CHECKING:
    from artrec.recommender import Recommendation, Recommender, Response

EXACT_WORDS = 6
SAMPLED_ORDERS = 6
MAX_UNITS = 10  # of plain text; longer queries are cut into as many runs of words

Unit = tuple[str, float]  # words and their sign: 1 for text, ±EMPHASIS for +terms and -terms


@dataclass(frozen=True)
class WordParts:
    """`amounts`: (words, amount) in the query's order. `total`: the query's part of the score that they share out."""

    amounts: tuple[tuple[str, float], ...]
    total: float

    @property
    def gap(self) -> float:
        """What the amounts miss of the total."""
        return self.total - sum(amount for _, amount in self.amounts)


def units_of(question) -> list[Unit]:
    """The query cut into words, little ones joined to the next: "a storm | at sea | but hopeful"."""
    units: list[Unit] = []
    for text, weight in parts_of(question.query):
        if weight != 1.0:
            units.append((text, weight))
            continue
        waiting: list[str] = []
        for word in text.split():
            waiting.append(word)
            if fold(word.strip(".,;:!?\"'")) not in STOPWORDS:
                units.append((" ".join(waiting), 1.0))
                waiting = []
        if waiting:
            if units and units[-1][1] == 1.0:
                units[-1] = (" ".join([units[-1][0], *waiting]), 1.0)
            else:
                units.append((" ".join(waiting), 1.0))
    plain = [text for text, weight in units if weight == 1.0]
    if len(plain) > MAX_UNITS:
        joined = [(" ".join(run), 1.0) for run in np.array_split(plain, MAX_UNITS)]
        units = joined + [unit for unit in units if unit[1] != 1.0]
    return units


def word_parts(recommender: "Recommender", response: "Response", result: "Recommendation") -> WordParts:
    """Share the query's part of a result's score out among the query's words."""
    question, table = response.question, response.table
    at = int(np.flatnonzero(table.scored.rows == result.row)[0])
    amounts = {c.channel: c for c in result.contributions}
    shared: dict[str, float] = {}
    total = 0.0
    if "text" in amounts and question.vector is not None:
        due = float(table.columns["text"].parts[at, 0]) * amounts["text"].weight
        total += due
        for unit, amount in _meaning(recommender, question, result.row, due).items():
            shared[unit] = shared.get(unit, 0.0) + amount
    if "words" in amounts:
        due = float(table.columns["words"].parts[at, 0]) * amounts["words"].weight
        total += due
        parts = recommender.collection.lexical.parts(question.tokens, result.row)
        whole = sum(parts.values())
        for token, part in parts.items():
            unit = _unit_with(token, recommender, shared, question.query.words)
            shared[unit] = shared.get(unit, 0.0) + (due * part / whole if whole else 0.0)
    return WordParts(tuple(shared.items()), total)


def _meaning(recommender: "Recommender", question, row: int, due: float) -> dict[str, float]:
    units = units_of(question)
    c = recommender.collection
    if len(units) == 1:
        return {_name(units[0]): due}
    sets = subsets(len(units))
    weighed = {chosen: _chosen(units, chosen) for chosen in sets if chosen}
    recommender.encoder.encode(list(dict.fromkeys(text for parts in weighed.values() for text, _ in parts)))  # in one batch
    value = {frozenset(): 0.0}
    for chosen, parts in weighed.items():
        vector = embed(parts, recommender.encoder)
        value[chosen] = 0.0 if vector is None else float(standing(c.vectors[row] @ vector, c.background_vectors @ vector))
    whole = value[frozenset(range(len(units)))]
    scale = due / whole if whole > 1e-9 else 0.0
    out: dict[str, float] = {}
    for unit, amount in zip(units, shapley(len(units), value.__getitem__), strict=True):
        out[_name(unit)] = out.get(_name(unit), 0.0) + float(amount) * scale
    return out


def _name(unit: Unit) -> str:
    return unit[0] if unit[1] == 1.0 else ("+" if unit[1] > 0 else "−") + unit[0]


def _chosen(units: list[Unit], chosen: frozenset[int]) -> tuple[Unit, ...]:
    """The query that only these units make."""
    plain = " ".join(units[i][0] for i in sorted(chosen) if units[i][1] == 1.0)
    return (((plain, 1.0),) if plain else ()) + tuple(units[i] for i in sorted(chosen) if units[i][1] != 1.0)


def _orders(n: int, seed: int) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(n).tolist() for _ in range(SAMPLED_ORDERS)]
    return orders + [order[::-1] for order in orders]


def subsets(n: int, seed: int = 0) -> list[frozenset[int]]:
    """The sets of players that `shapley` will ask the value of."""
    if n <= EXACT_WORDS:
        return [frozenset(chosen) for size in range(n + 1) for chosen in combinations(range(n), size)]
    return list(dict.fromkeys(frozenset(order[:size]) for order in _orders(n, seed) for size in range(n + 1)))


def shapley(n: int, value: Callable[[frozenset[int]], float], seed: int = 0) -> np.ndarray:
    """Shapley values of n players (float64 (n,)), summing to value(all) − value(∅): exact up to `EXACT_WORDS`,
    else the mean over seeded orders and their reverses."""
    amounts = np.zeros(n)
    if n <= EXACT_WORDS:
        for player in range(n):
            others = [p for p in range(n) if p != player]
            for size in range(n):
                weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
                for chosen in combinations(others, size):
                    before = frozenset(chosen)
                    amounts[player] += weight * (value(before | {player}) - value(before))
        return amounts
    orders = _orders(n, seed)
    for order in orders:
        before: frozenset[int] = frozenset()
        for player in order:
            after = before | {player}
            amounts[player] += (value(after) - value(before)) / len(orders)
            before = after
    return amounts


def _unit_with(token: str, recommender: "Recommender", units: dict[str, float], words: str) -> str:
    """The unit that a token came from; a Chinese name stands for itself."""
    for unit in units:
        if token in recommender.collection.lexical.query_tokens(unit):
            return unit
    for word in words.split():
        if token in recommender.collection.lexical.query_tokens(word):
            return word if not token.startswith("=") else token[1:]
    return token.removeprefix("=")
