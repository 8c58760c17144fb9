"""Queries beside the records: read, refused, split."""

import json
from collections import Counter

import pytest
from helpers import WORKS, toy_catalogue

from artrec import config
from artrec.catalogue import load_catalogue
from artrec.errors import CatalogueError
from artrec.evaluation import splits
from artrec.evaluation.queries import KINDS, load_open_queries, load_queries, load_training_queries, named
from artrec.places import region

WORK = WORKS[0].artwork_id


def line(**changes) -> str:
    return json.dumps({"artwork_id": WORK, "kind": "sight", "split": "train", "text": "boats under black clouds"} | changes)


def written(tmp_path, *lines: str, name: str = "queries.jsonl"):
    (tmp_path / name).write_text("\n".join(lines), "utf-8")
    return tmp_path


def test_none_where_there_is_no_file(tmp_path):
    assert load_queries(tmp_path, toy_catalogue()) == load_open_queries(tmp_path, toy_catalogue()) == ()


def test_queries_are_read_in_order(tmp_path):
    folder = written(tmp_path, line(), "", line(kind="theme", text="a lesson on storms"))
    assert [(q.kind, q.text) for q in load_queries(folder, toy_catalogue())] == [
        ("sight", "boats under black clouds"), ("theme", "a lesson on storms"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([line(artwork_id="nobody")], "line 1: no artwork has the id 'nobody'"),
        ([line(kind="smell")], "line 1, field kind"),
        ([line(split="exam")], "line 1, field split"),
        ([line(text="")], "line 1, field text"),
        ([line(extra=1)], "line 1, field extra"),
        (["{", line()], "line 1: not valid JSON"),
        (["[]"], "line 1, field"),
        ([line(), line(kind="theme", text="Boats under BLACK clouds")], "line 2: the same text"),
        ([line(), line(text="another thing")], "line 2: 'umibe-storm' has a sight query already"),
        ([line(), line(kind="theme", text="another thing", split="test")], "line 2: 'umibe-storm' is in two splits"),
        ([line(text="a storm off the cape, please")], "gives the answer away ('Storm off the Cape')"),
        ([line(text="the print by umibe")], "gives the answer away ('umibe')"),
    ],
)
def test_broken_queries_are_refused(tmp_path, lines, problem):
    with pytest.raises(CatalogueError) as caught:
        load_queries(written(tmp_path, *lines), toy_catalogue())
    assert any(problem in told for told in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([json.dumps({"text": "storms", "relevance": {"nobody": 2}})], "no artwork has the id 'nobody'"),
        ([json.dumps({"text": "storms", "relevance": {WORK: 4}})], "field relevance"),
        ([json.dumps({"text": "storms", "relevance": {WORK: 0}})], "no work answers 'storms'"),
        ([json.dumps({"text": "storms", "relevance": {}})], "no work answers 'storms'"),
    ],
)
def test_broken_open_queries_are_refused(tmp_path, lines, problem):
    with pytest.raises(CatalogueError) as caught:
        load_open_queries(written(tmp_path, *lines, name="open_queries.jsonl"), toy_catalogue())
    assert any(problem in told for told in caught.value.problems), caught.value.problems


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "queries.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogueError, match="Save it as UTF-8"):
        load_queries(tmp_path, toy_catalogue())


def test_what_gives_an_answer_away():
    assert named("a STORM off the cape!", WORKS[0]) == "Storm off the Cape"
    assert named("red target", next(w for w in WORKS if w.title == "Target")) == ""  # one plain word is no secret
    assert named("winkel's squares", next(w for w in WORKS if w.artist == "Karla Winkel")) == "winkel"


# --- splits ---


def test_splits_are_by_work_and_do_not_depend_on_order():
    catalogue = load_catalogue(config.STARTER)
    found = splits.assign(catalogue)
    assert set(found) == {work.artwork_id for work in catalogue}
    turned = type(catalogue)(catalogue.works[::-1], catalogue.vocabulary)
    assert splits.assign(turned) == found != splits.assign(catalogue, seed=1)


