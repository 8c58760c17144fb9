"""The Lab's section on recommenders: choose data, protocol and algorithms, measure beside the app, look at what came out."""

from pathlib import Path

import streamlit as st

from artrec import config
from artrec.community.registry import ALGORITHMS
from artrec.errors import ArtrecError
from artrec.evaluation import runs
from artrec.evaluation.audience import RATINGS_FILE
from artrec.evaluation.protocols import ABOUT
from artrec.evaluation.ratings import Ratings, load_ratings, notes, scale_of
from artrec.evaluation.works_table import open_catalogue
from artrec.ui import bring, lab_recommend_results, resources, state
from artrec.ui.frame import App
from artrec.ui.safe import md

SIMULATED, UPLOAD, PATH = "Simulated visitors", "A file", "A file on this computer"
IN_USE, CATALOGUE, BARE = "The collection in use", "A catalogue file", "No catalogue"
PROTOCOLS = {
    "leave-last-out": "Leave the last one out",
    "leave-last-out-leaky": "Leave the last one out, with the usual leak",
    "by-date": "Split by date",
    "random": "Random hold-out",
    "cold-users": "New people",
    "cold-works": "New works",
}
TIMED = ("leave-last-out", "leave-last-out-leaky", "by-date")
FEW, MOST, ALL, MINE = "A few", "All but neural", "All", "My choice"
LIKES = ("popularity", "item-knn-cosine", "als", "ease", "text", "stacked")
RATINGS = ("popularity", "means", "item-knn-cosine", "biased-mf", "als", "ease", "text", "stacked")
EVERY = 1.0  # seconds between two looks at a running experiment
RUN = "lab_run"


def show(app: App) -> None:
    """The section."""
    st.markdown(
        "Every recommender on the same people: what they went on to like or rate is held back, each algorithm says what it "
        "would show, and the two are compared."
    )
    known = runs.every()
    running = next((run for run in known if run.state == "running"), None)
    with st.container(border=True, key="lab_recommend_form"):
        try:
            question, title = _question(app)
        except ArtrecError as error:  # the form stays, so that it can be corrected
            st.error(f"{md(error.fact)} {md(error.cure)}", icon=":material/error:")
            question = title = None
        if question is not None:
            asked = st.button(
                "Measure", icon=":material/science:", type="primary", key="lab_recommend_begin", disabled=running is not None,
                help="One experiment at a time." if running else None,
            )  # fmt: skip
            if asked:
                _begin(question, title)
    if error := st.session_state.pop("lab_recommend_error", ""):
        st.error(md(error), icon=":material/error:")
    if running:
        st.fragment(_watch, run_every=EVERY)(running.key)
    _results([run for run in known if run.state != "running"])


def _begin(question: runs.Question, title: str) -> None:
    try:
        st.session_state[RUN] = runs.begin(question, title).key
    except ArtrecError as error:
        st.session_state["lab_recommend_error"] = str(error)
    st.rerun()


def _watch(key: str) -> None:
    """A running experiment; the page is drawn anew when it ends."""
    run = runs.find(key)
    if run is None or run.state != "running":
        st.session_state[RUN] = key
        st.rerun()
    with st.container(border=True, key="lab_recommend_running"):
        at = run.at
        st.markdown(f"**{md(run.title)}**")
        said = f"{at.stage}, {at.done} of {at.total} done" if at.total > 1 and at.stage else "reading the data"
        st.progress(min(at.done / at.total, 1.0) if at.total else 0.0, said)
        st.button("Stop", key="lab_recommend_stop", icon=":material/stop:", on_click=runs.stop, args=(key,))
        st.caption("It goes on beside the app: look at other pages meanwhile.")


def _results(ended: list[runs.Run]) -> None:
    """One of the experiments that have ended."""
    wanted = st.session_state.get(RUN) or st.query_params.get("run", "")
    if not ended:
        state.mirror(section="recommend")
        return
    keys = [run.key for run in ended]
    by_key = {run.key: run for run in ended}
    st.session_state["lab_run_widget"] = wanted if wanted in by_key else keys[0]
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    key = left.selectbox(
        "Results", keys, format_func=lambda k: by_key[k].title, key="lab_run_widget", on_change=state.keep,
        args=(RUN, "lab_run_widget"),
    )  # fmt: skip
    right.button("Remove", icon=":material/delete:", key="lab_run_forget", on_click=_forget, args=(key,), width="stretch")
    state.mirror(section="recommend", run=key)
    run = by_key[key]
    if run.state == "failed":
        st.error(md(run.message), icon=":material/error:")
    elif run.state == "stopped":
        st.info("It was stopped before it ended. Measure again to begin anew.", icon=":material/stop:")
    else:
        lab_recommend_results.show(runs.report(key), key)


def _forget(key: str) -> None:
    runs.forget(key)
    st.session_state.pop(RUN, None)


