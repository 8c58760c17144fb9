"""One conformance suite run on every channel, and each channel's own meaning."""

import numpy as np
import pytest
from helpers import SEAS, SQUARES, catalogue_of
from helpers_ranking import QUERIES, laws
from hypothesis import given
from hypothesis import strategies as st

from artrec import artifacts
from artrec.catalogue import Artwork
from artrec.channels import BY_NAME, CHANNELS, DEFAULT_WEIGHTS, LABELS, NAMES, column
from artrec.channels.base import DISLIKE, QUERY_SHARE
from artrec.profile import Profile, Taste
from artrec.question import Question, ask
from artrec.text import Query, parse_query

every_channel = pytest.mark.parametrize("channel", CHANNELS, ids=NAMES)
NOBODY = np.array([], dtype=np.int64)
works = st.lists(st.sampled_from(SEAS + SQUARES), max_size=4)


@pytest.fixture(scope="session")
def bare(hashing):
    """Works of which next to nothing is known, beside one that is known well."""
    known = Artwork(
        artwork_id="known", title="Known", artist="Ann", type="print", movement="Ukiyo-e", medium="ink", subjects=("sea",),
        moods=("calm",), palette=("#112233",), culture="Japanese", country="Japan", year_start=1800, year_end=1800,
    )  # fmt: skip
    unknown = [Artwork(artwork_id=f"bare-{i}", title=f"Untitled {i}") for i in range(3)]
    return artifacts.build(catalogue_of(*unknown, known), hashing, atlas=False)


def asked(text: str, collection, encoder) -> Question:
    return ask(collection.filters.resolve(parse_query(text)), collection, encoder)


def proper(values: np.ndarray, shape: tuple[int, ...]) -> None:
    assert values.dtype == np.float32
    assert values.shape == shape
    known = values[~np.isnan(values)]
    assert ((known >= 0) & (known <= 1 + 1e-6)).all()


def test_names_labels_and_weights_agree():
    assert len(set(NAMES)) == len(CHANNELS) == len(DEFAULT_WEIGHTS)
    assert set(DEFAULT_WEIGHTS) == set(NAMES) == set(LABELS) == set(BY_NAME)
    assert all(0 < weight < 1 for weight in DEFAULT_WEIGHTS.values())
    assert all(LABELS.values())


@every_channel
def test_likeness_is_a_share_or_silence(channel, toy):
    rows = np.arange(len(toy))
    likeness = channel.likeness(rows, rows[:5], toy)
    if likeness is None:
        assert channel.name == "words"
    else:
        proper(likeness, (len(toy), 5))


@every_channel
def test_nothing_is_more_like_a_work_than_itself(channel, toy, starter):
    for collection in (toy, starter):
        rows = np.arange(len(collection))
        likeness = channel.likeness(rows, rows, collection)
        if likeness is not None:
            own = np.diag(likeness)
            best = np.nanmax(np.where(np.isnan(likeness), -1, likeness), axis=0)
            assert (np.isnan(own) | (own >= best - 1e-5)).all()


@every_channel
@pytest.mark.parametrize("text", QUERIES)
def test_answers_are_shares_or_silence(channel, text, toy, hashing):
    answer = channel.answer(np.arange(len(toy)), asked(text, toy, hashing), toy)
    if answer is not None:
        proper(answer, (len(toy),))


@every_channel
def test_no_query_no_answer(channel, toy):
    assert channel.answer(np.arange(len(toy)), Question(), toy) is None


@every_channel
def test_a_row_is_judged_the_same_in_any_company(channel, toy, hashing):
    rows, some, others = np.arange(len(toy)), np.array([9, 2, 2, 5]), np.array([1, 7, 11])
    question = asked("calm blue Japanese Ukiyo-e prints of the 19th century", toy, hashing)
    for whole, part in (
        (channel.likeness(rows, others, toy), channel.likeness(some, others, toy)),
        (channel.answer(rows, question, toy), channel.answer(some, question, toy)),
    ):
        assert (whole is None) == (part is None)
        if whole is not None:
            np.testing.assert_allclose(part, whole[some], atol=1e-6)


@every_channel
def test_no_rows_and_no_others(channel, toy, hashing):
    rows, question = np.arange(len(toy)), asked("blue print", toy, hashing)
    for own, others in ((NOBODY, rows[:3]), (rows, NOBODY), (NOBODY, NOBODY)):
        likeness = channel.likeness(own, others, toy)
        assert likeness is None or likeness.shape == (len(own), len(others))
    answer = channel.answer(NOBODY, question, toy)
    assert answer is None or answer.shape == (0,)


