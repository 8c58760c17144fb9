"""The app's way to the community's store, and the browser's cookie that says whose session it is.

Nothing here opens the store, or loads SQLAlchemy, until somebody chooses a profile or looks at the People page.
"""

import re
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from artrec.community.people import Profile
    from artrec.community.store import Store

COOKIE = "artrec_profile"
DAYS = 180  # that a browser remembers a profile of no room; one in a room is forgotten when the browser is closed
_SCRIPT = "cookie_script"
_HANDLE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def store() -> "Store":
    """The store, shared by all sessions. Raises `StoreError`."""
    from artrec.community.connections import address, identity

    place = address()
    found = _open(str(place), identity(place))
    found.rights.sweep_when_due()
    return found


@st.cache_resource(show_spinner=False, max_entries=1)
def _open(place: str, inode: int) -> "Store":
    from artrec.community.store import open_store

    return open_store()


def remembered() -> "Profile | None":
    """Whose session the browser says this is. Raises `StoreError`."""
    key = st.context.cookies.get(COOKIE)
    return store().profile_by_key(key) if isinstance(key, str) and key else None


def remember(person: "Profile | None") -> None:
    """Callback: let the browser remember a profile, or none, once `script` was shown."""
    key = person.key if person and _HANDLE.fullmatch(person.key) else ""  # it goes into a script: nothing else may
    until = "" if person and person.room else f"; max-age={DAYS * 86_400 if person else 0}"
    st.session_state[_SCRIPT] = f"{COOKIE}={key}{until}; path=/; samesite=strict"


def script() -> None:
    """Write the cookie. All of it is ours but the handle, which `remember` has looked at."""
    if cookie := st.session_state.get(_SCRIPT):
        st.html(f"<script>document.cookie = '{cookie}'</script>", unsafe_allow_javascript=True)
