"""Every page, with nothing known, with likes, with an unknown id, without its artifacts, and with hostile records."""

import csv
import io
import json
import re

import pytest
from helpers import HashingEncoder
from PIL import Image

from artrec import artifacts, config
from artrec.catalogue import Artwork, Catalogue, load_catalogue
from artrec.pictures import Picture
from artrec.starters import ideas
from artrec.ui import lab_compare, resources, state

PAGES = ("discover", "for_you", "map", "artwork", "lab", "collections")
LIKED = "hokusai-great-wave,van-gogh-sunflowers,kandinsky-composition-8"


@pytest.fixture(autouse=True)
def base(monkeypatch):
    """The Lab's base model, which nobody has exported here."""
    monkeypatch.setattr(lab_compare, "load_encoder", lambda chosen: HashingEncoder())


def page(name: str) -> str:
    return f"pages/{name}.py"


def texts(test) -> str:
    """Everything a page says in words."""
    kinds = ("markdown", "caption", "title", "header", "subheader", "info", "warning", "error")
    return "\n".join(element.value for kind in kinds for element in getattr(test, kind))


def buttons(test, prefix: str) -> list:
    return [b for b in test.button if (b.key or "").startswith(prefix)]


def titles(test, place: str) -> list[str]:
    """Ids of the cards at a place, in order."""
    return [b.key.removeprefix(f"like_{place}_") for b in buttons(test, f"like_{place}_")]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("likes", ["", LIKED])
def test_opens(app, name, likes):
    test = app(page(name), **({"likes": likes} if likes else {}))
    assert not test.exception and not test.error
    assert texts(test)


def test_discover_begins_with_nine_works_far_apart(app):
    test = app()
    first = titles(test, "nine")
    assert len(first) == len(set(first)) == 9
    next(b for b in test.button if b.label == "Another nine").click().run()
    assert len(titles(test, "nine")) == 9 and titles(test, "nine") != first


def test_a_query_shows_works_with_reasons(app):
    test = app()
    test.text_input(key="query_widget").input("a storm at sea, but hopeful").run()
    assert titles(test, "found")[0] == "aivazovsky-ninth-wave"
    assert "stronger than 99 % of the collection" in texts(test)
    assert "close to your words" in texts(test)
    assert test.query_params["q"] == "a storm at sea, but hopeful"
    buttons(test, "why_found_")[0].click().run()
    assert "The parts add up to it" in texts(test) and "Your words" in texts(test)


def test_a_query_in_the_link_is_answered(app):
    assert titles(app(q="梵高名画"), "found")[0].startswith("van-gogh")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("x" * 10_000, "at most 1,000 are read"),
        ("after:1900 before:1800", "No year is both after 1900 and before 1800"),
        ("how do I reset my router password", "No good match"),
        ("movement:Impresionism garden", "did you mean Impressionism"),
        ("like:nobody-knows storm", "No artwork has the id"),
        ('"unclosed storm', "not closed"),
        ("<script>alert(1)</script> $x^2$ [a](javascript:b) ![](x) :red[x]", ""),
        ("\u202e\u0000 ☃️ مرحبا", ""),
    ],
)
def test_bad_and_strange_queries_are_answered_in_words(app, query, said):
    test = app()
    test.text_input(key="query_widget").input(query).run()
    assert not test.exception
    assert said in texts(test).replace("\\", "")


def test_a_starter_fills_the_box(app):
    test = app()
    begin = test.pills(key="starter_widget").options
    found = ideas(load_catalogue(config.STARTER), 0)
    assert begin == [idea.label for idea in found]
    test.pills(key="starter_widget").set_value(begin[3]).run()
    assert test.text_input(key="query_widget").value == found[3].query == test.query_params["q"]
    assert len(titles(test, "found")) == 12


def test_another_nine_brings_other_beginnings(app):
    test = app()
    before = test.pills(key="starter_widget").options
    next(b for b in test.button if b.label == "Another nine").click().run()
    after = test.pills(key="starter_widget").options
    assert len(after) == len(before) == 9 and after != before


def test_the_first_search_of_the_readme_finds_the_cradle(app):
    assert "morisot-the-cradle" in titles(app(q="mother and child"), "found")[:3]


def test_a_like_changes_recommendations_at_once_and_never_comes_back(app):
    test = app()
    wanted = titles(test, "nine")[0]
    buttons(test, f"like_nine_{wanted}")[0].click().run()
    assert test.session_state[state.LIKES] == (wanted,)
    assert test.query_params["likes"] == wanted
    strip = titles(test, "strip")
    assert strip and wanted not in strip
    buttons(test, f"like_strip_{strip[0]}")[0].click().run()
    assert strip[0] not in titles(test, "strip")
    buttons(test, f"like_nine_{wanted}")[0].click().run()
    assert wanted not in test.session_state[state.LIKES]


def test_a_dislike_takes_a_like_back(app):
    test = app(likes="hokusai-great-wave", q="the great wave")
    buttons(test, "dislike_found_hokusai-great-wave")[0].click().run()
    assert test.session_state[state.LIKES] == () and test.session_state[state.DISLIKES] == ("hokusai-great-wave",)


