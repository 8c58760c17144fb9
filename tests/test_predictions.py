"""What is missing is predicted beside the record; what a museum says stands."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import WORKS, HashingEncoder, catalogue_of, toy_catalogue

from artrec import artifacts, config, predictions
from artrec.catalogue import Term
from artrec.heads import Head, save_heads
from artrec.masking import facts
from artrec.predictions import (
    SURE,
    StoredPredictions,
    as_json,
    from_json,
    heads_for,
    missing,
    predict,
    save_predictions,
    stream_predictions,
)
from artrec.reading import ERAS
from artrec.text import passage

ENCODER = HashingEncoder()


def bare(work):
    """The same work with nothing said but its title, description and date."""
    return work.model_copy(update={"movement": "", "genre": "", "type": "", "moods": (), "subjects": ()})


def head(name: str, labels: tuple[str, ...], texts: list[str], several: bool = False, reads: str = "text"):
    weight = ENCODER.encode(texts) * 12
    if reads == "record":
        weight = np.hstack([weight, np.zeros_like(weight), np.zeros((len(texts), len(ERAS)), np.float32)])
    cuts = np.full(len(labels), 0.8, np.float32) if several else None
    bias = np.full(len(labels), -2.0 if several else 0.0, np.float32)
    return Head(name, labels, weight.astype(np.float32), bias, several, cuts, reads=reads)


SEA, SQUARE = " ".join(w.description for w in WORKS[:6]), " ".join(w.description for w in WORKS[6:])
HEADS = {
    "movement": head("movement", ("Ukiyo-e", "Bauhaus"), [SEA, SQUARE], reads="record"),
    "type": head("type", ("print", "painting"), [SEA, SQUARE]),
    "subjects": head("subjects", ("sea", "squares"), [SEA, SQUARE], several=True),
}


def predicted(*works, heads=HEADS):
    catalogue = catalogue_of(*works)
    return predict(catalogue, ENCODER.encode([passage(w) for w in works]), ENCODER, heads)


def test_empty_fields_are_filled_with_a_probability():
    found = predicted(bare(WORKS[1]), bare(WORKS[6]))
    sea, square = found[WORKS[1].artwork_id], found[WORKS[6].artwork_id]
    assert sea["movement"][0][0] == "Ukiyo-e" and square["movement"][0][0] == "Bauhaus"
    assert sea["type"][0][0] == "print" and sea["subjects"] == (("sea", sea["subjects"][0][1]),)
    assert all(0 < p <= 1 for fields in found.values() for values in fields.values() for _, p in values)


def test_what_a_record_says_is_never_predicted():
    assert missing(WORKS[0]) == () and predicted(*WORKS) == {}
    half = bare(WORKS[1]).model_copy(update={"movement": "Bauhaus"})  # even where the heads would say otherwise
    assert set(predicted(half)[half.artwork_id]) == {"type", "subjects"}
    assert half.movement == "Bauhaus"


def test_a_movement_of_another_time_is_not_told():
    works = [bare(WORKS[1]).model_copy(update=years) for years in (
        {"year_start": 1660, "year_end": 1669}, {"year_start": 1830, "year_end": None}, {"year_start": None, "year_end": None},
    )]  # fmt: skip
    works = [work.model_copy(update={"artwork_id": f"w{at}"}) for at, work in enumerate(works)]
    catalogue = replace(catalogue_of(*works), vocabulary={"movement": {"Ukiyo-e": Term("", 1765, 1868)}})
    found = predict(catalogue, ENCODER.encode([passage(w) for w in works]), ENCODER, HEADS)
    assert ["movement" in found[work.artwork_id] for work in works] == [False, True, True]


def test_a_subject_is_told_once_in_one_number():
    heads = {"subjects": head("subjects", ("sea", "seas", "squares"), [SEA, SEA, SQUARE], several=True)}
    assert [label for label, _ in predicted(bare(WORKS[1]), heads=heads)[WORKS[1].artwork_id]["subjects"]] == ["sea"]


def test_what_is_not_sure_is_not_told():
    unsure = {"type": head("type", ("print", "painting", "textile"), [SEA, SEA, SEA])}
    assert predicted(bare(WORKS[1]), heads=unsure) == {} and SURE > 1 / 3
    assert predicted(bare(WORKS[1]), heads={}) == {}


def test_heads_of_another_encoder_are_not_used(tmp_path):
    save_heads(HEADS, tmp_path, "another", {})
    assert heads_for(ENCODER, tmp_path) == {} == heads_for(ENCODER, tmp_path / "none")
    save_heads(HEADS, tmp_path, ENCODER.fingerprint, {})
    assert set(heads_for(ENCODER, tmp_path)) == set(HEADS)


def test_facts_name_no_artist_and_no_movement():
    said = facts(WORKS[0])
    assert said == "print, woodblock and ink, paper. Japanese, 1829. seascape"
    assert facts(bare(WORKS[0]).model_copy(update={"medium": "", "culture": "", "date_text": ""})) == ""


@pytest.mark.parametrize("n", [0, 1])
def test_small_catalogues(n):
    works = toy_catalogue().works[:n]
    assert predict(catalogue_of(*works), np.zeros((n, 64), np.float32), ENCODER, HEADS) == {}


def test_predictions_are_kept_with_a_built_collection(tmp_path, monkeypatch):
    (tmp_path / "heads").mkdir()
    save_heads(HEADS, tmp_path / "heads", ENCODER.fingerprint, {})
    monkeypatch.setattr(config, "ADAPTER", tmp_path / "heads")
    catalogue = catalogue_of(bare(WORKS[1]), *WORKS[2:])
    built = artifacts.build(catalogue, ENCODER, atlas=False)
    assert set(built.predicted) == {WORKS[1].artwork_id}
    artifacts.save(built, tmp_path / "col")
    assert artifacts.load(tmp_path / "col").predicted == built.predicted
    assert not built.catalogue[0].movement  # beside the record, never in it


def test_many_works_are_read_some_at_a_time_with_the_same_result(tmp_path, monkeypatch):
    works = [bare(work) if row % 3 else work for row, work in enumerate(WORKS)]
    catalogue, said = catalogue_of(*works), ENCODER.encode([passage(work) for work in works])
    whole, told = predict(catalogue, said, ENCODER, HEADS), []
    monkeypatch.setattr(predictions, "AT_ONCE", 5)
    stream = stream_predictions(catalogue, said, ENCODER, HEADS, None, lambda done, total: told.append((done, total)))
    save_predictions(stream, tmp_path / "p.arrow")
    assert told == [(5, 12), (10, 12), (12, 12)]
    assert len(whole) >= 6 and list(whole) == [w.artwork_id for w in works if w.artwork_id in whole]
    stored = StoredPredictions(tmp_path / "p.arrow", catalogue)
    assert dict(stored) == whole and list(stored) == list(whole)


@pytest.mark.parametrize(
    "document",
    [
        {"nobody": {"movement": [["Bauhaus", 0.9]]}},
        {WORKS[1].artwork_id: {"movement": [["Bauhaus", 0.9]]}},  # its record says the movement
        {WORKS[1].artwork_id: {"title": [["x", 0.9]]}},
    ],
)
def test_predictions_that_do_not_fit_are_refused(document):
    with pytest.raises(ValueError, match="do not fit"):
        from_json(document, toy_catalogue())


def test_what_is_no_probability_is_refused():
    work = bare(WORKS[1])
    with pytest.raises(ValueError, match="no probabilities"):
        from_json({work.artwork_id: {"type": [["print", 1.5]]}}, catalogue_of(work))
    good = predicted(work)
    assert from_json(as_json(good), catalogue_of(work)) == good
