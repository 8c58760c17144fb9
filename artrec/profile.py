"""Likes and dislikes → a Profile: what the recommender knows of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from artrec.catalogue import Catalogue

if TYPE_CHECKING:
    from artrec.channels.community import Voices

MAX_REMEMBERED = 40  # the newest likes that are weighed; older ones still never come back as recommendations
MAX_GLANCES = 10  # the works last looked at that are weighed


@dataclass(frozen=True)
class Leaning:
    """A wish about all works: `field` of the records ("moods", "subjects", "movement", "genre", "culture", "type", "colour"), a
    `value` of it in the catalogue's words, and `amount` in [-1, 1]: more of it, or less."""

    field: str
    value: str
    amount: float


@dataclass(frozen=True)
class Profile:
    """Ids in the order they were given, newest last. An id in both counts as what it was set to last: disliked.

    What was learned besides, all of it optional: `strengths`, how much a like or dislike counts, in (0, 1], 1 where it is not
    named; `glances`, works that were looked at without an opinion, with a strength each; `leanings`, wishes read in notes;
    `feeling`, how well each mood suits the moment, in [0, 1]."""

    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    strengths: tuple[tuple[str, float], ...] = ()
    glances: tuple[tuple[str, float], ...] = ()
    leanings: tuple[Leaning, ...] = ()
    feeling: tuple[tuple[str, float], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.likes or self.dislikes or self.leanings or self.feeling)

    def without(self, artwork_id: str) -> "Profile":
        """The same person, had they never said anything about this work, nor looked at it."""
        return replace(
            self,
            likes=tuple(i for i in self.likes if i != artwork_id),
            dislikes=tuple(i for i in self.dislikes if i != artwork_id),
            glances=tuple(pair for pair in self.glances if pair[0] != artwork_id),
        )

    def with_examples(self, likes: tuple[str, ...], dislikes: tuple[str, ...]) -> "Profile":
        """The profile with a query's `like:` and `-like:` examples added."""
        return replace(self, likes=(*self.likes, *likes), dislikes=(*self.dislikes, *dislikes))

    def taste(self, catalogue: Catalogue) -> "Taste":
        """Rows of the catalogue. Raises `UnknownArtwork` for an id that it does not hold."""
        disliked = _newest_last(catalogue.rows(self.dislikes))
        liked = [row for row in _newest_last(catalogue.rows(self.likes)) if row not in set(disliked)]
        strong = {catalogue.row(i): float(s) for i, s in self.strengths if i in catalogue}
        judged = {*liked, *disliked}
        looked = {row: s for i, s in self.glances if i in catalogue and (row := catalogue.row(i)) not in judged}
        return Taste(
            np.array(liked, dtype=np.int64), np.array(disliked, dtype=np.int64), strong,
            dict(list(looked.items())[-MAX_GLANCES:]), self.leanings, dict(self.feeling),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Taste:
    """A profile as rows (int64), newest last. `strong`: row → strength where it is not 1; `glanced`: row → strength of works
    that were only looked at; `voices`: the community that is asked, None for nobody."""

    all_likes: np.ndarray
    all_dislikes: np.ndarray
    strong: Mapping[int, float] = field(default_factory=dict)
    glanced: Mapping[int, float] = field(default_factory=dict)
    leanings: tuple[Leaning, ...] = ()
    feeling: Mapping[str, float] = field(default_factory=dict)
    voices: "Voices | None" = None

    @property
    def likes(self) -> np.ndarray:
        """Rows that speak for others: works looked at, then likes."""
        liked = self.all_likes[-MAX_REMEMBERED:]
        return np.concatenate([np.fromiter(self.glanced, dtype=np.int64), liked]) if self.glanced else liked

    @property
    def dislikes(self) -> np.ndarray:
        return self.all_dislikes[-MAX_REMEMBERED:]

    @property
    def seen(self) -> np.ndarray:
        """Rows that must not be recommended."""
        return np.concatenate([self.all_likes, self.all_dislikes])

    @property
    def speaks(self) -> bool:
        """Whether anything is known of the person that could order works."""
        return bool(len(self.seen) or self.leanings or self.feeling)

    def strengths(self, rows: np.ndarray) -> np.ndarray | None:
        """How much each opinion counts (float32, like `rows`); None where all count fully."""
        if not self.strong and not self.glanced:
            return None
        found = [self.strong.get(int(row), self.glanced.get(int(row), 1.0)) for row in rows]
        return np.array(found, dtype=np.float32)


def _newest_last(rows: list[int]) -> list[int]:
    """Each row once, where it was said last."""
    return list(dict.fromkeys(reversed(rows)))[::-1]
