"""The Lab page: its sections, and what the heads read out of any text."""

import streamlit as st

from artrec.reading import LONGEST, read_text
from artrec.ui import lab_compare, lab_measured, state
from artrec.ui.frame import App
from artrec.ui.safe import md

SIDE, CHANGED, TRAINING, RESULTS, READ = "Side by side", "What changed", "Training", "Results", "Read a text"
RECOMMEND = "Recommenders"
SECTIONS = {
    "side-by-side": SIDE, "what-changed": CHANGED, "training": TRAINING, "results": RESULTS, "recommend": RECOMMEND,
    "read": READ,
}  # fmt: skip
KINDS = {
    "movement": "Movement", "genre": "Genre", "type": "Type", "moods": "Moods", "subjects": "Subjects",
    "sentiment": "Sentiment", "strength": "Strength of feeling",
}  # fmt: skip
EXAMPLE = (
    "Fishing boats ride out a gale under a low sky, painted quickly in oils by the water around 1870. The foam is laid on "
    "with a knife, thick enough to cast a shadow. I came back twice; I have never felt so cold and so happy in a museum."
)


def show(app: App) -> None:
    """The page."""
    st.title("Lab", anchor=False)
    asked = SECTIONS.get(st.query_params.get("section", ""))
    if asked and "lab_section" not in st.session_state:
        st.session_state["lab_section"] = asked
    section = st.segmented_control(
        "Section", list(SECTIONS.values()), default=state.kept("lab_section", SIDE), key="lab_section_widget", required=True,
        on_change=state.keep, args=("lab_section", "lab_section_widget"), label_visibility="collapsed",
    )  # fmt: skip
    here = next(name for name, title in SECTIONS.items() if title == section)
    if section == SIDE:
        query = lab_compare.ask()
        state.mirror(section=here, q=query)
        lab_compare.side_by_side(app, query)
        return
    if section == RECOMMEND:  # it adds to the link itself
        from artrec.ui import lab_recommend  # here: its models need scipy, and no other section does

        lab_recommend.show(app)
        return
    state.mirror(section=here)
    if section == CHANGED:
        lab_compare.what_changed(app)
    elif section == TRAINING:
        lab_measured.training()
    elif section == RESULTS:
        lab_measured.results(app.recommender.collection.manifest["encoder"]["fingerprint"])
    else:
        _read(app)


def _read(app: App) -> None:
    """Any text, and what the heads make of it."""
    st.markdown(
        "Linear heads on the encoder's vectors guess what a text is about and how its writer feels. They were taught on this "
        "collection's records and on visitors' notes; the bars are their probabilities."
    )
    text = st.text_area(
        "A text", state.kept("lab_text", EXAMPLE), height=150, max_chars=LONGEST, key="lab_text_widget",
        on_change=state.keep, args=("lab_text", "lab_text_widget"), placeholder="A label, a review, a line of a poem",
    )  # fmt: skip
    found = read_text(text, app.recommender.encoder.get())
    with st.grid(min_column_width=210, gap="medium", key="lab_read"):
        for kind, title in KINDS.items():
            if kind in found:
                with st.container(key=f"lab_read_{kind}", gap="xsmall"):
                    st.markdown(f"**{title}**")
                    for label, chance in found[kind]:
                        name = "" if kind == "strength" else md(label) + " "
                        st.progress(min(max(float(chance), 0.0), 1.0), text=f"{name}:gray[{chance:.0%}]")
                    if not found[kind]:
                        st.caption("Nothing likely enough to be told.")
    if found.get("keywords"):
        st.markdown("**Keywords** " + " · ".join(md(phrase) for phrase, _ in found["keywords"]))
    st.caption(
        "The surest guesses first; of moods and subjects, those above their thresholds. How often such guesses are right: "
        "see *Results*. Trained by `python -m artrec train heads`."
    )
