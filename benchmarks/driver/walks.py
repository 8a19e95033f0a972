"""What an honest person does at each screen, and what must come of it: the real dialogue. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from benchmarks.driver.screens import Seen


class Does(Enum):
    LETTER = "letter"
    DOOR = "door"
    TEXT = "text"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Step:
    """`what` is a text, or the catalogue's name of a button; `expects` is what answers it."""

    does: Does
    expects: frozenset[Seen]
    what: str = ""


Walk = Mapping[Seen | None, Step]
"""The step at each screen; None is an empty chat. A screen without a step is the walk's end."""


def _step(does: Does, what: str, *expects: Seen) -> Step:
    return Step(does, frozenset(expects), what)


def registration(unit: str, born: str) -> Walk:
    """From an empty chat to a number; the name is the one the platform suggests."""
    return {
        None: _step(Does.TEXT, f"/start {unit}", Seen.WELCOME),
        Seen.WELCOME: _step(Does.DOOR, "register", Seen.CONSENT),
        Seen.CONSENT: _step(Does.DOOR, "agree", Seen.PHONE),
        Seen.PHONE: _step(Does.CONTACT, "", Seen.NAME),
        Seen.NAME: _step(Does.DOOR, "use_name", Seen.FIELD),
        Seen.FIELD: _step(Does.TEXT, born, Seen.UNIT),
        Seen.UNIT: _step(Does.DOOR, "yes_unit", Seen.CONFIRM),
        Seen.CONFIRM: _step(Does.DOOR, "confirm", Seen.HOME),
    }


_TAKE = _step(Does.TEXT, "/thi", Seen.INTRO)

PAPER: Walk = {
    None: _TAKE,
    Seen.HOME: _TAKE,
    Seen.RECEIPT: _TAKE,
    Seen.DOOR: _TAKE,
    Seen.INTRO: _step(Does.DOOR, "begin", Seen.QUESTION),
    Seen.QUESTION: _step(Does.LETTER, "", Seen.QUESTION, Seen.PREDICTION),
    Seen.PREDICTION: _step(Does.TEXT, "7", Seen.SUMMARY),
    Seen.SUMMARY: _step(Does.DOOR, "submit", Seen.RECEIPT),
    Seen.PUBLISH: _step(Does.DOOR, "publish_yes", Seen.DOOR),
}
"""Paper after paper."""

TAPS: Walk = {Seen.QUESTION: PAPER[Seen.QUESTION]}
"""Only the answers of an open paper."""

OPENING: Walk = {one: PAPER[one] for one in (None, Seen.HOME, Seen.RECEIPT, Seen.DOOR, Seen.INTRO)}
"""From home to the first question."""

ECHO: Walk = {
    None: _step(Does.TEXT, "/start", Seen.QUESTION),
    Seen.BARE: _step(Does.TEXT, "/start", Seen.QUESTION),
    Seen.QUESTION: _step(Does.LETTER, "", Seen.QUESTION, Seen.BARE),
}
"""The peers' dialogue: fifteen questions, then from the beginning."""
