"""Texture: its surface, from smooth to busy."""

from artrec.channels.pictured import Pictured


class Texture(Pictured):
    """Speaks for works with pictures, about pictures."""

    name = "texture"
    label = "texture"
    groups = ("texture",)
