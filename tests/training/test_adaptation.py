"""Masked language modelling on a toy text: the loss falls, and what it leaves is an adapter to begin with."""

import pytest

from artrec.training.adaptation import Adaptation, adapt
from artrec.training.contrastive import Settings, with_adapter

TEXTS = ["the red boat on the blue sea", "the blue boats on the red sea", "red on blue on red on blue"] * 40


@pytest.mark.slow
def test_words_are_learnt_and_the_adapter_fits(tiny, tmp_path):
    out = tmp_path / "out"
    history = adapt(TEXTS, out, Adaptation(steps=60, batch=16, learning_rate=2e-2, rank=4, alpha=8, bf16=False), tiny)
    assert history["passages"] == 120
    assert history["losses"][-1]["loss"] < 0.8 * history["losses"][0]["loss"]
    settings = Settings(rank=4, alpha=8, bf16=False)
    fresh, begun = (with_adapter(tiny, settings, start) for start in (None, out))
    one, other = (model.encode(TEXTS[:2], normalize_embeddings=True) for model in (fresh, begun))
    assert abs(one - other).max() > 1e-3  # a fresh adapter changes nothing, this one does
    assert sorted(file.name for file in out.iterdir()) == ["adapter_config.json", "adapter_model.safetensors"]
    with pytest.raises(RuntimeError):
        with_adapter(tiny, Settings(rank=8, alpha=8), out)  # of another size
