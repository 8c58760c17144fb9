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
from artrec.masking import masked
from artrec.text import passage
from artrec.training.pairs import museum_pairs, museum_split, read_museum
from artrec.training.run import NOTES, collect, digest


@pytest.fixture(scope="module")
def material():
    return collect(config.STARTER, None, 2026, NOTES)


def test_nothing_of_the_held_out_works_is_learnt(material):
    catalogue = load_catalogue(config.STARTER)
    queries = load_queries(config.STARTER, catalogue)
    held = {q.artwork_id for q in queries if q.split != "train"}
    works = [catalogue[catalogue.row(i)] for i in held]
    texts = {q.text for q in queries if q.split != "train"} | {passage(work) for work in works}
    texts |= {masked(work, catalogue, "movement") for work in works}
    assert len(material.pairs) > 9_000 and {pair.kind for pair in material.pairs} == {
        "visitor", "attribute", "title", "movement",
    }  # fmt: skip
    assert not held & {pair.work for pair in material.pairs}
    assert not texts & {text for pair in material.pairs for text in (pair.query, pair.passage)}
    assert held == material.works["validation"] | material.works["test"]


def test_pairs_are_the_same_for_the_same_seed(material):
    one, other = (collect(config.STARTER, None, seed, NOTES) for seed in (2026, 2))
    assert one.pairs == material.pairs != other.pairs
    assert one.hash == material.hash != other.hash


def test_what_a_query_names_its_work_has(material):
    terms = material.terms
    named = [pair for pair in material.pairs if pair.terms]
    assert len(named) > 3_000
    assert all(pair.terms <= terms[pair.work] for pair in named)


def test_a_movement_s_passage_does_not_name_it(material):
    pairs = [pair for pair in material.pairs if pair.kind == "movement"]
    assert pairs and not any(next(iter(pair.terms)) in pair.passage.lower() for pair in pairs)


def test_digests():
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
