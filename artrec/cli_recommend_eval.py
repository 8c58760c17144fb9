"""`python -m artrec evaluate recommend --ratings F --catalogue C`: every recommender on the same people, with intervals."""

import argparse
import json
import shlex
import sys
import time
from pathlib import Path

from artrec.errors import ArtrecError
from artrec.files import write_json

SHOWN = ("nDCG@20", "hit@20", "MRR@20", "spearman", "RMSE", "novelty", "diversity")


def add(parser: argparse.ArgumentParser) -> None:
    """Put the options of this command on the parser of `evaluate`."""
    parser.add_argument("--ratings", type=Path, metavar="FILE", help="recommend: CSV of user_id,work_id[,rating][,timestamp]")
    parser.add_argument("--catalogue", type=Path, metavar="FILE", help="recommend: the works, .jsonl, a folder or .csv")
    parser.add_argument(
        "--protocol", default=None, help="recommend: leave-last-out, by-date, random, cold-users or cold-works "
        "(default: leave-last-out where times are known, else random)",
    )  # fmt: skip
    parser.add_argument("--algorithms", metavar="A,B", help="recommend: these alone (default: all but the neural ones)")
    parser.add_argument("--neural", action="store_true", help="recommend: the neural ones as well")
    parser.add_argument("--scale", metavar="LOW-HIGH", help="recommend: the scale of the ratings, such as 1-7")
    parser.add_argument("--seed", type=int, default=0, help="recommend: of everything that is drawn by chance (default 0)")


def run(options) -> int:
    """Measure, and print a table or one JSON document. Raises `ArtrecError` on bad input."""
    from artrec.community.registry import ALGORITHMS
    from artrec.community.works import Works
    from artrec.evaluation import experiment
    from artrec.evaluation.lab_cache import plain
    from artrec.evaluation.protocols import PROTOCOLS
    from artrec.evaluation.ratings import load_ratings, scale_of
    from artrec.evaluation.works_table import open_catalogue

    if options.ratings is None:
        raise ArtrecError("There are no ratings to measure on.", "Name a CSV file: --ratings FILE --catalogue FILE.")
    if options.protocol is not None and options.protocol not in PROTOCOLS:
        raise ArtrecError(f"'{options.protocol[:40]}' is no protocol.", f"Choose from {', '.join(PROTOCOLS)}.")
    if options.seed < 0:
        raise ArtrecError(f"--seed {options.seed} is below 0.", "Give a whole number from 0.")
    started = time.perf_counter()
    names = [name.strip() for name in options.algorithms.split(",") if name.strip()] if options.algorithms is not None else None
    if options.neural and names is None:
        names = list(ALGORITHMS)
    experiment.choose(names)
    catalogue = open_catalogue(options.catalogue) if options.catalogue else None
    ids = [work.artwork_id for work in catalogue] if catalogue else None
    ratings = load_ratings(options.ratings, ids, scale_of(options.scale) if options.scale else None)
    for line in notes(ratings):
        print(f"artrec: {line}", file=sys.stderr)
    works = Works(catalogue, _vectors(catalogue)) if catalogue else None
    protocol = options.protocol or ("leave-last-out" if ratings.interactions.timed else "random")
    report = experiment.run(ratings, works, protocol, names, options.seed, _progress if sys.stderr.isatty() else None)
    report["data"]["ratings"], report["data"]["catalogue"] = options.ratings.name, catalogue.hash if catalogue else None
    report["seconds"] = time.perf_counter() - started
    report["command"] = command(options.ratings, options.catalogue, protocol, names, options.seed, options.scale)
    report = plain(report)
    if options.out:
        try:
            write_json(options.out, report)
        except OSError as error:
            raise ArtrecError(
                f"{options.out} cannot be written ({error.strerror}).", "Name another file after --out."
            ) from error
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _table(report)
    return 0


def command(ratings: Path, catalogue: Path | None, protocol: str, names, seed: int, scale: str | None = None) -> str:
    """The command that makes this report."""
    given = [("--ratings", ratings), ("--catalogue", catalogue), ("--protocol", protocol), ("--scale", scale), ("--seed", seed)]
    chosen = [("--algorithms", ",".join(names))] if names is not None else []
    parts = [f"{name} {shlex.quote(str(value))}" for name, value in [*given, *chosen] if value is not None]
    return f"python -m artrec evaluate recommend {' '.join(parts)} --json"


def notes(ratings) -> list[str]:
    """What was left out and what came twice, in words."""
    said = [
        f"{count} line{'s' * (count > 1)} left out: {reason}." for reason, count in ratings.left_out.items()
    ]  # fmt: skip
    if ratings.examples:
        said.append(f"The first: {'; '.join(ratings.examples)}.")
    if ratings.repeated:
        said.append(f"{ratings.repeated} pairs of person and work came again; the last one counts.")
    return said


def _vectors(catalogue):
    """Vectors of the works' texts by the encoder in use."""
    from artrec.encoder import load_encoder
    from artrec.text import passage
    from artrec.vectors import encode_cached

    return encode_cached(load_encoder(), [passage(work) for work in catalogue])


def _progress(name: str, done: int, total: int) -> None:
    print(f"\r{done}/{total} {name:<24}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _table(report: dict) -> None:
    data = report["data"]
    kind = "simulated " * data["simulated"] + data["kind"]
    against = f"against {report['comparisons'][0]['of']}." if report["comparisons"] else "nothing to compare."
    print(f"{data['ratings']}: {data['interactions']:,} {kind} of {data['people']:,} people on {data['works']:,} works.")
    print(f"{report['protocol']}, {report['people_asked']:,} people asked. Means with 95 % intervals; p (corrected): {against}")
    p = {row["with"]: row["p_corrected"] for row in report["comparisons"]}
    order = sorted(report["algorithms"], key=lambda a: -a["measures"].get(report["primary"], {}).get("mean", -1.0))
    shown = list(dict.fromkeys([report["primary"], *(m for m in SHOWN if any(m in a["measures"] for a in order))]))
    print(f"\n{'':<18}{shown[0]:<21}{'p':<8}" + "".join(f"{name:<12}" for name in shown[1:]) + "coverage  fit s   ms")
    for a in order:
        first = a["measures"].get(shown[0])
        cell = f"{first['mean']:.3f} ({first['low']:.3f}–{first['high']:.3f})" if first else "–"
        rest = (f"{a['measures'][m]['mean']:.3f}" if m in a["measures"] else "–" for m in shown[1:])
        chance = f"{p[a['name']]:.4f}" if a["name"] in p else ""
        print(
            f"{a['name']:<18}{cell:<21}{chance:<8}" + "".join(f"{text:<12}" for text in rest)
            + f"{a['whole']['coverage']:<10.3f}{a['cost']['fit seconds']:<8.2f}{a['cost']['score ms median']:.2f}"
        )  # fmt: skip
    for name, reason in report["not_applicable"].items():
        print(f"{name:<18}not applicable: {reason}")
    for a in order:
        if a["curve"]:
            steps = (f"{k}: {v[report['primary']]['mean']:.3f}" for k, v in a["curve"].items() if report["primary"] in v)
            print(f"{a['name']:<18}{report['primary']} by known works   " + "   ".join(steps))
    print(f"\n{report['seconds']:.1f} s")
