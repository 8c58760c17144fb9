"""A maker as a museum prints it → who it surely is: a person or workshop, only a people, or somebody near a known name."""

import re
from functools import lru_cache
from typing import NamedTuple

from artrec.sources.clean import life, line, nobody, turned
from artrec.sources.peoples import is_people

UNSURE = re.compile(  # before a name: it is near the maker, and not surely theirs
    r"(?:(?:formerly|previously|possibly|probably|apprenticed to|(?:in )?the)\s+)*"
    r"(?:attributed(?: to)?|(?:copy |copyist |copied )?(?:after|of)|possibly(?: by)?|probably(?: by)?|possible|apprenticed to"
    r"|(?:style|manner|school|follower|circle|workshop|studio|atelier|imitator|pupil|assistant)s? of)\b\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(  # "Frame: English", "Blade made by …", "Antonio Francino , Barrel"
    r"^[A-Z][\w ]{2,20}:\s*|^.{3,30}\b(?:made )?by\s+(?=[A-Z])|\s,\s\w+$"
)
_EMPTY = re.compile(r"\s*\(\s*\??\s*\)|\s*\?+$")


class Maker(NamedTuple):
    """`name`: who made it, or empty; `life`: (born, died) or None; `culture`: the people or nation told with it; `sure`: False
    where a name is only near by ("Follower of …"), or made a part ("Frame: …")."""

    name: str = ""
    life: tuple[int | None, int | None] | None = None
    culture: str = ""
    sure: bool = True


@lru_cache(maxsize=50_000)
def maker(text: str) -> Maker:
    """ "Alfred Jacob Miller (American, 1810-1874)" → that name, life and culture; "Egyptian (?)" → a culture alone; "Attributed
    to …" and "Blade: …" → no name, since they do not say who made the work."""
    text = _EMPTY.sub("", line(text)).strip()
    near = UNSURE.match(text)
    part = _LABEL.search(text)
    sure = not near and not part and not re.search(r",\s*attributed to\b|\(attributed", text, re.IGNORECASE)
    bare = text[near.end() :] if near else _LABEL.sub("", text)
    if is_people(bare):
        return Maker(culture="" if part else bare, sure=sure)
    inside = " ".join(re.findall(r"\(([^)]*)\)?", bare))
    nation = re.split(r",|\bor\b|\d", inside)[0].strip()
    culture = nation if is_people(nation) else ""
    name = " ".join(re.sub(r"\([^)]*\)?\)?", " ", bare).split()).strip(" ,;")
    if not sure or nobody(name):
        return Maker(culture="" if part else culture, sure=sure)
    return Maker(turned(name), life(inside), culture)
