"""Profiles in the app: likes that are kept and come back, undo, export, deletion, rooms, and what happens without a store."""

import sqlite3
from functools import partial

import pytest
from helpers import HashingEncoder
from test_import import loaded_by
from test_pages import buttons, page, texts

from artrec.community import store as stores
from artrec.community.failures import StoreError
from artrec.community.store import open_store
from artrec.ui import memory, people_page, resources, state
from artrec.ui.safe import md


@pytest.fixture(autouse=True)
def toy_in_use(built, monkeypatch):
    """The toy world, because nothing here depends on the collection."""
    monkeypatch.setenv("ARTREC_COLLECTION", str(built))
    monkeypatch.setattr(resources, "load_encoder", HashingEncoder)


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """The address of an empty store of one's own."""
    url = f"sqlite:///{tmp_path / 'people.sqlite'}"
    monkeypatch.setenv("ARTREC_DATABASE_URL", url)
    return url


@pytest.fixture
def ids(toy):
    return [work.artwork_id for work in toy.catalogue if not work.content_notes]


def click(test, key: str):
    return next(b for b in test.button if b.key == key).click().run()


def begin(test, name: str = "Blue Heron", code: str = ""):
    """Make a profile on the People page."""
    test.switch_page(page("people")).run()
    if code:
        test.text_input(key="code_widget").input(code).run()
    test.text_input(key="new_name").input(name).run()
    return click(test, "begin")


def like(test, number: int = 0):
    return buttons(test, "like_")[number].click().run()


def test_likes_of_a_profile_come_back_after_a_restart(app, kept, ids):
    test = begin(app(likes=ids[0]))
    assert not test.exception and not test.error
    test.switch_page(page("artwork")).run()
    test.selectbox(key="artwork_widget").set_value(ids[1]).run()
    click(test, f"dislike_page_{ids[1]}")
    store = open_store(kept)
    (person,) = store.profiles()
    assert store.marks(person.id) == ((ids[0],), (ids[1],))

    again = app(page("people"))
    assert again.session_state[state.LIKES] == ()
    again.selectbox(key="known").set_value(person).run()
    assert again.session_state[state.LIKES] == (ids[0],) and again.session_state[state.DISLIKES] == (ids[1],)
    assert "Blue Heron" in again.title[0].value
    click(again, "leave")
    assert again.session_state[state.LIKES] == () and "likes" not in again.query_params
    assert again.session_state[state.PERSON] is None and store.marks(person.id) == ((ids[0],), (ids[1],))


def test_the_browser_remembers_who_it_was(app, kept, ids, monkeypatch):
    person = open_store(kept).add_profile("Fox")
    open_store(kept).record(person.id, "like", ids[0])
    monkeypatch.setattr(memory, "remembered", lambda: memory.store().profile_by_key(person.key))
    test = app()
    assert test.session_state[state.PERSON] == person and test.session_state[state.LIKES] == (ids[0],)


@pytest.mark.parametrize("cookie", ["x" * 5000, "'; alert(1)", "\ud800\x00"])
def test_a_cookie_of_somebody_elses_making_opens_nothing(app, monkeypatch, cookie):
    monkeypatch.setattr(memory.st.context.__class__, "cookies", {memory.COOKIE: cookie}, raising=False)
    test = app()
    assert not test.exception and not test.error and test.session_state[state.PERSON] is None


def test_without_a_profile_nothing_is_kept_and_no_store_is_made(app, ids, tmp_path):
    test = app(page("artwork"), id=ids[0])
    click(test, f"like_page_{ids[0]}")
    assert test.session_state[state.LIKES] == (ids[0],) and test.query_params["likes"] == ids[0]
    assert "Keep my likes" in [link.proto.label for link in test.get("page_link")]
    assert not [b for b in test.button if b.key in ("undo", "leave")]
    assert not (tmp_path / "people.sqlite").exists()


def test_undo_takes_the_last_action_back_and_says_which(app, kept, ids, toy):
    test = begin(app())
    click(test, "undo")
    assert "nothing to take back" in test.toast[0].value
    test.switch_page(page("artwork")).run()
    test.selectbox(key="artwork_widget").set_value(ids[0]).run()
    click(test, f"like_page_{ids[0]}")
    click(test, f"dislike_page_{ids[0]}")
    click(test, "undo")
    title = toy.catalogue[toy.catalogue.row(ids[0])].title
    assert test.toast[0].value == f"Taken back: disliked *{title}*."
    assert test.session_state[state.LIKES] == (ids[0],) and test.session_state[state.DISLIKES] == ()
    click(test, "undo")
    assert test.session_state[state.LIKES] == ()


