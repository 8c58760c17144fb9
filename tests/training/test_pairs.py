"""What is learnt from, and what must not be."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec import config
from artrec.catalogue import load_catalogue
from artrec.errors import CatalogueError
from artrec.evaluation.queries import load_queries
from artrec.text import passage
from artrec.training.pairs import museum_pairs, museum_split, read_museum
from artrec.training.run import collect, digest


@pytest.fixture(scope="module")
def world():
    catalogue = load_catalogue(config.STARTER)
    return catalogue, load_queries(config.STARTER, catalogue)


def test_nothing_of_the_held_out_works_is_learnt(world):
    catalogue, queries = world
    pairs = collect(catalogue, queries, None, seed=2026)
    held = {q.artwork_id for q in queries if q.split != "train"}
    texts = {q.text for q in queries if q.split != "train"} | {passage(catalogue[catalogue.row(i)]) for i in held}
    assert len(pairs) > 3_000
    assert not held & {pair.work for pair in pairs}
    assert not texts & {text for pair in pairs for text in (pair.query, pair.passage)}


def test_pairs_are_the_same_for_the_same_seed(world):
    one, other, third = (collect(*world, None, seed) for seed in (1, 1, 2))
    assert one == other != third
    assert digest(["a", "b"]) == digest(["a", "b"]) != digest(["ab", ""])


LION = "A bronze lion with a ring in its mouth stood beside a gate for many hundred years, alone."


def record(number: int, description: str = LION) -> str:
    keywords = "lion; ring; gate; bronze"
    return json.dumps({"ObjectID": number, "Keywords": keywords, "Description": f"<p>{description} {number}</p>"})


def test_museum_records(tmp_path):
    lines = [record(n) for n in range(200)]
    lines += [record(900, "short"), json.dumps({"ObjectID": 901, "Keywords": None, "Description": None}), lines[0]]
    with gzip.open(tmp_path / "objects.jsonl.gz", "wt") as file:
        file.write("\n".join(lines))
    parts = {split: read_museum(tmp_path / "objects.jsonl.gz", split) for split in ("train", "validation", "test")}
    works = [text.work for texts in parts.values() for text in texts]
    assert sorted(works) == sorted(f"walters-{n}" for n in range(200))  # each once, and nothing that says too little
    assert len(parts["train"]) > 120 > 40 > len(parts["test"]) > 15
    text = parts["train"][0]
    assert "<p>" not in text.description and text.keywords == ("lion", "ring", "gate", "bronze")
    for pair in museum_pairs(parts["train"], seed=1):
        words = pair.query.split(", ")
        assert 3 <= len(words) <= 4 and set(words) <= {"lion", "ring", "gate", "bronze"}


@given(st.text(max_size=20))
def test_a_museum_s_split_never_changes(work):
    assert museum_split(work) == museum_split(work) in ("train", "validation", "test")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]\n", b'{"ObjectID": 1, "Description": 3}'])
def test_broken_museum_records_are_refused(tmp_path, content):
    (tmp_path / "objects.jsonl").write_bytes(content)
    with pytest.raises(CatalogueError, match="museum records"):
        read_museum(tmp_path / "objects.jsonl", "train")
    with pytest.raises(CatalogueError, match="museum records"):
        read_museum(tmp_path / "none.jsonl", "train")
