"""Two circles of people with nothing in common: whoever likes one circle's works must be shown the rest of that circle's."""

import numpy as np

from artrec.catalogue import Artwork, Catalogue
from artrec.community.interactions import History, Interactions
from artrec.community.works import Works

SIZE = 10  # works of a circle; rows 0–9 are the first's
PEOPLE = 12  # of a circle
KNOWN = 7  # works that each of them likes
DAY = 86_400.0


def circles(seed: int = 0) -> Interactions:
    """Each person likes seven works of their circle, two of them minutes apart, the others days apart."""
    random = np.random.default_rng(seed)
    users, works, times = [], [], []
    for user in range(2 * PEOPLE):
        liked = random.permutation(SIZE)[:KNOWN] + (user % 2) * SIZE
        at = np.cumsum(np.where(np.arange(KNOWN) == 3, 120.0, random.uniform(0.5, 2, KNOWN) * DAY))
        users += [user] * KNOWN
        works += liked.tolist()
        times += (1_600_000_000 + at).tolist()
    return Interactions.of(users, works, None, times, n_works=2 * SIZE, n_users=2 * PEOPLE)


def rated_circles(seed: int = 0) -> Interactions:
    """The same people rate eight works of their circle 4 or 5 and eight of the other 1 or 2, on a scale from 1 to 5."""
    random = np.random.default_rng(seed)
    users, works, values = [], [], []
    for user in range(2 * PEOPLE):
        for circle in (0, 1):
            rated = random.permutation(SIZE)[:8] + circle * SIZE
            users += [user] * 8
            works += rated.tolist()
            values += (random.integers(4, 6, 8) if circle == user % 2 else random.integers(1, 3, 8)).tolist()
    return Interactions.of(users, works, values, n_works=2 * SIZE, n_users=2 * PEOPLE, scale=(1.0, 5.0))


def circle_works() -> Works:
    """The catalogue: an artist, a movement and subjects a circle, and texts whose vectors lie near their circle's axis."""
    records = tuple(
        Artwork(
            artwork_id=str(100 + row), title=f"Work {row}", artist=("Ana Alba", "Bo Berg")[row // SIZE],
            movement=("North", "South")[row // SIZE], subjects=(("sea", "boat"), ("hill", "tree"))[row // SIZE],
        )
        for row in range(2 * SIZE)
    )  # fmt: skip
    vectors = np.random.default_rng(5).normal(0, 0.05, (2 * SIZE, 16))
    vectors[:SIZE, 0] += 1
    vectors[SIZE:, 1] += 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Works(Catalogue(records, {}), vectors.astype(np.float32))


def newcomer(circle: int = 0, *, rated: bool = False, now: float = np.inf) -> History:
    """A person who knows the circle's first three works (and, rated, two of the other's, which they do not like)."""
    liked = [circle * SIZE + i for i in range(3)]
    if rated:
        return History.of([*liked, (1 - circle) * SIZE, (1 - circle) * SIZE + 1], [5, 4, 5, 1, 2])
    times = None if np.isinf(now) else [now - 3 * DAY, now - 2 * DAY, now - 60]
    return History.of(liked, None, times, now)
