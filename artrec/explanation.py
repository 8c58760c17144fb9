"""The score taken apart: by channel, by liked work, by word; in a sentence; and what would happen otherwise.

Everything here is computed from the numbers that made the score, so the parts add up to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from artrec.channels import BY_NAME, LABELS, Column
from artrec.collection import Collection
from artrec.features import listed
from artrec.profile import Taste
from artrec.question import Question
from artrec.ranking import Scored

if TYPE_CHECKING:
    from artrec.recommender import Recommendation, Recommender, Response

WORTH_SAYING = 0.12  # share of the score from which a reason enters the sentence
SAID = 3  # reasons in a sentence, at most


@dataclass(frozen=True)
class Contribution:
    """What one channel adds: `amount` = `weight` × `value`. `source`: the liked work it rests on most, "" for the query."""

    channel: str
    amount: float
    value: float
    weight: float
    evidence: str
    source: str = ""

    @property
    def label(self) -> str:
        """The channel's name for people."""
        return LABELS[self.channel]


@dataclass(frozen=True)
class Share:
    """What one source adds to the score: a liked work's id, or "query", or "dislikes"."""

    source: str
    amount: float


def contributions_of(
    at: int, columns: Mapping[str, Column], scored: Scored, taste: Taste, question: Question, collection: Collection
) -> tuple[Contribution, ...]:
    """The channels that spoke for the work at a position, largest first. The amounts sum to its score."""
    row = int(scored.rows[at])
    found = []
    for position, (name, own) in enumerate(columns.items()):
        channel = BY_NAME[name]
        if np.isnan(own.values[at]) or scored.weights[at, position] == 0:
            continue
        amount = float(scored.contributions[at, position])
        source = int(np.argmax(own.parts[at]))
        if amount <= 0:
            evidence, whose = "nothing in common here", ""
        elif source == own.parts.shape[1] - 1:
            evidence, whose = "unlike what you disliked", "dislikes"
        else:
            other = None if source == 0 else int(taste.likes[source - 1])
            evidence = channel.evidence(row, other, question, collection)
            whose = "" if other is None else collection.catalogue[other].artwork_id
        found.append(Contribution(name, amount, float(own.values[at]), float(scored.weights[at, position]), evidence, whose))
    return tuple(sorted(found, key=lambda c: -c.amount))


def shares_of(
    at: int, columns: Mapping[str, Column], scored: Scored, taste: Taste, collection: Collection
) -> tuple[Share, ...]:
    """The same score by source, largest first: Σ over channels of weight × the source's part of the column."""
    total = np.zeros(2 + len(taste.likes))
    for position, own in enumerate(columns.values()):
        total += scored.weights[at, position] * own.parts[at].astype(np.float64)
    names = ["query", *(collection.catalogue[int(row)].artwork_id for row in taste.likes), "dislikes"]
    pairs = [Share(name, float(amount)) for name, amount in zip(names, total, strict=True) if amount > 1e-9]
    return tuple(sorted(pairs, key=lambda s: -s.amount))


def sentence(result: "Recommendation", collection: Collection) -> str:
    """The largest weighted contributions, in plain words, grouped by what they rest on."""
    told = _worth_saying(result)
    if not told:
        return "It passes your filters." if result.relevance is None else "Nothing in particular speaks for it."
    said = []
    for source, reasons in _grouped(told[:SAID]).items():
        if source in ("", "dislikes"):
            said.append(listed(reasons))
        else:
            said.append(f"you liked {collection.catalogue[collection.catalogue.row(source)].title} ({', '.join(reasons)})")
    return "Because " + "; and ".join(said) + "."


def in_short(result: "Recommendation", collection: Collection) -> str:
    """The two largest contributions, as short as a card needs them."""
    said = []
    for source, reasons in _grouped(_worth_saying(result)[:2]).items():
        whose = (
            f"like {collection.catalogue[collection.catalogue.row(source)].title}: " if source in collection.catalogue else ""
        )
        said.append(whose + ", ".join(reasons))
    return "; ".join(said)


def _worth_saying(result: "Recommendation") -> list[Contribution]:
    return [c for c in result.contributions if c.amount >= WORTH_SAYING * result.score and c.amount > 0 and c.evidence]


def _grouped(contributions: list[Contribution]) -> dict[str, list[str]]:
    """Source → evidence, in order."""
    groups: dict[str, list[str]] = {}
    for contribution in contributions:
        groups.setdefault(contribution.source, []).append(contribution.evidence)
    return groups


@dataclass(frozen=True)
class Counterfactual:
    """What a work's rank would be without one like, or without one channel; None where it would not be listed."""

    removed: str
    kind: str  # "like" or "channel"
    before: int
    after: int | None


def counterfactuals(recommender: "Recommender", response: "Response", result: "Recommendation") -> tuple[Counterfactual, ...]:
    """Take away, one at a time, the (up to three) liked works and the (up to three) channels that matter most."""
    from dataclasses import replace

    table, request = response.table, response.request
    before = table.rank(result.row) or result.rank
    found = []
    for share in [s for s in result.shares if s.source in request.profile.likes][:3]:
        without = replace(request, profile=request.profile.without(share.source))
        if without.query.strip() or without.profile:
            other = recommender.recommend(without)
            found.append(Counterfactual(share.source, "like", before, other.table.rank(result.row)))
        else:
            found.append(Counterfactual(share.source, "like", before, None))
    for contribution in [c for c in result.contributions if c.amount > 0][:3]:
        muted = {name: w for name, w in request.weights.items() if name != contribution.channel}
        if any(muted.get(c.channel, 0) > 0 for c in result.contributions):
            found.append(
                Counterfactual(contribution.channel, "channel", before, recommender.rerank(response, muted).rank(result.row))
            )
    return tuple(found)


@dataclass(frozen=True)
class Faithfulness:
    """Mean places a work falls when its top reason is muted, and when another of its reasons is, drawn at random."""

    top_fall: float
    random_fall: float
    works: int


def faithfulness(recommender: "Recommender", response: "Response", seed: int = 0) -> Faithfulness | None:
    """Deletion test over the shown works (DeYoung et al. 2020 call it comprehensiveness): do the reasons named first
    matter most? Works with fewer than two reasons cannot be tested; None where none can."""
    rng = np.random.default_rng(seed)
    falls: list[tuple[float, float]] = []
    tables: dict[str, object] = {}
    for result in response.results:
        reasons = [c.channel for c in result.contributions if c.amount > 0]
        if len(reasons) < 2:
            continue
        drop = []
        for channel in (reasons[0], reasons[1:][int(rng.integers(len(reasons) - 1))]):
            if channel not in tables:
                muted = {name: w for name, w in response.request.weights.items() if name != channel}
                tables[channel] = recommender.rerank(response, muted)
            place = tables[channel].rank(result.row)
            drop.append((place or len(response.table.order)) - (response.table.rank(result.row) or result.rank))
        falls.append((drop[0], drop[1]))
    if not falls:
        return None
    top, other = np.mean(falls, axis=0)
    return Faithfulness(float(top), float(other), len(falls))


def label_of(removed: str, collection: Collection) -> str:
    """A counterfactual's or share's name for people: the title of a work, or a channel's label."""
    if removed in BY_NAME:
        return LABELS[removed]
    return collection.catalogue[collection.catalogue.row(removed)].title if removed in collection.catalogue else removed
