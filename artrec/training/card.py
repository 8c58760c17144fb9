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
OPTIONAL = ("heads", "search")
KINDS = {
    "visitor": "visitors' queries of the train split with their works' passages",
    "attribute": "attributes of the same works in visitors' words",
    "title": "their titles, bare and with the maker's name",
    "movement": "their movements with passages that name neither movement nor artist",
    "museum": "keywords with descriptions of the Walters Art Museum (CC0 and GNU FDL; learnt from, not shipped)",
}
SCORES = ("queries", "titles", "fused", "museum", "score")


def card(folder: Path) -> str:
    """The text of the card, from `manifest.json`, `results.json`, `training.json`, and `heads.json` and `search.json` where
    they are in the folder."""
    try:
        names = ("manifest", "results", "training", *(n for n in OPTIONAL if (folder / f"{n}.json").exists()))
        found = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in names}
    except (OSError, ValueError) as error:
        cure = "Run `train encoder`, `train heads` and `evaluate encoders` first."
        raise ArtrecError(f"The card cannot be written ({error}).", cure) from error
    manifest, results, training = found["manifest"], found["results"], found["training"]
    lines = [
        "# The fine-tuned encoder",
        "",
        "A LoRA adapter on all-MiniLM-L6-v2 that brings what visitors type nearer to the works they mean, and linear heads",
        "that read movement, genre, type, moods, subjects and sentiment from its vectors. English. Every figure comes from the",
        "files beside this one.",
        "",
        "## Data",
        "",
        f"{manifest['pairs']:,} pairs:",
        "",
        *(f"- {count:,}: {KINDS[kind]}" for kind, count in manifest["kinds"].items()),
        "",
        *([f"and {manifest['notes']:,} visitors' notes with their sentiment."] if manifest["notes"] else []),
        "Works of the validation and test splits were on neither side; `manifest.json` holds hashes of both sets of works.",
        "",
        "## Training",
        "",
        f"`{manifest['command']}`",
        "",
        f'Recipe: {manifest["recipe"]}. Validation: nDCG@10, by meaning alone but for "fused", the queries with words',
        'beside; "score" is the mean over queries, titles and fused, and the best pass by it is kept.',
        "",
        *_passes(training["passes"]),
        "",
        *(_strengths(manifest["strengths"]) if "strengths" in manifest else ()),
        "Settings: " + ", ".join(f"{k} {_plain(v)}" for k, v in manifest["settings"].items()) + ".",
        "",
        *(_search(found["search"]) if "search" in found else ()),
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
        "Trained on one small collection and one museum, in English; the queries and notes were written for it, not collected",
        "from visitors. Feelings in queries are found less well than things; irony in notes is often missed.",
        "",
        "Licence: adapter and heads MIT, as ArtRec; the base model Apache-2.0.",
    ]
    return "\n".join(lines) + "\n"


def _plain(value) -> str:
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def _passes(passes: list[dict]) -> list[str]:
    names = [name for name in SCORES if name in passes[0]]
    return [
        "| step | " + " | ".join(names) + " | seconds |",
        "|---" * (len(names) + 2) + "|",
        *(f"| {p['step']} | " + " | ".join(f"{p[name]:.3f}" for name in names) + f" | {p['seconds']} |" for p in passes),
    ]


def _strengths(found: dict) -> list[str]:
    names = [name for name in SCORES if name in found["tried"][0]]
    return [
        "Then every change of a weight is drawn back towards the base by what validates best (WiSE-FT):",
        "",
        "| strength | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
        *(
            f"| {each['strength']}{' (ships)' * (each['strength'] == found['strength'])} | "
            + " | ".join(f"{each[name]:.3f}" for name in names)
            + " |"
            for each in found["tried"]
        ),
        "",
    ]


def _search(found: dict) -> list[str]:
    """The table of the search over settings."""
    variants = found["variants"]
    names = [name for name in SCORES if name in next(iter(variants.values()))]
    return [
        "## Search over settings",
        "",
        f"`python -m artrec train search`: {found['settings']['passes']} pass over {found['settings']['museum_share']:.0%} of",
        "the museum's works where the variant says nothing else; the validation split alone.",
        "",
        "| variant | " + " | ".join(names) + " | seconds |",
        "|---" * (len(names) + 2) + "|",
        *(
            f"| {title} | " + " | ".join(f"{v[name]:.3f}" for name in names) + f" | {v['seconds']} |"
            for title, v in variants.items()
        ),
        "",
        *_runs(found.get("runs", [])),
    ]


def _runs(runs: list[dict]) -> list[str]:
    """Runs of earlier recipes, for comparison."""
    if not runs:
        return []
    names = [name for name in SCORES if name != "score" and any(name in run for run in runs)]
    return [
        "Earlier recipes, whole runs and short ones, with passages cut after 144 tokens:",
        "",
        "| run | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
        *(
            f"| {run['name']} | " + " | ".join(f"{run[name]:.3f}" if name in run else "–" for name in names) + " |"
            for run in runs
        ),
        "",
    ]


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
        "`python -m artrec train heads`. Macro-F1 on the test split, names of movements and artists masked, beside TF-IDF with",
        "logistic regression; the error of the probabilities is the expected calibration error.",
        "",
        "| head | labels | cases | macro-F1 | TF-IDF | difference | calibration error |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, found in figures.items():
        parts = {
            f"{name}, {part}": values for part, values in found.items() if isinstance(values, dict) and "macro_f1" in values
        }
        for title, values in (parts or {name: found}).items():
            gap, cases = values["difference"], values.get("works", values.get("notes"))
            rows.append(
                f"| {title} | {found['labels']} | {cases} | {_interval(values['macro_f1'])} | "
                f"{values['tfidf_macro_f1']['mean']:.3f} | {gap['mean']:+.3f} ({gap['low']:+.3f} to {gap['high']:+.3f}) | "
                f"{found['calibration_error']:.3f} |"
            )
    if found := figures.get("sentiment"):
        rows += [
            "",
            f"Sentiment by the lexicon alone: {_interval(found['lexicon_macro_f1'])}. Strength of feeling (0 to 1): mean error "
            f"{found['strength_error']:.3f}, against {found['strength_error_of_the_mean']:.3f} by the mean.",
        ]
    return [*rows, ""]
