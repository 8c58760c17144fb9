"""The model card, written from the files it reports: `python -m artrec train card`."""

import json
from pathlib import Path

from artrec.errors import ArtrecError

TABLE = (
    ("test", "nDCG@10", "visitors' queries, test split, nDCG@10"),
    ("open", "nDCG@10", "open queries with grades, nDCG@10"),
    ("museum", "nDCG@10", "a museum's keywords → descriptions never trained on, nDCG@10"),
    ("titles", "nDCG@10", "title → own work, nDCG@10"),
    ("general", "MRR", "everyday sentence pairs, mean reciprocal rank"),
)
METHODS = ("dense", "fused", "")


def card(folder: Path) -> str:
    """The text of the card, from `manifest.json`, `results.json`, `training.json` and `heads.json` in the folder."""
    try:
        names = ("manifest", "results", "training", *(["heads"] if (folder / "heads.json").exists() else []))
        found = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in names}
    except (OSError, ValueError) as error:
        cure = "Run `train encoder`, `train heads` and `evaluate encoders` first."
        raise ArtrecError(f"The card cannot be written ({error}).", cure) from error
    manifest, results, training = found["manifest"], found["results"], found["training"]
    lines = [
        "# The fine-tuned encoder",
        "",
        "A LoRA adapter on all-MiniLM-L6-v2 that brings what visitors type nearer to the works they mean. English. Every",
        "figure comes from the files beside this one.",
        "",
        "## Data",
        "",
        f"{manifest['pairs']:,} pairs: visitors' queries of the train split with their works' passages, attributes of the",
        "same works in visitors' words, and keywords with descriptions of the Walters Art Museum (records CC0, descriptions",
        "GNU FDL; learnt from, not shipped), and the titles of train works. Works of the validation and test splits were on",
        "neither side; `manifest.json` holds hashes of both sets.",
        "",
        "## Training",
        "",
        f"`{manifest['command']}`",
        "",
        "| step | nDCG@10 on validation queries and titles, meaning alone | seconds |",
        "|---|---|---|",
        *(f"| {e['step']} | {e['validation']:.3f} | {e['seconds']} |" for e in training["epochs"]),
        "",
        "Settings: " + ", ".join(f"{k} {v}" for k, v in manifest["settings"].items()) + ".",
        "",
        "## Results",
        "",
        "`python -m artrec evaluate encoders`. Means with 95 % bootstrap intervals; the difference with its interval and the p",
        "of a paired randomisation test.",
        "",
        "| measure | search | base | fine-tuned | difference |",
        "|---|---|---|---|---|",
        *_rows(results["sets"]),
        "",
        *(_heads(found["heads"]["figures"]) if "heads" in found else ()),
        "## Limits",
        "",
        "Trained on one small collection and one museum, in English; queries were written by few people. Feelings in queries",
        "are found far less well than things.",
        "",
        "Licence: the adapter MIT, as ArtRec; the base model Apache-2.0.",
    ]
    return "\n".join(lines) + "\n"


def _rows(sets: dict) -> list[str]:
    rows = []
    for name, measure, title in TABLE:
        methods = sets.get(name, {}).get("methods", {})
        for method in METHODS:
            base, tuned = (f"{encoder} {method}".strip() for encoder in ("base", "tuned"))
            if base not in methods or tuned not in methods:
                continue
            change = next(c for c in sets[name]["comparisons"] if (c["of"], c["with"], c["measure"]) == (tuned, base, measure))
            figures = [_interval(methods[way][measure]) for way in (base, tuned)]
            by = f"{change['difference']:+.3f} ({change['low']:+.3f} to {change['high']:+.3f}), p = {change['p']:.4f}"
            rows.append(f"| {title} | {method or '–'} | {figures[0]} | {figures[1]} | {by} |")
    return rows


def _interval(found: dict) -> str:
    return f"{found['mean']:.3f} ({found['low']:.3f}–{found['high']:.3f})"


def _heads(figures: dict) -> list[str]:
    rows = [
        "## Heads",
        "",
        "On works of the test split, names of movements and artists masked; beside TF-IDF with logistic regression.",
        "",
        "| head | labels | macro-F1 | TF-IDF |",
        "|---|---|---|---|",
    ]
    for name, found in figures.items():
        for part, values in found.items() if "all" in found else [("", found)]:
            if isinstance(values, dict):
                title = f"{name}, {part}" if part else name
                scores = f"{values['macro_f1']:.3f} | {values['tfidf_macro_f1']:.3f}"
                rows.append(f"| {title} | {found.get('labels', 3)} | {scores} |")
    return [*rows, ""]
