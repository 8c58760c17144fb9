"""The community of whoever is looking: one model a room and collection, shared by all sessions, refreshed beside them."""

import streamlit as st

from artrec.channels.community import Voices
from artrec.community import differential
from artrec.community.people import Profile as Person
from artrec.community.refresh import Refresher
from artrec.community.serving import Snapshot
from artrec.ui import memory
from artrec.ui.frame import App
from artrec.ui.safe import md

FIRST = 0.5  # seconds that a page waits for the very first model


def of(app: App, person: Person) -> Voices | None:
    """The community that a person is asked with: their room, or everybody where they are in none. None before the first model
    is ready. Raises `ArtrecError` where the store is away."""
    found = _refresher(app, person).current(FIRST)
    return found.asked_by(person.id) if isinstance(found, Snapshot) else found


def _refresher(app: App, person: Person) -> Refresher:
    store = memory.store()
    private = differential.is_on(store.settings, _name(person))
    collection = app.recommender.collection
    return _shared(
        id(store), _name(person), collection.manifest["catalogue"], private, store, person.room, collection.catalogue
    )


@st.cache_resource(show_spinner=False, max_entries=40)
def _shared(_key: int, name: str, catalogue: str, private: bool, _store, _room, _catalogue) -> Refresher:
    def build() -> Voices:
        if private:
            return differential.released(_store.settings, name, lambda: _store.opinions(_room), _catalogue, _store.count(_room))
        return Snapshot.of(_store.opinions(_room), _catalogue).warmed()

    return Refresher(_store, build, _room)


def _name(person: Person) -> str:
    return str(person.room.id) if person.room else ""


def told(app: App, person: Person, voices: Voices | None) -> None:
    """What the community rests on, and how people are protected in it."""
    where = md(person.room.name) if person.room else "everybody on this computer"
    if voices is None:
        st.markdown(f"**Community** ({where}): its first model is being made.")
    elif isinstance(voices, Snapshot):
        others = len(voices.people) - (voices.me is not None)
        st.markdown(
            f"**Community** ({where}): {voices.opinions} likes of {len(voices.rows)} works; **{others}** other people. It "
            f"speaks for a work only where at least {voices.k} of them like both it and a work you like, and never says who."
        )
    else:
        st.markdown(
            f"**Community** ({where}): about **{voices.people}** people, seen through noise. Counts are about right; nobody "
            "can tell from them whether any one person took part."
        )
    _privacy(person)


def _privacy(person: Person) -> None:
    """Differential privacy for the room: ε, what is spent of it, and the switch for whoever sits at this computer."""
    from artrec.ui.people_page import at_home

    settings, name = memory.store().settings, _name(person)
    budget, on = differential.read_budget(settings, name), differential.is_on(settings, name)
    if at_home():
        st.toggle(
            "Protect each person by noise", on, key="privacy_widget", on_change=_switch, args=(person,),
            help="Differential privacy: counts with Laplace noise. It takes a hundred people; one class alone hears nothing.",
        )  # fmt: skip
    if budget is not None:
        releases = f"{len(budget.spent)} release{'s' if len(budget.spent) != 1 else ''}"
        st.caption(
            f"Differential privacy {'is on' if on else 'is off'}: ε = {budget.each:g} a release; {budget.total:g} of "
            f"{budget.limit:g} spent, in {releases}."
        )


def _switch(person: Person) -> None:
    settings, name = memory.store().settings, _name(person)
    if st.session_state["privacy_widget"]:
        budget = differential.read_budget(settings, name) or differential.Budget()
        differential.switch_on(settings, name, budget.limit, budget.each)
    else:
        differential.switch_off(settings, name)
