"""The desk: all that handlers work with, handed to them by the process's wiring.

Only `contest` ever changes while a process runs: it is replaced whole when decisions are read
anew, or when a rehearsal begins a new contest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from handlers.buttons import AnyButton, ButtonSigner
from handlers.catalogue import Catalogue
from handlers.incoming import Incoming
from handlers.office import Office
from handlers.ports import Attempts, Clock, People, Sessions
from handlers.records import PersonNumber, Sender
from handlers.rendering import Rendering
from handlers.reply import Button
from handlers.units import Units
from question_bank.question import OptionId, QuestionBank, QuestionId
from scoring.contest import Timeline
from scoring.entries import Commitments
from scoring.rules import Rules


@dataclass(frozen=True, slots=True, repr=False)
class Contest:
    """The contest as committed to, with the decisions known now."""

    id: bytes
    rules: Rules
    bank: QuestionBank
    draw_key: bytes
    commitments: Commitments
    timeline: Timeline
    signer: ButtonSigner


@dataclass(frozen=True, slots=True)
class Customs:
    """Settings of the dialogues.

    `audiences` maps an id to its label; `assisted_limit` is how many people an official may enter
    a day; `double_tap_ms` on the machine's clock; `keep_days` is how long personal data are kept
    after the final results. `is_naming_finishers`: a leader may read who of his unit has finished.
    """

    audiences: Mapping[str, str]
    family_limit: int
    assisted_limit: int
    double_tap_ms: int
    consent_version: str
    keep_days: int
    practice_size: int
    is_naming_finishers: bool = False


OptionLine = tuple[QuestionId, OptionId, int, bool]
"""Question, option, place among the choices, whether it is marked."""


def _nobody_counts(_: Incoming) -> None:
    """Where nobody wants to know how long a decision took."""


@dataclass(slots=True)
class Desk:
    """`decided` is told of an input whose step is about to be committed.

    `username` is the bot's own name at its platform, for the links that lead to it.
    """

    clock: Clock
    people: People
    attempts: Attempts
    sessions: Sessions
    contest: Contest
    catalogue: Catalogue
    rendering: Rendering
    units: Units
    practice_bank: QuestionBank
    rules_pages: tuple[str, ...]
    customs: Customs
    office: Office
    username: str = ""
    option_lines: dict[OptionLine, str] = field(default_factory=dict)
    """The choices' lines that were shown, as the catalogue renders them (`paper_screen`)."""
    stems: dict[QuestionId, Markup] = field(default_factory=dict)
    """The questions' texts that were shown, escaped."""
    names: dict[PersonNumber, str] = field(default_factory=dict, repr=False)
    """Of people who are helped and have a paper open, for their screens (`paper_screen`)."""
    decided: Callable[[Incoming], None] = _nobody_counts

    def text(self, entry: str, /, **arguments: object) -> str:
        return self.catalogue.text(entry, **arguments)

    def address(self, payload: str) -> str:
        """The link that opens the bot with `payload`, at most 64 signs of `[A-Za-z0-9_-]`."""
        return f"https://t.me/{self.username}?start={payload}"

    def button(self, sender: Sender, entry: str, does: AnyButton) -> Button:
        """A button labelled by an entry of the catalogue."""
        return self.labelled(sender, self.catalogue.text(f"button.{entry}"), does)

    def labelled(self, sender: Sender, label: str, does: AnyButton) -> Button:
        return Button(label, self.contest.signer.write(does, sender))
