"""What visitors would type: three queries a work with one right answer, and open ones with graded answers.

`queries.jsonl`: {"artwork_id", "kind": sight | feeling | theme, "split": train | validation | test, "text"} a line.
`open_queries.jsonl`: {"text", "relevance": {"artwork_id": 0 to 3}} a line; what is not listed counts as 0.
`training_queries.jsonl`: more of the first kind for works of the train split, to learn from and never to measure with.
The splits are by work: nothing is ever trained on a work of the test split.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from artrec.catalogue import Artwork, Catalogue, Slug
from artrec.errors import CatalogueError
from artrec.text import fold

QUERIES_FILE = "queries.jsonl"
OPEN_FILE = "open_queries.jsonl"
TRAINING_FILE = "training_queries.jsonl"
KINDS = ("sight", "feeling", "theme")
SPLITS = ("train", "validation", "test")
SHORTEST_NAME = 4  # letters of an artist's name that a query may not hold

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300)]


class VisitorQuery(BaseModel):
    """One thing a visitor would type to find one work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    artwork_id: Slug
    kind: Literal["sight", "feeling", "theme"]
    split: Literal["train", "validation", "test"]
    text: _Text


class TrainingQuery(BaseModel):
    """One more thing a visitor would type to find a work of the train split."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    artwork_id: Slug
    kind: Literal["sight", "feeling", "theme"]
    text: _Text


class OpenQuery(BaseModel):
    """A query with many answers: artwork_id → 0 (not at all), 1 (in part), 2 (well), 3 (just what was asked)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: _Text
    relevance: dict[Slug, Annotated[int, Field(ge=0, le=3)]]


def load_queries(folder: str | Path, catalogue: Catalogue) -> tuple[VisitorQuery, ...]:
    """The visitors' queries of a folder; none where it has no file. Raises `CatalogueError` with every problem."""
    found, problems = _read(Path(folder) / QUERIES_FILE, VisitorQuery)
    seen: Counter = Counter()
    split: dict[str, str] = {}
    for where, query in found:
        seen[fold(query.text)] += 1
        seen[query.artwork_id, query.kind] += 1
        if query.artwork_id not in catalogue:
            problems.append(f"{where}: no artwork has the id '{query.artwork_id}'; correct it")
        elif name := named(query.text, catalogue[catalogue.row(query.artwork_id)]):
            problems.append(f"{where}: the query gives the answer away ('{name}'); word it otherwise")
        if seen[fold(query.text)] > 1:
            problems.append(f"{where}: the same text stands there twice; word one of them otherwise")
        if seen[query.artwork_id, query.kind] > 1:
            problems.append(f"{where}: '{query.artwork_id}' has a {query.kind} query already; keep one")
        if split.setdefault(query.artwork_id, query.split) != query.split:
            problems.append(f"{where}: '{query.artwork_id}' is in two splits; run `python -m artrec.evaluation.splits`")
    _refuse(problems, QUERIES_FILE)
    return tuple(query for _, query in found)


def load_training_queries(folder: str | Path, catalogue: Catalogue) -> tuple[TrainingQuery, ...]:
    """The queries of a folder that are there to learn from; none where it has no file. Raises `CatalogueError` with every
    problem, a work outside the train split first of all."""
    measured = load_queries(folder, catalogue)
    train = {query.artwork_id for query in measured if query.split == "train"}
    seen = {fold(query.text) for query in measured}
    found, problems = _read(Path(folder) / TRAINING_FILE, TrainingQuery)
    for where, query in found:
        if query.artwork_id not in catalogue:
            problems.append(f"{where}: no artwork has the id '{query.artwork_id}'; correct it")
        elif query.artwork_id not in train:
            problems.append(f"{where}: '{query.artwork_id}' is not in the train split; take the line out")
        elif name := named(query.text, catalogue[catalogue.row(query.artwork_id)]):
            problems.append(f"{where}: the query gives the answer away ('{name}'); word it otherwise")
        if fold(query.text) in seen:
            problems.append(f"{where}: the same text stands there twice; word one of them otherwise")
        seen.add(fold(query.text))
    _refuse(problems, TRAINING_FILE)
    return tuple(query for _, query in found)


def load_open_queries(folder: str | Path, catalogue: Catalogue) -> tuple[OpenQuery, ...]:
    """The open queries of a folder; none where it has no file. Raises `CatalogueError` with every problem."""
    found, problems = _read(Path(folder) / OPEN_FILE, OpenQuery)
    for where, query in found:
        problems += [
            f"{where}: no artwork has the id '{artwork_id}'; correct it"
            for artwork_id in query.relevance
            if artwork_id not in catalogue
        ]
        if not any(query.relevance.values()):
            problems.append(f"{where}: no work answers '{query.text[:60]}'; grade some, or take it out")
    _refuse(problems, OPEN_FILE)
    return tuple(query for _, query in found)


def named(text: str, work: Artwork) -> str:
    """The part of a work's title or artist that a text gives away, or an empty string."""
    words, title, names = (re.findall(r"\w+", fold(part)) for part in (text, work.title, work.artist))
    if len(title) > 1 and f" {' '.join(title)} " in f" {' '.join(words)} ":
        return work.title
    return next((name for name in names if len(name) >= SHORTEST_NAME and name in words), "")


def _read(file: Path, model: type[BaseModel]) -> tuple[list, list[str]]:
    found, problems = [], []
    for number, line in _lines(file):
        where = f"{file.name}, line {number}"
        try:
            found.append((where, model.model_validate(json.loads(line))))
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            problems.append(f"{where}, field {'.'.join(map(str, fault['loc']))}: {fault['msg']}; correct the value")
        except (ValueError, RecursionError) as error:
            problems.append(f"{where}: not valid JSON ({error}); each line must be one whole JSON object")
    return found, problems


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    if not file.is_file():
        return
    try:
        yield from ((n, line) for n, line in enumerate(file.read_text("utf-8").splitlines(), start=1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{file} cannot be read ({error}).", "Save it as UTF-8 text.") from error


def _refuse(problems: list[str], name: str) -> None:
    if problems:
        many = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
        raise CatalogueError(f"{name} has {many}: {problems[0]}.", "Run `python -m artrec check` to see every one.", problems)
