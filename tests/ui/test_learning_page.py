"""What the For you page learns, shows and lets people correct."""

import pytest
from helpers import SEAS, SQUARES, HashingEncoder
from test_pages import page, texts, titles

from artrec.community.store import open_store
from artrec.ui import learning, memory, resources, state

LIKED = ",".join(SEAS[:2])


@pytest.fixture(autouse=True)
def toy_in_use(built, monkeypatch):
    monkeypatch.setenv("ARTREC_COLLECTION", str(built))
    monkeypatch.setattr(resources, "load_encoder", HashingEncoder)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_DATABASE_URL", f"sqlite:///{tmp_path / 'people.sqlite'}")
    return open_store()


@pytest.fixture
def heron(store, monkeypatch):
    """A session of a profile in a room where seven others like the first sea and the last square."""
    room = store.create_room("Class 5b")
    for number in range(7):
        person = store.add_profile(f"Otter {number}", room.code)
        for work in (SEAS[3], SQUARES[5]):
            store.record(person.id, "like", work)
    found = store.add_profile("Blue Heron", room.code)
    monkeypatch.setattr(memory, "remembered", lambda: found)
    return found


def note(test, text: str):
    test.text_area(key="taste_note").set_value(text)
    return next(b for b in test.button if b.key.startswith("FormSubmitter:note_form")).click().run()


def pressed(test, key: str):
    return next(b for b in test.button if b.key == key).click().run()


def test_a_note_is_read_shown_and_corrected(app):
    test = note(app(page("for_you"), likes=LIKED), "love the boats, too dramatic")
    assert not test.exception
    assert "more boats, less dramatic; and so a little more calm" in texts(test).replace("\\", "")
    assert [k for k in ("turn_subjects_boats", "drop_moods_dramatic") if any(b.key == k for b in test.button)]
    before = titles(test, "for_you")
    test = pressed(test, "turn_subjects_boats")
    assert "▼ less" in texts(test) and titles(test, "for_you") != before
    test = pressed(test, "drop_moods_dramatic")
    assert not any(b.key == "drop_moods_dramatic" for b in test.button)


def test_a_note_alone_is_enough_to_begin_and_nonsense_is_said_to_be(app):
    test = app(page("for_you"))
    assert titles(test, "nine")
    test = note(test, "qwzx")
    assert "Nothing in that names" in texts(test) and titles(test, "nine")
    test = note(test, "more circles")
    assert set(titles(test, "for_you")[:3]) <= set(SQUARES) and "Circles (your notes)" in texts(test).replace("\\", "")


def test_markup_in_a_note_stays_text(app):
    test = note(app(page("for_you"), likes=LIKED), "<script>alert(1)</script> love the waves [x](http://e.org)")
    assert "<script>" not in texts(test) and "](http" not in texts(test)


def test_a_mood_is_met_or_lifted_with_its_rule(app):
    test = app(page("for_you"), likes=SQUARES[0])
    test.selectbox(key="mood_now_widget").set_value("lonely").run()
    assert "Match: works that feel as you do, lonely" in texts(test).replace("\\", "")
    matched = titles(test, "for_you")
    test.segmented_control(key="mood_mode_widget").set_value("lift").run()
    assert (
        "Lift: from lonely" in texts(test) and "Lifting your mood, lonely" in texts(test) and titles(test, "for_you") != matched
    )
    assert not test.exception


def test_without_a_profile_weights_are_the_global_ones_until_learning_is_wanted(app):
    test = app(page("for_you"), likes=",".join(SEAS[:4]))
    assert test.slider(key="weight_artist_widget").value == 6
    plain = titles(test, "for_you")
    test.toggle(key="learning_widget").set_value(True).run()
    assert test.slider(key="weight_artist_widget").value > 6, "all likes are of one artist"
    assert "Learned from 3 of your likes" in texts(test)
    pressed(test, "reset_weights")
    assert test.slider(key="weight_artist_widget").value == 6
    test.toggle(key="learning_widget").set_value(False).run()
    assert titles(test, "for_you") == plain


def test_a_weight_moved_by_hand_stays_where_it_was_put(app):
    test = app(page("for_you"), likes=",".join(SEAS[:4]))
    test.toggle(key="learning_widget").set_value(True).run()
    test.slider(key="weight_artist_widget").set_value(1).run()
    next(b for b in test.button if b.key.startswith("like_for_you_")).click().run()
    assert test.slider(key="weight_artist_widget").value == 1


def test_a_like_counts_within_the_same_run_and_is_learned_from(app, heron, store):
    store.record_all(heron.id, [("like", i) for i in SEAS[:3]])
    test = app(page("for_you"))
    before = test.session_state[learning.LEARNED][2]
    first = titles(test, "for_you")[0]
    next(b for b in test.button if b.key == f"like_for_you_{first}").click().run()
    assert first not in titles(test, "for_you") and not test.exception
    assert test.session_state[learning.LEARNED][2].lessons == before.lessons + 1
    assert store.marks(heron.id)[0][-1] == first


def test_the_community_speaks_with_its_evidence_and_is_told_of(app, heron, store):
    store.record(heron.id, "like", SEAS[3])
    test = app(page("for_you"))
    said = texts(test).replace("\\", "")
    assert "Class 5b" in said and "**7** other people" in said and "Otter" not in said
    first = titles(test, "for_you").index(SQUARES[5])
    test.slider(key="weight_community_widget").set_value(100).run()
    assert "7 people who like it like this too" in texts(test).replace("\\", "")
    test.slider(key="weight_text_widget").set_value(0).run()
    assert titles(test, "for_you").index(SQUARES[5]) < max(first, 1)


def test_without_evidence_that_is_said(app, heron, store):
    store.record(heron.id, "like", SEAS[0])
    assert "No community evidence for you yet" in texts(app(page("for_you")))


def test_noise_can_be_switched_on_and_its_epsilon_is_on_record(app, heron, store):
    store.record(heron.id, "like", SEAS[3])
    test = app(page("for_you"))
    if not any(t.key == "privacy_widget" for t in test.toggle):
        pytest.skip("the page is looked at over the network here")
    test.toggle(key="privacy_widget").set_value(True).run()
    said = texts(test).replace("\\", "")
    assert not test.exception and "With differential privacy at ε = 1" in said
    test.run()
    assert "1 of 4 spent, in 1 release" in texts(test).replace("\\", "")


def test_old_likes_fade_by_a_half_life_that_can_be_chosen(app, heron, store):
    store.record(heron.id, "like", SEAS[0], at=1e9)
    store.record(heron.id, "like", SQUARES[0], at=1e9 + 90 * 86_400)
    test = app(page("for_you"))
    test.select_slider(key="half_life_widget").set_value(7.0).run()
    assert set(titles(test, "for_you")[:3]) <= set(SQUARES)
    test.select_slider(key="half_life_widget").set_value(float("inf")).run()
    assert set(titles(test, "for_you")[:4]) & set(SEAS) and not test.exception


def test_a_store_that_is_away_leaves_the_page_whole(app, heron, store, monkeypatch):
    store.record(heron.id, "like", SEAS[0])
    test = app(page("for_you"))

    def gone():
        raise learning.ArtrecError("The database is away.", "Try again later.")

    monkeypatch.setattr(memory, "store", gone)
    test.run()
    assert "The database is away" in texts(test) and titles(test, "for_you") and not test.exception
    assert test.session_state[state.LIKES] == (SEAS[0],)
