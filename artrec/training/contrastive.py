"""LoRA adapters on the base encoder, taught by contrast: a query should lie nearer to its passage than to the others.

sentence-transformers' trainer over the rows of `batches.py` with the losses of `losses.py`; batches of visitors' notes with
their sentiment can stand between them. AdamW, warm-up, cosine decay. After every pass the validation split is asked: the best
adapter is kept, and a run that no longer gets better ends. A run that was stopped goes on from its last checkpoint.

On two cores forward and backward run in bfloat16 and without dropout: a third of the time.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from artrec.encoder import EncoderConfig
from artrec.encoder_export import load_reference
from artrec.files import write_json, write_whole
from artrec.training.batches import Row
from artrec.training.notes import SENTIMENTS

TRAINING = "training.json"
ALL_LINEAR = ("query", "key", "value", "dense")


@dataclass(frozen=True)
class Settings:
    """What a training run may vary."""

    rank: int = 16
    alpha: int = 32
    targets: tuple[str, ...] = ALL_LINEAR
    learning_rate: float = 6e-4
    batch: int = 96  # rows: passages with their queries
    passes: int = 3  # over the collection's works
    patience: int = 3  # passes without a better validation before the run ends
    columns: int = 5  # queries a work in each pass: the last two a title and an attribute or a movement, the rest visitors'
    apart: bool = True  # each query in a row of its own; otherwise a work's queries share one row and its passage
    group: int = 1  # works alike that stand together in a batch; 1: as chance has it
    museum_share: float = 1.0  # of the museum's works in each pass
    museum_columns: int = 2  # queries for each of them, where queries are apart
    notes_share: float = 0.1  # batches of notes for each batch of works
    dimensions: tuple[int, ...] = (384,)  # more than one: Matryoshka (Kusupati et al. 2022)
    warmup: float = 0.1
    memory: bool = False  # passages of batches before count as negatives too
    residual: float = 0.0  # what a word's share counts beside the cosine in half of the loss; 0: the cosine alone
    scale: float = 20.0  # inverse temperature of the cosine
    backward: float = 0.0  # weight of passages finding queries
    max_tokens: int = 192  # the longest passages of the starter collection have 206
    bf16: bool = True
    adapted: bool = False  # begin with the adapter that `train adapt` made
    seed: int = 2026


def train(
    rows: Sequence[Row],
    size: int,
    notes: Sequence[tuple[str, int]],
    validate: Callable[[object], dict[str, float]],
    out: Path,
    settings: Settings = Settings(),
    base: EncoderConfig = EncoderConfig(),
    resume: bool = True,
    start: Path | None = None,
    words: Callable[[str], np.ndarray] | None = None,
) -> dict:
    """Train an adapter into the folder `out` (adapter files and `training.json`); returns the history.

    `rows` in order, `size` of them a pass; `notes`: texts with their sentiment. `validate`:
    sentence-transformers model → scores, of which "score" decides, higher is better; asked after every pass. `start`: an
    adapter to begin with. Where `out` holds checkpoints of the same run and `resume` is true, training goes on from the
    last of them.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from datasets import Dataset, DatasetDict
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
    from sentence_transformers.sentence_transformer.losses import MatryoshkaLoss
    from transformers import PrinterCallback, TrainerCallback

    from artrec.training.losses import InOrder, SentimentLoss, SeveralQueriesLoss

    torch.manual_seed(settings.seed)  # the adapter's first weights are drawn before the trainer sets its seed
    model = with_adapter(base, settings, start)
    work = out / "checkpoints"
    going_on = resume and any(work.glob("checkpoint-*")) and (out / TRAINING).exists()
    history: dict = {"settings": asdict(settings), "rows": len(rows), "passes": [], "losses": []}
    if going_on:  # what the run had reached counts: a worse pass must not replace a better one from before the stop
        history = json.loads((out / TRAINING).read_text("utf-8"))

    class Watch(TrainerCallback):
        """Scores the model after each pass, keeps the best adapter, notes the losses, and ends a run that is done."""

        def __init__(self, steps: int):
            self.steps = steps
            self.best = max((each["score"] for each in history["passes"]), default=-1.0)
            self.started = time.perf_counter() - (history["passes"][-1]["seconds"] if history["passes"] else 0)

        def on_log(self, args, state, control, logs=None, **_):
            if logs and "loss" in logs:
                history["losses"].append({"step": state.global_step, "loss": round(float(logs["loss"]), 4)})
                print(f"train: step {state.global_step} of {state.max_steps}, loss {float(logs['loss']):.3f}", file=sys.stderr)

        def on_step_end(self, args, state, control, **_):
            if state.global_step % self.steps and state.global_step < state.max_steps:
                return
            model.eval()
            scores = {name: float(value) for name, value in validate(model).items()}
            model.train()
            seconds = round(time.perf_counter() - self.started)
            history["passes"].append({"step": state.global_step, "seconds": seconds} | scores)
            print(f"train: validation {scores}, {seconds} s", file=sys.stderr)
            if scores["score"] > self.best:
                self.best = scores["score"]
                save_adapter(model, out)
            write_json(out / TRAINING, history)
            control.should_save = True
            since = len(history["passes"]) - 1 - int(np.argmax([each["score"] for each in history["passes"]]))
            control.should_training_stop = since >= settings.patience

    out.mkdir(parents=True, exist_ok=True)
    columns = {f"query_{at}": [row.queries[at] for row in rows] for at in range(len(rows[0].queries))}
    datasets = {"works": Dataset.from_dict(columns | {"passage": [r.passage for r in rows], "label": range(len(rows))})}
    beside = (words, settings.residual) if settings.residual else ()
    losses = {"works": SeveralQueriesLoss(model, rows, settings.scale, settings.backward, settings.memory, *beside)}
    if len(settings.dimensions) > 1:
        losses["works"] = MatryoshkaLoss(model, losses["works"], list(settings.dimensions))
    if len(notes) >= settings.batch:
        texts, labels = zip(*notes, strict=True)
        datasets["notes"] = Dataset.from_dict({"text": texts, "label": labels})
        losses["notes"] = SentimentLoss(model, len(SENTIMENTS))
    batches = sum(len(dataset) // settings.batch for dataset in datasets.values())
    steps = max(1, round(size * batches / len(rows)))
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(work), num_train_epochs=1, per_device_train_batch_size=settings.batch,
        learning_rate=settings.learning_rate, warmup_steps=settings.warmup, lr_scheduler_type="cosine", weight_decay=0.01,
        batch_sampler=InOrder, seed=settings.seed, data_seed=settings.seed,
        use_cpu=True, bf16=settings.bf16, logging_steps=5,
        save_strategy="no", save_total_limit=1, report_to=[],
        disable_tqdm=True, dataloader_drop_last=True,
    )  # fmt: skip
    trainer = SentenceTransformerTrainer(
        model=model, args=arguments, train_dataset=DatasetDict(datasets), loss=losses, callbacks=[Watch(steps)]
    )
    trainer.remove_callback(PrinterCallback)  # it writes to stdout, which belongs to the result
    trainer.train(resume_from_checkpoint=going_on)
    shutil.rmtree(work, ignore_errors=True)
    return history


