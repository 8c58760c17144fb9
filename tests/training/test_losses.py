"""The contrastive loss by hand: several queries a passage, and answers that are neither right nor wrong."""

import numpy as np
import pytest
import torch

from artrec.training.batches import Row
from artrec.training.losses import SeveralQueriesLoss


class Given:
    """A model whose features are its vectors."""

    def __call__(self, features):
        return {"sentence_embedding": features["vectors"]}


def vectors(*rows) -> dict:
    return {"vectors": torch.tensor(rows, dtype=torch.float32)}


def row(work: int, *also: int) -> Row:
    return Row(("q",), "p", work, (frozenset((work, *also)),))


EAST, NORTH = (1.0, 0.0), (0.0, 1.0)
LABELS = torch.tensor([0, 1])


def test_one_query_by_hand():
    loss = SeveralQueriesLoss(Given(), [row(0), row(1)], scale=2.0)
    got = float(loss([vectors(EAST, NORTH), vectors(EAST, NORTH)], LABELS))
    assert got == pytest.approx(-np.log(np.exp(2) / (np.exp(2) + 1)), abs=1e-6)
    wrong = float(loss([vectors(NORTH, EAST), vectors(EAST, NORTH)], LABELS))
    assert wrong == pytest.approx(-np.log(1 / (np.exp(2) + 1)), abs=1e-6)


def test_vectors_count_by_direction_alone():
    loss = SeveralQueriesLoss(Given(), [row(0), row(1)])
    one, other = vectors(EAST, NORTH), vectors((5.0, 0.0), (0.0, 0.1))
    assert float(loss([one, one], LABELS)) == pytest.approx(float(loss([other, other], LABELS)), abs=1e-6)


def test_another_right_answer_is_never_wrong():
    both = SeveralQueriesLoss(Given(), [row(0, 1), row(1, 0)], scale=2.0)
    assert float(both([vectors(NORTH, EAST), vectors(EAST, NORTH)], LABELS)) == 0  # nothing is left to be told apart


def test_the_same_work_twice_in_a_batch_is_not_its_own_negative():
    loss = SeveralQueriesLoss(Given(), [row(0), row(0)])
    assert float(loss([vectors(EAST, NORTH), vectors(EAST, NORTH)], LABELS)) == 0


def test_the_mean_over_queries_and_the_other_direction():
    rows = [Row(("q", "r"), "p", work, (frozenset((work,)),) * 2) for work in (0, 1)]
    right, wrong, shown = vectors(EAST, NORTH), vectors(NORTH, EAST), vectors(EAST, NORTH)
    values = [float(SeveralQueriesLoss(Given(), rows)([each, each, shown], LABELS)) for each in (right, wrong)]
    mixed = float(SeveralQueriesLoss(Given(), rows)([right, wrong, shown], LABELS))
    assert mixed == pytest.approx(np.mean(values), rel=1e-6)
    turned = float(SeveralQueriesLoss(Given(), rows, backward=1.0)([right, wrong, shown], LABELS))
    assert turned == pytest.approx((2 * values[0] + values[1]) / 3, rel=1e-6)


def test_what_was_seen_before_is_remembered_as_wrong():
    rows = [row(0), row(1), row(2, 0)]
    loss = SeveralQueriesLoss(Given(), rows, scale=2.0, memory=True)
    one = torch.tensor([0])
    first = float(loss([vectors(EAST), vectors(EAST)], one))
    assert first == 0  # nothing else is known yet
    second = float(loss([vectors(NORTH), vectors(NORTH)], torch.tensor([1])))
    assert second == pytest.approx(-np.log(np.exp(2) / (np.exp(2) + 1)), abs=1e-6)  # against what work 0 was
    third = float(loss([vectors(EAST), vectors(EAST)], torch.tensor([2])))
    assert third == pytest.approx(second, abs=1e-6)  # work 0 answers it as well and is left out; work 1 is not
    again = float(loss([vectors(EAST), vectors(EAST)], one))
    assert again == pytest.approx(-np.log(np.exp(2) / (2 * np.exp(2) + 1)), abs=1e-6)  # 1 and 2, never itself
    loss.eval()
    loss([vectors(NORTH), vectors(NORTH)], one)
    assert loss.kept[2][0].tolist() == [1, 0]  # what is only measured is not remembered


def test_half_of_the_loss_has_words_beside():
    rows = [Row((f"q{work}",), "p", work, (frozenset((work,)),)) for work in (0, 1)]
    words = {"q0": np.float32([0.5, 0.0]), "q1": np.float32([0.0, 0.25])}
    shown = vectors(EAST, NORTH)
    plain = float(SeveralQueriesLoss(Given(), rows, scale=2.0)([shown, shown], LABELS))
    got = float(SeveralQueriesLoss(Given(), rows, scale=2.0, words=words.__getitem__, residual=3.0)([shown, shown], LABELS))
    beside = [-np.log(np.exp(2 + 6 * share) / (np.exp(2 + 6 * share) + 1)) for share in (0.5, 0.25)]
    assert got == pytest.approx((plain + np.mean(beside)) / 2, rel=1e-5)


def test_what_words_find_already_teaches_less():
    rows = [Row(("q",), "p", work, (frozenset((work,)),)) for work in (0, 1)]
    queries = torch.tensor([EAST, NORTH], requires_grad=True)
    slopes = []
    for found in ([1.0, 0.0], [0.0, 0.0]):
        loss = SeveralQueriesLoss(Given(), rows, scale=2.0, words=lambda q, f=found: np.float32(f))
        loss([{"vectors": queries}, vectors((0.8, 0.6), (0.6, 0.8))], torch.tensor([0, 1])).backward()
        slopes.append(float(queries.grad[0].norm()))
        queries.grad = None
    assert 0 < slopes[0] < slopes[1]
