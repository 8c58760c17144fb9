"""What the app learns from each action, and how a person sees and corrects it: weights, notes, the mood of the moment, and the
community that they belong to. Everything here works on one session; what outlives it is in the community's store."""

import time
from dataclasses import dataclass, replace

import streamlit as st

from artrec.channels import DEFAULT_WEIGHTS, PERSONAL_WEIGHTS
from artrec.channels.community import Voices
from artrec.community.actions import LONGEST_TEXT, NOTE
from artrec.errors import ArtrecError
from artrec.learning import mood
from artrec.learning.aspects import Aspect, leanings, read_note, spoken
from artrec.learning.decay import HALF_LIFE, HALF_LIVES
from artrec.learning.lessons import Opinion, study
from artrec.learning.notes import sentiment
from artrec.learning.taste import TASTE, Learned, learn
from artrec.learning.weights import Posterior
from artrec.profile import Profile
from artrec.ui import state
from artrec.ui.frame import App
from artrec.ui.safe import md

NOTES, MOOD, MODE, LIFE, LEARNING, LEARNED = "taste_notes", "mood_now", "mood_mode", "half_life", "learning", "learned_weights"
TOLD = 10  # wishes that are listed


@dataclass(frozen=True)
class Known:
    """All that is known of whoever sits here. `opinions`: in order, for the weights; `voices`: their community, if any."""

    profile: Profile
    opinions: tuple[Opinion, ...] = ()
    voices: Voices | None = None

    @property
    def personal(self) -> tuple[str, ...]:
        """The reasons beyond the works themselves that have anything to go by."""
        has = {"community": self.voices is not None, "notes": self.profile.leanings, "feeling": self.profile.feeling}
        return tuple(name for name in PERSONAL_WEIGHTS if has[name])


def known(app: App) -> Known:
    """Gathered anew at every run, so that each action counts at once. Without a profile: this session's likes and notes."""
    catalogue = app.recommender.collection.catalogue
    feeling = _feeling(app)
    if state.person() is None:
        wishes = leanings([(text, at, None) for text, at in st.session_state.get(NOTES, ())], catalogue)
        said = [Opinion(i, True) for i in state.likes()] + [Opinion(i, False) for i in state.dislikes()]
        return Known(replace(state.profile(), leanings=wishes, feeling=feeling), tuple(said))
    try:
        found = _learned(app)
        return Known(replace(found.profile, feeling=feeling), found.opinions, _voices(app))
    except ArtrecError as error:  # a store that is away: the session goes on with what it holds
        st.caption(":material/error: " + md(str(error)))
        return Known(replace(state.profile(), feeling=feeling))


def _learned(app: App) -> Learned:
    from artrec.ui import memory

    events = memory.store().events(state.person().id)
    half_life = state.kept(LIFE, HALF_LIFE)
    return learn(events, app.recommender.collection.catalogue, half_life, lambda text: _felt(text, app.recommender.encoder))


@st.cache_data(show_spinner=False, max_entries=2_000)
def _felt(text: str, _encoder) -> float:
    return sentiment(text, _encoder)


def _voices(app: App) -> Voices | None:
    from artrec.ui import voices

    return voices.of(app, state.person())


# the weights


def weights(app: App, found: Known) -> Posterior | None:
    """What was learned of this person's weights, brought on by what they did since the last run; None where they do not want
    it. Without a profile it begins switched off, and everything is as if it were not there."""
    if not state.kept(LEARNING, state.person() is not None):
        return None
    names = (*DEFAULT_WEIGHTS, *(name for name in found.personal if name == "community"))
    owner = (state.person().id if state.person() else None, state.collection(), names)
    held = st.session_state.get(LEARNED)
    if held is None or held[0] != owner or found.opinions[: len(held[1])] != held[1]:
        held = (owner, (), Posterior.start({name: (DEFAULT_WEIGHTS | PERSONAL_WEIGHTS)[name] for name in names}))
    posterior = study(app.recommender, found.opinions, held[2], found.voices, len(held[1]))
    st.session_state[LEARNED] = (owner, found.opinions, posterior)
    return posterior


def start_over() -> None:
    """Callback: the global weights again; what was liked until now teaches no more, what comes next does."""
    held = st.session_state.get(LEARNED)
    if held is not None:
        owner, opinions, _ = held
        fresh = Posterior.start({name: (DEFAULT_WEIGHTS | PERSONAL_WEIGHTS)[name] for name in owner[2]})
        st.session_state[LEARNED] = (owner, opinions, fresh)


def learning_switch(posterior: Posterior | None) -> None:
    """Whether weights follow what is liked, and how much they did."""
    st.toggle(
        "Learn my weights", state.kept(LEARNING, state.person() is not None), key=f"{LEARNING}_widget",
        on_change=state.keep, args=(LEARNING, f"{LEARNING}_widget"),
        help="After each like or dislike, reasons that spoke for it gain weight, and those that spoke against it lose some.",
    )  # fmt: skip
    if posterior is not None and posterior.lessons:
        start = DEFAULT_WEIGHTS | PERSONAL_WEIGHTS
        moved = sorted(posterior.weights.items(), key=lambda pair: -abs(pair[1] - start[pair[0]]))[:2]
        told = ", ".join(f"{_label(name)} {start[name] * 100:.0f} → {value * 100:.0f}" for name, value in moved)
        st.caption(f"Learned from {posterior.lessons} of your likes and dislikes; moved most: {told}.")


