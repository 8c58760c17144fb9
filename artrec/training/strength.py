"""How strongly an adapter speaks: the fine-tuned weights drawn a little back towards the base (WiSE-FT, Wortsman et al. 2022).

What was learnt mostly stays, and what was unlearnt comes back: titles, above all. The strength is chosen on the validation
split.
"""

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from artrec.encoder import ADAPTER_FILES, EncoderConfig
from artrec.encoder_export import load_reference
from artrec.files import write_whole

STRENGTHS = (1.0, 0.9, 0.8, 0.7)


def weaken(adapter: Path, strength: float, out: Path) -> None:
    """Write an adapter whose every change of a weight is `strength` times the one of `adapter`."""
    from safetensors.torch import load_file, save

    out.mkdir(parents=True, exist_ok=True)
    weights = load_file(adapter / ADAPTER_FILES[1])
    scaled = {name: value * strength if ".lora_B." in name else value for name, value in weights.items()}
    write_whole(out / ADAPTER_FILES[1], save(scaled, metadata={"format": "pt"}))
    if out != adapter:
        shutil.copyfile(adapter / ADAPTER_FILES[0], out / ADAPTER_FILES[0])


def choose_strength(
    adapter: Path,
    validate: Callable[[object], dict[str, float]],
    max_tokens: int,
    base: EncoderConfig = EncoderConfig(),
    strengths: Sequence[float] = STRENGTHS,
) -> dict:
    """Give the adapter in a folder the strength that validates best; returns {"strength", "tried": [{"strength", scores}]}."""
    tried = []
    for strength in strengths:
        trial = adapter / f"strength-{strength}"
        weaken(adapter, strength, trial)
        model = load_reference(EncoderConfig(base.model, str(trial)))
        model.max_seq_length = max_tokens
        tried.append({"strength": strength} | {name: float(value) for name, value in validate(model).items()})
        print(f"train: {tried[-1]}", file=sys.stderr)
        shutil.rmtree(trial)
    best = max(tried, key=lambda each: each["score"])
    weaken(adapter, best["strength"], adapter)
    return {"strength": best["strength"], "tried": tried}
