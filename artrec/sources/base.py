"""What an importer is: a museum's published data → a stream of artworks, and of what had to be left out and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from artrec.catalogue import Artwork


@dataclass(frozen=True)
class LeftOut:
    """A record that is not taken. `where`: the file and, where there is one, the line; `record`: its id or title as far as
    they could be read; `reason` and `cure`: a clear sentence each."""

    where: str
    reason: str
    cure: str
    record: str = ""


@dataclass(frozen=True)
class Options:
    """What a user may say about an import. `mapping`: field of `Artwork` → column of their table (tables only)."""

    mapping: Mapping[str, str] = field(default_factory=dict)


class Source(Protocol):
    """One format. Stateless."""

    name: str  # on the command line
    label: str  # for people
    expects: str  # what to give, in a few words

    def recognises(self, path: Path) -> bool:
        """Whether a file or folder looks like this format, by a cheap look at its beginning. Never raises."""
        ...

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream a file or folder, in its order. Ids begin with the source's name and are unique where the museum's are.

        Raises `ArtrecError` where nothing of it can be read; a record that cannot be used comes as a `LeftOut`.
        """
        ...
