"""Text in and out: an artwork's passage (what is embedded and indexed), and the query language.

The query language, in full:

    a storm at sea              free text: meaning and words
    +calm  -crowd               weigh towards, weigh away from
    "blue rider"                these exact words must occur
    artist:monet  -type:print   keep (or with - leave out) works by a field:
                                artist movement medium type culture museum
    before:1800  after:"500 BCE"
    like:ID  -like:ID           more (or less) like that artwork

Values with spaces go in quotes. Nothing typed is an error except an empty query, one over `MAX_QUERY_CHARS`, and years
that contradict each other: whatever else is not understood becomes a note and is read as plain text.
"""

import re
import unicodedata
from dataclasses import dataclass

from artrec.catalogue import Artwork, Catalogue
from artrec.errors import QueryError

MAX_QUERY_CHARS = 1_000
FIELDS = ("artist", "movement", "medium", "type", "culture", "museum")
CJK = re.compile(r"[㐀-䶿一-鿿぀-ヿ가-힯]")

_KNOWN = "|".join((*FIELDS, "before", "after", "like"))
_TOKEN = re.compile(
    rf'(?P<sign>[+-]?)(?:(?P<field>{_KNOWN}):\s*|(?P<odd>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"'
    rf'|(?P<bare>(?![+-]?(?:{_KNOWN}):)[^\s"]+))|[+-]?(?P<valueless>{_KNOWN}):|(?P<stray>\S)',
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?P<sign>-?)(?P<digits>\d{1,5})\s*(?P<era>bce|bc|ce|ad)?", re.IGNORECASE)
_QUOTES = str.maketrans("“”„«»", '"""""')


@dataclass(frozen=True)
class Filter:
    """Keep works whose `field` matches `value`; with `negated`, leave them out."""

    field: str
    value: str
    negated: bool = False


@dataclass(frozen=True)
class Query:
    """A parsed query. `notes` say what was not understood; nothing in it refers to a catalogue yet."""

    raw: str = ""
    text: str = ""
    towards: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    before: int | None = None
    after: int | None = None
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All text that asks for something: free text, exact words and `+terms`."""
        return " ".join(part for part in (self.text, *self.exact, *self.towards) if part)

    @property
    def narrows(self) -> bool:
        """Whether it filters."""
        return bool(self.filters) or self.before is not None or self.after is not None

    @property
    def asks(self) -> bool:
        """Whether there is any text to score by (filters alone have none)."""
        return bool(self.words or self.away)


def parse_query(raw: str) -> Query:
    """Read the query language. Raises `QueryError` when empty, too long, or with contradicting years."""
    if len(raw) > MAX_QUERY_CHARS:
        raise QueryError(
            f"The query has {len(raw):,} characters; at most {MAX_QUERY_CHARS:,} are read.",
            "Shorten it to the words that matter.",
        )
    clean = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFKC", raw))
    parts: dict[str, list] = {k: [] for k in ("text", "towards", "away", "exact", "filters", "likes", "dislikes")}
    years: dict[str, int] = {}
    notes: list[str] = []
    for token in _TOKEN.finditer(clean.translate(_QUOTES)):
        _read(token, parts, years, notes)
    query = Query(
        raw=raw.strip(),
        text=" ".join(parts.pop("text")),
        **{key: tuple(dict.fromkeys(values)) for key, values in parts.items()},
        before=years.get("before"),
        after=years.get("after"),
        notes=tuple(dict.fromkeys(notes)),
    )
    if not (query.asks or query.filters or query.likes or query.dislikes or years):
        raise QueryError("The query is empty.", 'Type what you would like to see, for example "a quiet winter morning".')
    if query.before is not None and query.after is not None and query.after + 1 >= query.before:
        raise QueryError(
            f"No year is both after {query.after} and before {query.before}.",
            "Change after: or before: so that they leave a span.",
        )
    return query


def _read(token: re.Match, parts: dict[str, list], years: dict[str, int], notes: list[str]) -> None:
    sign, field = token["sign"] or "", (token["field"] or token["valueless"] or "").lower()
    if token["stray"] == '"':
        notes.append("A quotation mark is not closed, so the words after it are read as plain text.")
    quoted = token["quoted"] is not None
    value = (token["quoted"] or token["bare"] or "").strip()
    if not re.search(r"\w", value):
        if field:
            notes.append(f"{field}: has no value, so it is left out.")
        return
    if field in ("before", "after"):
        if (year := _year(value)) is None:
            notes.append(f"{field}: needs a year such as 1850 or \"300 BCE\", so '{value}' is read as plain text.")
            parts["text"].append(value)
            return
        if sign == "-":  # not before 1800 is after 1799
            field, year = ("after", year - 1) if field == "before" else ("before", year + 1)
        if years.get(field, year) != year:
            notes.append(f"There are two years for {field}:, {years[field]} and {year}, so only the last counts.")
        years[field] = year
    elif field == "like":
        parts["dislikes" if sign == "-" else "likes"].append(value)
    elif field in FIELDS:
        parts["filters"].append(Filter(field, value, sign == "-"))
    else:
        if token["odd"]:
            notes.append(f"'{token['odd']}:' is not a field ({_KNOWN.replace('|', ', ')}), so it is read as plain text.")
            value = f"{token['odd']} {value}"
        kind = {"+": "towards", "-": "away"}.get(sign) or ("exact" if quoted else "text")
        parts[kind].append(value)


def _year(value: str) -> int | None:
    """A year from `1850`, `-300`, `300 BCE` or `1900s`; BCE years are negative, as in the catalogue."""
    match = _YEAR.fullmatch(value.strip().removesuffix("s"))
    if match is None:
        return None
    before_christ = bool(match["sign"]) or (match["era"] or "").lower() in ("bce", "bc")
    return -int(match["digits"]) if before_christ else int(match["digits"])


def passage(work: Artwork) -> str:
    """The text that stands for an artwork: embedded by the encoder, indexed by BM25. Unknown fields leave no trace."""
    facts = (
        work.title,
        work.artist and f"by {work.artist}",
        ", ".join(part for part in (work.type, work.medium) if part),
        ", ".join(part for part in (work.movement, work.culture, work.date_text) if part),
        work.genre,
        work.subjects and "Shows " + ", ".join(work.subjects),
        work.moods and "Feels " + ", ".join(work.moods),
    )
    return ". ".join(part for part in facts if part) + ". " + " ".join(filter(None, (work.description, work.look_for)))


def chinese_names(work: Artwork, catalogue: Catalogue) -> tuple[str, ...]:
    """The Chinese names an artwork answers to: title, artist, and its vocabulary words."""
    words = [work.title_zh, work.artist_zh]
    for field in ("movement", "type", "genre"):
        words.append(catalogue.zh(field, getattr(work, field)))
    words.extend(catalogue.zh("moods", mood) for mood in work.moods)
    return tuple(word for word in words if word)


def fold(text: str) -> str:
    """Lower case without accents, for comparing names: `Dalí` → `dali`."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain)  # Korean syllables whole again
