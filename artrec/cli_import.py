"""`python -m artrec import …` and `build`: long work, with its progress on stderr."""

import hashlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from artrec import artifacts, config
from artrec.catalogue import Artwork, Catalogue
from artrec.errors import CatalogueError
from artrec.files import write_json
from artrec.health import report
from artrec.importing import CATALOGUE_FILE, LEFT_OUT_FILE, REPORT_FILE, Part, gather
from artrec.progress import Progress, quiet, stretch, told
from artrec.records import RECORDS_FILE, StoredCatalogue, write_records

HEALTH_FILE = "health.json"
MOST_PROBLEMS = 20  # pictures that could not be read, told one by one
MARK_FILE = "read.json"  # in the folder beside, once the sources were read whole
KEPT = (LEFT_OUT_FILE, REPORT_FILE, HEALTH_FILE)  # beside the collection that comes of an import


class Bars:
    """`progress(stage, done, total)` as bars with rate and time left. A total of 0 is not known beforehand. `file`: where the
    same is written as JSON, for whoever watches from outside."""

    def __init__(self, file: Path | None = None):
        self._bars: dict = {}
        self._stage = ""
        self._file, self._written = file, 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        from tqdm import tqdm

        if self._file is not None and (stage not in self._bars or time.monotonic() - self._written >= 0.5 or done == total):
            elapsed = self._bars[stage].format_dict["elapsed"] if stage in self._bars else 0.0
            rate = round(done / elapsed, 1) if elapsed > 0 else 0.0
            with suppress(OSError):  # a full disk stops what must be written, not what is told about it
                write_json(self._file, {"stage": stage, "done": done, "total": total, "rate": rate})
            self._written = time.monotonic()
        if stage not in self._bars:
            self.close()  # a stage ends where the next begins
            self._bars[stage] = tqdm(total=total or None, desc=stage, unit=" works", file=sys.stderr, smoothing=0.05)
            self._stage = stage
        bar = self._bars[stage]
        if total:
            bar.total = total
        bar.update(done - bar.n)

    def close(self) -> None:
        """End the bar that is open."""
        if self._stage:
            self._bars[self._stage].close()


def bring_in(options) -> int:
    """The command `import`."""
    from artrec.sources import recognise, source_of
    from artrec.sources.mapping import parse_map

    mapping = parse_map(options.map)
    parts = []
    for name, path in [(options.format, options.path), *((name, Path(path)) for name, path in options.more)]:
        if name == "auto":
            name = recognise(path) or ""
            if not name:
                cure = "Say it: python -m artrec import --help lists the formats."
                raise CatalogueError(f"The format of {path} is not one that is known.", cure)
        source_of(name)
        parts.append(Part(name, path, mapping))
    if options.progress is not None:  # an import beside the app: stopped, it tidies up as if by Ctrl-C
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if options.no_build:
        return _gathered(parts, options.out, options.json)
    artifacts.refuse_foreign(options.out)
    with artifacts.building(options.out):
        workshop = options.out.resolve().parent / f".{options.out.resolve().name}-import"
        catalogue = _read_once(parts, workshop, options.progress)
        beside = [workshop / name for name in KEPT]
        done = build_into(
            catalogue, options.out, options.name, options.json, beside, options.progress, options.fresh, options.pictures
        )
        shutil.rmtree(workshop, ignore_errors=True)
    return done


def build(options) -> int:
    """The command `build`."""
    artifacts.refuse_foreign(options.out)
    with artifacts.building(options.out):
        return build_into(
            options.catalogue, options.out, options.name, options.json, fresh=options.fresh, pictures=options.pictures
        )


def stored(folder: Path, progress: Progress = quiet, works: int = 0) -> StoredCatalogue:
    """The catalogue of so many `works` that `gather` wrote, read from the disk a work at a time, with its health beside it."""
    tell = partial(progress, "check")
    tell(0, works)
    write_records(told(read_valid(folder / CATALOGUE_FILE), works, stretch(tell, works, 0.0, 0.5)), folder / RECORDS_FILE)
    digest = hashlib.sha256()
    with (folder / CATALOGUE_FILE).open("rb") as lines:
        digest.update(json.dumps({}).encode())
        for line in lines:
            digest.update(line.rstrip(b"\n"))
    catalogue = StoredCatalogue(folder / RECORDS_FILE, {}, digest.hexdigest())
    write_json(folder / HEALTH_FILE, report(catalogue, stretch(tell, works, 0.5, 1.0)))
    tell(works, works)
    return catalogue


