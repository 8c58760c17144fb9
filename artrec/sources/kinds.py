"""Museums' words for kinds of works → the types of the controlled list, where that is sure."""

import re

WORDS: tuple[tuple[str, str], ...] = (
    (r"stained glass", "stained glass"), (r"photograph|negative|daguerreotype|cyanotype|gelatin silver|albumen", "photograph"),
    (r"poster", "poster"), (r"manuscript|codex|illuminat", "manuscript"), (r"calligraph", "calligraphy"),
    (r"print|etching|engraving|lithograph|woodcut|woodblock|mezzotint|aquatint|screenprint|linocut|monotype", "print"),
    (r"drawing|watercolou?r|pastel|sketch|collage", "drawing"), (r"mural|fresco", "mural"),
    (r"painting|oil on|tempera on|acrylic on|hanging scroll|handscroll|icon\b", "painting"), (r"mosaic", "mosaic"),
    (r"installation", "installation"), (r"video|film|time.based|media art|motion", "video"), (r"performance", "performance"),
    (r"relief", "relief"), (r"\bmasks?\b", "mask"), (r"sculpture|statu|figurine|bust\b", "sculpture"),
    (r"textile|tapestr|costume|carpet|lace|embroider|quilt|garment|woven", "textile"),
    (r"ceramic|porcelain|pottery|earthenware|stoneware|faience|terracotta|vases?\b", "ceramic"), (r"lacquer", "lacquer"),
    (r"jewel|jewelry|necklace|earring|brooch|\bgems?\b|cameo", "jewellery"), (r"\bglass", "glass"),
    (r"metalwork|silver|bronze|arms\b|armor|armour|coin|medal|gold\b|iron\b|sword|enamel", "metalwork"),
    (r"furniture|chair|table\b|cabinet", "furniture"), (r"basket", "basketry"),
    (r"ivory|ivories|bone\b|netsuke|wood carv|woodwork", "carving"),
    (r"architectur", "architecture"), (r"\bbooks?\b|album", "manuscript"),
)  # fmt: skip
_WORDS = tuple((re.compile(words, re.IGNORECASE), kind) for words, kind in WORDS)


def kind_of(*said: str) -> str:
    """The type of what is said of a work, the surest first (its class, its name, its medium), or an empty string."""
    for text in said:
        if text:
            for words, kind in _WORDS:
                if words.search(text):
                    return kind
    return ""
