"""The map: laid out, measured and named."""

import numpy as np
import pytest
from helpers import SEAS, SQUARES, WORKS, catalogue_of, toy_catalogue, unit

from artrec.catalogue import Artwork
from artrec.index import ExactIndex, neighbours
from artrec.projection import make_atlas, name_regions, nearest, place, project, trust


@pytest.mark.parametrize("n", range(1, 8))
def test_tiny_collections_are_laid_out(n):
    vectors = unit(np.random.default_rng(n).normal(size=(n, 16)))
    flat = project(vectors)
    assert flat.shape == (n, 2) and flat.dtype == np.float32
    assert np.isfinite(flat).all() and np.abs(flat).max() <= 1 + 1e-6
    assert n == 1 or np.ptp(flat, axis=0).max() == pytest.approx(2, abs=1e-5)
    np.testing.assert_array_equal(flat, project(vectors))


def test_equal_works_share_a_place():
    flat = project(np.repeat(unit(np.ones((1, 16))), 5, axis=0))
    assert np.abs(flat).max() < 1e-3


def test_tiny_collections_keep_their_shape():
    angles = np.array([0.0, 0.1, 0.2, 0.3])
    flat = project(unit(np.stack([np.cos(angles), np.sin(angles), np.zeros(4)], axis=1)))
    steps = np.linalg.norm(np.diff(flat, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0], rtol=0.05)


def circle(n: int) -> tuple[np.ndarray, np.ndarray]:
    angles = np.linspace(0, 2 * np.pi, n, endpoint=False)
    flat = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    return flat, flat


def test_a_faithful_map_is_trusted_and_a_shuffled_one_is_not():
    vectors, flat = circle(200)
    assert trust(vectors, flat).min() == 1
    shuffled = trust(vectors, flat[np.random.default_rng(0).permutation(200)])
    assert shuffled.mean() < 0.25 and shuffled.min() >= 0


def test_one_misplaced_work_is_the_one_distrusted():
    vectors, flat = circle(200)
    flat = flat.copy()
    flat[3] = (-0.99, 0.02)
    found = trust(vectors, flat)
    assert found[3] == 0 and np.median(found) == 1 and found.argmin() == 3


@pytest.mark.parametrize("n", [1, 2, 3, 11])
def test_trust_of_few_works(n):
    vectors, flat = circle(n)
    found = trust(vectors, flat)
    assert found.shape == (n,) and found.dtype == np.float32 and (found == 1).all()


def test_regions_are_named_after_what_is_most_their_own():
    rng = np.random.default_rng(0)
    centre = np.repeat([[-1.0, 0.0], [1.0, 0.0]], 6, axis=0)
    regions = name_regions(toy_catalogue(), (centre + 0.05 * rng.normal(size=(12, 2))).astype(np.float32))
    left = " ".join(region["name"] for region in regions if region["x"] < 0)
    right = " ".join(region["name"] for region in regions if region["x"] > 0)
    seas, squares = (
        {"Ukiyo-e", "Japanese", "Seascape", "Boats", "Print"},
        {"Bauhaus", "German", "Abstract", "Painting", "Circles"},
    )
    assert any(word in left for word in seas) and not any(word in left for word in squares)
    assert any(word in right for word in squares) and not any(word in right for word in seas)
    sizes = [region["size"] for region in regions]
    assert sizes == sorted(sizes, reverse=True) and sum(sizes) <= 12
    words = [word for region in regions for word in region["name"].split(" · ")]
    assert len(set(words)) == len(words)


