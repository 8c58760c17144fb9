"""A cheap look at the beginning of what is given, to know its format."""

from itertools import islice
from pathlib import Path

from artrec.errors import ArtrecError
from artrec.sources.reading import records


def first_record(path: Path) -> dict | None:
    """The first JSON object of a file, folder or zip, or None. Never raises."""
    try:
        for _, found in islice(records(path), 5):
            if isinstance(found, dict):
                return found
    except (ArtrecError, OSError, ValueError):
        return None
    return None
