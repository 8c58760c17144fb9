"""The People page: choose or make a profile, join a class, see and take along what is kept, or have it all deleted."""

import json
import random
from datetime import datetime

import streamlit as st

from artrec.catalogue import Catalogue
from artrec.community.actions import NOTE, VIEW
from artrec.community.people import LONGEST_NAME, LONGEST_ROOM, Profile, Room
from artrec.errors import ArtrecError
from artrec.ui import memory, people, state
from artrec.ui.frame import App
from artrec.ui.safe import md

CODE, ROOM_MADE, DELETED = "join_code", "room_made", "deleted"
LATEST = 12  # things that somebody did, shown
TERMS = (30, 90, 180, 365)  # days that may be chosen to keep things
COLOURS = ("Amber", "Blue", "Copper", "Crimson", "Golden", "Green", "Indigo", "Ivory", "Jade", "Ochre", "Scarlet", "Silver")
ANIMALS = ("Badger", "Crane", "Dolphin", "Falcon", "Fox", "Hare", "Heron", "Lynx", "Otter", "Owl", "Robin", "Swift")


def show(app: App) -> None:
    """The page."""
    state.mirror()
    store = memory.store()
    if name := st.session_state.pop(DELETED, ""):
        st.success(f"**{md(name)}** and everything kept under that name is deleted.", icon=":material/check:")
    if state.person() is None:
        _arrive(store)
    else:
        _own(app, store)
    st.divider()
    _teacher(store)
    if at_home():
        _host(store)


def at_home() -> bool:
    """Whether the page is looked at on the computer that the app runs on, not over the network."""
    return st.context.ip_address is None and not st.context.headers.get("X-Forwarded-For")


def _arrive(store) -> None:
    st.title("Who is looking?", anchor=False)
    st.markdown(
        "Under a made-up name your likes, ratings and notes are kept, and come back next time. No e-mail, no password. "
        "Without a name everything works too: the address of the page holds your likes."
    )
    room = _room(store)
    known = store.profiles(room)
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch", key="newcomer"):
        st.subheader("I am new", anchor=False)
        if "new_name" not in st.session_state:
            st.session_state["new_name"] = ""
        st.text_input(
            "A made-up name",
            key="new_name",
            max_chars=LONGEST_NAME,
            placeholder="Blue Heron",
            help="Not your real one",
        )
        with st.container(horizontal=True):
            st.button("Begin", key="begin", type="primary", on_click=_begin, args=(room,))
            st.button("Suggest one", key="suggest", icon=":material/casino:", on_click=_suggest)
        brought = len(state.likes()) + len(state.dislikes())
        if brought:
            st.caption(f"What you liked or disliked so far ({brought}) comes along.")
    with right, st.container(border=True, height="stretch", key="returning"):
        st.subheader("I was here before", anchor=False)
        if not known:
            st.caption(
                "Nobody yet" + (f" in {md(room.name)}." if room else ". A class's names show once its join code is given.")
            )
        else:
            st.selectbox(
                "Your name", known, index=None, key="known", format_func=lambda p: p.pseudonym, placeholder="choose",
                on_change=_return,
            )  # fmt: skip


def _room(store) -> Room | None:
    """The room whose join code was given; None where there is none, or it opens nothing, which is said."""
    st.text_input(
        "Join code of your class, if you have one", value=state.kept(CODE, ""), key="code_widget", max_chars=20, width=320,
        placeholder="K7M-2QX", on_change=state.keep, args=(CODE, "code_widget"),
    )  # fmt: skip
    if not (code := st.session_state[CODE].strip()):
        return None
    try:
        room = store.room(code)
    except ArtrecError as error:
        st.warning(md(str(error)), icon=":material/key_off:")
        return None
    st.markdown(f":material/group: **{md(room.name)}**")
    return room


def _begin(room: Room | None) -> None:
    """Callback: a new profile, in the room whose code was given."""
    with _told():
        made = memory.store().add_profile(st.session_state["new_name"], room.code if room else None)
        state.choose_person(made, adopt=True)


def _suggest() -> None:
    st.session_state["new_name"] = f"{random.choice(COLOURS)} {random.choice(ANIMALS)}"


def _return() -> None:
    """Callback: go on as somebody who was here before."""
    if (chosen := st.session_state["known"]) is not None:
        state.choose_person(chosen)