def with_adapter(base: EncoderConfig, settings: Settings, start: Path | None = None):
    """The base model with a fresh adapter on it, or with the weights of the adapter in `start`, ready to be trained."""
    import torch
    from peft import LoraConfig, set_peft_model_state_dict
    from safetensors.torch import load_file

    model = load_reference(base)
    model.max_seq_length = settings.max_tokens
    model.add_adapter(
        LoraConfig(
            r=settings.rank,
            lora_alpha=settings.alpha,
            lora_dropout=0.0,
            target_modules=list(settings.targets),
            bias="none",
        )
    )
    if start is not None:
        weights = {name: value.float() for name, value in load_file(start / "adapter_model.safetensors").items()}
        missing = set_peft_model_state_dict(model[0].model, weights, adapter_name="default")
        if missing.unexpected_keys:
            raise ValueError(f"{start} holds an adapter for other layers")
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return model


def save_adapter(model, out: Path) -> None:
    """Write a sentence-transformers model's adapter; see `write_adapter`."""
    write_adapter(model[0].model, out)


def write_adapter(inner, out: Path, within: str = "") -> None:
    """Write a transformers model's adapter as safetensors in half precision, whole or not at all, without paths of this
    machine. `within`: the part of the weights' names that stands for a model around the encoder, and is left out."""
    import torch
    from peft.utils import get_peft_model_state_dict
    from safetensors.torch import save

    weights = {}
    for name, value in get_peft_model_state_dict(inner, adapter_name="default").items():
        plain = name.removeprefix("base_model.model.").removeprefix(within)
        weights[f"base_model.model.{plain}"] = value.detach().to(torch.float16).contiguous()
    configuration = inner.peft_config["default"].to_dict()
    configuration["target_modules"] = sorted({name.split(".")[-1] for name in configuration["target_modules"]})
    configuration = {k: sorted(v) if isinstance(v, set) else v for k, v in configuration.items()}
    configuration |= {"base_model_name_or_path": "sentence-transformers/all-MiniLM-L6-v2", "inference_mode": True}
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "adapter_model.safetensors", save(weights, metadata={"format": "pt"}))
    write_whole(out / "adapter_config.json", json.dumps(configuration, indent=1, default=str, sort_keys=True) + "\n")


def cosines(model, passages: Sequence[str], queries: Sequence[str]) -> np.ndarray:
    """Cosines of queries with passages (float32 (queries, passages))."""
    import torch

    encode = {"batch_size": 32, "normalize_embeddings": True, "show_progress_bar": False}
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rows, asked = (np.asarray(model.encode(list(texts), **encode), dtype=np.float32) for texts in (passages, queries))
    return asked @ rows.T


def known_item(scores: np.ndarray, answers: Sequence[int], k: int = 10) -> np.ndarray:
    """nDCG@k of known items (float64 (queries,)) by scores (queries, passages), `answers` the place of each right passage."""
    own = scores[np.arange(len(scores)), np.asarray(answers)]
    places = (scores > own[:, None]).sum(axis=1) + 1
    return np.where(places <= k, 1 / np.log2(places + 1), 0)
