"""One suite for every database that the store can use: SQLite, and a real PostgreSQL server."""

import json
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artrec.community import store as stores
from artrec.community.actions import Event
from artrec.community.failures import StoreError, UnknownProfile, UnknownRoom
from artrec.community.store import open_store

DAY = 86_400


def told(events: list[Event]) -> list[tuple]:
    return [(e.kind, e.artwork_id, e.value, e.text) for e in events]


def test_people_rooms_and_codes(store):
    heron = store.add_profile("  Blue \t Heron ")
    assert (heron.pseudonym, heron.room) == ("Blue Heron", None)
    room, other = store.create_room("Class 5b"), store.create_room("Class 5b")
    assert room.code != other.code and len(room.code) == 6
    fox = store.add_profile("Fox", room.shown.lower())
    assert fox.room == room and store.profiles(room) == [fox] and store.profiles() == [heron]
    moved = store.join(heron, f" {room.code} ")
    assert moved.room == room and store.profile(heron.id) == moved
    assert [p.pseudonym for p in store.profiles(room)] == ["Blue Heron", "Fox"] and store.profiles() == []
    assert store.leave(moved).room is None and store.profiles() == [heron]
    assert store.profile_by_key(fox.key) == fox and store.profile_by_key("nobody") is None
    assert {r.code for r in store.rooms()} == {room.code, other.code} and store.room(other.shown) == other
    assert len(store.everybody()) == 2


def test_a_name_is_taken_once_a_room_whatever_its_case(store):
    room = store.create_room("5b")
    store.add_profile("Heron")
    store.add_profile("HERON", room.code)
    for code in (None, room.code):
        with pytest.raises(StoreError, match="There is a “heron” already"):
            store.add_profile("heron", code)
    with pytest.raises(StoreError, match="already"):
        store.join(store.profiles()[0], room.code)
    assert store.profiles()[0].room is None


def test_events_come_back_oldest_first(store):
    heron, fox = store.add_profile("Heron"), store.add_profile("Fox")
    first = store.record(heron.id, "view", "a", value=12.5)
    store.record(heron.id, "like", "a")
    store.record(fox.id, "like", "z")
    store.record(heron.id, "rating", "b", value=4)
    store.record(heron.id, "note", "b", text=" love the light,\n too gloomy \x00\u202e")
    store.record(heron.id, "save", "b", text=" My   board ")
    store.record(heron.id, "like", "old", at=1_000_000)
    assert told(store.events(heron.id)) == [
        ("like", "old", None, None),
        ("view", "a", 12.5, None),
        ("like", "a", None, None),
        ("rating", "b", 4.0, None),
        ("note", "b", None, "love the light,\n too gloomy"),
        ("save", "b", None, "My board"),
    ]
    assert [e.kind for e in store.events(heron.id, since=first)] == ["like", "like", "rating", "note", "save"]
    assert (store.count(), store.count(kinds=["like"]), store.count(since_event=first)) == (7, 3, 6)
    assert store.last_event() == max(e.id for e in store.events(heron.id))


def test_undo_takes_back_one_action_and_what_it_replaced_counts_again(store):
    heron = store.add_profile("Heron")
    assert store.undo(heron.id) is None
    store.record(heron.id, "like", "a")
    store.record(heron.id, "dislike", "a")
    store.record(heron.id, "view", "a", value=3)
    assert store.marks(heron.id) == ((), ("a",))
    assert store.undo(heron.id).kind == "dislike"
    assert store.marks(heron.id) == (("a",), ())
    assert store.record_all(heron.id, [("clear", "a"), ("like", "b"), ("like", "c")]) == 3
    assert store.marks(heron.id) == (("b", "c"), ())
    assert store.undo(heron.id).artwork_id == "c"
    assert store.marks(heron.id) == (("a",), ())
    assert store.undo(heron.id).kind == "like" and store.undo(heron.id) is None
    assert told(store.events(heron.id)) == [("view", "a", 3.0, None)]  # looking cannot be taken back


