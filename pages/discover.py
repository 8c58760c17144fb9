"""Discover: one box, nine works to begin with, and why."""

from artrec.ui import discover, frame

with frame.open("Discover") as app:
    query, sight = discover.ask(app)
    discover.show(app, query, sight)
