"""How long an opinion counts: it loses half its strength with each half-life, against the newest one. A pause costs nothing."""

from collections.abc import Sequence

import numpy as np

DAY = 86_400.0
HALF_LIFE = 60.0  # days, to begin with
HALF_LIVES = (7.0, 30.0, 60.0, 180.0, 365.0, float("inf"))  # days that may be chosen; the last forgets nothing


def faded(times: Sequence[float], half_life: float = HALF_LIFE) -> np.ndarray:
    """Strength of opinions given at `times` (seconds): 2^(−age / half-life), float64 (n,) in (0, 1], where the age is measured
    from the newest; 1 where a time is not known (NaN) or the half-life is endless (days)."""
    given = np.asarray(times, dtype=np.float64)
    known = np.isfinite(given)
    if not known.any() or np.isinf(half_life):
        return np.ones(len(given))
    age = np.where(known, given[known].max() - given, 0.0) / DAY
    return np.maximum(np.exp2(-age / half_life), 1e-6)
