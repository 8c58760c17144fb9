"""The ways to run the encoder on this machine, side by side: `python -m artrec evaluate backends`.

Each is measured in a process of its own, one after the other. `texts_per_second` is wall time over all passages and what a
user waits for; `texts_per_cpu_second` divides by the processor time of all threads, so it can be read on a busy machine too,
but not as a speed. `ready_s` runs from a process that has imported nothing of the encoder to its first vector, making or
quantising a model left out. `rss_MB` (10⁶ bytes) is the process after all passages. Fidelity is against `PLAIN`, which is
sentence-transformers in float32 with its defaults: cosines, and how many of each passage's ten nearest stay (exact search,
each backend's vectors against themselves). nDCG@10 is dense search on the validation queries, its interval over works.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from artrec import config
from artrec.catalogue import load_catalogue
from artrec.encoder import NO_ADAPTER, EncoderConfig
from artrec.errors import ArtrecError
from artrec.evaluation.queries import load_queries
from artrec.evaluation.statistics import estimate
from artrec.text import passage

PLAIN = "sentence-transformers fp32"
NAMES = (
    PLAIN, "torch bf16", "onnxruntime fp32", "onnxruntime O3", "onnxruntime int8",
    "openvino fp32", "openvino bf16", "openvino int8",
)  # fmt: skip
NEEDS = {"openvino int8": "nncf", "openvino fp32": "openvino", "openvino bf16": "openvino"}
NEAREST = 10
QUERIES = 100  # single queries that the percentiles are taken over
CALIBRATION = 40  # passages that set the ranges of int8
_WORKER = "import sys; from artrec.evaluation.backends import measure; measure(sys.argv[1], sys.argv[2], sys.argv[3])"


def compare_backends(chosen: EncoderConfig | None = None, folder: Path = config.STARTER, names: Sequence[str] = NAMES) -> dict:
    """Measure backends of one configuration on the catalogue and validation queries of `folder`. The answer is JSON."""
    from artrec.encoder_export import export

    chosen = chosen or EncoderConfig.from_environment()
    catalogue = load_catalogue(folder)
    queries = [query for query in load_queries(folder, catalogue) if query.split == "validation"]
    if not queries:
        raise ArtrecError(f"There are no validation queries in {folder}.", "Give a folder that has queries.jsonl.")
    exported = export(chosen)
    answers = np.array([catalogue.row(query.artwork_id) for query in queries])
    rows, plain = {}, None
    with tempfile.TemporaryDirectory() as workshop:
        texts = Path(workshop) / "texts.json"
        texts.write_text(json.dumps([[passage(work) for work in catalogue], [query.text for query in queries]]), "utf-8")
        for name in (PLAIN, *(name for name in names if name != PLAIN)):
            missing = NEEDS.get(name)
            if missing and find_spec(missing) is None:
                rows[name] = f"not measured: needs {missing}"
                continue
            print(f"backends: {name}", file=sys.stderr, flush=True)
            figures, vectors, asked = _fresh(name, chosen, exported, Path(workshop))
            plain = plain or (vectors, figures["texts_per_second"])
            figures["times_plain"] = round(figures["texts_per_second"] / plain[1], 2)
            rows[name] = figures | _fidelity(vectors, plain[0]) | {"nDCG@10": _ndcg(vectors, asked, answers)}
    return {
        "encoder": chosen.name, "passages": len(catalogue), "queries": len(queries), "cpus": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None, "backends": rows,
    }  # fmt: skip


def neighbours_kept(ours: np.ndarray, theirs: np.ndarray, k: int = NEAREST) -> float:
    """The share of each row's k nearest (itself left out) among `theirs` that it has among `ours`: unit rows, (n, d) each."""
    k = min(k, len(ours) - 1)
    return float(np.mean([len(np.intersect1d(a, b)) for a, b in zip(_nearest(ours, k), _nearest(theirs, k), strict=True)]) / k)


def _nearest(vectors: np.ndarray, k: int) -> np.ndarray:
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def _fidelity(vectors: np.ndarray, plain: np.ndarray) -> dict:
    cosines = np.sum(vectors * plain, axis=1)
    return {
        "cosine": {"mean": round(float(cosines.mean()), 6), "min": round(float(cosines.min()), 6)},
        "neighbours_kept": round(neighbours_kept(vectors, plain), 4),
    }


def _ndcg(vectors: np.ndarray, asked: np.ndarray, answers: np.ndarray) -> dict:
    """One right answer a query, so the gain is its place's discount; queries of a work are averaged first."""
    scores = asked @ vectors.T
    places = 1 + np.sum(scores > scores[np.arange(len(answers)), answers][:, None], axis=1)
    gains = np.where(places <= NEAREST, 1 / np.log2(places + 1), 0.0)
    return vars(estimate(np.array([gains[answers == work].mean() for work in np.unique(answers)])))


