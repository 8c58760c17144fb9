"""The pages over a collection with pictures, and over one without: asking with the eye, and what the machine sees."""

import io

import numpy as np
import pytest
from helpers import SEAS, SQUARES, HashingEncoder
from helpers_seen import WITHOUT, sea, seen_collection, square
from PIL import Image
from test_pages import buttons, page, texts, titles

from artrec import artifacts
from artrec.ui import look, resources


@pytest.fixture(scope="session")
def folder(tmp_path_factory, artrec_home):
    """The toy world with its pictures, built."""
    folder = tmp_path_factory.mktemp("seen") / "seen"
    artifacts.save(seen_collection(), folder)
    return folder


@pytest.fixture(autouse=True)
def encoder(monkeypatch):
    monkeypatch.setattr(resources, "load_encoder", HashingEncoder)


@pytest.fixture
def pictured(app, folder, monkeypatch):
    """A page of the app over the collection with pictures."""
    monkeypatch.setenv("ARTREC_COLLECTION", str(folder))
    return app


@pytest.fixture
def plain(app, built, monkeypatch):
    """A page of the app over the toy world without pictures."""
    monkeypatch.setenv("ARTREC_COLLECTION", str(built))
    return app


def png(picture: np.ndarray) -> bytes:
    Image.fromarray(picture).save(out := io.BytesIO(), "PNG")
    return out.getvalue()


def drop(test, name: str, content: bytes):
    return test.file_uploader[0].upload(name, content, "image/png").run()


# --- asking ---


@pytest.mark.parametrize("which", ["pictured", "plain"])
def test_colours_from_a_beginning_find_works(which, request):
    test = request.getfixturevalue(which)()
    test.pills(key="shades_begin").set_value("Fire").run()
    assert not test.exception and not test.error
    assert titles(test, "found")[0] in SQUARES
    assert "come near the ones you chose" in texts(test)
    assert ("measured in its picture" in texts(test)) == (which == "pictured")
    assert test.query_params["shades"] == "c22f1f-50,f08a24-30,1b1210-20"
    buttons(test, "why_found_")[0].click().run()
    assert "Colours that match" in texts(test) and "The parts add up to it" in texts(test)
    test.button(key="shades_off").click().run()
    assert not titles(test, "found") and "shades" not in test.query_params and not test.exception


def test_own_colours_are_two_to_five_and_changed_one_by_one(plain):
    test = plain()
    test.button(key="shades_own").click().run()
    assert len(test.color_picker) == 2 and not any(b.key == "shades_less" for b in test.button)
    for _ in range(3):
        test.button(key="shades_more").click().run()
    assert len(test.color_picker) == 5 and not any(b.key == "shades_more" for b in test.button)
    test.button(key="shades_less").click().run()
    test.color_picker(key="shade_colour_0").set_value("#C0392B").run()
    test.slider(key="shade_share_0").set_value(100).run()
    assert test.session_state["shades"][0] == ("#c0392b", 100) and len(test.session_state["shades"]) == 4
    assert not test.exception
    test.button(key="shades_clear").click().run()
    assert test.session_state["shades"] == () and not test.color_picker


def test_colours_come_back_from_a_link(plain):
    test = plain(shades="1f3a93-60,e8f0f5-40")
    assert set(titles(test, "found")[:5]) == set(SEAS) - {"umibe-storm"}  # which carries a content note
    assert not plain(shades="<script>,zzzzzz-1,1f3a93-99999x,").exception
    assert plain(shades="nothing").session_state["shades"] == ()


def test_a_picture_that_is_dropped_finds_its_like(pictured):
    test = drop(pictured(), "holiday.png", png(square(70)))
    assert not test.exception and not test.error
    assert set(titles(test, "found")[:5]) <= set(SQUARES)
    assert "The colours of your picture" in texts(test)
    first = next(i for i in titles(test, "found") if i != WITHOUT)
    test.button(key=f"why_found_{first}").click().run()
    assert "The two parts that are most alike" in texts(test) and "Colours that match" in texts(test)
    test.button(key="drop_off").click().run()
    assert not titles(test, "found") and look.READ not in test.session_state and not test.exception


def test_a_picture_in_a_collection_without_pictures_is_compared_by_colour(plain):
    test = drop(plain(), "sea.png", png(sea(70)))
    assert set(titles(test, "found")[:5]) == set(SEAS) - {"umibe-storm"}  # which carries a content note
    assert "the colours alone are compared" in texts(test) or "only the colours are compared" in texts(test)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", png(sea(1))[:300]])
