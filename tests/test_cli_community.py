"""The command `community`: rooms, ratings of a file, export, deletion, retention, and every way to call it wrongly."""

import json

import pytest
from helpers_cli import call, refused

from artrec.community.store import open_store


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch, built):
    """An empty store, and the toy world in use."""
    url = f"sqlite:///{tmp_path / 'people.sqlite'}"
    monkeypatch.setenv("ARTREC_DATABASE_URL", url)
    monkeypatch.setenv("ARTREC_COLLECTION", str(built))
    found = open_store(url)
    yield found
    found.close()


@pytest.fixture
def community(capsys):
    return lambda *arguments: call(capsys, "community", *arguments)


def file(folder, *lines: str, head: str = "user_id,work_id,rating,timestamp"):
    (folder / "ratings.csv").write_text("\n".join([head, *lines]) + "\n", "utf-8")
    return folder / "ratings.csv"


def test_rooms_are_opened_listed_and_closed(community, store):
    assert community("rooms") == (0, "There is no room. Open one: community room NAME.\n", "")
    code, out, err = community("room", "Class 5b", "--json")
    made = json.loads(out)
    assert (code, err, made["room"]) == (0, "", "Class 5b")
    store.add_profile("Fox", made["code"])
    store.add_profile("Owl")
    assert f"{made['code']}      1 people" in community("rooms")[1]
    assert community("people", "--room", made["code"])[1] == "     1  Fox  (Class 5b)\n"
    assert [p["pseudonym"] for p in json.loads(community("people", "--json")[1])["people"]] == ["Owl", "Fox"]
    assert community("close", made["code"])[1] == "Class 5b is closed; 1 people and all they did are deleted.\n"
    assert [p.pseudonym for p in store.everybody()] == ["Owl"]


def test_ratings_come_into_a_room_once(community, store, tmp_path, toy):
    room = store.create_room("5b")
    store.add_profile("anna", room.code)
    a, b, c = (work.artwork_id for work in list(toy.catalogue)[:3])
    path = file(
        tmp_path, f"Anna,{a},7,2024-05-01", f"Anna,{b},1,2024-05-02", f"ben@x.org,{c},4,", f"ben@x.org,{c},5,", f"z,{a},9,",
        "z,nothing,4,",
    )  # fmt: skip
    code, out, err = community("import", path, "--room", room.shown, "--scale", "1-7", "--json")
    told = json.loads(out)
    assert code == 0 and (told["events"], told["people"], told["new_people"], told["renamed"]) == (3, 2, 1, 1)
    assert told["repeated"] == 1 and sum(told["left_out"].values()) == 2 and "left out" in err
    assert [p.pseudonym for p in store.profiles(room)] == ["anna", "Visitor 2"]
    anna, visitor = store.profiles(room)
    assert [(w, s) for p, w, s, _ in store.opinions(room) if p == anna.id] == sorted([(a, 1.0), (b, -1.0)])
    assert [round(s, 6) for p, _, s, _ in store.opinions(room) if p == visitor.id] == [round(2 * 4 / 6 - 1, 6)]
    refused(community("import", path, "--room", room.code, "--scale", "1-7"), "5b has the ratings of this file already")
    assert store.count() == 3
    other = store.create_room("6a")
    assert community("import", path, "--room", other.code, "--scale", "1-7")[0] == 0 and store.count() == 6


def test_likes_without_ratings_come_as_likes(community, store, tmp_path, toy):
    room, (a, b) = store.create_room("5b"), (work.artwork_id for work in list(toy.catalogue)[:2])
    path = file(tmp_path, f"x,{a}", f"x,{b}", head="user_id,work_id")
    assert community("import", path, "--room", room.code)[1] == "2 likes of 1 people (1 new) are in 5b.\n"
    assert store.marks(store.profiles(room)[0].id) == ((a, b), ())


def test_a_file_that_fails_on_the_way_leaves_nothing(store, toy):
    from artrec.community.failures import StoreError
    from artrec.community.ratings_import import import_ratings

    room, first = store.create_room("5b"), toy.catalogue[0].artwork_id

    def rows():
        for number in range(25_000):
            yield 0, first if number < 24_000 else "", 3.0, float(number)

    with pytest.raises(StoreError):
        import_ratings(store, room, ["x"], rows(), (1.0, 5.0), "digest")
    assert store.count() == 0 and store.profiles(room) == []
    done = import_ratings(store, room, ["x"], [(0, first, 3.0, float("nan"))], (3.0, 3.0), "digest")  # and may be tried again
    assert done.events == 1


def test_export_and_forget(community, store, tmp_path):
    fox = store.add_profile("Fox")
    store.record(fox.id, "note", "a", text="so bright")
    kept = json.loads(community("export", str(fox.id))[1])
    assert kept["notes"][0]["text"] == "so bright"
    assert community("export", str(fox.id), "--out", tmp_path / "fox.json")[0] == 0
    assert json.loads((tmp_path / "fox.json").read_text()) == kept
    assert community("forget", str(fox.id))[1] == "Fox and everything kept under that name is deleted.\n"
    assert store.everybody() == [] and community("people")[1] == "Nobody has a profile.\n"


def test_retention(community, store):
    fox = store.add_profile("Fox")
    store.record(fox.id, "like", "a", at=0)
    assert "1 events were older" in community("retention", "30")[1] and store.rights.days == 30
    assert json.loads(community("retention", "off", "--json")[1]) == {"days": None, "deleted": 0}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["room"], ["needs the name of the room"]),
        (["room", " "], ["A room needs a name"]),
        (["room", "x" * 81], ["80 are allowed"]),
        (["import"], ["needs a CSV file"]),
        (["import", "x.csv"], ["no room", "--room CODE"]),
        (["import", "x.csv", "--room", "ABC"], ["No room has the join code", "ABC"]),
        (["close", "ABC"], ["No room has the join code"]),
        (["export", "x"], ["'x' is not the number of a profile"]),
        (["export", "7"], ["no such profile"]),
        (["forget", "9" * 30], ["is not the number"]),
        (["forget", "7"], ["no such profile"]),
        (["retention", "soon"], ["'soon' is not a number of days"]),
        (["retention", "0"], ["from 1 to 36,500"]),
        (["retention", "-1"], ["'-1' is not a number of days"]),
        (["dance"], ["invalid choice"]),
    ],
)
def test_bad_input_is_one_line(community, arguments, words):
    refused(community(*arguments), *words)


def test_a_missing_file_and_one_of_other_works(community, store, tmp_path):
    room = store.create_room("5b")
    refused(community("import", tmp_path / "none.csv", "--room", room.code), "cannot be read")
    refused(community("import", file(tmp_path, "x,nothing,3,"), "--room", room.code), "No line of ratings.csv can be used")
    refused(community("export", "1", "--out", tmp_path / "no" / "x.json"), "no such profile")
    assert store.count() == 0


def test_an_export_that_cannot_be_written(community, store, tmp_path):
    refused(community("export", str(store.add_profile("Fox").id), "--out", tmp_path / "no" / "x.json"), "cannot be written")


@pytest.mark.parametrize("address", ["mysql://x:secret@y/z", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_an_address_that_is_none(community, monkeypatch, address):
    monkeypatch.setenv("ARTREC_DATABASE_URL", address)
    answer = community("rooms")
    refused(answer, "ARTREC_DATABASE_URL", "sqlite:///")
    assert "secret" not in answer[2]
