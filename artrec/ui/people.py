"""Who is looking: the panel in the sidebar, and what else a person may do with a work."""

from collections.abc import Callable

import streamlit as st

from artrec.catalogue import Catalogue
from artrec.community.actions import CLEAR, DISLIKE, LIKE, LONGEST_TEXT, NOTE, RATING, SAVE, VIEW, Event
from artrec.errors import ArtrecError
from artrec.ui import memory, state
from artrec.ui.safe import md

PAGE, UNDONE = "pages/people.py", "undone"
DID = {
    VIEW: "looked at", LIKE: "liked", DISLIKE: "disliked", CLEAR: "took back a mark on", RATING: "rated", NOTE: "noted on",
    SAVE: "saved",
}  # fmt: skip


def panel(catalogue: Catalogue) -> None:
    """In the sidebar: under which name likes are kept, undo, and leaving."""
    person = state.person()
    if person is None:
        st.page_link(
            PAGE, label="Keep my likes", icon=":material/person_add:", help="Under a made-up name; no e-mail, no password"
        )
        return
    st.page_link(
        PAGE, label=f"**{md(person.pseudonym)}**", icon=":material/person:", help="Your profile, and what is kept of you"
    )
    with st.container(horizontal=True, gap="small", key="person_acts"):
        st.button(
            "Undo", key="undo", icon=":material/undo:", type="tertiary", on_click=undo, args=(catalogue,),
            help="Takes back what you did last",
        )  # fmt: skip
        st.button(
            "Leave", key="leave", icon=":material/logout:", type="tertiary", on_click=state.leave_person,
            help="Your likes stay kept; the next person begins without them",
        )  # fmt: skip


def undo(catalogue: Catalogue) -> None:
    """Callback: take the last action back, and say which."""
    found = state.undo()
    st.session_state[UNDONE] = st.session_state.get(UNDONE, 0) + 1
    if found is not None:
        st.toast(f"Taken back: {done(found, catalogue)}.", icon=":material/undo:")
    elif not st.session_state[state.FAULT]:
        st.toast("There is nothing to take back.", icon=":material/undo:")


def done(event: Event, catalogue: Catalogue) -> str:
    """An event in words, as Markdown: rated *The Great Wave* 4 of 5."""
    said = f"{DID[event.kind]} *{md(title(event.artwork_id, catalogue))}*"
    if event.kind == RATING:
        return f"{said} {event.value:g} of 5"
    if event.kind == SAVE:
        return f"{said} to {md(event.text)}"
    return said


def title(artwork_id: str, catalogue: Catalogue) -> str:
    """A work's title; its id where it is of another collection."""
    return catalogue[catalogue.row(artwork_id)].title if artwork_id in catalogue else artwork_id


def more(artwork_id: str) -> None:
    """Stars, a note and boards for a work. A store that fails is said in their place."""
    with st.popover("Rate, note, save", icon=":material/rate_review:", key=f"more_{artwork_id}"):
        try:
            _more(artwork_id)
        except ArtrecError as error:
            st.caption(":material/error: " + md(str(error)))


def _more(artwork_id: str) -> None:
    person, store = state.person(), memory.store()
    about, boards = store.about(person.id, artwork_id), store.boards(person.id)
    stars = [event.value for event in about if event.kind == RATING]
    st.caption("How much do you like it?")
    st.feedback(
        "stars", key=_fresh(f"stars_{artwork_id}"), default=round(stars[-1]) - 1 if stars else None,
        on_change=_keep(RATING, artwork_id, f"stars_{artwork_id}"),
    )  # fmt: skip
    for event in about:
        if event.kind == NOTE:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.markdown(f":material/edit_note: {md(event.text)}", width="stretch")
                st.button(
                    "", key=f"drop_{event.id}", icon=":material/close:", type="tertiary", help="Delete this note",
                    on_click=state.take_back, args=(event.id,),
                )  # fmt: skip
    st.text_area(
        "A note for yourself", key=_fresh(f"note_{artwork_id}"), max_chars=LONGEST_TEXT[NOTE], height=90,
        placeholder="love the light, too gloomy",
    )  # fmt: skip
    st.button("Keep the note", key=f"keep_note_{artwork_id}", on_click=_keep(NOTE, artwork_id, f"note_{artwork_id}"))
    here = [board for board, works in boards.items() if artwork_id in works]
    if here:
        st.caption(f":material/dashboard: On {md(', '.join(here))}")
    st.selectbox(
        "Save to a board", [board for board in boards if board not in here], index=None, key=_fresh(f"board_{artwork_id}"),
        placeholder="choose one, or type a new name", accept_new_options=True,
        on_change=_keep(SAVE, artwork_id, f"board_{artwork_id}"),
    )  # fmt: skip


def _fresh(key: str) -> str:
    """A widget's key that changes once its value was kept, so that the widget begins empty again."""
    return f"{key}_{st.session_state.get(f'{key}_turn', 0)}_{st.session_state.get(UNDONE, 0)}"


def _keep(kind: str, artwork_id: str, key: str) -> Callable[[], None]:
    """A callback that keeps what a widget holds, and empties it where that went well."""

    def keep() -> None:
        given = st.session_state.get(_fresh(key))
        if given is None:
            return
        state.looked()
        event = (kind, artwork_id, given + 1, None) if kind == RATING else (kind, artwork_id, None, given)
        if state.keep_events([event]):
            st.session_state[f"{key}_turn"] = st.session_state.get(f"{key}_turn", 0) + 1

    return keep
