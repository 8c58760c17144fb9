"""Shared fixtures. No test touches the network, or the user's own folders except to read an encoder exported before."""

import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"  # read by the libraries when they are imported

import pytest
from helpers import HashingEncoder, toy_catalogue
from helpers_cli import call
from helpers_pictures import make  # noqa: F401 — a fixture of both files on pictures
from hypothesis import settings

from artrec import artifacts, config
from artrec.collection import Collection
from artrec.encoder import EncoderConfig, OnnxEncoder, export_folder, fingerprint, load_encoder
from artrec.recommender import Recommender

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def artrec_home(tmp_path_factory) -> Path:
    """`ARTREC_HOME` for the whole session: a temporary folder, into which an encoder exported before is linked, so that
    nothing has to export it again. The user's own choice of model or collection does not reach the tests."""
    home = tmp_path_factory.mktemp("artrec-home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ARTREC_MODEL", "ARTREC_ADAPTER", "ARTREC_BACKEND", "ARTREC_COLLECTION"):
            patch.delenv(name, raising=False)
        exported = export_folder(fingerprint(EncoderConfig.from_environment()))
        patch.setenv("ARTREC_HOME", str(home))
        if (exported / "manifest.json").exists():
            (home / "encoders").mkdir()
            (home / "encoders" / exported.name).symlink_to(exported.resolve(), target_is_directory=True)
        yield home


@pytest.fixture(scope="session")
def encoder(artrec_home) -> OnnxEncoder:
    """The real encoder, exported at most once a session."""
    return load_encoder()


@pytest.fixture(scope="session")
def hashing() -> HashingEncoder:
    """The encoder of the toy world."""
    return HashingEncoder()


@pytest.fixture(scope="session")
def toy(artrec_home, hashing) -> Collection:
    """The toy world, built. Immutable, so shared by the session."""
    return artifacts.build(toy_catalogue(), hashing, name="toy", atlas=False)


@pytest.fixture(scope="session")
def toy_recommender(toy, hashing) -> Recommender:
    """A recommender over the toy world."""
    return Recommender(toy, hashing)


@pytest.fixture(scope="session")
def starter(artrec_home) -> Collection:
    """The collection that ArtRec ships with."""
    return artifacts.open_collection(config.STARTER_ASSETS)


@pytest.fixture(scope="module")
def built(toy, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "toy"
    artifacts.save(toy, folder)
    return folder


@pytest.fixture
def ask(built, capsys):
    """Run a command that asks the toy collection: exit code, stdout, stderr."""

    def run(*arguments: str, collection: Path | None = built) -> tuple[int, str, str]:
        where = () if collection is None else ("--collection", str(collection))
        return call(capsys, arguments[0], *where, *arguments[1:])

    return run


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> EncoderConfig:
    """A sentence-transformers model of two layers, 32 wide, with a vocabulary of 38 words: small, and all there."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("tiny")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "on", "sea", "blue", "red", "boat", "##s"]
    words += [chr(c) for c in range(ord("a"), ord("z") + 1)]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    torch.manual_seed(0)
    bert = BertModel(
        BertConfig(
            vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
            max_position_embeddings=64,
        )
    )  # fmt: skip
    bert.save_pretrained(folder / "bert")
    BertTokenizer(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder / "bert")
    model = SentenceTransformer(
        modules=[Transformer(str(folder / "bert"), max_seq_length=64), Pooling(32, "mean")], device="cpu"
    )
    model.save(str(folder / "model"))
    return EncoderConfig(str(folder / "model"))
