"""The Collections page: which collection is in use, how it was built, and how healthy its records are."""

from pathlib import Path

import pandas as pd
import streamlit as st

from artrec.cleaning import Health, examine
from artrec.figures import bars_figure
from artrec.files import cell
from artrec.ui import bring, resources, state
from artrec.ui import health as health_page
from artrec.ui.discover import century
from artrec.ui.frame import App
from artrec.ui.safe import md

TOPIC_WIDTH = 240  # px, at least
TYPICAL = 3  # works shown of each topic
BY_RECORD = 5_000  # works that are looked over record by record; larger collections by their columns
MOST_BARS = 16  # types that get a bar of their own


@st.cache_data(show_spinner=False, max_entries=4)
def _health(catalogue_hash: str, _catalogue):
    return examine(_catalogue)


def show(app: App) -> None:
    """The page."""
    st.title("Collections", anchor=False)
    state.mirror()
    collection = app.recommender.collection
    manifest, folder = collection.manifest, Path(resources.folder_of(state.collection()))
    bring.choose()
    bring.bring_in()
    st.subheader(md(collection.name), anchor=False)
    if len(collection) > BY_RECORD or (folder / "import.json").exists():
        _figures(app, len(collection), len(_makers(manifest["catalogue"], collection.catalogue)))
        _topics(app)
        found = health_page.read(manifest["catalogue"], str(folder), collection.catalogue)
        _spread(found["spread"])
        health_page.show(found, folder, collection.catalogue)
        return
    health = _health(manifest["catalogue"], collection.catalogue)
    _figures(app, health.works, health.artists)
    _topics(app)
    _breadth(health)
    _doubts(health)
    _complete(health)
    st.download_button(
        "Download the catalogue as CSV", _csv(collection.manifest["catalogue"], collection.catalogue), "artrec_catalogue.csv",
        "text/csv", icon=":material/download:",
    )  # fmt: skip


@st.cache_data(show_spinner=False, max_entries=4)
def _makers(catalogue_hash: str, _catalogue) -> set[str]:
    both = zip(_catalogue.column("artist"), _catalogue.column("culture"), strict=True)
    return {artist or culture for artist, culture in both} - {""}


