import numpy as np
import torch
from helpers_community import circle_works, circles

from artrec.community.neural.layers import Network, dense, training
from artrec.community.neural.two_tower import TwoTower, describe

WORKS = circle_works()


def test_a_network_as_arrays_is_the_network():
    with training(0):
        module = dense(6, 5, 3)
        x = torch.randn(4, 6)
        expected = module(x).detach().numpy()
    np.testing.assert_allclose(Network.of(module)(x.numpy()), expected, atol=1e-6)


def test_chance_and_threads_are_afterwards_as_before():
    torch.manual_seed(7)
    expected, threads = torch.rand(1).item(), torch.get_num_threads()
    torch.manual_seed(7)
    with training(0):
        torch.rand(5)
    assert torch.rand(1).item() == expected and torch.get_num_threads() == threads


def test_works_are_described_by_text_and_attributes():
    features = describe(WORKS, 8, 0)
    assert features.shape[0] == 20 and features.dtype == np.float32
    np.testing.assert_array_equal(features[:, :16], WORKS.vectors)
    attributes = features[:, 16:]
    np.testing.assert_allclose(attributes[0] @ attributes[1], 1, atol=1e-5)  # the circle's works differ in nothing
    np.testing.assert_allclose(attributes[0] @ attributes[15], 0, atol=1e-5)


def test_two_towers_score_works_that_nobody_has_liked():
    data = circles()
    seen = data.keep((data.works != 9) & (data.works != 19))
    from artrec.community.interactions import History

    scores = TwoTower.fit(seen, WORKS).score(History.of([0, 1, 2]))
    assert scores[9] > scores[19]
