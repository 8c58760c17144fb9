"""One channel a reason. A new reason is a class with the three methods of `Channel`, listed here with its weight; one that
depends on who is asking is a `Personal` one, and has a say only where a request gives it a weight.

`OF_RECORDS` speak in every collection, `OF_PICTURES` where there are pictures; `channels_of` tells them apart.
"""

from artrec.channels.artist import Artist
from artrec.channels.base import Channel, Column, Personal, column
from artrec.channels.community import Community
from artrec.channels.composition import Composition
from artrec.channels.culture import Culture
from artrec.channels.feeling import Feeling
from artrec.channels.light import Light
from artrec.channels.medium import Medium
from artrec.channels.mood import Mood
from artrec.channels.movement import Movement
from artrec.channels.notes import Notes
from artrec.channels.palette import Palette
from artrec.channels.period import Period
from artrec.channels.subject import Subject
from artrec.channels.text import Text
from artrec.channels.texture import Texture
from artrec.channels.visual import Visual
from artrec.channels.words import Words
from artrec.collection import Collection

OF_RECORDS: tuple[Channel, ...] = (
    Text(), Words(), Artist(), Movement(), Period(), Medium(), Subject(), Mood(), Palette(), Culture(),
)  # fmt: skip
OF_PICTURES: tuple[Channel, ...] = (Light(), Texture(), Composition(), Visual())
CHANNELS = OF_RECORDS + OF_PICTURES
NAMES = tuple(channel.name for channel in CHANNELS)
BY_NAME = {channel.name: channel for channel in CHANNELS}
LABELS = {channel.name: channel.label for channel in CHANNELS}

DEFAULT_WEIGHTS = {
    "text": 0.50, "words": 0.60, "artist": 0.06, "movement": 0.10, "period": 0.06,
    "medium": 0.06, "subject": 0.12, "mood": 0.10, "palette": 0.08, "culture": 0.06,
    "light": 0.04, "texture": 0.04, "composition": 0.04, "visual": 0.12,
}  # fmt: skip


PERSONAL: tuple[Personal, ...] = (Community(), Notes(), Feeling())
PERSONAL_BY_NAME = {channel.name: channel for channel in PERSONAL}
PERSONAL_WEIGHTS = {"community": 0.25, "notes": 0.20, "feeling": 0.30}  # where a request wants their say
EVERY_LABEL = LABELS | {channel.name: channel.label for channel in PERSONAL}


def channels_of(collection: Collection) -> tuple[Channel, ...]:
    """The channels that can speak in a collection, whoever asks."""
    return OF_RECORDS if collection.shelf is None else CHANNELS


__all__ = [
    "BY_NAME", "CHANNELS", "Channel", "Column", "DEFAULT_WEIGHTS", "EVERY_LABEL", "LABELS", "NAMES", "OF_PICTURES",
    "OF_RECORDS", "PERSONAL", "PERSONAL_BY_NAME", "PERSONAL_WEIGHTS", "Personal", "channels_of", "column",
]  # fmt: skip
