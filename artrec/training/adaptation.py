"""Domain adaptation without labels: masked language modelling (Devlin et al. 2019) over passages, into a LoRA adapter.

The packaged sentence model comes without a head for words: a fresh one, tied to its embeddings, learns beside the adapter and
is thrown away. What the stage is worth is measured by `train search`, which tries contrastive training with and without it.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from artrec.encoder import EncoderConfig, model_folder
from artrec.training.contrastive import ALL_LINEAR, write_adapter


@dataclass(frozen=True)
class Adaptation:
    """How long and how hard."""

    steps: int = 240
    batch: int = 32
    learning_rate: float = 5e-4
    hidden: float = 0.15  # share of the tokens that are masked
    max_tokens: int = 128
    rank: int = 16
    alpha: int = 32
    bf16: bool = True
    seed: int = 2026


def adapt(
    passages: Sequence[str], out: Path, settings: Adaptation = Adaptation(), base: EncoderConfig = EncoderConfig()
) -> dict:
    """Read passages until `steps` are done; writes the adapter into `out` and returns the losses by step."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import (
        AutoModelForMaskedLM,
        AutoTokenizer,
        DataCollatorForLanguageModeling,
        PrinterCallback,
        Trainer,
        TrainerCallback,
        TrainingArguments,
    )

    torch.manual_seed(settings.seed)
    folder = str(model_folder(base))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForMaskedLM.from_pretrained(folder)
    head = [parameter for name, parameter in model.named_parameters() if name.startswith("cls.")]
    model.add_adapter(LoraConfig(r=settings.rank, lora_alpha=settings.alpha, target_modules=list(targets(model))))
    for parameter in head:
        parameter.requires_grad = True
    losses: list[dict] = []

    class Watch(TrainerCallback):
        def on_log(self, args, state, control, logs=None, **_):
            if logs and "loss" in logs:
                losses.append({"step": state.global_step, "loss": round(float(logs["loss"]), 4)})
                print(f"adapt: step {state.global_step} of {state.max_steps}, loss {float(logs['loss']):.3f}", file=sys.stderr)

    tokens = tokenizer(list(passages), truncation=True, max_length=settings.max_tokens, return_special_tokens_mask=True)
    arguments = TrainingArguments(
        output_dir=str(out / "work"), max_steps=settings.steps, per_device_train_batch_size=settings.batch,
        learning_rate=settings.learning_rate, warmup_steps=0.1, lr_scheduler_type="cosine", seed=settings.seed,
        use_cpu=True, bf16=settings.bf16, logging_steps=20, save_strategy="no", report_to=[], disable_tqdm=True,
        train_sampling_strategy="group_by_length",
    )  # fmt: skip
    trainer = Trainer(
        model=model, args=arguments, train_dataset=Dataset.from_dict(dict(tokens)), callbacks=[Watch()],
        data_collator=DataCollatorForLanguageModeling(tokenizer, mlm_probability=settings.hidden),
    )  # fmt: skip
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    write_adapter(model, out, within="bert.")
    shutil.rmtree(out / "work", ignore_errors=True)
    return {"passages": len(passages), "losses": losses}


def targets(model) -> list[str]:
    """The encoder's linear layers, by full name: those of the head are learnt whole."""
    import torch

    return [
        name
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and name.startswith("bert.encoder.") and name.split(".")[-1] in ALL_LINEAR
    ]
