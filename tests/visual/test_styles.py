import numpy as np
import pytest

from artrec.visual.styles import StyleModel


def world(seed=0, n=40):
    """Two styles: one differs in the features, the other view is noise, or the other way round."""
    random = np.random.default_rng(seed)
    labels = np.array(["a", "b"] * (n // 2))
    told = random.normal(0, 0.3, (n, 6)) + (labels == "a")[:, None] * 2
    noise = random.normal(0, 1, (n, 8))
    unit = lambda rows: (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)  # noqa: E731
    return labels, told.astype(np.float32), unit(noise), noise.astype(np.float32), unit(told - told.mean(axis=0))


def test_what_either_view_tells_is_learnt():
    labels, told, noise_unit, noise, told_unit = world()
    train, test = np.arange(0, 30), np.arange(30, 40)
    for raw, signatures in ((told, noise_unit), (noise, told_unit)):
        model = StyleModel.fit(raw[train], signatures[train], labels[train])
        assert (model.predict(raw[test], signatures[test]) == labels[test]).mean() >= 0.9


def test_one_view_alone_does_not_look_at_the_other():
    labels, told, noise_unit, noise, _ = world()
    model = StyleModel.fit(told, noise_unit, labels, ("features",))
    assert np.array_equal(model.predict(told, noise_unit), model.predict(told, noise_unit[::-1]))
    assert (StyleModel.fit(noise, noise_unit, labels, ("patches",)).predict(noise[::-1], noise_unit) == labels).mean() > 0.7


def test_training_pictures_get_the_kernel_they_were_fitted_with():
    labels, told, noise_unit, _, _ = world()
    model = StyleModel.fit(told, noise_unit, labels, cost=100.0)
    assert (model.predict(told, noise_unit) == labels).all()
    assert np.array_equal(model.predict(told[:1], noise_unit[:1]), model.predict(told, noise_unit)[:1])


@pytest.mark.parametrize("seed", range(3))
def test_labels_by_chance_cannot_be_learnt(seed):
    random = np.random.default_rng(seed)
    raw, signatures = random.normal(0, 1, (2, 120, 5)).astype(np.float32)
    signatures /= np.linalg.norm(signatures, axis=1, keepdims=True)
    labels = random.permutation(["a", "b"] * 60)
    right = (StyleModel.fit(raw[:80], signatures[:80], labels[:80]).predict(raw[80:], signatures[80:]) == labels[80:]).mean()
    assert 0.2 < right < 0.8
