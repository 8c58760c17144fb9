"""Artwork: one work, what to look for, what lies near it."""

from artrec.ui import artwork, frame

with frame.open("Artwork") as app:
    work = artwork.choose(app)
    artwork.show(app, work)
