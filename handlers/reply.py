"""What handlers answer, platform-blind. Adapters make platform calls of it (`encode`)."""

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `data` comes back in a `Tap`, at most 64 bytes.

    With `url` it opens that address instead, and `data` is empty.
    """

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that a message carries; a picture is shown, any other file offered.

    The message's text stands under it then, 1,024 characters at most. `name` holds no personal
    data, and neither does a file that goes through a messenger (DESIGN §8).
    """

    name: str
    content: bytes = field(repr=False)
    is_picture: bool = True


@dataclass(frozen=True, slots=True)
class ContactKeyboard:
    """The platform's own way to share one's phone; `back` is typed when pressed."""

    share: str
    back: str


class Place(Enum):
    """Where a screen goes."""

    HERE = "here"
    """In place of the tapped message; below where none was tapped."""
    BELOW = "below"
    """A new message at the bottom."""


class Effect(Enum):
    """What an input came to, for those who count; people read it in the screens."""

    DONE = "done"
    STEP = "step"
    """A step of a paper was recorded."""
    REPEATED = "repeated"
    """The same was done before: nothing changed."""
    STALE = "stale"
    """It belongs to another view than the present one."""
    DOUBLE_TAP = "double_tap"
    REFUSED = "refused"
    FAILED = "failed"
    """A defect of ours: a dead letter."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One message. `text` is HTML with `b i u s code blockquote` only, names escaped.

    `is_live` marks the message whose buttons count now, a paper's or a dialogue's: sent below, the
    keyboard of the one before is removed, so that no old button looks alive.
    `attempt` is whose paper it shows, for the time that is lost before it leaves.
    `keyboard` and `buttons` exclude each other. `removes_keyboard` takes a `ContactKeyboard` away.
    `is_protected`: the platform lets nobody forward it. `thread` is a forum's topic.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    place: Place = Place.HERE
    keyboard: ContactKeyboard | None = None
    removes_keyboard: bool = False
    is_live: bool = False
    attempt: int | None = None
    file: Attached | None = None
    is_protected: bool = False
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What one input is answered with, in order; `toast` shows on a tap only.

    `is_alert`: the toast must be closed by hand.
    """

    screens: tuple[Screen, ...] = ()
    toast: str = ""
    is_alert: bool = False
    effect: Effect = Effect.DONE


NOTHING = Reply()


@dataclass(slots=True)
class Rows:
    """Builds rows of buttons, top to bottom."""

    rows: list[tuple[Button, ...]] = field(default_factory=list)

    def add(self, *buttons: Button) -> "Rows":
        if buttons:
            self.rows.append(buttons)
        return self

    def grid(self, buttons: list[Button], width: int) -> "Rows":
        for start in range(0, len(buttons), width):
            self.rows.append(tuple(buttons[start : start + width]))
        return self

    def done(self) -> tuple[tuple[Button, ...], ...]:
        return tuple(self.rows)
