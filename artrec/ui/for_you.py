"""The For you page: recommendations that answer every like, note, mood and slider at once, and what would change them."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from artrec.channels import DEFAULT_WEIGHTS, EVERY_LABEL, PERSONAL_WEIGHTS, channels_of
from artrec.explanation import faithfulness
from artrec.profile import Profile
from artrec.recommender import Request, Response
from artrec.ui import cards, learning, state
from artrec.ui.frame import App
from artrec.ui.safe import md

SHOWN = 12
DIVERSITY = 0.25  # to begin with
COMPARED = 200  # ranks
WEIGHT_STEP = 5  # sliders run from 0 to 100, each worth a hundredth


@dataclass(frozen=True)
class Settings:
    """What the controls say. `without`: ids of liked works, `muted`: channels, taken away to see what happens."""

    query: str
    weights: dict[str, float]
    diversity: float
    known: learning.Known
    without: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()


def controls(app: App) -> Settings:
    """The taste, the sliders and the what-ifs."""
    st.title("For you", anchor=False)
    state.mirror()
    channels = [channel.name for channel in channels_of(app.recommender.collection)]
    known = learning.known(app)
    if not known.profile:
        _ask_of_the_person(app, known)
        return Settings("", dict(DEFAULT_WEIGHTS), DIVERSITY, known)
    query = _kept_text("In the mood for (optional)", "for_you_query", "calm, at sea")
    posterior = learning.weights(app, known)
    first = DEFAULT_WEIGHTS | {name: PERSONAL_WEIGHTS[name] for name in known.personal}
    names = (*channels, *known.personal)
    with st.container(horizontal=True):
        with st.popover("Weights and diversity", icon=":material/tune:"):
            diversity = _slider(
                "Diversity", "for_you_diversity", round(DIVERSITY * 100), "0: strictly by score. More: less alike."
            )
            learning.half_life()
            st.caption("How much each reason counts. They are normalised over the reasons that speak for a work.")
            learning.learning_switch(posterior)
            wanted = first | (posterior.weights if posterior else {})
            weights = {}
            for column, some in zip(st.columns(2, gap="medium"), np.array_split(list(names), 2), strict=True):
                with column:
                    for name in map(str, some):
                        weights[name] = _weight(name, wanted[name])
            st.button("Reset", key="reset_weights", on_click=_reset)
        _ask_of_the_person(app, known)
        with st.popover("What if", icon=":material/science:"):
            st.caption("Take something away and see every rank move. Nothing is forgotten.")
            catalogue = app.recommender.collection.catalogue
            without = _kept_choice(
                "without these likes", "what_if_likes", known.profile.likes, lambda i: catalogue[catalogue.row(i)].title
            )
            reasons = (*channels, *known.personal)
            muted = _kept_choice("without these reasons", "what_if_channels", reasons, EVERY_LABEL.get)
    if said := learning.aimed_at(app):
        st.caption(":material/mood: " + md(said))
    return Settings(query, weights, diversity / 100, known, without, muted)


def _ask_of_the_person(app: App, known: learning.Known) -> None:
    with st.popover("My notes", icon=":material/edit_note:"):
        learning.notes_panel(app, known)
    with st.popover("My mood", icon=":material/mood:"):
        learning.mood_panel(app)


def _weight(name: str, wanted: float) -> float:
    """A reason's slider: where it was moved by hand, there; else where the default, or what was learned, puts it."""
    key, widget = f"weight_{name}", f"weight_{name}_widget"
    value = st.session_state.get(key, min(100, round(wanted * 100)))
    st.session_state[widget] = value  # follows what is learned from run to run
    moved = st.slider(EVERY_LABEL[name], 0, 100, key=widget, on_change=state.keep, args=(key, widget))
    return wanted if key not in st.session_state else moved / 100


def _slider(label: str, key: str, default: int, help_: str) -> int:
    value = state.kept(key, default)
    return st.slider(
        label, 0, 100, value, WEIGHT_STEP if default % WEIGHT_STEP == 0 else 1, key=f"{key}_widget",
        on_change=state.keep, args=(key, f"{key}_widget"), help=help_ or None,
    )  # fmt: skip