def read_valid(file: Path) -> Iterator[Artwork]:
    """The works of a catalogue that was just written by `gather`, checked once more as they are read."""
    with file.open("rb") as lines:
        for line in lines:
            yield Artwork.model_validate_json(line)


def build_into(
    records: Catalogue | Path,
    out: Path,
    name: str | None,
    as_json: bool,
    beside: Sequence[Path] = (),
    progress: Path | None = None,
    fresh: bool = False,
    pictures: Path | None = None,
) -> int:
    """Build a collection's folder with progress on stderr, and say so. `records`: as for `artifacts.build_folder`."""
    from artrec.encoder import load_encoder

    bars, shipped = Bars(progress), out.resolve() == config.STARTER_ASSETS
    try:
        collection = artifacts.build_folder(
            records, load_encoder(), out, fresh=fresh or shipped, with_records=not shipped, beside=beside,
            name=name or out.resolve().name, progress=bars, pictures=pictures,
        )  # fmt: skip
    finally:
        bars.close()
    if as_json:
        print(json.dumps(collection.manifest, ensure_ascii=False, indent=1))
    else:
        seen = f", {collection.manifest['pictures']['works']:,} with pictures" if collection.shelf is not None else ""
        print(f"Built {out}: {len(collection):,} works{seen}, {collection.index.kind} index. Open it with ARTREC_COLLECTION.")
        for artwork_id, problem in list(collection.visual.problems.items())[:MOST_PROBLEMS] if seen else ():
            print(f"artrec: no picture for {artwork_id}: {problem}", file=sys.stderr)
    return 0


def _read_once(parts: list[Part], folder: Path, progress: Path | None) -> StoredCatalogue:
    """The catalogue of the sources: what an import that was stopped later read of the same files, or read anew."""
    mark, made_from = folder / MARK_FILE, _signature(parts)
    try:
        found = json.loads(mark.read_text("utf-8"))
        if found["made_from"] == made_from and all((folder / name).exists() for name in KEPT):
            catalogue = StoredCatalogue(folder / RECORDS_FILE, {}, str(found["catalogue"]))
            if len(catalogue) == found["works"]:
                return catalogue
    except (OSError, ValueError, KeyError, TypeError):  # none, or damaged; Arrow's errors are among these
        pass
    mark.unlink(missing_ok=True)
    _, catalogue = _read(parts, folder, progress)
    write_json(mark, {"made_from": made_from, "catalogue": catalogue.hash, "works": len(catalogue)})
    return catalogue


def _signature(parts: Sequence[Part]) -> str:
    """What tells these sources, as they are now, from others: SHA-256 over formats, mappings, and files' sizes and times."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(json.dumps([part.source, str(part.path.resolve()), part.mapping], sort_keys=True).encode())
        files = sorted(part.path.rglob("*")) if part.path.is_dir() else [part.path]
        for file in files:
            with suppress(OSError):  # told where it is read
                about = file.stat()
                digest.update(json.dumps([os.fspath(file), about.st_size, about.st_mtime_ns]).encode("utf-8", "replace"))
    return digest.hexdigest()


def _read(parts: list[Part], folder: Path, progress: Path | None = None) -> tuple[dict, StoredCatalogue]:
    """Read the sources into a catalogue and look at its health: the import's report, and the catalogue. Raises
    `CatalogueError` where the disk says no, and what `gather` does."""
    bars = Bars(progress)
    try:
        made = gather(parts, folder, bars)
        catalogue = stored(folder, bars, sum(made["taken"].values()))
    except OSError as error:
        raise CatalogueError(
            f"The import cannot be written to {folder} ({error.strerror or error}).",
            "Free some space, or choose a folder that can be written to; what was there before is untouched.",
        ) from error
    finally:
        bars.close()
    for reason, count in made["left_out"].items():
        print(f"artrec: left out {count:,}: {reason}.", file=sys.stderr)
    return made, catalogue


def _gathered(parts: list[Part], out: Path, as_json: bool) -> int:
    made, _ = _read(parts, out)
    (out / RECORDS_FILE).unlink()
    print(json.dumps(made, ensure_ascii=False, indent=1) if as_json else f"Wrote {out / CATALOGUE_FILE}.")
    return 0
