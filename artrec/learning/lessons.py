"""A person's actions, in order → lessons for their weights: each work as it stood just before it was liked or disliked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from artrec.channels.community import Voices
from artrec.learning.weights import Lesson, Posterior
from artrec.profile import Profile
from artrec.question import Question
from artrec.recommender import Recommender

MOST = 30  # newest opinions that are learned from
STANDING_FOR_ALL = 300  # works that a column is measured against


@dataclass(frozen=True)
class Opinion:
    """A like or dislike of a work, in (0, 1] of full strength."""

    artwork_id: str
    liked: bool
    strength: float = 1.0


def lesson(
    recommender: Recommender, before: Sequence[Opinion], opinion: Opinion, names: Sequence[str], voices: Voices | None = None
) -> Lesson:
    """One opinion, seen from those given before it. Channels that say nothing of the work, or the same of all, count 0.
    `voices`: the community without this person, or what they said would speak for itself."""
    collection = recommender.collection
    profile = Profile(tuple(o.artwork_id for o in before if o.liked), tuple(o.artwork_id for o in before if not o.liked))
    row = collection.catalogue.row(opinion.artwork_id)
    some = collection.background[:: max(1, len(collection.background) // STANDING_FOR_ALL)]
    rows = np.r_[row, some[some != row]]
    columns = recommender.columns(rows, replace(profile.taste(collection.catalogue), voices=voices), Question())
    found = np.zeros(len(names))
    for at, name in enumerate(names):
        if name not in columns:
            continue
        values = columns[name].values.astype(np.float64)
        others = values[1:][~np.isnan(values[1:])]
        if not np.isnan(values[0]) and len(others) > 1 and others.std() > 1e-6:
            found[at] = (values[0] - others.mean()) / others.std()
    return Lesson(found, opinion.liked, opinion.strength)


def study(
    recommender: Recommender, opinions: Sequence[Opinion], start: Posterior, voices: Voices | None = None, since: int = 0
) -> Posterior:
    """The posterior after somebody's opinions, oldest first, of which `start` has learned the first `since`; the very first
    teaches nothing, for nothing stood before it."""
    opinions = [o for o in opinions if o.artwork_id in recommender.collection.catalogue]
    found = start
    for at in range(max(1, since, len(opinions) - MOST), len(opinions)):
        found = found.learn(lesson(recommender, opinions[:at], opinions[at], start.names, voices))
    return found