def _fresh(name: str, chosen: EncoderConfig, exported: Path, workshop: Path) -> tuple[dict, np.ndarray, np.ndarray]:
    """(figures, passages' vectors, queries' vectors) from a process of its own."""
    path = os.pathsep.join(filter(None, (str(config.ROOT), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {
        "PYTHONPATH": path, "ARTREC_MODEL": chosen.model or "", "ARTREC_ADAPTER": chosen.adapter or NO_ADAPTER,
    }  # fmt: skip
    command = [sys.executable, "-W", "ignore", "-c", _WORKER, name, str(exported), str(workshop)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1][:300]
        raise ArtrecError(f"The backend '{name}' could not be measured: {last}.", "Leave it out, or mend the installation.")
    with np.load(workshop / "vectors.npz") as kept:
        return json.loads(done.stdout.splitlines()[-1]), kept["passages"], kept["queries"]


def measure(name: str, exported: str, workshop: str) -> None:
    """The measured process: prints its figures as a line of JSON and leaves `vectors.npz` in the workshop."""
    import psutil

    folder = Path(workshop)
    passages, queries = json.loads((folder / "texts.json").read_text("utf-8"))
    load = _loader(name, Path(exported), folder, passages)
    started = time.perf_counter()
    encode = load()
    encode(queries[:1])
    ready = time.perf_counter() - started
    encode(queries[:4])
    times = []
    for at in range(QUERIES):
        begun = time.perf_counter()
        encode([queries[at % len(queries)]])
        times.append((time.perf_counter() - begun) * 1000)
    wall, cpu = time.perf_counter(), time.process_time()
    vectors = encode(passages)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    np.savez(folder / "vectors.npz", passages=_unit(vectors), queries=_unit(encode(queries)))
    figures = {
        "texts_per_second": round(len(passages) / wall, 1), "texts_per_cpu_second": round(len(passages) / cpu, 1),
        "ready_s": round(ready, 3),
        "query_ms": {f"p{p}": round(float(np.percentile(times, p)), 2) for p in (50, 95)},
        "rss_MB": round(psutil.Process().memory_info().rss / 1e6, 1),
    }  # fmt: skip
    print(json.dumps(figures), flush=True)


def _unit(vectors: np.ndarray) -> np.ndarray:
    vectors = np.asarray(vectors, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _loader(name: str, exported: Path, workshop: Path, passages: Sequence[str]) -> Callable:
    """A function that loads a backend and gives its encode function. What a set-up would do once is done here, before."""
    if name in (PLAIN, "torch bf16"):
        return lambda: _torch(halved=name != PLAIN)
    if name == "onnxruntime O3":
        exported = _fused_onnx(exported, workshop)
    if name == "onnxruntime int8":
        exported = _quantised_onnx(exported, workshop)
    if name == "openvino int8":
        exported = _quantised_openvino(exported, workshop, passages)

    def load() -> Callable:
        if name.startswith("onnxruntime"):
            from artrec.encoder import OnnxEncoder

            return OnnxEncoder(exported).encode
        from artrec.encoder_openvino import OpenVinoEncoder

        return OpenVinoEncoder(exported, "f32" if name == "openvino fp32" else "bf16").encode

    return load


def _torch(halved: bool) -> Callable:
    from artrec.encoder_export import load_reference

    model = load_reference(EncoderConfig.from_environment())
    if not halved:
        return lambda texts: model.encode(list(texts), show_progress_bar=False)
    model = model.bfloat16()
    return lambda texts: model.encode(list(texts), convert_to_tensor=True, show_progress_bar=False).float().numpy()


def _copy(exported: Path, workshop: Path) -> Path:
    made = workshop / "quantised"
    made.mkdir(exist_ok=True)
    for name in ("manifest.json", "tokenizer.json"):
        (made / name).write_bytes((exported / name).read_bytes())
    return made


def _fused_onnx(exported: Path, workshop: Path) -> Path:
    """What Optimum calls O3: attention, layer norms and GELU fused, GELU by its approximation."""
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    made = _copy(exported, workshop)
    options = FusionOptions("bert")
    options.enable_gelu_approximation = True
    optimised = optimize_model(str(exported / "model.onnx"), "bert", optimization_options=options, only_onnxruntime=False)
    optimised.save_model_to_file(str(made / "model.onnx"))
    return made


def _quantised_onnx(exported: Path, workshop: Path) -> Path:
    """Weights in int8 by channel, activations as they come (dynamic)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    made = _copy(exported, workshop)
    quantize_dynamic(exported / "model.onnx", made / "model.onnx", per_channel=True, weight_type=QuantType.QInt8)
    return made


def _quantised_openvino(exported: Path, workshop: Path, passages: Sequence[str]) -> Path:
    """Static int8, calibrated on passages; attention's own products and the narrowing layers keep their precision, because
    those cost most neighbours (measured: .935 kept with the narrowing layers in int8, .958 without)."""
    os.environ["NNCF_CI"] = "1"  # it reports usage to its makers otherwise
    from artrec.batching import Batcher
    from artrec.encoder_openvino import runtime

    openvino = runtime()  # before nncf, which imports it too
    import nncf

    made = _copy(exported, workshop)
    model = openvino.Core().read_model(exported / "openvino.xml")
    batcher = Batcher(exported, json.loads((exported / "manifest.json").read_text("utf-8")))
    some = [passages[row] for row in np.linspace(0, len(passages) - 1, min(CALIBRATION, len(passages))).astype(int)]
    items = [{"input_ids": ids, "attention_mask": mask} for _, ids, mask in batcher.batches(some, budget=1)]
    spared = [
        node.get_friendly_name() for node in model.get_ordered_ops() if node.get_type_name() == "MatMul" and _spared(node)
    ]
    quantised = nncf.quantize(
        model, nncf.Dataset(items), subset_size=len(items), model_type=nncf.ModelType.TRANSFORMER,
        preset=nncf.QuantizationPreset.MIXED, ignored_scope=nncf.IgnoredScope(names=spared),
    )  # fmt: skip
    openvino.save_model(quantised, made / "openvino.xml", compress_to_fp16=False)
    return made


def _spared(node) -> bool:
    """Whether a product has no constant weights, or narrows (more features in than out)."""
    weights = node.input_value(1).get_node()
    while weights.get_type_name() != "Constant" and weights.get_input_size() == 1:
        weights = weights.input_value(0).get_node()
    if weights.get_type_name() != "Constant":
        return True
    rows, columns = list(weights.get_output_shape(0))[-2:]
    into, out = (columns, rows) if node.get_attributes().get("transpose_b") else (rows, columns)
    return into > out
