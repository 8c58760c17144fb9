import json
from pathlib import Path

import numpy as np
import pytest
from helpers_community import circle_works, circles, rated_circles

from artrec.community.base import NotApplicable
from artrec.community.interactions import History, Interactions
from artrec.community.registry import ALGORITHMS, Algorithm
from artrec.community.works import Works
from artrec.errors import ArtrecError
from artrec.evaluation import experiment
from artrec.evaluation.protocols import PROTOCOLS, leave_last_out
from artrec.evaluation.ratings import Ratings, load_ratings
from artrec.evaluation.works_table import open_catalogue
from artrec.files import plain

WORKS = circle_works()
SUPERRARE = Path(__file__).parents[2] / "../shared/data/superrare"
FEW = ["random", "popularity", "ease", "means", "stacked"]


def ratings_of(data: Interactions) -> Ratings:
    return Ratings(data, tuple(map(str, range(data.n_users))), tuple(map(str, range(data.n_works))), {}, (), 0, "hash")


class Oracle:
    """Knows what each person goes on to."""

    name, rates, live = "oracle", False, False

    def __init__(self, cases):
        self.wanted = {case.history.works.tobytes(): case.works for case in cases}

    def score(self, history: History) -> np.ndarray:
        scores = np.zeros(20)
        scores[self.wanted[history.works.tobytes()]] = 1
        return scores


def test_who_knows_everything_gets_all_and_chance_what_chance_gets():
    split = leave_last_out(circles())
    oracle = experiment.evaluate(Algorithm("oracle", "test", lambda data, works: Oracle(split.cases)), split, WORKS)
    for measure in ("nDCG@5", "hit@5", "MRR@20", "recall@20", "answered"):
        assert (oracle.values[measure] == 1).all()
    chance = experiment.evaluate(ALGORITHMS["random"], split, WORKS)
    assert 0.1 < chance.values["hit@5"].mean() < 0.65  # 5 of 14 unseen works: 0.36


class Counts:
    """Recommends what most people like, of whatever it was shown."""

    name, rates, live = "counts", False, False

    def __init__(self, data):
        self.counts = data.counts.astype(float)

    def score(self, history: History) -> np.ndarray:
        return self.counts


