"""A work as a card: picture, title, artist, year, a relevance phrase, like and dislike, why."""

from collections.abc import Sequence

import streamlit as st

from artrec.catalogue import Artwork
from artrec.explanation import in_short
from artrec.pictures import Picture
from artrec.plates import alt_text, plate
from artrec.recommender import Recommendation, Response
from artrec.relevance import NO_MATCH, phrase
from artrec.ui import people, resources, state, why
from artrec.ui.frame import App
from artrec.ui.safe import md

CARD_WIDTH = 208  # px, at least
THIRD = 300  # pixels that make three columns of the widest page: nine works fill three rows
PATIENCE = 2.5  # seconds a page waits for pictures; those that come later show on the next run


def pictures_for(app: App, works: Sequence[Artwork], size: str = "large") -> dict[str, Picture]:
    """Pictures at hand by id: the collection's own in a `size` of `thumbnails.SIZES`, and from the network where allowed."""
    found, shelf = {}, app.recommender.collection.shelf
    if shelf is not None:
        made = {work.artwork_id: shelf.thumbnail(work.artwork_id, size) for work in works}
        found = {i: Picture(file, "", "") for i, file in made.items() if file is not None}
    if state.network():
        found |= resources.pictures().fetch_all([w for w in works if w.artwork_id not in found], seconds=PATIENCE)
    return found


def picture(work: Artwork, found: Picture | None) -> None:
    """The work's picture with its credit, or its drawn plate; both with alternative text."""
    if found is None:
        st.image(plate(work), width="stretch", alt=alt_text(work))
        return
    by = f" by {work.artist}" if work.artist else ""
    st.image(str(found.path), width="stretch", alt=f"{work.title}{by}")
    if found.credit or work.image_credit:
        st.caption(md(found.credit or work.image_credit))


def title_link(work: Artwork) -> None:
    """The title, leading to the work's page."""
    st.page_link(
        "pages/artwork.py", label=f"**{md(work.title)}**", icon="", query_params=state.link(id=work.artwork_id), help=""
    )


def byline(work: Artwork) -> str:
    """Artist (or culture) and date, as Markdown."""
    return md(" · ".join(part for part in (work.artist or work.culture, work.when) if part))


def listed(work: Artwork) -> str:
    """A work in a list to choose from, as plain text."""
    return " · ".join(part for part in (work.title, work.artist or work.culture, work.when) if part)


def marks(work: Artwork, place: str) -> None:
    """Like and dislike; on the work's own page also stars, a note and boards, where somebody chose a profile."""
    artwork_id = work.artwork_id
    liked, disliked = artwork_id in state.likes(), artwork_id in state.dislikes()
    st.button(
        "Liked" if liked else "Like",
        key=f"like_{place}_{artwork_id}",
        icon=":material/favorite:" if liked else ":material/favorite_border:",
        type="primary" if liked else "secondary",
        on_click=state.toggle_like,
        args=(artwork_id,),
    )
    st.button(
        "",
        key=f"dislike_{place}_{artwork_id}",
        icon=":material/thumb_down:",
        type="primary" if disliked else "secondary",
        help="Not for me" if not disliked else "Take the dislike back",
        on_click=state.toggle_dislike,
        args=(artwork_id,),
    )
    if place == "page" and state.person() is not None:
        people.more(artwork_id)


def card(
    app: App, work: Artwork, found: Picture | None, place: str, result: Recommendation | None = None,
    response: Response | None = None, moved: str = "",
) -> None:  # fmt: skip
    """One card. `place` keeps the keys of two cards of one work on a page apart; `moved`: a rank-change mark."""
    with st.container(border=True, gap="xsmall", height="stretch", key=f"card_{place}_{work.artwork_id}"):
        picture(work, found)
        title_link(work)
        st.caption(byline(work))
        if result is not None:
            st.markdown(f":small[{_reason(app, result)}]")
            st.caption(moved + md(phrase(result.relevance) if response is None or response.good else NO_MATCH))
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"acts_{place}_{work.artwork_id}"):
            marks(work, place)
            if result is not None and st.button("Why", key=f"why_{place}_{work.artwork_id}", type="tertiary"):
                why.dialog(app, response, result)


def _reason(app: App, result: Recommendation) -> str:
    """The main reasons, short: what they rest on first, where that is a liked work."""
    said = in_short(result, app.recommender.collection)
    return md(said[:1].upper() + said[1:])


def grid(app: App, works: Sequence[Artwork], place: str, width: int = CARD_WIDTH) -> None:
    """Works without scores, in columns at least `width` pixels wide."""
    found = pictures_for(app, works)
    with st.grid(min_column_width=width, gap="medium", key=f"grid_{place}"):
        for work in works:
            card(app, work, found.get(work.artwork_id), place)


def results(app: App, response: Response, place: str, moved: dict[str, str] | None = None) -> None:
    """Recommendations as cards, best first."""
    found = pictures_for(app, [r.artwork for r in response.results])
    with st.grid(min_column_width=CARD_WIDTH, gap="medium", key=f"grid_{place}"):
        for r in response.results:
            mark = (moved or {}).get(r.artwork.artwork_id, "")
            card(app, r.artwork, found.get(r.artwork.artwork_id), place, r, response, mark)


def remarks(response: Response) -> None:
    """What the query's author should know: no good match, what was not understood, what is hidden."""
    if not response.good and response.results:
        st.info(
            "**No good match.** Nothing in this collection answers that. These are the nearest works.",
            icon=":material/search_off:",
        )
    for note in response.notes:
        st.caption(":material/info: " + md(note))
    if response.hidden:
        st.caption(f":material/visibility_off: {response.hidden} left out by the classroom-safe filter (see the sidebar).")
