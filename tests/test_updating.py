"""A few new works leave the others where they were."""

import numpy as np
import pytest
from helpers import CountingEncoder, HashingEncoder, unit

from artrec import artifacts, updating
from artrec.catalogue import Artwork, Catalogue
from artrec.index import ExactIndex, HnswIndex, recall
from artrec.projection import place_among

WORDS = ("sea", "red", "tower", "horse", "lamp", "river", "gold", "night", "chair", "wheel")


def works(n: int, first: int = 0) -> tuple[Artwork, ...]:
    return tuple(
        Artwork(
            artwork_id=f"w{k}", title=f"{WORDS[k % 10]} {WORDS[k // 10 % 10]} number {k}", description=f"a {WORDS[k % 7]} story"
        )
        for k in range(first, first + n)
    )  # fmt: skip


@pytest.fixture
def edition(tmp_path, monkeypatch):
    """Forty works, built with a graph."""
    monkeypatch.setattr(updating, "EXACT_BELOW", 10)
    built = artifacts.build(Catalogue(works(40), {}), HashingEncoder(), cache=tmp_path / "cache", name="one")
    artifacts.save(built, tmp_path / "col")
    return built


def test_new_works_are_placed_and_linked_and_alone_encoded(edition, tmp_path):
    encoder = CountingEncoder()
    made = artifacts.build(Catalogue(works(43), {}), encoder, cache=tmp_path / "cache", name="one", previous=tmp_path / "col")
    assert (
        sum("number 4" in text and "number 4 " not in text for text in encoder.encoded) >= 3 and len(encoder.encoded) < 3 + 60
    )
    assert not any("number 39" in text for text in encoder.encoded)
    assert np.array_equal(made.atlas.coordinates[:40], edition.atlas.coordinates)
    low, high = edition.atlas.coordinates.min(axis=0), edition.atlas.coordinates.max(axis=0)
    assert np.all(made.atlas.coordinates[40:] >= low) and np.all(made.atlas.coordinates[40:] <= high)
    assert isinstance(made.index, HnswIndex) and len(made.index) == 43
    exact = ExactIndex(made.vectors)
    assert np.mean([recall(made.index.search(v, 5), exact.search(v, 5)) for v in made.vectors]) > 0.95
    artifacts.save(made, tmp_path / "col")
    assert len(artifacts.load(tmp_path / "col")) == 43  # and the grown graph opens


@pytest.mark.parametrize(
    "now",
    [
        works(39),
        works(80),
        (works(1, 500)[0], *works(39)),
        tuple(w.model_copy(update={"title": "x" + w.title}) for w in works(40)),
    ],
)  # fmt: skip
def test_where_much_has_changed_all_is_made_anew(edition, tmp_path, now):
    catalogue = Catalogue(tuple(now), {})
    made = artifacts.build(catalogue, HashingEncoder(), cache=tmp_path / "cache", name="one", previous=tmp_path / "col")
    plain = artifacts.build(catalogue, HashingEncoder(), cache=tmp_path / "cache", name="one")
    assert np.array_equal(made.atlas.coordinates, plain.atlas.coordinates) and len(made.index) == len(now)


def test_works_in_between_keep_the_map_but_not_the_graph(edition, tmp_path):
    mixed = Catalogue((*works(20), *works(2, 900), *works(20, 20)), {})
    made = artifacts.build(mixed, HashingEncoder(), cache=tmp_path / "cache", name="one", previous=tmp_path / "col")
    rows = [row for row in range(42) if row not in (20, 21)]
    assert np.array_equal(made.atlas.coordinates[rows], edition.atlas.coordinates)
    exact = ExactIndex(made.vectors)
    assert all(recall(made.index.search(v, 3), exact.search(v, 3)) == 1 for v in made.vectors[:5])


def test_another_encoder_or_a_damaged_edition_gives_nothing(edition, tmp_path):
    vectors = HashingEncoder().encode([w.title for w in works(40)])
    assert updating.before(tmp_path / "col", edition.catalogue, vectors, "another") is None
    assert updating.before(tmp_path / "none", edition.catalogue, vectors, HashingEncoder.fingerprint) is None
    (tmp_path / "col" / "vectors.npy").write_bytes(b"damaged")
    assert updating.before(tmp_path / "col", edition.catalogue, vectors, HashingEncoder.fingerprint) is None


def test_a_work_lies_where_its_twin_lies():
    vectors = unit(np.random.default_rng(0).standard_normal((30, 8)))
    vectors[29] = vectors[4]
    places = np.random.default_rng(1).uniform(-1, 1, (29, 2)).astype(np.float32)
    found = place_among(vectors, np.arange(29), places)
    assert np.array_equal(found[:29], places) and np.linalg.norm(found[29] - places[4]) < 0.05
