"""Stock phrases: runs of words that turn up in description after description."""

import re
from collections import defaultdict

from artrec.catalogue import Catalogue

LENGTH = 5  # words
REPEATS = 3  # works from which a run of words counts as a stock phrase


def stock_phrases(catalogue: Catalogue, length: int = LENGTH, repeats: int = REPEATS) -> dict[str, list[str]]:
    """Phrase → the ids of the works whose descriptions hold it, commonest first. A longer repeated run shows as
    several phrases that overlap."""
    holders: dict[str, dict[str, None]] = defaultdict(dict)
    for artwork_id, description in zip(catalogue.column("artwork_id"), catalogue.column("description"), strict=True):
        words = re.findall(r"\w+", description.lower())
        for at in range(len(words) - length + 1):
            holders[" ".join(words[at : at + length])][artwork_id] = None
    found = {phrase: list(ids) for phrase, ids in holders.items() if len(ids) >= repeats}
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))
