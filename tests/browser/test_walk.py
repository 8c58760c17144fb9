"""What only a browser shows: the whole way from the first page to a work, and nothing said to the console or the network."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from artrec.evaluation.bench_app import CARDS, browser, free_port, open_page, server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def served(artrec_home):
    chosen = free_port()
    with server(chosen, ARTREC_HOME=str(artrec_home)) as process:
        yield chosen, process


@pytest.fixture(scope="module")
def port(served):
    return served[0]


@pytest.fixture
def visit(chromium, port):
    """Open a path; console errors and requests to other hosts are collected on the page."""
    pages = []

    def go(path: str = "/", width: int = 1400):
        page = open_page(chromium, port, "/_stcore/health", width)
        page.errors, page.strangers = [], []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: page.errors.append(str(e)))
        page.on("request", lambda r: page.strangers.append(r.url) if _foreign(r.url) else None)
        page.goto(f"http://localhost:{port}{path}")
        pages.append(page)
        return page

    yield go
    for page in pages:
        page.close()


def _foreign(url: str) -> bool:
    return urlsplit(url).hostname not in ("localhost", None)


def _settled(page) -> None:
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")


def test_from_a_query_to_a_work(visit, served):
    page = visit()
    page.wait_for_function(f"document.querySelectorAll('{CARDS}').length >= 9")
    box = page.get_by_label("Describe it, or name it")
    box.fill("a storm at sea, but hopeful")
    box.press("Enter")
    page.locator('[class*="st-key-grid_found"]').get_by_text("The Ninth Wave", exact=True).wait_for()
    for number, said in enumerate(("1 liked", "2 liked", "3 liked")):
        _settled(page)
        page.locator('[class*="st-key-like_found"] button').nth(number).click()
        page.get_by_text(re.compile(said)).wait_for()
    assert page.url.count("%2C") + page.url.count(",") >= 2  # three likes, in the link

    page.get_by_role("link", name="For you").click()
    page.locator('[class*="st-key-card_for_you"]').first.wait_for()
    _settled(page)
    page.locator('[class*="st-key-why_for_you"] button').first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("The parts add up to it").wait_for()
    dialog.get_by_text("Your likes").wait_for()
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Map").click()
    page.locator(".js-plotly-plot").wait_for()
    _settled(page)

    page.get_by_role("link", name="Discover").click()
    card = page.locator('[class*="st-key-grid_found"] a').first
    card.wait_for()
    _settled(page)
    title = card.inner_text()
    card.click()
    page.get_by_role("heading", name=title).wait_for()
    page.get_by_text("Near it, by each reason").wait_for()
    _settled(page)
    assert "id=" in page.url and "likes=" in page.url
    assert page.errors == []
    assert page.strangers == []
    loaded = {Path(mapped.path).name for mapped in served[1].memory_maps()}
    assert any("openvino" in name for name in loaded)
    assert not any("torch" in name for name in loaded)


def test_a_link_restores_likes_in_a_fresh_session(visit):
    page = visit("/?likes=hokusai-great-wave,van-gogh-sunflowers")
    page.get_by_text("2 liked").wait_for()
    page.get_by_text("Because of what you liked").wait_for()


@pytest.mark.parametrize(
    "path", ["/for_you", "/map", "/artwork?id=hokusai-great-wave", "/lab?section=training", "/collections"]
)
def test_each_page_opens_by_its_address(visit, path):
    page = visit(path)
    page.get_by_role("link", name="Discover").wait_for()
    page.locator("h1").first.wait_for()
    _settled(page)
    assert page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]').count() == 0


def test_every_picture_has_alternative_text(visit):
    page = visit()
    page.wait_for_function(f"document.querySelectorAll('{CARDS}').length >= 9")
    texts = page.eval_on_selector_all(CARDS, "all => all.map(i => i.alt)")
    assert all(len(text) > 20 for text in texts)


def test_a_narrow_screen_has_no_sideways_scroll(visit):
    page = visit(width=390)
    page.wait_for_function(f"document.querySelectorAll('{CARDS}').length >= 9")
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390


def test_a_work_on_the_map_is_reached_by_keyboard(visit):
    page = visit("/map")
    page.locator(".js-plotly-plot").wait_for()
    _settled(page)
    box = page.get_by_label("Works on the map")
    box.focus()
    page.keyboard.type("Starry Night")
    page.get_by_role("option", name=re.compile("The Starry Night")).wait_for()
    page.keyboard.press("Enter")
    page.locator('[class*="st-key-card_map"]').wait_for()
    page.get_by_text("true neighbours:").wait_for()


def test_the_very_first_visit_may_go_straight_to_the_map(chromium, artrec_home):
    port = free_port()
    with server(port, ARTREC_HOME=str(artrec_home)):
        page = open_page(chromium, port, "/map?likes=hokusai-great-wave")
        page.locator(".js-plotly-plot").wait_for()
        _settled(page)
        links = page.locator('[data-testid="stSidebarNav"] a')
        assert links.all_inner_texts()[0].endswith("Discover") and links.count() == 7
        page.get_by_text("century", exact=True).first.wait_for()
        page.get_by_text("culture", exact=True).first.click()  # a run after the first stays on the page
        page.locator(".js-plotly-plot").wait_for()
        _settled(page)
        page.get_by_role("heading", name="Map", exact=True).wait_for()
        page.get_by_role("link", name="For you").click()
        page.get_by_role("heading", name="For you").wait_for()
        page.locator('[class*="st-key-card_for_you"]').first.wait_for()
