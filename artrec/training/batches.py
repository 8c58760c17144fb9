"""Pairs → the rows of a training run, in the order they are learnt in.

A row is one passage with one query, or with several, since a passage costs ten times a query. A pass shows every work of the
starter collection, and a share of the museum's. Rows with several queries lie in groups of works that the base encoder thinks
alike, so that what a query must tell apart in its batch is hard (mined negatives, without a passage more to encode); groups
follow in random order. Works that answer a query as well as its own are said, so that they are never taught to be wrong:
those that have all that it names, and those with almost the same passage.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from artrec.index import ExactIndex
from artrec.training.pairs import Pair

TWINS = 0.9  # cosine of two passages from which on either answers for the other
NEAR = 24  # nearest works among which a group is filled


@dataclass(frozen=True)
class Row:
    """`queries` should find `passage`; `also[i]`: the works (numbers) that answer query i as well, `work` among them."""

    queries: tuple[str, ...]
    passage: str
    work: int
    also: tuple[frozenset[int], ...]


@dataclass
class Pool:
    """All pairs of one work: what visitors typed (or a museum's keywords), its titles, and what else finds it."""

    passage: str
    visitors: list[Pair] = field(default_factory=list)
    titles: list[Pair] = field(default_factory=list)
    others: list[Pair] = field(default_factory=list)


def pools_of(pairs: Sequence[Pair]) -> dict[str, Pool]:
    """The pairs of each work. The passage of a work is that of its pairs which are not masked."""
    pools: dict[str, Pool] = {}
    for pair in pairs:
        if pair.kind != "movement":
            pools.setdefault(pair.work, Pool(pair.passage))
    for pair in pairs:
        pool = pools.setdefault(pair.work, Pool(pair.passage))
        kinds = {"visitor": pool.visitors, "museum": pool.visitors, "title": pool.titles}
        kinds.get(pair.kind, pool.others).append(pair)
    return pools


def rows_of(
    pairs: Sequence[Pair],
    terms: dict[str, frozenset[str]],
    guide: np.ndarray,
    *,
    passes: int,
    columns: int,
    group: int,
    museum_share: float,
    seed: int,
    apart: bool = False,
    museum_columns: int | None = None,
) -> tuple[list[Row], int]:
    """The rows of a run, and how many make a pass. `guide`: unit vectors (float32 (works, d)) of the passages of
    `pools_of(pairs)` in its order. `terms`: what each work has, for the pairs that say what they name. With `apart` each
    query stands in a row of its own, in random order; then a museum's work may have fewer queries: `museum_columns`."""
    random = np.random.default_rng(seed)
    pools = pools_of(pairs)
    works = list(pools)
    number = {work: at for at, work in enumerate(works)}
    holders: dict[str, set[int]] = defaultdict(set)
    for work in works:
        for term in terms.get(work, ()):
            holders[term].add(number[work])
    index = ExactIndex(guide)
    near = [index.search(guide[at], min(NEAR, len(works))) for at in range(len(works))]
    twins = [frozenset(found.rows[found.similarities >= TWINS].tolist()) | {at} for at, found in enumerate(near)]
    museum = np.array([any(pair.kind == "museum" for pair in pools[work].visitors) for work in works])
    orders = [random.permutation(len(pools[work].visitors) or 1) for work in works]
    rows: list[Row] = []
    size = 0
    for turn in range(passes):
        left = np.flatnonzero(~museum)
        drawn = np.flatnonzero(museum)
        drawn = random.choice(drawn, round(len(drawn) * museum_share), replace=False) if len(drawn) else drawn
        chosen = np.concatenate([left, drawn])
        now: list[Row] = []
        for at in _grouped(chosen, near, group, random):
            wanted = museum_columns if apart and museum_columns and museum[at] else columns
            drawn_now = _draw(pools[works[at]], orders[at], turn, int(at) % 2, wanted)
            for together in [[pair] for pair in drawn_now] if apart else [drawn_now]:
                shown = next((pair.passage for pair in together if pair.kind == "movement"), pools[works[at]].passage)
                also = tuple(twins[at] | _answers(pair.terms, holders) for pair in together)
                now.append(Row(tuple(pair.query for pair in together), shown, int(at), also))
        size = len(now)
        rows += [now[at] for at in random.permutation(size)] if apart else now
    return rows, size


def _answers(terms: frozenset[str], holders: dict[str, set[int]]) -> frozenset[int]:
    found = [holders.get(term, set()) for term in terms]
    return frozenset(set.intersection(*found)) if found else frozenset()


def _draw(pool: Pool, order: np.ndarray, turn: int, shift: int, columns: int) -> list[Pair]:
    """The pairs of a work that one pass shows: visitors' in turn, and last a title and one of the rest, in turn as well.
    `shift`: 0 for half of the works and 1 for the others, so that every pass shows every kind."""
    kinds = [kind for kind in (pool.titles, pool.others) if kind][: columns - 1 if pool.visitors else columns]
    last = [kind[(turn + shift) % len(kind)] for kind in kinds]
    visitors = [pool.visitors[at] for at in order] if pool.visitors else pool.titles or pool.others
    wanted = columns - len(last)
    return [visitors[(turn * wanted + at) % len(visitors)] for at in range(wanted)] + last


def _grouped(chosen: np.ndarray, near: list, group: int, random: np.random.Generator) -> list[int]:
    """The chosen works in groups of neighbours, the groups in random order."""
    free = set(chosen.tolist())
    groups = []
    for at in random.permutation(chosen):
        if at not in free:
            continue
        alike = [int(row) for row in near[at].rows if int(row) in free and row != at][: group - 1]
        members = [int(at), *alike]
        free.difference_update(members)
        groups.append(members)
    return [work for at in random.permutation(len(groups)) for work in groups[at]]
