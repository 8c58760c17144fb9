"""Which picture file belongs to which work."""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from artrec.errors import ArtrecError
from artrec.text import fold

SUFFIXES = {".jpg", ".jpeg", ".jpe", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"}
MAX_FILES = 1_000_000
MAX_TABLE_BYTES = 200_000_000


def find_pictures(folder: Path, ids: Iterable[str], named: Mapping[str, str] | None = None) -> dict[str, Path]:
    """artwork_id → its picture in a folder (and the folders in it).

    `named`: artwork_id → file name or path below the folder, such as a table's image column (`image_column`). Else a file is a
    work's when its name without the ending is the `artwork_id`, or the id's last part after `-`, `_`, `.` (`walters-1234` →
    `1234.jpg`) where only one work ends so; upper and lower case are one. Links that lead out of the folder are not followed.
    Raises `ArtrecError` where the folder cannot be read.
    """
    root = Path(folder).resolve()
    if not root.is_dir():
        raise ArtrecError(f"There is no folder {folder}.", "Give the folder that holds the pictures.")
    ids = list(ids)
    if named is not None:
        return {work: found for work in ids if work in named and (found := _inside(root, named[work]))}
    by_stem: dict[str, Path] = {}
    for file in _files(root):
        by_stem.setdefault(fold(file.stem), file)
    last = Counter(_last(work) for work in ids)
    pictures = {}
    for work in ids:
        found = by_stem.get(fold(work))
        if found is None and last[_last(work)] == 1:
            found = by_stem.get(_last(work))
        if found is not None:
            pictures[work] = found
    return pictures


def image_column(table: Path, id_column: str, column: str) -> dict[str, str]:
    """A CSV table's image column: id → file name. Raises `ArtrecError`."""
    try:
        if table.stat().st_size > MAX_TABLE_BYTES:
            raise ArtrecError(f"{table.name} has more than {MAX_TABLE_BYTES // 1_000_000} MB.", "Give a smaller table.")
        with table.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            missing = [name for name in (id_column, column) if name not in (rows.fieldnames or [])]
            if missing:
                raise ArtrecError(
                    f"{table.name} has no column '{missing[0][:60]}'.", f"It has: {', '.join(rows.fieldnames or [])[:300]}."
                )
            return {row[id_column]: row[column] for row in rows if row[id_column] and row[column]}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ArtrecError(f"{table} cannot be read ({error}).", "Give a CSV file in UTF-8.") from error


def _last(work: str) -> str:
    for mark in "_.":
        work = work.replace(mark, "-")
    return fold(work.rsplit("-", 1)[-1])


def _files(root: Path) -> Iterable[Path]:
    """Picture files below a folder, in order of name; links to folders are not followed, links to files only inside."""
    count = 0
    for here, folders, names in os.walk(root, followlinks=False):
        folders.sort()
        for name in sorted(names):
            file = Path(here) / name
            if file.suffix.lower() in SUFFIXES and (not file.is_symlink() or _is_inside(root, file)):
                count += 1
                if count > MAX_FILES:
                    raise ArtrecError(f"{root} holds more than {MAX_FILES:,} pictures.", "Give a smaller folder.")
                yield file


def _is_inside(root: Path, file: Path) -> bool:
    return file.resolve().is_relative_to(root)


def _inside(root: Path, name: str) -> Path | None:
    """A named file below the folder, or None: no way out of it, by `..`, an absolute path or a link."""
    try:
        file = (root / name).resolve()
        return file if file.is_relative_to(root) and file.suffix.lower() in SUFFIXES and file.is_file() else None
    except (OSError, ValueError):
        return None
