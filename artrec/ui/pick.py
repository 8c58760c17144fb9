"""Choosing one work: from a list, or in a large collection by a few letters of its title."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from artrec.catalogue import Artwork
from artrec.collection import Collection
from artrec.text import fold

LISTED = 5_000  # works that a list holds; more would be sent to the browser at every run
FOUND = 50  # works offered for what was typed


def pick(
    label: str,
    collection: Collection,
    rows: np.ndarray,
    key: str,
    placeholder: str,
    named: Callable[[Artwork], str] = lambda work: work.title,
    also: tuple[str, ...] = (),
    **options,
) -> str | None:
    """The id of the work that is chosen among some rows, or None. `also`: ids that are offered whatever is typed. The choice
    lies under `key` in the session; an id that is no longer offered is dropped from there."""
    catalogue = collection.catalogue
    title_of = collection.features.column("title")
    if len(rows) <= LISTED:
        ids = [catalogue[int(row)].artwork_id for row in sorted(rows, key=lambda r: title_of.values[title_of.codes[r]])]
    else:
        typed = fold(st.text_input(f"{label}: part of a title", key=f"{key}_typed", placeholder="Type a few letters"))
        hits = rows[title_of.holding(typed)[rows]] if typed.strip() else rows[:0]
        if typed.strip():
            st.caption(
                f"{len(hits):,} titles hold that." if len(hits) <= FOUND else f"{len(hits):,} titles; the first {FOUND}:"
            )
        kept = [st.session_state[key]] if st.session_state.get(key) in catalogue else []
        ids = list(dict.fromkeys([*also, *kept, *(catalogue[int(row)].artwork_id for row in hits[:FOUND])]))
    if st.session_state.get(key) not in ids:
        st.session_state.pop(key, None)
    return st.selectbox(
        label, ids, index=None, key=key, placeholder=placeholder, format_func=lambda i: named(catalogue[catalogue.row(i)]),
        **options,
    )  # fmt: skip