def test_a_link_restores_likes_and_counts_unknown_ids(app):
    test = app(likes="hokusai-great-wave,nobody-knows", dislikes="klimt-the-kiss", safe="off")
    assert test.session_state[state.LIKES] == ("hokusai-great-wave",)
    assert test.session_state[state.DISLIKES] == ("klimt-the-kiss",)
    assert not test.session_state[state.SAFE]
    assert "1 work in your link is not in this collection" in texts(test)


def test_for_you_without_likes_offers_nine_works(app):
    test = app(page("for_you"))
    assert len(titles(test, "nine")) == 9 and not titles(test, "for_you")


def test_for_you_answers_likes_weights_and_what_ifs(app):
    test = app(page("for_you"), likes=LIKED)
    before = titles(test, "for_you")
    assert before and not set(before) & set(LIKED.split(","))
    test.slider(key="weight_text_widget").set_value(0).run()
    test.slider(key="weight_palette_widget").set_value(100).run()
    assert titles(test, "for_you") != before
    assert "▲" in texts(test) and "▼" in texts(test)  # arrows
    test.multiselect(key="what_if_likes_widget").set_value(["kandinsky-composition-8"]).run()
    assert "What if" in texts(test) and not test.exception
    assert test.session_state[state.LIKES] == tuple(LIKED.split(","))  # nothing is forgotten


def test_for_you_with_everything_muted_says_so(app):
    test = app(page("for_you"), likes="hokusai-great-wave")
    test.multiselect(key="what_if_likes_widget").set_value(["hokusai-great-wave"]).run()
    assert "nothing left to recommend by" in texts(test)


def test_reasons_of_a_recommendation_name_the_like(app):
    test = app(page("for_you"), likes="hokusai-great-wave,hiroshige-sudden-shower-shin-ohashi")
    buttons(test, "why_for_you_")[0].click().run()
    said = texts(test).replace("\\", "")
    assert "Your likes" in said and "The Great Wave" in said and "Without" in said


def test_settings_outlive_their_page(app):
    test = app(page("for_you"), likes=LIKED)
    test.slider(key="for_you_diversity_widget").set_value(80).run()
    test.switch_page(page("collections")).run()
    test.switch_page(page("for_you")).run()
    assert test.slider(key="for_you_diversity_widget").value == 80


def test_classroom_safe_is_on_and_can_be_switched_off(app, starter):
    noted = next(w for w in starter.catalogue if w.content_notes)
    test = app(q=f'"{noted.title}"')
    assert noted.artwork_id not in titles(test, "found")
    test.toggle(key="safe_widget").set_value(False).run()
    assert noted.artwork_id in titles(test, "found")
    assert test.query_params["safe"] == "off"
    test.switch_page(page("map")).run()
    assert not test.toggle(key="safe_widget").value


def test_notes_can_be_allowed_one_by_one(app, starter):
    noted = next(w for w in starter.catalogue if len(w.content_notes) == 1)
    test = app(q=f'"{noted.title}"')
    test.multiselect(key="allowed_widget").set_value(list(noted.content_notes)).run()
    assert noted.artwork_id in titles(test, "found")


def test_artwork_shows_the_work_and_what_lies_near(app):
    test = app(page("artwork"), id="hokusai-great-wave")
    said = texts(test).replace("\\", "")
    for part in ("The Great Wave", "Katsushika Hokusai", "Look for", "Discuss", "Near it, by each reason", "神奈川"):
        assert part in said
    test.selectbox(key="path_goal").set_value("klimt-the-kiss").run()
    assert "start" in texts(test) and not test.exception


def test_another_artwork_can_be_chosen_and_the_choice_cleared(app):
    test = app(page("artwork"), id="hokusai-great-wave")
    test.selectbox(key="artwork_widget").set_value("klimt-the-kiss").run()
    assert test.title[0].value == "The Kiss" and test.query_params["id"] == "klimt-the-kiss"
    test.selectbox(key="artwork_widget").set_value(None).run()
    assert "id" not in test.query_params and titles(test, "artwork_start")
    test.switch_page(page("map")).run()
    assert not test.exception


def test_artwork_with_an_unknown_id_says_so_and_offers_others(app):
    test = app(page("artwork"), id="hokusai-great-wav")
    assert "No artwork has the id" in test.error[0].value and "hokusai" in test.error[0].value
    assert titles(test, "artwork_start")


def test_artwork_behind_the_classroom_filter_asks_first(app, starter):
    noted = next(w for w in starter.catalogue if w.content_notes)
    test = app(page("artwork"), id=noted.artwork_id)
    assert "classroom-safe" in test.warning[0].value and noted.description[:30] not in texts(test)
    next(b for b in test.button if b.label == "Show it this once").click().run()
    assert noted.description[:30].split()[0] in texts(test)


