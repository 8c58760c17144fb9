"""The Collections page, health of an imported or large collection: what is filled, doubtful, double, left out."""

import json
from pathlib import Path

import pandas as pd
import streamlit as st

from artrec.catalogue import Catalogue
from artrec.figures import bars_figure
from artrec.health import report
from artrec.ui import state
from artrec.ui.safe import cell, md

KINDS = {"date": "Dates", "double": "Doubles", "size": "Sizes", "column": "Columns", "gap": "Gaps"}
ICONS = {"date": ":material/event:", "double": ":material/content_copy:", "size": ":material/straighten:",
         "column": ":material/view_column:", "gap": ":material/check_box_outline_blank:"}  # fmt: skip
EXAMPLES = 6
MOST_LEFT_OUT = 10_000  # rows of what was left out that are shown; the file has all


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


@st.cache_data(show_spinner=False, max_entries=4)
def left_out(folder: str, changed: int) -> pd.DataFrame:
    """What an import did not take (empty where nothing is known)."""
    file = Path(folder) / "left_out.jsonl"
    rows = []
    if file.exists():
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                try:
                    rows.append({name: str(value) for name, value in json.loads(line).items()})
                except (ValueError, AttributeError):
                    continue
                if len(rows) >= MOST_LEFT_OUT:
                    break
    return pd.DataFrame(rows)


def show(found: dict, folder: Path, catalogue: Catalogue) -> None:
    """Problems by kind with their works and cures, what is filled, and what was left out."""
    problems = found["problems"]
    doubts = [p for p in problems if p["kind"] not in ("gap", "column")]
    st.subheader("Health", anchor=False)
    if not doubts:
        st.markdown(":material/check_circle: No doubtful date, no double, no impossible size.")
    dark = st.context.theme.type == "dark"
    left, right = st.columns(2, gap="large")
    with left:
        if doubts:
            st.markdown("**Works to look at**")
            counts = {p["title"]: p["count"] for p in doubts}
            st.plotly_chart(bars_figure(counts, dark=dark), key="doubts", config={"displayModeBar": False}, theme=None)
    with right:
        st.markdown("**How much is filled, %**")
        filled = {name.removesuffix("_start").replace("_", " "): round(share * 100) for name, share in found["filled"].items()}
        st.plotly_chart(bars_figure(filled, dark=dark), key="filled", config={"displayModeBar": False}, theme=None)
    for problem in problems:
        if problem["kind"] == "gap" and problem["share"] >= 1:
            continue
        label = f"{KINDS[problem['kind']]}: {md(problem['title'])} — {problem['count']:,} ({problem['share']:.1%})"
        with st.expander(label, icon=ICONS[problem["kind"]]):
            st.markdown(md(problem["cure"]))
            known = [i for i in problem["works"] if i in catalogue]
            for artwork_id in known[:EXAMPLES]:
                work = catalogue[catalogue.row(artwork_id)]
                st.page_link("pages/artwork.py", label=md(f"{work.title} ({work.when or 'no date'})"), icon="",
                             query_params=state.link(id=artwork_id), help="")  # fmt: skip
            if len(known) > EXAMPLES:
                ids = "\n".join(known)
                st.download_button(f"The first {len(known):,} ids", ids, f"artrec_{problem['kind']}.txt", "text/plain",
                                   key=f"ids_{problem['title']}")  # fmt: skip
    file = folder / "left_out.jsonl"
    if file.exists():
        _left_out(folder, file)


def _left_out(folder: Path, file: Path) -> None:
    table = left_out(str(folder), file.stat().st_mtime_ns)
    if table.empty:
        st.caption("The import left nothing out.")
        return
    with st.expander(f"Left out by the import: {len(table):,} records, each with its reason", icon=":material/block:"):
        st.dataframe(table, hide_index=True)
        safe = table.map(cell).to_csv(index=False).encode("utf-8-sig")
        st.download_button("Download as CSV", safe, "artrec_left_out.csv", "text/csv", icon=":material/download:")
