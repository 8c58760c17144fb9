"""The Collections page, bringing in: choose a collection, import one from a file or folder, watch it grow."""

from pathlib import Path

import pandas as pd
import streamlit as st

from artrec import config, jobs, uploads
from artrec.catalogue import Artwork
from artrec.errors import ArtrecError
from artrec.normalise import normalise
from artrec.sources import SOURCES, Options, recognise
from artrec.sources.mapping import FIELDS, guess
from artrec.sources.table import AnyTable
from artrec.ui import state
from artrec.ui.safe import md

FIRST = 5  # rows and works that are shown before an import
LOOKED_AT = 200  # records by which the first works are found
EVERY = 1.0  # seconds between two looks at a running import
STAGES = {"": "starting", "import": "reading and cleaning", "check": "checking",
          "records": "keeping records", "encode": "reading meaning", "index": "index", "words": "words", "topics": "topics",
          "predict": "filling gaps", "map": "map"}  # fmt: skip
STARTER = "ArtRec starter collection"


def choose() -> None:
    """Which collection this session looks at."""
    mine = jobs.collections()
    if not mine:
        return
    names = {"": STARTER if config.collection() == config.STARTER_ASSETS else jobs.name_of(config.collection())}
    names |= {slug: jobs.name_of(folder) for slug, folder in mine.items()}
    st.session_state["collection_widget"] = state.collection() if state.collection() in names else ""
    st.selectbox("Collection in use", list(names), format_func=names.get, key="collection_widget", on_change=_chosen)


def _chosen() -> None:
    state.choose_collection(st.session_state["collection_widget"])


def _watch(running: bool) -> None:
    """Running and ended imports. `running`: whether one ran when the page was drawn; the page is drawn anew when none does."""
    known = jobs.every()
    if running and all(job.state != "running" for job in known):
        st.rerun()
    for job in known:
        with st.container(border=True, key=f"job_{job.slug}"):
            st.markdown(f"**{md(job.name)}**  :small[:gray[{job.state}]]")
            if job.state == "running":
                part = min(job.done / job.total, 1.0) if job.total else 0.0
                left = f", about {_time((job.total - job.done) / job.rate)} left" if job.rate and job.done < job.total else ""
                said = STAGES.get(job.stage, job.stage)
                if job.done:
                    said += f": {job.done:,}" + (f" of {job.total:,}" if job.total else "")
                st.progress(part, f"{said} works, {job.rate:,.0f} a second{left}" if job.done and job.rate else said)
                st.button("Stop", key=f"stop_{job.slug}", icon=":material/stop:", on_click=jobs.stop, args=(job.slug,))
                continue
            if job.state == "failed":
                st.error(md(job.message), icon=":material/error:")
            with st.container(horizontal=True):
                if job.state == "done" and job.slug == state.collection():
                    st.markdown(":gray[It is in use.]")
                elif job.state == "done":
                    st.button("Open it", key=f"open_{job.slug}", icon=":material/folder_open:", type="primary",
                              on_click=_open, args=(job.slug,))  # fmt: skip
                else:
                    again = "Go on" if job.state == "stopped" else "Try again"
                    st.button(again, key=f"again_{job.slug}", icon=":material/play_arrow:", on_click=_again, args=(job.slug,))
                st.button("Remove from this list", key=f"forget_{job.slug}", icon=":material/close:", type="tertiary",
                          on_click=jobs.forget, args=(job.slug,))  # fmt: skip
    if st.session_state.pop("job_opened", False):
        st.rerun()


def _open(slug: str) -> None:
    state.choose_collection(slug)
    st.session_state["job_opened"] = True


def _again(slug: str) -> None:
    try:
        jobs.go_on(slug)
    except ArtrecError as error:
        st.session_state["bring_error"] = str(error)


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def bring_in() -> None:
    """The form of an import, and the imports there are."""
    with st.expander("Bring in a collection", icon=":material/upload:", expanded=not jobs.collections() and not jobs.every()):
        try:
            path = _given()
            if path is not None:
                _import(path)
        except ArtrecError as error:  # the form stays, so that it can be corrected
            st.error(md(error.fact) + " " + md(error.cure), icon=":material/error:")
    if known := jobs.every():  # where the form was, so that the page does not jump when an import begins
        running = any(job.state == "running" for job in known)
        st.fragment(_watch, run_every=EVERY if running else None)(running)
    if error := st.session_state.pop("bring_error", ""):
        st.error(md(error), icon=":material/error:")


def over_network() -> bool:
    """Whether the user sits at another computer: Streamlit tells no address of who sits at this one."""
    return isinstance(st.context.ip_address, str)


