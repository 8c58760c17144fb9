"""Pages over a large collection, by lowering what counts as large; and bringing a collection in."""

import csv
import io
import json

import numpy as np
import pytest
from test_importing import WORKS
from test_jobs import home, wait  # noqa: F401 — a fixture
from test_pages import page, texts, titles

from artrec import artifacts, jobs
from artrec.ui import atlas, bring, collections, health, pick, state


@pytest.fixture
def large(monkeypatch):
    """The starter collection counts as large."""
    monkeypatch.setattr(atlas, "MOST_POINTS", 100)
    monkeypatch.setattr(pick, "LISTED", 100)
    monkeypatch.setattr(collections, "BY_RECORD", 100)


def test_the_map_finds_what_a_lasso_holds(app, starter, large):
    test = app(page("map"))
    assert not test.exception and "can be pointed at" in texts(test)
    x, y = starter.atlas.coordinates[starter.catalogue.row("hokusai-great-wave")].astype(float)
    box = {"x": [x - 0.02, x + 0.02], "y": [y - 0.02, y + 0.02]}
    test.session_state["map"] = {"selection": {"box": [box], "points": []}}
    test.run()
    assert "hokusai-great-wave" in titles(test, "lasso") and not test.exception
    test.button(key="closer").click().run()
    assert test.session_state["map_view"] is not None and any(b.key == "whole" for b in test.button)
    test.button(key="whole").click().run()
    assert test.session_state["map_view"] is None and not test.exception


@pytest.mark.parametrize("colouring", ["movement", "topic", "trust"])
def test_the_density_is_coloured(app, large, colouring):
    test = app(page("map"))
    test.segmented_control(key="map_colour_widget").set_value(colouring).run()
    assert not test.exception and not test.error


def test_a_work_is_found_by_part_of_its_title(app, large):
    test = app(page("artwork"))
    test.text_input(key="artwork_widget_typed").input("great wave").run()
    assert "1 titles hold that" in texts(test)
    test.selectbox(key="artwork_widget").set_value("hokusai-great-wave").run()
    assert "Great Wave" in test.title[0].value and test.query_params["id"] == "hokusai-great-wave"


def test_health_by_columns(app, large):
    test = app(page("collections"))
    assert not test.exception and "Health" in [s.value for s in test.subheader]


# --- bringing in ---


@pytest.fixture
def bowls(tmp_path, home, hashing):  # noqa: F811
    """A collection of the user's own, built."""
    from artrec.cli_import import stored
    from artrec.importing import Part, gather

    (tmp_path / "w.jsonl").write_text("\n".join(map(json.dumps, [*WORKS, {"ObjectID": 1, "Title": "<b>bad</b>"}])), "utf-8")
    gather([Part("walters", tmp_path / "w.jsonl")], tmp_path / "work")
    built = artifacts.build(stored(tmp_path / "work"), hashing, name="Bowls")
    files = [tmp_path / "work" / name for name in ("left_out.jsonl", "import.json", "health.json")]
    artifacts.save(built, home / "collections" / "bowls", beside=files)
    return home / "collections" / "bowls"


def test_another_collection_is_chosen_and_kept_in_the_link(app, bowls):
    test = app(page("collections"), likes="hokusai-great-wave")
    test.selectbox(key="collection_widget").set_value("bowls").run()
    assert not test.exception and test.query_params["collection"] == "bowls"
    assert "Bowls" in [s.value for s in test.subheader] and "Left out by the import" in " ".join(e.label for e in test.expander)
    assert test.session_state["likes"] == ()
    test.switch_page(page("discover")).run()
    assert not test.exception and "Bowl" in " ".join(titles(test, "nine")) or texts(test)
    other = app(page("artwork"), collection="bowls", id="walters-3")
    assert other.title[0].value == "Bowl 3"


def test_a_collection_that_is_not_there_is_the_usual_one(app, starter):
    test = app(page("collections"), collection="../../etc")
    assert (
        not test.exception
        and starter.name.replace("-", "\\-") in [s.value for s in test.subheader]
        or starter.name in texts(test)
    )


