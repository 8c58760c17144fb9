"""The Lab's first two sections: one query asked of both encoders, and which neighbourhoods fine-tuning has changed."""

import threading
from dataclasses import replace

import numpy as np
import streamlit as st

from artrec.comparison import NEIGHBOURS, Comparison, Nearest, NothingToCompare, compare, nearest, neighbours
from artrec.encoder import EncoderConfig, load_encoder
from artrec.figures import Overlay
from artrec.figures_lab import change_map
from artrec.ui import cards, state
from artrec.ui.frame import App
from artrec.ui.safe import md

EXAMPLE = "a storm at sea, but hopeful"
BASE, TUNED = "Base", "Fine-tuned"
CLOSEST = 3  # neighbours of a chosen work that are listed
LISTED = 8  # works that changed most
LARGE = 5_000  # works; more are not read by the base without asking
CHART = "lab_map"
CONFIG = {"displaylogo": False, "scrollZoom": True, "modeBarButtonsToRemove": ["toImage", "select2d", "lasso2d"]}


class Holder:
    """The comparison of a collection, made by whoever asks first. Outside Streamlit's cache, because progress is shown
    while it is made, and what a cached function shows would be shown again at every call."""

    def __init__(self):
        self._lock = threading.Lock()
        self._comparison: Comparison | None = None

    @property
    def ready(self) -> bool:
        return self._comparison is not None

    def get(self, app: App, progress=None) -> Comparison:
        """The comparison; the base's vectors are made now where they were not."""
        with self._lock:
            if self._comparison is None:
                base = load_encoder(replace(EncoderConfig.from_environment(), adapter=None))
                self._comparison = compare(app.recommender.collection, app.recommender.encoder, base, progress)
        return self._comparison


@st.cache_resource(show_spinner=False, max_entries=2)
def _holder(catalogue_hash: str, fingerprint: str) -> Holder:
    return Holder()


def _comparison(app: App) -> Comparison | None:
    """Both encoders' views of the collection; None, and a sentence, where the base is the one in use."""
    manifest = app.recommender.collection.manifest
    holder = _holder(manifest["catalogue"], manifest["encoder"]["fingerprint"])
    try:
        if holder.ready:
            return holder.get(app)
        works = len(app.recommender.collection)
        if works > LARGE and not st.button(f"Let the base model read all {works:,} works", icon=":material/science:"):
            st.caption("That takes about a minute for each 3,000 works, once; what it has read is kept.")
            return None
        place = st.empty()
        with place.status("Preparing the base model, once", expanded=True):
            bar = st.progress(0.0, "Loading it; the very first time it is exported, which takes half a minute.")
            made = holder.get(app, lambda done, total: bar.progress(done / total, f"{done:,} of {total:,} works read by it."))
        place.empty()
        return made
    except NothingToCompare as error:
        place.empty()
        st.info(f"{md(error.fact)} {md(error.cure)}", icon=":material/science:")
        return None


def ask() -> str:
    """The box of "Side by side". Returns the query."""
    kept = state.kept("lab_query", st.session_state[state.QUERY] or EXAMPLE)
    return st.text_input(
        "One query, both encoders", kept, key="lab_query_widget", on_change=state.keep, args=("lab_query", "lab_query_widget"),
        placeholder=EXAMPLE,
    ).strip()  # fmt: skip


def side_by_side(app: App, query: str) -> None:
    """The ten nearest by meaning alone, for each encoder, with what became of each."""
    if not query:
        st.caption("Type what you would like to see.")
        return
    comparison = _comparison(app)
    if comparison is None:
        return
    base, tuned = nearest(comparison, query, NEIGHBOURS, app.facets)
    if not len(base.rows):
        st.info("No work passes all the filters. Take one away.", icon=":material/filter_list_off:")
        return
    st.markdown(_summary(base, tuned))
    left, right = st.columns(2, gap="large")
    with left, st.container(key="lab_base"):
        _list(app, base, BASE, comparison.base.name)
    with right, st.container(key="lab_tuned"):
        _list(app, tuned, TUNED, app.recommender.collection.manifest["encoder"]["name"])
    st.caption(
        "By meaning alone: the cosine between the query's vector and each work's. Discover adds words and the other reasons. "
        "Cosines of two encoders are on two scales; compare places, not numbers."
    )


def _summary(base: Nearest, tuned: Nearest) -> str:
    common = len(set(base.rows.tolist()) & set(tuned.rows.tolist()))
    said = f"**{common} of {len(base.rows)} in common.**"
    if common == len(base.rows):
        return said + (" The order is the same." if (base.rows == tuned.rows).all() else " Only the order differs.")
    fallen, risen = int(base.elsewhere.max()), int(tuned.elsewhere.max())
    return f"{said} The furthest fall is to place {fallen:,}, the longest climb from place {risen:,}."


def _list(app: App, found: Nearest, name: str, model: str) -> None:
    st.subheader(name, anchor=False)
    st.caption(md(model))
    with st.container(gap="xsmall", key=f"lab_list_{name.lower()}"):
        for place, (row, cosine, elsewhere) in enumerate(
            zip(found.rows.tolist(), found.similarities.tolist(), found.elsewhere.tolist(), strict=True), start=1
        ):
            work = app.recommender.collection.catalogue[row]
            with st.container(horizontal=True, gap="small", vertical_alignment="top", key=f"lab_row_{name.lower()}_{place}"):
                st.markdown(f":gray[{place}]", width=22)
                with st.container(gap=None):
                    cards.title_link(work)
                    st.caption(f"{cards.byline(work)} · {cosine:.2f}")
                    st.markdown(f":small[{_mark(name, place, elsewhere, len(found.rows))}]")


