"""Collections: which one is in use, its health, its model and its index."""

from artrec.ui import collections, frame

with frame.open("Collections") as app:
    collections.show(app)
