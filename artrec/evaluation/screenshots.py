"""README's pictures, taken from the real app: python -m artrec.evaluation.screenshots"""

import sys

from artrec import config
from artrec.evaluation.bench_app import browser, free_port, open_page, server

FOLDER = config.ROOT / "assets" / "screenshots"
LIKES = "likes=hokusai-great-wave,van-gogh-sunflowers,kandinsky-composition-8"
SHOTS = {
    "discover": "/?q=a+storm+at+sea,+but+hopeful",
    "for_you": f"/for_you?{LIKES}",
    "map": f"/map?{LIKES}",
    "artwork": "/artwork?id=van-gogh-starry-night",
    "lab": "/lab?q=a+storm+at+sea,+but+hopeful",
    "collections": "/collections",
}


def main() -> None:
    """Write one PNG a page into `assets/screenshots` (1280 × 860)."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with browser() as chromium, server(port):
        for name, path in SHOTS.items():
            page = open_page(chromium, port, path, 1280)
            page.set_viewport_size({"width": 1280, "height": 860})
            page.locator("h1").first.wait_for()
            page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
            page.wait_for_timeout(2_500)
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
            print(f"{name}.png", file=sys.stderr)


if __name__ == "__main__":
    main()
