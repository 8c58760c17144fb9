"""The rate of encoding: an encoder whose cost is known is measured as what it is."""

import json
import time

import numpy as np
from helpers import HashingEncoder, toy_catalogue

from artrec.evaluation.encode_rate import TENTHS, measure


class Burning(HashingEncoder):
    """Takes its time for every text, and more from a call on."""

    def __init__(self, slower_from: int | None = None):
        self.texts: list[str] = []
        self._slower_from, self._calls = slower_from, 0

    def encode(self, texts):
        self._calls += 1
        self.texts += texts
        each = 0.001 if self._slower_from is None or self._calls < self._slower_from else 0.004
        ends = time.process_time() + each * len(texts)
        while time.process_time() < ends:
            pass
        return super().encode(texts)


def test_every_tenth_is_encoded_and_none_is_cached(artrec_home):
    encoder = Burning()
    figures = measure(toy_catalogue(), encoder, 200)
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures and figures["texts"] == 200
    streamed = encoder.texts[-200:]
    assert len(set(streamed)) == 200 and len(figures["by_tenth"]) == TENTHS
    one, other = (sorted(text.split(" ", 1)[1] for text in streamed[at : at + 20]) for at in (0, 180))
    assert one == other  # the same passages in every tenth
    assert np.all([each["texts_per_cpu_s"] < 1_000 for each in figures["by_tenth"]])
    assert 0 < figures["share"]["texts_per_cpu_s"] <= 1.05


def test_a_rate_that_falls_shows():
    figures = measure(toy_catalogue(), Burning(slower_from=4 + 6), 200)  # warm-up and three runs alone before it
    assert figures["last_to_first"]["texts_per_cpu_s"] < 0.5
