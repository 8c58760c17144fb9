"""What notes wish for."""

import pytest
from helpers import WORKS, catalogue_of
from hypothesis import given
from hypothesis import strategies as st

from artrec.catalogue import Artwork
from artrec.learning.aspects import LONGEST, MOST, leanings, read_note
from artrec.learning.decay import DAY
from artrec.profile import Leaning


def work(slug: str, **fields) -> Artwork:
    return Artwork(artwork_id=slug, title=slug, **fields)


MANY = ("luminous", "gloomy", "melancholy", "joyful", "calm", "restless", "dramatic", "dreamlike", "hopeful")
NIGHT = work("night", moods=("gloomy", "calm"), movement="Symbolism", genre="still life", subjects=("Moon", "boats"))
CATALOGUE = catalogue_of(
    work("day", moods=MANY, movement="Impressionism", culture="French", type="painting", subjects=("cats", "dogs")), NIGHT
)


def said(text: str, about=None) -> dict[str, float]:
    """What was said itself, by value."""
    return {a.value: round(a.amount, 2) for a in read_note(text, CATALOGUE, about) if not a.because}


@pytest.mark.parametrize(
    ("text", "up", "down"),
    [
        ("love the light, too gloomy", {"luminous"}, {"gloomy"}),
        ("I don't like the sadness but the blue is beautiful", {"blue"}, {"melancholy"}),
        ("I don’t like the sadness", set(), {"melancholy"}),
        ("not enough light", {"luminous"}, set()), ("too little light", {"luminous"}, set()),
        ("lacks light", {"luminous"}, set()),
        ("too much red", set(), {"red"}), ("more Impressionism, fewer cats", {"Impressionism"}, {"cats"}),
        ("love the cats and hate the dogs", {"cats"}, {"dogs"}), ("the boats are stunning", {"boats"}, set()),
        ("It is not gloomy.", set(), {"gloomy"}), ("no gloom, lovely", set(), {"gloomy"}), ("not too gloomy", set(), set()),
        ("boring still life", set(), {"still life"}), ("calm blue", {"calm", "blue"}, set()),
        ("less drama", set(), {"dramatic"}),
        ("The cats are lovely but the dogs", {"cats"}, {"dogs"}), ("beautiful and melancholy", {"melancholy"}, set()),
        ("French paintings are great", {"French", "painting"}, set()), ("hate it. love the moon", {"moon"}, set()),
        ("it looks like a dream", {"dreamlike"}, set()), ("", set(), set()), ("!!! ...", set(), set()),
        ("I went home yesterday", set(), set()), ("梵高", set(), set()),
    ],
)  # fmt: skip
def test_notes_raise_and_lower(text, up, down):
    found = said(text)
    assert {value for value, amount in found.items() if amount > 0} == up
    assert {value for value, amount in found.items() if amount < 0} == down


def test_what_is_said_of_a_mood_is_partly_said_of_its_kin_and_against_its_opposite():
    found = {a.value: a for a in read_note("love the light, too gloomy", CATALOGUE)}
    assert found["luminous"].amount > 0 > found["melancholy"].amount
    assert found["melancholy"].because == "gloomy" and abs(found["melancholy"].amount) < abs(found["gloomy"].amount)
    lone = {a.value: a for a in read_note("less gloom", CATALOGUE)}
    assert lone["luminous"].amount > 0 and lone["luminous"].because == "gloomy"


def test_a_mood_that_the_collection_lacks_is_said_of_its_kin():
    without = catalogue_of(work("day", moods=("melancholy",)))
    assert [(a.value, a.amount < 0) for a in read_note("too gloomy", without)] == [("melancholy", True)]


def test_strength_is_read():
    assert said("I really love cats")["cats"] > said("I love cats")["cats"] > said("a bit too many cats")["cats"] * -1


def test_on_a_work_a_description_wishes_nothing_and_its_style_is_its_own():
    assert said("a moon over boats") == {"moon": 0.8, "boats": 0.8}
    assert said("a moon over boats", NIGHT) == {}
    assert set(said("love the style", NIGHT)) == {"Symbolism"}
    assert said("The atmosphere is awful", NIGHT) == {"gloomy": -0.8, "calm": -0.8}
    assert said("love the style") == {}


def test_notes_are_corrected_by_notes():
    notes = [("love the light, too gloomy", 0.0, None)]
    before = {w.value: w.amount for w in leanings(notes, CATALOGUE)}
    assert before["luminous"] > 0 > before["gloomy"]
    after = {w.value: w.amount for w in leanings([*notes, ("forget gloomy", 1.0, None), ("less red", 2.0, None)], CATALOGUE)}
    assert "gloomy" not in after and after["luminous"] == before["luminous"] and after["red"] < 0


def test_a_wish_can_be_turned_round():
    assert leanings([("love cats", 0.0, None), ("forget cats. less cats", 1.0, None)], CATALOGUE) == (
        Leaning("subjects", "cats", -0.8),
    )


def test_old_notes_fade():
    notes = [("love cats", 0.0, None), ("love dogs", 60 * DAY, None)]
    found = leanings(notes, CATALOGUE, half_life=60)
    assert found == (Leaning("subjects", "dogs", 0.8), Leaning("subjects", "cats", 0.4))
    assert {w.amount for w in leanings(notes, CATALOGUE, float("inf"))} == {0.8}


WORDS = "love hate too not but and , . light gloomy calm cats red no more enough really a the forget style <b> 🙂"
words = st.sampled_from(WORDS.split(" "))


@given(st.lists(words, max_size=30).map(" ".join) | st.text(max_size=80))
def test_any_text_is_read_within_bounds(text):
    for about in (None, NIGHT):
        found = read_note(text, CATALOGUE, about)
        assert all(-1 <= aspect.amount <= 1 for aspect in found)
        assert len({(a.field, a.value) for a in found}) == len(found)
    assert len(leanings([(text, 0.0, None)] * 3, CATALOGUE)) <= MOST


def test_long_notes_are_cut():
    assert read_note("x " * LONGEST + "love cats", CATALOGUE) == ()


def test_the_toy_world_knows_its_own_words():
    found = {(a.field, a.value) for a in read_note("love the waves, too playful", catalogue_of(*WORKS)) if not a.because}
    assert found == {("subjects", "waves"), ("moods", "playful")}
