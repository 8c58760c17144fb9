"""How wide a catalogue reaches, against its goals."""

import json

import pytest
from helpers import WORKS, catalogue_of, toy_catalogue

from artrec.coverage import LABELS, Goals, coverage, figures, load_goals, shown
from artrec.errors import CatalogueError


def with_fields(row: int, **fields):
    return WORKS[row].model_copy(update=fields)


def test_figures_of_the_toy_world():
    found = figures(toy_catalogue())
    assert set(found) == set(LABELS)
    assert (found["works"], found["makers"], found["most_by_one_artist"], found["types"]) == (12, 2, 6, 2)
    assert (found["regions"], found["share_europe_and_northern_america"]) == (2, 0.5)
    assert (found["earliest"], found["latest"]) == (1828, 1928)
    assert found["share_women_after_1800"] is None  # no gender is recorded there
    assert found["best_known_missing"] is None and found["with_wikipedia"] == 0


def test_the_share_of_women_leaves_out_who_is_unknown_and_what_is_older():
    works = (
        with_fields(0, artist_gender="woman"), with_fields(1, artist_gender="man"), with_fields(2, artist_gender=""),
        with_fields(3, artist_gender="nonbinary"), with_fields(4, artist_gender="group"),
        with_fields(5, artist_gender="woman", year_start=1700, year_end=1700),
        with_fields(6, artist_gender="woman", year_start=None, year_end=None),
    )  # fmt: skip
    assert figures(catalogue_of(*works))["share_women_after_1800"] == 1 / 4


def test_works_of_no_known_country_count_for_no_region():
    found = figures(catalogue_of(with_fields(0, country=""), with_fields(6), with_fields(7, country="Canada")))
    assert found["regions"] == 2 and found["share_europe_and_northern_america"] == 1
    assert figures(catalogue_of(with_fields(0, country="")))["share_europe_and_northern_america"] is None


@pytest.mark.parametrize(
    "goals, name, goal, met",
    [
        (Goals({"works": 12}, {}, ()), "works", "≥ 12", True),
        (Goals({"works": 13}, {}, ()), "works", "≥ 13", False),
        (Goals({}, {"works": 11}, ()), "works", "≤ 11", False),
        (Goals({"works": 1}, {"works": 12}, ()), "works", "≥ 1 and ≤ 12", True),
        (Goals({"share_women_after_1800": 0.2}, {}, ()), "share_women_after_1800", "≥ 20%", False),
        (Goals({}, {"earliest": -500}, ()), "earliest", "≤ 500 BCE", False),
        (Goals({}, {}, (WORKS[0].artwork_id,)), "best_known_missing", "≤ 0", True),
        (Goals({}, {}, (WORKS[0].artwork_id, "mona-lisa")), "best_known_missing", "≤ 0", False),
        (Goals({}, {}, ()), "works", "", None),
    ],
)
def test_goals(goals, name, goal, met):
    line = next(figure for figure in coverage(toy_catalogue(), goals) if figure.name == name)
    assert (line.goal, line.met) == (goal, met)


def test_shown_as_people_read_it():
    assert [shown("works", 1234), shown("earliest", -43500), shown("latest", 2019)] == ["1,234", "43,500 BCE", "2019"]
    assert [shown("share_women_after_1800", 0.256), shown("works", None)] == ["26%", "not known"]


def test_goals_from_a_file(tmp_path):
    assert load_goals(tmp_path) == Goals({}, {}, ())
    (tmp_path / "goals.json").write_text(json.dumps({"at_least": {"works": 3}, "best_known": ["a"]}), "utf-8")
    assert load_goals(tmp_path) == Goals({"works": 3.0}, {}, ("a",))


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"at_least": {"wroks": 3}}', '{"at_most": {"works": "x"}}', '{"at_least": 3}', "null"]
)
def test_broken_goals_are_refused_with_the_cure(tmp_path, text):
    (tmp_path / "goals.json").write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match="goals.json cannot be read") as caught:
        load_goals(tmp_path)
    assert "at_least" in str(caught.value)


def test_the_starter_collection_reaches_its_goals(starter):
    from artrec import config

    goals = load_goals(config.STARTER)
    assert len(set(goals.best_known)) >= 100
    table = coverage(starter.catalogue, goals)
    assert [figure for figure in table if figure.met is False] == []
    assert sum(figure.met is True for figure in table) >= 10
