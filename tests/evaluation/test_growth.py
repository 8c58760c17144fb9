"""Growth: the figures are whole and possible; a law that is known is found."""

import json
import time

import numpy as np

from artrec.evaluation import bench, growth
from artrec.evaluation.growth import chart, exponents


def test_the_figures_are_json_and_whole(artrec_home):
    figures = growth.run([bench.SMALLEST])
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures and "exponents" not in figures
    (each,) = figures["sizes"]
    assert set(each["stages_s"]) == {"records", "index", "words", "topics", "predict", "map"}
    assert set(each["memory_by_stage_MB"]) >= {"map"} and each["memory_before_MB"] < each["memory_peak_MB"]
    assert 0 < sum(each["stages_s"].values()) <= each["build_s"] * 1.05 + 0.1
    assert each["works"] == bench.SMALLEST and each["recall_at_10"] == 1 and each["disk_MB"] > 0 and each["open_s"] > 0
    for name in ("index_search", "search", "search_10_percent", "search_1_percent", "recommend"):
        assert 0 < each[f"{name}_ms"]["p50"] <= each[f"{name}_ms"]["p95"]


def test_the_exponent_of_a_known_law_is_found():
    laws = {"search": 0.5, "search_1_percent": 0, "recommend": 2}
    measured = [
        {"works": n, "build_cpu_s": n / 500, "open_cpu_s": 2.0} | {f"{name}_ms": {"cpu": n**law} for name, law in laws.items()}
        for n in (10, 100, 1000)
    ]
    assert exponents(measured) == {"build": 1.0, "open": 0.0} | laws


def test_the_chart_is_a_mermaid_block():
    drawn = chart({"sizes": [{"works": 10_000, "build_cpu_s": 5.0}, {"works": 30_000, "build_cpu_s": 12.0}]}).splitlines()
    assert drawn[0] == "```mermaid" and drawn[-1] == "```" and drawn[1] == "xychart-beta"
    assert [line.strip() for line in drawn[3:7]] == [
        'x-axis ["10k", "30k"]',
        'y-axis "seconds" 0 --> 17',
        "bar [5.0, 12.0]",
        "line [5.0, 15.0]",
    ]


def test_memory_is_watched_by_stage():
    watch = growth.Watch()
    with watch.looking():
        watch("a", 0, 1)
        time.sleep(3 * growth.LOOKED_EVERY)
        watch("b", 0, 1)
        held = np.ones(10_000_000)  # 80 MB
        time.sleep(5 * growth.LOOKED_EVERY)
    assert watch.peaks["b"] - watch.peaks["a"] > held.nbytes / 1e6 / 2
    assert watch.seconds["a"] >= 0 and set(watch.cpu) == {"a", "b"}
