"""The Lab's section on recommenders: the form, a run beside the page, and what came out."""

import json
from dataclasses import dataclass

import pytest
from helpers_lab import LAB, frame_with, said
from helpers_lab_runs import invented, measured

from artrec import processes
from artrec.community.registry import ALGORITHMS
from artrec.errors import ArtrecError
from artrec.evaluation import runs
from artrec.evaluation.protocols import PROTOCOLS as SPLITS
from artrec.ui import lab_recommend

pytestmark = pytest.mark.usefixtures("base")
KEY = "ab" * 12


@dataclass
class Runs:
    """What stands in for experiments in processes of their own."""

    begun: list
    stopped: list


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, artrec_home):
    own = tmp_path / "home"
    own.mkdir()
    for folder in artrec_home.iterdir():
        if folder.name not in ("lab", "collections", "jobs", "locks"):
            (own / folder.name).symlink_to(folder)
    monkeypatch.setenv("ARTREC_HOME", str(own))
    return own


@pytest.fixture
def kept(home):
    """`kept(report, key)`: an experiment that ended before, under that key."""

    def keep(report: dict | None, key: str = KEY, title: str = "Mine <b>", error: str = "") -> None:
        folder = home / "lab" / key
        folder.mkdir(parents=True)
        (folder / processes.JOB_FILE).write_text(json.dumps({"title": title, "pid": 1, "born": 0, "arguments": []}))
        if report is not None:
            (folder / runs.REPORT_FILE).write_text(json.dumps(report))
        (folder / processes.ERR_FILE).write_text(error)

    return keep


@pytest.fixture
def begins(monkeypatch) -> Runs:
    """Nothing is started; what would be is kept."""
    found = Runs([], [])

    def begin(question, title):
        found.begun.append((question, title))
        return runs.Run(KEY, title, "running")

    monkeypatch.setattr(runs, "begin", begin)
    monkeypatch.setattr(runs, "stop", found.stopped.append)
    return found


def opened(app, **query):
    test = app(LAB, section="recommend", **query)
    assert not test.exception
    return test


def test_the_form_begins_with_the_simulated_visitors_and_says_so(app, begins):
    test = opened(app)
    text = said(test)
    assert "12,182 simulated ratings" in text.replace("*", "") and "no person stands behind" in text
    assert not test.error and not test.dataframe
    protocols = test.selectbox[0]
    assert protocols.options == [lab_recommend.PROTOCOLS[p] for p in ("random", "cold-users", "cold-works")]  # no times
    test.button(key="lab_recommend_begin").click().run()
    ((question, title),) = begins.begun
    assert question.ratings == "data/starter/visitors.csv" and question.works == "assets/starter" and question.built
    assert question.algorithms == lab_recommend.RATINGS and question.scale == "1-5" and title.startswith("Simulated visitors")


def test_every_protocol_has_a_name():
    assert list(lab_recommend.PROTOCOLS) == list(SPLITS)


def test_algorithms_by_number_or_one_by_one(app, begins):
    test = opened(app)
    for way, expected in (
        (lab_recommend.MOST, sum(not a.neural for a in ALGORITHMS.values())),
        (lab_recommend.ALL, len(ALGORITHMS)),
    ):
        test.segmented_control(key="lab_algorithms").set_value(way).run()
        assert f"{expected} of them" in said(test)
    test.segmented_control(key="lab_algorithms").set_value(lab_recommend.MINE).run()
    which = test.multiselect(key="lab_which_True")
    which.set_value([]).run()
    assert "Choose one algorithm" in said(test) and not [b for b in test.button if b.key == "lab_recommend_begin"]
    test.multiselect(key="lab_which_True").set_value(["ease", "means"]).run()
    test.button(key="lab_recommend_begin").click().run()
    assert begins.begun[-1][0].algorithms == ("ease", "means") and begins.begun[-1][1].endswith("2 algorithms")


