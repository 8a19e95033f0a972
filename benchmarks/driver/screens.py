"""What a person sees after a call: the kind of screen and what can be pressed on it. Pure.

A screen is known by its buttons' labels, which are the catalogue's and come from outside.
"""

from dataclasses import dataclass
from enum import Enum

import msgspec


class Seen(Enum):
    """The kinds of screens that the walks of `driver.walks` tell apart."""

    QUESTION = "question"
    INTRO = "intro"
    PREDICTION = "prediction"
    SUMMARY = "summary"
    RECEIPT = "receipt"
    PUBLISH = "publish"
    WELCOME = "welcome"
    CONSENT = "consent"
    PHONE = "phone"
    NAME = "name"
    UNIT = "unit"
    CONFIRM = "confirm"
    HOME = "home"
    FIELD = "field"
    DOOR = "door"
    BARE = "bare"
    OTHER = "other"


# In this order: a screen is what its most telling button says.
BY_BUTTON = (
    ("begin", Seen.INTRO),
    ("skip_prediction", Seen.PREDICTION),
    ("submit", Seen.SUMMARY),
    ("publish_yes", Seen.PUBLISH),
    ("agree", Seen.CONSENT),
    ("yes_unit", Seen.UNIT),
    ("confirm", Seen.CONFIRM),
    ("register", Seen.WELCOME),
    ("start", Seen.HOME),
    ("result", Seen.RECEIPT),
    ("home", Seen.DOOR),
    ("use_name", Seen.NAME),
    ("back", Seen.FIELD),
)
LETTERS = ("A", "B", "C", "D")


class Button(msgspec.Struct):
    text: str
    callback_data: str = ""


class Markup(msgspec.Struct):
    inline_keyboard: list[list[Button]] = []
    keyboard: list[list[Button]] = []


@dataclass(slots=True)
class Screen:
    """`letters`: callback data of A to D on a question; `doors`: callback data by label else."""

    seen: Seen
    letters: tuple[str, ...] = ()
    doors: dict[str, str] | None = None


_DECODER = msgspec.json.Decoder(Markup)
_BARE = Screen(Seen.BARE)


class Reader:
    """Reads keyboards; `labels` are the catalogue's button texts by name (see `BY_BUTTON`)."""

    def __init__(self, labels: dict[str, str]) -> None:
        self._known = [(labels[name], seen) for name, seen in BY_BUTTON if name in labels]

    def read(self, markup: bytes) -> Screen:
        """The screen of a message with this `reply_markup` (JSON; empty for none)."""
        if not markup:
            return _BARE
        decoded = _DECODER.decode(markup)
        rows = decoded.inline_keyboard
        if not rows:
            return Screen(Seen.PHONE) if decoded.keyboard else _BARE
        first = rows[0]
        if len(first) == len(LETTERS) and first[0].text[-1:] == "A" and first[3].text[-1:] == "D":
            return Screen(Seen.QUESTION, tuple([button.callback_data for button in first]))
        doors = {button.text: button.callback_data for row in rows for button in row}
        for label, seen in self._known:
            if label in doors:
                return Screen(seen, doors=doors)
        return Screen(Seen.OTHER, doors=doors)
