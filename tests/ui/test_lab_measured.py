"""The Lab's Training and Results: what was measured is shown whole, and what is missing or damaged is a sentence."""

import json

import pytest
from helpers_lab import DOCUMENTS, INTERVAL, LAB, frame_with, said
from test_pages import texts

from artrec.figures_lab import SCORES
from artrec.ui import lab_tables

pytestmark = pytest.mark.usefixtures("base")


def test_training_shows_curves_data_settings_and_search(app, documents):
    test = app(LAB, section="training")
    assert "2 passes" in said(test) and "step 20 was kept" in said(test) and "1,234 rows" in said(test)
    assert test.code[0].value == DOCUMENTS["manifest.json"]["command"]
    counts = frame_with(test, "count")
    assert counts["count"].tolist() == ["9,225", "4,000", "915", "640"]
    assert frame_with(test, "setting")["value"].tolist() == ["16", "query, key"]
    search = frame_with(test, "variant")
    assert search["variant"].tolist() == ["no notes", "as it ships"] and search["score"].tolist() == ["0.650", "0.600"]
    for command in ("train encoder", "train search"):
        assert f"`python -m artrec {command}`" in texts(test)


def test_results_show_every_set_and_measure(app, documents):
    results = json.loads((documents / "results.json").read_text())
    test = app(LAB, section="results")
    measures = test.segmented_control(key="lab_measure").options
    assert measures == ["nDCG@10", "MRR@10", "recall@10", "MRR"]
    for measure in measures:
        test.segmented_control(key="lab_measure").set_value(measure).run()
        assert not test.exception
        wanted = {name: f for name, f in results["sets"].items() if any(measure in m for m in f["methods"].values())}
        estimates = frame_with(test, measure)
        assert len(estimates) == sum(len(found["methods"]) for found in wanted.values())
        compared = sum(c["measure"] == measure for found in wanted.values() for c in found["comparisons"])
        assert sum(len(t.value) for t in test.dataframe if "p" in t.value.columns) == compared
    mean = results["sets"]["general"]["methods"]["tuned"]["MRR"]["mean"]
    assert estimates[measure].tolist()[-1].startswith(f"{mean:.3f} (")
    for command in ("evaluate encoders", "train heads", "evaluate backends"):
        assert f"`python -m artrec {command}`" in texts(test)


def test_results_show_heads_and_backends(app, documents):
    test = app(LAB, section="results")
    heads = frame_with(test, "head")
    assert heads["head"].tolist() == ["movement", "movement", "sentiment"]
    assert heads["measured on"].tolist() == ["all", "top 20", "all"] and heads["cases"].tolist() == ["180", "140", "200"]
    assert heads["macro-F1"].tolist() == ["0.500 (0.400–0.600)"] * 3
    assert "Sentiment: strength error 0.120" in said(test)
    test.segmented_control(key="lab_head").set_value("sentiment").run()
    assert not test.exception
    backends = frame_with(test, "backend")
    assert backends["texts per second"].tolist() == ["21.4", ""] and backends["times plain"].tolist() == ["", "2.400"]


def test_figures_of_another_encoder_are_marked(app, documents):
    captions = {c.value.split(",")[0]: c.value for c in app(LAB, section="results").caption if c.value.startswith("From")}
    assert "another encoder" in captions[r"From heads\.json"]  # its fingerprint is "another"
    assert "another encoder" not in captions[r"From backends\.json"]


BLOCKS = {
    "training.json": "training", "manifest.json": "training", "search.json": "training",
    "results.json": "results", "heads.json": "results",
}  # fmt: skip
DAMAGE = [
    "",
    "{",
    "[]",
    "{}",
    "null",
    '{"passes": [], "losses": [], "rows": 1}',
    '{"sets": {"test": {}}}',
    '{"figures": {"x": 3}}',
]


@pytest.mark.parametrize("name", BLOCKS)
def test_a_missing_file_costs_its_own_block_alone(app, documents, name):
    (documents / name).unlink()
    test = app(LAB, section=BLOCKS[name])
    assert not test.exception and not test.error and not test.warning
    assert [info.value.replace("\\", "").split(" yet")[0] for info in test.info] == [f"There is no {name}"]
    assert "`python -m artrec " in test.info[0].value
    assert len(test.subheader) == len(app(LAB, section=BLOCKS[name]).subheader) == 3


@pytest.mark.parametrize("content", [*DAMAGE, '{"variants": {"a": 1}, "settings": [], "figures": [1], "sets": 1, "passes": 1}'])
def test_damaged_files_are_sentences(app, documents, content):
    for name in (*BLOCKS, "backends.json"):
        (documents / name).write_text(content)
    for section in ("training", "results"):
        test = app(LAB, section=section)
        assert not test.exception and not test.error
        for warning in test.warning:
            assert "cannot be read" in warning.value and "make it again with `python -m artrec" in warning.value
        assert len(test.warning) >= 2


def test_backends_may_be_missing_without_a_word(app, documents):
    (documents / "backends.json").unlink()
    test = app(LAB, section="results")
    assert not test.info and "backend" not in said(test)


def test_tables_tell_every_kind_of_value():
    table = lab_tables.backends(
        {"torch": {"ready_s": 4.0, "rss_MB": 1234, "note": None}, "onnx": {"nDCG@10": INTERVAL}, "n": 3}
    )
    assert table["backend"].tolist() == ["torch", "onnx"] and table["rss MB"].tolist() == ["1,234", ""]
    assert table["nDCG@10"].tolist() == ["", "0.500 (0.400–0.600)"]
    assert set(SCORES) == {"score", "queries", "titles", "fused", "museum"}
