"""How wide a catalogue reaches: by region, time, type, maker and gender; and whether it reaches the goals set for it.

Goals stand in a `goals.json` beside the records: `{"at_least": {"works": 1200}, "at_most": {"share_europe": 0.5},
"best_known": ["artwork_id", …]}`. A catalogue without the file has figures and no goals.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from artrec.catalogue import Catalogue
from artrec.errors import CatalogueError
from artrec.places import region

GOALS_FILE = "goals.json"
LABELS = {
    "works": "Works",
    "makers": "Artists or cultures",
    "most_by_one_artist": "Most works by one artist",
    "share_europe_and_northern_america": "From Europe and Northern America",
    "share_women_after_1800": "By women, of works after 1800 with a known artist",
    "regions": "Regions of the world",
    "types": "Types",
    "earliest": "Earliest",
    "latest": "Latest",
    "with_wikipedia": "With a Wikipedia title",
    "best_known_missing": "Best-known works missing",
}


@dataclass(frozen=True)
class Goals:
    """Bounds by the names of `LABELS`, and artwork ids that have to be there."""

    at_least: Mapping[str, float]
    at_most: Mapping[str, float]
    best_known: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One line of the coverage table. `met` is None where no goal is set."""

    name: str
    label: str
    value: float | None
    goal: str
    met: bool | None


def load_goals(folder: str | Path) -> Goals:
    """The goals of a folder of records; none where it has no `goals.json`. Raises `CatalogueError` on a broken file."""
    file = Path(folder) / GOALS_FILE
    if not file.is_file():
        return Goals({}, {}, ())
    try:
        raw = json.loads(file.read_text("utf-8"))
        bounds = [{str(k): float(v) for k, v in raw.get(side, {}).items()} for side in ("at_least", "at_most")]
        goals = Goals(*bounds, tuple(map(str, raw.get("best_known", ()))))
        unknown = [name for side in bounds for name in side if name not in LABELS]
        if unknown:
            raise ValueError(f"'{unknown[0]}' is not one of {', '.join(LABELS)}")
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CatalogueError(
            f"The goals {file} cannot be read ({error}).", 'Write them as {"at_least": {"works": 100}}.'
        ) from error
    return goals


def figures(catalogue: Catalogue, best_known: tuple[str, ...] = ()) -> dict[str, float | None]:
    """The numbers behind the table, by the names of `LABELS`; shares in [0, 1], years negative BCE, None where unknown.

    A share leaves out the works of which nothing is known: those without a country, or without a gender.
    """
    regions = Counter(filter(None, (region(work.country) for work in catalogue)))
    western = regions["Europe"] + regions["Northern America"]
    artists = Counter(work.artist for work in catalogue if work.artist)
    recent = Counter(w.artist_gender for w in catalogue if w.artist_gender and (w.year or 0) > 1800)
    years = [work.year for work in catalogue if work.year is not None]
    return {
        "works": len(catalogue),
        "makers": len({work.artist or work.culture for work in catalogue} - {""}),
        "most_by_one_artist": max(artists.values(), default=0),
        "share_europe_and_northern_america": western / regions.total() if regions else None,
        "share_women_after_1800": recent["woman"] / recent.total() if recent else None,
        "regions": len(regions),
        "types": len({work.type for work in catalogue} - {""}),
        "earliest": min(years, default=None),
        "latest": max(years, default=None),
        "with_wikipedia": sum(bool(work.wikipedia) for work in catalogue),
        "best_known_missing": sum(artwork_id not in catalogue for artwork_id in best_known) if best_known else None,
    }


def coverage(catalogue: Catalogue, goals: Goals) -> tuple[Figure, ...]:
    """The table: every figure, with its goal and whether it is met."""
    lines = []
    for name, value in figures(catalogue, goals.best_known).items():
        least, most = goals.at_least.get(name), goals.at_most.get(name)
        if name == "best_known_missing" and goals.best_known:
            most = 0
        met = None if least is None and most is None else value is not None and _within(value, least, most)
        goal = " and ".join(f"{sign} {shown(name, bound)}" for sign, bound in (("≥", least), ("≤", most)) if bound is not None)
        lines.append(Figure(name, LABELS[name], value, goal, met))
    return tuple(lines)


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def shown(name: str, value: float | None) -> str:
    """A figure as people read it: shares in per cent, years with BCE."""
    if value is None:
        return "not known"
    if name.startswith("share_"):
        return f"{value:.0%}"
    if name in ("earliest", "latest"):
        return f"{-value:,.0f} BCE" if value < 0 else f"{value:.0f}"
    return f"{value:,.0f}"
