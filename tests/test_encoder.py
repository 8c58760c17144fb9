"""One suite for every encoder, and what the lazy one adds."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from artrec import config
from artrec.encoder import (
    BATCH,
    EncoderConfig,
    OnnxEncoder,
    TorchEncoder,
    export_folder,
    fingerprint,
    load_encoder,
)
from artrec.errors import EncoderError

TEXTS = (
    "a storm at sea, but hopeful", "", " ", "x", "梵高的星夜", "Öl auf Leinwand — naïve café №5", "🌊🌊", "مرحبا",
    "\u0301\u200d", "two women in blue carry water", "[CLS] [PAD] <s>", "a\nb\tc",
)  # fmt: skip
LONG = "sea and storm " * 2_000


@pytest.fixture(scope="session")
def torch_encoder(artrec_home) -> TorchEncoder:
    return TorchEncoder(EncoderConfig.from_environment())


@pytest.fixture(scope="session")
def onnx_encoder(encoder) -> OnnxEncoder:
    return OnnxEncoder(export_folder(encoder.fingerprint))


def on_openvino(encoder, precision):
    pytest.importorskip("openvino")
    from artrec.encoder_openvino import OpenVinoEncoder

    return OpenVinoEncoder(export_folder(encoder.fingerprint), precision)


@pytest.fixture(scope="session")
def openvino_bf16(encoder):
    return on_openvino(encoder, "bf16")


@pytest.fixture(scope="session")
def openvino_f32(encoder):
    return on_openvino(encoder, "f32")


@pytest.fixture(
    params=[
        "hashing", "onnx_encoder", "openvino_bf16", "openvino_f32", pytest.param("torch_encoder", marks=pytest.mark.slow)
    ]
)  # fmt: skip
def any_encoder(request):
    return request.getfixturevalue(request.param)


def rounding(encoder) -> float:
    """How far apart two computations of one vector may lie in a component."""
    return 5e-3 if getattr(encoder, "precision", "f32") == "bf16" else 2e-6


class TestEncoderConformance:
    def test_says_what_it_is(self, any_encoder):
        assert any_encoder.name and any_encoder.fingerprint and any_encoder.dimension > 0

    def test_any_text_has_a_unit_vector(self, any_encoder):
        vectors = any_encoder.encode([*TEXTS, LONG])
        assert vectors.shape == (len(TEXTS) + 1, any_encoder.dimension) and vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_no_texts(self, any_encoder):
        vectors = any_encoder.encode([])
        assert vectors.shape == (0, any_encoder.dimension) and vectors.dtype == np.float32

    def test_the_same_text_has_the_same_vector(self, any_encoder):
        np.testing.assert_array_equal(any_encoder.encode(TEXTS), any_encoder.encode(TEXTS))

    def test_a_vector_does_not_depend_on_its_neighbours(self, any_encoder):
        texts = [
            f"{word} number {n}" + " and more" * (n % 5) for n in range(BATCH // 3 + 1) for word in ("boat", "red square", "海")
        ]
        together = any_encoder.encode(texts)
        order = np.random.default_rng(0).permutation(len(texts))
        shuffled = any_encoder.encode([texts[row] for row in order])
        np.testing.assert_allclose(shuffled, together[order], atol=rounding(any_encoder), rtol=0)
        for row in (0, 1, len(texts) - 1):
            again = any_encoder.encode([texts[row]])[0]
            np.testing.assert_allclose(again, together[row], atol=rounding(any_encoder), rtol=0)

    def test_what_sounds_alike_lies_near(self, any_encoder):
        boat, boats, square = any_encoder.encode(["a blue boat on the sea", "blue boats at sea", "geometric red squares"])
        assert boat @ boats > 0.6 > boat @ square


@pytest.mark.slow
@pytest.mark.parametrize("name, least", [("onnx_encoder", 0.9999), ("openvino_bf16", 0.999), ("openvino_f32", 0.9999)])
def test_every_runtime_is_the_same_as_torch(name, least, request, torch_encoder, starter):
    encoder = request.getfixturevalue(name)
    texts = [*TEXTS, LONG, *(work.description for work in starter.catalogue.works[:8])]
    cosines = np.sum(encoder.encode(texts) * torch_encoder.encode(texts), axis=1)
    assert cosines.min() >= least
    assert (encoder.fingerprint, encoder.dimension, encoder.name) == (
        torch_encoder.fingerprint, torch_encoder.dimension, torch_encoder.name,
    )  # fmt: skip


def test_the_shipped_vectors_are_the_encoders(starter, encoder):
    from artrec.text import passage

    assert encoder.fingerprint == starter.manifest["encoder"]["fingerprint"]
    rows = [0, 77, len(starter) - 1]
    again = encoder.encode([passage(starter.catalogue[row]) for row in rows])
    assert np.sum(again * starter.vectors[rows], axis=1).min() > 0.9999


@pytest.mark.parametrize("name", ["onnx_encoder", "openvino_bf16", "openvino_f32"])
def test_a_runtime_serves_many_threads(name, request):
    encoder = request.getfixturevalue(name)
    asked = [[*TEXTS[n:], f"boat {n}"] for n in range(8)]  # each thread its own, so that a mix-up shows
    alone = [encoder.encode(texts) for texts in asked]
    with ThreadPoolExecutor(8) as pool:
        for vectors, expected in zip(pool.map(encoder.encode, asked), alone, strict=True):
            np.testing.assert_allclose(vectors, expected, atol=rounding(encoder), rtol=0)


# Choosing one


def test_the_environment_chooses(monkeypatch):
    assert EncoderConfig.from_environment().backend == "openvino"
    monkeypatch.setenv("ARTREC_MODEL", "some/model")
    monkeypatch.setenv("ARTREC_ADAPTER", "/a/warm")
    monkeypatch.setenv("ARTREC_BACKEND", "torch")
    assert EncoderConfig.from_environment() == EncoderConfig("some/model", "/a/warm", "torch")
    assert EncoderConfig.from_environment().name == "model + warm"
    for name in ("ARTREC_MODEL", "ARTREC_ADAPTER", "ARTREC_BACKEND"):
        monkeypatch.setenv(name, "")
    assert EncoderConfig.from_environment().model is None
    assert EncoderConfig().name == "all-MiniLM-L6-v2"


def one_sentence(error: EncoderError, *words: str) -> None:
    """Fit for a user's eyes: one line, what happened and what to do."""
    assert "\n" not in str(error) and str(error).endswith(".") and len(str(error)) < 400
    assert error.fact and error.cure
    for word in words:
        assert word in str(error)


