"""Explanations that show it: the colours that match, and the two parts of the pictures that match best."""

import numpy as np
import streamlit as st

from artrec.channels import LABELS, OF_PICTURES
from artrec.collection import Collection
from artrec.figures_visual import swatches, swatches_told
from artrec.recommender import Recommendation, Response
from artrec.ui.safe import md
from artrec.visual import crops
from artrec.visual.swatches import matches


def show(app, response: Response, result: Recommendation) -> None:
    """In an explanation: the colours that match, and the two parts of the pictures that match best."""
    collection = app.recommender.collection
    for c in result.contributions:
        if c.channel == "palette" and c.amount > 0 and c.source != "dislikes":
            theirs = _palette_of(c.source, response, collection)
            ours = collection.palettes[:, :, result.row].T
            if theirs is not None and np.isfinite(ours).all() and np.isfinite(theirs).all():
                pairs = matches(ours, theirs)
                st.markdown("**Colours that match**")
                st.image(swatches(pairs), width="stretch", alt=swatches_told(pairs))
                st.caption("Above, this work's main colours; below, the nearest of the other. Joined: alike at a glance.")
            break
    looks = [c for c in result.contributions if c.channel in {channel.name for channel in OF_PICTURES} and c.amount > 0]
    if not looks or looks[0].source == "dislikes":
        return
    source = looks[0].source
    one = collection.shelf.picture(result.artwork.artwork_id)
    other = (
        collection.shelf.picture(source) if source else (response.question.sight.picture if response.question.sight else None)
    )
    if one is None or other is None:
        return
    pair = crops.best_pair(one, other)
    whose = md(collection.catalogue[collection.catalogue.row(source)].title) if source else "Your picture"
    st.markdown("**The two parts that are most alike**")
    left, right = st.columns(2, gap="small")
    left.image(pair.one.of(one), width="stretch", alt=f"A part of {result.artwork.title}", caption=md(result.artwork.title))
    right.image(pair.other.of(other), width="stretch", alt="The part that is most like it", caption=whose)
    st.caption(f"Alike in colour, contrast and the direction of edges; named by {LABELS[looks[0].channel]}.")


def _palette_of(source: str, response: Response, collection: Collection) -> np.ndarray | None:
    if source:
        return collection.palettes[:, :, collection.catalogue.row(source)].T
    sight = response.question.sight
    return None if sight is None else sight.palette
