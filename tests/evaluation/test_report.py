import csv
import io
import re
from html.parser import HTMLParser

import pytest
from helpers_lab_runs import HOSTILE, invented, measured

from artrec.evaluation import report as told
from artrec.evaluation.protocols import ABOUT, PROTOCOLS


@pytest.fixture(scope="module")
def real() -> dict:
    return measured()


class Scripts(HTMLParser):
    """Counts the elements, and gathers what they would fetch."""

    def __init__(self):
        super().__init__()
        self.fetched, self.tags = [], {}

    def handle_starttag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.fetched += [value for name, value in attrs if name in ("src", "href", "srcset", "action")]


def test_every_protocol_and_measure_is_told_in_words(real):
    assert set(ABOUT) == set(PROTOCOLS)
    assert all(told.words(measure) for measure in told.measures(real))
    have = set(told.measures(real))
    assert {f"{m}@{k}" for m in ("precision", "recall", "F1", "hit", "MAP", "MRR", "nDCG") for k in (5, 10, 20)} <= have
    assert {"coverage", "gini", "novelty", "diversity", "serendipity", "popularity lift", "miscalibration"} <= have


def test_best_comes_first_also_where_less_is_better():
    assert list(told.estimates(invented(), "nDCG@20")) == ["a2", "a1", "a0"]
    assert list(told.estimates(invented(), "RMSE")) == ["a0", "a1", "a2"]
    assert told.estimates(invented(), "coverage")["a0"] == {"mean": 0.9, "low": 0.9, "high": 0.9}
    assert list(told.curves(invented(), "nDCG@20")["a2"]) == [1, 5] and told.curves(invented(), "novelty") == {}


def test_the_headline_counts_only_what_is_beyond_chance():
    said = told.headline(invented())
    assert "a2 is best: nDCG@20 0.300 (0.250 to 0.350)" in said and "above 1 of 2 others" in said and "below 0" in said
    assert told.headline(invented() | {"algorithms": []}) == "No algorithm has a value of nDCG@20 on these data."


def test_a_table_orders_by_its_first_measure_and_shows_intervals():
    lines = told.table(invented(), ["coverage", "nDCG@20"])
    assert [line["algorithm"] for line in lines] == ["a0", "a1", "a2"]
    assert lines[0]["nDCG@20"] == "0.100 (0.050 to 0.150)" and lines[0]["coverage"] == "0.900"
    assert lines[0]["p against a2"] == "0.2000" and lines[2]["p against a2"] == ""


def test_curves_to_begin_with_hold_what_must_be_beaten():
    names = [f"a{i}" for i in range(20)] + ["popularity", "means"]
    chosen = told.chosen_curves(names)
    assert chosen[:6] == names[:6] and set(chosen[6:]) == {"means", "popularity"} and len(chosen) <= told.LINES
    assert told.chosen_curves(["means"]) == ["means"]


def test_a_csv_file_is_safe_for_spreadsheets_and_whole(real):
    rows = list(csv.DictReader(io.StringIO(told.to_csv(real).decode("utf-8-sig"))))
    assert [row["algorithm"] for row in rows] == ["random", "popularity", "ease", "text", "stacked", "means"]
    for row in rows:
        assert not any(value[:1] in ("=", "+", "@", "\t") for value in row.values() if value)
        assert row["data"].startswith("'=<script>")
    ease = rows[2]
    found = next(a for a in real["algorithms"] if a["name"] == "ease")["measures"]["nDCG@20"]
    assert float(ease["nDCG@20"]) == found["mean"] and float(ease["nDCG@20 low"]) == found["low"]
    assert rows[-1]["not applicable"].startswith("It needs ratings") and rows[-1]["nDCG@20"] == ""


def test_an_html_report_fetches_nothing_and_holds_no_foreign_element(real):
    page = told.to_html(real)
    parsed = Scripts()
    parsed.feed(page)
    assert parsed.fetched == [] and "default-src 'none'" in page
    plain = Scripts()
    plain.feed(told.to_html(real | {"data": real["data"] | {"ratings": "x"}, "command": "y"}))
    assert parsed.tags == plain.tags and HOSTILE not in page and "&lt;script&gt;alert" in page
    for said in (
        "stacked",
        "Not applicable",
        "2 lines left out: no person.",
        "Are the reasons true?",
        "leave" and "asked at the",
    ):
        assert said in page


def test_simulated_people_are_named_so_in_the_report(real):
    for simulated in (True, False):
        document = real | {"data": real["data"] | {"simulated": simulated}}
        assert ("no person stands behind" in told.to_html(document)) is simulated
        assert ("simulated people" in told.data_line(document)) is simulated
        assert ("simulated likes" in told.to_csv(document).decode()) is simulated


def test_a_cold_start_has_its_curves_in_the_report():
    document = measured("cold-users", ["means", "biased-mf", "popularity"], rated=True)
    page = told.to_html(document)
    assert "New people" in page and "works that the new person has told of" in page
    assert re.search(r"from 1 to 5", told.data_line(document)) and document["primary"] == "spearman"
    assert "New people" not in told.to_html(measured("random", ["random", "ease"]))
