"""Every session key, in one place. Plain values, changed only in callbacks, mirrored in the URL so that a link restores them.
Where somebody chose a profile, what they do is kept in the community's store as well (`memory`), and comes back from there.

Widgets lose their state when their page is left; what must outlive a page is copied into keys of our own (`KEEP`).
"""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from artrec.catalogue import Catalogue
from artrec.community.actions import CLEAR, DISLIKE, LIKE, VIEW
from artrec.community.failures import UnknownProfile
from artrec.errors import ArtrecError
from artrec.profile import Profile
from artrec.ui import memory

if TYPE_CHECKING:
    from artrec.community.people import Profile as Person
    from artrec.community.store import Event

LIKES, DISLIKES, SAFE, NETWORK, QUERY, SEED, READY, LOST = (
    "likes",
    "dislikes",
    "safe",
    "network",
    "query",
    "seed",
    "ready",
    "lost",
)
ALLOWED_NOTES, MIRRORED, COLLECTION, SHADES = "allowed_notes", "mirrored", "collection", "shades"
PERSON, LOADED, LOOKING, FAULT = "person", "loaded", "looking", "fault"
MAX_IN_URL = 60  # works; a longer link would not fit browsers
_SHADE = re.compile(r"([0-9a-f]{6})-(\d{1,3})")


def start(catalogue: Catalogue) -> None:
    """On a session's first run, read the URL. Ids that the collection does not hold are counted, not kept."""
    if READY in st.session_state:
        return
    asked = {key: [i for i in st.query_params.get(key, "").split(",") if i][:MAX_IN_URL] for key in (LIKES, DISLIKES)}
    for key, ids in asked.items():
        st.session_state[key] = tuple(dict.fromkeys(i for i in ids if i in catalogue))
    st.session_state[LIKES] = tuple(i for i in st.session_state[LIKES] if i not in st.session_state[DISLIKES])
    st.session_state[LOST] = sum(1 for ids in asked.values() for i in ids if i not in catalogue)
    st.session_state[SAFE] = st.query_params.get("safe") != "off"
    st.session_state[ALLOWED_NOTES] = tuple(n for n in st.query_params.get("allow", "").split(",") if n)
    st.session_state[NETWORK] = False  # never switched on by a link
    st.session_state[QUERY] = st.query_params.get("q", "")
    found = _SHADE.findall(st.query_params.get(SHADES, "")[:60])[:5]
    st.session_state[SHADES] = tuple((f"#{colour}", min(max(int(share), 5), 100)) for colour, share in found)
    st.session_state[SEED] = 0
    st.session_state[PERSON] = st.session_state[LOADED] = st.session_state[LOOKING] = None
    st.session_state[FAULT] = ""
    with _said("Your profile was not found."):
        st.session_state[PERSON] = memory.remembered()
    st.session_state[READY] = True


def settle(catalogue: Catalogue) -> None:
    """At the beginning of each run: note how long a work was looked at, and take up what the person chose last likes of this
    collection."""
    looked()
    wanted = (person().id, collection()) if person() else None
    if st.session_state[LOADED] == wanted:
        return
    st.session_state[LOADED] = wanted  # also where it fails: a database that is away is not asked at every click
    if wanted is not None:
        with _said("Your likes could not be read."):
            for key, ids in zip((LIKES, DISLIKES), memory.store().marks(wanted[0]), strict=True):
                st.session_state[key] = tuple(i for i in ids if i in catalogue)


def person() -> "Person | None":
    """The profile that somebody chose; None where nobody did."""
    return st.session_state.get(PERSON)


def choose_person(chosen: "Person", adopt: bool = False) -> None:
    """Callback: go on as this person. `adopt`: what this session liked so far becomes theirs."""
    st.session_state[PERSON], st.session_state[LOADED], st.session_state[LOOKING] = chosen, None, None
    memory.remember(chosen)
    if adopt:
        keep_events([(LIKE, i) for i in likes()] + [(DISLIKE, i) for i in dislikes()])


def leave_person() -> None:
    """Callback: nobody's session again. What was kept stays kept, and nothing of it stays in the session."""
    looked()
    st.session_state[PERSON] = st.session_state[LOADED] = st.session_state[LOOKING] = None
    st.session_state[LIKES] = st.session_state[DISLIKES] = ()
    memory.remember(None)


def keep_events(done: Sequence[tuple]) -> bool:
    """Keep what the person did (kind, artwork_id[, value[, text]]), as one action. Nothing where nobody chose a profile. A
    store that fails is said on the next run; returns whether all is well."""
    if person() is None or not done:
        return True
    with _said("This is not kept."):
        if len(done) == 1:
            memory.store().record(person().id, *done[0])
        else:
            memory.store().record_all(person().id, done)
        return True
    return False


def undo() -> "Event | None":
    """Take the person's last action back. Returns what it was, or None."""
    looked()
    with _said("Nothing was taken back."):
        found = memory.store().undo(person().id)
        st.session_state[LOADED] = None
        return found
    return None


def take_back(event_id: int) -> None:
    """Callback: delete one thing that the person did, such as an old note."""
    looked()
    with _said("This is not deleted."):
        memory.store().take_back(person().id, event_id)


