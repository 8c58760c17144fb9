"""Keywords: what reads as a name for a thing, and nothing else."""

import subprocess
import sys

import pytest
from helpers_ranking import laws
from hypothesis import given
from hypothesis import strategies as st

from artrec import config
from artrec.keywords import EMPTY, INNER, MOST_WORDS, keywords, names_a_thing, phrase_stems
from artrec.lexical import STOPWORDS

HUNT = (
    "Hunting Scene. A Persian prince hunts gazelles with a falcon. The falcon of the prince strikes a gazelle in 1532, and "
    "three greyhounds follow the prince through New York's painted garden of roses."
)


def phrases(text: str, n: int = 8) -> list[str]:
    return [phrase for phrase, _ in keywords(text, n)]


def test_a_text_is_told_by_what_it_is_about():
    found = phrases(HUNT, 12)
    assert any(phrase.startswith("Persian prince") for phrase in found) and "falcon" in found and "gazelles" in " ".join(found)
    assert "New York" in " ".join(found)  # "new" is a stop word, but not there
    assert not any(word in " ".join(found) for word in ("1532", "three", "through", "follow"))


def test_names_keep_their_capitals_and_titles_of_rank():
    assert "Emperor Jahandar Shah" in phrases("Portrait of Lal Kunwar, the beloved of the Mughal Emperor Jahandar Shah.")


@pytest.mark.parametrize(
    "phrase",
    [
        "the", "of", "1832", "circa 1500", "born", "left side", "details chased", "elegantly", "made this elegantly",
        "wave and", "the wave", "depicts Saint Martin", "artist Alfred Jacob", "goddess spouts water", "two boats", "a", "",
        "  ", "x" * 31, "梵高的星夜", "one two three four", "face is black", "<b>boat</b>", "boat,", "cast and details",
    ],
)  # fmt: skip
def test_splinters_numbers_and_stop_words_are_no_keywords(phrase):
    assert not names_a_thing(phrase)


@pytest.mark.parametrize(
    "phrase",
    ["boat", "Garden of Love", "white porcelain urinal", "Red-Figure Kylix", "Vincent van Gogh", "seed", "vegetable", "forêt"],
)
def test_names_for_things_are(phrase):
    assert names_a_thing(phrase)


@pytest.mark.parametrize(
    ("text", "wanted", "little"),
    [
        ("Der Blaue Reiter zeigt ein Pferd auf der Wiese, und das Pferd ist blau.", "Pferd", {"und", "der", "das"}),
        ("Une femme nue est assise dans la forêt avec des hommes, et la forêt est sombre.", "forêt", {"dans", "avec", "est"}),
    ],
)
def test_other_languages_lose_their_own_stop_words(text, wanted, little):
    found = phrases(text)
    assert any(wanted in phrase for phrase in found)
    assert not {word for phrase in found for word in phrase.lower().split()} & little


@pytest.mark.parametrize("text", ["", " \n\t", "!!! ??? ...", "1 2 1832", "the of", "梵高的星夜是一幅画。", "\u202e\u0000"])
def test_a_text_without_words_has_none(text):
    assert keywords(text) == ()


def test_the_first_phrase_weighs_most_and_n_is_the_most_there_are():
    weights = [weight for _, weight in keywords(HUNT, 5)]
    assert weights[0] == 1.0 and weights == sorted(weights, reverse=True) and min(weights) > 0
    assert len(weights) == 5 and keywords(HUNT, 5) == keywords(HUNT, 12)[:5] and keywords(HUNT, 0) == ()


def test_plural_and_singular_are_one():
    assert phrase_stems("Storms of the Boats") == phrase_stems("storm the boat")
    found = phrases("Boats and a boat. The boat, BOATS, boats' sails and a sail of the boats.")
    assert sum("boat" in phrase.lower() for phrase in found) == 1


WORDS = st.sampled_from(
    [*HUNT.split(), "<script>", "$x^2$", "**", "\u202e", "梵高", "ß", "مرحبا", "I.", "a.b.c", "'", "https://x.org", "É" * 40]
)


@laws
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join)), st.integers(1, 12))
def test_laws_of_keywords(text, n):
    found = keywords(text, n)
    assert len(found) <= n and keywords(text, n) == found
    said: set[str] = set()
    for phrase, weight in found:
        words = phrase.lower().split()
        assert 0 < weight <= 1 and type(weight) is float
        assert 1 <= len(words) <= MOST_WORDS and not any(character.isdigit() for character in phrase)
        assert {words[0], words[-1]}.isdisjoint(STOPWORDS | INNER) and not set(words) <= EMPTY
        stems = phrase_stems(phrase)
        assert not stems <= said, "a phrase that says nothing new"
        said |= stems


def test_long_texts_are_read_in_part_and_in_time():
    assert keywords("A boat on the sea. " * 1_000) == keywords(("A boat on the sea. " * 1_000)[:4_000])
    assert keywords("x" * 20_000) == ()


def test_importing_the_module_loads_no_yake():
    code = "import sys, artrec.keywords, artrec.topics; sys.exit('yake' in sys.modules or 'sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=config.ROOT).returncode == 0