def _kept_text(label: str, key: str, placeholder: str) -> str:
    return st.text_input(
        label, state.kept(key, ""), key=f"{key}_widget", on_change=state.keep, args=(key, f"{key}_widget"),
        placeholder=placeholder,
    ).strip()  # fmt: skip


def _kept_choice(label: str, key: str, options: tuple[str, ...], name) -> tuple[str, ...]:
    chosen = [o for o in state.kept(key, ()) if o in options]
    picked = st.multiselect(
        label, options, default=chosen, key=f"{key}_widget", on_change=state.keep, args=(key, f"{key}_widget"),
        format_func=name, placeholder="nothing",
    )  # fmt: skip
    return tuple(picked)


def _reset() -> None:
    for key in ("for_you_diversity", *(f"weight_{name}" for name in EVERY_LABEL)):
        st.session_state.pop(key, None)
        st.session_state.pop(f"{key}_widget", None)
    learning.start_over()


def show(app: App, settings: Settings) -> None:
    """The list; or nine works to like, where nothing is known yet."""
    if not settings.known.profile:
        st.markdown("Like three or more of these, and this page becomes yours.")
        cards.grid(app, app.recommender.starters(9, st.session_state[state.SEED], app.facets), "nine", cards.THIRD)
        st.button("Another nine", icon=":material/refresh:", on_click=state.another_nine)
        return
    known = settings.known
    request = Request(settings.query, known.profile, SHOWN, settings.weights, settings.diversity, app.facets, known.voices)
    base = app.recommender.recommend(request)
    response, before = base, st.session_state.get("for_you_order", ())
    if settings.without or settings.muted:
        response, before = _what_if(app, request, settings), order(base)
        st.caption(":material/science: What if: arrows show each move against your list as it is.")
        if response is None:
            st.info("With all that taken away there is nothing left to recommend by.", icon=":material/science:")
            return
    cards.remarks(response)
    cards.results(app, response, "for_you", moves(response, before))
    st.session_state["for_you_order"] = order(base)
    _trust(app, base, settings.known)


def _what_if(app: App, request: Request, settings: Settings) -> Response | None:
    profile: Profile = request.profile
    for artwork_id in settings.without:
        profile = profile.without(artwork_id)
    weights = {name: 0.0 if name in settings.muted else weight for name, weight in request.weights.items()}
    if not profile and not request.query:
        return None
    return app.recommender.recommend(replace(request, profile=profile, weights=weights))


def order(response: Response) -> tuple[int, ...]:
    """Rows in the order of a response, as far down as ranks are worth comparing."""
    return tuple(int(row) for row in response.table.scored.rows[response.table.order[:COMPARED]])


def moves(response: Response, before: tuple) -> dict[str, str]:
    """id → how its rank moved since `before`, as a mark for its card; nothing where it stayed or nothing came before."""
    if not before:
        return {}
    was = {row: rank for rank, row in enumerate(before, start=1)}
    marks = {}
    for r in response.results:
        old = was.get(r.row)
        if old is None:
            marks[r.artwork.artwork_id] = ":primary[new] · "
        elif old > r.rank:
            marks[r.artwork.artwork_id] = f":primary[▲ {old - r.rank}] · "
        elif old < r.rank:
            marks[r.artwork.artwork_id] = f":gray[▼ {r.rank - old}] · "
    return marks


def _trust(app: App, response: Response, known: learning.Known) -> None:
    with st.expander("How far to trust these reasons"):
        if state.person() is not None:
            from artrec.ui import voices  # the community's models load with it

            voices.told(app, state.person(), known.voices)
        found = faithfulness(app.recommender, response)
        if found is None:
            st.markdown("Too few reasons speak here to test them.")
            return
        st.markdown(
            f"Muting the reason named first makes a work fall **{found.top_fall:.1f}** places on average; muting another of "
            f"its reasons, drawn at random, **{found.random_fall:.1f}** (over {found.works} works). The further apart, the "
            "more the reasons named first are the ones that decide."
        )
        listed = [md(n) for n in response.notes]
        if listed:
            st.caption(" ".join(listed))