def test_map_follows_its_list_and_the_lasso(app, starter):
    test = app(page("map"), likes=LIKED)
    test.selectbox(key="map_list").set_value("hokusai-great-wave").run()
    assert "true neighbours" in texts(test)
    inside = [w.artwork_id for w in starter.catalogue if not w.content_notes][:3]
    test.session_state["map"] = {"selection": {"points": [{"customdata": [i]} for i in (*inside, "no-such-work")]}}
    test.run()
    assert "3 works in your selection" in texts(test) and set(titles(test, "lasso")) == set(inside)


@pytest.mark.parametrize("colouring", ["movement", "century", "culture", "mood", "trust"])
def test_map_colours(app, colouring):
    test = app(page("map"))
    test.segmented_control(key="map_colour_widget").set_value(colouring).run()
    assert not test.exception and not test.error
    assert test.session_state["map_colour"] == colouring


def test_collections_tells_what_is_in_use(app, starter):
    said = texts(app(page("collections"))).replace("\\", "")
    assert starter.name in said and starter.manifest["encoder"]["name"] in said


@pytest.mark.parametrize("name", PAGES)
def test_a_missing_collection_is_one_sentence_with_the_cure(app, name, tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_COLLECTION", str(tmp_path / "nothing"))
    test = app(page(name))
    assert not test.exception and len(test.error) == 1
    assert "There is no built collection" in test.error[0].value and "Build one" in test.error[0].value


def test_artifacts_of_another_catalogue_are_refused(app, toy, tmp_path, monkeypatch):
    artifacts.save(toy, tmp_path / "toy")
    file = tmp_path / "toy" / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"catalogue": "0" * 64}))
    monkeypatch.setenv("ARTREC_COLLECTION", str(tmp_path / "toy"))
    assert "another catalogue" in app().error[0].value


def test_a_cache_that_cannot_be_written_is_one_sentence_where_the_encoder_is_needed(app, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "file" / "home"))
    test = app()
    assert not test.error and len(titles(test, "nine")) == 9  # nothing typed yet: no encoder, no error
    test.text_input(key="query_widget").input("a storm").run()
    assert not test.exception and "ARTREC_HOME" in test.error[0].value.replace("\\", "")


def test_pictures_are_fetched_only_where_allowed(app, monkeypatch, tmp_path):
    asked = []

    class Store:
        def fetch_all(self, works, seconds):
            asked.extend(work.artwork_id for work in works)
            Image.new("RGB", (8, 8)).save(tmp_path / "picture.webp")
            return {works[0].artwork_id: Picture(tmp_path / "picture.webp", "Wikipedia: [A](b)", "https://example.org")}

    monkeypatch.setattr(resources, "pictures", Store)
    test = app()
    assert asked == []
    test.toggle(key="network_widget").set_value(True).run()
    assert len(asked) == 9
    assert any("Wikipedia" in c.value and "](" not in c.value for c in test.caption)


def test_a_link_cannot_switch_the_network_on(app):
    assert not app(network="on", fetch="on").toggle(key="network_widget").value


HOSTILE = (
    "<script>alert('x')</script><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://evil.example","click")',
    "\u202eright to left\u202c مرحبا بالعالم",
    "🖼️ :material/home: :red[red] $\\int x$ **bold** [link](javascript:alert(1)) ![i](http://evil.example/x.png)",
    "# heading\n\n- list `code` | table | ~~x~~",
)


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """A collection whose every text is an attack."""
    fields = ("title_zh", "artist", "date_text", "medium", "description", "look_for", "discuss", "museum", "dimensions")
    works = tuple(
        Artwork(
            artwork_id=f"evil-{number}", title=text, subjects=(text, "wave"), moods=(text,), culture=text, movement=text,
            genre=text, type=text, wikipedia=text, content_notes=(), year_start=1900, year_end=1901,
            **dict.fromkeys(fields, text),
        )
        for number, text in enumerate(HOSTILE * 3)
    )  # fmt: skip
    collection = artifacts.build(Catalogue(works, {}), HashingEncoder(), name=HOSTILE[0])
    artifacts.save(collection, tmp_path / "hostile")
    monkeypatch.setenv("ARTREC_COLLECTION", str(tmp_path / "hostile"))
    monkeypatch.setattr(resources, "load_encoder", HashingEncoder)


@pytest.mark.parametrize("name", PAGES)
def test_hostile_records_stay_text(app, hostile, name):
    test = app(page(name), likes="evil-1", id="evil-3")
    assert not test.exception and not test.error
    for element in (*test.markdown, *test.caption, *test.title):
        assert not getattr(element, "allow_html", False)
        for danger in ("<script", "<img", "](javascript", "![i](http", " :red[red]", "**bold**"):
            assert danger not in re.sub(r"\\.", "", element.value), (danger, element.value)


def test_hostile_texts_are_searched(app, hostile):
    test = app(q=HOSTILE[0])
    assert titles(test, "found") and not test.exception


def test_the_csv_holds_no_formula(hostile):
    from artrec.ui.collections import _csv

    lines = _csv("x", artifacts.open_collection(config.collection()).catalogue).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(lines)) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell[:1] in ("=", "@", "\t") for cell in cells)
