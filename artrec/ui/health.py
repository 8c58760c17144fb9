"""The Collections page, health of an imported or large collection: what is filled, doubtful, double, left out."""

import json
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import pandas as pd
import streamlit as st

from artrec.catalogue import Catalogue
from artrec.figures import bars_figure
from artrec.files import cell
from artrec.health import LISTED, report
from artrec.ui import state
from artrec.ui.safe import md

ICONS = {"date": ":material/event:", "double": ":material/content_copy:", "size": ":material/straighten:",
         "gap": ":material/check_box_outline_blank:"}  # fmt: skip
EXAMPLES = 6
MOST_LEFT_OUT = 1_000  # records that were left out and are shown; the download has all


@st.cache_data(show_spinner="Looking the records over…", max_entries=4)
def read(catalogue_hash: str, folder: str, _catalogue: Catalogue) -> dict:
    """The report that was kept beside the collection, or a new one."""
    file = Path(folder) / "health.json"
    try:
        found = json.loads(file.read_text("utf-8"))
        if found["works"] == len(_catalogue) and isinstance(found["problems"], list):
            return found
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return report(_catalogue)


def left_out(file: Path) -> Iterator[dict[str, str]]:
    """What an import did not take, record by record; lines that are damaged are passed over."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                yield {name: str(value) for name, value in json.loads(line).items()}
            except (ValueError, AttributeError):
                continue


@st.cache_data(show_spinner=False, max_entries=4)
def _first_left_out(file: str, changed: int) -> tuple[pd.DataFrame, int]:
    """The first records that were left out, and how many there are."""
    with Path(file).open("rb") as lines:
        count = sum(1 for _ in lines)
    return pd.DataFrame(islice(left_out(Path(file)), MOST_LEFT_OUT)), count


def left_out_csv(file: Path) -> bytes:
    """All of it as CSV, with no cell that a spreadsheet would take for a formula."""
    return pd.DataFrame(left_out(file)).map(cell).to_csv(index=False).encode("utf-8-sig")


def show(found: dict, folder: Path, catalogue: Catalogue) -> None:
    """Problems by kind with their works and cures, what is filled, and what was left out."""
    problems = found["problems"]
    doubts = [p for p in problems if p["kind"] not in ("gap", "column")]
    st.subheader("Health", anchor=False)
    dark = st.context.theme.type == "dark"
    left, right = st.columns(2, gap="large")
    with left:
        if not doubts:
            st.markdown(":material/check_circle: No doubtful date, no double, no impossible size.")
        else:
            st.markdown("**Works to look at**")
            counts = {p["title"]: p["count"] for p in doubts}
            st.plotly_chart(bars_figure(counts, dark=dark), key="doubts", config={"displayModeBar": False}, theme=None)
        for problem in doubts:
            _doubt(problem, catalogue)
    with right:
        st.markdown("**How much is filled, %**")
        filled = {name.removesuffix("_start").replace("_", " "): round(share * 100) for name, share in found["filled"].items()}
        st.plotly_chart(bars_figure(filled, dark=dark), key="filled", config={"displayModeBar": False}, theme=None)
    _gaps([p for p in problems if p["kind"] == "gap"])
    if alike := [p["title"] for p in problems if p["kind"] == "column"]:
        st.caption("Tells no two works apart: " + md("; ".join(alike)) + ".")
    if problems:
        st.download_button(
            "Download all findings as CSV", partial(findings_csv, found), "artrec_findings.csv", "text/csv",
            icon=":material/download:", key="findings", help=f"Each with its cure and its works, {LISTED:,} at most.",
        )  # fmt: skip
    file = folder / "left_out.jsonl"
    if file.exists():
        _left_out(file)


def findings_csv(found: dict) -> bytes:
    """A row a work and problem, with no cell that a spreadsheet would take for a formula."""
    rows = [
        {
            "kind": p["kind"],
            "problem": cell(p["title"]),
            "works in all": p["count"],
            "artwork_id": work,
            "cure": cell(p["cure"]),
        }
        for p in found["problems"]
        for work in p["works"] or [""]
    ]
    return pd.DataFrame(rows).to_csv(index=False).encode("utf-8-sig")


def _doubt(problem: dict, catalogue: Catalogue) -> None:
    label = f"{md(problem['title'])}: {problem['count']:,}"
    with st.expander(label[:1].upper() + label[1:], icon=ICONS[problem["kind"]]):
        st.markdown(md(problem["cure"]))
        known = [i for i in problem["works"][:EXAMPLES] if i in catalogue]
        for artwork_id in known:
            work = catalogue[catalogue.row(artwork_id)]
            st.page_link("pages/artwork.py", label=md(f"{work.title} ({work.when or 'no date'})"), icon="",
                         query_params=state.link(id=artwork_id), help="")  # fmt: skip
        if problem["count"] > len(known):
            st.caption(f"And {problem['count'] - len(known):,} more, in the list below.")


def _gaps(problems: list[dict]) -> None:
    if not problems:
        return
    gaps = pd.DataFrame(
        [(p["title"].removeprefix("no "), p["count"], round(p["share"] * 100, 1), p["cure"]) for p in problems],
        columns=["missing", "works", "%", "cure"],
    )
    with st.expander(f"What is missing, in {len(problems)} fields", icon=ICONS["gap"]):
        st.dataframe(gaps, hide_index=True)


def _left_out(file: Path) -> None:
    table, count = _first_left_out(str(file), file.stat().st_mtime_ns)
    if table.empty:
        st.caption("The import left nothing out.")
        return
    with st.expander(f"Left out by the import: {count:,} records, each with its reason", icon=":material/block:"):
        st.dataframe(table, hide_index=True)
        if count > len(table):
            st.caption(f"The first {len(table):,}; the file has all.")
        st.download_button(
            "Download what was left out as CSV",
            partial(left_out_csv, file),
            "artrec_left_out.csv",
            "text/csv",
            icon=":material/download:",
        )