def test_there_are_three_backends():
    with pytest.raises(EncoderError) as caught:
        load_encoder(EncoderConfig(backend="magic"))
    one_sentence(caught.value, "magic", "ARTREC_BACKEND")


@pytest.mark.parametrize("model", ["nobody/no-such-model", "/no/such/folder", "two words", "no-such-model"])
def test_a_model_that_is_not_to_be_had_offline(model):
    with pytest.raises(EncoderError) as caught:
        load_encoder(EncoderConfig(model))
    one_sentence(caught.value, model, "ARTREC_MODEL", "online")


def test_an_adapter_that_is_not_there(tmp_path):
    with pytest.raises(EncoderError) as caught:
        load_encoder(EncoderConfig(adapter=str(tmp_path)))
    one_sentence(caught.value, "There is no adapter", str(tmp_path), "ARTREC_ADAPTER")


def test_the_fingerprint_follows_what_decides_the_vectors(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    first = fingerprint(EncoderConfig(str(tmp_path)))
    (tmp_path / "README.md").write_text("words about it")
    assert fingerprint(EncoderConfig(str(tmp_path))) == first
    adapter = tmp_path.with_name(tmp_path.name + "-adapter")
    adapter.mkdir()
    (adapter / "adapter_config.json").write_text("{}")
    seen = {first, fingerprint(EncoderConfig(str(tmp_path), str(adapter)))}
    (tmp_path / "model.safetensors").write_bytes(b"Weights")
    seen.add(fingerprint(EncoderConfig(str(tmp_path))))
    (tmp_path / "model.safetensors").rename(tmp_path / "other.safetensors")
    seen.add(fingerprint(EncoderConfig(str(tmp_path))))
    assert len(seen) == 4


# A damaged export


@pytest.fixture(scope="module")
def one_copy(encoder, tmp_path_factory):
    """A copy of the real export."""
    return shutil.copytree(export_folder(encoder.fingerprint), tmp_path_factory.mktemp("export") / "encoder")


@pytest.fixture
def copied(one_copy, tmp_path):
    """Links to a copy of the real export, to be unlinked and replaced."""
    for file in one_copy.iterdir():
        os.link(file, tmp_path / file.name)
    return tmp_path


def test_a_copied_export_works(copied, onnx_encoder):
    np.testing.assert_array_equal(OnnxEncoder(copied).encode(["sea"]), onnx_encoder.encode(["sea"]))


@pytest.mark.parametrize("name", ["manifest.json", "tokenizer.json", "model.onnx", "model.onnx.data"])
@pytest.mark.parametrize("damage", ["missing", "empty", "garbage"])
def test_a_damaged_export_is_refused(copied, name, damage):
    file = copied / name
    file.unlink()
    if damage != "missing":
        file.write_bytes(b"" if damage == "empty" else b"\x00garbage" * 9)
    with pytest.raises(EncoderError) as caught:
        OnnxEncoder(copied)
    one_sentence(caught.value, str(copied), "cannot be read", "Delete that folder")


@pytest.mark.parametrize("name", ["manifest.json", "tokenizer.json", "openvino.xml", "openvino.bin"])
def test_a_damaged_export_is_refused_by_openvino(copied, name):
    openvino = pytest.importorskip("artrec.encoder_openvino")
    (copied / name).unlink()
    (copied / name).write_bytes(b"\x00garbage" * 9)
    with pytest.raises(EncoderError) as caught:
        openvino.OpenVinoEncoder(copied)
    one_sentence(caught.value, str(copied), "cannot be read", "Delete that folder")


def test_without_openvino_the_encoder_is_onnx(encoder, monkeypatch, caplog):
    monkeypatch.setattr("artrec.encoder_openvino.available", lambda: False)
    assert isinstance(load_encoder(), OnnxEncoder)
    assert "OpenVINO cannot be imported" in caplog.text


def test_openvino_reports_nothing_to_its_makers(encoder, tmp_path):
    pytest.importorskip("artrec.encoder_openvino").runtime()
    code = """
import sys
seen = []
watched = {"socket.connect", "socket.getaddrinfo", "os.fork", "os.posix_spawn", "subprocess.Popen"}
sys.addaudithook(lambda event, _: seen.append(event) if event in watched else None)
from artrec.encoder import load_encoder
load_encoder().encode(["sea"])
assert "openvino" in sys.modules and not seen, seen
"""
    environment = os.environ | {"HOME": str(tmp_path), "PYTHONPATH": str(config.ROOT)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert not (tmp_path / "intel").exists()


def test_a_manifest_that_lacks_something_is_refused(copied):
    file = copied / "manifest.json"
    manifest = json.loads(file.read_text())
    file.unlink()
    for key in ("name", "fingerprint", "dimension", "max_tokens", "pad_id"):
        file.write_text(json.dumps({k: v for k, v in manifest.items() if k != key}))
        with pytest.raises(EncoderError, match="cannot be read"):
            OnnxEncoder(copied)


def test_many_texts_get_the_vectors_of_few(openvino_bf16):
    from artrec import encoder_openvino

    texts = [
        f"a storm at sea, seen {n} times by {'a sailor' if n % 2 else 'children on the long grey beach'}" for n in range(140)
    ]
    assert len(texts) >= encoder_openvino.MANY
    many = openvino_bf16.encode(texts)
    few = np.vstack([openvino_bf16.encode(texts[at : at + 10]) for at in range(0, len(texts), 10)])
    assert many.shape == few.shape and np.sum(many * few, axis=1).min() > 0.999
    np.testing.assert_allclose(np.linalg.norm(many, axis=1), 1, atol=5e-3)


def test_a_process_that_encoded_many_ends_well(openvino_bf16):
    code = "from artrec.encoder import load_encoder; kept = load_encoder(); kept.encode(['a storm at sea'] * 200); print('end')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=config.ROOT)
    assert (done.returncode, done.stdout) == (0, "end\n"), done.stderr[-500:]
