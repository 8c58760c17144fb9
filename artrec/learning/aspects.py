"""What a note wishes for: "love the light, too gloomy" → more luminous, less gloomy, and so less melancholy.

The words are the catalogue's own (moods, colours, movements, genres, cultures, types, subjects) and everyday words for them.
What is thought of each is read clause by clause, by rules in the manner of aspect-based opinion mining (Hu and Liu 2004) and of
VADER (Hutto and Gilbert 2014): the last word of praise or blame before it in the clause decides, else the first after it; "not"
turns it round; "too" blames, "more" and "not enough" ask for it; after "but" a clause without a verdict gets the opposite one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from artrec.catalogue import Artwork, Catalogue
from artrec.colour import WORDS as COLOURS
from artrec.learning.decay import HALF_LIFE, faded
from artrec.lexical import stem
from artrec.mentions import MOOD_WORDS
from artrec.profile import Leaning
from artrec.text import fold

MUCH, PLAIN, LITTLE, IMPLIED = 1.0, 0.8, 0.5, 0.4  # how strongly it is wished: "really", said, "a bit", between the lines
KIN, OPPOSITE = 0.5, 0.3  # share that a mood's kin takes over, and its opposite the other way
LEAST = 0.15  # leanings smaller than that are dropped
MOST = 24  # leanings that are kept, the strongest
LONGEST = 2_000  # characters of a note that are read

MORE_WORDS = {
    "light": "luminous", "lightness": "luminous", "shining": "luminous", "sunlight": "luminous", "darkness": "gloomy",
    "gloom": "gloomy", "bleak": "gloomy", "sombre": "gloomy", "calmness": "calm", "peace": "calm", "stillness": "calm",
    "silence": "calm", "depressing": "melancholy", "depressed": "melancholy", "energy": "energetic", "movement": "energetic",
    "drama": "dramatic", "hectic": "restless", "busy": "restless", "crowded": "restless", "solitude": "lonely",
    "anger": "angry", "violent": "angry", "tense": "anxious", "serious": "solemn", "stiff": "solemn", "warmth": "tender",
    "dreams": "dreamlike", "awesome": "awe", "sublime": "awe", "laugh": "humorous", "witty": "humorous",
}  # fmt: skip
NEAR_KIN = {
    "gloomy": "melancholy", "melancholy": "gloomy", "lonely": "melancholy", "grieving": "melancholy", "joyful": "festive",
    "festive": "joyful", "playful": "humorous", "humorous": "playful", "calm": "contemplative", "luminous": "hopeful",
    "hopeful": "luminous", "anxious": "restless", "restless": "anxious", "eerie": "mysterious", "mysterious": "eerie",
    "solemn": "reverent", "reverent": "solemn", "majestic": "awe", "awe": "majestic", "tender": "intimate",
    "intimate": "tender", "angry": "defiant", "energetic": "dramatic",
}  # fmt: skip
OPPOSITES = {
    "gloomy": "luminous", "luminous": "gloomy", "melancholy": "joyful", "joyful": "melancholy", "calm": "restless",
    "restless": "calm", "anxious": "calm", "angry": "tender", "tender": "angry", "solemn": "playful", "playful": "solemn",
    "lonely": "intimate", "grieving": "hopeful", "hopeful": "grieving", "energetic": "calm", "dramatic": "calm",
}  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PRAISE = _words(
    "love loves loved loving like likes liked adore adores enjoy enjoys enjoyed admire beautiful beautifully lovely wonderful "
    "great good nice gorgeous stunning perfect pretty amazing prefer favourite favorite pleasant delightful fantastic fine "
    "brilliant touching moving super cool best fascinating interesting"
)
BLAME = _words(
    "hate hates hated dislike dislikes disliked boring bored bad ugly awful terrible annoying less fewer horrible dull "
    "unpleasant disturbing disappointing worst tired sick overdone weak irritating avoid"
)
ASK = _words("more want wants need needs wish lacks lack lacking missing misses")
EXCESS = _words("too overly excessively")
NOT = _words("not never hardly isnt arent wasnt dont doesnt didnt cant wont")
WITHOUT = _words("no without")
FORGET = _words("forget ignore")
STRONGER, WEAKER = _words("really very so extremely absolutely totally"), _words("bit slightly somewhat rather")
SMALL = _words(
    "the a an it is are this that work picture painting art and or of in on with to for i me my you there here all way one how "
    "much many little enough few feel feels feeling look looks seem seems"
)
EVERYDAY = PRAISE | BLAME | ASK | EXCESS | NOT | WITHOUT | FORGET | STRONGER | WEAKER | SMALL  # name no aspect by themselves
OF_THE_WORK = {"style": "movement", "atmosphere": "moods", "mood": "moods", "subject": "subjects"}  # what "the style" means
_CLAUSE = re.compile(r"[.,;:!?\n–—]+|\b(?:but|though|although|yet|however|except|whereas)\b")
_TURN = re.compile(r"\b(?:but|though|although|yet|however|except|whereas)\b")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True)
class Aspect:
    """One thing understood. `amount` in [-1, 1]; `forgotten`: what was wished of it before no longer counts. `said`: the
    words it was read from; `because`: the aspect that it follows from, "" where it was said itself."""

    field: str
    value: str
    amount: float
    said: str
    because: str = ""
    forgotten: bool = False


def read_note(text: str, catalogue: Catalogue, about: Artwork | None = None) -> tuple[Aspect, ...]:
    """What a note says of aspects, in order, each once; then what follows from it for kindred and opposite moods. `about`: the
    work that it is a note on: there a description without a verdict wishes nothing, elsewhere it is a wish."""
    found: dict[tuple[str, str], Aspect] = {}
    folded = fold(text[:LONGEST]).replace("'", "").replace("’", "")
    whole = _verdict(_WORD.findall(folded))
    for clause, verdict in _clauses(folded):
        for aspect in _in_clause(clause, verdict, whole, catalogue, about):
            key = (aspect.field, aspect.value)
            before = found.get(key)
            if before is not None and not aspect.forgotten:
                amount = float(np.clip(before.amount + aspect.amount, -1, 1))
                aspect = replace(aspect, amount=amount, said=f"{before.said}, {aspect.said}", forgotten=before.forgotten)
            found[key] = aspect
    return (*found.values(), *_following(found, _moods(catalogue)))


def leanings(
    notes: Iterable[tuple[str, float, Artwork | None]], catalogue: Catalogue, half_life: float = HALF_LIFE
) -> tuple[Leaning, ...]:
    """What all of somebody's notes (text, seconds, work or None), oldest first, wish for together; older ones fade."""
    notes = list(notes)
    total: dict[tuple[str, str], float] = {}
    for (text, _, about), strength in zip(notes, faded([at for _, at, _ in notes], half_life), strict=True):
        for aspect in read_note(text, catalogue, about):
            key = (aspect.field, aspect.value)
            if aspect.forgotten:
                total.pop(key, None)
            if aspect.amount:
                total[key] = float(np.clip(total.get(key, 0.0) + strength * aspect.amount, -1, 1))
    kept = sorted((pair for pair in total.items() if abs(pair[1]) >= LEAST), key=lambda pair: -abs(pair[1]))[:MOST]
    return tuple(Leaning(field, value, round(amount, 6)) for (field, value), amount in kept)