def test_forget_all_is_kept_as_one_action(app, kept, ids):
    test = begin(app(likes=f"{ids[0]},{ids[1]}"))
    click(test, "forget_all")
    assert open_store(kept).marks(1) == ((), ())
    click(test, "undo")
    assert test.session_state[state.LIKES] == (ids[0], ids[1])


def test_export_and_deletion_are_one_click_each(app, kept, ids):
    test = begin(app(likes=ids[0]))
    (button,) = test.get("download_button")
    assert button.proto.label == "Take it along"
    click(test, "forget_me")
    assert not test.exception and "is deleted" in test.success[0].value
    assert test.session_state[state.PERSON] is None and test.session_state[state.LIKES] == ()
    store = open_store(kept)
    assert store.everybody() == [] and store.count() == 0


def test_a_teacher_opens_a_room_and_pupils_join_with_its_code(app, kept):
    teacher = app(page("people"))
    teacher.text_input(key="room_name").input("Class 5b").run()
    click(teacher, "open_room")
    (room,) = open_store(kept).rooms()
    assert room.shown in [title.value for title in teacher.title]
    fox = begin(app(), "Fox", room.shown.lower().replace("-", " "))
    assert "Class 5b" in texts(fox) and fox.session_state[state.PERSON].room == room
    other = app(page("people"))
    assert not other.get("selectbox")  # names of a room show to those who have its code
    other.text_input(key="code_widget").input("wrong1").run()
    assert "No room has the join code" in other.warning[0].value
    other.text_input(key="code_widget").input(room.code).run()
    assert other.selectbox(key="known").options == ["Fox"]
    begin(other, "FOX", room.code)
    assert "already" in other.error[0].value and other.session_state[state.PERSON] is None
    click(fox, "leave_room")
    assert fox.session_state[state.PERSON].room is None and open_store(kept).profiles(room) == []
    fox.text_input(key="join_widget").input("nope").run()
    click(fox, "join")
    assert "No room has the join code" in fox.error[0].value
    fox.text_input(key="join_widget").input(room.code).run()
    click(fox, "join")
    assert fox.session_state[state.PERSON].room == room


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "needs a name"), ("   ", "needs a name"), ("ann@school.org", "e-mail")],
)
def test_a_name_that_is_not_accepted_is_said(app, kept, name, said):
    test = begin(app(), name)
    assert said in test.error[0].value.replace("\\", "") and not test.exception
    assert test.session_state[state.PERSON] is None and open_store(kept).everybody() == []


def test_hostile_names_are_shown_as_they_stand(app, kept):
    name = "<b>[x](javascript:y)</b> $z$"
    test = begin(app(), name)
    assert not test.exception and test.title[0].value == md(name) != name


def test_stars_notes_and_boards_are_kept_on_the_works_page(app, kept, ids):
    test = begin(app())
    store = open_store(kept)
    store.record(1, "save", ids[1], text="Light")
    test.switch_page(page("artwork")).run()
    test.selectbox(key="artwork_widget").set_value(ids[0]).run()
    test.feedback(key=f"stars_{ids[0]}_0_0").set_value(3).run()
    test.text_area(key=f"note_{ids[0]}_0_0").input("love the light, <b>too</b> gloomy").run()
    click(test, f"keep_note_{ids[0]}")
    assert r"love the light, \<b\>too" in texts(test) and test.text_area(key=f"note_{ids[0]}_1_0").value == ""
    click(test, f"keep_note_{ids[0]}")
    assert "A note is empty" in test.error[0].value
    test.selectbox(key=f"board_{ids[0]}_0_0").set_value("Light").run()
    assert "On Light" in texts(test)
    assert store.boards(1) == {"Light": (ids[1], ids[0])}
    assert [(e.kind, e.value, e.text) for e in store.events(1) if e.artwork_id == ids[0] and e.kind != "view"] == [
        ("rating", 4.0, None),
        ("note", None, "love the light, <b>too</b> gloomy"),
        ("save", None, "Light"),
    ]
    click(test, "undo")  # the board
    assert test.toast[0].value.startswith("Taken back: saved") and "On Light" not in texts(test)
    click(test, f"drop_{store.events(1)[-1].id}")
    assert [e.kind for e in store.events(1) if e.artwork_id == ids[0] and e.kind != "view"] == ["rating"]
    assert test.feedback(key=f"stars_{ids[0]}_1_1").value == 3
    click(test, "undo")
    assert test.feedback(key=f"stars_{ids[0]}_1_2").value is None
    store.record_all(1, [("rating", ids[0], 4), ("save", ids[0], None, "Light")])
    test.switch_page(page("people")).run()
    assert "Rated *" in texts(test) and "4 of 5" in texts(test) and not test.exception
    assert [e.label for e in test.expander if e.label.startswith("Light")] == ["Light · 2"]


