"""The health of a catalogue: gaps, doubtful dates, likely duplicates. Nothing is changed; each finding names its cure."""

from collections import Counter
from dataclasses import dataclass

from artrec.catalogue import Artwork, Catalogue
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
    """Look a valid catalogue over."""
    n = len(catalogue)
    filled = {field: sum(getattr(w, field) not in ("", None, ()) for w in catalogue) / n for field in FIELDS}
    spread = {
        field: dict(Counter(getattr(w, field) or "not known" for w in catalogue).most_common())
        for field in ("type", "movement", "culture", "genre", "artist_gender")
    }
    spread["region"] = dict(Counter(region(w.country) or "not known" for w in catalogue).most_common())
    spread["century"] = {str(c): k for c, k in sorted(Counter(w.century for w in catalogue if w.century is not None).items())}
    spread["content_notes"] = dict(Counter(note for w in catalogue for note in w.content_notes).most_common())
    findings = [finding for work in catalogue for finding in _doubts(work, catalogue)]
    findings += _contradictions(catalogue)
    findings += [
        Finding(later, "duplicate", f"{why} {earlier}; keep one of them, or tell them apart")
        for later, earlier, why in duplicates(catalogue)
    ]
    makers = {w.artist or w.culture for w in catalogue} - {""}
    return Health(n, len(makers), filled, spread, tuple(findings), stock_phrases(catalogue))


def _doubts(work: Artwork, catalogue: Catalogue) -> list[Finding]:
    found = []
    born, died = work.artist_life or (None, None)
    if work.year_start is not None and work.year_end is not None:
        if born is not None and work.year_start < born + EARLIEST_WORK:
            found.append(
                Finding(work.artwork_id, "date", f"dated {work.year_start}, the artist was born in {born}; check both")
            )
        if died is not None and work.year_start > died + 1:
            found.append(Finding(work.artwork_id, "date", f"dated {work.year_start}, the artist died in {died}; check both"))
        term = catalogue.vocabulary.get("movement", {}).get(work.movement)
        first, last = (term.year_start, term.year_end) if term else (None, None)
        if first is not None and last is not None and (work.year_end < first or work.year_start > last):
            message = f"{work.movement} spans {first} to {last}, the work is of {work.year}; check both"
            found.append(Finding(work.artwork_id, "movement", message))
    if not work.description:
        found.append(Finding(work.artwork_id, "gap", "has no description, so it is found by its facts alone; write one"))
    return found


def _contradictions(catalogue: Catalogue) -> list[Finding]:
    """Works whose record says something else of an artist than the artist's first record does."""
    first: dict[str, Artwork] = {}
    found = []
    for work in catalogue:
        earlier = first.setdefault(work.artist, work)
        for field in ("artist_life", "artist_gender", "artist_zh") if work.artist else ():
            ours, theirs = getattr(work, field), getattr(earlier, field)
            if ours and theirs and ours != theirs:
                message = f"{field} is {_plain(ours)} here and {_plain(theirs)} at {earlier.artwork_id}; keep the right one"
                found.append(Finding(work.artwork_id, "artist", message))
    return found


def _plain(value: str | tuple) -> str:
    return value if isinstance(value, str) else "–".join("?" if year is None else str(year) for year in value)
