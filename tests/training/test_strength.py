"""How strongly an adapter speaks: between the base and what was learnt, as validation says."""

import numpy as np
import pytest

from artrec.encoder import ADAPTER_FILES, EncoderConfig
from artrec.encoder_export import load_reference
from artrec.training.contrastive import Settings, save_adapter, with_adapter
from artrec.training.strength import choose_strength, weaken

TEXTS = ["the red boat", "a blue sea", "boats"]


@pytest.fixture(scope="module")
def adapter(tiny, tmp_path_factory):
    """An adapter that was taught something, it does not matter what."""
    import torch

    folder = tmp_path_factory.mktemp("adapter")
    model = with_adapter(tiny, Settings(rank=4, alpha=8, targets=("query", "value"), bf16=False))
    torch.manual_seed(1)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.5)
    save_adapter(model, folder)
    return folder


def vectors(tiny, folder=None) -> np.ndarray:
    chosen = EncoderConfig(tiny.model, str(folder) if folder else None)
    return load_reference(chosen).encode(TEXTS, normalize_embeddings=True)


@pytest.mark.slow
def test_from_nothing_to_all(tiny, adapter, tmp_path):
    found = {}
    for strength in (0.0, 0.5, 1.0):
        weaken(adapter, strength, tmp_path / str(strength))
        found[strength] = vectors(tiny, tmp_path / str(strength))
    np.testing.assert_allclose(found[0.0], vectors(tiny), atol=1e-6)
    np.testing.assert_allclose(found[1.0], vectors(tiny, adapter), atol=1e-6)
    far = [np.linalg.norm(found[s] - found[0.0]) for s in (0.5, 1.0)]
    assert 0.01 < far[0] < far[1]


@pytest.mark.slow
def test_the_strength_that_validates_best_stays(tiny, adapter, tmp_path):
    copy = tmp_path / "copy"
    weaken(adapter, 1.0, copy)
    half = tmp_path / "half"
    weaken(adapter, 0.5, half)
    wanted = vectors(tiny, half)

    def validate(model) -> dict[str, float]:
        assert model.max_seq_length == 16
        return {"score": -float(np.linalg.norm(model.encode(TEXTS, normalize_embeddings=True) - wanted))}

    found = choose_strength(copy, validate, 16, tiny, strengths=(1.0, 0.5, 0.25))
    assert found["strength"] == 0.5 and [each["strength"] for each in found["tried"]] == [1.0, 0.5, 0.25]
    np.testing.assert_allclose(vectors(tiny, copy), wanted, atol=1e-6)
    assert sorted(file.name for file in copy.iterdir()) == sorted(ADAPTER_FILES)
