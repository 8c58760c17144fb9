"""The simulated audience: repeatable, within its bounds, with tastes that can be found again."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from helpers import toy_catalogue

from artrec import config
from artrec.catalogue import load_catalogue
from artrec.coverage import load_goals
from artrec.errors import CatalogueError
from artrec.evaluation import audience


@pytest.fixture(scope="module")
def ratings():
    return audience.load_ratings(config.STARTER, load_catalogue(config.STARTER))


def test_the_committed_file_is_the_script_s_own(ratings):
    catalogue = load_catalogue(config.STARTER)
    again = audience.simulate(catalogue, load_goals(config.STARTER).best_known)
    same = len(set(ratings) & set(again))
    assert same >= 0.99 * max(len(ratings), len(again))  # another processor may round a tie the other way


def test_the_bounds(ratings):
    counts = Counter(r.visitor_id for r in ratings)
    assert len(counts) == 400 and min(counts.values()) >= 15 and max(counts.values()) <= 60
    assert all(visitor.startswith("simulated-") for visitor in counts)
    shares = Counter(r.rating for r in ratings)
    for grade, share in zip(range(1, 6), audience.GRADES, strict=True):
        assert shares[grade] / len(ratings) == pytest.approx(share, abs=0.01)
    assert len({(r.visitor_id, r.artwork_id) for r in ratings}) == len(ratings)


def test_best_known_works_are_rated_more(ratings):
    best = set(load_goals(config.STARTER).best_known)
    counts = Counter(r.artwork_id for r in ratings)
    catalogue = load_catalogue(config.STARTER)
    known, others = ([counts[w.artwork_id] for w in catalogue if (w.artwork_id in best) == flag] for flag in (True, False))
    assert np.mean(known) > 2 * np.mean(others)


def test_visitors_agree_with_themselves_more_than_with_others(ratings):
    """A taste: a visitor's works of one movement get ratings nearer to each other than to the visitor's mean at random."""
    movement = {w.artwork_id: w.movement for w in load_catalogue(config.STARTER)}
    visitors = defaultdict(list)
    for r in ratings:
        visitors[r.visitor_id].append((movement[r.artwork_id], r.rating))
    random, within, shuffled = np.random.default_rng(0), [], []
    for lines in visitors.values():
        groups, values = [m for m, _ in lines], np.array([v for _, v in lines], dtype=float)
        for pool, into in ((values, within), (random.permutation(values), shuffled)):
            pairs = [(i, j) for i in range(len(groups)) for j in range(i) if groups[i] == groups[j]]
            into.extend(abs(pool[i] - pool[j]) for i, j in pairs)
    assert np.mean(within) < 0.93 * np.mean(shuffled)


def test_other_seeds_and_small_worlds():
    world = toy_catalogue()
    assert audience.simulate(world, visitors=5) == audience.simulate(world, visitors=5)
    assert audience.simulate(world, visitors=5) != audience.simulate(world, visitors=5, seed=1)
    assert {r.rating for r in audience.simulate(world, visitors=40)} == {1, 2, 3, 4, 5}


def test_no_query_is_read(monkeypatch):
    import artrec.evaluation.queries as queries

    def refuse(*_):
        raise AssertionError("the audience must not see the queries")

    for name in ("load_queries", "load_open_queries", "_read"):
        monkeypatch.setattr(queries, name, refuse)
    assert audience.simulate(toy_catalogue(), visitors=3)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("user,work,stars\n", "columns must be visitor_id, artwork_id, rating"),
        ("visitor_id,artwork_id,rating\nsimulated-1,nobody,3\n", "line 2: no artwork has the id 'nobody'"),
        ("visitor_id,artwork_id,rating\nsimulated-1,umibe-storm,6\n", "line 2: write a visitor"),
        ("visitor_id,artwork_id,rating\nsimulated-1,umibe-storm\n", "line 2: write a visitor"),
        ("visitor_id,artwork_id,rating\n" + "s,umibe-storm,3\n" * 2, "line 3: s has rated"),
        ("", "columns must be"),
    ],
)
def test_broken_ratings_are_refused(tmp_path, text, problem):
    (tmp_path / "visitors.csv").write_text(text, "utf-8")
    with pytest.raises(CatalogueError) as caught:
        audience.load_ratings(tmp_path, toy_catalogue())
    assert any(problem in told for told in caught.value.problems)


def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path, monkeypatch):
    assert audience.load_ratings(tmp_path, toy_catalogue()) == ()
    (tmp_path / "visitors.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogueError, match="must be UTF-8 CSV"):
        audience.load_ratings(tmp_path, toy_catalogue())
    monkeypatch.setattr(audience, "MAX_BYTES", 2)
    with pytest.raises(CatalogueError, match="larger than 2 bytes"):
        audience.load_ratings(tmp_path, toy_catalogue())