def test_a_leak_flatters_and_the_honest_protocol_has_none():
    """Twelve people come one after another. Each likes an old work, then one of three that nobody liked before: whoever knows
    what later ones did is told it, whoever does not has nothing to go by."""
    users, works, times = [], [], []
    for user in range(12):
        users += [user] * 2
        works += [user, 12 + user // 4]
        times += [100 * user, 100 * user + 1]
    data = Interactions.of(users, works, None, times, n_works=40)
    counts = Algorithm("counts", "test", lambda data, works: Counts(data))
    leaky = experiment.evaluate(counts, PROTOCOLS["leave-last-out-leaky"](data), None)
    honest = experiment.evaluate(counts, leave_last_out(data), None)
    first = [0, 4, 8]  # the first to like each of the three
    assert leaky.values["hit@5"].mean() == 0  # every last like is held back: nobody is told
    assert honest.cost["fits"] == 6 and leaky.cost["fits"] == 1 and (honest.values["nDCG@20"][first] <= 0.5).all()
    seen: list[Interactions] = []
    spy = Algorithm("spy", "test", lambda data, works: seen.append(data) or Counts(data))
    split = leave_last_out(data)
    experiment.evaluate(spy, split, None)
    assert [found.times.max(initial=-1) < date for found, date in zip(seen, split.dates, strict=True)] == [True] * 6


def test_rounds_with_too_little_to_learn_from_stay_unanswered():
    data = circles()

    def late(data, works):
        if len(data.past) < 130:
            raise NotApplicable("Too few.", "Wait.")
        return Counts(data)

    found = experiment.evaluate(Algorithm("late", "test", late), leave_last_out(data), None)
    assert 0 < found.values["answered"].mean() < 1
    assert (found.values["nDCG@20"][found.values["answered"] == 0] == 0).all()
    with pytest.raises(NotApplicable, match="never"):
        experiment.evaluate(Algorithm("never", "test", refuse), leave_last_out(data), None)


def refuse(data, works):
    raise NotApplicable("It can never run.", "Leave it out.")


def test_a_report_is_json_and_lists_what_cannot_run_with_the_reason():
    report = experiment.run(ratings_of(circles()), WORKS, names=FEW)
    assert json.loads(json.dumps(plain(report)))["primary"] == "nDCG@20"
    assert {a["name"] for a in report["algorithms"]} == {"random", "popularity", "ease", "stacked"}
    assert "ratings" in report["not_applicable"]["means"]
    assert {row["with"] for row in report["comparisons"]} == {"random", "popularity", "ease"}
    ease = next(a for a in report["algorithms"] if a["name"] == "ease")
    found = ease["measures"]["nDCG@20"]
    assert found["low"] <= found["mean"] <= found["high"] and found["people"] == 24
    assert ease["cost"]["model MB"] > 0 and ease["explanations"]["additivity error"] < 1e-6


def test_a_cold_start_on_ratings_has_a_curve_of_correlations():
    report = experiment.run(ratings_of(rated_circles()), None, "cold-users", ["means", "biased-mf", "text"])
    assert report["primary"] == "spearman" and "catalogue" in report["not_applicable"]["text"]
    curve = next(a for a in report["algorithms"] if a["name"] == "biased-mf")["curve"]
    assert list(curve) == [1, 3, 5, 10] and curve[10]["spearman"]["mean"] > 0.6


def test_a_seed_repeats_the_figures():
    first, second = (experiment.run(ratings_of(circles()), WORKS, "random", ["random", "bpr"], seed=3) for _ in range(2))
    assert [a["measures"] for a in first["algorithms"]] == [a["measures"] for a in second["algorithms"]]


def test_progress_is_told():
    told = []
    experiment.run(ratings_of(circles()), WORKS, names=["random", "ease"], progress=lambda *step: told.append(step))
    assert told == [("random", 0, 2), ("ease", 1, 2), ("", 2, 2)]


def test_unknown_algorithms_and_data_that_carry_none_are_refused():
    with pytest.raises(ArtrecError, match="'eas' is no algorithm"):
        experiment.choose(["eas"])
    with pytest.raises(ArtrecError, match="No algorithm is named"):
        experiment.choose([])
    with pytest.raises(ArtrecError, match="No algorithm can run"):
        experiment.run(ratings_of(circles()), None, names=["means"])
    assert all(not a.neural for a in experiment.choose(None))


def test_bytes_of_a_model_are_its_arrays_once():
    model = ALGORITHMS["ease"].fit(circles(), None)
    assert experiment.size_of((model, model)) == experiment.size_of(model) == model.weights.nbytes
    assert experiment.size_of({"a": np.zeros(4), "b": WORKS, "c": "text"}) == 32


@pytest.mark.slow
@pytest.mark.skipif(not SUPERRARE.is_dir(), reason="the SuperRare likes are not here")
def test_on_real_likes_the_stack_beats_every_channel(encoder):
    from artrec.text import passage

    catalogue = open_catalogue(SUPERRARE / "works.csv")
    data = load_ratings(SUPERRARE / "likes.csv", [work.artwork_id for work in catalogue])
    assert len(data.interactions) == 3_068 and data.interactions.timed and not data.left_out
    works = Works(catalogue, encoder.encode([passage(work) for work in catalogue]))
    report = experiment.run(data, works)
    assert report["people_asked"] == 98 and len(report["comparisons"]) > 20
    for row in report["comparisons"]:
        assert row["difference"] > 0 and row["p_corrected"] < 0.05, row


@pytest.mark.parametrize("name", ["means", "freshness"])
def test_a_reason_is_one_line(name):
    with pytest.raises(NotApplicable) as reason:
        ALGORITHMS[name].fit(circles().untimed(), WORKS)
    assert "\n" not in str(reason.value)
