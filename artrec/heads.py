"""What a text or a record says of style, mood, subject and feeling: linear heads on the encoder's vectors, with
probabilities.

The weights lie beside the adapter (`assets/encoder/heads.safetensors`, `heads.json`) and answer only for the encoder they
were trained on. What a head says is a prediction: it never overwrites what a record says. What each head is given to read is
made by `reading.py`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from artrec.errors import ArtifactError
from artrec.files import write_json, write_whole

WEIGHTS_FILE, LABELS_FILE = "heads.safetensors", "heads.json"


@dataclass(frozen=True, eq=False)
class Head:
    """One question. `weight`: float32 (labels, d), `bias`: float32 (labels,). With `several`, each label is decided by
    itself against its `threshold` (float32 (labels,)); otherwise one label wins. `kind` "number": one value in [0, 1].
    `reads`: the features it was trained on, "text", "words", "record" or "note" (see `reading.py`)."""

    name: str
    labels: tuple[str, ...]
    weight: np.ndarray
    bias: np.ndarray
    several: bool = False
    threshold: np.ndarray | None = None
    kind: str = "labels"
    reads: str = "text"

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """float32 (n, labels) in [0, 1] for features (float32 (n, d)); rows sum to 1 where one label wins."""
        logits = features @ self.weight.T + self.bias
        if self.kind == "number":
            return np.clip(logits, 0, 1).astype(np.float32)
        if self.several:
            return (1 / (1 + np.exp(-np.clip(logits, -60, 60)))).astype(np.float32)
        exp = np.exp(logits - logits.max(axis=1, keepdims=True))
        return (exp / exp.sum(axis=1, keepdims=True)).astype(np.float32)

    def named(self, features: np.ndarray) -> list[list[tuple[str, float]]]:
        """For each row the labels it has, likeliest first, with their probabilities."""
        found = []
        for row in self.probabilities(features):
            kept = np.flatnonzero(row >= self.threshold) if self.several else [int(np.argmax(row))]
            found.append(sorted(((self.labels[at], float(row[at])) for at in kept), key=lambda pair: -pair[1]))
        return found


def save_heads(heads: dict[str, Head], folder: Path, encoder: str, figures: dict) -> None:
    """Write the heads beside the adapter: weights in half precision, the rest as JSON."""
    from safetensors.numpy import save

    arrays, table = {}, {}
    for name, head in heads.items():
        arrays |= {f"{name}.weight": _halved(head.weight), f"{name}.bias": _halved(head.bias)}
        if head.threshold is not None:
            arrays[f"{name}.threshold"] = _halved(head.threshold)
        table[name] = {"labels": list(head.labels), "several": head.several, "kind": head.kind, "reads": head.reads}
    write_whole(folder / WEIGHTS_FILE, save(arrays))
    write_json(folder / LABELS_FILE, {"encoder": encoder, "heads": table, "figures": figures})


def _halved(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array, dtype=np.float16)  # safetensors writes memory as it lies, by columns too


def load_heads(folder: Path, encoder: str) -> dict[str, Head]:
    """The heads of a folder; none where it has none. `encoder`: the fingerprint of the encoder in use.

    Raises `ArtifactError` where they are damaged or were trained on another encoder.
    """
    if not (folder / LABELS_FILE).exists():
        return {}
    try:
        from safetensors.numpy import load_file

        table = json.loads((folder / LABELS_FILE).read_text("utf-8"))
        arrays = {name: array.astype(np.float32) for name, array in load_file(str(folder / WEIGHTS_FILE)).items()}
        heads = {
            name: Head(
                name, tuple(about["labels"]), arrays[f"{name}.weight"], arrays[f"{name}.bias"], about["several"],
                arrays.get(f"{name}.threshold"), about["kind"], about["reads"],
            )
            for name, about in table["heads"].items()
        }  # fmt: skip
        trained_on = table["encoder"]
    except Exception as error:  # safetensors raises its own kind
        cure = "Restore the files, or run `python -m artrec train heads`."
        raise ArtifactError(f"The heads in {folder} cannot be read ({type(error).__name__}).", cure) from error
    if trained_on != encoder:
        raise ArtifactError(
            f"The heads in {folder} were trained on another encoder ({trained_on[:8]}… instead of {encoder[:8]}…).",
            "Run `python -m artrec train heads`, or unset ARTREC_MODEL and ARTREC_ADAPTER.",
        )
    return heads
