"""The encoder that loads at its first use, remembers texts, and may be asked by many threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from helpers import CountingEncoder, HashingEncoder

from artrec.encoder import LazyEncoder
from artrec.errors import EncoderError


def one_sentence(error: EncoderError, *words: str) -> None:
    """Fit for a user's eyes: one line, what happened and what to do."""
    assert "\n" not in str(error) and str(error).endswith(".") and len(str(error)) < 400
    assert error.fact and error.cure
    for word in words:
        assert word in str(error)


def test_it_loads_once_for_many_threads():
    loads, gate = [], threading.Barrier(8)

    def load():
        loads.append(threading.current_thread().name)
        threading.Event().wait(0.05)
        return HashingEncoder()

    lazy = LazyEncoder(load)
    assert not lazy.ready

    def ask(n):
        gate.wait(timeout=10)
        return lazy.encode([f"boat {n}"])[0]

    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(ask, range(8)))
    assert len(loads) == 1 and lazy.ready
    np.testing.assert_array_equal(vectors, HashingEncoder().encode([f"boat {n}" for n in range(8)]))


def test_it_refuses_another_model_than_the_collections():
    lazy = LazyEncoder(HashingEncoder, expected="0123456789abcdef")
    for _ in range(2):
        with pytest.raises(EncoderError) as caught:
            lazy.encode(["boat"])
        one_sentence(caught.value, "another model than hashing", "01234567…", "artrec build")
    assert not lazy.ready
    assert LazyEncoder(HashingEncoder, expected=HashingEncoder.fingerprint).encode(["boat"]).shape == (1, 64)


def wait_for_warming() -> None:
    for thread in threading.enumerate():
        if thread.name == "warm-encoder":
            thread.join(timeout=10)
            assert not thread.is_alive()


def test_warming_loads_in_the_background():
    lazy = LazyEncoder(HashingEncoder)
    lazy.warm()
    wait_for_warming()
    assert lazy.ready


def test_a_failure_while_warming_is_met_at_the_first_use():
    attempts = []

    def load():
        attempts.append(1)
        raise EncoderError("The disk is gone.", "Plug it in.")

    lazy = LazyEncoder(load)
    lazy.warm()
    wait_for_warming()
    assert len(attempts) == 1 and not lazy.ready
    with pytest.raises(EncoderError, match="The disk is gone. Plug it in."):
        lazy.encode(["boat"])


def test_it_recovers_once_the_cause_is_gone():
    answers = [EncoderError("Not yet.", "Wait."), None]

    def load():
        if answer := answers.pop(0):
            raise answer
        return HashingEncoder()

    lazy = LazyEncoder(load)
    with pytest.raises(EncoderError):
        lazy.encode(["boat"])
    assert lazy.encode(["boat"]).shape == (1, 64)


def test_it_remembers_texts():
    counting = CountingEncoder()
    lazy = LazyEncoder(lambda: counting)
    first = lazy.encode(["boat", "sea", "boat"])
    again = lazy.encode(["sea", "moon"])
    assert counting.encoded == ["boat", "sea", "moon"]
    np.testing.assert_array_equal(first, HashingEncoder().encode(["boat", "sea", "boat"]))
    np.testing.assert_array_equal(again[0], first[1])


def test_it_forgets_the_oldest_and_still_answers_for_them():
    counting = CountingEncoder()
    lazy = LazyEncoder(lambda: counting)
    texts = [f"boat {n}" for n in range(LazyEncoder.REMEMBERED + 88)]
    lazy.encode(texts)
    mixed = [texts[0], "new", texts[-1], texts[300]]
    np.testing.assert_array_equal(lazy.encode(mixed), HashingEncoder().encode(mixed))
    assert texts[-1] not in counting.encoded[len(texts) :]
    assert len(lazy._recent) <= LazyEncoder.REMEMBERED


def test_nothing_to_encode_is_no_error():
    assert LazyEncoder(HashingEncoder).encode([]).shape == (0, 64)


def test_many_threads_with_texts_of_their_own():
    lazy = LazyEncoder(HashingEncoder)
    lazy.REMEMBERED = 4

    def ask(n):
        return [lazy.encode([f"boat {n}", "sea", f"moon {n * turn}"]) for turn in range(40)]

    with ThreadPoolExecutor(8) as pool:
        for n, found in enumerate(pool.map(ask, range(16))):
            for turn, vectors in enumerate(found):
                np.testing.assert_array_equal(vectors, HashingEncoder().encode([f"boat {n}", "sea", f"moon {n * turn}"]))
