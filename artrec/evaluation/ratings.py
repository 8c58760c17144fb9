"""Likes and ratings from a CSV file, as anybody may have them: `user_id,work_id[,rating][,timestamp]`, in any order of columns.

Lines that cannot be used (an unknown work, a rating off the scale, a time that cannot be read) are left out, counted and
named; a pair given twice counts once, as it was given last.
"""

import csv
import hashlib
import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from artrec.community.interactions import Interactions
from artrec.errors import ArtrecError

LONGEST = 10_000  # characters of a field
MAX_BYTES = 500_000_000
SIMULATED = "simulated"  # begins the names of people whom nobody is
NAMED = 5  # lines that are left out and shown
NAMES = {
    "user": ("user_id", "visitor_id", "user", "userid", "profile_id", "person"),
    "work": ("work_id", "artwork_id", "item_id", "work", "item", "itemid"),
    "rating": ("rating", "value", "score", "stars"),
    "time": ("timestamp", "time", "date", "created_at", "datetime"),
}
SCALES = ((1.0, 5.0), (1.0, 7.0), (0.0, 10.0), (0.0, 100.0))  # the first that holds all ratings is taken where none is given
MILLISECONDS = 1e11  # a number of time above it, the year 5138 in seconds, counts milliseconds


@dataclass(frozen=True, eq=False)
class Ratings:
    """What a file holds. `users`, `works`: names by number; `left_out`: reason → lines; `examples`: the first of them, in
    words; `repeated`: pairs that were given again; `hash`: SHA-256 of the file."""

    interactions: Interactions
    users: tuple[str, ...]
    works: tuple[str, ...]
    left_out: dict[str, int]
    examples: tuple[str, ...]
    repeated: int
    hash: str

    @property
    def simulated(self) -> bool:
        """Whether nobody in it is a person."""
        return all(user.startswith(SIMULATED) for user in self.users)


