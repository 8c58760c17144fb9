"""The app as its user meets it: started fresh, in a real browser, timed from the command to the picture on screen.

Needs the Chromium of the system; each run starts a server of its own on a free port.
"""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil

from artrec import config
from artrec.errors import ArtrecError

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
CARDS = '[class*="st-key-grid_"] img'
RUNS = 3  # fresh servers; the median is reported
PATIENCE_MS = 60_000


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server(port: int, **environment: str):
    """The app on a port, as a `psutil.Process`, stopped at the end."""
    command = [sys.executable, "-m", "artrec", "app", "--headless", "--port", str(port)]
    started = subprocess.Popen(
        command, cwd=config.ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield psutil.Process(started.pid)
    finally:
        started.terminate()
        started.wait(10)


@contextmanager
def browser():
    """A headless Chromium. Raises `ArtrecError` where there is none."""
    if not os.path.exists(CHROMIUM):
        raise ArtrecError(f"There is no browser at {CHROMIUM}.", "Install Chromium (Debian: apt-get install chromium).")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield chromium
        finally:
            chromium.close()


def open_page(chromium, port: int, path: str = "/", width: int = 1400):
    """A page of the app; waits until the server answers."""
    page = chromium.new_page(viewport={"width": width, "height": 1000})
    deadline = time.perf_counter() + 60
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        if time.perf_counter() > deadline:
            raise ArtrecError("The app did not start within a minute.", "Run `make app` and read what it says.")
        time.sleep(0.02)
    page.goto(f"http://localhost:{port}{path}")
    return page


def run_app() -> dict:
    """Seconds and MB: start to Discover complete, first and later queries, a like, memory before and after a query."""
    runs = [_once() for _ in range(RUNS)]
    return {key: sorted(run[key] for run in runs)[RUNS // 2] for key in runs[0]} | {"runs": RUNS}


def _once() -> dict:
    port = free_port()
    with browser() as chromium:
        started = time.perf_counter()
        with server(port) as process:
            page = open_page(chromium, port)
            page.wait_for_function(f"document.querySelectorAll('{CARDS}').length >= 9", timeout=PATIENCE_MS)
            page.wait_for_function(f"[...document.querySelectorAll('{CARDS}')].every(i => i.complete)", timeout=PATIENCE_MS)
            figures = {"start_to_discover_s": round(time.perf_counter() - started, 2)}
            figures["memory_before_query_mb"] = round(process.memory_info().rss / 1e6)
            figures["first_query_s"] = _query(page, "a storm at sea, but hopeful", "The Ninth Wave")
            figures["memory_after_query_mb"] = round(process.memory_info().rss / 1e6)
            figures["next_query_s"] = _query(page, "sunflowers in a vase", "Sunflowers")
            page.locator('[class*="st-key-like_found"] button').first.click()
            page.wait_for_selector("text=1 liked", timeout=PATIENCE_MS)
            page.get_by_role("link", name="For you").click()
            page.wait_for_selector('[class*="st-key-card_for_you"]', timeout=PATIENCE_MS)
            figures["like_to_recommendations_s"] = _like(page)
            return figures


def _query(page, text: str, expected: str) -> float:
    box = page.get_by_label("Describe it, or name it")
    box.fill(text)
    started = time.perf_counter()
    box.press("Enter")
    page.locator('[class*="st-key-grid_found"]').get_by_text(expected, exact=True).first.wait_for(timeout=PATIENCE_MS)
    return round(time.perf_counter() - started, 3)


def _like(page) -> float:
    """From the click on Like of the first recommendation until it has left the list, which a like always makes it do."""
    card = page.locator('[class*="st-key-card_for_you"]').first
    key = next(c for c in card.get_attribute("class").split() if c.startswith("st-key-card_for_you"))
    page.wait_for_timeout(800)
    started = time.perf_counter()
    card.locator('[class*="st-key-like_"] button').click()
    page.wait_for_selector(f".{key}", state="detached", timeout=PATIENCE_MS)
    return round(time.perf_counter() - started, 3)
