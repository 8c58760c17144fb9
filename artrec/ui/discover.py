"""The Discover page: the box, its starters and filters, and what comes back."""

from dataclasses import replace

import numpy as np
import streamlit as st

from artrec.filters import Facets
from artrec.recommender import Request
from artrec.starters import Idea, ideas
from artrec.ui import cards, look, state
from artrec.ui.frame import App
from artrec.ui.safe import md
from artrec.visual.seeing import Sight

ICONS = {"mood": ":material/mood:", "theme": ":material/category:", "lesson": ":material/school:"}
SHOWN = 12
STRIP = 4
HELP = """
| you type | it means |
|---|---|
| `a quiet winter morning` | meaning and words |
| `+calm -crowd` | weigh towards, away from |
| `"blue robe"` | these exact words |
| `artist:monet` `-type:print` | keep, leave out: artist, movement, medium, type, culture, museum |
| `before:1800` `after:"500 BCE"` | years |
| `like:hokusai-great-wave` | like that work; `-like:` unlike it |
| `梵高名画` | Chinese names work too |
"""


def ask(app: App) -> tuple[str, Sight | None]:
    """The box, and the ways to ask without words. Returns the query, "" where there is none, and what is shown."""
    st.title("What would you like to see?", anchor=False)
    if "query_widget" not in st.session_state:
        st.session_state["query_widget"] = st.session_state[state.QUERY]
    with st.container(horizontal=True, vertical_alignment="bottom", key="ask"):
        st.text_input(
            "Describe it, or name it",
            key="query_widget",
            placeholder="a storm at sea, but hopeful",
            on_change=_typed,
            width="stretch",
        )
        look.buttons(app)
        with st.popover("How to ask", icon=":material/help:"):
            st.markdown(HELP)
    collection = app.recommender.collection
    found = _ideas(collection.manifest["catalogue"], st.session_state[state.SEED], collection.catalogue)
    begin = {idea.label: idea for idea in found}
    st.pills(
        "Or begin here: a mood, a theme, a lesson", list(begin), key="starter_widget", on_change=_begun, args=(begin,),
        format_func=lambda label: f"{ICONS[begin[label].kind]} {md(label)}", label_visibility="collapsed",
    )  # fmt: skip
    query = st.session_state[state.QUERY]
    state.mirror(q=query, shades=",".join(f"{colour[1:]}-{share}" for colour, share in state.shades()))
    return query, look.sight(app)


def _typed() -> None:
    st.session_state[state.QUERY] = st.session_state["query_widget"].strip()
    st.session_state["starter_widget"] = None


def _begun(begin: dict[str, Idea]) -> None:
    idea = begin.get(st.session_state["starter_widget"])
    chosen = idea.query if idea else ""
    st.session_state[state.QUERY] = st.session_state["query_widget"] = chosen


@st.cache_data(show_spinner=False, max_entries=16)
def _ideas(catalogue_hash: str, seed: int, _catalogue) -> tuple[Idea, ...]:
    return ideas(_catalogue, seed)


def _facets(app: App) -> Facets:
    """Filters by field, each with its counts, folded away until wanted."""
    column = app.recommender.collection.features.column
    chosen: dict[str, tuple] = {}
    with st.popover("Filters", icon=":material/filter_list:"):
        for field, label in (("type", "Type"), ("movement", "Movement"), ("culture", "Culture"), ("century", "Century")):
            values = column(field)
            tally = np.bincount(values.codes, minlength=len(values.values))
            counts = {value: int(count) for value, count in zip(values.values, tally, strict=True) if value not in ("", None)}
            order = sorted(counts, key=(lambda v: v) if field == "century" else (lambda v, c=counts: (-c[v], v)))
            key = f"facet_{field}"
            kept = [v for v in state.kept(key, ()) if v in counts]
            picked = st.multiselect(
                label, order, default=kept, key=f"{key}_widget", on_change=state.keep, args=(key, f"{key}_widget"),
                format_func=lambda v, c=counts: f"{century(v) if isinstance(v, int) else v} ({c[v]})", placeholder="any",
            )  # fmt: skip
            chosen[field] = tuple(picked)
    return replace(app.facets, **chosen)


def century(number: int) -> str:
    """19 → "19th c.", -5 → "5th c. BCE"; deep time in thousands of years."""
    if number < -40:
        return f"{-number * 100:,} BCE"
    n = abs(number)
    suffix = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix} c." + (" BCE" if number < 0 else "")


def show(app: App, query: str, sight: Sight | None = None) -> None:
    """Results; or, with nothing asked, recommendations where there are likes, and nine works far apart."""
    if sight is not None:
        look.told(app, sight)
    facets = _facets(app)
    if query or sight is not None:
        response = app.recommender.recommend(Request(query=query, n=SHOWN, facets=facets, sight=sight))
        cards.remarks(response)
        cards.results(app, response, "found")
        return
    if state.likes():
        st.subheader("Because of what you liked", anchor=False)
        response = app.recommender.recommend(Request(profile=state.profile(), n=STRIP, diversity=0.2, facets=facets))
        cards.results(app, response, "strip")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Nine works, far apart", anchor=False)
        st.button("Another nine", icon=":material/refresh:", on_click=state.another_nine, type="tertiary")
    works = app.recommender.starters(9, st.session_state[state.SEED], facets)
    if not works:
        st.info("No work passes all the filters. Take one away.", icon=":material/filter_list_off:")
    cards.grid(app, works, "nine", cards.THIRD)
