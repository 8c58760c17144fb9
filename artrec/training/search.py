"""A small search over the settings of training: `python -m artrec train search`, one short run a variant.

Each variant differs from `SHORT`, one pass over fewer of the museum's works, in what its name says, so that the table
shows what each choice is worth. Figures are of the validation split alone. A run that was stopped goes on with the variants
that are not done. What ships was trained longer, with what did well.
"""

import json
import shutil
import sys
from dataclasses import asdict, replace
from pathlib import Path

from artrec.errors import ArtrecError
from artrec.files import write_json
from artrec.training.contrastive import Settings
from artrec.training.run import Material, adapted_folder, run, workshop_of

SEARCH = "search.json"
SHORT = Settings(passes=1, museum_share=0.25, patience=99)
VARIANTS: dict[str, dict] = {
    "what ships, shortened": {},
    "no notes": {"notes_share": 0.0},
    "several queries a passage, works alike together": {"apart": False, "group": 4, "museum_share": 0.6, "passes": 2},
    "words beside in half of the loss": {"residual": 1.0},
    "learning rate 1.2e-3": {"learning_rate": 1.2e-3},
    "after masked language modelling": {"adapted": True},
    "rank 32": {"rank": 32, "alpha": 64},
    "Matryoshka 384, 128, 64": {"dimensions": (384, 128, 64)},
    "passages of earlier batches as negatives": {"memory": True},
}


def search(material: Material, out: Path, names: list[str] | None = None) -> dict:
    """Try the variants (`names`: only these) and write `search.json` into `out` after each; returns its document."""
    unknown = [name for name in names or [] if name not in VARIANTS]
    if unknown:
        raise ArtrecError(f"There is no variant '{unknown[0]}'.", f"Choose from: {'; '.join(VARIANTS)}.")
    file = out / SEARCH
    found = {"data": material.hash, "settings": _plain(asdict(SHORT)), "variants": {}}
    if file.exists():
        before = json.loads(file.read_text("utf-8"))
        if all(before.get(key) == found[key] for key in ("data", "settings")):
            found = before
    out.mkdir(parents=True, exist_ok=True)
    for name in names or VARIANTS:
        if name in found["variants"]:
            continue
        print(f"search: {name}", file=sys.stderr)
        settings = replace(SHORT, **VARIANTS[name])
        workshop = workshop_of(material.hash, asdict(settings))
        history = run(material, settings, workshop, adapted_folder(material) if settings.adapted else None)
        last = history["passes"][-1]
        found["variants"][name] = {"changed": _plain(VARIANTS[name])} | {k: v for k, v in last.items() if k != "step"}
        write_json(file, found)
        shutil.rmtree(workshop, ignore_errors=True)
    return found


def _plain(settings: dict) -> dict:
    """As JSON gives it back."""
    return json.loads(json.dumps(settings))
