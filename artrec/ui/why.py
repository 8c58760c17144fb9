"""Why a work was chosen: the sentence, the sum, the likes and words behind it, and what would change it."""

import html

import streamlit as st

from artrec.attribution import word_parts
from artrec.channels import EVERY_LABEL
from artrec.explanation import LIKED, counterfactuals, label_of, sentence
from artrec.recommender import Recommendation, Response
from artrec.relevance import phrase
from artrec.ui import matched
from artrec.ui.safe import md

# Okabe and Ito's hues (2008), which colour-blind eyes tell apart, darkened until white text is legible on them
COLOURS = {
    "text": "#0072B2", "words": "#3486B8", "artist": "#D55E00", "movement": "#B27A00", "period": "#8C6D46",
    "medium": "#767676", "subject": "#00815E", "mood": "#B05C8A", "palette": "#7F7400", "culture": "#5D4E8C",
    "light": "#4F6D7A", "texture": "#8A4B3C", "composition": "#3F6B3A", "visual": "#7A3E6D",
    "community": "#A3324F", "notes": "#2E6F73", "feeling": "#8A5A9E",
}  # fmt: skip


@st.dialog("Why this work?", width="medium")
def dialog(app, response: Response, result: Recommendation) -> None:
    """The whole explanation of one recommendation."""
    body(app, response, result)


def body(app, response: Response, result: Recommendation) -> None:
    """The explanation, wherever it is shown."""
    collection = app.recommender.collection
    st.markdown(f"#### {md(result.artwork.title)}")
    st.markdown(md(sentence(result, collection)))
    if result.relevance is None:
        return
    spoken = [c for c in result.contributions if c.amount > 0]
    st.image(bar([(c.channel, c.amount) for c in spoken], result.score), width="stretch", alt=_told(spoken, result.score))
    st.caption(f"Score {result.score:.3f}, {md(phrase(result.relevance))}. The parts add up to it:")
    lines = []
    for c in spoken:
        based = (
            f" — {'like' if c.how == LIKED else c.how} *{md(label_of(c.source, collection))}*"
            if c.source in collection.catalogue
            else ""
        )
        lines.append(f"**{c.label}** {c.amount:.3f} · {md(c.evidence)}{based}")
    st.markdown("  \n".join(lines))
    spoke = {c.channel for c in result.contributions}
    silent = [EVERY_LABEL[name] for name in response.table.columns if name not in spoke]
    if silent:
        st.caption("No evidence, so no say: " + ", ".join(silent) + ".")
    matched.show(app, response, result)
    _words(app, response, result)
    _likes(result, collection)
    _otherwise(app, response, result)


def bar(parts: list[tuple[str, float]], score: float) -> str:
    """The contributions as one bar (SVG): full width is a score of 1."""
    x, pieces = 0.0, []
    for channel, amount in parts:
        width, label = amount * 1000, EVERY_LABEL[channel]
        box = f'x="{x:.1f}" y="0" width="{max(width - 2, 0.5):.1f}" height="34"'
        pieces.append(f'<rect {box} rx="2" fill="{COLOURS[channel]}"/>')
        if width > 11 * len(label):
            text = f'x="{x + 8:.1f}" y="23" font-size="17" font-family="sans-serif" fill="#fff"'
            pieces.append(f"<text {text}>{label}</text>")
        x += width
    track = '<rect x="0" y="0" width="1000" height="34" rx="3" fill="#8883"/>'
    title = html.escape(f"score {score:.3f}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 34" width="1000" height="34" role="img">'
        f"<title>{title}</title>{track}{''.join(pieces)}</svg>"
    )


def _told(parts, score: float) -> str:
    return f"Score {score:.3f}: " + ", ".join(f"{c.label} {c.amount:.3f}" for c in parts)


def _words(app, response: Response, result: Recommendation) -> None:
    if not response.question.query.asks:
        return
    found = word_parts(app.recommender, response, result)
    if found.amounts and found.total > 0:
        told = sorted(found.amounts, key=lambda pair: -abs(pair[1]))
        st.markdown("**Your words**")
        st.markdown(" · ".join(f"{md(word)} {'−' if amount < 0 else '+'}{abs(amount):.3f}" for word, amount in told[:8]))
        st.caption("Shapley values for the meaning, exact for the words; together they are the query's part of the score.")


def _likes(result: Recommendation, collection) -> None:
    shares = [s for s in result.shares if s.source in collection.catalogue]
    if shares:
        st.markdown("**Your likes**")
        st.markdown("  \n".join(f"{md(label_of(s.source, collection))} +{s.amount:.3f}" for s in shares[:6]))


def _otherwise(app, response: Response, result: Recommendation) -> None:
    lines, unmoved = [], []
    for c in counterfactuals(app.recommender, response, result):
        name = (
            f"your like of *{md(label_of(c.removed, app.recommender.collection))}*"
            if c.kind == "like"
            else f"**{EVERY_LABEL[c.removed]}**"
        )
        if c.after is None:
            lines.append(f"Without {name} there would be no list to be on.")
        elif c.after > c.before:
            lines.append(f"Without {name} this falls from {c.before} to {c.after}.")
        elif c.after < c.before:
            lines.append(f"Without {name} this rises from {c.before} to {c.after}.")
        else:
            unmoved.append(name)
    if unmoved:
        lines.append(f"Without {' or '.join(unmoved)} it keeps its place.")
    if lines:
        st.markdown("**What if**")
        st.markdown("  \n".join(lines))
