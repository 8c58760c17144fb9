"""The Lab's sections on training and results: what `train` and `evaluate` wrote down beside the adapter, as figures and
tables. A file that is missing or damaged costs its own block alone, and is said in one sentence."""

import json
import logging
from collections.abc import Callable

import streamlit as st

from artrec import config
from artrec.figures_lab import reliability_figure, results_figure, training_figure
from artrec.ui import lab_tables as tables
from artrec.ui.safe import md

logger = logging.getLogger(__name__)
ENCODER, SEARCH, HEADS = "python -m artrec train encoder", "python -m artrec train search", "python -m artrec train heads"
ENCODERS, BACKENDS = "python -m artrec evaluate encoders", "python -m artrec evaluate backends"
QUERIES = (
    "Means with 95 % intervals; a round dot is one kind of search alone, a diamond all reasons together. Visitors' queries: "
    "of the test split, one right answer each. Open queries: graded answers. Titles: each should find its own work. Museum "
    "keywords: should find the descriptions of works never trained on. Paraphrases: everyday sentences, not about art."
)
Draw = Callable[[], None]


def training() -> None:
    """How the adapter came to be: curves, data and settings, and the search for the settings."""
    _block("The run that ships", "training.json", ENCODER, _curves)
    _block("Data and settings", "manifest.json", ENCODER, _made)
    _block("The search for the settings", "search.json", SEARCH, _search)


def results(in_use: str) -> None:
    """What was measured: encoders, heads, backends. `in_use`: the fingerprint of the encoder in use."""
    _block(
        "Base against fine-tuned", "results.json", ENCODERS, _encoders, lambda d: d["encoders"]["tuned"]["fingerprint"], in_use
    )
    _block("What the heads can tell", "heads.json", HEADS, _heads, lambda d: d["encoder"], in_use)
    if (config.ADAPTER / "backends.json").exists():
        _block("How fast each backend encodes", "backends.json", BACKENDS, _backends)


def _block(
    title: str, name: str, command: str, prepare: Callable[[dict], Draw],
    measured: Callable[[dict], str] | None = None, in_use: str = "",
) -> None:  # fmt: skip
    """One file. `prepare` reads it to the end and returns what draws it, so that a damaged file leaves nothing half drawn;
    `measured` reads the fingerprint of the encoder that its figures are of."""
    with st.container(key=f"lab_{name.removesuffix('.json')}"):
        st.subheader(title, anchor=False)
        try:
            document = json.loads((config.ADAPTER / name).read_text("utf-8"))
            draw = prepare(document)
            other = measured is not None and measured(document) != in_use
        except FileNotFoundError:
            st.info(f"There is no {md(name)} yet. Make it with `{command}`.", icon=":material/science:")
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            logger.warning("%s cannot be shown: %r", name, error)
            cure = f"Restore the file, or make it again with `{command}`."
            st.warning(f"{md(name)} cannot be read ({type(error).__name__}). {cure}", icon=":material/error:")
            return
        draw()
        note = " Its figures are of another encoder than the one in use." if other else ""
        st.caption(f"From {md(name)}, written by `{command}`.{note}")


def _curves(document: dict) -> Draw:
    passes, rows = document["passes"], int(document["rows"])
    figure = training_figure(document["losses"], passes, dark=_dark())
    best = max(passes, key=lambda each: each["score"])
    said = (
        f"{len(passes)} passes over the collection, {rows:,} rows in all, {passes[-1]['seconds'] / 60:.0f} minutes. The "
        f"adapter after step {best['step']:,} was kept: it did best on queries (with words beside and "
        f"without) and titles of the validation split ({best['score']:.3f})."
    )

    def draw() -> None:
        st.markdown(md(said))
        _plot(figure, "lab_curves", f"Loss by step, and validation scores of {len(passes)} passes.")

    return draw


def _made(document: dict) -> Draw:
    data, settings = tables.data(document), tables.settings(document["settings"])
    command, score = str(document["command"]), float(document["validation"])

    def draw() -> None:
        st.code(command, language=None, wrap_lines=True)
        left, right = st.columns(2, gap="large")
        left.table(data, hide_index=True, border="horizontal")
        left.markdown(f"Validation score of the adapter that ships: {score:.3f}.")
        right.table(settings, hide_index=True, border="horizontal")

    return draw


def _search(document: dict) -> Draw:
    table = tables.search(document["variants"])

    def draw() -> None:
        st.markdown(
            "Short runs that differ in one thing each, by nDCG@10 of meaning alone on the validation split. "
            "*score* is the mean over queries, titles and queries with words beside, and decides."
        )
        _table(table)

    return draw


def _encoders(document: dict) -> Draw:
    sets, dark = document["sets"], _dark()
    measures = list(dict.fromkeys(m for found in sets.values() for each in found["methods"].values() for m in each))
    found = {measure: tables.means(sets, measure) for measure in measures}
    figures = {m: results_figure(means, tables.METHODS, measure=m, dark=dark) for m, means in found.items()}
    estimates = {m: tables.estimates(means, m) for m, means in found.items()}
    differences = {m: tables.differences(sets, m) for m in measures}

    def draw() -> None:
        measure = st.segmented_control("Measure", measures, default=measures[0], key="lab_measure", required=True)
        _plot(figures[measure], f"lab_results_{measure}", f"Means and intervals of {measure}. The tables hold the numbers.")
        st.caption(QUERIES)
        alike, others = differences[measure]
        st.markdown("**Fine-tuned against base**, with the interval (bootstrap) and the p of a paired randomisation test")
        _table(alike)
        if len(others):
            with st.expander("All other comparisons"):
                _table(others)
        with st.expander("The means as a table"):
            _table(estimates[measure])

    return draw


def _heads(document: dict) -> Draw:
    table, more = tables.heads(document["figures"])
    points = {name: found["reliability"] for name, found in document["figures"].items() if found.get("reliability")}
    curves = {name: reliability_figure(bins, dark=_dark()) for name, bins in points.items()}

    def draw() -> None:
        st.markdown("On the test split, beside TF-IDF with logistic regression. Macro-F1: every label counts alike.")
        _table(table)
        for line in more:
            st.markdown(md(line))
        if not curves:
            return
        name = st.segmented_control("Reliability of", list(curves), default=next(iter(curves)), key="lab_head", required=True)
        left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
        with left:
            _plot(curves[name], f"lab_reliability_{name}", f"Confidence against accuracy of the head {name}.")
        right.markdown(
            "Each dot holds as many guesses as the others, ordered by how sure the head was. On the dashed line it is right as "
            "often as it says; below, it is too sure; above, too modest."
        )

    return draw


def _backends(document) -> Draw:
    table = tables.backends(document)
    return lambda: _table(table)


def _dark() -> bool:
    return st.context.theme.type == "dark"


def _plot(figure, key: str, alt: str) -> None:
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, theme=None, alt=alt)


def _table(table) -> None:
    st.dataframe(table, hide_index=True, height=38 + 35 * min(max(len(table), 1), 16))