class _told:
    """In a callback: what the store refuses is told on the next run."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, trace) -> bool:
        if isinstance(error, ArtrecError):
            st.session_state[state.FAULT] = str(error)
        return isinstance(error, ArtrecError)


def _own(app: App, store) -> None:
    person = state.person()
    catalogue = app.recommender.collection.catalogue
    kept = store.export(person.id)
    st.title(md(person.pseudonym), anchor=False)
    where = "on this computer" if not store.where.startswith("postgresql") else "in the database of whoever runs this app"
    st.markdown(f"Kept {where}{_until(store)}. Only what you do under this name, and nothing else.")
    counted = [event["kind"] for event in kept["events"]]
    with st.grid(min_column_width=120, gap="small", key="kept_figures"):
        st.metric("Liked", len(kept["likes"]))
        st.metric("Disliked", len(kept["dislikes"]))
        st.metric("Rated", len(kept["ratings"]))
        st.metric("Notes", len(kept["notes"]))
        st.metric("Saved", sum(map(len, kept["boards"].values())))
        st.metric("Looked at", counted.count(VIEW))
    left, right = st.columns(2, gap="large")
    with left:
        _class(store, person)
        _data(kept)
    with right:
        _latest(store, person, catalogue)
        _boards(kept["boards"], catalogue)


def _data(kept: dict) -> None:
    """Taking all along, and having all deleted: one click each."""
    st.subheader("My data", anchor=False)
    st.download_button(
        "Take it along", json.dumps(kept, ensure_ascii=False, indent=1), "artrec-my-data.json", "application/json",
        icon=":material/download:", key="export", on_click="ignore", help="Everything that is kept of you, as JSON",
    )  # fmt: skip
    st.button(
        "Delete everything", key="forget_me", icon=":material/delete_forever:", on_click=_forget,
        help="At once and for good: this profile with its likes, ratings, notes and boards",
    )  # fmt: skip


def _until(store) -> str:
    days = store.rights.days
    return "" if days is None else f", for {days:,} day{'s' * (days != 1)}"


def _forget() -> None:
    """Callback: delete the person, and what of them is in the session."""
    with _told():
        memory.store().forget(state.person().id)
        st.session_state[DELETED] = state.person().pseudonym
        st.session_state[state.LOOKING] = None
        state.leave_person()


def _class(store, person: Profile) -> None:
    st.subheader("Class", anchor=False)
    if person.room is not None:
        count = len(store.profiles(person.room))
        st.markdown(f":material/group: **{md(person.room.name)}** · {count} {'people' if count != 1 else 'person'}")
        st.caption(f"Join code {person.room.shown}")
        st.button("Leave the class", key="leave_room", on_click=_leave_room, help="You keep all you have.")
        return
    st.caption("In a class, tastes help one another; nobody sees whose they are.")
    st.text_input("Join code", key="join_widget", max_chars=20, placeholder="K7M-2QX")
    st.button("Join", key="join", on_click=_join)


def _join() -> None:
    with _told():
        st.session_state[state.PERSON] = memory.store().join(state.person(), st.session_state["join_widget"])
        memory.remember(state.person())


def _leave_room() -> None:
    with _told():
        st.session_state[state.PERSON] = memory.store().leave(state.person())
        memory.remember(state.person())


def _latest(store, person: Profile, catalogue: Catalogue) -> None:
    st.subheader("Latest", anchor=False)
    found = [event for event in store.events(person.id) if event.kind != VIEW][-LATEST:]
    if not found:
        st.caption("Nothing yet. Like a work, or rate it on its page.")
        return
    lines = []
    for event in reversed(found):
        said = people.done(event, catalogue)
        note = f": {md(event.text)}" if event.kind == NOTE else ""
        lines.append(f"- {said[:1].upper()}{said[1:]}{note} :gray[· {datetime.fromtimestamp(event.at):%-d %b, %H:%M}]")
    st.markdown("\n".join(lines))
    st.button("Undo the last", key="undo_here", icon=":material/undo:", on_click=people.undo, args=(catalogue,))


def _boards(boards: dict[str, list[str]], catalogue: Catalogue) -> None:
    if not boards:
        return
    st.subheader("Boards", anchor=False)
    for board, works in boards.items():
        with st.expander(f"{md(board)} · {len(works)}"):
            for artwork_id in works:
                if artwork_id in catalogue:
                    title = md(people.title(artwork_id, catalogue))
                    st.page_link("pages/artwork.py", label=title, icon="", query_params=state.link(id=artwork_id))
                else:
                    st.caption(f"{md(artwork_id)}, of another collection")


def _teacher(store) -> None:
    with st.expander("For teachers: a room for a class", icon=":material/school:"):
        st.markdown("A room gives a class a join code. Whoever gives it sees the names in the room and may take one of them.")
        st.text_input("Name of the room", key="room_name", max_chars=LONGEST_ROOM, placeholder="Class 5b", width=320)
        st.button("Open the room", key="open_room", on_click=_open_room)
        if room := st.session_state.get(ROOM_MADE):
            st.markdown(f"Join code of **{md(room.name)}**, to write on the board:")
            st.title(room.shown, anchor=False)


def _open_room() -> None:
    with _told():
        st.session_state[ROOM_MADE] = memory.store().create_room(st.session_state["room_name"])


def _host(store) -> None:
    """What only the computer that the app runs on may change."""
    with st.expander("On this computer: rooms, and how long all is kept", icon=":material/admin_panel_settings:"):
        st.caption("Shown here alone, not to those who open the app over the network.")
        days = store.rights.days
        choices = sorted({*TERMS, *([days] if days else [])})
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                "Keep what people do", [0, *choices], index=1 + choices.index(days) if days else 0, key="retention_widget",
                format_func=lambda n: f"{n} days" if n else "until they delete it", width=240,
            )  # fmt: skip
            st.button("Set", key="set_retention", on_click=_retain, help="What is older is deleted, now and once a day")
        for room in store.rooms():
            count = len(store.profiles(room))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{md(room.name)}** · {room.shown} · {count} {'people' if count != 1 else 'person'}")
                st.button(
                    "Delete the room", key=f"close_{room.id}", on_click=_close, args=(room,), icon=":material/delete_forever:",
                    help="With everybody in it and all they did",
                )  # fmt: skip


def _retain() -> None:
    with _told():
        memory.store().retention(st.session_state["retention_widget"] or None)


def _close(room: Room) -> None:
    with _told():
        memory.store().rights.close_room(room)
        if state.person() is not None and state.person().room == room:
            state.leave_person()