def load_ratings(path: str | Path, works: Iterable[str] | None = None, scale: tuple[float, float] | None = None) -> Ratings:
    """Read a CSV file. `works`: ids of the catalogue, in its order; without them the file's own works, sorted, are all there
    are. `scale`: the lowest and the highest rating. Raises `ArtrecError` where nothing of it can be used."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ArtrecError(f"{path.name} is larger than {MAX_BYTES // 10**6} MB.", "Give a part of it.")
        raw = path.read_bytes()
        lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        if any(len(field) > LONGEST for line in lines for field in line):  # a quote that is never closed, most likely
            raise csv.Error(f"field larger than {LONGEST:,} characters")
    except OSError as error:
        raise ArtrecError(f"{path} cannot be read ({error.strerror}).", "Give a CSV file of likes or ratings.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ArtrecError(f"{path.name} is not CSV in UTF-8 ({error}).", "Save it as CSV in UTF-8.") from error
    if len(lines) < 2:
        raise ArtrecError(f"{path.name} holds no likes or ratings.", "Give lines of user_id,work_id[,rating][,timestamp].")
    at = _columns(lines[0], path.name)
    names = tuple(works) if works is not None else tuple(sorted({_cell(line, at["work"]) for line in lines[1:]} - {""}))
    if "rating" in at and scale is None:
        scale = _guess_scale([_cell(line, at["rating"]) for line in lines[1:]])
    return _collect(lines[1:], at, names, scale if "rating" in at else None, path.name, hashlib.sha256(raw).hexdigest())


def notes(ratings: Ratings) -> list[str]:
    """What was left out and what came twice, in words."""
    said = [
        f"{count} line{'s' * (count > 1)} left out: {reason}." for reason, count in ratings.left_out.items()
    ]  # fmt: skip
    if ratings.examples:
        said.append(f"The first: {'; '.join(ratings.examples)}.")
    if ratings.repeated:
        said.append(f"{ratings.repeated} pairs of person and work came again; the last one counts.")
    return said


def _collect(lines: list[list[str]], at: dict[str, int], names, scale, file: str, digest: str) -> Ratings:
    rows = {name: row for row, name in enumerate(names)}
    users: dict[str, int] = {}
    entries: dict[tuple[int, int], tuple[float, float, int]] = {}
    left_out: dict[str, int] = {}
    examples: list[str] = []
    repeated = 0
    for number, line in enumerate(lines, start=2):
        if not any(cell.strip() for cell in line):
            continue
        try:
            user, work, value, time = _read(line, at, rows, scale)
        except ValueError as fault:
            reason, shown = fault.args
            left_out[reason] = left_out.get(reason, 0) + 1
            if len(examples) < NAMED:
                examples.append(f"line {number}: {reason} ('{shown[:60]}')")
            continue
        key = users.setdefault(user, len(users)), work
        before = entries.get(key)
        repeated += before is not None
        if before is None or math.isnan(time) or math.isnan(before[1]) or time >= before[1]:
            entries[key] = value, time, number
    if not entries:
        shown = f" ({examples[0]})" if examples else ""
        raise ArtrecError(f"No line of {file} can be used{shown}.", "Check that its works are those of the catalogue.")
    pairs = np.array(list(entries), dtype=np.int64)
    values, times, _ = np.array(list(entries.values()), dtype=np.float64).T
    found = Interactions.of(
        pairs[:, 0], pairs[:, 1], values, times, n_works=len(names), n_users=len(users), scale=scale
    )  # fmt: skip
    return Ratings(found, tuple(users), names, left_out, tuple(examples), repeated, digest)


def _columns(header: list[str], file: str) -> dict[str, int]:
    """Kind of column → its position. Raises `ArtrecError` where people or works have none."""
    clean = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in header]
    at = {kind: clean.index(name) for kind, names in NAMES.items() for name in reversed(names) if name in clean}
    missing = [NAMES[kind][0] for kind in ("user", "work") if kind not in at]
    if missing:
        raise ArtrecError(
            f"{file} has no column {' and no column '.join(missing)}.",
            "Its first line must name the columns: user_id,work_id[,rating][,timestamp].",
        )
    return at


def _cell(line: list[str], at: int) -> str:
    return line[at].strip() if at < len(line) else ""


def _read(line: list[str], at: dict[str, int], rows: dict[str, int], scale) -> tuple[str, int, float, float]:
    """One line as person, work, value and time. Raises `ValueError(reason, what was found)`."""
    user, work = _cell(line, at["user"]), _cell(line, at["work"])
    if not user:
        raise ValueError("no person", work)
    if work not in rows:
        raise ValueError("not a work of the catalogue", work)
    value = 1.0
    if scale is not None:
        value = _number(_cell(line, at["rating"]))
        if math.isnan(value):
            raise ValueError("not a rating", _cell(line, at["rating"]))
        if not scale[0] <= value <= scale[1]:
            raise ValueError(f"off the scale from {scale[0]:g} to {scale[1]:g}", _cell(line, at["rating"]))
    time = math.nan
    if "time" in at and _cell(line, at["time"]):
        time = seconds(_cell(line, at["time"]))
        if math.isnan(time):
            raise ValueError("a time that cannot be read; write it as 2026-11-05 14:30", _cell(line, at["time"]))
    return user, rows[work], value, time


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def seconds(text: str) -> float:
    """A time as seconds since 1970, UTC where it names no zone: ISO 8601 (also with a blank for the T and a zone of hours
    alone), or a number of seconds or milliseconds. NaN where it is neither, as in 03/04/2019, which is two days."""
    value = _number(text)
    if not math.isnan(value):
        return value / 1_000 if abs(value) >= MILLISECONDS else value
    iso = re.sub(r"\s+(?=[+-]\d|UTC$|Z$)", "", text.strip()).removesuffix("UTC")
    iso = re.sub(r"(\.\d{6})\d+", r"\1", iso)
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        return math.nan
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _guess_scale(cells: list[str]) -> tuple[float, float]:
    values = np.array([_number(cell) for cell in cells])
    values = values[~np.isnan(values)]
    if not len(values):
        return SCALES[0]
    for low, high in SCALES:
        if low <= values.min() and values.max() <= high:
            return low, high
    return float(values.min()), float(values.max())


def scale_of(text: str) -> tuple[float, float]:
    """`1-7` → (1.0, 7.0). Raises `ArtrecError` on anything else."""
    found = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|–|to|\.\.|,|:)\s*(-?\d+(?:\.\d+)?)\s*", text)
    if not found or float(found[1]) >= float(found[2]):
        raise ArtrecError(f"--scale '{text[:40]}' is not a scale.", "Write the lowest and the highest rating: 1-7.")
    return float(found[1]), float(found[2])