@every_channel
def test_evidence_is_one_line_of_words(channel, toy, starter, hashing):
    for collection in (toy, starter):
        rows = np.arange(min(len(collection), 40))
        likeness = channel.likeness(rows, rows, collection)
        if likeness is not None:
            for row, other in np.argwhere(np.nan_to_num(likeness) > 0):
                said = channel.evidence(int(row), int(other), Question(), collection)
                assert said.strip() and "\n" not in said
    for text in QUERIES:
        question = asked(text, toy, hashing)
        answer = channel.answer(np.arange(len(toy)), question, toy)
        for row in [] if answer is None else np.flatnonzero(np.nan_to_num(answer) > 0):
            said = channel.evidence(int(row), None, question, toy)
            assert said.strip() and "\n" not in said


@every_channel
def test_without_evidence_a_channel_is_silent(channel, bare, hashing):
    rows = np.arange(len(bare))
    likeness = channel.likeness(rows[:3], rows[:3], bare)
    if channel.name == "words":
        assert likeness is None
    elif channel.name != "text":
        assert np.isnan(likeness).all()
    question = asked("calm dark blue Japanese Ukiyo-e print of the 19th century", bare, hashing)
    answer = channel.answer(rows, question, bare)
    if channel.name in ("mood", "movement", "culture", "medium", "period", "palette"):
        assert np.isnan(answer[:3]).all() and answer[3] > 0
    elif channel.name in ("artist", "subject"):
        assert answer is None


@every_channel
@laws
@given(likes=works, dislikes=works, text=st.sampled_from(("", *QUERIES)))
def test_columns(channel, toy, hashing, likes, dislikes, text):
    taste = Profile(tuple(likes), tuple(dislikes)).taste(toy.catalogue)
    question = asked(text, toy, hashing) if text else Question()
    rows = np.arange(len(toy))
    found = column(channel, rows, taste, question, toy)
    proper(found.values, (len(rows),))
    assert found.parts.shape == (len(rows), 2 + len(taste.likes))
    assert (found.parts >= 0).all()
    np.testing.assert_allclose(found.parts.sum(axis=1), np.nan_to_num(found.values), atol=1e-6)
    assert ((found.held_back >= 1 - DISLIKE - 1e-6) & (found.held_back <= 1)).all()
    if question.query.asks or len(taste.likes):
        assert not found.parts[:, -1].any()
        kind = column(channel, rows, Taste(taste.all_likes, NOBODY), question, toy)
        np.testing.assert_array_equal(np.isnan(found.values), np.isnan(kind.values))
        assert (np.nan_to_num(found.values) <= np.nan_to_num(kind.values) + 1e-6).all()
        np.testing.assert_allclose(np.nan_to_num(found.values), np.nan_to_num(kind.values * found.held_back), atol=1e-6)
    again = column(channel, rows[::-1], taste, question, toy)
    np.testing.assert_allclose(again.values[::-1], found.values, atol=1e-6)


@every_channel
def test_a_second_centre_does_not_dilute_the_first(channel, toy):
    """Attention goes to the nearest liked work: liking something far away takes (next to) nothing from what is near."""
    near = Profile(likes=SEAS[:1]).taste(toy.catalogue)
    both = Profile(likes=(SEAS[0], SQUARES[0])).taste(toy.catalogue)
    rows = np.array(toy.catalogue.rows(SEAS[1:]))
    alone, together = (column(channel, rows, taste, Question(), toy).values for taste in (near, both))
    if channel.name == "words":
        assert np.isnan(alone).all() and np.isnan(together).all()
    else:
        clear = alone > 0.3
        assert (together[clear] >= 0.9 * alone[clear]).all()


@every_channel
def test_dislikes_alone_speak_for_what_is_unlike(channel, toy):
    taste = Profile(dislikes=SQUARES[:1]).taste(toy.catalogue)
    rows = np.arange(len(toy))
    found = column(channel, rows, taste, Question(), toy)
    likeness = channel.likeness(rows, taste.dislikes, toy)
    if likeness is None:
        assert np.isnan(found.values).all()
    else:
        np.testing.assert_allclose(found.values, 1 - likeness[:, 0], atol=1e-6)
        np.testing.assert_allclose(found.parts[:, -1], np.nan_to_num(found.values), atol=1e-6)


