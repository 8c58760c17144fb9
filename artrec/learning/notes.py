"""How a note feels about the work that it is on: the sentiment head where one answers for the encoder in use, else a lexicon.

Where the head and the lexicon (VADER) contradict each other, the note says nothing: a wrong like is worse than none.
"""

from artrec import config
from artrec.encoder import Encoder
from artrec.errors import ArtrecError
from artrec.reading import LONGEST, lexicon_sentiment, note_features

SURE = 0.5  # probability from which a sentiment counts
COUNTS = 0.5  # strength of an opinion that was only written, beside a like


def sentiment(text: str, encoder: Encoder | None) -> float:
    """From -1 (negative) to 1 (positive), 0 for neither: the sign and the probability of the likeliest sentiment."""
    import numpy as np

    from artrec.heads import load_heads

    text = " ".join(text.split())[:LONGEST]
    if not text:
        return 0.0
    plain = {"positive": 1.0, "negative": -1.0}.get(lexicon_sentiment(text), 0.0)
    head = None
    if encoder is not None:
        try:
            head = load_heads(config.ADAPTER, encoder.fingerprint).get("sentiment")
        except ArtrecError:  # heads of another encoder
            head = None
    if head is None:
        return plain
    vectors = np.asarray(encoder.encode([text]), dtype=np.float32)
    label, chance = max(
        zip(head.labels, head.probabilities(note_features([text], vectors))[0], strict=True), key=lambda p: p[1]
    )
    found = float(chance) * {"positive": 1.0, "negative": -1.0}.get(label, 0.0) if chance >= SURE else 0.0
    return 0.0 if found * plain < 0 else found
