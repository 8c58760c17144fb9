"""`search --picture FILE` and `--colours`: asking with the eye, from the command line."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from artrec.errors import QueryError

if TYPE_CHECKING:
    from artrec.collection import Collection
    from artrec.visual.seeing import Sight

_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})(?::(\d{1,3}(?:\.\d+)?))?")


def add(search) -> None:
    """The options, on the parser of `search`."""
    search.add_argument("--picture", type=Path, metavar="FILE", help="works that look like this picture")
    search.add_argument("--colours", metavar="RRGGBB:SHARE,…", help="works in these colours: 1d4e79:55,efe6cf:30")


def sight_of(options, collection: "Collection") -> "Sight | None":
    """What the options show, or None. Raises `PictureError` and `QueryError`."""
    from artrec.visual.seeing import colours, see

    chosen = None if options.colours is None else colours(_parsed(options.colours))
    if options.picture is None:
        return chosen
    from artrec.visual.loading import load

    encoder = None if collection.shelf is None else collection.shelf.encoder
    return see(load(options.picture), collection.visual, encoder).with_colours(chosen)


def _parsed(text: str) -> list[tuple[str, float]]:
    """`1d4e79:55,efe6cf` → colours with shares; one without a share counts as 50."""
    found = [_COLOUR.fullmatch(part.strip()) for part in text.split(",")]
    if not all(found):
        wrong = text.split(",")[found.index(None)].strip()[:40]
        raise QueryError(f"'{wrong}' is not a colour.", "Write six hexadecimal digits and a share: 1d4e79:55,efe6cf:30.")
    return [(f"#{match[1].lower()}", float(match[2] or 50)) for match in found]
