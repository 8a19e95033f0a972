"""Those who run the contest, at work: what their handlers get, and how a refusal reads.

Who may do what is `handlers.access`; it is asked here, before any handler (DESIGN §8). Which
handler does a deed stands in `handlers.staff_table`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from handlers.access import DEEDS, allowed_units, may_do
from handlers.buttons import DialogueButton, PlainButton
from handlers.desk import Desk
from handlers.home import home_button, home_screen, visit
from handlers.incoming import Incoming, Tap
from handlers.office_roles import Ordered
from handlers.records import (
    AuditEntry,
    Dialogue,
    Event,
    Move,
    MoveDialogue,
    Role,
    Visitor,
)
from handlers.reply import Button, Effect, Place, Reply, Rows, Screen

STAFF_DIALOGUE = 2
"""The number that buttons of all dialogues of those who run the contest carry."""


@dataclass(frozen=True, slots=True)
class Staff:
    """One input of somebody who may do `deed`; `units` None: for every unit, else his own."""

    desk: Desk
    incoming: Incoming
    visitor: Visitor
    deed: str
    units: frozenset[str] | None

    @property
    def role(self) -> Role:
        """The role under which the deed is done: the first of his that may."""
        return next(one.role for one in self.visitor.grants if one.role in DEEDS[self.deed].roles)

    @property
    def place(self) -> Place:
        return Place.HERE if isinstance(self.incoming.content, Tap) else Place.BELOW

    def may(self, deed: str) -> bool:
        return may_do(deed, self.visitor.grants)

    def may_see(self, unit: str) -> bool:
        return self.units is None or unit in self.units

    def text(self, entry: str, /, **arguments: object) -> str:
        return self.desk.text(entry, **arguments)

    def door(self, entry: str, name: str, argument: str = "") -> Button:
        """A button to a deed, labelled by an entry of the catalogue."""
        return self.desk.button(self.incoming.sender, entry, PlainButton(name, argument))

    def labelled(self, label: str, name: str, argument: str = "") -> Button:
        return self.desk.labelled(self.incoming.sender, label, PlainButton(name, argument))

    def press(self, entry: str, choice: str) -> Button:
        """A button of the dialogue that `ask` has just opened; it fits that step only."""
        return self.press_labelled(self.text(f"button.{entry}"), choice)

    def press_labelled(self, label: str, choice: str) -> Button:
        """As `press`, with a label of its own."""
        does = DialogueButton(STAFF_DIALOGUE, self.visitor.dialogue.step, choice)
        return self.desk.labelled(self.incoming.sender, label, does)

    def entry(self, act: str, subject: str = "", why: str = "", **detail: object) -> AuditEntry:
        """A line of the audit trail, to be written in the transaction of what it tells of."""
        at, account = self.incoming.received_at, self.visitor.account
        return AuditEntry(at, account, self.role.value, act, subject, detail, why)

    def ordered(self, act: str, why: str = "", **detail: object) -> Ordered:
        """An order that ends the present dialogue and enters its line in one transaction."""
        return Ordered(self.entry(act, "", why, **detail), self.visitor.dialogue.step)

    @property
    def draft(self) -> Mapping[str, Any]:
        """What the present dialogue knows so far."""
        return self.visitor.dialogue.draft

    @property
    def event(self) -> Event | None:
        """Typed input takes effect once by its event (FAULTS R3); a button by its step."""
        if isinstance(self.incoming.content, Tap):
            return None
        return Event(self.incoming.sender.channel, self.incoming.event)


StaffHandler = Callable[[Staff, str], Awaitable[Reply]]
"""A deed with its argument: a command's, a button's or what was typed."""


@dataclass(frozen=True, slots=True)
class StaffDialogue:
    """What is asked of somebody in words or by buttons; `deed` guards every step of it."""

    deed: str
    typed: StaffHandler
    pressed: StaffHandler


def screen_of(staff: Staff, entry: str, rows: Rows | None = None, **arguments: object) -> Reply:
    """One screen in words, with a way home under the rows."""
    shown = (rows or Rows()).add(home_button(staff.desk, staff.incoming.sender))
    return Reply((Screen(staff.text(entry, **arguments), shown.done(), staff.place),))


async def overtaken(staff: Staff) -> Reply:
    """What stands instead of an input that came second, or twice."""
    visitor = await visit(staff.desk, staff.incoming)
    screen = home_screen(staff.desk, staff.incoming, visitor, Place.BELOW)
    return Reply((screen,), staff.text("toast.old_button"), effect=Effect.STALE)


def refused(staff: Staff, entry: str) -> Reply:
    """Words for what cannot be done as things stand; nothing was changed."""
    return replace(screen_of(staff, entry), effect=Effect.REFUSED)


async def ask(staff: Staff, dialogue: str, draft: Mapping[str, object]) -> Staff | None:
    """Open or go on with a dialogue: what is sent next belongs to it.

    Returns the staff at the new step, for buttons that fit it; None where this input was superseded
    or delivered before: show what stands instead.
    """
    visitor = staff.visitor
    to = Dialogue(dialogue, draft=draft)
    at, step = staff.incoming.received_at, visitor.dialogue.step
    order = MoveDialogue(visitor.account, to, at, step, staff.event)
    move, now = await staff.desk.people.move(order)
    if move is not Move.MOVED:
        return None
    return _at(staff, Dialogue(dialogue, now, draft))


async def end(staff: Staff) -> bool:
    """Close the dialogue; False where it has gone on since: nothing more may be done then."""
    return await ask(staff, "", {}) is not None


def _at(staff: Staff, dialogue: Dialogue) -> Staff:
    return replace(staff, visitor=replace(staff.visitor, dialogue=dialogue))


async def admitted(desk: Desk, incoming: Incoming, visitor: Visitor, deed: str) -> Staff | Reply:
    """Who may do the deed, or the refusal, which is entered in the audit trail (FAULTS T40)."""
    rule = DEEDS.get(deed)
    units = frozenset[str]() if rule is None else allowed_units(rule, visitor.grants)
    if rule is not None and (units is None or units):
        return Staff(desk, incoming, visitor, deed, units)
    return await refuse_deed(desk, incoming, visitor, deed)


async def refuse_deed(desk: Desk, incoming: Incoming, visitor: Visitor, deed: str) -> Reply:
    """The refusal of a deed, entered in the audit trail; for a unit that is not one's, too."""
    role = visitor.grants[0].role.value if visitor.grants else "none"
    at = incoming.received_at
    await desk.office.audit.record(AuditEntry(at, visitor.account, role, "refused", deed))
    rows = Rows().add(home_button(desk, incoming.sender))
    screen = Screen(desk.text("staff.not_yours"), rows.done(), Place.BELOW)
    return Reply((screen,), effect=Effect.REFUSED)


async def step_back(staff: Staff, show: StaffHandler, argument: str = "") -> Reply:
    """Leave the dialogue for the screen it came from."""
    return await show(staff, argument) if await end(staff) else await overtaken(staff)
