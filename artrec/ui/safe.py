"""Museum text is data: these make it inert where Streamlit reads Markdown or plotly reads tags."""

import html
import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:^=&@/])")


def md(text: str) -> str:
    """Text that Markdown shows as it stands: no links, images, HTML, emoji codes, colours or formulas."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def plot(text: str) -> str:
    """Text for plotly, which reads a few HTML tags."""
    return html.escape(text, quote=False)
