"""A world small enough to know by heart, and an encoder that needs no model.

Two painters share no word: Hanako Umibe prints blue seas, boats and storms around 1830; Karla Winkel paints red squares
and circles at the Bauhaus around 1925. So whoever likes one of hers must be shown the rest of hers, and it can be proved.
"""

import zlib
from collections.abc import Sequence

import numpy as np

from artrec.catalogue import Artwork, Catalogue, Term
from artrec.lexical import tokens

SALT = 576  # of the hash: chosen so that no work of one painter lies near any of the other's
SCAFFOLD = {"show", "feel"}  # words that `passage` puts into every text


class HashingEncoder:
    """A bag of stemmed words hashed into 64 signed dimensions: deterministic, and alike where words are shared."""

    name = "hashing"
    fingerprint = "hashing-encoder-of-the-tests"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in [w for w in tokens(text) if w not in SCAFFOLD] or [f"no words: {text}"]:
                code = zlib.crc32(f"{SALT}{word}".encode("utf-8", "replace"))
                vectors[row, code % self.dimension] += 1.0 if code & 0x10000 else -1.0
            if not vectors[row].any():  # the signs cancelled out
                vectors[row, zlib.crc32(text.encode("utf-8", "replace")) % self.dimension] = 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class CountingEncoder(HashingEncoder):
    """Remembers every text that it was asked to encode."""

    def __init__(self):
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded.extend(texts)
        return super().encode(texts)


VOCABULARY = {
    "type": {"print": Term("版画"), "painting": Term("绘画")},
    "movement": {"Ukiyo-e": Term("浮世绘", 1660, 1912), "Bauhaus": Term("包豪斯", 1919, 1933)},
    "genre": {"seascape": Term("海景"), "abstract": Term("抽象")},
    "moods": {
        "calm": Term("宁静"), "lonely": Term("孤独"), "dramatic": Term("戏剧性"),
        "playful": Term("俏皮"), "energetic": Term("活力"), "mysterious": Term("神秘"),
    },
    "content_notes": {"death": Term("死亡"), "nudity": Term("裸体")},
}  # fmt: skip

_SEA = {
    "artist": "Hanako Umibe", "artist_zh": "海部花子", "artist_life": (1790, 1850), "type": "print", "movement": "Ukiyo-e",
    "medium": "woodblock and ink, paper", "genre": "seascape", "culture": "Japanese", "country": "Japan",
    "museum": "Harbour Museum", "city": "Kobe", "public_domain": True,
}  # fmt: skip
_SQUARE = {
    "artist": "Karla Winkel", "artist_zh": "卡拉·温克尔", "artist_life": (1895, 1970), "type": "painting",
    "movement": "Bauhaus", "medium": "oil on canvas", "genre": "abstract", "culture": "German", "country": "Germany",
    "museum": "Neue Galerie Dessau", "city": "Weimar",
}  # fmt: skip
_BLUE = ("#1f3a93", "#2f5fa8", "#9fc3e0", "#0f2350", "#e8f0f5")
_RED = ("#c0392b", "#f0c93a", "#a4161a", "#d62828", "#e07b1f")


def _sea(slug: str, title: str, zh: str, year: int, subjects: str, moods: str, description: str, **more) -> Artwork:
    return Artwork(
        artwork_id=f"umibe-{slug}", title=title, title_zh=zh, year_start=year, year_end=year, date_text=str(year),
        subjects=tuple(subjects.split(", ")), moods=tuple(moods.split(", ")), palette=_BLUE, description=description,
        look_for="Follow the foam.", discuss="Where does the water end?", **_SEA | more,
    )  # fmt: skip


def _square(slug: str, title: str, zh: str, year: int, subjects: str, moods: str, description: str, **more) -> Artwork:
    return Artwork(
        artwork_id=f"winkel-{slug}", title=title, title_zh=zh, year_start=year, year_end=year, date_text=str(year),
        subjects=tuple(subjects.split(", ")), moods=tuple(moods.split(", ")), palette=_RED, description=description,
        look_for="Count the corners.", discuss="Which shape is heaviest?", **_SQUARE | more,
    )  # fmt: skip


WORKS = (
    _sea("storm", "Storm off the Cape", "海角风暴", 1829, "storm, waves, boats", "dramatic",
         "Black clouds break above boats that climb a wall of blue water.", content_notes=("death",)),
    _sea("great-wave", "Wave and Ferry", "浪与渡船", 1831, "waves, boats, ferry", "dramatic",
         "A blue wave curls its claws over a ferry full of sailors."),
    _sea("harbour", "Quiet Harbour", "静港", 1833, "harbour, boats, moon", "calm",
         "Boats sleep in blue moonlight; not one sail moves in the harbour."),
    _sea("fisher", "Lone Fisher", "孤独的渔夫", 1828, "fisher, boats, sea", "lonely",
         "One fisher waits on a grey blue sea with his net."),
    _sea("tide", "Low Tide", "退潮", 1830, "tide, shells, sea", "calm",
         "The sea has gone out and left shells along the blue shore."),
    _sea("night-ferry", "Night Ferry", "夜渡", 1835, "ferry, moon, sea", "lonely, calm",
         "A ferry crosses the dark sea towards the moon."),
    _square("red-square", "Red Square", "红方块", 1924, "squares, grid", "energetic",
            "A red square pushes against a grid until the edge bends."),
    _square("circles", "Seven Circles", "七个圆", 1926, "circles, rhythm", "playful",
            "Seven red circles jump like balls across yellow ground."),
    _square("tower", "Tower of Squares", "方块塔", 1925, "squares, tower", "playful, energetic",
            "Squares stacked into a tilting tower, red upon orange."),
    _square("wheel", "Wheel Study", "轮之研究", 1923, "circles, wheel", "energetic",
            "A wheel built from circles and triangles spins red."),
    _square("target", "Target", "靶", 1927, "circles, rings", "mysterious",
            "Red rings tighten around a single yellow dot."),
    _square("chess", "Chessboard", "棋盘", 1928, "squares, grid, chessboard", "playful",
            "A chessboard of red squares where triangles replace pawns.", image_url="https://example.org/chess.jpg"),
)  # fmt: skip

SEAS = tuple(work.artwork_id for work in WORKS if work.artist == "Hanako Umibe")
SQUARES = tuple(work.artwork_id for work in WORKS if work.artist == "Karla Winkel")


def toy_catalogue() -> Catalogue:
    """The two painters' works, seas first."""
    return Catalogue(WORKS, VOCABULARY)


def catalogue_of(*works: Artwork) -> Catalogue:
    """A catalogue of any works, under the toy world's vocabulary."""
    return Catalogue(works, VOCABULARY)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows brought to unit length, float32."""
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
