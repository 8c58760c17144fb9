"""Pseudonyms, rooms and join codes: what they are, and which are accepted."""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from artrec.community.failures import StoreError

LONGEST_NAME = 40  # characters of a pseudonym
LONGEST_ROOM = 80
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that a blackboard confuses: I, L, O, 0, 1
_CODE = 6  # letters of a join code: 887 million of them
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # Unicode categories that print nothing, or turn the line around
_JOINER = "\u200d"  # the exception: it ties emoji together
_E_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(frozen=True)
class Room:
    """A class. Its profiles help one another; who knows the code may join."""

    id: int
    code: str
    name: str

    @property
    def shown(self) -> str:
        """The code as it is written on a board: K7M-2QX."""
        return f"{self.code[: _CODE // 2]}-{self.code[_CODE // 2 :]}"


@dataclass(frozen=True)
class Profile:
    """A person under a name of their own choosing. `key`: an unguessable handle that a browser may remember."""

    id: int
    pseudonym: str
    room: Room | None = None
    key: str = ""


def visible(text: str, keep: str = "") -> str:
    """Text without characters that print nothing, in composed form (NFC); those in `keep` stay."""
    found = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return "".join(c for c in found if c in keep or c == _JOINER or unicodedata.category(c) not in _HIDDEN)


def pseudonym(text: str) -> str:
    """A pseudonym as it is stored: one line, single blanks. Raises `StoreError` where it is empty, too long or an address."""
    found = " ".join(visible(text, keep="\t\n").split())
    if not found.strip(_JOINER):
        raise StoreError("A profile needs a name.", "Make one up, such as Blue Heron.")
    if len(found) > LONGEST_NAME:
        raise StoreError(f"The name has {len(found):,} characters; {LONGEST_NAME} are allowed.", "Choose a shorter one.")
    if _E_MAIL.search(found):
        raise StoreError("The name looks like an e-mail address, which ArtRec does not keep.", "Make one up instead.")
    return found


def room_name(text: str) -> str:
    """A room's name as it is stored. Raises `StoreError` where it is empty or too long."""
    found = " ".join(visible(text, keep="\t\n").split())
    if not found.strip(_JOINER):
        raise StoreError("A room needs a name.", "Give it one, such as Class 5b.")
    if len(found) > LONGEST_ROOM:
        raise StoreError(f"The room's name has {len(found):,} characters; {LONGEST_ROOM} are allowed.", "Shorten it.")
    return found


def folded(name: str) -> str:
    """What two names must share to be taken for the same: neither case nor width tells them apart."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def join_code(text: str) -> str:
    """A join code as it is stored, from however it was typed: small letters, blanks and dashes do not matter."""
    return re.sub(r"[\s\-–—.]+", "", text).upper()


def new_code() -> str:
    """A join code, drawn by chance."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE))


def new_key() -> str:
    """A profile's handle: 128 bits of chance."""
    return secrets.token_urlsafe(16)