def test_regions_of_records_without_attributes_are_named_by_their_texts():
    ships = ("A grey ship sails the harbour.", "The ship leaves the harbour at dawn.", "A ship burns in the harbour.")
    horses = ("A black horse leaps the fence.", "The horse grazes behind a fence.", "A horse breaks the fence.")
    works = [Artwork(artwork_id=f"w{n}", title=f"Study {n}", description=text) for n, text in enumerate((*ships, *horses))]
    places = np.array([[-1, 0], [-0.9, 0], [-1, 0.1], [1, 0], [0.9, 0], [1, 0.1]], dtype=np.float32)
    regions = name_regions(catalogue_of(*works), places)
    assert len(regions) == 2 and all(region["size"] == 3 for region in regions)
    for region in regions:
        own, other = ({"ship", "harbour"}, {"horse", "fence"})[:: 1 if region["x"] < 0 else -1]
        said = set(region["name"].lower().replace(" · ", " ").split())
        assert said & own and not said & other


def test_the_shipped_regions_are_named_by_attributes_alone(starter):
    known = {w for work in starter.catalogue for w in (work.movement, work.culture, work.genre, work.type, *work.subjects)}
    regions = name_regions(starter.catalogue, starter.atlas.coordinates)
    names = [name for region in regions for name in region["name"].split(" · ")]
    assert len(names) == len(set(names)) >= 30
    assert {name.lower() for name in names} <= {word.lower() for word in known}


def test_a_region_needs_two_works_to_have_a_name():
    assert name_regions(catalogue_of(WORKS[0]), np.zeros((1, 2), dtype=np.float32)) == ()


def test_a_query_lies_among_its_nearest_works(toy, hashing):
    index = ExactIndex(toy.vectors)
    flat = np.repeat(np.array([[-1.0, 0.5], [1.0, -0.5]], dtype=np.float32), 6, axis=0)
    assert place(toy.vectors[0], toy.vectors, index, flat) == pytest.approx((-1, 0.5))
    assert place(toy.vectors[8], toy.vectors, index, flat) == pytest.approx((1, -0.5))
    x, y = place(unit(toy.vectors[0] + toy.vectors[8]), toy.vectors, index, flat, k=12)
    assert -1 < x < 1 and -0.5 < y < 0.5


def test_trust_counts_the_neighbours_that_are_given():
    vectors, flat = circle(200)
    near = neighbours(ExactIndex(vectors), vectors, 10)
    np.testing.assert_array_equal(trust(vectors, flat, near), trust(vectors, flat))
    assert trust(vectors, flat, (near + 100) % 200).max() == 0  # works on the other side


def test_a_small_atlas_is_whole():
    works = [WORKS[row] for row in (0, 1, 2, 6, 7, 8)]
    vectors = unit(np.random.default_rng(0).normal(size=(6, 8)))
    atlas = make_atlas(catalogue_of(*works), vectors, nearest(ExactIndex(vectors), vectors))
    assert atlas.coordinates.shape == (6, 2) and atlas.trust.shape == (6,)
    assert all(set(region) == {"name", "x", "y", "size"} for region in atlas.regions)


@pytest.mark.slow
def test_umap_keeps_the_painters_apart_and_repeats_itself(toy):
    flat = project(toy.vectors)
    np.testing.assert_array_equal(flat, project(toy.vectors))
    assert np.abs(flat).max() <= 1 + 1e-6 and len(SEAS) == len(SQUARES) == 6
    gaps = np.linalg.norm(flat[:, None] - flat[None], axis=-1)
    assert gaps[:6, :6].mean() < gaps[:6, 6:].mean() and gaps[6:, 6:].mean() < gaps[:6, 6:].mean()


def test_the_shipped_map(starter):
    atlas = starter.atlas
    assert atlas.coordinates.shape == (len(starter), 2) and np.abs(atlas.coordinates).max() <= 1 + 1e-6
    np.testing.assert_allclose(atlas.trust, trust(starter.vectors, atlas.coordinates), atol=1e-6)
    assert atlas.trust.mean() == pytest.approx(starter.manifest["map_trust"], abs=1e-3)
    assert 5 <= len(atlas.regions) <= 24
    assert all(np.hypot(*(atlas.coordinates - (r["x"], r["y"])).T).min() < 0.2 for r in atlas.regions)