def test_a_file_of_ones_own(app, begins, tmp_path):
    lines = [f"p{u},w{w},2026-11-0{1 + w}" for u in range(5) for w in range(4)]
    (tmp_path / "likes.csv").write_text("user_id,work_id,timestamp\n" + "\n".join([*lines, "p1,w1,soon"]) + "\n")
    test = opened(app)
    test.segmented_control(key="lab_data").set_value(lab_recommend.PATH).run()
    assert not [b for b in test.button if b.key == "lab_recommend_begin"]
    test.segmented_control(key="lab_works").set_value(lab_recommend.BARE).run()
    test.text_input(key="lab_path_ratings").input(str(tmp_path / "likes.csv")).run()
    text = said(test).replace("*", "")
    assert "20 likes of 5 people on 4 of 4 works, with times" in text and "1 line left out" in text and "soon" in text
    assert len(test.selectbox[0].options) == len(SPLITS)
    test.button(key="lab_recommend_begin").click().run()
    question = begins.begun[-1][0]
    assert question.ratings == str(tmp_path / "likes.csv") and question.works == "" and question.protocol == "leave-last-out"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no likes or ratings"),
        ("a,b\n1,2\n", "no column user_id"),
        ("user_id,work_id\np1,unheard-of\n", "No line of"),
        (None, "There is no file"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence_and_the_form_stays(app, tmp_path, content, message):
    if content is not None:
        (tmp_path / "bad.csv").write_text(content)
    test = opened(app)
    test.segmented_control(key="lab_data").set_value(lab_recommend.PATH).run()
    test.text_input(key="lab_path_ratings").input(str(tmp_path / "bad.csv")).run()
    assert not test.exception and message in test.error[0].value.replace("\\", "")
    assert test.segmented_control(key="lab_data").value == lab_recommend.PATH


def test_a_scale_that_is_none_is_said(app):
    test = opened(app)
    test.text_input(key="lab_scale_visitors.csv").input("five").run()
    assert not test.exception and "not a scale" in test.error[0].value.replace("\\", "")
    test.text_input(key="lab_scale_visitors.csv").input("1-3").run()
    assert "off the scale from 1 to 3" in said(test)


def test_visitors_from_the_network_may_not_name_files_of_this_computer(app, monkeypatch):
    monkeypatch.setattr(lab_recommend.bring, "over_network", lambda: True)
    assert lab_recommend.PATH not in opened(app).segmented_control(key="lab_data").options


def test_a_running_experiment_shows_how_far_it_is_and_can_be_stopped(app, monkeypatch, begins):
    run = runs.Run(KEY, "Mine", "running", processes.Progress("ease", 3, 8, 0.5))
    monkeypatch.setattr(runs, "every", lambda: [run])
    monkeypatch.setattr(runs, "find", lambda key: run)
    test = opened(app)
    bar = test.get("progress")[0].proto
    assert bar.value == 37 and "ease, 3 of 8" in bar.text
    assert test.button(key="lab_recommend_begin").disabled
    test.button(key="lab_recommend_stop").click().run()
    assert begins.stopped == [KEY]


def test_a_run_that_cannot_be_begun_is_one_sentence(app, monkeypatch):
    def fail(question, title):
        raise ArtrecError("The experiment cannot be started (no space).", "Free some space.")

    monkeypatch.setattr(runs, "begin", fail)
    test = opened(app)
    test.button(key="lab_recommend_begin").click().run()
    assert not test.exception and "Free some space" in test.error[0].value


def test_results_are_shown_with_intervals_and_by_every_measure(app, kept):
    kept(measured())
    test = opened(app, run=KEY)
    assert not test.error and test.query_params["run"] == KEY
    assert "is best: nDCG@20" in said(test)
    table = frame_with(test, "nDCG@20")
    assert set(table["algorithm"]) == {"random", "popularity", "ease", "text", "stacked"}
    assert list(frame_with(test, "reason")["algorithm"]) == ["means"]
    assert {"fit seconds", "model MB"} <= set(frame_with(test, "fit seconds").columns)
    assert (frame_with(test, "faithfulness")["additivity error"] < 1e-6).all()
    for measure in test.selectbox(key=f"lab_measure_{KEY}").options:
        test.selectbox(key=f"lab_measure_{KEY}").set_value(measure).run()
        assert not test.exception and f"{measure}: " in said(test)
    test.segmented_control(key=f"lab_against_{KEY}").set_value("diversity").run()
    assert not test.exception and "no other one beats in both" in said(test)


def test_a_cold_start_shows_curves_that_can_be_chosen(app, kept):
    kept(measured("cold-users", ["means", "biased-mf", "popularity"], rated=True))
    test = opened(app)
    curves = test.multiselect(key=f"lab_curves_{KEY}")
    assert set(curves.value) == {"means", "biased-mf", "popularity"}
    curves.set_value([]).run()
    assert not test.exception and "Choose a curve" in said(test)


def test_simulated_results_are_called_so(app, kept):
    document = invented()
    kept(document | {"data": document["data"] | {"simulated": True}})
    assert "These people are simulated" in opened(app).warning[0].value


def test_failed_stopped_and_damaged_runs_are_said_in_words(app, kept, home):
    kept(None, "1" * 24, error="artrec: No algorithm can run. Give more.\n")
    kept(None, "2" * 24)
    kept({"algorithms": 3}, "3" * 24)
    assert "No algorithm can run" in opened(app, run="1" * 24).error[0].value.replace("\\", "")
    assert "stopped" in opened(app, run="2" * 24).info[-1].value
    assert "cannot be read" in opened(app, run="3" * 24).error[0].value.replace("\\", "")


def test_hostile_names_stay_text_and_an_unknown_run_is_the_newest(app, kept):
    kept(measured())
    test = opened(app, run="../../etc")
    assert test.selectbox(key="lab_run_widget").value == KEY
    for element in (*test.markdown, *test.caption):
        assert "<script" not in element.value.replace("\\<", "") and not getattr(element, "allow_html", False)


def test_a_result_can_be_removed(app, kept, home):
    kept(invented())
    test = opened(app)
    test.button(key="lab_run_forget").click().run()
    assert not test.exception and not (home / "lab" / KEY).exists() and "is best" not in said(test)
