"""Training on a toy set: the loss falls, ranks follow what was taught, and what is saved is what was learnt."""

import json

import numpy as np
import pytest
import torch

from artrec.encoder import EncoderConfig, TorchEncoder
from artrec.encoder_export import load_reference
from artrec.errors import EncoderError
from artrec.training.batches import Row
from artrec.training.contrastive import Settings, cosines, known_item, train

# What a passage means is arbitrary here, so that only training can tell.
TAUGHT = [("red", "boat boat on sea"), ("blue", "the the on"), ("sea", "red blues"), ("boats", "a b c d")]
PASSAGES = [passage for _, passage in TAUGHT]
FEW = Settings(
    rank=4, alpha=8, targets=("query", "value"), learning_rate=2e-2, batch=4, passes=12, patience=99, bf16=False, max_tokens=32
)
ROWS = [
    Row((f"{query} {one}", f"{other} {query}"), passage, work, (frozenset((work,)),) * 2)
    for one, other in ("xy", "zq", "rs", "tv") * FEW.passes
    for work, (query, passage) in enumerate(TAUGHT)
]

PASS = 4 * len(TAUGHT)  # rows


def score(model) -> dict[str, float]:
    return {"score": known_item(cosines(model, PASSAGES, [query for query, _ in TAUGHT]), range(4), k=4).mean()}


def learn(folder, tiny, validate=score, settings=FEW, notes=(), **more) -> dict:
    return train(ROWS, PASS, notes, validate, folder, settings, base=tiny, **more)


@pytest.fixture(scope="module")
def trained(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    return folder, learn(folder, tiny)


@pytest.mark.slow
def test_the_loss_falls_and_ranks_follow_what_was_taught(tiny, trained):
    folder, history = trained
    losses = [step["loss"] for step in history["losses"]]
    assert losses[-1] < 0.7 * losses[0]
    before = score(load_reference(tiny))["score"]
    after = score(load_reference(EncoderConfig(tiny.model, str(folder))))["score"]
    assert after > before + 0.15 and after > 0.9
    assert after == pytest.approx(max(each["score"] for each in history["passes"]), abs=0.05)
    assert json.loads((folder / "training.json").read_text()) == json.loads(json.dumps(history))
    assert not (folder / "checkpoints").exists()


@pytest.mark.slow
def test_what_is_loaded_is_what_was_saved(tiny, trained, tmp_path):
    folder, _ = trained
    twice = [TorchEncoder(EncoderConfig(tiny.model, str(folder))).encode(PASSAGES) for _ in range(2)]
    np.testing.assert_array_equal(*twice)
    assert not np.allclose(twice[0], TorchEncoder(tiny).encode(PASSAGES), atol=1e-3)
    configuration = json.loads((folder / "adapter_config.json").read_text())
    assert configuration["base_model_name_or_path"] == "sentence-transformers/all-MiniLM-L6-v2"
    assert "/tmp" not in (folder / "adapter_config.json").read_text()


@pytest.mark.slow
def test_the_same_seed_learns_the_same(tiny, trained, tmp_path):
    again = learn(tmp_path, tiny)
    assert [s["loss"] for s in again["losses"]] == pytest.approx([s["loss"] for s in trained[1]["losses"]], rel=1e-2)


@pytest.mark.slow
def test_training_can_begin_where_another_ended(tiny, trained, tmp_path):
    folder, history = trained
    again = learn(tmp_path, tiny, start=folder)
    assert again["losses"][0]["loss"] < 0.7 * history["losses"][0]["loss"]


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on(tiny, tmp_path):
    class Stop(Exception):
        pass

    calls = []

    def stop_after_three(model) -> dict[str, float]:
        calls.append(1)
        if len(calls) == 4:
            raise Stop
        return score(model)

    with pytest.raises(Stop):
        learn(tmp_path, tiny, stop_after_three)
    assert list((tmp_path / "checkpoints").glob("checkpoint-*"))
    history = learn(tmp_path, tiny)
    assert [each["step"] for each in history["passes"]] == list(range(4, 4 * FEW.passes + 1, 4))  # none lost, none twice


@pytest.mark.slow
def test_a_worse_pass_after_a_stop_does_not_replace_the_best(tiny, tmp_path):
    given = iter([0.1, 0.9, RuntimeError("stopped"), *[0.2] * 12])

    def validate(model) -> dict[str, float]:
        value = next(given)
        if isinstance(value, Exception):
            raise value
        return {"score": value}

    with pytest.raises(RuntimeError):
        learn(tmp_path, tiny, validate)
    best = (tmp_path / "adapter_model.safetensors").read_bytes()
    learn(tmp_path, tiny, validate)
    assert (tmp_path / "adapter_model.safetensors").read_bytes() == best


@pytest.mark.slow
def test_a_run_that_no_longer_gets_better_ends(tiny, tmp_path):
    given = iter([0.1, 0.9, *[0.2] * 12])
    history = learn(tmp_path, tiny, lambda model: {"score": next(given)}, settings=Settings(**vars(FEW) | {"patience": 3}))
    assert [each["score"] for each in history["passes"]] == [0.1, 0.9, 0.2, 0.2, 0.2]


@pytest.mark.slow
def test_notes_and_short_vectors_are_learnt_beside(tiny, tmp_path):
    notes = [("the red", 2), ("red a", 2), ("blue b", 0), ("boat", 1)] * 24
    settings = Settings(**vars(FEW) | {"dimensions": (32, 8)})
    history = learn(tmp_path, tiny, settings=settings, notes=notes)
    assert history["passes"][-1]["step"] == 72 and len(history["passes"]) == 12  # 48 batches of works, 24 of notes
    model = load_reference(EncoderConfig(tiny.model, str(tmp_path)))
    short = model.encode([*PASSAGES, *(query for query, _ in TAUGHT)], truncate_dim=8, normalize_embeddings=True)
    assert ((short[4:] @ short[:4].T).argmax(axis=1) == np.arange(4)).mean() >= 0.75


@pytest.mark.slow
def test_damaged_adapters_and_other_bases_are_refused(tiny, trained, tmp_path):
    folder, _ = trained
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    chosen = EncoderConfig(tiny.model, str(tmp_path))
    (tmp_path / "manifest.json").write_text(json.dumps({"base": "0" * 64}))
    with pytest.raises(EncoderError, match="trained on another model"):
        TorchEncoder(chosen)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(EncoderError, match="manifest"):
        TorchEncoder(chosen)
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "adapter_model.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(EncoderError, match="cannot be loaded"):
        TorchEncoder(chosen)


def test_the_score_by_hand():
    class Known:
        def encode(self, texts, **_):
            return np.array([{"a": [1, 0], "b": [0, 1], "c": [0.6, 0.8]}[t] for t in texts], dtype=np.float32)

    assert torch  # the autocast around it must not change what numpy gives
    assert known_item(cosines(Known(), ["a", "b", "c"], ["a", "b"]), [0, 2]).tolist() == pytest.approx([1, 1 / np.log2(3)])
