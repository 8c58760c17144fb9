"""The Lab: each section opens, shows what it was given, and says in a sentence what is missing, damaged or not to be read."""

import re
from dataclasses import replace

import pytest
from helpers_lab import LAB, Base, numbers, said
from test_pages import HOSTILE, hostile, texts  # noqa: F401 — a fixture

from artrec.errors import EncoderError, QueryError
from artrec.ui import lab, lab_compare, resources

pytestmark = pytest.mark.usefixtures("base")


@pytest.mark.parametrize("section", lab.SECTIONS)
def test_each_section_opens_by_its_address_and_stays_in_the_link(app, documents, monkeypatch, section):
    monkeypatch.setattr(lab, "read_text", lambda text, encoder: {"movement": [("Impressionism", 0.4)]})
    test = app(LAB, section=section)
    assert not test.exception and not test.error
    assert test.segmented_control(key="lab_section_widget").value == lab.SECTIONS[section]
    assert test.query_params["section"] == section


def test_an_unknown_section_is_the_first(app):
    assert app(LAB, section="no-such").segmented_control(key="lab_section_widget").value == lab.SIDE


def test_sections_change_and_outlive_the_page(app, documents):
    test = app(LAB)
    test.segmented_control(key="lab_section_widget").set_value(lab.TRAINING).run()
    assert "The run that ships" in said(test) and "The run that ships" not in said(app(LAB))
    test.switch_page("pages/collections.py").run()
    test.switch_page(LAB).run()
    assert test.segmented_control(key="lab_section_widget").value == lab.TRAINING


def test_the_box_begins_with_the_shared_query(app):
    assert app(LAB).text_input(key="lab_query_widget").value == lab_compare.EXAMPLE
    test = app(LAB, q="blue mountains")
    assert test.text_input(key="lab_query_widget").value == "blue mountains" and test.query_params["q"] == "blue mountains"


def marks(test) -> tuple[list[str], list[str]]:
    """The marks of the base's list and of the fine-tuned one's."""
    found = [
        m.value
        for m in test.markdown
        if m.value.startswith(":small[") and ("to " in m.value or "from " in m.value or "same" in m.value)
    ]
    return found[:10], found[10:]


def test_both_lists_agree_on_what_they_share(app):
    test = app(LAB, q="a storm at sea")
    left, right = marks(test)
    assert len(left) == len(right) == 10
    alone = sum("only base" in mark for mark in left)
    assert alone == sum("only fine-tuned" in mark for mark in right) > 0
    assert f"{10 - alone} of 10 in common" in said(test)
    for mark in left:
        place = re.search(r"to ([\d,]+)", mark)
        assert ("only base" in mark) == bool(place and int(place[1].replace(",", "")) > 10)
    for mark in right:
        assert ("▲" in mark) or ("▼" in mark) or ("same place" in mark)


def test_the_same_model_under_another_name_agrees_in_everything(app, encoder, monkeypatch):
    class Same:
        name, fingerprint, dimension, encode = "same", "same-again", encoder.dimension, staticmethod(encoder.encode)

    monkeypatch.setattr(lab_compare, "load_encoder", lambda chosen: Same())
    monkeypatch.setattr(
        lab_compare, "compare", lambda c, tuned, base, progress: lab_compare.Comparison(c, base, tuned, c.vectors)
    )
    test = app(LAB)
    assert "10 of 10 in common. The order is the same." in said(test).replace("*", "")
    test.segmented_control(key="lab_section_widget").set_value(lab.CHANGED).run()
    assert numbers(test) == {"Neighbours kept": "100%", "Kept all": f"{works_shown(test):,}", "Kept none": "0"}


def works_shown(test) -> int:
    return len(test.selectbox(key="lab_list").options)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("梵高名画", "nothing in the query that the encoders can read"),
        ("artist:monet", "nothing in the query that the encoders can read"),
        ("x" * 2_000, "at most 1,000 are read"),
        ("zqxj vbnk", "in common"),
        ("storm type:nonsense", "in common"),
        ("<script>alert(1)</script> $x^2$ [a](javascript:b) :red[x]", "in common"),
        ("", "Type what you would like to see"),
    ],
)
def test_any_query_is_answered_in_words(app, query, message):
    test = app(LAB)
    test.text_input(key="lab_query_widget").input(query).run()
    assert not test.exception
    assert message in said(test)


def test_filters_that_leave_nothing_are_said(app):
    test = app(LAB, q="storm after:2090")
    assert not test.exception and "No work passes all the filters" in said(test)


def test_the_base_in_use_has_nothing_to_compare(app, starter, monkeypatch):
    class InUse(Base):
        fingerprint = starter.manifest["encoder"]["fingerprint"]

    monkeypatch.setattr(lab_compare, "load_encoder", lambda chosen: InUse())
    for section in ("side-by-side", "what-changed"):
        test = app(LAB, section=section)
        assert not test.exception and not test.error and len(test.info) == 1
        assert "nothing to compare" in test.info[0].value and "ARTREC" in test.info[0].value


def test_the_base_is_loaded_without_the_adapter_and_once(app, monkeypatch):
    asked = []
    monkeypatch.setattr(lab_compare, "load_encoder", lambda chosen: asked.append(chosen) or Base())
    test = app(LAB)
    test.text_input(key="lab_query_widget").input("a garden").run()
    test.segmented_control(key="lab_section_widget").set_value(lab.CHANGED).run()
    assert len(asked) == 1 and asked[0].adapter is None and asked[0].model is None


