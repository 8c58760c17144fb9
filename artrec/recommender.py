"""The whole line on one screen: a request → candidates → channels → scores → relevance → order → recommendations."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from artrec import ranking
from artrec.catalogue import Artwork
from artrec.channels import BY_NAME, DEFAULT_WEIGHTS, OF_PICTURES, PERSONAL, Column, channels_of, column
from artrec.channels.community import Voices
from artrec.collection import BACKGROUND, Collection
from artrec.encoder import Encoder
from artrec.errors import QueryError
from artrec.explanation import Contribution, Share, contributions_of, shares_of
from artrec.filters import Facets
from artrec.profile import Profile, Taste
from artrec.question import Question, ask
from artrec.relevance import LEVEL, Noise, chance_of_noise, relevance
from artrec.starters import works_apart
from artrec.text import Query, parse_query
from artrec.visual.seeing import Sight

RETRIEVED = 300  # works each of the index and BM25 put forward for a query, in collections too large to score whole
PER_LIKE = 80  # works that each liked work puts forward there


@dataclass(frozen=True)
class Request:
    """A question to the recommender. `diversity` in [0, 1]: 0 is the order of the scores. `voices`: the community to ask; its
    channel, like those of notes and of the moment, has a say only where `weights` gives it one. `sight`: colours or a picture
    that are asked for, beside the query or instead of it."""

    query: str = ""
    profile: Profile = Profile()
    n: int = 10
    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    diversity: float = 0.0
    facets: Facets = Facets()
    voices: Voices | None = None
    sight: Sight | None = None


@dataclass(frozen=True, eq=False)
class Recommendation:
    """One work with its reasons. `contributions` sum to `score`; so do `shares` (liked works, query, dislikes)."""

    rank: int
    row: int
    artwork: Artwork
    score: float
    relevance: float | None
    contributions: tuple[Contribution, ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True, eq=False)
class Response:
    """What came back. `good` is False where the query matches nothing; the nearest are shown all the same."""

    request: Request
    question: Question
    taste: Taste
    results: tuple[Recommendation, ...]
    good: bool
    notes: tuple[str, ...]
    hidden: int  # works that would be among the results but for the content filter
    elapsed_ms: float
    table: "Table"


@dataclass(frozen=True, eq=False)
class Table:
    """Every scored work, for explanations: `columns` by channel over `scored.rows`; `order`: positions of the works
    that may be shown, best first."""

    columns: Mapping[str, Column]
    scored: ranking.Scored
    order: np.ndarray
    allowed: np.ndarray

    def rank(self, row: int) -> int | None:
        """The place, from 1, of a row in the order; None where it is not in it."""
        place = np.flatnonzero(self.scored.rows[self.order] == row)
        return int(place[0]) + 1 if len(place) else None


@dataclass(frozen=True, eq=False)
class Recommender:
    """Immutable; one serves all sessions."""

    collection: Collection
    encoder: Encoder

    def recommend(self, request: Request) -> Response:
        """Answer a request. Raises `QueryError` where nothing is asked, `UnknownArtwork` for likes that are not here."""
        started = time.perf_counter()
        c = self.collection
        query = c.filters.resolve(parse_query(request.query)) if request.query.strip() else Query()
        taste = request.profile.with_examples(query.likes, query.dislikes).taste(c.catalogue)
        taste = replace(taste, voices=request.voices)
        if not (query.asks or query.narrows or taste.speaks or request.sight is not None):
            raise QueryError(" ".join(query.notes) or "Nothing was asked.", "Type a query, or like a work first.")
        question = ask(query, c, self.encoder, self._sight(query, request.sight))
        keep = self._unseen(c.filters.mask(query, request.facets), taste)
        shut = np.zeros(len(c), dtype=bool)
        if request.facets.hidden_notes:
            shut = self._unseen(c.filters.mask(query, replace(request.facets, hidden_notes=())), taste) & ~keep
        rows = self._candidates(question, taste, keep)
        everything = np.union1d(rows, c.background)
        if shut.any():  # what the content filter hides is scored too, to be counted
            everything = np.union1d(everything, self._candidates(question, taste, keep | shut))
        columns = self.columns(everything, taste, question)
        scored = ranking.score(everything, columns, request.weights)
        allowed = np.isin(everything, rows)
        table = Table(columns, scored, self._order(scored, allowed, request, question, taste), allowed)
        n = min(max(1, request.n), len(table.order))
        if question.asks and (scored.scores[table.order[:n]] > 0).any():  # what nothing speaks for is no result
            n = int(np.count_nonzero(scored.scores[table.order[:n]] > 0))
        standing = relevance(scored.scores, scored.scores[np.isin(everything, c.background) & ~np.isin(everything, taste.seen)])
        speaks = bool(question.asks or taste.speaks)
        if hasattr(c.catalogue, "prefetch"):  # a database answers one question sooner than n
            c.catalogue.prefetch(everything[table.order[:n]])
        results = tuple(
            Recommendation(
                rank, int(everything[at]), c.catalogue[int(everything[at])], float(scored.scores[at]),
                float(standing[at]) if speaks else None,
                contributions_of(at, table.columns, scored, taste, question, c), shares_of(at, table.columns, scored, taste, c),
            )
            for rank, at in enumerate(table.order[:n], start=1)
        )  # fmt: skip
        return Response(
            request, question, taste, results, self._good(question, keep, rows),
            query.notes + self._silence(table, request, taste), self._hidden(table, shut, results),
            (time.perf_counter() - started) * 1000, table,
        )  # fmt: skip

    def columns(self, rows: np.ndarray, taste: Taste, question: Question) -> dict[str, Column]:
        """What every channel says of works (rows, int64), by name; personal channels only where there is anything to ask."""
        c = self.collection
        columns = {channel.name: column(channel, rows, taste, question, c) for channel in channels_of(c)}
        asked = [channel for channel in PERSONAL if channel.speaks(taste)]
        return columns | {channel.name: channel.column(rows, taste, c) for channel in asked}

    def search(self, query: str, n: int = 10, **options) -> Response:
        """Answer a typed query. `options` are those of `Request`."""
        return self.recommend(Request(query=query, n=n, **options))

    def similar(self, artwork_id: str, n: int = 10, **options) -> Response:
        """The works most like one."""
        return self.recommend(Request(profile=Profile(likes=(artwork_id,)), n=n, **options))

    def starters(self, n: int = 9, seed: int = 0, facets: Facets = Facets()) -> tuple[Artwork, ...]:
        """Works that differ in every way, for somebody of whom nothing is known."""
        keep = self.collection.filters.mask(None, facets)
        rows = np.arange(len(self.collection)) if keep is None else np.flatnonzero(keep)
        return tuple(self.collection.catalogue[int(row)] for row in works_apart(self.collection, rows, n, seed))

    def rerank(self, response: Response, weights: Mapping[str, float]) -> Table:
        """The same works under other weights: no new search, no new columns."""
        scored = ranking.score(response.table.scored.rows, response.table.columns, weights)
        request = replace(response.request, weights=weights)
        order = self._order(scored, response.table.allowed, request, response.question, response.taste)
        return replace(response.table, scored=scored, order=order)

    def _unseen(self, mask: np.ndarray | None, taste: Taste) -> np.ndarray:
        """A mask of filters without the works already seen."""
        keep = np.ones(len(self.collection), dtype=bool) if mask is None else mask.copy()
        keep[taste.seen] = False
        return keep

    def _candidates(self, question: Question, taste: Taste, keep: np.ndarray) -> np.ndarray:
        """Rows to score (sorted int64): all that may be shown, or in large collections what each side puts forward."""
        c = self.collection
        asked = question.asks or taste.speaks
        kept, seen = int(np.count_nonzero(keep)), len(taste.seen)
        if len(c) <= BACKGROUND or kept <= RETRIEVED or not asked:
            return np.flatnonzero(keep)

        def nearest(vector: np.ndarray, k: int) -> np.ndarray:
            if kept + seen < len(c) or seen > PER_LIKE:
                return c.index.search(vector, k, keep).rows
            rows = c.index.search(vector, k + seen).rows  # no filter but the few seen works: quicker than a filtered walk
            return rows[keep[rows]][:k]

        found = []
        if question.vector is not None:
            found.append(nearest(question.vector, RETRIEVED))
        if question.tokens:
            scores = c.lexical.scores(question.tokens)
            hits = np.flatnonzero((scores > 0) & keep)
            if len(hits) > RETRIEVED:
                hits = hits[np.argpartition(-scores[hits], RETRIEVED)[:RETRIEVED]]
            found.append(hits)
        found += [nearest(np.ascontiguousarray(c.vectors[row]), PER_LIKE) for row in taste.likes]
        found += self._seen_near(question, taste, keep)
        if not any(map(len, found)):
            found.append(c.background[keep[c.background]])
            found.append(np.flatnonzero(keep)[:RETRIEVED])
        return np.unique(np.concatenate(found))

    def _seen_near(self, question: Question, taste: Taste, keep: np.ndarray) -> list[np.ndarray]:
        """What a large collection puts forward to the eye: rows nearest to what is shown, and to the liked pictures."""
        c, found = self.collection, []

        def best(nearness: np.ndarray, k: int) -> np.ndarray:
            known = np.flatnonzero(keep & ~np.isnan(nearness))
            return known[np.argpartition(-nearness[known], k)[:k]] if len(known) > k else known

        if question.sight is not None:
            everything = np.arange(len(c))
            answers = [channel.answer(everything, question, c) for channel in (BY_NAME["palette"], *OF_PICTURES)]
            found += [best(answer, RETRIEVED) for answer in answers if answer is not None]
        if c.visual is not None:
            for row in taste.likes[c.visual.has[taste.likes]]:
                near = c.visual.vectors @ c.visual.vectors[row]
                found.append(best(np.where(c.visual.has, near, np.nan), PER_LIKE))
        return found

    def _sight(self, query: Query, shown: Sight | None) -> Sight | None:
        """What is shown; where no picture is, the query's words as the picture encoder sees them, if it reads words."""
        if not query.words or self.collection.shelf is None or (shown is not None and shown.vector is not None):
            return shown
        vector = self.collection.shelf.vector_of_words(query.words)
        return shown if vector is None else replace(shown or Sight(), vector=vector)

    def _order(self, scored, allowed: np.ndarray, request: Request, question: Question, taste: Taste) -> np.ndarray:
        within = np.flatnonzero(allowed)
        part = replace(
            scored, rows=scored.rows[within], scores=scored.scores[within],
            contributions=scored.contributions[within], weights=scored.weights[within],
        )  # fmt: skip
        if not (question.asks or taste.speaks):  # filters alone: no score to order by, so by date
            return within[np.argsort(np.nan_to_num(self.collection.features.years[part.rows], nan=np.inf), kind="stable")]
        return within[ranking.diversify(part, self.collection.vectors[part.rows], request.n, request.diversity)]

    def _good(self, question: Question, keep: np.ndarray, rows: np.ndarray) -> bool:
        """Whether the best match, which is among the candidates `rows`, stands out from what questions without an
        answer get."""
        noise = self.collection.manifest.get("noise")
        names = question.mentions
        named = any((names.moods, names.movements, names.cultures, names.types))
        if not question.query.words or noise is None or named or any(token.startswith("=") for token in question.tokens):
            return True
        if not keep.any():
            return False
        best = float((self.collection.vectors[rows] @ question.vector).max()) if question.vector is not None else None
        words = float(self.collection.lexical.scores(question.tokens)[rows].max(initial=0)) if question.tokens else None
        return chance_of_noise(best, words, Noise(tuple(noise["cosine"]), tuple(noise["words"]))) < LEVEL

    def _silence(self, table: Table, request: Request, taste: Taste) -> tuple[str, ...]:
        """Notes about what could not speak."""
        notes = []
        if not len(table.order):
            notes.append("No work passes all the filters. Take one away, or widen the years.")
        elif not any(request.weights.get(name, 0) > 0 for name in table.columns):
            notes.append("Every channel is muted, so nothing can be scored. Give one of them some weight.")
        if request.voices is not None and "community" not in {n for n, c in table.columns.items() if (c.values >= 0).any()}:
            notes.append(request.voices.silence(taste))
        return tuple(notes)

    def _hidden(self, table: Table, shut: np.ndarray, results: tuple[Recommendation, ...]) -> int:
        floor = results[-1].score if results else -1.0
        return int(np.count_nonzero(shut[table.scored.rows] & (table.scored.scores >= floor)))
