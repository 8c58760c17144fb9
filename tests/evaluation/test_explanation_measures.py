import numpy as np
from helpers_community import circle_works, circles

from artrec.community.interactions import History
from artrec.community.registry import ALGORITHMS
from artrec.evaluation.explanations import measure_explanations
from artrec.evaluation.metrics import best
from artrec.evaluation.protocols import leave_last_out


class Sums:
    """Each known work adds its own number to every work; `lie` names them in the wrong order."""

    name, rates, live = "sums", False, True

    def __init__(self, lie: float = 1.0, off: float = 0.0):
        self.lie, self.off = lie, off

    def score(self, history: History) -> np.ndarray:
        return np.full(20, float(history.works.sum()))

    def explain(self, history: History, work: int) -> np.ndarray:
        total = self.score(history)[work]
        parts = self.lie * history.works
        return np.r_[parts, total - parts.sum() + self.off]


SPLIT = leave_last_out(circles())
LISTS = [best(np.arange(20.0), case.history.works, 0) for case in SPLIT.cases]


def test_the_truth_is_faithful_and_a_lie_is_not():
    true_, lie = (measure_explanations([Sums(sign)] * len(LISTS), SPLIT.cases, LISTS) for sign in (1, -1))
    assert true_["faithfulness"] == 1 and lie["faithfulness"] == 0
    assert true_["additivity error"] == 0 and true_["stability"] == 1


def test_parts_that_do_not_add_up_are_found_out():
    assert measure_explanations([Sums(off=0.25)] * len(LISTS), SPLIT.cases, LISTS)["additivity error"] == 0.25


def test_a_real_model_is_additive_and_faithful():
    model = ALGORITHMS["ease"].fit(SPLIT.train, circle_works())
    lists = [best(model.score(case.history), case.history.works, 0) for case in SPLIT.cases]
    found = measure_explanations([model] * len(lists), SPLIT.cases, lists)
    assert found["cases"] > 10 and found["additivity error"] < 1e-6 and found["faithfulness"] > 0.9


def test_nobody_to_ask_gives_nothing():
    assert measure_explanations([], [], []) == {}
    assert measure_explanations([None] * len(LISTS), SPLIT.cases, LISTS) == {}
