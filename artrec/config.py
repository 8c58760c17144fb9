"""Where ArtRec keeps things, and the settings that come from the environment.

`ARTREC_HOME` (default: the user's cache folder) holds what can be made again: the exported encoder, vectors by content,
thumbnails. `ARTREC_MODEL`, `ARTREC_ADAPTER` and `ARTREC_BACKEND` choose the encoder; `ARTREC_COLLECTION` the collection.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "data" / "starter"  # the records
STARTER_ASSETS = ROOT / "assets" / "starter"  # what is built from them
ADAPTER = ROOT / "assets" / "encoder"  # what training made: loaded on top of the packaged model where it exists


def home() -> Path:
    """The folder for everything that can be made again."""
    chosen = os.environ.get("ARTREC_HOME")
    if chosen:
        return Path(chosen).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "artrec"


def is_address(place: object) -> bool:
    """Whether a place is the address of a database rather than a folder."""
    return str(place).startswith(("postgresql://", "postgres://"))


def place(text: str) -> str | Path:
    """Where a collection is: the address of a database, or a folder."""
    return text if is_address(text) else Path(text).expanduser()


def collection() -> str | Path:
    """The built collection in use: a folder, or the address of a database."""
    chosen = os.environ.get("ARTREC_COLLECTION")
    return place(chosen) if chosen else STARTER_ASSETS