def looked() -> None:
    """An action: the work that was opened last has been looked at until now."""
    looking = st.session_state.get(LOOKING)
    if looking and looking[1] is not None:
        st.session_state[LOOKING] = (looking[0], None)
        keep_events([(VIEW, looking[0], time.monotonic() - looking[1])])


@contextmanager
def _said(what: str) -> Iterator[None]:
    """A failing store is told of on the next run, and the page goes on without it; who was deleted elsewhere is nobody."""
    try:
        yield
    except UnknownProfile as error:
        st.session_state[FAULT] = f"{what} {error}"
        st.session_state[PERSON] = st.session_state[LOADED] = st.session_state[LOOKING] = None
        memory.remember(None)
    except ArtrecError as error:
        st.session_state[FAULT] = f"{what} {error}"


def fault() -> str:
    """What the store could not do, told once."""
    said, st.session_state[FAULT] = st.session_state[FAULT], ""
    return said


def collection() -> str:
    """The slug of the collection this session looks at; empty is the one the app was started with."""
    if COLLECTION not in st.session_state:
        st.session_state[COLLECTION] = st.query_params.get(COLLECTION, "")
    return st.session_state[COLLECTION]


def choose_collection(slug: str) -> None:
    """Look at another collection. Likes are of works, so they stay with the collection they were given in."""
    st.session_state[COLLECTION] = slug
    for key in (LIKES, DISLIKES):
        st.session_state[key] = ()
    for key in ("artwork_id", "artwork_widget", "map_list", "map_view", "map", "path_goal"):
        st.session_state.pop(key, None)


def mirror(**page: str) -> None:
    """Write the shared state, and what the page adds, into the URL. Only differences are sent to the browser."""
    wanted = {
        LIKES: ",".join(likes()[-MAX_IN_URL:]),
        DISLIKES: ",".join(dislikes()[-MAX_IN_URL:]),
        "safe": "" if safe() else "off",
        COLLECTION: collection(),
        "allow": ",".join(allowed_notes()) if safe() else "",
        **page,
    }
    wanted = {key: value for key, value in wanted.items() if value}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
    st.session_state[MIRRORED] = (likes(), dislikes())
    opened, looking = page.get("id"), st.session_state.get(LOOKING)
    if opened != (looking[0] if looking else None):
        st.session_state[LOOKING] = (opened, time.monotonic()) if opened and person() else None


def catch_up() -> None:
    """In a fragment: run the whole page again where a like was given inside it, so that sidebar and link follow."""
    if st.session_state[MIRRORED] != (likes(), dislikes()):
        st.rerun()


def link(**page: str) -> dict[str, str]:
    """Query parameters for a link inside the app: `mirror` adds the shared ones on arrival."""
    return {key: value for key, value in page.items() if value}


def likes() -> tuple[str, ...]:
    """Liked ids, oldest first."""
    return st.session_state[LIKES]


def dislikes() -> tuple[str, ...]:
    """Disliked ids, oldest first."""
    return st.session_state[DISLIKES]


def profile() -> Profile:
    """Likes and dislikes as the recommender takes them."""
    return Profile(likes(), dislikes())


def shades() -> tuple[tuple[str, int], ...]:
    """The colours that are asked for, each with its share in hundredths; () where none are."""
    return st.session_state[SHADES]


def safe() -> bool:
    """Whether works with content notes are left out."""
    return st.session_state[SAFE]


def allowed_notes() -> tuple[str, ...]:
    """Content notes that are shown even so."""
    return st.session_state[ALLOWED_NOTES]


def network() -> bool:
    """Whether pictures may be fetched."""
    return st.session_state[NETWORK]


def toggle_like(artwork_id: str) -> None:
    """Callback: like, or take the like back."""
    _toggle(artwork_id, LIKES, DISLIKES)


def toggle_dislike(artwork_id: str) -> None:
    """Callback: dislike, or take the dislike back."""
    _toggle(artwork_id, DISLIKES, LIKES)


def _toggle(artwork_id: str, into: str, out_of: str) -> None:
    looked()
    already = artwork_id in st.session_state[into]
    for key in (into, out_of):
        st.session_state[key] = tuple(i for i in st.session_state[key] if i != artwork_id)
    if not already:
        st.session_state[into] = (*st.session_state[into], artwork_id)
    keep_events([(CLEAR if already else LIKE if into == LIKES else DISLIKE, artwork_id)])


def forget_all() -> None:
    """Callback: no likes, no dislikes."""
    gone = (*likes(), *dislikes())
    st.session_state[LIKES] = st.session_state[DISLIKES] = ()
    keep_events([(CLEAR, artwork_id) for artwork_id in gone])


def another_nine() -> None:
    """Callback: other works to begin with."""
    st.session_state[SEED] += 1


def keep(key: str, widget: str) -> None:
    """Callback: copy a widget's value into a key that outlives its page."""
    value = st.session_state[widget]
    st.session_state[key] = tuple(value) if isinstance(value, list) else value


def kept(key: str, default):
    """A kept value, or its default."""
    return st.session_state.setdefault(key, default)
