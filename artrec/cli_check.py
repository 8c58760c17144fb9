"""`python -m artrec check`: records, queries, goals and doubts, as text or JSON."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from artrec.catalogue import Catalogue, load_catalogue
from artrec.cleaning import Health, examine
from artrec.coverage import Figure, coverage, load_goals, shown
from artrec.errors import CatalogueError
from artrec.evaluation.audience import load_ratings
from artrec.evaluation.queries import load_open_queries, load_queries, load_training_queries

SHOWN = 200  # findings, and 40 phrases, that the text lists


def check(folder: Path, as_json: bool) -> int:
    """Print what is wrong, what is doubtful and how wide the catalogue reaches. Returns 1 where something is wrong:
    a record or a query that breaks its schema, or a goal that is missed."""
    built = folder / "catalogue.jsonl"
    try:
        catalogue = load_catalogue(built if built.exists() else folder)
    except CatalogueError as error:
        if not error.problems:
            raise
        return _wrong(error.problems, as_json)
    beside = folder if folder.is_dir() else folder.parent
    errors, counts = _side_files(beside, catalogue)
    table = coverage(catalogue, load_goals(beside))
    errors += [f"goal: {f.label} is {shown(f.name, f.value)}, wanted {f.goal}" for f in table if f.met is False]
    health = examine(catalogue)
    if as_json:
        document = {"errors": errors, "beside": counts, "coverage": [asdict(f) for f in table]} | asdict(health)
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        _tell(health, table, counts)
        if errors:
            print()
            _wrong(errors, as_json=False)
    return 1 if errors else 0


def _side_files(folder: Path, catalogue: Catalogue) -> tuple[list[str], dict[str, int]]:
    """Problems of the files beside the records, and what each holds."""
    errors: list[str] = []
    counts: dict[str, int] = {}
    loaders = (
        ("queries", load_queries), ("queries for training", load_training_queries), ("open queries", load_open_queries),
        ("simulated ratings", load_ratings),
    )  # fmt: skip
    for name, load in loaders:
        try:
            counts[name] = len(load(folder, catalogue))
        except CatalogueError as error:
            errors += [problem for problem in error.problems or [str(error)] if problem not in errors]
    return errors, counts


def _wrong(problems: list[str], as_json: bool) -> int:
    if as_json:
        print(json.dumps({"errors": problems}, ensure_ascii=False, indent=1))
    else:
        print("\n".join(problems))
        print(f"artrec: {len(problems)} error{'s' * (len(problems) != 1)}.", file=sys.stderr)
    return 1


def _tell(health: Health, table: tuple[Figure, ...], counts: dict[str, int]) -> None:
    print(
        f"{health.works:,} works, {health.artists:,} artists or cultures"
        + "".join(f", {n:,} {what}" for what, n in counts.items() if n)
        + "."
    )
    print("\nCoverage")
    for figure in table:
        mark = {None: " ", True: "✓", False: "✗"}[figure.met]
        print(f"  {mark} {figure.label:<52} {shown(figure.name, figure.value):>12}   {figure.goal}")
    print("\nFilled: " + ", ".join(f"{field} {share:.0%}" for field, share in health.filled.items()))
    for field, spread in health.spread.items():
        listed = list(spread.items())[:12] if field != "century" else spread.items()
        print(f"{field}: " + ", ".join(f"{value} {count}" for value, count in listed))
    print(f"\n{len(health.findings)} things to look at" + (":" if health.findings else "."))
    for finding in health.findings[:SHOWN]:
        print(f"  {finding.artwork_id}: {finding.message}")
    print(f"{len(health.phrases)} phrases of five words stand in three descriptions or more" + (":" if health.phrases else "."))
    for phrase, works in list(health.phrases.items())[:40]:
        print(f"  {len(works)} × '{phrase}': {', '.join(works[:4])}")
