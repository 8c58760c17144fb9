"""The health of a collection of any size, by its columns: what is missing, doubtful, double or of no use, each with its works
and its cure. `python -m artrec import` writes it as `health.json`; the Collections page shows it.

Nothing is changed here. What an import left out stands in `left_out.jsonl`; empty fields are filled beside the record, as
predicted, by `predictions.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
import pandas as pd

from artrec.catalogue import Artwork, Catalogue
from artrec.cleaning import EARLIEST_WORK
from artrec.duplicates import near_texts
from artrec.progress import Tell, quiet, stretch
from artrec.text import fold

LISTED = 1_000  # works of a problem that are named
LARGEST = 1_000.0  # centimetres of a side; what is larger is looked at
WATCHED = (
    "artist", "year_start", "type", "movement", "medium", "genre", "subjects", "moods", "culture", "country", "museum",
    "dimensions", "description", "image_url", "credit", "rights",
)  # fmt: skip
PREDICTED = {"movement", "genre", "type", "subjects", "moods"}
_SIDE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:[x×]\s*(\d+(?:\.\d+)?)\s*)?(?:[x×]\s*(\d+(?:\.\d+)?)\s*)?(mm|cm|m)\b")
_UNITS = {"mm": 0.1, "cm": 1.0, "m": 100.0}


@dataclass(frozen=True)
class Problem:
    """One kind of doubt. `works`: the first LISTED ids; `share`: of all works, in [0, 1]."""

    kind: str
    title: str
    count: int
    share: float
    works: tuple[str, ...]
    cure: str


def report(catalogue: Catalogue, tell: Tell = quiet) -> dict:
    """{"works", "filled": field → share, "spread": field → value → works, "problems": […]} as JSON can hold it."""
    n = len(catalogue)
    table = pd.DataFrame(
        {name: catalogue.column(name) for name in ("artwork_id", *_TEXTS, "year_start", "year_end", "artist_life")}
    )
    filled = {name: float(_known(catalogue.column(name)).mean()) for name in WATCHED}
    alike = near(table["description"], stretch(tell, n, 0.1, 0.9))
    found = [*_gaps(table, filled, catalogue), *_dates(table), *_sizes(table), *_doubles(table, alike), *_columns(catalogue, n)]
    spread = {
        name: {str(value): int(count) for value, count in table[name].replace("", "not known").value_counts().head(30).items()}
        for name in ("type", "movement", "culture", "museum")
    }
    centuries = pd.Series(_centuries(table)).dropna().astype(int).value_counts().sort_index()
    spread["century"] = {str(century): int(count) for century, count in centuries.items()}
    problems = sorted((p for p in found if p.count), key=lambda p: (p.kind == "gap", -p.count))
    return {"works": n, "filled": filled, "spread": spread, "problems": [asdict(p) for p in problems]}


_TEXTS = ("title", "artist", "date_text", "type", "movement", "culture", "museum", "dimensions", "description", "image_url")


def _known(values: list) -> np.ndarray:
    return np.array([value not in ("", None, ()) for value in values], dtype=bool)


def _problem(kind: str, title: str, rows: np.ndarray, table: pd.DataFrame, cure: str) -> Problem:
    """`rows`: a boolean mask or row numbers."""
    ids = table["artwork_id"].to_numpy()[rows]
    return Problem(kind, title, len(ids), round(len(ids) / max(len(table), 1), 4), tuple(map(str, ids[:LISTED])), cure)


def _gaps(table: pd.DataFrame, filled: dict[str, float], catalogue: Catalogue) -> list[Problem]:
    cures = {
        "description": "Write one, or accept that the work is found by its facts alone.",
        "year_start": "Add a date; without one the work stands in no century.",
        "image_url": "Add an address of a picture; without one a drawn colour plate stands for it.",
    }
    found = []
    for name, share in filled.items():
        if share < 1:
            cure = cures.get(name) or f"Add {name.replace('_', ' ')} where it is known."
            if name in PREDICTED:
                cure = "Nothing must be done: where the heads are sure it is predicted, and shown as predicted."
            empty = ~_known(catalogue.column(name))
            found.append(_problem("gap", f"no {name.replace('_start', '').replace('_', ' ')}", empty, table, cure))
    return found


def _dates(table: pd.DataFrame) -> list[Problem]:
    start, end = (pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float) for name in ("year_start", "year_end"))
    lives = [life or (None, None) for life in table["artist_life"]]
    born = np.array([np.nan if life[0] is None else life[0] for life in lives], dtype=float)
    died = np.array([np.nan if life[1] is None else life[1] for life in lives], dtype=float)
    with np.errstate(invalid="ignore"):
        early, late, coming = end < born + EARLIEST_WORK, start > died + 1, start > date.today().year
        wide = (end - start > 500) & (start > 0)
    unread = np.isnan(start) & np.isnan(end) & (table["date_text"] != "").to_numpy()
    return [
        _problem("date", f"made before the artist was {EARLIEST_WORK}", early, table, "Check the date and the artist's life."),
        _problem("date", "made after the artist died", late, table, "Check both: a later cast or print may be meant."),
        _problem("date", "dated in the future", coming, table, "Correct the year."),
        _problem("date", "a span of more than 500 years", wide, table, "Narrow the date where more is known."),
        _problem("date", "a date that could not be read", unread, table, "Write it as a year, a span or a century."),
    ]


def sides(text: str) -> list[float]:
    """The sides of a work in centimetres: "23.5 × 18 cm" → [23.5, 18.0]; [] where none is told in metric units."""
    found = _SIDE.search(text)
    return [float(side) * _UNITS[found[4]] for side in found.groups()[:3] if side is not None] if found else []


def _sizes(table: pd.DataFrame) -> list[Problem]:
    measured = [sides(text) if text else [] for text in table["dimensions"]]
    zero = np.array([any(side == 0 for side in each) for each in measured], dtype=bool)
    huge = np.array([any(side > LARGEST for side in each) for each in measured], dtype=bool)
    huge &= ~table["type"].isin(["architecture", "land art", "installation", "mural"]).to_numpy()
    return [
        _problem("size", "a side of nothing", zero, table, "Correct the dimensions."),
        _problem("size", f"a side of over {LARGEST / 100:.0f} metres", huge, table, "Check the unit: mm may stand for cm."),
    ]


def _doubles(table: pd.DataFrame, alike: np.ndarray) -> list[Problem]:
    key = table["title"].map(fold) + "\0" + table["artist"].map(fold) + "\0" + table["date_text"]
    named = (table["artist"] != "").to_numpy()
    same = named & key.duplicated(keep=False).to_numpy()
    pictures = table["image_url"]
    shared = (pictures != "").to_numpy() & pictures.duplicated(keep=False).to_numpy()
    return [
        _problem(
            "double", "the same title, artist and date", same, table, "Prints of one plate are rightly alike; else keep one."
        ),
        _problem(
            "double", "one picture for several works", shared, table, "Check the addresses; details of one work share one."
        ),
        _problem("double", "nearly the same description", alike, table, "Keep one, or tell them apart."),
    ]


def near(texts: Sequence[str], tell: Tell = quiet) -> np.ndarray:
    """Rows (int64) whose text is nearly an earlier one's."""
    return np.array(sorted(later for later, _, _ in near_texts(texts, tell)), dtype=np.int64)


def _columns(catalogue: Catalogue, n: int) -> list[Problem]:
    """Fields that say nothing: empty or the same everywhere."""
    found = []
    for name in Artwork.model_fields:
        values = catalogue.column(name)
        if n > 1 and name != "recorded" and values[0] not in ("", None, (), False) and len(set(map(str, values))) == 1:
            title = f"{name.replace('_', ' ')} is {str(values[0])[:40]} everywhere"
            found.append(Problem("column", title, n, 1.0, (), "Nothing must be done; it tells no two works apart."))
    return found


def _centuries(table: pd.DataFrame) -> list[float]:
    middle = table[["year_start", "year_end"]].apply(pd.to_numeric, errors="coerce").mean(axis=1).to_numpy()
    return [
        np.nan if np.isnan(y) else (int(y) - 1) // 100 + 1 if y > 0 else -((max(int(-y), 1) - 1) // 100 + 1) for y in middle
    ]
