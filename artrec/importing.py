"""From a museum's files to a catalogue on disk: read as a stream, cleaned record by record, nothing dropped silently.

    catalogue.jsonl   the works, in ArtRec's schema
    left_out.jsonl    what was not taken: file, line, record, reason, cure
    import.json       what was read, with counts by reason

Each is written under another name and then put in place, so an import that stops leaves what was there.
"""

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.errors import CatalogueError
from artrec.files import write_json
from artrec.normalise import normalise
from artrec.progress import TELL_EVERY, Meter, Progress, metered, quiet
from artrec.sources import LeftOut, Options, source_of
from artrec.sources.table import TABLES

CATALOGUE_FILE, LEFT_OUT_FILE, REPORT_FILE = "catalogue.jsonl", "left_out.jsonl", "import.json"


@dataclass(frozen=True)
class Part:
    """One of the sources that become a collection together."""

    source: str
    path: Path
    mapping: dict[str, str] = field(default_factory=dict)


def gather(parts: Sequence[Part], folder: Path, progress: Progress | None = None) -> dict:
    """Write the catalogue of all parts into a folder; returns the report. Raises `CatalogueError` where nothing of a part can
    be read or no work is left, and where the disk says no."""
    tell = progress or quiet
    started = time.perf_counter()
    tell("import", 0, 0)
    read, taken, reasons = Counter(), Counter(), Counter()
    filled: Counter = Counter()
    works_out, left_out = folder / f"{CATALOGUE_FILE}.part", folder / f"{LEFT_OUT_FILE}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as open_files:
            works = open_files.enter_context(works_out.open("w", encoding="utf-8"))
            left = open_files.enter_context(left_out.open("w", encoding="utf-8"))
            meter = open_files.enter_context(metered([part.path for part in parts]))
            for done, (part, found) in enumerate(_distinct(parts, meter), start=1):
                read[part.source] += 1
                if isinstance(found, LeftOut):
                    reasons[_kind(found.reason)] += 1
                    left.write(json.dumps({"source": part.source} | asdict(found), ensure_ascii=False) + "\n")
                else:
                    taken[part.source] += 1
                    record = found.model_dump_json(exclude_defaults=True)
                    filled.update(found.model_fields_set)
                    works.write(record + "\n")
                if done % TELL_EVERY == 0:
                    tell("import", done, meter.total(done))
        if not taken:
            first = next(iter(reasons), "there is no record in it")
            cure = "Check the path, and that the format is the file's."
            raise CatalogueError(f"No work could be taken from {parts[0].path} ({first}).", cure)
        os.replace(left_out, folder / LEFT_OUT_FILE)
        os.replace(works_out, folder / CATALOGUE_FILE)
        total = sum(taken.values())
        report = {
            "sources": [{"format": part.source, "path": part.path.name} for part in parts],
            "read": dict(read), "taken": dict(taken), "left_out": dict(reasons.most_common()),
            "filled": {name: round(count / total, 4) for name, count in filled.most_common()},
            "seconds": round(time.perf_counter() - started, 2),
        }  # fmt: skip
        write_json(folder / REPORT_FILE, report)
    except OSError as error:
        raise CatalogueError(
            f"The import cannot be written to {folder} ({error.strerror or error}).",
            "Free some space, or choose a folder that can be written to; what was there before is untouched.",
        ) from error
    finally:
        for part_file in (works_out, left_out):
            part_file.unlink(missing_ok=True)
    tell("import", sum(read.values()), sum(read.values()))
    return report


def _distinct(parts: Sequence[Part], meter: Meter) -> Iterator[tuple[Part, Artwork | LeftOut]]:
    """All records, normalised; an id or a whole record that was there before is left out."""
    ids: set[str] = set()
    whole: dict[bytes, str] = {}
    done = 0
    for number, part in enumerate(parts):
        meter.begin(number, done)
        before = _tables_before(parts[:number], part)
        for at, found in enumerate(source_of(part.source).read(part.path, Options(part.mapping)), start=1):
            done += 1
            if isinstance(found, LeftOut):
                yield part, found
                continue
            work, where = normalise(found), f"{part.path.name}, record {at}"
            if before:
                again = work.artwork_id.replace(part.source, f"{part.source}{before + 1}", 1)[:120]
                work = work.model_copy(update={"artwork_id": again})
            if work.artwork_id in ids:
                cure = "Give each work an id of its own."
                yield part, LeftOut(where, "its id is used by an earlier record", cure, work.artwork_id)
                continue
            told = repr([value for name, value in work if name != "artwork_id"])
            content = hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=12).digest()
            if content in whole:
                reason = "it is an exact copy of an earlier record"
                cure = f"Nothing needs to be done; {whole[content]} stays."
                yield part, LeftOut(where, reason, cure, work.artwork_id)
                continue
            ids.add(work.artwork_id)
            whole[content] = work.artwork_id
            yield part, work


def _tables_before(earlier: Sequence[Part], part: Part) -> int:
    """How many tables of a table's kind come before it: two tables that both number their works 1, 2, 3 hold different works,
    while a museum's own ids are the same work in all its files."""
    tables = {source.name for source in TABLES}
    return sum(other.source == part.source for other in earlier) if part.source in tables else 0


def _kind(reason: str) -> str:
    """A reason without what is of one record alone, so that it can be counted."""
    return reason.split(" (found")[0].split(" after record")[0][:100]
