"""Backends compared: a tiny model on the toy world. How fast each is, is the machine's affair."""

import json

import numpy as np
import pytest
from helpers import toy_catalogue, unit

from artrec.errors import ArtrecError
from artrec.evaluation import backends
from artrec.evaluation.backends import PLAIN, compare_backends, neighbours_kept


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "works.jsonl").write_text("\n".join(work.model_dump_json() for work in toy_catalogue()), "utf-8")
    query = {"artwork_id": "umibe-fisher", "kind": "sight", "split": "validation", "text": "waits with his net"}
    (tmp_path / "queries.jsonl").write_text(json.dumps(query), "utf-8")
    return tmp_path


@pytest.mark.slow
def test_each_backend_has_whole_figures(tiny, folder, monkeypatch, artrec_home):
    monkeypatch.setitem(backends.NEEDS, "openvino int8", "no_such_package")
    found = compare_backends(tiny, folder, (PLAIN, "onnxruntime fp32", "openvino int8"))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    rows = found["backends"]
    assert rows.pop("openvino int8") == "not measured: needs no_such_package"
    assert set(rows) == {PLAIN, "onnxruntime fp32"}
    for row in rows.values():
        assert row["texts_per_second"] > 0 and row["ready_s"] > 0 and row["rss_MB"] > 10
        assert 0 < row["query_ms"]["p50"] <= row["query_ms"]["p95"]
        assert row["cosine"]["min"] > 0.9999 and row["neighbours_kept"] > 0.9
        assert 0 <= row["nDCG@10"]["low"] <= row["nDCG@10"]["mean"] <= row["nDCG@10"]["high"] <= 1
    assert rows[PLAIN]["times_plain"] == 1 and rows[PLAIN]["neighbours_kept"] == 1


def test_a_backend_that_fails_says_so(tiny, folder, tmp_path):
    with pytest.raises(ArtrecError, match="'openvino fp32' could not be measured"):
        backends._fresh("openvino fp32", tiny, tmp_path / "nothing", tmp_path)


def test_a_folder_without_queries(tiny, folder):
    (folder / "queries.jsonl").unlink()
    with pytest.raises(ArtrecError, match="no validation queries"):
        compare_backends(tiny, folder)


def test_neighbours_kept():
    vectors = unit(np.random.default_rng(0).normal(size=(60, 16)).astype(np.float32))
    assert neighbours_kept(vectors, vectors) == 1
    assert neighbours_kept(unit(np.random.default_rng(1).normal(size=(60, 16))), vectors) < 0.4
    assert neighbours_kept(vectors[:3], vectors[:3]) == 1  # fewer than ten others


def test_ndcg_is_the_discount_of_the_right_answers_place():
    vectors = np.eye(3, dtype=np.float32)
    asked = np.array([[1, 0.5, 0], [1, 0.5, 0]], dtype=np.float32)
    assert backends._ndcg(vectors, asked, np.array([0, 0]))["mean"] == 1
    assert backends._ndcg(vectors, asked, np.array([1, 1]))["mean"] == pytest.approx(1 / np.log2(3))
