"""What an experiment on recommenders found: headline, intervals, trade-offs, curves of new people, tables, files."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from artrec.evaluation import report as told
from artrec.figures_recommend import cold_start_figure, front, intervals_figure, named, trade_off_figure
from artrec.ui.safe import md

SHOWN = ("nDCG@20", "hit@20", "MRR@20", "spearman", "RMSE", "coverage", "diversity", "novelty")


def show(report: dict, key: str) -> None:
    """The results. `key`: the name of the run, for widgets and files."""
    measures = told.measures(report)
    if report["data"]["simulated"]:
        st.warning("These people are simulated: no person stands behind any rating.", icon=":material/smart_toy:")
    st.markdown(f"**{md(told.headline(report))}**")
    st.caption(md(f"{told.data_line(report)} {told.protocol_line(report)}"))
    measure = st.selectbox("Measure", measures, key=f"lab_measure_{key}")
    st.caption(md(f"{measure}: {told.words(measure)}."))
    found, kinds = told.estimates(report, measure), told.families(report)
    figure = intervals_figure(found, kinds, measure=measure, dark=_dark())
    _plot(figure, f"lab_intervals_{key}", f"{measure} of {len(found)} algorithms, best first: {named(list(found)[:3])} lead.")
    _trade_off(report, key)
    _curves(report, key)
    _tables(report, measure)
    _files(report, key)


def _trade_off(report: dict, key: str) -> None:
    """Accuracy against what it may be traded for."""
    primary = report["primary"]
    others = [name for name in told.ACROSS if name in told.measures(report)]
    if not others:
        return
    st.subheader("What accuracy costs", anchor=False)
    other = st.segmented_control("Against", others, default=others[0], key=f"lab_against_{key}", required=True)
    up = {name: one["mean"] for name, one in told.estimates(report, primary).items()}
    across = {name: one["mean"] for name, one in told.estimates(report, other).items()}
    st.caption(
        f"{other}: {told.words(other)}. On the dashed line stand those that no other one beats in both: "
        f"{named(front({n: across[n] for n in up if n in across}, {n: up[n] for n in up if n in across}))}."
    )
    figure = trade_off_figure(across, up, told.families(report), across_title=other, up_title=primary, dark=_dark())
    _plot(figure, f"lab_trade_off_{key}_{other}", f"{primary} against {other}, one point an algorithm.")


def _curves(report: dict, key: str) -> None:
    """How soon each algorithm knows a new person."""
    lines = told.curves(report, report["primary"])
    if not lines:
        return
    st.subheader("New people", anchor=False)
    chosen = st.multiselect("Curves of", list(lines), default=told.chosen_curves(list(lines)), key=f"lab_curves_{key}")
    if not chosen:
        st.caption("Choose a curve.")
        return
    figure = cold_start_figure(
        {name: lines[name] for name in chosen}, told.families(report), measure=report["primary"], dark=_dark()
    )
    _plot(figure, f"lab_cold_{key}", f"{report['primary']} by the number of works that a new person has told of.")
    st.caption("Each number of works asks the people who have told of more than that; all are asked about the same rest.")


def _tables(report: dict, measure: str) -> None:
    measures = told.measures(report)
    st.subheader("In numbers", anchor=False)
    shown = st.multiselect(
        "Measures", measures, default=list(dict.fromkeys([measure, *(m for m in SHOWN if m in measures)])),
        key=f"lab_columns_{measure}", label_visibility="collapsed", placeholder="Choose measures",
    )  # fmt: skip
    _table(told.table(report, shown or [measure]))
    st.caption("Means with 95 % intervals (bootstrap over people); p of a paired randomisation test, corrected.")
    for title, lines, said in (
        ("Time and memory", told.costs(report), "Seconds to learn, milliseconds a person, and the size of what was learned."),
        ("Are the reasons true?", told.truths(report), told.TRUTH_WORDS),
    ):
        if lines:
            with st.expander(title):
                _table(lines)
                st.caption(said)
    if report["not_applicable"]:
        with st.expander(f"Not applicable to these data: {len(report['not_applicable'])}"):
            _table([{"algorithm": name, "reason": reason} for name, reason in report["not_applicable"].items()])


def _files(report: dict, key: str) -> None:
    """The files to take away, and the command that made the figures."""
    name = f"artrec-{report['protocol']}-{key[:8]}"
    with st.container(horizontal=True):
        st.download_button(
            "CSV", lambda: told.to_csv(report), f"{name}.csv", "text/csv", icon=":material/table:", key=f"lab_csv_{key}"
        )
        st.download_button(
            "Report (HTML)", lambda: told.to_html(report), f"{name}.html", "text/html", icon=":material/description:",
            key=f"lab_html_{key}",
        )  # fmt: skip
    st.code(report["command"], language=None, wrap_lines=True)
    st.caption(md(f"The command that makes these figures. {told.made_line(report)} They are kept until either changes."))


def _table(lines: list[Mapping]) -> None:
    st.dataframe(pd.DataFrame(lines), hide_index=True, height=38 + 35 * min(max(len(lines), 1), 16))


def _dark() -> bool:
    return st.context.theme.type == "dark"


def _plot(figure, key: str, alt: str) -> None:
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, theme=None, alt=alt)
