"""The Collections page: which collection is in use, how it was built, and how healthy its records are."""

import pandas as pd
import streamlit as st

from artrec import config
from artrec.cleaning import examine
from artrec.ui import state
from artrec.ui.frame import App
from artrec.ui.safe import cell, md


@st.cache_data(show_spinner=False, max_entries=4)
def _health(catalogue_hash: str, _catalogue):
    return examine(_catalogue)


def show(app: App) -> None:
    """The page."""
    st.title("Collections", anchor=False)
    state.mirror()
    collection = app.recommender.collection
    manifest, health = collection.manifest, _health(collection.manifest["catalogue"], collection.catalogue)
    st.subheader(md(collection.name), anchor=False)
    with st.grid(min_column_width=170, gap="small", key="figures"):
        st.metric("Works", f"{health.works:,}")
        st.metric("Artists or cultures", f"{health.artists:,}")
        st.metric("Index", manifest["index"], help="Exact up to 5,000 works, a graph (HNSW) beyond.")
        trust = manifest.get("map_trust")
        st.metric(
            "Map keeps", "no map" if trust is None else f"{trust:.0%}", help="Of each work's ten nearest, how many lie near it."
        )
    encoder = manifest["encoder"]
    ready = app.recommender.encoder.ready
    state_of_it = "loaded" if ready else "not loaded yet"
    st.markdown(
        f":gray[Encoder] {md(encoder['name'])}, {encoder['dimension']} dimensions, "
        f"fingerprint `{encoder['fingerprint'][:12]}`, {state_of_it}  \n"
        f":gray[Catalogue] `{manifest['catalogue'][:12]}`"
    )
    with st.expander("Use another collection"):
        st.markdown(
            "Build one from a catalogue in ArtRec's schema, then start the app on it:\n\n"
            "```\npython -m artrec build my_catalogue.jsonl --out my_collection\nARTREC_COLLECTION=my_collection make app\n```"
        )
        if config.collection() != config.STARTER_ASSETS:
            st.caption("In use because ARTREC_COLLECTION is set.")
    st.subheader("Health", anchor=False)
    if health.findings:
        st.markdown(f"{len(health.findings)} things to look at:")
        found = pd.DataFrame([(f.artwork_id, f.kind, f.message) for f in health.findings], columns=["work", "kind", "finding"])
        st.dataframe(found, hide_index=True)
    else:
        st.markdown(":material/check_circle: No doubtful date, no likely duplicate, no gap that matters.")
    filled = pd.DataFrame({"field": list(health.filled), "filled": [share * 100 for share in health.filled.values()]})
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**How complete the records are**")
        bar = st.column_config.ProgressColumn("filled", format="%.0f %%", min_value=0, max_value=100)
        st.dataframe(filled, hide_index=True, column_config={"filled": bar}, height=420)
    with right:
        field = st.segmented_control(
            "What is in it", list(health.spread), default="type", key="spread_widget", required=True,
            format_func=lambda f: f.replace("_", " "),
        )  # fmt: skip
        counts = health.spread[field]
        most = max(counts.values(), default=1)
        table = pd.DataFrame({field.replace("_", " "): list(counts), "works": list(counts.values())})
        bar = st.column_config.ProgressColumn("works", format="%d", min_value=0, max_value=most)
        st.dataframe(table, hide_index=True, column_config={"works": bar}, height=380)
    st.download_button(
        "Download the catalogue as CSV", _csv(collection.manifest["catalogue"], collection.catalogue), "artrec_catalogue.csv",
        "text/csv", icon=":material/download:",
    )  # fmt: skip


@st.cache_data(show_spinner=False, max_entries=2)
def _csv(catalogue_hash: str, _catalogue) -> bytes:
    """All records; lists joined by `;`, and no cell that a spreadsheet would take for a formula."""
    rows = []
    for work in _catalogue:
        record = work.model_dump(mode="json")
        flat = {k: "; ".join(map(str, v)) if isinstance(v, list) else v for k, v in record.items()}
        rows.append({k: cell(v) if isinstance(v, str) else v for k, v in flat.items()})
    return pd.DataFrame(rows).to_csv(index=False).encode("utf-8-sig")