def spoken(value: str) -> str:
    """A value of the records as it stands in a note: "St. Peter" → "st peter"."""
    return " ".join(_WORD.findall(fold(value)))


def _clauses(text: str) -> Iterable[tuple[str, float]]:
    """Each clause with the verdict that it takes over where it has none: the last one's, turned round after "but"."""
    last, at = 0.0, 0
    breaks = [(match.start(), match.end(), match[0]) for match in _CLAUSE.finditer(text)] + [(len(text), len(text), "")]
    for start, end, mark in breaks:
        clause = text[at:start]
        if clause.strip():
            yield clause, last
            own = _verdict(_WORD.findall(clause))
            last = own if own else last
        at = end
        if _TURN.match(mark):
            last = -last
        elif mark and mark[0] in ".!?\n":
            last = 0.0


def _verdict(words: Sequence[str]) -> float:
    """The last word of praise (1) or blame (-1) in a clause; 0 without any."""
    found = 0.0
    for at in range(len(words)):
        if sign := _sign(words, at):
            found = sign
    return found


def _sign(words: Sequence[str], at: int) -> float:
    """What a word says of what stands with it: 1, -1, or 0."""
    word, before = words[at], words[max(0, at - 3) : at]
    turned = -1.0 if NOT & set(before) else 1.0
    if word in EXCESS:
        if turned < 0:
            return 0.0  # "not too gloomy": neither
        return 1.0 if words[at + 1 : at + 2] and words[at + 1] in ("little", "few") else -1.0
    if word == "enough":
        return 1.0 if turned < 0 else 0.0
    if word in ASK:
        return turned if word != "more" or turned > 0 else 0.0
    if word in PRAISE and not (word == "like" and set(before[-1:]) & {"looks", "feels", "look", "feel", "is", "seems"}):
        return turned
    return -turned if word in BLAME else 0.0