def test_a_bad_file_is_one_sentence(pictured, content):
    test = drop(pictured(), "bad.png", content)
    assert not test.exception and len(test.error) == 1
    assert titles(test, "nine") and not titles(test, "found")


def test_a_picture_and_colours_and_words_together(pictured):
    test = drop(pictured(q="calm", shades="1f3a93-60,e8f0f5-40"), "sea.png", png(sea(70)))
    assert titles(test, "found")[0] in SEAS and "The colours you chose" in texts(test)
    assert test.query_params["q"] == "calm" and not test.exception


def test_a_collection_without_any_colours_is_not_asked_for_them(app, tmp_path, monkeypatch):
    from artrec.catalogue import Artwork, Catalogue

    bare = Catalogue(tuple(Artwork(artwork_id=f"w{i}", title=f"Work {i}") for i in range(12)), {})
    artifacts.save(artifacts.build(bare, HashingEncoder(), atlas=False), tmp_path / "bare")
    monkeypatch.setenv("ARTREC_COLLECTION", str(tmp_path / "bare"))
    test = app(shades="1f3a93-60")
    assert not test.exception and not test.error and not test.file_uploader


# --- pages ---


def test_the_artwork_page_shows_how_the_machine_sees_it(pictured):
    test = pictured(page("artwork"), id=SEAS[1])
    view = f"seen_view_{SEAS[1]}"
    said = set()
    for name in ("As it is", "Edges", "Balance", "What stands out"):
        test.segmented_control(key=view).set_value(name).run()
        assert not test.exception and not test.error
        said.add(texts(test))
    assert len(said) == 4
    assert "Its main colours" in texts(test) and "Measured in the picture" in texts(test)
    assert "Alike to the eye" in [s.value for s in test.subheader]
    for name in ("palette", "light", "composition"):
        assert test.get_by_key(f"alike_{name}") is not None


def test_a_work_without_a_picture_has_its_plate(pictured):
    test = pictured(page("artwork"), id=WITHOUT)
    assert not test.exception and "drawn by ArtRec" in texts(test)
    assert not any("Alike to the eye" in s.value for s in test.subheader)


def test_a_picture_that_has_gone_leaves_a_plate(pictured, monkeypatch):
    from artrec.visual.shelf import Shelf

    monkeypatch.setattr(Shelf, "thumbnail", lambda self, artwork_id, size="large": None)
    monkeypatch.setattr(Shelf, "picture", lambda self, artwork_id: None)
    test = pictured(page("artwork"), id=SEAS[1])
    assert not test.exception and "drawn by ArtRec" in texts(test) and "Measured in the picture" in texts(test)
    test = pictured(likes=SEAS[0])
    buttons(test, "why_strip_")[0].click().run()
    assert not test.exception and "The parts add up to it" in texts(test)


def test_why_shows_what_matched_with_a_liked_work(pictured):
    test = pictured(likes=SEAS[0])
    buttons(test, "why_strip_")[0].click().run()
    assert not test.exception
    assert "Colours that match" in texts(test) and "The two parts that are most alike" in texts(test)


def test_the_map_switches_to_looks_and_back(pictured):
    test = pictured(page("map"), likes=SEAS[0])
    test.segmented_control(key="map_space_widget").set_value("looks").run()
    assert not test.exception and "alike to the eye" in texts(test)
    test.selectbox(key="map_list").set_value(SQUARES[0]).run()
    assert not test.exception and "Its true neighbours" in texts(test)
    assert WITHOUT not in test.selectbox(key="map_list").options
    test.segmented_control(key="map_space_widget").set_value("meaning").run()
    assert not test.exception and "alike in meaning" in texts(test)


@pytest.mark.parametrize(("which", "there"), [("pictured", True), ("plain", False)])
def test_weights_of_looks_where_there_are_pictures(which, there, request):
    test = request.getfixturevalue(which)(page("for_you"), likes=SEAS[0])
    keys = {slider.key for slider in test.slider}
    assert ("weight_visual_widget" in keys) == ("weight_light_widget" in keys) == there
    assert "weight_palette_widget" in keys and not test.exception


def test_damaged_pictures_are_told_in_one_sentence(app, folder, tmp_path, monkeypatch):
    import shutil

    shutil.copytree(folder, tmp_path / "broken")
    (tmp_path / "broken" / "pictures" / "raw.npy").write_bytes(b"nothing")
    monkeypatch.setenv("ARTREC_COLLECTION", str(tmp_path / "broken"))
    test = app()
    assert not test.exception and len(test.error) == 1 and "--pictures" in test.error[0].value or "again" in test.error[0].value
