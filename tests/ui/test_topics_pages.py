"""Topics on the pages: the map's colours, what a collection is about, and a work's topic and keywords."""

import json
from dataclasses import replace

import numpy as np
import pytest
from helpers import HashingEncoder
from test_pages import page, texts

from artrec import artifacts
from artrec.collection import Atlas
from artrec.ui import resources


@pytest.fixture
def topical(toy, tmp_path, monkeypatch):
    """The toy world with a map and topics, in use."""
    places = np.random.default_rng(0).uniform(-1, 1, (len(toy), 2)).astype(np.float32)
    artifacts.save(replace(toy, atlas=Atlas(places, np.ones(len(toy), np.float32))), tmp_path / "topical")
    monkeypatch.setenv("ARTREC_COLLECTION", str(tmp_path / "topical"))
    monkeypatch.setattr(resources, "load_encoder", HashingEncoder)
    return toy


def test_the_map_is_coloured_by_topic(app, topical):
    test = app(page("map"))
    assert "topic" in test.segmented_control(key="map_colour_widget").options
    test.segmented_control(key="map_colour_widget").set_value("topic").run()
    assert not test.exception and test.session_state["map_colour"] == "topic"
    drawn = json.loads(test.get("plotly_chart")[0].proto.spec)
    assert {trace["name"] for trace in drawn["data"]} == {topic.name for topic in topical.topics}


def test_collections_tells_what_it_is_about_and_hides_what_is_not_for_classrooms(app, topical):
    test = app(page("collections"))
    said = texts(test).replace("\\", "")
    for topic in topical.topics:
        assert topic.name in said and f"{len(topic.rows)} works" in said
    links = [link.proto.label.replace("\\", "").strip("*") for link in test.main.get("page_link")]
    noted = {w.title for w in topical.catalogue if w.content_notes}
    assert len(links) == 3 * len(topical.topics) and not set(links) & noted
    assert set(links) <= {w.title for w in topical.catalogue}


def test_the_artwork_tells_its_topic_and_keywords(app, topical):
    said = texts(app(page("artwork"), id="umibe-harbour")).replace("\\", "")
    assert ":gray[Topic] Ukiyo-e · Japanese" in said
    assert "moonlight" in said.split(":gray[Keywords]")[1].split("\n")[0]


def test_a_collection_without_topics_offers_none(app, topical, tmp_path):
    for name in ("topics.json", "topics.npz"):
        (tmp_path / "topical" / name).unlink()
    test = app(page("map"))
    test.session_state["map_colour"] = "topic"  # kept from another collection
    test.run()
    assert not test.exception and "topic" not in test.segmented_control(key="map_colour_widget").options
    assert "What it is about" not in texts(app(page("collections")))
    said = texts(app(page("artwork"), id="umibe-harbour"))
    assert ":gray[Keywords]" in said and ":gray[Topic]" not in said