def test_one_event_is_taken_back_by_the_person_whose_it_is(store):
    heron, fox = store.add_profile("Heron"), store.add_profile("Fox")
    note = store.record(heron.id, "note", "a", text="too gloomy")
    store.record(heron.id, "like", "a")
    assert not store.take_back(fox.id, note)
    assert store.take_back(heron.id, note) and not store.take_back(heron.id, note)
    assert [event.kind for event in store.events(heron.id)] == ["like"]


def test_opinions_are_the_last_word_of_each_person_on_each_work(store):
    room = store.create_room("5b")
    heron, fox = store.add_profile("Heron", room.code), store.add_profile("Fox")
    for n, (kind, work, value) in enumerate(
        [("like", "a", None), ("dislike", "a", None), ("rating", "b", 5), ("rating", "b", 2), ("like", "c", None),
         ("clear", "c", None), ("rating", "d", 5), ("like", "d", None), ("clear", "d", None), ("like", "e", None),
         ("rating", "e", 1), ("view", "f", 9)], start=1
    ):  # fmt: skip
        store.record(heron.id, kind, work, value=value, at=n)
    store.record(fox.id, "rating", "a", value=3, at=50)
    of_heron = [(heron.id, "a", -1.0, 2), (heron.id, "b", -0.5, 4), (heron.id, "d", 1.0, 7), (heron.id, "e", -1.0, 11)]
    assert list(store.opinions(room)) == of_heron
    assert list(store.opinions()) == [*of_heron, (fox.id, "a", 0.0, 50)]
    assert (store.count(room), store.count()) == (12, 13)


def test_export_holds_everything_and_forget_leaves_nothing(store):
    room = store.create_room("5b")
    heron, fox = store.add_profile("Heron", room.code), store.add_profile("Fox")
    for kind, work, value, text in [
        ("like", "a", None, None), ("dislike", "b", None, None), ("rating", "a", 4, None), ("note", "a", None, "so bright"),
        ("save", "a", None, "Light"), ("save", "c", None, "Light"), ("save", "a", None, "Light"), ("view", "a", 7, None),
    ]:  # fmt: skip
        store.record(heron.id, kind, work, value, text, at=0)
    store.record(fox.id, "like", "a")
    kept = json.loads(json.dumps(store.export(heron.id)))
    assert (kept["pseudonym"], kept["room"], kept["likes"], kept["dislikes"]) == ("Heron", "5b", ["a"], ["b"])
    assert kept["boards"] == {"Light": ["a", "c"]} and kept["ratings"] == {"a": 4.0}
    assert kept["notes"] == [{"artwork_id": "a", "text": "so bright", "at": "1970-01-01T00:00:00+00:00"}]
    assert len(kept["events"]) == 8
    store.forget(heron.id)
    assert store.count() == 1 and store.profiles(room) == []
    for gone in (store.forget, store.export, store.profile):
        with pytest.raises(UnknownProfile):
            gone(heron.id)
    with pytest.raises(UnknownProfile):
        store.join(heron, room.code)
    assert store.events(heron.id) == [] and store.undo(heron.id) is None and store.marks(heron.id) == ((), ())


def test_a_closed_room_takes_everybody_in_it_along(store):
    room = store.create_room("5b")
    for name in ("Heron", "Fox"):
        store.record(store.add_profile(name, room.code).id, "like", "a")
    stays = store.add_profile("Owl")
    assert store.rights.close_room(room) == 2
    assert store.everybody() == [stays] and store.count() == 0 and store.rooms() == []
    with pytest.raises(UnknownRoom):
        store.room(room.code)


