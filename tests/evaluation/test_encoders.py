"""Two encoders on one set of questions: the better one is called better."""

import json

import numpy as np
import pytest
from helpers import HashingEncoder, toy_catalogue, unit

from artrec.errors import CatalogueError
from artrec.evaluation import encoders as measured
from artrec.evaluation.encoders import evaluate_encoders, general, read_pairs


class Blind(HashingEncoder):
    """Sees one direction for every text, give or take its length."""

    name, fingerprint = "blind", "a-blind-encoder"

    def encode(self, texts):
        vectors = np.ones((len(texts), self.dimension), dtype=np.float32)
        vectors[:, 0] += [len(text) % 7 for text in texts]
        return unit(vectors)


@pytest.fixture
def folder(tmp_path):
    works = toy_catalogue()
    (tmp_path / "works.jsonl").write_text("\n".join(work.model_dump_json() for work in works), "utf-8")
    queries = [
        {"artwork_id": "umibe-fisher", "kind": "sight", "split": "test", "text": "waits with his net"},
        {"artwork_id": "winkel-tower", "kind": "sight", "split": "test", "text": "stacked and tilting"},
        {"artwork_id": "winkel-wheel", "kind": "theme", "split": "train", "text": "spins"},
    ]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), "utf-8")
    (tmp_path / "open_queries.jsonl").write_text(json.dumps({"text": "boats", "relevance": {"umibe-storm": 3}}), "utf-8")
    return tmp_path


def test_the_better_encoder_wins(folder):
    found = evaluate_encoders({"base": Blind(), "tuned": HashingEncoder()}, folder)
    assert {"test", "open", "titles", "general"} == set(found["sets"])
    for name in ("test", "titles"):
        methods = found["sets"][name]["methods"]
        assert set(methods) == {"lexical", "base dense", "base fused", "tuned dense", "tuned fused"}
        assert methods["tuned dense"]["nDCG@10"]["mean"] > methods["base dense"]["nDCG@10"]["mean"] + 0.3
    assert found["sets"]["test"]["queries"] == 2  # the train split is left alone
    assert found["encoders"]["base"]["fingerprint"] == "a-blind-encoder"
    change = next(c for c in found["sets"]["titles"]["comparisons"] if (c["of"], c["with"]) == ("tuned dense", "base dense"))
    assert change["difference"] > 0.3 and change["p"] < 0.05


def test_everyday_pairs():
    pairs = [(f"alpha{n} beta{n}", f"beta{n} gamma{n}") for n in range(20)]
    found = general({"base": Blind(), "tuned": HashingEncoder()}, pairs)
    assert found["methods"]["tuned"]["MRR"]["mean"] > 0.8 > found["methods"]["base"]["MRR"]["mean"]
    assert found["comparisons"][0]["difference"] > 0.2


def test_the_shipped_pairs_are_a_hundred_and_no_museum():
    pairs = read_pairs(measured.PAIRS_FILE)
    texts = [text for pair in pairs for text in pair]
    assert len(pairs) == 100 and len(set(texts)) == 200
    assert not any(word in text.lower() for text in texts for word in ("museum", "painting", "sculpture"))


@pytest.mark.parametrize("line", ["{", '{"a": "x"}', "[1]"])
def test_broken_pairs_are_refused(tmp_path, line):
    (tmp_path / "pairs.jsonl").write_text(line, "utf-8")
    with pytest.raises(CatalogueError, match="cannot be read"):
        read_pairs(tmp_path / "pairs.jsonl")
