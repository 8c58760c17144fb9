"""`python -m artrec download …`: what museums publish, fetched with its progress on stderr."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Give the command line its `download`. `command`: (name, run, help) → its parser."""
    sub = command("download", run, "Fetch what a museum publishes, to import it; what was begun is gone on with.")
    sub.add_argument("format", metavar="FORMAT", help="met, moma, nga, cleveland, tate, cmoa, walters, artic or wikidata")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for what is fetched")


class Bars:
    """`progress(name, done, total)` in bytes, as bars with rate and time left; a total of 0 is not known."""

    def __init__(self):
        self._bars: dict = {}

    def __call__(self, name: str, done: int, total: int) -> None:
        from tqdm import tqdm

        bar = self._bars.get(name)
        if bar is None or done < bar.n:  # begun anew: what was counted came to nothing
            if bar is not None:
                bar.close()
            bar = self._bars[name] = tqdm(
                total=total or None, initial=done, desc=name, unit="B", unit_scale=True, file=sys.stderr
            )
        bar.update(done - bar.n)

    def close(self) -> None:
        """End every bar."""
        for bar in self._bars.values():
            bar.close()


def run(options: argparse.Namespace) -> int:
    """The command `download`."""
    from artrec import artifacts
    from artrec.open_data import fetch_published, published_by

    published_by(options.format)
    bars = Bars()
    try:
        with artifacts.building(options.out):
            made = fetch_published(options.format, options.out, bars)
    finally:
        bars.close()
    if options.json:
        print(json.dumps(made, ensure_ascii=False, indent=1))
        return 0
    for file in made["files"]:
        state = "fetched" if file["changed"] else "still the newest"
        checked = ", checksum as published" if file["checked"] else ""
        print(f"{file['name']}: {file['size']:,} bytes, {state}{checked}.")
    for name, count in made.get("records", {}).items():
        print(f"{name}: {count:,}.")
    print(f"Licence: {made['licence']}. Now: python -m artrec import {made['format']} {options.out / made['give']} --out DIR")
    return 0
