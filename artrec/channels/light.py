"""Light: how bright a picture is, how strong its contrasts and colours."""

from artrec.channels.pictured import Pictured


class Light(Pictured):
    """Speaks for works with pictures, about pictures."""

    name = "light"
    label = "light"
    groups = ("light",)
