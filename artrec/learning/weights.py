"""How much each reason counts for one person: Bayesian logistic regression over the channels, one action at a time.

The chance of a like is σ(SHARPNESS · Σ w·z), with z a work's column of each channel, in standard deviations from the
collection's mean as it stood before the action (0 where the channel abstains). The posterior of w is a Gaussian with diagonal
precision, brought on by Laplace's approximation with each action (Chapelle and Li 2011, Algorithm 3): the mean moves to the
mode of prior × likelihood, the precision grows by the curvature there. Its first mean are the global weights; no weight falls
below 0, so that explanations stay sums of reasons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

SHARPNESS = 2.0
DOUBT, LEAST_DOUBT = 0.3, 0.1  # standard deviation of a first weight: a share of it, and what is added
LARGEST = 3.0  # standard deviations that a column counts, at most


@dataclass(frozen=True, eq=False)
class Lesson:
    """One action on one work: `columns`, z of each channel, float64 (c,); `importance`, its strength in (0, 1]."""

    columns: np.ndarray
    liked: bool
    importance: float = 1.0


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is believed of the weights of `names` after `lessons` actions: `mean` ≥ 0, `precision` > 0, float64 (c,) each."""

    names: tuple[str, ...]
    mean: np.ndarray
    precision: np.ndarray
    lessons: int = 0

    @classmethod
    def start(cls, weights: Mapping[str, float]) -> "Posterior":
        """Nothing learned yet: the global weights."""
        mean = np.array(list(weights.values()), dtype=np.float64)
        return cls(tuple(weights), mean, 1 / (DOUBT * mean + LEAST_DOUBT) ** 2)

    def chance(self, columns: np.ndarray) -> float:
        """Probability of a like for a work with these columns (float64 (c,))."""
        return float(_sigmoid(SHARPNESS * columns @ self.mean))

    def learn(self, lesson: Lesson) -> "Posterior":
        """The posterior after one more action."""
        from scipy.optimize import minimize

        x = SHARPNESS * np.clip(np.nan_to_num(lesson.columns), -LARGEST, LARGEST)
        sign = 1.0 if lesson.liked else -1.0

        def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
            apart, margin = w - self.mean, sign * (x @ w)
            miss = -sign * x * _sigmoid(-margin)
            value = 0.5 * self.precision @ apart**2 + lesson.importance * np.logaddexp(0, -margin)
            return value, self.precision * apart + lesson.importance * miss

        found = minimize(loss, self.mean, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(x))
        p = _sigmoid(x @ found.x)
        precision = self.precision + lesson.importance * x**2 * p * (1 - p)
        return replace(self, mean=found.x, precision=precision, lessons=self.lessons + 1)

    def learn_all(self, lessons: Sequence[Lesson]) -> "Posterior":
        """One after the other."""
        found = self
        for lesson in lessons:
            found = found.learn(lesson)
        return found

    @property
    def weights(self) -> dict[str, float]:
        """The mean, by channel."""
        return dict(zip(self.names, self.mean.tolist(), strict=True))

    @property
    def spread(self) -> dict[str, float]:
        """Standard deviation of each weight: how sure it is."""
        return dict(zip(self.names, (1 / np.sqrt(self.precision)).tolist(), strict=True))


def _sigmoid(x: np.ndarray | float) -> np.ndarray | float:
    return 0.5 * (1 + np.tanh(0.5 * x))  # does not overflow
