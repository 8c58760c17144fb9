"""The formats that can be imported: one file a format. `SOURCES` is the registry, in the order they are tried."""

from pathlib import Path

from artrec.errors import CatalogueError
from artrec.sources.artic import ArtInstitute
from artrec.sources.base import LeftOut, Options, Source
from artrec.sources.cleveland import Cleveland
from artrec.sources.cmoa import Carnegie
from artrec.sources.iiif import Iiif
from artrec.sources.met import Metropolitan
from artrec.sources.moma import ModernArt
from artrec.sources.nga import NationalGallery
from artrec.sources.table import TABLES
from artrec.sources.tate import Tate
from artrec.sources.walters import Walters
from artrec.sources.wikidata import Wikidata

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Walters(), Carnegie(), Tate(), ArtInstitute(), Metropolitan(), ModernArt(), NationalGallery(), Cleveland(), Wikidata(),
        Iiif(), *TABLES,
    )
}  # fmt: skip


def source_of(name: str) -> Source:
    """The source of a name. Raises `CatalogueError`, listing those there are."""
    if name not in SOURCES:
        raise CatalogueError(f"There is no format '{name[:40]}'.", f"Choose from: {', '.join(SOURCES)}.")
    return SOURCES[name]


def recognise(path: Path) -> str | None:
    """The name of the format that a file or folder looks like, or None."""
    return next((name for name, source in SOURCES.items() if source.recognises(path)), None)


__all__ = ["LeftOut", "Options", "SOURCES", "Source", "recognise", "source_of"]
