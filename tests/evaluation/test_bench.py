"""`python -m artrec bench`: the figures are whole, JSON, and possible. How large they are is the machine's affair."""

import json

import numpy as np
import pytest

from artrec.errors import ArtrecError
from artrec.evaluation import bench

TIMES = {"query_with_encoding_ms", "encode_a_query_ms", "recommend_from_5_likes_ms"}
SYNTHETIC_TIMES = {
    "index_search_ms",
    "query_without_encoding_ms",
    "query_keeping_10_percent_ms",
    "query_keeping_1_percent_ms",
    "recommend_from_5_likes_ms",
}


@pytest.fixture(scope="module")
def figures(encoder):
    """One quick run over the shipped collection and one small synthetic one."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("COLD_RUNS", 1), ("QUERIES", 10), ("PASSAGES", 8)):
            patch.setattr(bench, name, value)
        return bench.run(None, [1000])


def test_the_figures_are_json_and_whole(figures):
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert {"cpus", "python", "platform", "date", "collection", "works", "index", "encoder"} <= figures.keys()
    assert set(figures["cold_start_s"]) == {"total", "python", "imports", "open", "encoder", "search"}
    assert set(figures["memory_MB"]) == {"opened", "after_a_query"}
    for key in ("encoded_texts_per_second", "plain_sentence_transformers_texts_per_second", "times_plain", "encoder_ready_s"):
        assert figures[key] > 0
    assert 0.9 < figures["neighbours_kept"] <= 1
    assert figures.keys() >= TIMES


def test_percentiles_are_in_order(figures):
    (synthetic,) = figures["synthetic"]
    for times in [figures[key] for key in TIMES] + [synthetic[key] for key in SYNTHETIC_TIMES]:
        assert 0 < times["p50"] <= times["p95"]


def test_the_stages_of_a_cold_start_sum_to_its_whole(figures):
    stages = figures["cold_start_s"]
    assert sum(seconds for name, seconds in stages.items() if name != "total") == pytest.approx(stages["total"], abs=0.01)


def test_memory_grows_with_the_encoder(figures):
    assert 10 < figures["memory_MB"]["opened"] < figures["memory_MB"]["after_a_query"]


def test_recall_is_a_share_or_not_measured(figures):
    assert (figures["recall_at_10"] is None) == (figures["works"] < bench.SMALLEST)
    assert 0.9 < figures["synthetic"][0]["recall_at_10"] <= 1
    assert figures["synthetic"][0]["works"] == 1000


def test_the_table_is_aligned_and_complete(figures, capsys):
    bench.print_table(figures | {"recall_at_10": None})  # what is not measured says so
    own, synthetic = capsys.readouterr().out.split("\n\n")
    assert len({len(line) for line in own.splitlines()}) == 1
    assert len({len(line) for line in synthetic.splitlines()[1:]}) == 1
    assert "cold start, s, total" in own
    assert "n/a" in own
    assert "query keeping 1 percent, ms" in synthetic
    assert "1,000" in synthetic


def test_the_table_of_no_synthetic_collection(figures, capsys):
    bench.print_table(figures | {"synthetic": []})
    assert "synthetic" not in capsys.readouterr().out


def test_a_synthetic_collection_is_what_it_says():
    catalogue, vectors = bench.make_synthetic(2000, d=32, clusters=20)
    assert len(catalogue) == len(vectors) == 2000
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for field, share in (("type", 0.1), ("movement", 0.01)):
        _, counts = np.unique([getattr(work, field) for work in catalogue], return_counts=True)
        assert counts.mean() / 2000 == pytest.approx(share)
    within = vectors @ vectors[0]
    assert 0.5 < np.sort(within)[-20:-1].mean() < 0.85  # its own cluster, about 1 / (1 + SPREAD²)
    assert abs(np.median(within)) < 0.3


def test_synthetic_collections_are_the_same_every_time():
    (first, one), (second, other) = bench.make_synthetic(50), bench.make_synthetic(50)
    assert first.hash == second.hash
    assert np.array_equal(one, other)
    assert first.hash != bench.make_synthetic(50, seed=1)[0].hash


def test_queries_are_distinct_and_from_the_collection(starter):
    queries = bench._queries(starter, np.random.default_rng(0))
    assert len(set(queries)) == len(queries) == bench.QUERIES
    assert all(queries)


def test_a_failing_process_is_an_error_that_says_so():
    with pytest.raises(ArtrecError, match="failed"):
        bench._fresh("raise SystemExit(3)", 0)
    with pytest.raises(ArtrecError, match="failed"):
        bench._fresh("print('{}'); raise SystemExit(3)", 0)
