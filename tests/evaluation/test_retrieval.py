"""Measures by hand, on a world whose answers are known."""

import math

import pytest

from artrec.errors import ArtrecError
from artrec.evaluation.queries import OpenQuery, VisitorQuery
from artrec.evaluation.retrieval import evaluate_open, evaluate_visitors, measure, searches


def query(artwork_id: str, text: str, kind: str = "sight") -> VisitorQuery:
    return VisitorQuery(artwork_id=artwork_id, kind=kind, split="test", text=text)


def test_measures_by_hand():
    found = measure(lambda text: ["a", "b", "c"], {"q": ("text", {"b": 3, "c": 1, "d": 2})}, good=2)
    best = 3 + 2 / math.log2(3) + 1 / 2
    assert found["nDCG@10"]["q"] == pytest.approx((3 / math.log2(3) + 1 / 2) / best)
    assert found["MRR@10"]["q"] == 1 / 2
    assert found["recall@10"]["q"] == 1 / 2  # b and d are good, b is found


def test_a_search_that_finds_nothing_counts_as_zero():
    found = measure(lambda text: ["a"] if text == "found" else [], {"1": ("found", {"a": 1}), "2": ("lost", {"a": 1})}, good=1)
    assert found == {name: {"1": 1.0, "2": 0.0} for name in ("nDCG@10", "MRR@10", "recall@10")}


def test_known_items_are_averaged_by_work_first():
    ways = {"perfect": lambda text: [text], "blind": lambda text: ["aa"]}
    queries = [query("aa", "aa"), query("aa", "a2", "theme"), query("bb", "bb")]
    report = evaluate_visitors(ways, queries)
    assert (report["queries"], report["units"]) == (3, 2)
    assert report["methods"]["perfect"]["MRR@10"]["mean"] == pytest.approx((0.5 + 1) / 2)  # "a2" is not found
    assert report["methods"]["blind"]["recall@10"]["mean"] == 0.5
    assert report["by_kind"]["sight"]["blind"]["mean"] == 0.5 and set(report["by_kind"]) == {"sight", "theme"}
    pair = next(c for c in report["comparisons"] if c["measure"] == "recall@10")
    assert (pair["of"], pair["with"]) == ("blind", "perfect") and pair["difference"] == pytest.approx(-0.25)


def test_open_queries_count_grades():
    report = evaluate_open({"way": lambda text: ["a"]}, [OpenQuery(text="a or b", relevance={"a": 1, "b": 3})])
    way = report["methods"]["way"]
    assert way["MRR@10"]["mean"] == way["recall@10"]["mean"] == 0.0 and 0 < way["nDCG@10"]["mean"] < 1


def test_nothing_to_measure_is_said():
    with pytest.raises(ArtrecError, match="no queries"):
        evaluate_visitors({"way": lambda text: []}, [])


def test_the_three_ways_of_searching(toy_recommender):
    ways = searches(toy_recommender)
    assert set(ways) == {"lexical", "dense", "fused"}
    for way in ways.values():
        assert way("lone fisher on a grey blue sea")[0] == "umibe-fisher"
        assert len(way("boats")) <= 10
    assert ways["lexical"]("xylophone") == []
    assert ways["fused"]("before:1000") == []


def test_the_app_s_search_beats_both_its_parts_on_visitors_queries(starter, encoder):
    """The reason for fusing, on the validation split; test queries are for the record alone."""
    from artrec import config
    from artrec.evaluation.queries import load_queries
    from artrec.recommender import Recommender

    queries = [q for q in load_queries(config.STARTER, starter.catalogue) if q.split == "validation"]
    found = evaluate_visitors(searches(Recommender(starter, encoder)), queries)["methods"]
    assert found["fused"]["nDCG@10"]["mean"] > max(found[name]["nDCG@10"]["mean"] for name in ("lexical", "dense"))
