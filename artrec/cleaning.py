"""The health of a catalogue: gaps, doubtful dates, likely duplicates. Nothing is changed; each finding names its cure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from artrec.catalogue import Catalogue, century_of, middle
from artrec.duplicates import duplicates
from artrec.phrases import stock_phrases
from artrec.places import region

FIELDS = (
    "artist", "year_start", "type", "movement", "medium", "genre", "subjects", "moods", "palette", "culture", "country",
    "museum", "description", "look_for", "discuss", "title_zh", "wikipedia", "image_url",
)  # fmt: skip
EARLIEST_WORK = 8  # years of age under which nobody's work is dated


@dataclass(frozen=True)
class Finding:
    """One doubtful thing about one work."""

    artwork_id: str
    kind: str
    message: str


@dataclass(frozen=True)
class Health:
    """`filled`: field → share of works that have it, in [0, 1]. `spread`: field → value → number of works.
    `phrases`: runs of words that several descriptions share → the works that hold them."""

    works: int
    artists: int
    filled: dict[str, float]
    spread: dict[str, dict[str, int]]
    findings: tuple[Finding, ...]
    phrases: dict[str, list[str]]


def examine(catalogue: Catalogue) -> Health:
    """Look a valid catalogue over, a column at a time, so that a large one can stay on the disk."""
    n, column = len(catalogue), catalogue.column
    filled = {field: sum(value not in ("", None, ()) for value in column(field)) / n for field in FIELDS}
    spread = {
        field: dict(Counter(value or "not known" for value in column(field)).most_common())
        for field in ("type", "movement", "culture", "genre", "artist_gender")
    }
    spread["region"] = dict(Counter(region(country) or "not known" for country in column("country")).most_common())
    centuries = map(century_of, map(middle, column("year_start"), column("year_end")))
    spread["century"] = {str(c): k for c, k in sorted(Counter(c for c in centuries if c is not None).items())}
    spread["content_notes"] = dict(Counter(note for notes in column("content_notes") for note in notes).most_common())
    findings = [*_doubts(catalogue), *_contradictions(catalogue)]
    findings += [
        Finding(later, "duplicate", f"{why} {earlier}; keep one of them, or tell them apart")
        for later, earlier, why in duplicates(catalogue)
    ]
    makers = {artist or culture for artist, culture in zip(column("artist"), column("culture"), strict=True)} - {""}
    return Health(n, len(makers), filled, spread, tuple(findings), stock_phrases(catalogue))


def _doubts(catalogue: Catalogue) -> Iterator[Finding]:
    """What is doubtful about a work by itself."""
    fields = ("artwork_id", "artist_life", "year_start", "year_end", "movement", "description")
    terms = catalogue.vocabulary.get("movement", {})
    for artwork_id, life, start, end, movement, description in zip(*map(catalogue.column, fields), strict=True):
        born, died = life or (None, None)
        if start is not None and end is not None:
            if born is not None and start < born + EARLIEST_WORK:
                yield Finding(artwork_id, "date", f"dated {start}, the artist was born in {born}; check both")
            if died is not None and start > died + 1:
                yield Finding(artwork_id, "date", f"dated {start}, the artist died in {died}; check both")
            term = terms.get(movement)
            first, last = (term.year_start, term.year_end) if term else (None, None)
            if first is not None and last is not None and (end < first or start > last):
                message = f"{movement} spans {first} to {last}, the work is of {middle(start, end)}; check both"
                yield Finding(artwork_id, "movement", message)
        if not description:
            yield Finding(artwork_id, "gap", "has no description, so it is found by its facts alone; write one")


def _contradictions(catalogue: Catalogue) -> Iterator[Finding]:
    """Works whose record says something else of an artist than the first record that says anything of it."""
    ids, artists = catalogue.column("artwork_id"), catalogue.column("artist")
    for field in ("artist_life", "artist_gender", "artist_zh"):
        first: dict[str, tuple[str, str | tuple]] = {}
        for artwork_id, artist, ours in zip(ids, artists, catalogue.column(field), strict=True):
            if not artist or not ours:
                continue
            earlier, theirs = first.setdefault(artist, (artwork_id, ours))
            if ours != theirs:
                message = f"{field} is {_plain(ours)} here and {_plain(theirs)} at {earlier}; keep the right one"
                yield Finding(artwork_id, "artist", message)


def _plain(value: str | tuple) -> str:
    return value if isinstance(value, str) else "–".join("?" if year is None else str(year) for year in value)
