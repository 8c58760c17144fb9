"""`python -m artrec evaluate pictures --images DIR`: what the eye of ArtRec is good for, with intervals."""

import argparse
import json
import sys
import time
from pathlib import Path

from artrec.errors import ArtrecError
from artrec.files import write_json

PARTS = ("styles", "speed", "palettes", "bad", "fusion")
GOALS = {
    "style macro-F1": 0.45, "neighbours, times the baseline": 1.5, "pictures a second": 60, "palette search p95 ms": 20,
    "bad pictures tried": 200,
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """Put the options of this command on the parser of `evaluate`."""
    parser.add_argument("--images", type=Path, metavar="DIR", help="pictures: a folder with a folder of pictures a style")
    parser.add_argument("--parts", metavar="A,B", help=f"pictures: these alone (default: all that can be: {', '.join(PARTS)})")
    parser.add_argument(
        "--pictures", type=_many, default=1_000, metavar="N", help="pictures: how many the speed is measured on"
    )
    parser.add_argument("--figure", type=Path, metavar="FILE", help="pictures: write the confusion of styles there, as HTML")


def _many(text: str) -> int:
    if not text.isdecimal() or not 10 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a number from 10 to 1000000")
    return int(text)


def run(options) -> int:
    """Measure, and print a table or one JSON document. Raises `ArtrecError` on bad input."""
    parts = _parts(options)
    tell, started = _Progress(), time.perf_counter()
    report: dict = {"images": options.images.name if options.images else None, "goals": GOALS}
    if {"styles", "speed"} & set(parts):
        from artrec.visual.evaluation.labelled import labelled

        data = labelled(options.images)
        report["pictures"] = len(data.files)
        if data.left_out:
            report["left_out"] = data.left_out
            print(f"artrec: {data.left_out:,} pictures beyond {len(data.files):,} were left out.", file=sys.stderr)
    if "styles" in parts:
        from artrec.visual.evaluation.tell_apart import report as measured
        from artrec.visual.evaluation.tell_apart import tell_apart

        report |= measured(tell_apart(data, tell, seed=2026 + options.seed)) | {"seed": options.seed}
    if "speed" in parts:
        from artrec.visual.evaluation.speed import reading

        report["speed"] = reading(data.files, options.pictures, lambda done, total: tell("speed", done, total))
    if "palettes" in parts:
        from artrec.visual.evaluation.speed import palette_search

        report["palette_search"] = palette_search()
    if "bad" in parts:
        from artrec.visual.evaluation.bad_pictures import try_all

        report["bad_pictures"] = try_all(lambda done, total: tell("bad pictures", done, total))
    if "fusion" in parts:
        report["fusion"] = _fusion(options.collection, tell)
    tell.close()
    report["seconds"] = time.perf_counter() - started
    _write(options, report)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _table(report)
    return 0


def _parts(options) -> list[str]:
    able = [
        part for part in PARTS if {"styles": options.images, "speed": options.images, "fusion": options.collection}.get(part, 1)
    ]
    names = able if options.parts is None else [name.strip() for name in options.parts.split(",") if name.strip()]
    unknown = [name for name in names if name not in PARTS]
    if unknown or not names:
        raise ArtrecError(f"--parts '{(options.parts or '')[:60]}' is no list of parts.", f"Choose from {', '.join(PARTS)}.")
    if options.images is None and (options.parts is None or {"styles", "speed"} & set(names)):
        raise ArtrecError("There are no pictures to measure on.", "Give a folder with one folder a style: --images DIR.")
    if "fusion" in names and options.collection is None:
        raise ArtrecError(
            "Fusion needs works with texts and pictures.", "Give a built collection that has pictures: --collection DIR."
        )
    return names


def _fusion(place, tell) -> dict:
    """Late and early fusion on the works of a collection that have a picture and a movement."""
    import numpy as np

    from artrec.artifacts import open_collection
    from artrec.visual.fusion import compare_fusions

    collection = open_collection(place)
    if collection.visual is None:
        raise ArtrecError(f"{collection.name} has no pictures.", "Build it with --pictures DIR.")
    labels = np.array([str(value) for value in collection.catalogue.column("movement")])
    rows = np.flatnonzero(collection.visual.has & (labels != ""))
    if len(rows) < 50 or len(set(labels[rows])) < 2:
        raise ArtrecError(
            f"{len(rows)} works have both a picture and a movement.", "Fifty of two movements at least are needed to compare."
        )
    found = compare_fusions(
        np.asarray(collection.vectors[rows], dtype=np.float32), collection.visual.vectors[rows], labels[rows],
        tell=lambda done, total: tell("fusion", done, total),
    )  # fmt: skip
    return {"works": len(rows), "picture_vectors": collection.visual.encoder[:16]} | found


def _write(options, report: dict) -> None:
    if options.figure and "confusion" in report:
        from artrec.visual.evaluation.figure import confusion, write
        from artrec.visual.evaluation.tell_apart import OURS

        ours = report["styles"][OURS]  # the table is of this way
        title = f"Styles told apart by the eye alone: macro-F1 {ours['macro_f1']:.3f} on {report['pictures']:,} pictures"
        write(confusion(report["confusion"]["styles"], report["confusion"]["table"], title), options.figure)
    if options.out:
        try:
            write_json(options.out, report)
        except OSError as error:
            raise ArtrecError(
                f"{options.out} cannot be written ({error.strerror}).", "Name another file after --out."
            ) from error


def _table(report: dict) -> None:
    if "styles" in report:
        print(f"{report['pictures']:,} pictures, {len(report['confusion']['styles'])} styles, five folds. 95 % intervals.\n")
        for way, found in report["styles"].items():
            print(f"  {way:<30} macro-F1     {found['macro_f1']:.3f} ({found['low']:.3f}–{found['high']:.3f})")
        for gain in report["gains"]:
            print(f"  {gain['of']} over {gain['over']}: {gain['gain']:+.3f} ({gain['low']:+.3f} to {gain['high']:+.3f})")
        print()
        for way, found in report["neighbours"].items():
            print(
                f"  {way:<30} precision@5  {found['precision@5']:.3f} ({found['low']:.3f}–{found['high']:.3f}), "
                f"{found['times_baseline']:.2f} × the histogram's"
            )
        print("\n  taken for: " + ", ".join(report["confusion"]["styles"]))
        for style, row in zip(report["confusion"]["styles"], report["confusion"]["table"], strict=True):
            print(f"  {style:<20} " + " ".join(f"{count:4d}" for count in row))
    if speed := report.get("speed"):
        print(
            f"\n  {speed['pictures']:,} pictures in {speed['seconds']:.1f} s: {speed['pictures_per_second']:.0f} a second, "
            f"{speed['cpu_ms_per_picture']:.1f} ms of a processor each "
            f"({speed['pictures_per_second_of_two_free_cores']:.0f} a second on two free cores)"
        )
    if search := report.get("palette_search"):
        print(
            f"  palette search, {search['works']:,} works: median {search['median_ms']:.1f} ms, p95 {search['p95_ms']:.1f} ms"
        )
    if bad := report.get("bad_pictures"):
        print(
            f"  {bad['tried']} bad pictures: {bad['refused']} refused, {bad['read']} read, {len(bad['crashed'])} crashed, "
            f"{len(bad['hung'])} hung, {len(bad['raised'])} raised; at most {bad['peak_mb']} MB and {bad['slowest_s']:.2f} s"
        )
    for way, found in (report.get("fusion") or {}).items():
        if isinstance(found, dict):
            name, value = next(iter(found.items()))
            print(f"  {way:<30} {name:<12} {value:.3f} ({found['low']:.3f}–{found['high']:.3f})")


class _Progress:
    """One line on a terminal's stderr, written over; nothing where nobody watches."""

    def __init__(self) -> None:
        self._on, self._last = sys.stderr.isatty(), 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if self._on and (now - self._last > 0.2 or done == total):
            self._last = now
            print(f"\r\x1b[2K{stage}: {done:,} of {total:,}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._on:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)
