"""`python -m artrec evaluate …`: measurements with intervals, as tables or JSON."""

import json
from pathlib import Path

from artrec import config
from artrec.errors import ArtrecError

SETS = ("train", "validation", "test", "open")


def evaluate_retrieval(recommender, folder: Path | None, sets: list[str], as_json: bool) -> int:
    """Measure lexical, dense and fused search on visitors' queries (by split) and open queries."""
    from artrec.evaluation.queries import load_open_queries, load_queries
    from artrec.evaluation.retrieval import evaluate_open, evaluate_visitors, searches

    folder, catalogue = folder or config.STARTER, recommender.collection.catalogue
    ways = searches(recommender)
    report = {
        "collection": recommender.collection.name,
        "catalogue": recommender.collection.manifest["catalogue"],
        "works": len(catalogue),
        "encoder": recommender.collection.manifest["encoder"],
        "sets": {},
    }
    for name in sets:
        if name == "open":
            report["sets"][name] = evaluate_open(ways, load_open_queries(folder, catalogue))
            continue
        queries = [query for query in load_queries(folder, catalogue) if query.split == name]
        report["sets"][name] = evaluate_visitors(ways, queries)
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _table(report)
    return 0


def sets_of(text: str) -> list[str]:
    """`test,open` → ["test", "open"]. Raises `ArtrecError` on any other name."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in SETS]
    if unknown or not names:
        raise ArtrecError(f"--sets '{text[:60]}' is not a list of sets.", f"Choose from {', '.join(SETS)}.")
    return names


def _table(report: dict) -> None:
    print(f"{report['collection']}, {report['works']:,} works, {report['encoder']['name']}. Means with 95 % intervals.")
    for name, found in report["sets"].items():
        print(f"\n{name}: {found['queries']} queries, {found['units']} units")
        for method, measures in found["methods"].items():
            cells = (f"{m} {v['mean']:.3f} ({v['low']:.3f}–{v['high']:.3f})" for m, v in measures.items())
            print(f"  {method:<9}" + "   ".join(cells))
        for c in found["comparisons"]:
            if c["measure"] == "nDCG@10":
                print(
                    f"  {c['of']} − {c['with']}: {c['difference']:+.3f} ({c['low']:+.3f} to {c['high']:+.3f}), p = {c['p']:.4f}"
                )
        for kind, methods in found.get("by_kind", {}).items():
            print(f"  {kind:<9}" + "   ".join(f"{method} {v['mean']:.3f}" for method, v in methods.items()))
