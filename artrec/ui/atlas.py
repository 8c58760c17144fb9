"""The Map page: colour, query, likes and recommendations on it; select to see true neighbours; lasso to get a grid."""

import numpy as np
import streamlit as st

from artrec.collection import Atlas, Collection
from artrec.figures import OTHER_NAME, Overlay, largest_groups, map_figure
from artrec.figures_density import MOST_POINTS, SPARSE, View, density_figure, selected, whole_view
from artrec.projection import place
from artrec.question import ask
from artrec.recommender import Request
from artrec.text import Query, parse_query
from artrec.ui import cards, state
from artrec.ui.frame import App
from artrec.ui.pick import pick
from artrec.ui.safe import md

COLOURINGS = ("century", "movement", "culture", "mood", "topic", "trust")
ERAS = (
    (-500, "before 500 BCE"), (500, "500 BCE–500"), (1400, "500–1400"), (1600, "1400–1600"), (1800, "1600–1800"),
    (1900, "1800–1900"), (1950, "1900–1950"),
)  # fmt: skip
ORDER = (*(name for _, name in ERAS), "since 1950")
NEIGHBOURS = 6
IN_GRID = 24  # works of a lasso shown as cards
CHART = "map"
VIEW = "map_view"  # the part of a large map that is looked at; None is all of it
SPACES = {"meaning": "By meaning", "looks": "By looks"}
CONFIG = {"displaylogo": False, "scrollZoom": True, "modeBarButtonsToRemove": ["toImage", "autoScale2d"]}


def show(app: App) -> None:
    """The page."""
    st.title("Map", anchor=False)
    state.mirror()
    collection = app.recommender.collection
    if collection.atlas is None:
        st.info("This collection was built without a map.", icon=":material/scatter_plot:")
        return
    _explore(app)


@st.fragment
def _explore(app: App) -> None:
    """Everything that moves with the map: a fragment, so that a click resends nothing else."""
    state.catch_up()
    collection, catalogue = app.recommender.collection, app.recommender.collection.catalogue
    keep = collection.filters.mask(None, app.facets)
    rows = np.arange(len(collection)) if keep is None else np.flatnonzero(keep)
    atlas, looks = _space(collection)
    if looks:
        rows = rows[collection.visual.has[rows]]
    possible = [name for name in COLOURINGS if name != "topic" or collection.topics]
    kept = state.kept("map_colour", "century")
    colouring = st.segmented_control(
        "Colour by", possible, default=kept if kept in possible else "century", key="map_colour_widget", required=True,
        on_change=state.keep, args=("map_colour", "map_colour_widget"),
    )  # fmt: skip
    picked = _picked(rows, collection, atlas)
    wide, narrow = st.columns([3, 1], gap="medium")
    with narrow:
        chosen = _choose(collection, rows, picked)
    overlay = _overlay(app, chosen, keep, rows, looks)
    groups = _groups(collection, colouring)
    dark = st.context.theme.type == "dark"
    order = ORDER if colouring == "century" else ()
    many = len(rows) > MOST_POINTS
    if many:
        view = st.session_state.get(VIEW)
        figure = density_figure(catalogue, atlas, groups, rows, overlay, in_order=order, dark=dark, view=view)
    else:
        figure = map_figure(catalogue, atlas, groups, rows, overlay, in_order=order, dark=dark)
    chart = f"{CHART}_looks" if looks else CHART
    with wide:
        st.plotly_chart(
            figure, key=chart, on_select="rerun", selection_mode=("points", "lasso", "box"), config=CONFIG,
            alt=f"Map of {len(rows)} works, coloured by {colouring}. The list beside it holds the same works.",
        )  # fmt: skip
        if many:
            _closer(atlas.coordinates, picked)
        st.caption(
            f"Near means alike {'to the eye' if looks else 'in meaning'}, mostly: of a work's ten nearest, the map keeps "
            f"{np.nanmean(atlas.trust):.0%} close by. Lines lead to the true neighbours of the work you select."
            + (f" The picture shows all {len(rows):,} works; {SPARSE:,} of them can be pointed at." if many else "")
        )
    with narrow:
        _aside(app, chosen, overlay, atlas)
    if len(picked) > 1:
        st.subheader(f"{len(picked):,} works in your selection", anchor=False)
        if len(picked) > IN_GRID:
            st.caption(f"The first {IN_GRID} of them:")
        cards.grid(app, [catalogue[row] for row in picked[:IN_GRID]], "lasso")


def _space(collection: Collection) -> tuple[Atlas, bool]:
    """The map that is wanted, and whether it is the one by looks: a switch, where there are pictures."""
    if collection.visual_atlas is None:
        return collection.atlas, False
    kept = state.kept("map_space", "meaning")
    chosen = st.segmented_control(
        "Near means alike", list(SPACES), default=kept, key="map_space_widget", required=True, format_func=SPACES.get,
        on_change=_other_space,
    )  # fmt: skip
    return (collection.visual_atlas, True) if chosen == "looks" else (collection.atlas, False)


def _other_space() -> None:
    """Callback: what was looked at closely lies elsewhere on the other map."""
    state.keep("map_space", "map_space_widget")
    st.session_state[VIEW] = None


