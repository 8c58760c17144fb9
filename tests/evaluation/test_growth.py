"""Growth: the figures are whole and possible; a law that is known is found."""

import json

from artrec.evaluation import bench, growth
from artrec.evaluation.growth import exponents


def test_the_figures_are_json_and_whole(artrec_home):
    figures = growth.run([bench.SMALLEST])
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures and "exponents" not in figures
    (each,) = figures["sizes"]
    assert set(each["stages_s"]) == {"records", "index", "words", "topics", "predict", "map"}
    assert 0 < sum(each["stages_s"].values()) <= each["build_s"] * 1.05 + 0.1
    assert each["works"] == bench.SMALLEST and each["recall_at_10"] == 1 and each["disk_MB"] > 0 and each["open_s"] > 0
    for name in ("index_search", "search", "search_10_percent", "search_1_percent", "recommend"):
        assert 0 < each[f"{name}_ms"]["p50"] <= each[f"{name}_ms"]["p95"]


def test_the_exponent_of_a_known_law_is_found():
    measured = [
        {"works": n, "build_s": n / 1000, "open_s": 2.0, "search_ms": {"p50": n**0.5}, "search_1_percent_ms": {"p50": 1.0},
         "recommend_ms": {"p50": n**2}}
        for n in (10, 100, 1000)
    ]  # fmt: skip
    assert exponents(measured) == {"build": 1.0, "open": 0.0, "search": 0.5, "search_1_percent": 0.0, "recommend": 2.0}