def half_life() -> None:
    """How fast old opinions fade; only where their times are known."""
    if state.person() is None:
        return
    st.select_slider(
        "A like loses half its say in", HALF_LIVES,
        state.kept(LIFE, HALF_LIFE), key=f"{LIFE}_widget", on_change=state.keep,
        args=(LIFE, f"{LIFE}_widget"), format_func=lambda days: "never" if days == float("inf") else f"{days:.0f} days",
        help="Against your newest like, so that a pause costs nothing. A minute's look at a work counts a fifth of a like.",
    )  # fmt: skip


# notes


def notes_panel(app: App, found: Known) -> None:
    """A note in one's own words, what was understood of all notes so far, and how to correct it."""
    st.caption("Say in your own words what you want more of, or less. Moods, colours, movements, subjects are understood.")
    with st.form("note_form", clear_on_submit=True, border=False):
        text = st.text_area(
            "A note", key="taste_note", max_chars=LONGEST_TEXT[NOTE], height=80, placeholder="love the light, too gloomy"
        )
        if st.form_submit_button("Read it", icon=":material/edit_note:") and text.strip():
            _write(text)
            st.session_state["note_read"] = text
            st.rerun()
    catalogue = app.recommender.collection.catalogue
    if last := st.session_state.get("note_read"):
        aspects = read_note(last, catalogue)
        if not aspects:
            st.caption(":material/help: Nothing in that names a mood, colour or subject that this collection knows.")
        else:
            st.caption(f"“{md(last[:80])}” was read as: {_understood(aspects)}.")
    if found.profile.leanings:
        st.markdown("**So far you want**")
        for wish in found.profile.leanings[:TOLD]:
            key, name = f"{wish.field}_{wish.value}", spoken(wish.value)
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"wish_{key}"):
                mark = ":primary[▲ more]" if wish.amount > 0 else ":gray[▼ less]"
                st.markdown(f"{mark} {md(wish.value)} :small[:gray[{abs(wish.amount):.1f}]]", width="stretch")
                other = "less" if wish.amount > 0 else "more"
                st.button(
                    "", key=f"turn_{key}", icon=":material/swap_vert:", type="tertiary",
                    help=f"I meant {other} {md(wish.value)}", on_click=_correct, args=(f"forget {name}. {other} {name}",),
                )  # fmt: skip
                st.button(
                    "", key=f"drop_{key}", icon=":material/close:", type="tertiary", help="I did not say that",
                    on_click=_correct, args=(f"forget {name}",),
                )  # fmt: skip
        if len(found.profile.leanings) > TOLD:
            st.caption(f"and {len(found.profile.leanings) - TOLD} more, weaker")


def _understood(aspects: tuple[Aspect, ...]) -> str:
    """What was said, and then what follows from it for kindred and opposite moods."""

    def told(some: list[Aspect]) -> str:
        return ", ".join(f"{'forget' if not a.amount else 'more' if a.amount > 0 else 'less'} {md(a.value)}" for a in some)

    said, follows = [a for a in aspects if not a.because], [a for a in aspects if a.because]
    return told(said) + (f"; and so a little {told(follows)}" if follows else "")


def _correct(text: str) -> None:
    st.session_state.pop("note_read", None)
    _write(text)


def _write(text: str) -> None:
    """Keep a note: in the store where somebody chose a profile, else for this session."""
    if state.person() is None:
        st.session_state[NOTES] = (*st.session_state.get(NOTES, ()), (text, time.time()))
    else:
        state.keep_events([(NOTE, TASTE, None, text)])


# the mood of the moment


def mood_panel(app: App) -> None:
    """How somebody feels, whether works should match that or lift it, and the rule by which they do."""
    moods = _moods(app)
    if not moods:
        st.caption("The records of this collection name no moods.")
        return
    chosen = state.kept(MOOD, "")
    st.selectbox(
        "I feel", moods, index=moods.index(chosen) if chosen in moods else None, key=f"{MOOD}_widget", placeholder="say how",
        on_change=state.keep, args=(MOOD, f"{MOOD}_widget"),
    )  # fmt: skip
    st.segmented_control(
        "Works should", (mood.MATCH, mood.LIFT), default=state.kept(MODE, mood.MATCH), key=f"{MODE}_widget", required=True,
        format_func={mood.MATCH: "match it", mood.LIFT: "lift it"}.get, on_change=state.keep, args=(MODE, f"{MODE}_widget"),
    )  # fmt: skip
    st.caption(_aim(app).rule if _aim(app) else "Nothing is asked of your mood until you name it.")


def aimed_at(app: App) -> str:
    """What is done about a mood, in a few words; "" where none was named."""
    found = _aim(app)
    return found.short if found else ""


def _moods(app: App) -> list[str]:
    values = app.recommender.collection.features.column("moods").values
    return sorted({name for names in values for name in names or ()} & set(mood.MOODS))


def _aim(app: App) -> mood.Aim | None:
    chosen = state.kept(MOOD, "")
    return mood.aim(chosen, state.kept(MODE, mood.MATCH) or mood.MATCH) if chosen and chosen in _moods(app) else None


def _feeling(app: App) -> tuple[tuple[str, float], ...]:
    found = _aim(app)
    return tuple((name, round(fit, 6)) for name, fit in found.fits(_moods(app))) if found else ()


def _label(name: str) -> str:
    from artrec.channels import EVERY_LABEL

    return EVERY_LABEL[name]
