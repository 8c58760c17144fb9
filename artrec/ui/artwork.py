"""The Artwork page: the picture large, the facts, where to look, what to discuss, what lies near, and a path away."""

from collections.abc import Collection
from urllib.parse import quote

import numpy as np
import streamlit as st

from artrec.catalogue import Artwork
from artrec.channels import BY_NAME, LABELS, channels_of
from artrec.errors import UnknownArtwork
from artrec.filters import Facets
from artrec.keywords import keywords
from artrec.paths import path
from artrec.profile import Profile
from artrec.recommender import Request
from artrec.ui import cards, seen, state
from artrec.ui.frame import App
from artrec.ui.pick import pick
from artrec.ui.safe import md

COMPARED = (
    "text", "subject", "mood", "visual", "palette", "light", "texture", "composition", "movement", "medium", "period",
    "culture",
)  # fmt: skip
NEAREST = 3
KEYWORDS = 6
PREDICTED = {"movement": "Movement", "genre": "Genre", "type": "Type", "moods": "Feels", "subjects": "Shows"}


def choose(app: App) -> Artwork | None:
    """The work that the URL or the list names."""
    catalogue = app.recommender.collection.catalogue
    asked = st.query_params.get("id", "") or state.kept("artwork_id", "")
    if asked and asked not in catalogue:
        state.mirror()
        st.session_state["artwork_id"] = ""
        try:
            catalogue.row(asked)
        except UnknownArtwork as error:
            st.error(md(error.fact) + " " + md(error.cure), icon=":material/error:")
        asked = ""
    if asked and st.session_state.get("artwork_widget") != asked:
        st.session_state["artwork_widget"] = asked
    collection = app.recommender.collection
    picked = pick(
        "Artwork", collection, np.arange(len(collection)), "artwork_widget", "Choose an artwork", cards.listed,
        on_change=_picked, label_visibility="collapsed",
    )  # fmt: skip
    if picked is None:
        state.mirror()
        return None
    st.session_state["artwork_id"] = picked
    state.mirror(id=picked)
    return catalogue[catalogue.row(picked)]


def _picked() -> None:
    picked = st.session_state["artwork_id"] = st.session_state["artwork_widget"] or ""
    if picked:
        st.query_params["id"] = picked
    else:
        st.query_params.pop("id", None)


def show(app: App, work: Artwork | None) -> None:
    """The page of a work."""
    if work is None:
        st.caption("Choose a work above, or open one from its card.")
        cards.grid(app, app.recommender.starters(6, st.session_state[state.SEED], app.facets), "artwork_start")
        return
    if _hidden(app.facets, work) and not st.session_state.get(f"show_{work.artwork_id}"):
        st.warning(
            f"**{md(work.title)}** is left out by the classroom-safe filter. Its notes: {md(', '.join(work.content_notes))}.",
            icon=":material/visibility_off:",
        )
        st.button("Show it this once", on_click=st.session_state.__setitem__, args=(f"show_{work.artwork_id}", True))
        return
    left, right = st.columns([5, 6], gap="large")
    looked = seen.has_picture(app, work)
    with left:
        found = cards.pictures_for(app, [work])
        if looked and work.artwork_id in found:
            seen.picture(app, work)
        else:
            cards.picture(work, found.get(work.artwork_id))
        if work.artwork_id not in found:
            st.caption("A plate of the work's colours, drawn by ArtRec; not a picture of it.")
        if looked:
            seen.measured(app, work)
    with right:
        _facts(app, work)
    if looked:
        seen.alike(app, work)
    _nearest(app, work, seen.ALIKE if looked else ())
    _path(app, work)


def _hidden(facets: Facets, work: Artwork) -> bool:
    return bool(set(work.content_notes) & set(facets.hidden_notes))