def test_a_base_that_cannot_be_loaded_is_one_sentence_and_is_tried_again(app, monkeypatch):
    def fail(chosen):
        raise EncoderError("The base is not here.", "Fetch it.")

    monkeypatch.setattr(lab_compare, "load_encoder", fail)
    test = app(LAB)
    assert not test.exception and "The base is not here" in test.error[0].value.replace("\\", "")
    monkeypatch.setattr(lab_compare, "load_encoder", lambda chosen: Base())
    test.run()
    assert not test.error and "in common" in said(test)


def test_a_large_collection_is_read_only_when_asked(app, monkeypatch):
    monkeypatch.setattr(lab_compare, "LARGE", 100)
    test = app(LAB)
    assert "in common" not in said(test)
    next(b for b in test.button if b.label.startswith("Let the base model read")).click().run()
    assert "in common" in said(test)
    test.text_input(key="lab_query_widget").input("a garden").run()
    assert "in common" in said(test)  # not asked again


def test_what_changed_follows_its_list_and_the_map(app):
    test = app(LAB, section="what-changed")
    options = test.selectbox(key="lab_list").options
    shares = [int(re.match(r"(\d+)% kept", option)[1]) for option in options]
    assert shares == sorted(shares) and shares[0] < shares[-1]
    assert "Nearest, base" not in said(test)
    test.selectbox(key="lab_list").set_value("hokusai-great-wave").run()
    assert "Nearest, base" in said(test) and "Nearest, fine-tuned" in said(test) and not test.exception
    test.session_state["lab_map"] = {
        "selection": {"points": [{"customdata": ["no-such-work"]}, {"customdata": ["klimt-the-kiss"]}]}
    }
    test.run()
    assert not test.exception and test.selectbox(key="lab_list").value in ("hokusai-great-wave", "klimt-the-kiss")


def test_a_click_on_the_map_chooses(app, starter):
    test = app(LAB, section="what-changed")
    wanted = next(w.artwork_id for w in starter.catalogue if not w.content_notes)
    test.session_state["lab_map"] = {"selection": {"points": [{"customdata": [wanted]}]}}
    test.run()
    assert test.selectbox(key="lab_list").value == wanted


def test_what_changed_heeds_the_classroom_filter(app, starter):
    noted = sum(bool(w.content_notes) for w in starter.catalogue)
    test = app(LAB, section="what-changed")
    assert works_shown(test) == len(starter) - noted
    test.toggle(key="safe_widget").set_value(False).run()
    assert works_shown(test) == len(starter)


READING = {
    "movement": [("Impressionism", 0.62), (HOSTILE[3], 0.2)], "genre": [], "type": [("painting", 1.0000001)],
    "moods": [(HOSTILE[0], 0.5)], "subjects": [("boats", 0.4)], "sentiment": [("positive", 0.9), ("neutral", 0.1)],
    "strength": [("strength", 0.75)], "keywords": [(HOSTILE[4], 1.0), ("grey sea", 0.5)],
}  # fmt: skip


def test_a_text_is_read(app, monkeypatch):
    read = []
    monkeypatch.setattr(lab, "read_text", lambda text, encoder: read.append((text, encoder.fingerprint)) or READING)
    test = app(LAB, section="read")
    assert read[-1][0] == lab.EXAMPLE and len(read[-1][1]) == 64
    test.text_area(key="lab_text_widget").input("  A grey sea.  ").run()
    assert not test.exception and read[-1][0].strip() == "A grey sea."
    for title in lab.KINDS.values():
        assert f"**{title}**" in texts(test)
    assert "grey sea" in said(test) and "Nothing likely enough" in said(test)
    bars = [bar.proto for bar in test.get("progress")]
    assert [bar.value for bar in bars[:3]] == [62, 20, 100] and "Impressionism" in bars[0].text and "62%" in bars[0].text
    assert len(bars) == sum(len(found) for kind, found in READING.items() if kind != "keywords")
    for value in (*(bar.text for bar in bars), *(m.value for m in test.markdown)):
        for danger in ("<script", "<img", "](javascript", "![i](http", ":red[red]", "~~x~~"):
            assert danger not in re.sub(r"\\.", "", value)


def test_what_cannot_be_read_is_a_sentence_and_the_box_stays(app, monkeypatch):
    def refuse(text, encoder):
        raise QueryError("There is no text to read.", "Type some.")

    monkeypatch.setattr(lab, "read_text", refuse)
    test = app(LAB, section="read")
    assert not test.exception and "There is no text to read" in test.error[0].value.replace("\\", "")
    assert test.text_area(key="lab_text_widget").value == lab.EXAMPLE


def test_hostile_records_stay_text(app, hostile):  # noqa: F811
    for section in ("side-by-side", "what-changed"):
        test = app(LAB, section=section, q="wave")
        assert not test.exception and not test.error
        if section == "what-changed":
            test.selectbox(key="lab_list").set_value("evil-3").run()
            assert "Nearest, base" in said(test)
        for element in (*test.markdown, *test.caption):
            assert not getattr(element, "allow_html", False)
            for danger in ("<script", "<img", "](javascript", "![i](http", " :red[red]", "**bold**"):
                assert danger not in re.sub(r"\\.", "", element.value), element.value


def test_a_collection_without_a_map_still_lists_what_changed(app, hostile, starter, monkeypatch):  # noqa: F811
    whole = resources.recommender
    monkeypatch.setattr(resources, "recommender", lambda slug: _without_map(whole(slug)))
    test = app(LAB, section="what-changed")
    assert not test.exception and "built without a map" in said(test) and works_shown(test) == 15


def _without_map(recommender):
    return replace(recommender, collection=replace(recommender.collection, atlas=None))