def test_retention_deletes_what_is_older_and_people_with_nothing_left(store, url, monkeypatch):
    heron, fox = store.add_profile("Heron"), store.add_profile("Fox")
    store.create_room("empty")
    now = 1_900_000_000.0
    store.record(heron.id, "like", "old", at=now - 40 * DAY)
    store.record(fox.id, "like", "old", at=now - 40 * DAY)
    store.record(fox.id, "like", "new", at=now - 5 * DAY)
    assert store.rights.days is None and store.rights.sweep(now) == 0
    store.settings.set("retention_days", 30)
    assert store.rights.sweep(now) == 2
    assert [p.pseudonym for p in store.profiles()] == ["Fox"] and store.marks(fox.id) == (("new",), ())
    assert store.rooms() == []
    for wrong in (0, -1, 1.5, True, "7", 10**9):
        with pytest.raises(StoreError, match="whole number of days"):
            store.retention(wrong)
    assert store.retention(None) == 0 and store.rights.days is None
    store.retention(30)
    monkeypatch.setattr(stores.rights.time, "time", lambda: now + 400 * DAY)
    store.close()
    again = open_store(url)  # sweeps
    assert again.count() == 0 and again.everybody() == []
    again.close()


def test_settings_are_json_and_change_with_nobody_in_between(store):
    assert store.settings.get("epsilon") is None and store.settings.get("epsilon", 2) == 2
    store.settings.set("epsilon", {"spent": 0.5})
    assert store.settings.get("epsilon") == {"spent": 0.5}
    store.settings.set("epsilon", None)
    assert store.settings.get("epsilon") is None

    def spend():
        for _ in range(20):
            store.settings.update("spent", lambda was: was + 1, default=0)

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.settings.get("spent") == 160

    def refuse(was):
        raise ValueError

    with pytest.raises(ValueError):
        store.settings.update("spent", refuse)
    assert store.settings.get("spent") == 160


def test_what_is_not_accepted_is_said_and_nothing_is_kept(store):
    heron = store.add_profile("Heron")
    for kind, work, value, text, said in [
        ("love", "a", None, None, "nothing that the store keeps"),
        ("like", " ", None, None, "1 to 500 characters"),
        ("like", "x" * 501, None, None, "1 to 500 characters"),
        ("rating", "a", None, None, "from 1 to 5"),
        ("rating", "a", 5.1, None, "from 1 to 5"),
        ("rating", "a", float("nan"), None, "from 1 to 5"),
        ("view", "a", -1, None, "0 seconds or longer"),
        ("view", "a", float("nan"), None, "0 seconds or longer"),
        ("note", "a", None, None, "A note is empty"),
        ("note", "a", None, "x" * 2_001, "2,001 characters; 2,000 are allowed"),
        ("save", "a", None, "x" * 81, "A board's name has 81"),
    ]:
        with pytest.raises(StoreError, match=said):
            store.record(heron.id, kind, work, value, text)
        with pytest.raises(StoreError, match=said):
            store.record_all(heron.id, [("like", "b"), (kind, work, value, text)])
    for at in (float("nan"), float("inf"), 1e13):
        with pytest.raises(StoreError, match="no time"):
            store.record(heron.id, "like", "a", at=at)
    for nobody in (heron.id + 1, 0, -1, 10**40, "1", None, True):
        with pytest.raises(UnknownProfile):
            store.record(nobody, "like", "a")
        with pytest.raises(UnknownProfile):
            store.record_all(nobody, [("like", "a")])
    assert store.count() == 0
    store.record(heron.id, "view", "a", value=1e9)
    assert store.events(heron.id)[0].value == 600


def test_the_same_database_opened_twice_and_again_later(store, url):
    heron = store.add_profile("Heron")
    other = open_store(url)
    other.record(heron.id, "like", "a")
    assert store.marks(heron.id) == (("a",), ())
    other.close()
    again = open_store(url)
    assert again.profiles() == [heron] and again.marks(heron.id) == (("a",), ())
    again.close()


NAMES = st.text(min_size=1, max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(name=NAMES, note=st.text(max_size=100), work=st.text(max_size=20))
def test_any_text_is_kept_or_refused_in_words(store, name, note, work):
    try:
        profile = store.add_profile(name)
    except StoreError as refused:
        assert refused.cure and len(str(refused)) < 250
        return
    try:
        assert 1 <= len(profile.pseudonym) <= 40 and store.profile(profile.id) == profile
        try:
            store.record(profile.id, "note", work, text=note)
        except StoreError:
            assert store.events(profile.id) == []
        else:
            assert store.events(profile.id)[0].text
    finally:
        store.forget(profile.id)
