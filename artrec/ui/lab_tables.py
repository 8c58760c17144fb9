"""Pure: the documents beside the adapter → tables as people read them. A document that is not as it should be raises
`KeyError`, `TypeError`, `ValueError` or `AttributeError`; the page says so."""

from collections.abc import Mapping

import pandas as pd

SETS = {
    "test": "Visitors' queries",
    "open": "Open queries",
    "titles": "Titles",
    "fused": "With words beside",
    "museum": "Museum keywords",
    "general": "Paraphrases",
}
METHODS = {
    "lexical": "words (BM25)", "base dense": "base, meaning", "tuned dense": "tuned, meaning",
    "base fused": "base, all reasons", "tuned fused": "tuned, all reasons", "base": "base", "tuned": "tuned",
}  # fmt: skip
COLUMNS = {
    "macro_f1": "macro-F1", "tfidf_macro_f1": "TF-IDF", "lexicon_macro_f1": "macro-F1 of the lexicon (VADER)",
    "difference": "difference to TF-IDF", "notes": "cases", "works": "cases",
}  # fmt: skip
FIRST = ("head", "measured on", "labels", "cases", "macro-F1", "TF-IDF", "difference to TF-IDF")


def data(manifest: Mapping) -> pd.DataFrame:
    """What was learnt from, by kind."""
    counts = {"pairs of query and passage": manifest["pairs"]}
    counts |= {f"– {kind}": count for kind, count in manifest.get("kinds", {}).items()}
    counts |= {"notes of visitors": manifest["notes"]} if "notes" in manifest else {}
    return pd.DataFrame({"data": list(counts), "count": [f"{int(count):,}" for count in counts.values()]})


def settings(values: Mapping) -> pd.DataFrame:
    """The settings of a run."""
    return pd.DataFrame({"setting": [_words(key) for key in values], "value": [_plain(value) for value in values.values()]})


def search(variants: Mapping[str, Mapping]) -> pd.DataFrame:
    """One line a variant, best first."""
    lines = []
    for name, found in variants.items():
        scores = {key: f"{found[key]:.3f}" for key in ("score", "queries", "titles", "fused", "museum") if key in found}
        minutes = f"{found['seconds'] / 60:.0f}"
        lines.append((found["score"], {"variant": name, **scores, "minutes": minutes, "changed": _plain(found["changed"])}))
    return pd.DataFrame([line for _, line in sorted(lines, key=lambda pair: -pair[0])]).fillna("")


def means(sets: Mapping[str, Mapping], measure: str) -> dict[str, dict[str, dict]]:
    """Set of queries with their number → method → {"mean", "low", "high"}, for the sets that have the measure."""
    found = {}
    for name, about in sets.items():
        methods = {m: each[measure] for m, each in about["methods"].items() if measure in each}
        known = [m for m in METHODS if m in methods]
        if methods:
            order = (*known, *(m for m in methods if m not in known))
            found[f"{SETS.get(name, name)}, {about['queries']:,}"] = {m: methods[m] for m in order}
    return found


def estimates(found: Mapping[str, Mapping[str, Mapping]], measure: str) -> pd.DataFrame:
    """What `means` gives, as a table."""
    lines = [(name, METHODS.get(m, m), _interval(each)) for name, methods in found.items() for m, each in methods.items()]
    return pd.DataFrame(lines, columns=["queries", "search", measure])


def differences(sets: Mapping[str, Mapping], measure: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Comparisons by a measure: of the fine-tuned encoder with the base in the same kind of search, and all others."""
    alike, others = [], []
    for name, about in sets.items():
        for c in about["comparisons"]:
            if c["measure"] == measure:
                same = c["of"].startswith("tuned") and c["with"] == c["of"].replace("tuned", "base", 1)
                (alike if same else others).append(
                    {
                        "queries": SETS.get(name, name), "search": METHODS.get(c["of"], c["of"]),
                        "against": METHODS.get(c["with"], c["with"]), "difference": _signed(c["difference"]),
                        "95 % interval": f"{_signed(c['low'])} to {_signed(c['high'])}", "p": f"{c['p']:.3f}",
                    }
                )  # fmt: skip
    return pd.DataFrame(alike), pd.DataFrame(others)


def heads(figures: Mapping[str, Mapping]) -> tuple[pd.DataFrame, list[str]]:
    """One line a head and part of the test split; and what only one head has, as sentences."""
    lines = []
    for name, found in figures.items():
        parts = {key: value for key, value in found.items() if isinstance(value, dict) and "mean" not in value}
        whole = {key: value for key, value in found.items() if key not in parts and key != "reliability"}
        whole |= parts.pop("all", {})
        lines += [{"head": name, "measured on": part} | _named(of) for part, of in {"all": whole, **parts}.items()]
    held = {column: sum(column in line for line in lines) for line in lines for column in line}
    alone = {column for column, count in held.items() if count == 1 and len(lines) > 1 and column not in FIRST}
    more = [
        f"{line['head'].capitalize()}: " + ", ".join(f"{column} {line[column]}" for column in line if column in alone) + "."
        for line in lines
        if alone & set(line)
    ]
    first = [column for column in FIRST if column in held]
    order = [*first, *(column for column in held if column not in first and column not in alone)]
    return pd.DataFrame(lines, columns=order).fillna(""), more


def backends(document) -> pd.DataFrame:
    """Whatever was measured of each backend: {"rows": [{…}]}, a list of rows, or {name: {…}}."""
    rows = document.get("rows", document) if isinstance(document, dict) else document
    if isinstance(rows, dict):
        rows = [{"backend": name} | each for name, each in rows.items() if isinstance(each, dict)]
    return pd.DataFrame([{_words(key): _told(value) for key, value in row.items()} for row in rows]).fillna("")


def _named(found: Mapping) -> dict[str, str]:
    return {COLUMNS.get(key, _words(key)): _told(value) for key, value in found.items()}


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def _words(key: str) -> str:
    return key.replace("_", " ")


def _told(value) -> str:
    """A value as people read it."""
    if isinstance(value, dict) and "mean" in value:
        return _interval(value)
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
    return f"{value:,}" if type(value) is int else _plain(value)


def _interval(found: Mapping[str, float]) -> str:
    return f"{found['mean']:.3f} ({found['low']:.3f}–{found['high']:.3f})"


def _plain(value) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_words(key)} {_plain(each)}" for key, each in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, (list, tuple)) else str(value)
