"""Texts that do not tell the answer by name: what the heads read, and what teaches the encoder to see without names."""

import re

from artrec.catalogue import Artwork, Catalogue
from artrec.text import passage

MASK = "…"
SEVERAL = ("moods", "subjects")


def masked(work: Artwork, catalogue: Catalogue, field: str) -> str:
    """A work's passage without `field`, artist and movement, the names of movements and artists masked in the rest."""
    blank = {"artist": "", "movement": "", field: () if field in SEVERAL else ""}
    if field == "type":
        blank["medium"] = ""  # "marble" and "oil on canvas" would tell
    names = {work.artist, *(part for part in work.artist.split() if len(part) > 2)} - {""}
    names |= set(catalogue.vocabulary.get("movement", {}))
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    text = passage(work.model_copy(update=blank))
    return re.sub(rf"\b(?:{pattern})(?:'s|s)?\b", MASK, text, flags=re.IGNORECASE) if pattern else text


def facts(work: Artwork) -> str:
    """What a record says in single words, artist and movement left out: type, medium, culture, date, genre."""
    made, when = (work.type, work.medium), (work.culture, work.date_text)
    return ". ".join(filter(None, (", ".join(filter(None, made)), ", ".join(filter(None, when)), work.genre)))