def test_query_and_likes_mix(toy, hashing):
    taste = Profile(likes=SEAS[:1]).taste(toy.catalogue)
    question, rows = asked("Bauhaus", toy, hashing), np.arange(len(toy))
    found = column(BY_NAME["movement"], rows, taste, question, toy)
    seas, squares = toy.catalogue.rows(SEAS), toy.catalogue.rows(SQUARES)
    np.testing.assert_allclose(found.values[squares], QUERY_SHARE, atol=1e-6)
    np.testing.assert_allclose(found.values[seas], 1 - QUERY_SHARE, atol=1e-6)
    np.testing.assert_allclose(found.parts[squares, 0], QUERY_SHARE, atol=1e-6)


def test_the_same_name_and_half_the_country(hashing):
    def work(i, culture, country):
        return Artwork(artwork_id=f"w{i}", title=f"T{i}", culture=culture, country=country)

    places = (("Yoruba", "Nigeria"), ("Yoruba", "Benin"), ("Igbo", "Nigeria"), ("Fon", "Benin"), ("", "Nigeria"))
    collection = artifacts.build(catalogue_of(*(work(i, *p) for i, p in enumerate(places))), hashing, atlas=False)
    likeness = BY_NAME["culture"].likeness(np.arange(5), np.array([0]), collection)[:, 0]
    np.testing.assert_array_equal(likeness, np.array([1, 1, 0.5, 0, np.nan], dtype=np.float32))
    assert BY_NAME["culture"].evidence(2, 0, Question(), collection) == "both from Nigeria"


def test_an_unknown_artist_is_nobodys_favourite(bare):
    likeness = BY_NAME["artist"].likeness(np.arange(4), np.arange(4), bare)
    assert np.isnan(likeness[:, :3]).all()
    np.testing.assert_array_equal(likeness[:, 3], [0, 0, 0, 1])


@laws
@given(st.integers(-3000, 2020), st.integers(0, 400), st.integers(0, 400))
def test_nearer_in_time_is_more_alike(year, near, far):
    from artrec.channels.period import REACH, log_age

    a, b, c = log_age(np.array([year, year - near, year - max(near, far)], dtype=np.float64))
    assert np.exp(-abs(a - b) / REACH) >= np.exp(-abs(a - c) / REACH)


def test_a_century_asked_for_is_met_inside_and_falls_off_outside(toy, hashing):
    question = asked("art of the 19th century", toy, hashing)
    answer = BY_NAME["period"].answer(np.arange(len(toy)), question, toy)
    np.testing.assert_array_equal(answer[toy.catalogue.rows(SEAS)], 1)
    assert (answer[toy.catalogue.rows(SQUARES)] < 1).all() and (answer > 0).all()


def test_palettes(toy, hashing):
    seas, squares = toy.catalogue.rows(SEAS), toy.catalogue.rows(SQUARES)
    likeness = BY_NAME["palette"].likeness(np.arange(len(toy)), np.array(seas[:1]), toy)[:, 0]
    np.testing.assert_allclose(likeness[seas], 1, atol=1e-5)
    assert likeness[squares].max() < 0.5
    answer = BY_NAME["palette"].answer(np.arange(len(toy)), asked("something red", toy, hashing), toy)
    assert answer[squares].min() > answer[seas].max()


def test_rare_subjects_in_common_count_more(toy):
    storm, wave, fisher, tide = toy.catalogue.rows(("umibe-storm", "umibe-great-wave", "umibe-fisher", "umibe-tide"))
    likeness = BY_NAME["subject"].likeness(np.array([wave, fisher]), np.array([storm]), toy)[:, 0]
    assert 1 > likeness[0] > likeness[1] > 0  # waves and boats, against boats alone
    assert BY_NAME["subject"].evidence(wave, storm, Question(), toy) == "both show waves and boats"


def test_words_heed_what_to_keep_away_from(toy, hashing):
    words, rows = BY_NAME["words"], np.arange(len(toy))
    plain = words.answer(rows, asked("boats", toy, hashing), toy)
    less = words.answer(rows, asked("boats -storm", toy, hashing), toy)
    storm, harbour = toy.catalogue.rows(("umibe-storm", "umibe-harbour"))
    assert less[storm] < plain[storm]
    assert less[harbour] == plain[harbour] > 0
    assert words.answer(rows, asked("zzyzx", toy, hashing), toy) is None
    assert words.answer(rows, Question(Query(away=("storm",))), toy) is None


def test_words_show_the_words_as_typed(toy, hashing):
    row = toy.catalogue.row("umibe-storm")
    assert (
        BY_NAME["words"].evidence(row, None, asked("Storms with a boat", toy, hashing), toy)
        == "the record says “Storms” and “boat”"
    )
    assert "海部花子" in BY_NAME["words"].evidence(row, None, asked("海部花子的画", toy, hashing), toy)
