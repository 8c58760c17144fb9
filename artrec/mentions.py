"""What a query asks for by name: moods, movements, cultures, types, colours, a span of years.

"calm blue Japanese prints of the 19th century" names a mood, a colour, a culture, a type and a century; each speaks
through its own channel, so that the explanation can say so.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from artrec.catalogue import Catalogue
from artrec.colour import WORDS
from artrec.lexical import stem
from artrec.text import fold

MOOD_WORDS = {
    "peaceful": "calm", "quiet": "calm", "serene": "calm", "tranquil": "calm", "still": "calm", "soothing": "calm",
    "happy": "joyful", "cheerful": "joyful", "joy": "joyful", "sad": "melancholy", "sadness": "melancholy",
    "sorrow": "grieving", "grief": "grieving", "mourning": "grieving", "funny": "humorous", "silly": "humorous",
    "humour": "humorous", "fun": "playful", "scary": "eerie", "spooky": "eerie", "creepy": "eerie",
    "mystery": "mysterious", "angry": "angry", "rage": "angry", "furious": "angry", "hope": "hopeful",
    "optimistic": "hopeful", "lonesome": "lonely", "loneliness": "lonely", "alone": "lonely", "dark": "gloomy",
    "bright": "luminous", "glowing": "luminous", "radiant": "luminous", "lively": "energetic", "powerful": "dramatic",
    "dream": "dreamlike", "dreamy": "dreamlike", "surreal": "dreamlike", "loving": "tender", "gentle": "tender",
    "tenderness": "tender", "cosy": "intimate", "celebration": "festive", "party": "festive", "grand": "majestic",
    "spiritual": "reverent", "holy": "reverent", "proud": "proud", "rebellious": "defiant", "protest": "defiant",
    "worried": "anxious", "fear": "anxious", "nostalgia": "nostalgic", "thoughtful": "contemplative",
}  # fmt: skip
_CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)[ -]century(\s+b\.?c)?", re.IGNORECASE)
_DECADE = re.compile(r"\b(1\d{3}|20\d{2})s\b")
_TOO_PLAIN = {
    "carving",
    "mask",
    "relief",
    "glass",
    "drawing",
    "video",
    "performance",
    "furniture",
}  # types that are everyday words


_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True)
class Mentions:
    """The catalogue's own words that a query names. `years`: (first, last)."""

    moods: frozenset[str] = frozenset()
    movements: frozenset[str] = frozenset()
    cultures: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    colours: tuple[str, ...] = ()  # colour words, in order
    years: tuple[int, int] | None = None


@lru_cache(maxsize=2)
def _names(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """field → folded name → the catalogue's own spelling, for the values that occur."""
    moods = {fold(m): m for m in dict.fromkeys(m for moods in catalogue.column("moods") for m in moods)}
    fields = {"moods": moods | {w: m for w, m in MOOD_WORDS.items() if m in moods.values()}}
    for field in ("movement", "culture", "type"):
        fields[field] = {fold(v): v for v in dict.fromkeys(catalogue.column(field)) if v and fold(v) not in _TOO_PLAIN}
    return fields


@lru_cache(maxsize=4)
def _stems(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """field → root of a one-word name → the catalogue's own spelling."""
    return {
        field: {_root(name): own for name, own in known.items() if _WORD.fullmatch(name)}
        for field, known in _names(catalogue).items()
    }


def find_mentions(text: str, catalogue: Catalogue) -> Mentions:
    """Whole-word mentions in a query's text; the longest name wins, plurals and adjectives by stem ("prints", "Cubist")."""
    folded = fold(text)
    words = _WORD.findall(folded)
    found: dict[str, set[str]] = {field: set() for field in ("moods", "movement", "culture", "type")}
    names = _names(catalogue)
    for field, known in names.items():
        stems = _stems(catalogue)[field]
        for word in words:
            if own := known.get(word) or (stems.get(_root(word)) if len(word) > 4 else None):
                found[field].add(own)
        near = ((name, own) for name, own in known.items() if name in folded and not _WORD.fullmatch(name))
        found[field].update(own for name, own in near if re.search(rf"\b{re.escape(name)}\b", folded))
    return Mentions(
        frozenset(found["moods"]),
        frozenset(found["movement"]),
        frozenset(found["culture"]),
        frozenset(found["type"]),
        tuple(dict.fromkeys(word for word in words if word in WORDS)),
        _years(folded),
    )


def _root(word: str) -> str:
    """The stem; words in -ist and -ism are brought to -ism: `impressionists` and `impressionism` meet."""
    ism = re.fullmatch(r"(.+is)[tm]s?", word)
    return f"{ism[1]}m" if ism else stem(word)


def _years(text: str) -> tuple[int, int] | None:
    if match := _CENTURY.search(text):
        century = int(match[1])
        return (-century * 100, -(century - 1) * 100 - 1) if match[2] else (century * 100 - 99, century * 100)
    if match := _DECADE.search(text):
        decade = int(match[1])
        return decade, decade + (99 if decade % 100 == 0 else 9)
    return None
