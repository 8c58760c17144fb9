"""Museums' words become the controlled ones only where that is sure, and the museum's own are kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec import config
from artrec.catalogue import Artwork
from artrec.normalise import FIELDS, SYNONYMS, controlled, normalise

VOCABULARY = json.loads((config.STARTER / "vocabulary.json").read_text("utf-8"))


def test_every_synonym_leads_to_a_controlled_word():
    for field in ("movement", "genre", "type"):
        assert set(SYNONYMS[field].values()) <= set(VOCABULARY[field])
        assert not set(SYNONYMS[field]) & set(VOCABULARY[field])


@pytest.mark.parametrize(
    ("field", "said", "word"),
    [
        ("movement", "Impressionist", "Impressionism"),
        ("movement", "IMPRESSIONISM", "Impressionism"),
        ("movement", "Early Netherlandish", "Early Netherlandish painting"),
        ("movement", "Gothic", "Gothic art"),
        ("movement", "Utagawa School", "Ukiyo-e"),
        ("movement", "Hamano School", "Hamano School"),
        ("genre", "Portraits", "portrait"),
        ("type", "Paintings", "painting"),
        ("country", "Îran", "Iran"),
        ("country", "Atlantis", "Atlantis"),
        ("medium", "Oil on canvas", "oil on canvas"),
        ("medium", "DVD", "DVD"),
        ("medium", "Öl auf Leinwand", "oil on canvas"),
        ("movement", "Hellenisitic", "Hellenistic art"),
        ("movement", "Impresionism", "Impressionism"),
        ("movement", "Cubizm", "Cubizm"),  # too short a word to be sure
        ("movement", "Neo-Classical", "Neoclassicism"),
        ("culture", "JAPANESE", "Japanese"),
        ("culture", "Österreich", "Austrian"),
        ("culture", "Etruscan", "Etruscan"),
        ("culture", "Christian; Dutch", "Christian; Dutch"),
        ("movement", "", ""),
    ],
)
def test_by_hand(field, said, word):
    assert controlled(field, said) == word


def test_what_a_museum_wrote_is_kept():
    work = Artwork(artwork_id="a", title="A", movement="Gothic", country="Misr", medium="Oil", recorded={"type": "Panels"})
    done = normalise(work)
    assert (done.movement, done.country, done.medium) == ("Gothic art", "Egypt", "oil")
    assert done.recorded == {"type": "Panels", "movement": "Gothic", "country": "Misr"}
    assert normalise(done) == done  # once is enough
    plain = Artwork(artwork_id="a", title="A", movement="Gothic art")
    assert normalise(plain) is plain


@given(st.sampled_from(FIELDS), st.text(max_size=40))
def test_any_word_is_survived_and_settles(field, said):
    once = controlled(field, said)
    assert controlled(field, once) == once
