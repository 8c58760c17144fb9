"""The frame of every page: configuration, navigation, sidebar, shared state, and errors said in one sentence."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from artrec import config
from artrec.errors import ArtrecError
from artrec.filters import Facets
from artrec.recommender import Recommender
from artrec.ui import memory, people, resources, state
from artrec.ui.safe import md

PAGES = (
    ("pages/discover.py", "Discover", ":material/search:"),
    ("pages/for_you.py", "For you", ":material/favorite:"),
    ("pages/map.py", "Map", ":material/scatter_plot:"),
    ("pages/artwork.py", "Artwork", ":material/palette:"),
    ("pages/people.py", "People", ":material/group:"),
    ("pages/lab.py", "Lab", ":material/science:"),
    ("pages/collections.py", "Collections", ":material/folder_open:"),
)
ASSETS = config.ROOT / "assets"
ICON = ASSETS / "icon.png"
logger = logging.getLogger(__name__)
_routed = False  # whether this server has the navigation; Streamlit keeps it for all sessions


@dataclass(frozen=True)
class App:
    """What a page works with."""

    recommender: Recommender
    facets: Facets  # what the sidebar leaves out


def routes():
    """The navigation; `routes().run()` runs the page that was asked for."""
    st.set_page_config(page_icon=str(ICON))  # first: a page's own icon would be fetched from the network for the tab
    pages = [st.Page(path, title=title, icon=icon, default=number == 0) for number, (path, title, icon) in enumerate(PAGES)]
    global _routed
    _routed = True
    return st.navigation(pages)


@contextmanager
def open(title: str) -> Iterator[App]:
    """Open a page. An `ArtrecError` on the way is shown as one sentence with its cure; the rest of the app goes on."""
    st.set_page_config(page_title=f"{title} · ArtRec", page_icon=str(ICON), layout="wide")
    st.html(ASSETS / "style.css")
    st.logo(ASSETS / "logo.svg", size="large")
    if not _routed:  # a server's very first visit, straight to a page's address, runs the page without app.py
        routes()
        st.rerun()  # through app.py; else this run's widgets have other ids than the next one's, and lose what they are given
    try:
        recommender = resources.recommender(state.collection())
        state.start(recommender.collection.catalogue)
        state.settle(recommender.collection.catalogue)
        facets = _sidebar(recommender)
    except ArtrecError as error:
        _say(error)
        st.stop()
    if fault := state.fault():
        st.error(md(fault), icon=":material/error:")
    try:
        yield App(recommender, facets)
    except ArtrecError as error:
        _say(error)


def _say(error: ArtrecError) -> None:
    logger.warning("%s", error)
    st.error(md(error.fact) + "\n\n" + md(error.cure), icon=":material/error:")


def _sidebar(recommender: Recommender) -> Facets:
    notes = sorted({note for found in recommender.collection.features.column("content_notes").values for note in found})
    with st.sidebar:
        st.caption("Find art by words or by likes, and see why. Nothing leaves this computer.")
        people.panel(recommender.collection.catalogue)
        _marks(recommender)
        st.divider()
        _switch("Classroom-safe", state.SAFE, "Leaves out works with content notes, such as nudity, violence or death.")
        if state.safe() and notes:
            allowed = [note for note in state.allowed_notes() if note in notes]
            st.multiselect(
                "Show all the same",
                notes,
                default=allowed,
                key="allowed_widget",
                on_change=state.keep,
                args=(state.ALLOWED_NOTES, "allowed_widget"),
                placeholder="no exceptions",
                help="Works that carry only these notes are shown.",
            )
        fetched = "Asks Wikipedia for thumbnails of public-domain works and keeps them here. Off: drawn colour plates."
        _switch("Fetch pictures", state.NETWORK, fetched)
        if lost := st.session_state[state.LOST]:
            st.caption(
                f"{lost} work{'s' if lost > 1 else ''} in your link {'are' if lost > 1 else 'is'} not in this collection."
            )
        memory.script()
    if not state.safe():
        return Facets()
    return Facets(hidden_notes=tuple(note for note in notes if note not in state.allowed_notes()))


def _switch(label: str, key: str, help_: str) -> None:
    widget = f"{key}_widget"
    st.toggle(label, value=st.session_state[key], key=widget, on_change=state.keep, args=(key, widget), help=help_)


def _marks(recommender: Recommender) -> None:
    liked, disliked = state.likes(), state.dislikes()
    if not liked and not disliked:
        st.caption("Like a few works and For you fills itself.")
        return
    catalogue = recommender.collection.catalogue
    with st.expander(f"{len(liked)} liked, {len(disliked)} disliked"):
        for artwork_id, toggle, icon in [
            *((i, state.toggle_like, ":material/favorite:") for i in reversed(liked)),
            *((i, state.toggle_dislike, ":material/thumb_down:") for i in reversed(disliked)),
        ]:
            title = catalogue[catalogue.row(artwork_id)].title
            st.button(
                md(title),
                key=f"forget_{artwork_id}",
                icon=icon,
                type="tertiary",
                on_click=toggle,
                args=(artwork_id,),
                help="Take back",
            )
        st.button("Forget all", key="forget_all", icon=":material/delete:", on_click=state.forget_all)
        if state.person() is None:
            st.caption("The address of this page holds your likes: keep the link to come back to them.")