def _mark(name: str, place: int, elsewhere: int, n: int) -> str:
    """What became of a work on the way from the base to the fine-tuned encoder."""
    before, after = (place, elsewhere) if name == BASE else (elsewhere, place)
    told = f"to {elsewhere:,}" if name == BASE else f"from {elsewhere:,}"
    move = ":gray[= same place]" if before == after else f":primary[▲ {told}]" if after < before else f":gray[▼ {told}]"
    colour = "gray" if name == BASE else "primary"
    return move + (f" :{colour}-badge[only {name.lower()}]" if elsewhere > n else "")


def what_changed(app: App) -> None:
    """The map by the share of neighbours kept, three numbers, and the works that changed most."""
    comparison = _comparison(app)
    if comparison is not None:
        with st.spinner("Counting the neighbours that each work kept"):
            _ = comparison.kept  # seconds in large collections
        _changes(app, comparison)


@st.fragment
def _changes(app: App, comparison: Comparison) -> None:
    state.catch_up()
    collection, catalogue, kept = comparison.collection, comparison.collection.catalogue, comparison.kept
    keep = collection.filters.mask(None, app.facets)
    rows = np.arange(len(collection)) if keep is None else np.flatnonzero(keep)
    if not len(rows):
        st.info("No work passes all the filters. Take one away.", icon=":material/filter_list_off:")
        return
    changed = sorted(rows.tolist(), key=lambda row: (kept[row], catalogue[row].title, row))
    shares = kept[rows]
    with st.container(horizontal=True, gap="medium", key="lab_numbers"):
        of_ten = "The share of its ten nearest that a work kept, on average."
        st.metric("Neighbours kept", f"{shares.mean():.0%}", help=of_ten, width="content")
        st.metric("Kept all", f"{np.count_nonzero(shares == 1):,}", help="Works that kept all ten.", width="content")
        st.metric("Kept none", f"{np.count_nonzero(shares == 0):,}", help="Works that kept none of the ten.", width="content")
    wide, narrow = st.columns([3, 1], gap="medium")
    with narrow:
        selected = _choose(catalogue, kept, changed)
        near = None if selected is None else neighbours(comparison, selected, CLOSEST, keep)
        _beside(app, comparison, changed, selected, near)
    with wide:
        if collection.atlas is None:
            st.info("This collection was built without a map.", icon=":material/scatter_plot:")
        else:
            overlay, before = Overlay(), ()
            if near is not None:
                overlay, before = Overlay(selected=selected, neighbours=tuple(near[1].rows.tolist())), near[0].rows.tolist()
            dark = st.context.theme.type == "dark"
            st.plotly_chart(
                change_map(catalogue, collection.atlas, kept, rows, overlay, before, dark=dark), key=CHART,
                on_select="rerun", selection_mode="points", config=CONFIG,
                alt=f"Map of {len(rows)} works, coloured by the share of ten neighbours kept. The list holds the same works.",
            )  # fmt: skip
        st.caption(
            f"Counted here, exactly, on all {len(collection):,} works: of the ten works nearest to each by the base, how many "
            "are still among its ten nearest. Dark works have new neighbours, light ones kept theirs. The map lies as the "
            "fine-tuned encoder has it."
        )


def _choose(catalogue, kept: np.ndarray, changed: list[int]) -> int | None:
    """One work, from the list (by keyboard too) or by a click on its point."""
    chart = st.session_state.get(CHART) or {}
    points = (chart.get("selection") or {}).get("points") or []
    ids = [catalogue[row].artwork_id for row in changed]
    clicked = next((p["customdata"][0] for p in points if p.get("customdata")), None)
    if clicked in ids and st.session_state.get("lab_clicked") != clicked:
        st.session_state["lab_list"] = clicked
    st.session_state["lab_clicked"] = clicked
    if st.session_state.get("lab_list") not in ids:
        st.session_state.pop("lab_list", None)
    chosen = st.selectbox(
        "Works, most changed first", ids, index=None, key="lab_list", placeholder="Choose a work",
        format_func=lambda i: f"{_tenths(kept[catalogue.row(i)])} · {cards.listed(catalogue[catalogue.row(i)])}",
    )  # fmt: skip
    return None if chosen is None else catalogue.row(chosen)


def _tenths(share: float) -> str:
    return f"{share:.0%} kept"


def _beside(app: App, comparison: Comparison, changed: list[int], selected: int | None, near) -> None:
    catalogue = comparison.collection.catalogue
    if selected is None:
        least = comparison.kept[changed[0]]
        equal = int(np.count_nonzero(comparison.kept[changed] == least))
        st.caption(
            "Choose a work, or click its point, to see its neighbours before and after. Changed most"
            + (f", the first of {equal:,} that kept {least:.0%}:" if equal > LISTED else ":")
        )
        with st.container(gap=None, key="lab_most"):
            for row in changed[:LISTED]:
                cards.title_link(catalogue[row])
                st.caption(f"{md(catalogue[row].artist or catalogue[row].culture)} · {_tenths(comparison.kept[row])}")
        return
    with st.container(gap=None, key="lab_near_selected"):
        cards.title_link(catalogue[selected])
        st.caption(f"{cards.byline(catalogue[selected])} · {_tenths(comparison.kept[selected])} of its ten nearest")
    for name, found, other in ((BASE, near[0], TUNED), (TUNED, near[1], BASE)):
        st.markdown(f"**Nearest, {name.lower()}**")
        with st.container(gap=None, key=f"lab_near_{name.lower()}"):
            for row, elsewhere in zip(found.rows.tolist(), found.elsewhere.tolist(), strict=True):
                cards.title_link(catalogue[row])
                st.caption(f"{cards.byline(catalogue[row])} · {other.lower()}: {elsewhere:,}")
