"""IIIF Presentation documents, versions 2 and 3: a manifest is a work, a collection many. Local files, folders and zips;
what a collection names by address is taken where it lies beside it, and otherwise left out with the address."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.errors import ArtrecError
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, line, objects, plain, terms
from artrec.sources.dates import years
from artrec.sources.kinds import kind_of
from artrec.sources.makers import maker
from artrec.sources.mapping import NAMES, fold
from artrec.sources.reading import records

DEEPEST = 8  # collections within collections
PARTS = ("items", "members", "manifests", "collections")  # of a collection
LANGUAGES = ("en", "en-gb", "en-us", "none", "@none")
_FIELD = {fold(name): field for field, names in NAMES.items() for name in names}


class Iiif:
    """See the module."""

    name = "iiif"
    label = "IIIF manifests"
    expects = "a manifest or collection (.json, version 2 or 3), or a folder or zip of them"

    def recognises(self, path: Path) -> bool:
        """By the context that every such document names."""
        try:
            return any(
                "iiif.io/api/presentation" in json.dumps(r.get("@context", ""))
                for _, r in islice(records(path), 3)
                if isinstance(r, dict)
            )
        except (ArtrecError, OSError, ValueError):
            return False

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works: each manifest once, in the order of files and of what collections hold."""
        seen: set[str] = set()
        named: dict[str, LeftOut] = {}  # what collections name, until it is seen
        for where, found in records(Path(path)):
            if isinstance(found, LeftOut):
                yield found
            else:
                yield from _walk(where, found, seen, named)
        yield from (left for own, left in named.items() if own not in seen)


def _id(document: Mapping) -> str:
    return str(document.get("id") or document.get("@id") or "")


def _kind(document: Mapping) -> str:
    return str(document.get("type") or document.get("@type") or "").rsplit(":", 1)[-1].lower()


def _walk(where: str, document: dict, seen: set[str], named: dict[str, LeftOut], depth: int = 0) -> Iterator[Artwork | LeftOut]:
    """The works of a document. A part without contents of its own is a name for one that may stand in another file."""
    own, kind = _id(document), _kind(document)
    full = any(key in document for key in ("sequences", "items", *PARTS))
    if kind not in ("collection", "manifest"):
        yield LeftOut(where, "it is no IIIF manifest or collection", "Give Presentation documents of version 2 or 3.")
    elif own and own in seen:
        return
    elif not full and depth == 0:
        yield LeftOut(where, "it has no contents", "Save the whole document.", _text(document.get("label")))
    elif not full:
        reason = f"the collection names {own[:120]}, which is not among the files"
        named.setdefault(own, LeftOut(where, reason, "Save it beside the collection.", _text(document.get("label"))))
    elif kind == "manifest":
        seen.add(own)
        yield _work(where, document)
    elif depth > DEEPEST:
        yield LeftOut(where, f"it holds collections within collections, {DEEPEST} deep", "Save the inner ones by themselves.")
    else:
        seen.add(own)
        for part in (part for key in PARTS for part in objects(document.get(key))):
            yield from _walk(where, part, seen, named, depth + 1)


def _text(value: object, depth: int = 0) -> str:
    """A label in English where there are languages, else in the first of them."""
    if depth > DEEPEST:
        return ""
    if isinstance(value, Mapping):
        if "@value" in value:
            return plain(value["@value"])
        chosen = next((value[language] for language in LANGUAGES if language in value), next(iter(value.values()), ""))
        return plain(chosen)
    if isinstance(value, list):
        if value and all(isinstance(part, Mapping) and "@value" in part for part in value):
            english = [part for part in value if str(part.get("@language", "en")).lower() in LANGUAGES] or value[:1]
            return plain("; ".join(str(part["@value"]) for part in english))
        return "; ".join(filter(None, (_text(part, depth + 1) for part in value)))
    return plain(value)


def _work(where: str, document: dict) -> Artwork | LeftOut:
    told: dict[str, str] = {}
    for pair in objects(document.get("metadata")):
        field = _FIELD.get(fold(_text(pair.get("label"))))
        if field:
            told.setdefault(field, _text(pair.get("value")))
    made = maker(told.get("artist", ""))
    span = years(told.get("date", "")) or (None, None)
    statement = document.get("requiredStatement") or {}
    credit = _text(statement.get("value")) if isinstance(statement, Mapping) else ""
    rights = document.get("rights") or document.get("license") or ""
    rights = line(rights[0] if isinstance(rights, list) and rights else rights)
    image = _image(document)
    own = _id(document)
    home = document.get("homepage") or document.get("related") or ()
    home = home[0] if isinstance(home, list) and home else home
    page = address(_id(home) if isinstance(home, Mapping) else home)
    return artwork(
        where,
        own or told.get("title"),
        artwork_id=identifier("iiif", told.get("id") or re.sub(r"^https?://|/manifest(?:\.json)?$", "", own) or where),
        title=line(_text(document.get("label"))) or line(told.get("title")),
        artist=made.name,
        artist_life=made.life,
        year_start=span[0],
        year_end=span[1],
        date_text=line(told.get("date")),
        type=kind_of(told.get("type", ""), told.get("medium", "")),
        movement=line(told.get("movement")),
        medium=line(told.get("medium")),
        subjects=terms(re.split(r"[;|]", told.get("subjects", ""))),
        culture=line(told.get("culture")) or made.culture,
        country=line(told.get("country")),
        museum=line(told.get("museum")) or _provider(document),
        dimensions=line(told.get("dimensions")),
        description=plain(_text(document.get("summary") or document.get("description")) or told.get("description")),
        image_url=image,
        image_credit=line(credit or _text(document.get("attribution"))),
        credit=line(told.get("credit")),
        rights=rights or line(told.get("rights")),
        public_domain="publicdomain" in rights,
        page_url=page,
        recorded={"type": line(told.get("type")), "artist": "" if made.sure else line(told.get("artist"))},
    )  # fmt: skip


def _provider(document: dict) -> str:
    found = document.get("provider")
    return line(_text(found[0].get("label"))) if isinstance(found, list) and found and isinstance(found[0], Mapping) else ""


def _image(document: dict) -> str:
    """The thumbnail, or the first canvas's first picture: its service at 400 pixels, or the picture as it is."""
    thumbnail = document.get("thumbnail")
    thumbnail = thumbnail[0] if isinstance(thumbnail, list) and thumbnail else thumbnail
    found = address(_id(thumbnail) if isinstance(thumbnail, Mapping) else thumbnail)
    if found:
        return found
    try:
        if "sequences" in document:
            body = document["sequences"][0]["canvases"][0]["images"][0]["resource"]
        else:
            body = document["items"][0]["items"][0]["items"][0]["body"]
        body = body[0] if isinstance(body, list) else body
        service = body.get("service")
        service = service[0] if isinstance(service, list) and service else service
        base = address(_id(service)) if isinstance(service, Mapping) else ""
        return f"{base.rstrip('/')}/full/400,/0/default.jpg" if base else address(_id(body))
    except (KeyError, IndexError, TypeError, AttributeError):
        return ""
