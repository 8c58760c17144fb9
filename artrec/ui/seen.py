"""How the machine sees a work's picture, in words a class understands, and the works that are alike to the eye."""

import numpy as np
import streamlit as st

from artrec.catalogue import Artwork
from artrec.figures_visual import palette_bar, palette_told
from artrec.profile import Profile
from artrec.recommender import Request
from artrec.ui import cards
from artrec.ui.frame import App
from artrec.ui.safe import md
from artrec.visual import overlays
from artrec.visual.words import telling

VIEWS = ("As it is", "Edges", "Balance", "What stands out")
MEASURED = {"palette": "Colour", "light": "Light", "texture": "Surface", "composition": "Layout"}
ALIKE = {"palette": "In colour", "light": "In light", "composition": "In composition"}
NEAREST = 3
SMALL = 84  # pixels: a picture beside the words on it
VERY = 2.0  # standardised value from which a feature is extreme: about one picture in forty


def has_picture(app: App, work: Artwork) -> bool:
    """Whether something was read in a picture of the work."""
    collection = app.recommender.collection
    return collection.visual is not None and bool(collection.visual.has[collection.catalogue.row(work.artwork_id)])


def picture(app: App, work: Artwork) -> None:
    """The picture, as it is or as the machine sees it, and its colours."""
    collection = app.recommender.collection
    found = cards.pictures_for(app, [work]).get(work.artwork_id)
    place = st.empty()
    view = VIEWS[0]
    if found is not None:
        view = st.segmented_control(
            "How the machine sees it", VIEWS, default=VIEWS[0], key=f"seen_view_{work.artwork_id}", required=True
        )
    with place.container():
        if view == VIEWS[0] or found is None:
            cards.picture(work, found)
        else:
            shown, alt = _overlay(view, collection.manifest["catalogue"], work.artwork_id, app)
            st.image(shown, width="stretch", alt=alt)
    if found is not None:
        st.caption(md(_said(view, collection.manifest["catalogue"], work.artwork_id, app)))
    palette = collection.visual.palettes[collection.catalogue.row(work.artwork_id)]
    st.image(palette_bar(palette, 64), width="stretch", alt=f"Its main colours: {palette_told(palette)}")
    st.caption(f"Its main colours: {md(palette_told(palette))}.")


def measured(app: App, work: Artwork) -> None:
    """What stands out in the picture against the collection's other pictures."""
    collection = app.recommender.collection
    features = collection.visual.features[collection.catalogue.row(work.artwork_id)]
    lines = []
    for group, label in MEASURED.items():
        said = [f"**{md(t.words)}**" if abs(t.far) > VERY else md(t.words) for t in telling(features, (group,))]
        lines.append(f":gray[{label}] " + (", ".join(said) if said else "like most here"))
    st.markdown(
        "  \n".join(
            [
                ":material/visibility: **Measured in the picture**, against the others here. Bold: more so than nearly all.",
                *lines,
            ]
        )
    )


def alike(app: App, work: Artwork) -> None:
    """The works nearest to the eye, by colour, by light and by composition, side by side."""
    st.subheader("Alike to the eye", anchor=False)
    found = {}
    for name in ALIKE:
        request = Request(profile=Profile(likes=(work.artwork_id,)), n=NEAREST, weights={name: 1.0}, facets=app.facets)
        found[name] = [r for r in app.recommender.recommend(request).results if r.score > 0]
    shown = cards.pictures_for(app, [r.artwork for results in found.values() for r in results], "medium")
    with st.grid(min_column_width=250, gap="medium", key="alike"):
        for name, label in ALIKE.items():
            with st.container(border=True, key=f"alike_{name}"):
                st.markdown(f"**{label}**")
                if not found[name]:
                    st.caption("Nothing near by this reason.")
                for r in found[name]:
                    with st.container(horizontal=True, wrap=False, gap="small", key=f"alike_{name}_{r.artwork.artwork_id}"):
                        with st.container(width=SMALL):
                            cards.picture(r.artwork, shown.get(r.artwork.artwork_id))
                        with st.container(gap=None):
                            cards.title_link(r.artwork)
                            st.caption(md(r.contributions[0].evidence))


@st.cache_data(show_spinner=False, max_entries=48)
def _overlay(view: str, catalogue: str, artwork_id: str, _app: App) -> tuple[np.ndarray, str]:
    """The overlay of a work's picture, and its alternative text."""
    seen = _app.recommender.collection.shelf.picture(artwork_id)
    if view == "Edges":
        return overlays.edges(seen), "The picture as a drawing of its edges"
    if view == "Balance":
        return overlays.balance_drawn(seen, overlays.balance(seen)), "The picture with its thirds, middle and centre of weight"
    return overlays.spotlight(seen, overlays.saliency(seen)), "The picture with light on what stands out"


@st.cache_data(show_spinner=False, max_entries=200)
def _said(view: str, catalogue: str, artwork_id: str, _app: App) -> str:
    """A view in one sentence."""
    if view == "Edges":
        return "Dark where brightness changes from one pixel to the next: outlines, strokes, the grain of the surface."
    if view == "Balance":
        told = overlays.balance_words(overlays.balance(_app.recommender.collection.shelf.picture(artwork_id)))
        return f"The lines are the thirds, the cross is the middle, the ring is the centre of what stands out. {told}"
    if view == "What stands out":
        return "Lit where colour and brightness differ from the rest. A machine's guess; where did your eyes go first?"
    return "Choose how to look: as it is, or as the machine takes it apart."