def test_nothing_of_the_store_is_loaded_until_somebody_wants_it():
    assert not loaded_by("import artrec.ui.frame, artrec.ui.cards, artrec.ui.people_page") & {"sqlalchemy", "psycopg"}


def test_looking_lasts_from_opening_a_work_to_the_next_action(app, kept, ids, monkeypatch):
    test = begin(app())
    clock = [100.0]
    monkeypatch.setattr(state.time, "monotonic", lambda: clock[0])
    test.switch_page(page("artwork")).run()
    test.selectbox(key="artwork_widget").set_value(ids[0]).run()
    clock[0] += 7.5
    click(test, f"like_page_{ids[0]}")  # the next action
    clock[0] += 50
    test.run()  # not a second look at the same work
    test.selectbox(key="artwork_widget").set_value(ids[1]).run()
    clock[0] += 2
    test.switch_page(page("map")).run()
    events = open_store(kept).events(1)
    assert [(e.kind, e.artwork_id, e.value) for e in events] == [
        ("view", ids[0], 7.5),
        ("like", ids[0], None),
        ("view", ids[1], 2.0),
    ]


def test_likes_belong_to_the_collection_in_use(app, kept, ids):
    store = open_store(kept)
    person = store.add_profile("Fox")
    store.record_all(person.id, [("like", ids[0]), ("like", "elsewhere-1")])
    test = app(page("people"))
    test.selectbox(key="known").set_value(person).run()
    assert test.session_state[state.LIKES] == (ids[0],)
    assert "elsewhere\\-1" in texts(test) and not test.exception


def test_a_store_that_fails_is_said_and_the_like_still_counts_here(app, kept, ids, tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "open_store", partial(open_store, patience=0.05))
    test = begin(app(page("people")))
    test.switch_page(page("artwork")).run()
    test.selectbox(key="artwork_widget").set_value(ids[0]).run()
    blocker = sqlite3.connect(tmp_path / "people.sqlite", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    click(test, f"like_page_{ids[0]}")
    blocker.execute("ROLLBACK")
    assert not test.exception
    assert "This is not kept" in test.error[0].value and "locked" in test.error[0].value
    assert test.session_state[state.LIKES] == (ids[0],)
    test.run()
    assert not test.error


def test_a_file_that_was_taken_away_is_begun_anew(app, kept, ids, tmp_path):
    test = begin(app())
    for file in tmp_path.glob("people.sqlite*"):
        file.unlink()
    test.switch_page(page("people")).run()
    assert "no such profile" in test.error[0].value and not test.exception
    begin(app(), "Owl")
    assert [p.pseudonym for p in open_store(kept).profiles()] == ["Owl"]


def test_somebody_deleted_elsewhere_is_said(app, kept, ids):
    test = begin(app())
    open_store(kept).forget(1)
    test.switch_page(page("artwork")).run()
    test.selectbox(key="artwork_widget").set_value(ids[0]).run()
    click(test, f"like_page_{ids[0]}")
    assert "no such profile" in test.error[0].value and not test.exception
    assert test.session_state[state.PERSON] is None and test.session_state[state.LIKES] == (ids[0],)


def test_retention_and_rooms_are_managed_on_this_computer_alone(app, kept, monkeypatch):
    store = open_store(kept)
    room = store.create_room("5b")
    store.add_profile("Fox", room.code)
    assert not [b for b in app(page("people")).button if (b.key or "").startswith("close_")]
    monkeypatch.setattr(people_page, "at_home", lambda: True)
    test = app(page("people"))
    test.selectbox(key="retention_widget").set_value(30).run()
    assert store.rights.days is None  # until it is set
    click(test, "set_retention")
    assert store.rights.days == 30
    test.selectbox(key="retention_widget").set_value(0).run()
    click(test, "set_retention")
    assert store.rights.days is None
    click(test, f"close_{room.id}")
    assert store.rooms() == [] and store.everybody() == []


def test_a_database_that_cannot_be_used_is_said_on_the_page(app, tmp_path, monkeypatch):
    (tmp_path / "people.sqlite").write_text("no database at all, but a text long enough to be looked at\n" * 20)
    test = app(page("people"))
    assert "is not a database" in test.error[0].value and not test.exception
    assert not app().error
    with pytest.raises(StoreError):
        memory.store()


def test_only_a_handle_goes_into_the_cookie_s_script(monkeypatch):
    from artrec.community.people import Profile, new_key

    said = {}
    monkeypatch.setattr(memory.st, "session_state", said)
    memory.remember(Profile(1, "Heron", None, good := new_key()))
    assert f"={good};" in said[memory._SCRIPT]
    memory.remember(Profile(1, "Heron", None, "'</script><script>alert(1)//"))
    assert "script" not in said[memory._SCRIPT] and "artrec_profile=;" in said[memory._SCRIPT]