def _closer(coordinates: np.ndarray, inside: list[int]) -> None:
    """Detail where the user asks for it: the part that is selected, drawn anew, or the whole again."""
    with st.container(horizontal=True):
        if len(inside) > 1:
            st.button("Look closer at the selection", icon=":material/zoom_in:", key="closer", on_click=_look,
                      args=(whole_view(coordinates[inside]),))  # fmt: skip
        if st.session_state.get(VIEW):
            st.button("Whole map", icon=":material/zoom_out_map:", key="whole", on_click=_look, args=(None,))
        elif len(inside) <= 1:
            st.caption("Draw a lasso or a box (tools above the map) to see its works, and to look closer.")


def _look(view: View | None) -> None:
    st.session_state[VIEW] = view


def _groups(collection: Collection, colouring: str) -> list[str]:
    catalogue = collection.catalogue
    if colouring == "trust":
        return []
    if colouring == "topic":
        return largest_groups([collection.topics[topic].name for topic in collection.topic_of])
    if colouring == "century":
        return [era(None if np.isnan(y) else int(y)) for y in collection.features.years]
    if colouring == "mood":
        return largest_groups([moods[0] if moods else "" for moods in catalogue.column("moods")])
    return largest_groups(catalogue.column(colouring))


def era(year: int | None) -> str:
    """The span of centuries a year falls in: few enough for a legend, in step with how much is made."""
    if year is None:
        return OTHER_NAME
    return next((name for last, name in ERAS if year <= last), "since 1950")


def _picked(rows: np.ndarray, collection: Collection, atlas: Atlas) -> list[int]:
    """Rows selected on the chart: by the ids in `customdata`, or where not all works are points, by what its lasso holds."""
    chart = st.session_state.get(CHART if atlas is collection.atlas else f"{CHART}_looks") or {}
    selection = chart.get("selection") or {}
    if len(rows) > MOST_POINTS and (selection.get("lasso") or selection.get("box")):
        return selected(atlas.coordinates, rows, selection).tolist()
    ids = [point["customdata"][0] for point in selection.get("points") or [] if point.get("customdata")]
    known = dict.fromkeys(collection.catalogue.row(i) for i in ids if i in collection.catalogue)
    shown = set(rows.tolist())
    return [row for row in known if row in shown]


def _choose(collection: Collection, rows: np.ndarray, picked: list[int]) -> int | None:
    """The list beside the map: one work, by keyboard or by a click on a point."""
    catalogue = collection.catalogue
    if picked and len(picked) == 1 and st.session_state.get("map_clicked") != picked[0]:
        st.session_state["map_clicked"] = picked[0]
        st.session_state["map_list"] = catalogue[picked[0]].artwork_id
    also = tuple(catalogue[row].artwork_id for row in picked[:1])
    chosen = pick("Works on the map", collection, rows, "map_list", "Choose a work", cards.listed, also)
    return None if chosen is None else catalogue.row(chosen)


def _overlay(app: App, selected: int | None, keep: np.ndarray | None, rows: np.ndarray, looks: bool) -> Overlay:
    """What lies on the map; on the one by looks no query, and the neighbours are those by looks."""
    c = app.recommender.collection
    shown = set(rows.tolist())
    likes = tuple(row for row in c.catalogue.rows(state.likes()) if row in shown)
    recommended, star, neighbours = (), None, ()
    text = st.session_state[state.QUERY]
    if state.profile():
        response = app.recommender.recommend(Request(profile=state.profile(), n=8, diversity=0.2, facets=app.facets))
        recommended = tuple(r.row for r in response.results if r.row in shown)
    if text and not looks:
        query: Query = c.filters.resolve(parse_query(text))
        vector = ask(query, c, app.recommender.encoder).vector
        star = None if vector is None else place(vector, c.vectors, c.index, c.atlas.coordinates)
    if selected is not None and looks:
        alike = c.visual.vectors[rows] @ c.visual.vectors[selected]
        neighbours = tuple(int(row) for row in rows[np.argsort(-alike, kind="stable")] if row != selected)[:NEIGHBOURS]
    elif selected is not None:
        near = c.index.search(np.ascontiguousarray(c.vectors[selected]), NEIGHBOURS + 1, keep)
        neighbours = tuple(int(row) for row in near.rows if row != selected)[:NEIGHBOURS]
    return Overlay(star, likes, recommended, selected, neighbours)


def _aside(app: App, selected: int | None, overlay: Overlay, atlas: Atlas) -> None:
    c = app.recommender.collection
    if selected is None:
        st.caption("Click a point, or choose from the list, to see the work and its true neighbours.")
        if overlay.query is not None:
            st.caption(f"The star is your query, “{md(st.session_state[state.QUERY])}”, among its five nearest works.")
        return
    work = c.catalogue[selected]
    found = cards.pictures_for(app, [work])
    cards.card(app, work, found.get(work.artwork_id), "map")
    st.caption(f"The map keeps {atlas.trust[selected]:.0%} of its ten nearest close by. Its true neighbours:")
    for row in overlay.neighbours:
        cards.title_link(c.catalogue[row])
