"""`python -m artrec evaluate recommend --ratings F --catalogue C`: every recommender on the same people, with intervals."""

import argparse
import json
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from artrec.errors import ArtrecError
from artrec.files import plain, write_json, write_whole

SHOWN = ("nDCG@20", "hit@20", "MRR@20", "spearman", "RMSE", "novelty", "diversity")


def add(parser: argparse.ArgumentParser) -> None:
    """Put the options of this command on the parser of `evaluate`."""
    parser.add_argument("--ratings", type=Path, metavar="FILE", help="recommend: CSV of user_id,work_id[,rating][,timestamp]")
    parser.add_argument("--catalogue", type=Path, metavar="FILE", help="recommend: the works, .jsonl, a folder or .csv")
    parser.add_argument(
        "--protocol", help="recommend: leave-last-out, leave-last-out-leaky, by-date, random, cold-users or cold-works "
        "(default: leave-last-out where times are known, else random)",
    )  # fmt: skip
    parser.add_argument("--algorithms", metavar="A,B", help="recommend: these alone (default: all but the neural ones)")
    parser.add_argument("--neural", action="store_true", help="recommend: the neural ones as well")
    parser.add_argument("--scale", metavar="LOW-HIGH", help="recommend: the scale of the ratings, such as 1-7")
    parser.add_argument("--seed", type=int, default=0, help="recommend: of everything that is drawn by chance (default 0)")
    parser.add_argument("--html", type=Path, metavar="FILE", help="recommend: the report as one HTML file as well")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="recommend: the figures as a table as well")
    parser.add_argument("--progress", type=Path, metavar="FILE", help="recommend: write the progress there as JSON")


def run(options) -> int:
    """Measure, and print a table or one JSON document. Raises `ArtrecError` on bad input."""
    from artrec.community.registry import ALGORITHMS
    from artrec.evaluation import experiment
    from artrec.evaluation.protocols import PROTOCOLS
    from artrec.evaluation.ratings import load_ratings, notes, scale_of

    if options.ratings is None:
        raise ArtrecError("There are no ratings to measure on.", "Name a CSV file: --ratings FILE --catalogue FILE.")
    if options.protocol is not None and options.protocol not in PROTOCOLS:
        raise ArtrecError(f"'{options.protocol[:40]}' is no protocol.", f"Choose from {', '.join(PROTOCOLS)}.")
    if options.seed < 0:
        raise ArtrecError(f"--seed {options.seed} is below 0.", "Give a whole number from 0.")
    if options.catalogue and options.collection:
        raise ArtrecError("--catalogue and --collection both name works.", "Give one of them.")
    started = time.perf_counter()
    names = [name.strip() for name in options.algorithms.split(",") if name.strip()] if options.algorithms is not None else None
    if options.neural and names is None:
        names = list(ALGORITHMS)
    experiment.choose(names)
    tell = _teller(options.progress)
    tell("reading", 0, 1)
    scale = scale_of(options.scale) if options.scale else None
    works = _works(options)
    ratings = load_ratings(options.ratings, [work.artwork_id for work in works.catalogue] if works else None, scale)
    for line in notes(ratings):
        print(f"artrec: {line}", file=sys.stderr)
    protocol = options.protocol or ("leave-last-out" if ratings.interactions.timed else "random")
    report = experiment.run(ratings, works, protocol, names, options.seed, tell)
    report["data"] |= {"ratings": options.ratings.name, "catalogue": works.catalogue.hash if works else None}
    report["seconds"] = time.perf_counter() - started
    report["made"] = datetime.now(UTC).isoformat(timespec="seconds")
    report["command"] = command(options, protocol)
    report = plain(report)
    _write(options, report)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _table(report)
    return 0


def _works(options):
    """The works that people rated, with vectors of their texts; None where no catalogue is given."""
    from artrec.artifacts import open_collection
    from artrec.community.works import Works
    from artrec.evaluation.works_table import open_catalogue

    if options.collection:
        collection = open_collection(options.collection)
        return Works(collection.catalogue, collection.vectors, collection.topic_of if collection.topics else None)
    if options.catalogue:
        catalogue = open_catalogue(options.catalogue)
        return Works(catalogue, _vectors(catalogue))
    return None


def _write(options, report: dict) -> None:
    """The report as the files that were asked for."""
    from artrec.evaluation.report import to_csv, to_html

    for file, make in ((options.html, to_html), (options.csv, to_csv), (options.out, None)):
        try:
            if file:
                write_whole(file, make(report)) if make else write_json(file, report)
        except OSError as error:
            raise ArtrecError(f"{file} cannot be written ({error.strerror}).", "Name another file.") from error


def command(options, protocol: str) -> str:
    """The command that makes this report."""
    given = {
        "ratings": options.ratings, "catalogue": options.catalogue, "collection": options.collection, "protocol": protocol,
        "scale": options.scale, "seed": options.seed, "algorithms": options.algorithms,
    }  # fmt: skip
    parts = [f"--{name} {shlex.quote(str(value))}" for name, value in given.items() if value is not None]
    return " ".join(["python -m artrec evaluate recommend", *parts, *["--neural"] * options.neural, "--json"])


def _vectors(catalogue):
    """Vectors of the works' texts by the encoder in use."""
    from artrec.encoder import load_encoder
    from artrec.text import passage
    from artrec.vectors import encode_cached

    return encode_cached(load_encoder(), [passage(work) for work in catalogue])


def _teller(file: Path | None):
    """`progress(algorithm, done, total)` on a terminal, and in a file for whoever watches from outside."""
    started = time.perf_counter()

    def tell(name: str, done: int, total: int) -> None:
        if file is not None:
            rate = done / max(time.perf_counter() - started, 1e-9)
            write_json(file, {"stage": name, "done": done, "total": total, "rate": rate})
        if sys.stderr.isatty():
            print(f"\r{done}/{total} {name:<24}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return tell


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