def _question(app: App) -> tuple[runs.Question | None, str]:
    """What the form asks, and a title for it; None while something is missing."""
    ratings, works, built = _data(app)
    if ratings is None:
        return None, ""
    scale = ""
    found = _look(str(ratings), _stamp(ratings), works, built, scale)
    if found.interactions.scale is not None:
        low, high = found.interactions.scale
        scale = st.text_input(
            "Scale of the ratings", f"{low:g}-{high:g}", key=f"lab_scale_{ratings.name}", max_chars=20, width=160
        )
        scale_of(scale)
        found = _look(str(ratings), _stamp(ratings), works, built, scale)
    _tell(found, ratings)
    left, right = st.columns(2, gap="large")
    with left:
        open_ = [name for name in PROTOCOLS if found.interactions.timed or name not in TIMED]
        protocol = st.selectbox("Protocol", open_, format_func=PROTOCOLS.get, key=f"lab_protocol_{len(open_)}")
        hidden = "" if found.interactions.timed else f" {len(TIMED)} more need the time of every interaction."
        st.caption(ABOUT[protocol] + hidden)
    with right:
        names = _algorithms(found.interactions.scale is not None)
    if not names:
        st.caption("Choose one algorithm at least.")
        return None, ""
    fingerprint = app.recommender.collection.manifest["encoder"]["fingerprint"]
    question = runs.Question(
        _portable(ratings), works and _portable(works), built, protocol, names, scale, encoder=fingerprint if works else ""
    )
    called = "Simulated visitors" if ratings == config.STARTER / RATINGS_FILE else ratings.name.split("-", 1)[-1]
    return question, f"{called} · {PROTOCOLS[protocol]} · {len(names)} algorithm{'s' * (len(names) > 1)}"


def _data(app: App) -> tuple[Path | None, str, bool]:
    """The file of ratings, where its works come from, and whether that is a built collection."""
    ways = [SIMULATED, UPLOAD, *([] if bring.over_network() else [PATH])]  # this computer's files are not for visitors
    way = st.segmented_control("Data", ways, default=SIMULATED, key="lab_data", required=True)
    if way == SIMULATED:
        st.caption("Ratings invented for the starter collection: no person stands behind any of them.")
        return config.STARTER / RATINGS_FILE, str(config.STARTER_ASSETS), True
    left, right = st.columns(2, gap="large")
    with left:
        ratings = _file(way, "ratings", "Likes or ratings", ["csv"], "user_id,work_id[,rating][,timestamp], one line each")
    with right:
        source = st.segmented_control("Works", [IN_USE, CATALOGUE, BARE], default=IN_USE, key="lab_works", required=True)
        if source == IN_USE:
            return ratings, str(resources.folder_of(state.collection())), True
        if source == BARE:
            st.caption("Algorithms that look at texts, artists or tags cannot run.")
            return ratings, "", False
        catalogue = _file(way, "catalogue", "Catalogue", ["csv", "jsonl"], "CSV with work_id, title, …, or JSON lines")
    return (ratings if catalogue else None), str(catalogue or ""), False


def _file(way: str, name: str, label: str, kinds: list[str], what: str) -> Path | None:
    if way == UPLOAD:
        return bring.uploaded(st.file_uploader(label, type=kinds, key=f"lab_file_{name}", help=what), "lab/uploads")
    typed = st.text_input(label, key=f"lab_path_{name}", placeholder=f"/home/me/{name}.{kinds[0]}", help=what).strip()
    if not typed:
        return None
    path = Path(typed).expanduser().resolve()
    if not path.is_file():
        raise ArtrecError(f"There is no file {path}.", "Check the path.")
    return path


def _algorithms(rated: bool) -> tuple[str, ...]:
    """Names; () where none is chosen."""
    way = st.segmented_control("Algorithms", [FEW, MOST, ALL, MINE], default=FEW, key="lab_algorithms", required=True)
    few = RATINGS if rated else LIKES
    if way == MINE:
        return tuple(
            st.multiselect(
                "Which", list(ALGORITHMS), default=list(few), key=f"lab_which_{rated}", label_visibility="collapsed",
                format_func=lambda name: f"{name} ({ALGORITHMS[name].family})",
            )
        )  # fmt: skip
    if way == FEW:
        st.caption(", ".join(few) + ".")
        return few
    names = tuple(name for name, algorithm in ALGORITHMS.items() if way == ALL or not algorithm.neural)
    st.caption(f"{len(names)} of them; a minute or more." if way == MOST else f"{len(names)} of them; several minutes.")
    return names


@st.cache_data(show_spinner="Reading the ratings", max_entries=4)
def _look(path: str, stamp: tuple, works: str, built: bool, scale: str) -> Ratings:
    """The file as it would be read. Raises `ArtrecError`."""
    ids = None
    if works:
        from artrec.artifacts import open_collection

        catalogue = open_collection(works).catalogue if built else open_catalogue(works)
        ids = [work.artwork_id for work in catalogue]
    return load_ratings(path, ids, scale_of(scale) if scale else None)


def _stamp(path: Path) -> tuple:
    try:
        found = path.stat()
    except OSError as error:
        raise ArtrecError(f"{path.name} cannot be read ({error.strerror}).", "Give the file again.") from error
    return found.st_mtime_ns, found.st_size


def _tell(found: Ratings, path: Path) -> None:
    """What is in the file, and what of it is left out."""
    data = found.interactions
    kind = "likes" if data.scale is None else "ratings"
    times = "with times" if data.timed else "without times"
    st.markdown(
        f"**{len(data):,}** {'simulated ' * found.simulated}{kind} of **{data.people:,}** people on **{data.known_works:,}** "
        f"of {data.n_works:,} works, {times}."
    )
    if said := notes(found):
        st.warning(md(" ".join(said)), icon=":material/rule:")


def _portable(path: str | Path) -> str:
    """A path as the command names it: what ships, from ArtRec's own folder."""
    path = str(path)
    return str(Path(path).relative_to(config.ROOT)) if Path(path).is_relative_to(config.ROOT) else path
