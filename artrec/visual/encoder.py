"""Pictures → unit vectors behind one protocol: a model of pictures and texts where one is at hand, else the descriptor."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from artrec.encoder import EncoderConfig, fingerprint, model_folder
from artrec.errors import EncoderError
from artrec.visual.descriptor import Descriptor

MODEL = "ARTREC_PICTURE_MODEL"  # a folder or a hub name; unset: the offline descriptor
BATCH = 16  # pictures a forward pass


class ImageEncoder(Protocol):
    """An encoder of pictures. `fingerprint` changes whenever its vectors could; `reads_text` says whether texts lie in the
    same space."""

    name: str
    fingerprint: str
    dimension: int
    reads_text: bool

    def encode_pictures(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """Vectors of pictures (uint8 (h, w, 3) each): float32 (len(pictures), dimension), rows of unit length."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts in the same space: float32 (len(texts), dimension). Raises `EncoderError` if it has no text side."""
        ...


class OfflineEncoder:
    """The descriptor learnt on the collection's own pictures."""

    name = "learnt from these pictures"
    reads_text = False

    def __init__(self, descriptor: Descriptor):
        self.descriptor = descriptor
        self.fingerprint, self.dimension = descriptor.fingerprint, descriptor.dimension

    def encode_pictures(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """See `ImageEncoder.encode_pictures`."""
        return self.descriptor.encode(pictures)

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Always raises `EncoderError`: what is learnt from pictures alone knows no words."""
        raise EncoderError(
            "The offline picture model knows no words.", f"Set {MODEL} to a CLIP or SigLIP model to search pictures by text."
        )


class ClipEncoder:
    """CLIP (Radford 2021) or SigLIP (Zhai 2023) through transformers, from a folder or a hub name."""

    reads_text = True

    def __init__(self, model: str):
        folder = model_folder(EncoderConfig(model=model))
        try:
            import torch
            from transformers import AutoModel, AutoProcessor

            self._torch = torch
            self._model = AutoModel.from_pretrained(folder, use_safetensors=True).eval()
            self._processor = AutoProcessor.from_pretrained(folder)
            config = self._model.config
            self.dimension = int(getattr(config, "projection_dim", 0) or config.vision_config.hidden_size)
            self._model.get_image_features, self._model.get_text_features  # noqa: B018 — a model without them is another kind
        except EncoderError:
            raise
        except Exception as error:  # transformers raises many kinds
            raise EncoderError(
                f"The picture model '{model}' cannot be used ({type(error).__name__}).",
                f"Set {MODEL} to a CLIP or SigLIP model with safetensors weights, or unset it.",
            ) from error
        self.name = Path(model).name
        self.fingerprint = fingerprint(EncoderConfig(model=model))

    def encode_pictures(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """See `ImageEncoder.encode_pictures`."""
        found = []
        for start in range(0, len(pictures), BATCH):
            ready = self._processor(images=[np.asarray(p) for p in pictures[start : start + BATCH]], return_tensors="pt")
            with self._torch.inference_mode():
                found.append(_plain(self._model.get_image_features(pixel_values=ready["pixel_values"])))
        return self._unit(found)

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """See `ImageEncoder.encode_texts`."""
        found = []
        padding = "max_length" if "siglip" in type(self._model).__name__.lower() else True  # SigLIP was trained padded
        for start in range(0, len(texts), BATCH):
            ready = self._processor(
                text=list(texts[start : start + BATCH]), return_tensors="pt", padding=padding, truncation=True
            )
            with self._torch.inference_mode():
                found.append(_plain(self._model.get_text_features(**ready)))
        return self._unit(found)

    def _unit(self, found: list[np.ndarray]) -> np.ndarray:
        vectors = np.concatenate(found) if found else np.empty((0, self.dimension), dtype=np.float32)
        return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def _plain(answer) -> np.ndarray:
    """What a model answers, as an array: a tensor, or in newer releases of transformers an output that holds one."""
    return getattr(answer, "pooler_output", answer).float().numpy()


def load_image_encoder(model: str | None = None) -> ImageEncoder | None:
    """The picture model that `ARTREC_PICTURE_MODEL` (or `model`) names; None where none is: the offline descriptor is then
    learnt when the store is built. Raises `EncoderError`."""
    chosen = model or os.environ.get(MODEL)
    return ClipEncoder(chosen) if chosen else None
