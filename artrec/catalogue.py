"""Artworks and the catalogue that holds them: validated records, row (int) ↔ `artwork_id` (str).

A catalogue is a `.jsonl` file, or a folder of them, one artwork a line. Where a `vocabulary.json` stands beside the
files, `type`, `movement`, `genre`, `moods` and `content_notes` must come from it.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from artrec.errors import CatalogueError, UnknownArtwork
from artrec.progress import is_read

MAX_LINE_BYTES = 1_000_000
MAX_PROBLEMS = 1_000
VOCABULARY_FILE = "vocabulary.json"
SIDE_FILES = {"queries.jsonl", "open_queries.jsonl", "training_queries.jsonl"}  # stand beside the records without being records

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Year = Annotated[int, Field(ge=-500_000, le=2_200)]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$")]
Hex = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$", to_lower=True)]


class Artwork(BaseModel):
    """One work. Only `artwork_id` and `title` are required; an empty string or list means "not known"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    artwork_id: Slug
    title: Annotated[Line, Field(min_length=1)]
    title_zh: Line = ""
    artist: Line = ""
    artist_zh: Line = ""
    artist_life: tuple[Year | None, Year | None] | None = None  # (born, died); died is None for the living
    artist_gender: Literal["", "woman", "man", "nonbinary", "group"] = ""  # as publicly known; group: a pair, a workshop
    year_start: Year | None = None  # negative is BCE: -530 is 530 BCE
    year_end: Year | None = None
    date_text: Line = ""
    type: Line = ""
    movement: Line = ""
    medium: Line = ""
    genre: Line = ""
    subjects: tuple[Line, ...] = Field((), max_length=64)
    moods: tuple[Line, ...] = Field((), max_length=16)
    palette: tuple[Hex, ...] = Field((), max_length=8)
    culture: Line = ""
    country: Line = ""
    museum: Line = ""
    city: Line = ""
    dimensions: Line = ""
    description: Text = ""
    look_for: Text = ""
    discuss: Text = ""
    content_notes: tuple[Line, ...] = Field((), max_length=16)
    wikipedia: Line = ""
    image_url: Line = ""
    image_credit: Line = ""
    public_domain: bool = False
    credit: Line = ""  # the museum's credit line: how the work came to it
    rights: Line = ""
    page_url: Line = ""  # the museum's own page on the work
    recorded: dict[Line, Line] = Field({}, max_length=16)  # field → the museum's wording, where it was put in other words

    @field_validator("image_url", "page_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not re.match(r"https?://[^\s/]+\.[^\s]+$", value):
            raise ValueError("must be an http(s) address, or empty")
        return value

    @model_validator(mode="after")
    def _years_in_order(self) -> "Artwork":
        if self.year_start is not None and self.year_end is not None and self.year_start > self.year_end:
            raise ValueError(f"year_start {self.year_start} is after year_end {self.year_end}; swap them")
        return self

    @property
    def year(self) -> int | None:
        """The middle of the dating, or whichever end is known."""
        return middle(self.year_start, self.year_end)

    @property
    def century(self) -> int | None:
        """The century of `year`: 19 for 1801–1900, -5 for 500–401 BCE; None where undated."""
        return century_of(self.year)

    @property
    def when(self) -> str:
        """The date as people write it."""
        if self.date_text or self.year is None:
            return self.date_text
        return str(self.year) if self.year > 0 else f"{max(-self.year, 1)} BCE"


def middle(start: int | None, end: int | None) -> int | None:
    """The middle of two years, or the one that is known."""
    known = [y for y in (start, end) if y is not None]
    return round(sum(known) / len(known)) if known else None


def century_of(year: int | None) -> int | None:
    """The century of a year: 19 for 1801–1900, -5 for 500–401 BCE."""
    if year is None:
        return None
    return (year - 1) // 100 + 1 if year > 0 else -((max(-year, 1) - 1) // 100 + 1)


@dataclass(frozen=True)
class Term:
    """A word of a controlled vocabulary: its Chinese name and, for movements, the years it may span."""

    zh: str = ""
    year_start: int | None = None
    year_end: int | None = None


Vocabulary = dict[str, dict[str, Term]]  # field → word → Term


@dataclass(frozen=True, eq=False)
class Catalogue:
    """An immutable, ordered set of artworks. Arrays elsewhere follow its row order."""

    works: tuple[Artwork, ...]
    vocabulary: Vocabulary

    def __len__(self) -> int:
        return len(self.works)

    def __getitem__(self, row: int) -> Artwork:
        return self.works[row]

    def __iter__(self) -> Iterator[Artwork]:
        return iter(self.works)

    def column(self, name: str) -> list:
        """One field of every work, in order."""
        return [getattr(work, name) for work in self.works]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {work.artwork_id: row for row, work in enumerate(self.works)}

    def __contains__(self, artwork_id: object) -> bool:
        return artwork_id in self._rows

    def row(self, artwork_id: str) -> int:
        """The row of an artwork. Raises `UnknownArtwork`, naming the nearest ids there are."""
        found = self._rows.get(artwork_id)
        if found is None:
            near = difflib.get_close_matches(artwork_id[:120], list(self._rows)[:20_000], n=2, cutoff=0.5)
            hint = f"Did you mean {' or '.join(near)}?" if near else "Look the id up with `python -m artrec search`."
            raise UnknownArtwork(f"No artwork has the id '{artwork_id[:80]}'.", hint)
        return found

    def rows(self, artwork_ids: Iterable[str]) -> list[int]:
        """Rows of several artworks, in the order given."""
        return [self.row(artwork_id) for artwork_id in artwork_ids]

    @cached_property
    def hash(self) -> str:
        """SHA-256 over all records in order and the vocabulary: changes whenever anything in them does."""
        digest = Digest(self.vocabulary)
        for work in self.works:
            digest.add(work)
        return digest.value

    def zh(self, field: Literal["type", "movement", "genre", "moods", "content_notes"], word: str) -> str:
        """The Chinese name of a vocabulary word, or an empty string."""
        return self.vocabulary.get(field, {}).get(word, Term()).zh


class Digest:
    """A catalogue's `hash` while its works go by."""

    def __init__(self, vocabulary: Vocabulary):
        terms = {f: {w: [t.zh, t.year_start, t.year_end] for w, t in words.items()} for f, words in vocabulary.items()}
        self._digest = hashlib.sha256(json.dumps(terms, sort_keys=True).encode())

    def add(self, work: Artwork) -> None:
        """The next work."""
        self._digest.update(work.model_dump_json(exclude_defaults=True).encode())  # so that a new field changes no old hash

    @property
    def value(self) -> str:
        """The hash of what went by."""
        return self._digest.hexdigest()


def load_catalogue(path: str | Path) -> Catalogue:
    """Read and validate a `.jsonl` file or a folder of them (in name order).

    Raises `CatalogueError` with every problem found, each naming file, line, field and cure.
    """
    vocabulary = vocabulary_of(path)
    return Catalogue(tuple(read_works(path, vocabulary)), vocabulary)


def vocabulary_of(path: str | Path) -> Vocabulary:
    """The vocabulary that stands beside a catalogue's files. Raises `CatalogueError`."""
    path = Path(path)
    _record_files(path)
    return load_vocabulary((path if path.is_dir() else path.parent) / VOCABULARY_FILE)


def read_works(path: str | Path, vocabulary: Vocabulary) -> Iterator[Artwork]:
    """The valid works of a catalogue's files, one by one. Raises what `load_catalogue` does, when all were read."""
    path = Path(path)
    found = 0
    problems: list[str] = []
    first_seen: dict[str, str] = {}
    for file in _record_files(path):
        for where, work, faults in _read_file(file, vocabulary):
            problems.extend(f"{where}, {fault}" for fault in faults)
            if work is not None:
                if work.artwork_id in first_seen:
                    problems.append(
                        f"{where}, field artwork_id: '{work.artwork_id}' is already used by "
                        f"{first_seen[work.artwork_id]}; give each work an id of its own"
                    )
                else:
                    first_seen[work.artwork_id] = where
                    found += 1
                    yield work
        if len(problems) > MAX_PROBLEMS:
            break
    if problems:
        count = f"more than {MAX_PROBLEMS}" if len(problems) > MAX_PROBLEMS else str(len(problems))
        raise CatalogueError(
            f"The catalogue {path} has {count} problem{'s' * (len(problems) != 1)}: {problems[0]}.",
            f"Correct {'them' if len(problems) > 1 else 'it'} and run again; `python -m artrec check {path}` lists every one.",
            problems,
        )
    if not found:
        raise CatalogueError(f"The catalogue {path} holds no records.", "Put one JSON record on each line.")


def _record_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    files = sorted(f for f in path.glob("*.jsonl") if f.name not in SIDE_FILES) if path.is_dir() else []
    if not files:
        raise CatalogueError(f"There is no catalogue at {path}.", "Give a .jsonl file, or a folder that holds .jsonl files.")
    return files


def load_vocabulary(file: Path) -> Vocabulary:
    """The vocabulary of a file; empty where there is none. Raises `CatalogueError`."""
    if not file.exists():
        return {}
    try:
        raw = json.loads(file.read_text("utf-8"))
        return {field: {word: Term(**term) for word, term in words.items()} for field, words in raw.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CatalogueError(
            f"The vocabulary {file} cannot be read ({error}).",
            'It must be JSON of the form {"movement": {"Cubism": {"zh": "立体主义"}}}.',
        ) from error


def _read_file(file: Path, vocabulary: Vocabulary) -> Iterator[tuple[str, Artwork | None, list[str]]]:
    """Yield (file and line, the artwork or None, faults) for each line that is not blank."""
    try:
        with file.open("rb") as lines:
            is_read(file, lines)
            number = 0
            while line := lines.readline(MAX_LINE_BYTES + 1):
                number += 1
                where = f"{file.name}, line {number}"
                if len(line) > MAX_LINE_BYTES:
                    while line and not line.endswith(b"\n"):
                        line = lines.readline(MAX_LINE_BYTES)
                    yield where, None, [f"the line is longer than {MAX_LINE_BYTES:,} bytes; shorten its texts"]
                elif line.strip():
                    yield where, *_read_line(line, vocabulary)
    except OSError as error:
        raise CatalogueError(f"{file} cannot be read ({error.strerror}).", "Check the file's permissions.") from error


def _read_line(line: bytes, vocabulary: Vocabulary) -> tuple[Artwork | None, list[str]]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, ["the line is not UTF-8; save the file as UTF-8"]
    except (ValueError, RecursionError) as error:
        return None, [f"not valid JSON ({error}); each line must be one whole JSON object"]
    if not isinstance(record, dict):
        return None, ["not a JSON object; each line must be one record in braces"]
    try:
        work = Artwork.model_validate(record)
    except ValidationError as error:
        return None, [_say(fault) for fault in error.errors(include_url=False)]
    return work, list(_vocabulary_faults(work, vocabulary))


def _say(fault: dict) -> str:
    """One pydantic error as field, fact and cure."""
    field = ".".join(str(part) for part in fault["loc"])
    shown = repr(fault.get("input"))[:60]
    match fault["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(field, Artwork.model_fields, n=1)
            cure = f"did you mean '{near[0]}'?" if near else "remove it"
            return f"field {field}: no such field; {cure}"
        case "missing":
            return f"field {field}: it is missing; add it"
        case "string_pattern_mismatch":
            like = {"artwork_id": "letters, digits, '.', '_' and '-'"}.get(field, "a colour such as #a1b2c3")
            return f"field {field}: {shown} is not allowed; write {like}"
        case "value_error" if not field:
            return f"fields year_start and year_end: {fault['msg'].removeprefix('Value error, ')}"
        case _:
            return f"field {field or 'names'}: {fault['msg'].removeprefix('Value error, ')} (found {shown}); correct the value"


def _vocabulary_faults(work: Artwork, vocabulary: Vocabulary) -> Iterator[str]:
    for field, words in vocabulary.items():
        values = getattr(work, field, ())
        for value in (values,) if isinstance(values, str) else values:
            if value and value not in words:
                near = difflib.get_close_matches(value, words, n=1, cutoff=0.6)
                cure = f"did you mean '{near[0]}'?" if near else f"choose from {VOCABULARY_FILE}"
                yield f"field {field}: '{value}' is not in the vocabulary; {cure}"
