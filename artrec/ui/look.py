"""Asking with the eye: colours that are picked, a picture that is dropped. Neither leaves this computer, and a picture that is
dropped is kept nowhere: it lies in the session's memory until it is taken away or the page is left."""

import numpy as np
import streamlit as st

from artrec.collection import Collection
from artrec.errors import ArtrecError
from artrec.figures_visual import palette_bar, palette_told
from artrec.ui import state
from artrec.ui.frame import App
from artrec.ui.safe import md
from artrec.visual.seeing import MOST_COLOURS, Sight, colours, see

KINDS = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff")
FEWEST = 2
STEP, FIRST_SHARE = 5, 40  # of a colour's share, in hundredths
FIRST = (("#1f3a5f", 60), ("#e0a458", 40))
NEXT = "#8a8a8a"
BEGINNINGS = {
    "Sea": (("#1d4e79", 55), ("#6fa8c7", 30), ("#efe6cf", 15)),
    "Dusk": (("#2b2244", 45), ("#b5533c", 35), ("#f0b35b", 20)),
    "Forest": (("#1f3d2b", 50), ("#6b8f4e", 35), ("#c9b27c", 15)),
    "Gold": (("#c9962c", 55), ("#5b3a1a", 30), ("#f3e3b5", 15)),
    "Snow": (("#e9eef2", 65), ("#9fb3c4", 25), ("#4a5563", 10)),
    "Fire": (("#c22f1f", 50), ("#f08a24", 30), ("#1b1210", 20)),
}
DROPPED, READ, TURN = "dropped", "dropped_read", "dropped_turn"


def can_look(collection: Collection) -> bool:
    """Whether the collection knows colours, from pictures or from its records."""
    return bool(np.isfinite(collection.palettes[0, 0]).any())


def buttons(app: App) -> None:
    """The two ways to ask without words, each folded away until wanted."""
    if not can_look(app.recommender.collection):
        return
    with st.popover("Colours", icon=":material/palette:"):
        _pick()
    with st.popover("A picture", icon=":material/add_photo_alternate:"):
        _drop(app)


def sight(app: App) -> Sight | None:
    """What is asked for with the eye, or None."""
    if not can_look(app.recommender.collection):
        return None
    chosen = colours(state.shades()) if state.shades() else None
    _, shown, _ = st.session_state.get(READ) or ("", None, None)
    return chosen if shown is None else shown.with_colours(chosen)


def told(app: App, asked: Sight) -> None:
    """What is being looked for, with a way back."""
    with st.container(border=True, key="look_told"):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            if asked.picture is not None:
                st.image(asked.picture, width=96, alt="The picture you dropped here")
            with st.container():
                whose = "The colours you chose" if asked.chosen else "The colours of your picture"
                st.image(palette_bar(asked.palette, 60), width="stretch", alt=f"{whose}: {palette_told(asked.palette)}")
                st.caption(f"{whose}: {md(palette_told(asked.palette))}.")
            if state.shades():
                st.button("No colours", icon=":material/close:", type="tertiary", key="shades_off", on_click=_set, args=((),))
            if asked.picture is not None:
                st.button("No picture", icon=":material/close:", type="tertiary", key="drop_off", on_click=_forget)
        if asked.picture is not None and app.recommender.collection.shelf is None:
            st.caption(
                "This collection has no pictures of its own, so only the colours are compared, with those in its records."
            )


def _pick() -> None:
    """Two to five colours, each with its share."""
    st.pills(
        "Begin with", list(BEGINNINGS), key="shades_begin", on_change=_begin, help="Then change every colour and its share."
    )
    shades = state.shades()
    if not shades:
        st.button("My own colours", icon=":material/colorize:", key="shades_own", on_click=_set, args=(FIRST,))
        return
    st.image(palette_bar(colours(shades).palette, 60), width="stretch", alt="The colours you chose, each as wide as its share")
    for at, (colour, share) in enumerate(shades):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.session_state.setdefault(f"shade_colour_{at}", colour)
            st.session_state.setdefault(f"shade_share_{at}", share)
            st.color_picker(
                f"Colour {at + 1}", key=f"shade_colour_{at}", on_change=_changed, args=(at,), label_visibility="collapsed"
            )
            st.slider(
                f"Share of colour {at + 1}", STEP, 100, step=STEP, key=f"shade_share_{at}", on_change=_changed, args=(at,),
                label_visibility="collapsed", width=220,
            )  # fmt: skip
    with st.container(horizontal=True):
        if len(shades) < MOST_COLOURS:
            more = (*shades, (NEXT, FIRST_SHARE))
            st.button("Add a colour", icon=":material/add:", key="shades_more", on_click=_set, args=(more,))
        if len(shades) > FEWEST:
            st.button("Take one away", icon=":material/remove:", key="shades_less", on_click=_set, args=(shades[:-1],))
        st.button("Clear", key="shades_clear", type="tertiary", on_click=_set, args=((),))


def _begin() -> None:
    chosen = st.session_state["shades_begin"]
    if chosen:
        _set(BEGINNINGS[chosen])
        st.session_state["shades_begin"] = chosen


def _set(shades: tuple[tuple[str, int], ...]) -> None:
    """Callback: these colours, in the widgets too."""
    st.session_state[state.SHADES] = shades
    st.session_state["shades_begin"] = None
    for at in range(MOST_COLOURS):
        for kind, place in (("colour", 0), ("share", 1)):
            key = f"shade_{kind}_{at}"
            if at < len(shades):
                st.session_state[key] = shades[at][place]
            else:
                st.session_state.pop(key, None)


def _changed(at: int) -> None:
    shades = list(state.shades())
    shades[at] = (st.session_state[f"shade_colour_{at}"].lower(), int(st.session_state[f"shade_share_{at}"]))
    st.session_state[state.SHADES] = tuple(shades)
    st.session_state["shades_begin"] = None


def _drop(app: App) -> None:
    """A picture from this computer; a bad file is told in one sentence."""
    key = f"{DROPPED}_{state.kept(TURN, 0)}"
    file = st.file_uploader("Drop a picture here", type=KINDS, key=key, max_upload_size=40)
    st.caption("It is read on this computer, is not kept, and goes nowhere. Up to 40 MB.")
    if file is None:
        st.session_state.pop(READ, None)
        return
    if (st.session_state.get(READ) or ("",))[0] != (file.file_id, app.recommender.collection.manifest["catalogue"]):
        st.session_state[READ] = _read(app, file)
    _, _, problem = st.session_state[READ]
    if problem:
        st.error(md(problem), icon=":material/broken_image:")


def _read(app: App, file) -> tuple[tuple[str, str], Sight | None, str | None]:
    """Which file in which collection, what was seen in it, and what was wrong with it."""
    from artrec.visual.loading import load

    collection = app.recommender.collection
    key = (file.file_id, collection.manifest["catalogue"])
    try:
        encoder = None if collection.shelf is None else collection.shelf.encoder
        return key, see(load(file.getvalue()), collection.visual, encoder), None
    except ArtrecError as error:
        return key, None, str(error)


def _forget() -> None:
    """Callback: the picture goes out of the session's memory."""
    st.session_state.pop(READ, None)
    st.session_state[TURN] = state.kept(TURN, 0) + 1
