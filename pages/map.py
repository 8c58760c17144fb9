"""Map: the whole collection as the encoder sees it."""

from artrec.ui import atlas, frame

with frame.open("Map") as app:
    atlas.show(app)