def test_every_stratum_has_its_share():
    catalogue = load_catalogue(config.STARTER)
    found = splits.assign(catalogue)
    strata = {name: Counter() for name in ("all", "region", "type")}
    for work in catalogue:
        for name, value in (("all", ""), ("region", region(work.country)), ("type", work.type)):
            strata[name][value, found[work.artwork_id]] += 1
    for counts in strata.values():
        for value in {value for value, _ in counts}:
            total = sum(counts[value, split] for split in ("train", "validation", "test"))
            for split, share in (("train", 0.7), ("validation", 0.15), ("test", 0.15)):
                slack = 0.01 * total if value == "" else 8 + 0.05 * total  # strata are rounded in runs of twenty
                assert abs(counts[value, split] - share * total) <= slack, (value, split)


def test_the_committed_splits_are_the_script_s_own(tmp_path):
    catalogue = load_catalogue(config.STARTER)
    queries = load_queries(config.STARTER, catalogue)
    expected = splits.assign(catalogue)
    assert {q.artwork_id: q.split for q in queries} == expected
    kinds = Counter(q.kind for q in queries)
    assert kinds == dict.fromkeys(KINDS, len(catalogue))


def test_writing_splits_changes_nothing_else(tmp_path):
    for source in [*config.STARTER.glob("o*.jsonl"), config.STARTER / "vocabulary.json"]:
        if source.name != "open_queries.jsonl":
            (tmp_path / source.name).write_text(source.read_text("utf-8"), "utf-8")
    some = load_catalogue(tmp_path)
    lines = [json.dumps({"artwork_id": w.artwork_id, "kind": "sight", "text": f"number {i}"}) for i, w in enumerate(some)]
    counts = splits.write(written(tmp_path, *lines))
    queries = load_queries(tmp_path, some)
    assert [q.text for q in queries] == [f"number {i}" for i in range(len(some))]
    assert counts == Counter(q.split for q in queries) and not list(tmp_path.glob("*.part"))


def test_the_starter_s_open_queries():
    queries = load_open_queries(config.STARTER, load_catalogue(config.STARTER))
    assert len(queries) >= 60 and len({q.text for q in queries}) == len(queries)
    for query in queries:
        grades = Counter(query.relevance.values())
        assert grades[3] >= 1 and grades[2] + grades[3] >= 3, query.text


def more(**changes) -> str:
    return json.dumps({"artwork_id": WORK, "kind": "sight", "text": "a boat about to break"} | changes)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([more(artwork_id="nobody")], "no artwork has the id 'nobody'"),
        ([more(artwork_id=WORKS[1].artwork_id)], "is not in the train split"),
        ([more(artwork_id=WORKS[2].artwork_id)], "is not in the train split"),
        ([more(split="train")], "field split"),
        ([more(text="by umibe herself")], "gives the answer away"),
        ([more(text="Boats under black CLOUDS")], "the same text stands there twice"),
        ([more(), more()], "line 2: the same text"),
    ],
)
def test_training_queries_are_of_train_works_and_of_no_other(tmp_path, lines, problem):
    written(tmp_path, line(), line(artwork_id=WORKS[1].artwork_id, split="test", text="a curl of foam"))
    with pytest.raises(CatalogueError) as caught:
        load_training_queries(written(tmp_path, *lines, name="training_queries.jsonl"), toy_catalogue())
    assert any(problem in told for told in caught.value.problems), caught.value.problems


def test_training_queries_are_read(tmp_path):
    assert load_training_queries(written(tmp_path, line()), toy_catalogue()) == ()
    written(tmp_path, more(), more(text="black sky, blue wall"), name="training_queries.jsonl")
    read = load_training_queries(tmp_path, toy_catalogue())
    assert [query.text for query in read] == ["a boat about to break", "black sky, blue wall"]


def test_the_starter_has_six_more_queries_for_each_train_work():
    catalogue = load_catalogue(config.STARTER)
    queries = load_training_queries(config.STARTER, catalogue)
    counts = Counter(query.artwork_id for query in queries)
    train = {query.artwork_id for query in load_queries(config.STARTER, catalogue) if query.split == "train"}
    assert set(counts) == train and min(counts.values()) >= 5
