"""One channel a reason. A new reason is a class with the three methods of `Channel`, listed here with its weight."""

from artrec.channels.artist import Artist
from artrec.channels.base import Channel, Column, column
from artrec.channels.culture import Culture
from artrec.channels.medium import Medium
from artrec.channels.mood import Mood
from artrec.channels.movement import Movement
from artrec.channels.palette import Palette
from artrec.channels.period import Period
from artrec.channels.subject import Subject
from artrec.channels.text import Text
from artrec.channels.words import Words

CHANNELS: tuple[Channel, ...] = (
    Text(), Words(), Artist(), Movement(), Period(), Medium(), Subject(), Mood(), Palette(), Culture(),
)  # fmt: skip
NAMES = tuple(channel.name for channel in CHANNELS)
BY_NAME = {channel.name: channel for channel in CHANNELS}
LABELS = {channel.name: channel.label for channel in CHANNELS}

DEFAULT_WEIGHTS = {
    "text": 0.50, "words": 0.60, "artist": 0.06, "movement": 0.10, "period": 0.06,
    "medium": 0.06, "subject": 0.12, "mood": 0.10, "palette": 0.08, "culture": 0.06,
}  # fmt: skip

__all__ = ["BY_NAME", "CHANNELS", "Channel", "Column", "DEFAULT_WEIGHTS", "LABELS", "NAMES", "column"]