def _spread(spread: dict[str, dict[str, int]]) -> None:
    """Types and centuries of a large collection."""
    st.subheader("What is in it", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        _bars("By type", _first(spread["type"], MOST_BARS))
    with right:
        _bars("By culture or nationality", _first(spread["culture"], MOST_BARS))
    _bars("By century", _folded(spread["century"]), upright=True)


def _figures(app: App, works: int, makers: int) -> None:
    """Counts, and how the collection was built."""
    manifest = app.recommender.collection.manifest
    with st.grid(min_column_width=170, gap="small", key="figures"):
        st.metric("Works", f"{works:,}")
        st.metric("Artists or cultures", f"{makers:,}")
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


def _doubts(health: Health) -> None:
    """Findings and phrases of a collection small enough to be read record by record."""
    st.subheader("Health", anchor=False)
    if health.findings:
        st.markdown(f"{len(health.findings)} things to look at:")
        found = pd.DataFrame([(f.artwork_id, f.kind, f.message) for f in health.findings], columns=["work", "kind", "finding"])
        st.dataframe(found, hide_index=True)
    else:
        st.markdown(":material/check_circle: No doubtful date, no likely duplicate, no gap that matters.")
    if health.phrases:
        with st.expander(f"{len(health.phrases)} phrases of five words stand in three descriptions or more"):
            common = [(phrase, len(works), ", ".join(works[:6])) for phrase, works in health.phrases.items()]
            st.dataframe(pd.DataFrame(common, columns=["phrase", "works", "for example"]), hide_index=True)


def _topics(app: App) -> None:
    """What the collection is about: each topic with its most typical works, classroom-safe where that is on."""
    collection = app.recommender.collection
    if not collection.topics:
        return
    st.subheader("What it is about", anchor=False)
    st.caption("Works whose texts are alike, named by what many of them have and few others do. Colour the map by them.")
    keep = collection.filters.mask(None, app.facets)
    with st.grid(min_column_width=TOPIC_WIDTH, gap="small", key="topics"):
        for number, topic in enumerate(collection.topics):
            with st.container(border=True, gap="xsmall", height="stretch", key=f"topic_{number}"):
                works = "1 work" if len(topic.rows) == 1 else f"{len(topic.rows):,} works"
                st.markdown(f"**{md(topic.name)}**  :small[:gray[{works}]]")
                named = topic.name.casefold().split(" · ")
                further = [text for text, _ in topic.terms if text.casefold() not in named]
                if further:
                    st.caption(md(" · ".join(further)))
                typical = [int(row) for row in topic.rows if keep is None or keep[row]]
                for work in (collection.catalogue[row] for row in typical[:TYPICAL]):
                    link = state.link(id=work.artwork_id)
                    st.page_link("pages/artwork.py", label=md(work.title), icon="", query_params=link, help="")


def _breadth(health: Health) -> None:
    """What is in the collection, as plots: region and gender, type, century; the rest by choice."""
    st.subheader("What is in it", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        _bars("By region of the world", health.spread["region"])
        _bars("By the artist's gender, where known", _genders(health.spread["artist_gender"]))
    with right:
        _bars("By type", _first(health.spread["type"], MOST_BARS))
    _bars("By century", _folded(health.spread["century"]), upright=True)
    with st.expander("Movements, cultures, genres, content notes"):
        field = st.segmented_control(
            "Count by", ["movement", "culture", "genre", "content_notes"], default="movement",
            key="spread_widget", required=True,
            format_func=lambda f: f.replace("_", " "), label_visibility="collapsed",
        )  # fmt: skip
        counts = health.spread[field]
        table = pd.DataFrame({field.replace("_", " "): list(counts), "works": list(counts.values())})
        bar = st.column_config.ProgressColumn("works", format="%d", min_value=0, max_value=max(counts.values(), default=1))
        st.dataframe(table, hide_index=True, column_config={"works": bar}, height=380)


def _bars(title: str, counts: dict[str, int], *, upright: bool = False) -> None:
    st.markdown(f"**{title}**")
    figure = bars_figure(counts, dark=st.context.theme.type == "dark", upright=upright)
    st.plotly_chart(figure, key=f"bars_{title}", config={"displayModeBar": False}, theme=None)


def _genders(counts: dict[str, int]) -> dict[str, int]:
    words = {"woman": "women", "man": "men", "nonbinary": "nonbinary people", "group": "groups and workshops"}
    return {words[name]: counts[name] for name in words if counts.get(name)} or {"not known": counts.get("not known", 0)}


def _first(counts: dict[str, int], most: int) -> dict[str, int]:
    """The largest values, and the rest as one."""
    names = list(counts)
    kept = {name: counts[name] for name in names[:most]}
    rest = sum(counts[name] for name in names[most:])
    return kept | ({f"{len(names) - most} more": rest} if rest else {})


def _folded(numbered: dict[str, int]) -> dict[str, int]:
    """Works by century, in order; what is older than our era in two bars."""
    folded: dict[str, int] = {}
    for number, count in numbered.items():
        name = century(int(number)) if int(number) > 0 else "1000–1 BCE" if int(number) >= -10 else "before 1000 BCE"
        folded[name] = folded.get(name, 0) + count
    return folded


def _complete(health: Health) -> None:
    filled = pd.DataFrame({"field": list(health.filled), "filled": [share * 100 for share in health.filled.values()]})
    bar = st.column_config.ProgressColumn("filled", format="%.0f %%", min_value=0, max_value=100)
    with st.expander("How complete the records are"):
        st.dataframe(filled, hide_index=True, column_config={"filled": bar}, height=420)


@st.cache_data(show_spinner=False, max_entries=2)
def _csv(catalogue_hash: str, _catalogue) -> bytes:
    """All records; lists joined by `;`, and no cell that a spreadsheet would take for a formula."""
    rows = []
    for work in _catalogue:
        record = work.model_dump(mode="json")
        record["recorded"] = [f"{field}: {said}" for field, said in work.recorded.items()]
        flat = {k: "; ".join(map(str, v)) if isinstance(v, list) else v for k, v in record.items()}
        rows.append({k: cell(v) if isinstance(v, str) else v for k, v in flat.items()})
    return pd.DataFrame(rows).to_csv(index=False).encode("utf-8-sig")
