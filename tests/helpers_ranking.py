"""What the tests of ranking and its neighbours share: strategies of requests to the toy world, and a large collection."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from helpers import SEAS, SQUARES, unit
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from artrec.catalogue import Artwork, Catalogue
from artrec.channels import NAMES
from artrec.collection import Collection
from artrec.index import HnswIndex
from artrec.lexical import Lexical
from artrec.profile import Profile
from artrec.recommender import Recommender, Request

laws = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)

QUERIES = (
    "blue boats on the sea", "red squares", "a calm blue print of the 19th century", "storm +boats -red", "-calm", "+circles",
    "海部花子", "包豪斯 circles", "type:print", "ferry artist:umibe", "after:1900", '"blue wave"', "zzyzx", "Bauhaus 1920s red",
    "the moon and the ferry, playful and energetic circles over a tilting orange tower of wheels", "like:winkel-wheel sea",
)  # fmt: skip


@st.composite
def weights(draw) -> dict[str, float]:
    """Any weights: some channels muted, some missing."""
    chosen = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from((0.0, 0.01, 0.2, 0.5, 1.0, 3.0)), min_size=4))
    return chosen | {draw(st.sampled_from(NAMES)): 0.7}


@st.composite
def requests(draw, diversity: bool = True) -> Request:
    """Any question to the toy world: likes, dislikes, a query, weights; never nothing at all."""
    likes = draw(st.lists(st.sampled_from(SEAS + SQUARES), max_size=4))
    dislikes = draw(st.lists(st.sampled_from(SEAS + SQUARES), max_size=3))
    query = draw(st.sampled_from(QUERIES if not likes + dislikes else ("", *QUERIES)))
    spread = draw(st.sampled_from((0.0, 0.3, 0.8, 1.0))) if diversity else 0.0
    return Request(query, Profile(tuple(likes), tuple(dislikes)), draw(st.integers(1, 14)), draw(weights()), spread)


def ids(response) -> list[str]:
    """What came back, best first."""
    return [result.artwork.artwork_id for result in response.results]


# --- a collection large enough for the graph ---

WORKS, CLUSTERS, DIMENSION = 6_000, 30, 32
NOTED = range(0, WORKS, 7)  # rows that carry the content note "death"


class ClusterEncoder:
    """Reads "cluster 7" as the middle of cluster 7; anything else as a direction of its own."""

    name, fingerprint, dimension = "clusters", "clusters-of-the-tests", DIMENSION

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            found = re.search(r"cluster (\d+)", text)
            seed = sum(map(ord, text))
            vectors[row] = centres()[int(found[1])] if found else np.random.default_rng(seed).normal(size=DIMENSION)
        return unit(vectors)


@cache
def centres() -> np.ndarray:
    return unit(np.random.default_rng(1).normal(size=(CLUSTERS, DIMENSION)))


@cache
def large_collection() -> Collection:
    """6,000 works in 30 clusters, behind an HNSW graph; work i lies in cluster i mod 30. Built in about a second."""
    rng = np.random.default_rng(2)
    cluster = np.arange(WORKS) % CLUSTERS
    vectors = unit(centres()[cluster] + 0.12 * rng.normal(size=(WORKS, DIMENSION)))
    works = tuple(
        Artwork(
            artwork_id=f"work-{i}", title=f"Piece {i}", artist=f"Maker {i % 97}",
            year_start=2000 - i // 4, year_end=2000 - i // 4,
            type="print" if i % 3 else "painting", movement=f"School {cluster[i]}", subjects=(f"thing{i % 211}",),
            content_notes=("death",) if i in NOTED else (),
        )
        for i in range(WORKS)
    )  # fmt: skip
    catalogue = Catalogue(works, {})
    manifest = {"encoder": {"name": "clusters", "fingerprint": ClusterEncoder.fingerprint, "dimension": DIMENSION}}
    return Collection("large", catalogue, vectors, HnswIndex.build(vectors), Lexical.build(catalogue), manifest)


def large_recommender() -> Recommender:
    return Recommender(large_collection(), ClusterEncoder())
