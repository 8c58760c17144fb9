"""Museums' wording → the fields of an `Artwork`: plain text, names and lives, dimensions, terms, ids."""

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from html.parser import HTMLParser

from pydantic import ValidationError

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut
from artrec.sources.dates import EARLIEST, LATEST

LINE, TEXT, SUBJECTS = 1_000, 20_000, 64  # the schema's limits
MAX_HTML = 200_000  # characters of a description that are looked at
_SPACE = re.compile(r"\s+")
_LIFE = re.compile(
    r"(?:(?P<ca>ca?\.?\s*)?(?:b\.|born)?\s*(?P<born>\d{3,4})(?:/\d{1,4})?\s*(?:-|–|—|to)\s*(?:ca?\.?\s*|d\.\s*)?(?P<died>\d{3,4})?"
    r"|(?:b\.|born)\s*(?:ca?\.?\s*)?(?P<only>\d{3,4})|(?:d\.|died)\s*(?:ca?\.?\s*)?(?P<gone>\d{3,4}))"
)
_ACTIVE = re.compile(r"\b(?:active|act\.|fl\.|flourished|working|AH|century)\b", re.IGNORECASE)
_NOBODY = re.compile(
    r"^(?:unknown|unidentified|anonymous|n/?a|none|null|not recorded|no artist|artist unknown|various)\b.*$", re.IGNORECASE
)
_BLOCK = {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "ul", "ol", "table", "td"}


class _Text(HTMLParser):
    """The text of a piece of HTML; scripts and styles have none."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        self._hidden += tag in ("script", "style")
        if tag in _BLOCK:
            self.parts.append(" ")

    def handle_endtag(self, tag):
        self._hidden = max(0, self._hidden - (tag in ("script", "style")))
        if tag in _BLOCK:
            self.parts.append(" ")

    def handle_data(self, data):
        if not self._hidden:
            self.parts.append(data)


def plain(value: object, limit: int = TEXT) -> str:
    """Any value as plain text: no tags, no entities, single spaces, at most `limit` characters, cut at a word."""
    if value is None or isinstance(value, (dict, bool)):
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    text = text[:MAX_HTML]
    if "<" in text or "&" in text:
        if re.search(r"<[a-zA-Z/!]", text):
            parser = _Text()
            parser.feed(text)
            parser.close()
            text = "".join(parser.parts)
        text = html.unescape(text)
    text = " ".join(text.replace("\0", "").split())
    if len(text) > limit:
        text = text[:limit].rsplit(" ", 1)[0].rstrip(" ,;")
    return text


def line(value: object) -> str:
    """`plain` within a line's length."""
    return plain(value, LINE)


def address(value: object) -> str:
    """A web address, or an empty string where it is none. Only http and https are taken."""
    text = str(value or "").strip()
    return text if re.fullmatch(r"https?://[^\s/<>\"]+\.[^\s<>\"]+", text) and len(text) <= LINE else ""


def terms(values: Iterable[object]) -> tuple[str, ...]:
    """Distinct terms in their order, folded to compare them, as many as the schema takes."""
    found: dict[str, str] = {}
    for value in values:
        term = line(value).strip(" .,;")
        if term:
            found.setdefault(term.casefold(), term)
    return tuple(found.values())[:SUBJECTS]


def identifier(source: str, value: object) -> str:
    """An `artwork_id` of a source: letters, digits, '.', '_' and '-'. Other signs become '-'."""
    plain_id = unicodedata.normalize("NFKD", str(value)).encode("ascii", "ignore").decode()
    return f"{source}-{re.sub(r'[^A-Za-z0-9._-]+', '-', plain_id).strip('-')}"[:120]


@lru_cache(maxsize=50_000)
def named(text: str) -> tuple[str, tuple[int | None, int | None] | None]:
    """A maker as museums print them → (name, life): "Gifford, Robert (American, 1840–1905)" gives ("Robert Gifford",
    (1840, 1905)). Nobody known is an empty name; the years of activity are no life."""
    text = line(text)
    inside = " ".join(re.findall(r"\(([^)]*)\)?", text))
    name = _SPACE.sub(" ", re.sub(r"\([^)]*\)?", " ", text)).strip(" ,;?")
    return ("" if nobody(name) else turned(name)), life(inside)


def nobody(name: str) -> bool:
    """Whether a name only says that the maker is not known: "Unknown American", "Anonymous"."""
    return not name or bool(_NOBODY.match(name))


def turned(name: str) -> str:
    """ "Blake, William" → "William Blake"; names with several commas, or titles after them, stay."""
    parts = [part.strip() for part in name.split(",")]
    if (
        len(parts) == 2
        and all(parts)
        and not re.match(r"(?:jr|sr|the|i{1,3}|iv)\b", parts[1], re.IGNORECASE)
        and len(parts[0].split()) <= 3
    ):
        return f"{parts[1]} {parts[0]}"
    return name


def life(text: str) -> tuple[int | None, int | None] | None:
    """(born, died) from "American, 1840–1905", "born 1950", "d. 1603"; None where no life is told."""
    if not text or _ACTIVE.search(text):
        return None
    found = _LIFE.search(text)
    if found is None:
        return None
    born = found["born"] or found["only"]
    died = found["died"] or found["gone"]
    return lived(int(born) if born else None, int(died) if died else None)


def lived(born: int | None, died: int | None) -> tuple[int | None, int | None] | None:
    """A life as the schema has it, or None where nothing is known or the years cannot be one."""
    if (born is None and died is None) or (born is not None and died is not None and not born < died <= born + 130):
        return None
    return born, died


def number(value: object) -> int | None:
    """A whole number, or None."""
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return None


def objects(value: object) -> list[dict]:
    """The objects in a list of them; nothing where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def inches(*sides: object) -> str:
    """Height, width and depth in inches as "33 × 49.8 cm"; zeros are not known."""
    known = [float(s) for s in sides if isinstance(s, (int, float)) and s > 0]
    return " × ".join(f"{round(s * 2.54, 1):g}" for s in known) + " cm" if known else ""


def artwork(where: str, record: object, /, **fields) -> Artwork | LeftOut:
    """An `Artwork` of the fields that are known, or why it cannot be one. `record`: the museum's name for it."""
    known = {name: value for name, value in fields.items() if value not in (None, "", (), {})}
    if "recorded" in known:
        known["recorded"] = {name: said for name, said in known["recorded"].items() if said}
    for name in ("year_start", "year_end"):  # a slip of the pen in a date is no reason to lose the work
        if known.get(name) is not None and not EARLIEST <= known[name] <= LATEST:
            known["recorded"] = {**known.get("recorded", {}), name: str(known.pop(name))}
    start, end = known.get("year_start"), known.get("year_end")
    if start is not None and end is not None and start > end:
        known["year_start"], known["year_end"] = end, start
    if not known.get("title"):
        return LeftOut(where, "it has no title", "Give it a title, or leave it out.", str(record)[:200])
    try:
        return Artwork(**known)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        field = ".".join(map(str, fault["loc"])) or "record"
        reason = (
            f"{field} cannot be used: {fault['msg'].removeprefix('Value error, ')} (found {str(fault.get('input'))[:60]!r})"
        )
        return LeftOut(where, reason, f"Correct {field} in the museum's record.", str(record)[:200])
