"""Exporting a model: a tiny one that is made here, with and without an adapter, and everything that can go wrong."""

import json
import os
import shutil

import numpy as np
import pytest
from helpers import unit

from artrec import encoder_export, encoder_openvino
from artrec.encoder import EncoderConfig, OnnxEncoder, TorchEncoder, export_folder, fingerprint, load_encoder
from artrec.encoder_export import export, load_reference
from artrec.encoder_openvino import OpenVinoEncoder
from artrec.errors import EncoderError

TEXTS = ["a blue boat", "a red square on the sea", "storm", "zzz unknown words", "", "sea " * 500, "梵高"]


@pytest.fixture(scope="module")
def tuned(tiny, tmp_path_factory) -> EncoderConfig:
    """The same model with a LoRA adapter whose weights change its vectors."""
    import torch
    from peft import LoraConfig, get_peft_model

    model = get_peft_model(load_reference(tiny)[0].model, LoraConfig(r=4, target_modules=["query", "value"], lora_alpha=8))
    torch.manual_seed(1)
    for name, weights in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weights, std=0.5)
    folder = tmp_path_factory.mktemp("adapter")
    model.save_pretrained(str(folder))
    return EncoderConfig(tiny.model, str(folder))


@pytest.fixture(scope="module")
def exported(tiny, tuned, artrec_home):
    """Both, exported."""
    return {chosen: OnnxEncoder(export(chosen)) for chosen in (tiny, tuned)}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tiny", "tuned"])
def test_an_exported_model_is_the_same_as_torch(name, request, exported):
    chosen = request.getfixturevalue(name)
    ours, reference = exported[chosen].encode(TEXTS), TorchEncoder(chosen).encode(TEXTS)
    assert ours.shape == (len(TEXTS), 32) and ours.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert np.sum(ours * reference, axis=1).min() >= 0.9999
    manifest = json.loads((export_folder(fingerprint(chosen)) / "manifest.json").read_text())
    assert manifest["checked_cosine"] >= encoder_export.MIN_COSINE
    assert (manifest["dimension"], manifest["max_tokens"], manifest["fingerprint"]) == (32, 64, fingerprint(chosen))


@pytest.mark.slow
def test_an_adapter_changes_the_vectors_and_the_fingerprint(tiny, tuned, exported):
    base, other = exported[tiny], exported[tuned]
    assert np.sum(base.encode(TEXTS) * other.encode(TEXTS), axis=1).min() < 0.999
    assert base.fingerprint != other.fingerprint
    assert other.name == f"{base.name} + {os.path.basename(tuned.adapter)}"


@pytest.mark.slow
def test_an_export_is_made_once(tiny, exported, monkeypatch):
    monkeypatch.setattr(encoder_export, "_write", lambda *args: pytest.fail("exported again"))
    assert export(tiny) == export_folder(fingerprint(tiny))
    onnx = EncoderConfig(tiny.model, backend="onnx")
    np.testing.assert_array_equal(load_encoder(onnx).encode(["sea"]), exported[tiny].encode(["sea"]))


@pytest.mark.slow
def test_an_export_is_also_made_for_openvino(tiny, exported):
    pytest.importorskip("openvino")
    folder = export_folder(fingerprint(tiny))
    made = json.loads((folder / "manifest.json").read_text())["openvino"]
    assert made["version"] and made["precision"] in ("bf16", "f32")
    assert made["checked_cosine"] >= encoder_openvino.MIN_COSINE
    for precision in ("bf16", "f32"):
        ours = OpenVinoEncoder(folder, precision).encode(TEXTS)
        assert np.sum(ours * exported[tiny].encode(TEXTS), axis=1).min() >= encoder_openvino.MIN_COSINE