def _in_clause(clause: str, taken: float, whole: float, catalogue: Catalogue, about: Artwork | None) -> Iterable[Aspect]:
    words = _WORD.findall(clause)
    signs = [_sign(words, at) for at in range(len(words))]
    strength = MUCH if STRONGER & set(words) else LITTLE if WEAKER & set(words) else PLAIN
    for start, stop, field, value in _named(words, catalogue, about):
        said = " ".join(words[start:stop])
        if FORGET & set(words[:start]):
            yield Aspect(field, value, 0.0, said, forgotten=True)
            continue
        before = next((signs[at] for at in range(start - 1, -1, -1) if signs[at]), 0.0)
        after = next((signs[at] for at in range(stop, len(words)) if signs[at]), 0.0)
        near = set(words[max(0, start - 2) : start])
        if "enough" in words[start - 2 : stop + 1] and NOT & set(words):
            before = 1.0
        if near & WITHOUT:  # the lack of it is praised or lamented
            amount = -(before or after or taken or whole) * strength
        elif before or after:
            amount = (before or after) * strength
        elif near & NOT:
            amount = -strength
        elif taken:
            amount = taken * IMPLIED
        else:
            amount = 0.0 if about is not None else strength
        if near & NOT and near & EXCESS:
            amount = 0.0
        if amount:
            yield Aspect(field, value, amount, said)


def _named(words: Sequence[str], catalogue: Catalogue, about: Artwork | None) -> Iterable[tuple[int, int, str, str]]:
    """Aspects named in a clause: (first word, after the last word, field, value), longest names first."""
    lexicon, at = _lexicon(catalogue), 0
    while at < len(words):
        for length in (5, 4, 3, 2, 1):
            name = " ".join(words[at : at + length])
            if len(words) - at < length or (length == 1 and (name in EVERYDAY or len(name) < 3)):
                continue
            hit = lexicon.get(name) or (lexicon.get(f"~{stem(name)}") if length == 1 and len(name) > 3 else None)
            if hit:
                yield at, at + length, *hit
                at += length - 1
                break
            if length == 1 and about is not None and name in OF_THE_WORK:
                value = getattr(about, OF_THE_WORK[name])
                for one in (value,) if isinstance(value, str) else value[:2]:
                    if one:
                        yield at, at + 1, OF_THE_WORK[name], one.lower() if OF_THE_WORK[name] == "subjects" else one
        at += 1


def _following(found: dict[tuple[str, str], Aspect], moods: frozenset[str]) -> Iterable[Aspect]:
    """What is said of a mood, partly said of its kin and against its opposite, where those were not named themselves."""
    more: dict[str, Aspect] = {}
    for aspect in found.values():
        if aspect.field != "moods" or not aspect.amount:
            continue
        for other, share in ((NEAR_KIN.get(aspect.value), KIN), (OPPOSITES.get(aspect.value), -OPPOSITE)):
            if other in moods and ("moods", other) not in found:
                amount = share * aspect.amount
                if other not in more or abs(amount) > abs(more[other].amount):
                    more[other] = Aspect("moods", other, amount, aspect.said, aspect.value)
    return more.values()


@lru_cache(maxsize=4)
def _moods(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(mood for moods in catalogue.column("moods") for mood in moods)


@lru_cache(maxsize=4)
def _lexicon(catalogue: Catalogue) -> dict[str, tuple[str, str]]:
    """Folded name, or "~" and the stem of a single word → (field, the catalogue's own spelling). Moods come first, then
    colours, movements, genres, cultures, types, subjects; a mood that the collection does not know stands for its kin."""
    names: dict[str, tuple[str, str]] = {}

    def add(name: str, field: str, value: str) -> None:
        folded = spoken(name)
        names.setdefault(folded, (field, value))
        if _WORD.fullmatch(folded) and len(folded) > 3:
            names.setdefault(f"~{stem(folded)}", (field, value))

    known = _moods(catalogue)
    everyday = {**{mood: mood for mood in NEAR_KIN}, **MOOD_WORDS, **MORE_WORDS}
    for mood in sorted(known):
        add(mood, "moods", mood)
    for word, mood in everyday.items():
        if own := mood if mood in known else NEAR_KIN.get(mood) if NEAR_KIN.get(mood) in known else None:
            add(word, "moods", own)
    for colour in COLOURS:
        add(colour, "colour", colour)
    for field in ("movement", "genre", "culture", "type"):
        for value in sorted({v for v in catalogue.column(field) if v}):
            add(value, field, value)
    for subject in sorted({s.lower() for subjects in catalogue.column("subjects") for s in subjects}):
        add(subject, "subjects", subject)
    return names
