"""Composition: how a picture is laid out."""

from artrec.channels.pictured import Pictured


class Composition(Pictured):
    """Speaks for works with pictures, about pictures."""

    name = "composition"
    label = "composition"
    groups = ("composition", "shape")
