"""Emotion-aware mode: works that match the mood somebody is in, or that lift it. One rule, shown as it stands.

A mood is a point on Russell's circumplex (1980): how pleasant it is (valence) and how stirred (arousal), each from −1 to 1;
where each of the vocabulary's moods lies is judged here by its meaning in English. To match aims at the mood itself; to lift
aims at what is pleasant (0.7), and half as stirred: somebody sad is not shown a feast, somebody angry is calmed. A mood suits
as exp(−d² / 2·REACH²), d its distance from the aim.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

MOODS = {  # mood: (valence, arousal)
    "calm": (0.6, -0.7), "joyful": (0.9, 0.5), "melancholy": (-0.5, -0.5), "dramatic": (-0.1, 0.8), "mysterious": (0.0, 0.1),
    "tender": (0.7, -0.3), "playful": (0.8, 0.5), "solemn": (-0.1, -0.4), "awe": (0.4, 0.5), "anxious": (-0.6, 0.6),
    "hopeful": (0.7, 0.1), "lonely": (-0.6, -0.4), "energetic": (0.6, 0.8), "dreamlike": (0.3, -0.2), "sensual": (0.6, 0.3),
    "angry": (-0.8, 0.8), "nostalgic": (0.1, -0.3), "proud": (0.6, 0.3), "humorous": (0.8, 0.4), "contemplative": (0.2, -0.5),
    "eerie": (-0.4, 0.3), "luminous": (0.7, 0.0), "gloomy": (-0.6, -0.3), "defiant": (-0.1, 0.6), "intimate": (0.6, -0.4),
    "festive": (0.8, 0.7), "grieving": (-0.9, -0.1), "reverent": (0.3, -0.3), "majestic": (0.4, 0.3), "restless": (-0.3, 0.6),
}  # fmt: skip
PLEASANT, EASE = 0.7, 0.5  # where lifting leads: valence, and the share of the arousal that is left
REACH = 0.35
MATCH, LIFT = "match", "lift"


@dataclass(frozen=True)
class Aim:
    """Where the works should lie: valence and arousal in [−1, 1]. `mood` and `mode`: what was asked for."""

    mood: str
    mode: str
    valence: float
    arousal: float

    @property
    def rule(self) -> str:
        """The rule, as applied, in two sentences."""
        wanted = ", ".join(self.nearest)
        if self.mode == MATCH:
            return (
                f"Match: works that feel as you do, {self.mood} ({_told(self.valence, self.arousal)}). Nearest to it: {wanted}."
            )
        was = MOODS[self.mood]
        return (
            f"Lift: from {self.mood} ({_told(*was)}) to what is pleasant and half as lively "
            f"({_told(self.valence, self.arousal)}). Nearest to it: {wanted}."
        )

    @property
    def nearest(self) -> list[str]:
        """The three moods that suit best."""
        return [mood for mood, _ in self.fits(MOODS)[:3]]

    @property
    def short(self) -> str:
        """What is done, in a few words."""
        return f"{'Matching' if self.mode == MATCH else 'Lifting'} your mood, {self.mood}: {', '.join(self.nearest)}."

    def fits(self, moods: Iterable[str]) -> list[tuple[str, float]]:
        """How well each mood suits, in [0, 1], best first; moods that the table does not know are left out."""
        known = [mood for mood in moods if mood in MOODS]
        places = np.array([MOODS[mood] for mood in known]).reshape(-1, 2)
        fit = np.exp(-((places - (self.valence, self.arousal)) ** 2).sum(axis=1) / (2 * REACH**2))
        return sorted(zip(known, fit.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))


def aim(mood: str, mode: str) -> Aim:
    """The rule applied to a mood of `MOODS`: `MATCH` or `LIFT`."""
    valence, arousal = MOODS[mood]
    if mode == LIFT:
        return Aim(mood, mode, max(valence, PLEASANT), EASE * arousal)
    return Aim(mood, mode, valence, arousal)


def _told(valence: float, arousal: float) -> str:
    return f"pleasant {valence:+.1f}, lively {arousal:+.1f}".replace("-", "−")
