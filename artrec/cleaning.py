"""The health of a catalogue: gaps, doubtful dates, likely duplicates. Nothing is changed; each finding names its cure."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from artrec.catalogue import Artwork, Catalogue
from artrec.text import fold, passage

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
    """`filled`: field → share of works that have it, in [0, 1]. `spread`: field → value → number of works."""

    works: int
    artists: int
    filled: dict[str, float]
    spread: dict[str, dict[str, int]]
    findings: tuple[Finding, ...]


def examine(catalogue: Catalogue) -> Health:
    """Look a valid catalogue over."""
    n = len(catalogue)
    filled = {field: sum(getattr(w, field) not in ("", None, ()) for w in catalogue) / n for field in FIELDS}
    spread = {
        field: dict(Counter(getattr(w, field) or "not known" for w in catalogue).most_common())
        for field in ("type", "culture", "movement", "genre")
    }
    spread["century"] = {str(c): k for c, k in sorted(Counter(w.century for w in catalogue if w.century is not None).items())}
    spread["content_notes"] = dict(Counter(note for w in catalogue for note in w.content_notes).most_common())
    findings = [finding for work in catalogue for finding in _doubts(work, catalogue)]
    findings.extend(_duplicates(catalogue))
    return Health(n, len({w.artist or w.culture for w in catalogue} - {""}), filled, spread, tuple(findings))


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


def _duplicates(catalogue: Catalogue) -> list[Finding]:
    """Works with the same title and artist, or the same passage."""
    groups: dict[tuple, list[str]] = defaultdict(list)
    for work in catalogue:
        if work.artist:
            groups["name", fold(work.title), fold(work.artist)].append(work.artwork_id)
        groups["passage", passage(work)].append(work.artwork_id)
    twins = dict.fromkeys((ids[0], other) for ids in groups.values() for other in ids[1:])
    return [Finding(other, "duplicate", f"looks like {first}; keep one of them") for first, other in twins]