def test_a_folder_is_recognised_shown_and_imported(app, home, tmp_path):  # noqa: F811
    (tmp_path / "w.jsonl").write_text("\n".join(map(json.dumps, WORKS)), "utf-8")
    test = app(page("collections"))
    test.segmented_control(key="bring_way").set_value("A folder on this computer").run()
    test.text_input(key="bring_path").input(str(tmp_path / "none")).run()
    assert "Check the path" in test.warning[0].value
    test.text_input(key="bring_path").input(str(tmp_path / "w.jsonl")).run()
    assert test.selectbox(key="bring_format_w.jsonl").value == "walters" and not test.exception
    assert any("Bowl 0" in frame.value.to_string() for frame in test.dataframe)
    test.button(key="bring_begin").click().run()
    assert [job.name for job in jobs.every()] == ["The Walters Art Museum"]
    assert wait("the-walters-art-museum", "done", "failed").state == "done"
    again = app(page("collections"))
    again.button(key="open_the-walters-art-museum").click().run()
    assert not again.exception and again.session_state[state.COLLECTION] == "the-walters-art-museum"


def test_a_visitor_from_the_network_is_offered_no_folder(app, home, monkeypatch):  # noqa: F811
    monkeypatch.setattr(bring, "over_network", lambda: True)
    test = app(page("collections"))
    assert not test.exception and [b for b in test.get("button_group") if "bring_way" in str(b)] == []
    assert len(test.get("file_uploader")) == 1 and not any(t.key == "bring_path" for t in test.text_input)


def test_findings_are_downloaded_with_their_works():
    gap = {"kind": "gap", "title": "no artist", "count": 2, "works": ["a", "b"], "cure": "=1"}
    column = {"kind": "column", "title": "city is Here everywhere", "count": 2, "works": [], "cure": "None."}
    found = {"problems": [gap, column]}
    rows = list(csv.reader(io.StringIO(health.findings_csv(found).decode("utf-8-sig"))))
    assert [row[3] for row in rows[1:]] == ["a", "b", ""] and rows[1] == ["gap", "no artist", "2", "a", "'=1"]


def test_all_that_was_left_out_is_in_the_download(tmp_path):
    lines = [{"where": f"a.csv, line {n}", "reason": "=cmd|calc", "cure": "-"} for n in range(3)]
    (tmp_path / "left_out.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n{broken\n", "utf-8")
    rows = list(csv.reader(io.StringIO(health.left_out_csv(tmp_path / "left_out.jsonl").decode("utf-8-sig"))))
    assert rows[0] == ["where", "reason", "cure"] and [row[0] for row in rows[1:]] == [f"a.csv, line {n}" for n in range(3)]
    assert all(row[1:] == ["'=cmd|calc", "'-"] for row in rows[1:])


def test_a_table_shows_its_mapping(app, home, tmp_path):  # noqa: F811
    (tmp_path / "t.csv").write_text("Titel;Künstler;Jahr\nWoge;Anna Groß;1910\nNacht;Bert Klein;1911\n", "utf-8")
    test = app(page("collections"))
    test.segmented_control(key="bring_way").set_value("A folder on this computer").run()
    test.text_input(key="bring_path").input(str(tmp_path / "t.csv")).run()
    assert not test.exception and not test.error
    shown = " ".join(frame.value.to_string() for frame in test.dataframe)
    assert "Woge" in shown and "Anna Groß" in shown and "1910" in shown


@pytest.mark.parametrize("data", [b"", b"\x89PNG\0\0", b"a,b\n1,2\n", b'{"x": 1}'])
def test_a_bad_file_is_one_sentence(app, home, tmp_path, data):  # noqa: F811
    (tmp_path / "w.jsonl").write_bytes(data)
    test = app(page("collections"))
    test.segmented_control(key="bring_way").set_value("A folder on this computer").run()
    test.text_input(key="bring_path").input(str(tmp_path / "w.jsonl")).run()
    said = [e.value for e in test.error] + [c.value for c in test.caption]
    assert not test.exception and any(
        "cannot" in s or "None of the first" in s or "No column" in s or "not one that was" in s for s in said
    )


def test_times_are_said_plainly():
    assert bring._time(30) == "30 s" and bring._time(600) == "10 min" and np.isfinite(bring.EVERY)
