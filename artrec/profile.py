"""Likes and dislikes → a Profile: what the recommender knows of a person."""

from dataclasses import dataclass

import numpy as np

from artrec.catalogue import Catalogue

MAX_REMEMBERED = 40  # the newest likes that are weighed; older ones still never come back as recommendations


@dataclass(frozen=True)
class Profile:
    """Ids in the order they were given, newest last. An id in both counts as what it was set to last: disliked."""

    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.likes or self.dislikes)

    def without(self, artwork_id: str) -> "Profile":
        """The same person, had they never said anything about this work."""
        return Profile(tuple(i for i in self.likes if i != artwork_id), tuple(i for i in self.dislikes if i != artwork_id))

    def with_examples(self, likes: tuple[str, ...], dislikes: tuple[str, ...]) -> "Profile":
        """The profile with a query's `like:` and `-like:` examples added."""
        return Profile((*self.likes, *likes), (*self.dislikes, *dislikes))

    def taste(self, catalogue: Catalogue) -> "Taste":
        """Rows of the catalogue. Raises `UnknownArtwork` for an id that it does not hold."""
        disliked = _newest_last(catalogue.rows(self.dislikes))
        liked = [row for row in _newest_last(catalogue.rows(self.likes)) if row not in set(disliked)]
        return Taste(np.array(liked, dtype=np.int64), np.array(disliked, dtype=np.int64))


@dataclass(frozen=True)
class Taste:
    """A profile as rows (int64), newest last."""

    all_likes: np.ndarray
    all_dislikes: np.ndarray

    @property
    def likes(self) -> np.ndarray:
        return self.all_likes[-MAX_REMEMBERED:]

    @property
    def dislikes(self) -> np.ndarray:
        return self.all_dislikes[-MAX_REMEMBERED:]

    @property
    def seen(self) -> np.ndarray:
        """Rows that must not be recommended."""
        return np.concatenate([self.all_likes, self.all_dislikes])


def _newest_last(rows: list[int]) -> list[int]:
    """Each row once, where it was said last."""
    return list(dict.fromkeys(reversed(rows)))[::-1]