def uploaded(file, folder: str) -> Path | None:
    """What a visitor uploads, kept in this folder of `ARTREC_HOME`. Raises `ArtrecError` where there is no room."""
    return None if file is None else uploads.keep(file, file.name, config.home() / folder)


def _given() -> Path | None:
    """The file or folder that the user gives."""
    st.caption("A museum's published data, or your own table: nothing leaves this computer.")
    way = "A file"
    if not over_network():  # this computer's folders are not for visitors
        way = st.segmented_control(
            "From", ["A file", "A folder on this computer"], default="A file", key="bring_way", required=True
        )
    if way == "A file":
        kinds = ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "gz", "zip", "xlsx", "parquet"]
        file = st.file_uploader("File", type=kinds, key="bring_file", help="For larger files give the folder they lie in.")
        return uploaded(file, "uploads")
    typed = st.text_input("Folder or file", key="bring_path", placeholder="/home/me/museum-data").strip()
    if not typed:
        return None
    path = Path(typed).expanduser()
    if not path.exists():
        st.warning(f"There is no {md(str(path))}. Check the path.", icon=":material/folder_off:")
        return None
    return path


def _import(path: Path) -> None:
    found = recognise(path)
    names = list(SOURCES)
    source = st.selectbox(
        "Format", names, index=names.index(found) if found else None, key=f"bring_format_{path.name}",
        format_func=lambda name: f"{SOURCES[name].label} ({name})", placeholder="Choose what it is",
        help="Found by a look at its beginning; correct it where it is wrong.",
    )  # fmt: skip
    if source is None:
        st.caption("The format is not one that was recognised. Choose it, or give one of: " + ", ".join(names) + ".")
        return
    mapping: dict[str, str] = {}
    if isinstance(SOURCES[source], AnyTable):
        mapping = _mapping(SOURCES[source], path)
    _first_works(source, path, mapping)
    name = st.text_input("Name of the collection", value=_name(path, source), key=f"bring_name_{path.name}", max_chars=80)
    if st.button("Import", icon=":material/play_arrow:", type="primary", key="bring_begin"):
        jobs.begin(name, source, path.resolve(), mapping)
        st.rerun()


def _name(path: Path, source: str) -> str:
    if not isinstance(SOURCES[source], AnyTable):
        return SOURCES[source].label
    plain = path.name.split("-", 1)[-1] if path.parent.name == "uploads" else path.name
    return plain.split(".")[0].replace("_", " ").strip().capitalize() or "My collection"


def _mapping(source: AnyTable, path: Path) -> dict[str, str]:
    """The columns as guessed, shown and corrected. An empty choice leaves a field out."""
    columns, rows = source.look(path)
    guesses = guess(columns, rows)
    fields = sorted(FIELDS, key=lambda field: field not in guesses)  # what was found stands first
    st.markdown("**Which column says what**")
    table = pd.DataFrame(
        [
            {
                "field": field.replace("_", " "),
                "column": guesses[field].column if field in guesses else None,
                "sure": round(guesses[field].confidence * 100) if field in guesses else None,
                "because": guesses[field].reason if field in guesses else "",
                "for example": next((str(r[guesses[field].column])[:60] for r in rows if r.get(guesses[field].column)), "")
                if field in guesses
                else "",
            }
            for field in fields
        ]
    )
    edited = st.data_editor(
        table, hide_index=True, key=f"bring_columns_{path.name}", disabled=["field", "sure", "because", "for example"],
        column_config={
            "column": st.column_config.SelectboxColumn("column (choose)", options=columns),
            "sure": st.column_config.ProgressColumn("sure", format="%d %%", min_value=0, max_value=100),
        },
    )  # fmt: skip
    chosen = edited["column"].where(edited["column"].notna(), "")
    return {field: str(column) for field, column in zip(fields, chosen, strict=True) if column or field in guesses}


def _first_works(source: str, path: Path, mapping: dict[str, str]) -> None:
    """What the first records become."""
    works: list[Artwork] = []
    left = None
    for seen, found in enumerate(SOURCES[source].read(path, Options(mapping))):
        if isinstance(found, Artwork):
            works.append(normalise(found))
        else:
            left = left or found
        if len(works) >= FIRST or seen >= LOOKED_AT:
            break
    if not works:
        reason = f"{left.where}: {left.reason}. {left.cure}" if left else "It holds no records."
        raise ArtrecError("None of the first records can be taken.", reason)
    st.markdown("**The first works, as they would be**")
    shown = ("title", "artist", "when", "type", "medium", "culture", "museum", "subjects")
    rows = [{name: ", ".join(v) if isinstance(v := getattr(work, name), tuple) else v for name in shown} for work in works]
    st.dataframe(pd.DataFrame(rows).rename(columns={"when": "date"}), hide_index=True)