def _facts(app: App, work: Artwork) -> None:
    st.title(md(work.title), anchor=False)
    names = " · ".join(md(part) for part in (work.title_zh, work.artist_zh) if part)
    byline = cards.byline(work)
    st.markdown("  \n".join(filter(None, (byline and f"**{byline}**", names))))
    with st.container(horizontal=True):
        cards.marks(work, "page")
    st.markdown(md(work.description))
    if work.look_for:
        st.markdown(f":material/visibility: **Look for.** {md(work.look_for)}")
    if work.discuss:
        st.markdown(f":material/forum: **Discuss.** {md(work.discuss)}")
    life = _life(work)
    facts = {
        "Artist": " ".join(filter(None, (work.artist, life))),
        "Made of": work.medium,
        "Type": " · ".join(filter(None, (work.type, work.genre))),
        "Movement": work.movement,
        "Culture": ", ".join(dict.fromkeys(filter(None, (work.culture, work.country)))),
        "Where": ", ".join(filter(None, (work.museum, work.city))),
        "Size": work.dimensions,
        "Shows": ", ".join(work.subjects),
        "Feels": ", ".join(work.moods),
        "Topic": _topic(app, work),
        "Keywords": ", ".join(phrase for phrase, _ in keywords(f"{work.title}. {work.description}", KEYWORDS)),
        "Content notes": ", ".join(work.content_notes),
    }
    lines = [f":gray[{label}] {md(value)}" for label, value in facts.items() if value]
    st.markdown("  \n".join(lines))
    _predicted(app, work)
    if work.wikipedia:
        address = "https://en.wikipedia.org/wiki/" + quote(work.wikipedia.replace(" ", "_"), safe="")
        st.markdown(f"[Wikipedia: {md(work.wikipedia)}]({address})")


def _predicted(app: App, work: Artwork) -> None:
    """What the record leaves open and the heads read out of the rest."""
    found = app.recommender.collection.predicted.get(work.artwork_id, {})
    if not found:
        return
    lines = [
        f":gray[{PREDICTED[field]}] " + ", ".join(f"{md(label)} ({chance:.0%})" for label, chance in pairs)
        for field, pairs in found.items()
    ]
    st.markdown("  \n".join([":material/psychology: **Predicted**, not in the record:", *lines]))


def _topic(app: App, work: Artwork) -> str:
    c = app.recommender.collection
    return c.topics[c.topic_of[c.catalogue.row(work.artwork_id)]].name if c.topics else ""


def _life(work: Artwork) -> str:
    if not work.artist_life:
        return ""
    born, died = work.artist_life
    return f"({born or '?'}–{died or ''})" if died else f"(born {born})" if born else ""


def _nearest(app: App, work: Artwork, shown: Collection[str]) -> None:
    """For each channel alone but those shown above, the works nearest to this one, side by side."""
    st.subheader("Near it, by each reason", anchor=False)
    with st.grid(min_column_width=200, gap="medium", key="nearest"):
        possible = {channel.name for channel in channels_of(app.recommender.collection)}.difference(shown)
        for name in filter(possible.__contains__, COMPARED):
            request = Request(profile=Profile(likes=(work.artwork_id,)), n=NEAREST, weights={name: 1.0}, facets=app.facets)
            results = [r for r in app.recommender.recommend(request).results if r.score > 0]
            with st.container(border=True, key=f"near_{name}"):
                st.markdown(f"**{LABELS[name].capitalize()}**")
                if not results:
                    st.caption("Nothing near by this reason.")
                for r in results:
                    cards.title_link(r.artwork)
                    st.caption(md(r.contributions[0].evidence))


def _path(app: App, work: Artwork) -> None:
    """A walk to another work."""
    c = app.recommender.collection
    st.subheader("A path to another work", anchor=False)
    others = np.delete(np.arange(len(c)), c.catalogue.row(work.artwork_id))
    goal = pick("To", c, others, "path_goal", "Choose where to arrive")
    if goal is None:
        return
    hops = path(c, c.catalogue.row(work.artwork_id), c.catalogue.row(goal), keep=c.filters.mask(None, app.facets))
    found = cards.pictures_for(app, [c.catalogue[hop.row] for hop in hops])
    with st.grid(min_column_width=150, gap="small", key="path"):
        for number, hop in enumerate(hops):
            step = c.catalogue[hop.row]
            with st.container(border=True, key=f"hop_{number}"):
                cards.picture(step, found.get(step.artwork_id))
                cards.title_link(step)
                st.caption(f"{LABELS[BY_NAME[hop.channel].name]}: {md(hop.evidence)}" if hop.channel else "start")
