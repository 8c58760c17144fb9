"""The exported encoder on OpenVINO: bfloat16 where the processor has it, float32 elsewhere.

The folder is the one that `encoder_export.py` writes; `complete` adds `openvino.xml` and `openvino.bin`, made from the same
`model.onnx`, so an export of an earlier version needs no torch to catch up.

The fingerprint is the model's, not the runtime's. bfloat16 moves a vector by less (cosine over `MIN_COSINE`) than what a
search could tell apart, the weights are the same, and a collection built with one backend must open with any other.
"""

import json
import logging
import os
import sys
import tempfile
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from artrec.batching import Batcher
from artrec.errors import EncoderError

logger = logging.getLogger(__name__)
MODEL = "openvino.xml"
WEIGHTS = "openvino.bin"
MANY = 128  # texts from which on cores work apart
MANY_BUDGET = 1_024  # padded tokens of a batch there
MIN_COSINE = 0.999  # with the exported model in float32; measured on passages: 0.9999 on average


def runtime():
    """The module `openvino`. Import it through here and nowhere else: on its own it reports each import to its makers, with
    an id that it keeps in the home folder. Without the package that does so it falls back to a stub of its own."""
    sys.modules.setdefault("openvino_telemetry", None)  # importing that name now raises ImportError, which it expects
    import openvino

    return openvino


def available() -> bool:
    """Whether the runtime can be imported."""
    try:
        runtime()
    except Exception as error:  # a missing package, or a library that does not load on this machine
        logger.debug("OpenVINO cannot be imported (%s).", error)
        return False
    return True


def is_complete(folder: Path) -> bool:
    """Whether the export in a folder has been made ready for OpenVINO."""
    try:
        return "openvino" in json.loads((folder / "manifest.json").read_text("utf-8")) and (folder / MODEL).exists()
    except (OSError, ValueError):
        return False


def complete(folder: Path, texts: Sequence[str]) -> None:
    """Add OpenVINO's form of `model.onnx` to an export and note in its manifest what was made and the least cosine over
    `texts` with ONNX Runtime. The manifest is put in place last: a kill leaves an export that is incomplete, not broken.

    Raises `EncoderError` where the vectors differ, `OSError` where the folder cannot be written to.
    """
    from artrec.encoder import OnnxEncoder

    openvino = runtime()

    try:
        model = openvino.Core().read_model(folder / "model.onnx")
    except RuntimeError as error:
        raise EncoderError(
            f"OpenVINO cannot read the exported model in {folder} ({type(error).__name__}).", "Set ARTREC_BACKEND=onnx."
        ) from error
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory(dir=folder) as workshop:
        made = Path(workshop)
        # float16 on disk: half the file, and 90 MB less memory in use; the check below holds what it costs.
        openvino.save_model(model, made / MODEL, compress_to_fp16=True)
        del model  # it maps the exported weights
        for name in ("manifest.json", "tokenizer.json"):
            (made / name).write_bytes((folder / name).read_bytes())
        encoder = OpenVinoEncoder(made)
        precision, vectors = encoder.precision, encoder.encode(texts)
        del encoder  # some systems do not move a file that is mapped
        cosines = np.sum(OnnxEncoder(folder).encode(texts) * vectors, axis=1)
        if not cosines.min() >= MIN_COSINE:
            raise EncoderError(
                f"OpenVINO's vectors differ from ONNX Runtime's: cosine {cosines.min():.5f}, {MIN_COSINE} is needed.",
                "Set ARTREC_BACKEND=onnx.",
            )
        manifest["openvino"] = {
            "version": openvino.__version__.split("-")[0],
            "precision": precision,
            "checked_cosine": float(cosines.min()),
        }
        (made / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf-8")
        for name in (WEIGHTS, MODEL, "manifest.json"):
            os.replace(made / name, folder / name)


class OpenVinoEncoder:
    """OpenVINO over a completed export. Safe for several threads: each call borrows an inference request of its own."""

    def __init__(self, folder: Path, precision: str | None = None):
        """`precision`: "bf16" or "f32"; None is the fastest that this processor has."""
        from threadpoolctl import threadpool_limits

        threadpool_limits(limits=1, user_api="blas")  # why: see `OnnxEncoder`
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            self.name = manifest["name"]
            self.fingerprint = manifest["fingerprint"]
            self.dimension = int(manifest["dimension"])
            self._batcher = Batcher(folder, manifest)
            core = runtime().Core()
            bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
            self.precision = precision or ("bf16" if bf16 else "f32")
            if not bf16:
                logger.info("This processor has no bfloat16; OpenVINO computes in float32.")
            self._folder, self._core, self._many, self._lock = folder, core, [], threading.Lock()
            weakref.finalize(self, self._many.clear)  # its threads must end before the interpreter does
            self._model = self._compiled("LATENCY")
            self._idle = [self._model.create_infer_request()]
        except Exception as error:  # JSON, tokenizers and OpenVINO each have their own
            raise EncoderError(
                f"The exported encoder in {folder} cannot be read ({type(error).__name__}).",
                "Delete that folder; it is made again at the next start.",
            ) from error

    def _compiled(self, hint: str):
        model = self._core.read_model(self._folder / MODEL, self._folder / WEIGHTS)
        return self._core.compile_model(model, "CPU", {"PERFORMANCE_HINT": hint, "INFERENCE_PRECISION_HINT": self.precision})

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder.encode`. Texts are batched by length, so that short ones do not pay for long ones; many of them run on
        every core apart, which was measured to be a fifth quicker than all cores on one batch."""
        if len(texts) >= MANY:
            with self._lock:
                return self._encode_many(texts)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        try:
            request = self._idle.pop()  # list.pop and append are atomic; a thread that finds none makes one
        except IndexError:
            request = self._model.create_infer_request()
        for rows, ids, mask in self._batcher.batches(texts):
            vectors[rows] = request.infer({"input_ids": ids, "attention_mask": mask}, share_inputs=True)[0]
        self._idle.append(request)
        return vectors

    def _encode_many(self, texts: Sequence[str]) -> np.ndarray:
        if not self._many:  # a second compiled model, for those who build collections alone
            self._many.append(self._compiled("THROUGHPUT"))
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        queue = runtime().AsyncInferQueue(self._many[0])

        def keep(request, rows: np.ndarray) -> None:
            vectors[rows] = request.get_output_tensor(0).data

        queue.set_callback(keep)
        for rows, ids, mask in reversed(
            list(self._batcher.batches(texts, MANY_BUDGET))
        ):  # the longest first: no late straggler
            queue.start_async({"input_ids": ids, "attention_mask": mask}, rows)
        queue.wait_all()
        return vectors