@pytest.fixture
def earlier(tiny, exported, tmp_path, monkeypatch):
    """An export as it was before OpenVINO was in use, in a home of its own."""
    pytest.importorskip("openvino")
    source = export_folder(fingerprint(tiny))
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path))
    folder = shutil.copytree(source, export_folder(fingerprint(tiny)))
    for name in (encoder_openvino.MODEL, encoder_openvino.WEIGHTS):
        (folder / name).unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["openvino"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.mark.slow
def test_an_earlier_export_is_completed(tiny, earlier, monkeypatch):
    monkeypatch.setattr(encoder_export, "_write", lambda *args: pytest.fail("exported again"))
    export(tiny)
    assert encoder_openvino.is_complete(earlier)
    assert {f.name for f in earlier.iterdir()} == {
        "manifest.json", "tokenizer.json", "model.onnx", "model.onnx.data", "openvino.xml", "openvino.bin"
    }  # fmt: skip
    assert isinstance(load_encoder(tiny), OpenVinoEncoder)


@pytest.mark.slow
def test_an_export_that_openvino_cannot_follow_serves_onnx(tiny, earlier, monkeypatch, caplog):
    monkeypatch.setattr(encoder_openvino, "MIN_COSINE", 2.0)
    export(tiny)
    assert not encoder_openvino.is_complete(earlier)
    assert "serves ONNX Runtime alone: OpenVINO's vectors differ" in caplog.text
    assert not [f for f in earlier.iterdir() if f.is_dir() or f.name.startswith("openvino")]
    monkeypatch.setattr("artrec.encoder._export_in_subprocess", lambda chosen: None)
    assert isinstance(load_encoder(tiny), OnnxEncoder)


@pytest.mark.slow
def test_an_export_that_differs_is_refused_and_leaves_nothing(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path))

    class Wrong:
        def __init__(self, folder):
            pass

        def encode(self, texts):
            return unit(np.random.default_rng(0).normal(size=(len(texts), 32)))

    monkeypatch.setattr(encoder_export, "OnnxEncoder", Wrong)
    with pytest.raises(
        EncoderError, match=r"differs from sentence-transformers: cosine .*0\.9999 is needed\. Set ARTREC_BACKEND=torch"
    ):
        export(tiny)
    assert list((tmp_path / "encoders").iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["weights", "config", "empty folder"])
def test_a_broken_model_folder(tmp_path, monkeypatch, tiny, damage):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))
    folder = tmp_path / "model"
    shutil.copytree(tiny.model, folder)
    for file in [f for f in folder.rglob("*") if f.is_file()]:
        if damage == "empty folder" or (damage == "config" and file.name == "config.json"):
            file.unlink()
        elif damage == "weights" and file.suffix == ".safetensors":
            file.write_bytes(file.read_bytes()[:100])
    for use in (export, TorchEncoder):
        with pytest.raises(EncoderError) as caught:
            use(EncoderConfig(str(folder)))
        assert str(folder) in str(caught.value) and "ARTREC_MODEL" in caught.value.cure
        assert "\n" not in str(caught.value)
    assert not list((tmp_path / "home" / "encoders").iterdir())


@pytest.mark.slow
def test_a_broken_adapter(tmp_path, monkeypatch, tiny):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))
    (tmp_path / "adapter_config.json").write_text("{}")
    with pytest.raises(EncoderError, match="cannot be loaded.*ARTREC_ADAPTER"):
        export(EncoderConfig(tiny.model, str(tmp_path)))


@pytest.fixture
def stub(tmp_path) -> EncoderConfig:
    """A folder that has a fingerprint; nothing gets as far as to load it."""
    folder = tmp_path / "stub"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    return EncoderConfig(str(folder))


def test_a_cache_that_cannot_be_made(stub, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(EncoderError, match="cannot be kept in .*ARTREC_HOME") as caught:
        export(stub)
    assert "\n" not in str(caught.value)


def test_a_cache_that_cannot_be_made_is_told_across_processes(stub, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(EncoderError, match="could not be exported: .*cannot be kept in .*ARTREC_HOME"):
        load_encoder(stub)


def test_a_full_disk(stub, tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))

    def full(chosen, print_, folder):
        (folder / "model.onnx").write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(encoder_export, "_write", full)
    with pytest.raises(EncoderError, match=r"cannot be kept in .*\(No space left on device\)\. Free some space"):
        export(stub)
    assert list((tmp_path / "home" / "encoders").iterdir()) == []


def test_half_an_export_of_an_earlier_start_is_replaced(stub, tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))
    target = export_folder(fingerprint(stub))
    target.mkdir(parents=True)
    (target / "model.onnx").write_bytes(b"half of it")
    monkeypatch.setattr(encoder_export, "_write", lambda chosen, print_, folder: (folder / "manifest.json").write_text("{}"))
    assert [file.name for file in export(stub).iterdir()] == ["manifest.json"]
