"""Runs of words that several descriptions share."""

from helpers import WORKS, catalogue_of

from artrec.phrases import stock_phrases


def described(*texts: str):
    return catalogue_of(
        *(WORKS[0].model_copy(update={"artwork_id": f"w{i}", "description": text}) for i, text in enumerate(texts))
    )


def test_a_phrase_counts_once_a_work_and_from_three_works():
    shared = "a feast for the eyes"
    works = described(
        f"It is {shared}.", f"Truly, {shared}: {shared}!", "A FEAST, for the eyes of a king", "Nothing of the kind."
    )
    assert stock_phrases(works) == {shared: ["w0", "w1", "w2"]}
    assert stock_phrases(described(f"{shared} {shared}", shared)) == {}


def test_the_commonest_comes_first():
    a, b = "one two three four five", "six seven eight nine ten"
    works = described(a, a, a, b, b, b, b)
    assert list(stock_phrases(works)) == [b, a]
    assert stock_phrases(works, length=2, repeats=5) == {}
    assert stock_phrases(described("", "short")) == {}


def test_the_starter_collection_has_no_stock_phrase(starter):
    assert {phrase: works for phrase, works in stock_phrases(starter.catalogue).items() if len(works) > 3} == {}
