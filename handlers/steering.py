"""`/quanly` and the decisions on the contest's window, each confirmed by what will happen.

Pausing and going on is done here; opening early, extending and closing early become proposals
that a second organiser approves (`handlers.approving`). Typed commands take their reason at once:
`/tamdung mất điện toàn phường`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.buttons import PlainButton
from handlers.moments import read_moment
from handlers.proposals import Proposal
from handlers.reply import Button, Reply, Rows
from handlers.staff import Staff, StaffDialogue, StaffHandler, ask, end, screen_of
from question_bank.text import clean
from scoring.contest import DECISION_DELAY_MS, Phase, Ruling
from scoring.instant import Instant

MENU, DIALOGUE = "quanly", "decide"
WINDOW = "window"
"""The kind of proposal that moves the window."""

SHORTEST_WHY, LONGEST_WHY = 3, 300


@dataclass(frozen=True, slots=True)
class _Deed:
    ruling: Ruling
    phases: frozenset[Phase]
    """In which it can be done at all."""
    is_shared: bool
    """It needs a second person."""


_DEEDS: Mapping[str, _Deed] = {
    "tamdung": _Deed(Ruling.PAUSE, frozenset({Phase.OPEN}), is_shared=False),
    "tieptuc": _Deed(Ruling.RESUME, frozenset({Phase.PAUSED}), is_shared=False),
    "mosom": _Deed(Ruling.OPEN, frozenset({Phase.BEFORE}), is_shared=True),
    "giahan": _Deed(
        Ruling.EXTEND, frozenset({Phase.BEFORE, Phase.OPEN, Phase.PAUSED}), is_shared=True
    ),
    "dongsom": _Deed(Ruling.CLOSE, frozenset({Phase.OPEN, Phase.PAUSED}), is_shared=True),
}
"""Commands that decide on the window."""


async def menu(staff: Staff, _: str) -> Reply:
    """The contest at a glance, and a door to everything that may be done with it."""
    return screen_of(staff, "steering.menu", _menu_rows(staff), **await _facts(staff))


def deciding(command: str) -> StaffHandler:
    """The handler of one of the decisions; what is typed behind the command is its reason."""

    async def handle(staff: Staff, argument: str) -> Reply:
        deed = _DEEDS[command]
        if _phase(staff) not in deed.phases:
            return _not_now(staff, command)
        draft: dict[str, object] = {"command": command}
        if deed.ruling is Ruling.EXTEND:
            return await _ask_until(staff, draft)
        return await _with_reason(staff, draft, argument)

    return handle


async def typed(staff: Staff, text: str) -> Reply:
    """What was typed: a new end where one is asked, else the reason."""
    draft = dict(staff.visitor.dialogue.draft)
    if _DEEDS[str(draft["command"])].ruling is Ruling.EXTEND and "until" not in draft:
        return await _take_until(staff, draft, text)
    return await _with_reason(staff, draft, text)


async def pressed(staff: Staff, choice: str) -> Reply:
    """The second press: it does what was shown, once."""
    draft = dict(staff.visitor.dialogue.draft)
    command, why = str(draft["command"]), str(draft.get("why", ""))
    if not await end(staff) or choice != "yes" or not why:
        return await menu(staff, "")
    deed = _DEEDS[command]
    if deed.is_shared:
        return await _propose(staff, draft, deed, why)
    entry = staff.entry(f"window.{deed.ruling.value}", WINDOW, why)
    if await staff.desk.office.window_decisions.decide(deed.ruling, entry):
        back = Rows().add(staff.door("door_quanly", MENU))
        return screen_of(staff, f"steering.done_{deed.ruling.value}", back, at=_at(staff))
    return _not_now(staff, command)


STEERING = StaffDialogue(MENU, typed, pressed)

COMMANDS: Mapping[str, StaffHandler] = {
    MENU: menu,
    **{command: deciding(command) for command in _DEEDS},
}


async def _ask_until(staff: Staff, draft: dict[str, object]) -> Reply:
    at = await ask(staff, DIALOGUE, draft)
    if at is None:
        return await menu(staff, "")
    window = staff.desk.contest.timeline.window_at(staff.incoming.received_at)
    closes = staff.desk.rendering.border(window.closes)
    return screen_of(at, "steering.until", _way_out(at), closes=closes)


async def _take_until(staff: Staff, draft: dict[str, object], text: str) -> Reply:
    now = staff.incoming.received_at
    window = staff.desk.contest.timeline.window_at(now)
    closes = staff.desk.rendering.border(window.closes)
    try:
        until = read_moment(text, staff.desk.rendering.zone)
    except ValueError:
        return screen_of(staff, "steering.until_invalid", _way_out(staff), closes=closes)
    if until <= max(window.closes, now):
        return screen_of(staff, "steering.until_early", _way_out(staff), closes=closes)
    return await _with_reason(staff, draft | {"until": until}, "")


async def _with_reason(staff: Staff, draft: dict[str, object], text: str) -> Reply:
    """Ask for the reason, or with one show what will happen and ask for the second press."""
    why = clean(text)
    has_reason = SHORTEST_WHY <= len(why) <= LONGEST_WHY
    at = await ask(staff, DIALOGUE, draft | ({"why": why} if has_reason else {}))
    if at is None:
        return await menu(staff, "")
    if not has_reason:
        what = staff.text(f"staff_command.{draft['command']}")
        return screen_of(at, "steering.why", _way_out(at), what=what, limit=LONGEST_WHY)
    return await _sure(at, draft, why)


def _way_out(staff: Staff) -> Rows:
    return Rows().add(staff.press("not_now", "no"))


async def _sure(staff: Staff, draft: dict[str, object], why: str) -> Reply:
    deed = _DEEDS[str(draft["command"])]
    rows = Rows().add(staff.press(f"sure_{deed.ruling.value}", "yes"))
    rows.add(staff.press("not_now", "no"))
    glance = await staff.desk.office.glances.look()
    said = staff.text(f"steering.will_{deed.ruling.value}", **_told(staff, deed, draft))
    return screen_of(
        staff,
        "steering.sure",
        rows,
        what=said,
        why=why,
        open_attempts=glance.open_attempts,
        registered=glance.registered,
        is_shared=deed.is_shared,
    )


async def _propose(staff: Staff, draft: dict[str, object], deed: _Deed, why: str) -> Reply:
    told = _told(staff, deed, draft)
    content: dict[str, object] = {
        "ruling": deed.ruling.value,
        "notice": staff.text(f"notice_text.window_{deed.ruling.value}", **told),
    }
    if "until" in draft:
        content["until"] = draft["until"]
    at, maker = staff.incoming.received_at, staff.visitor.account
    proposal = Proposal(WINDOW, content, why, maker, at)
    entry = staff.entry(f"window.propose_{deed.ruling.value}", WINDOW, why)
    made = await staff.desk.office.proposals.propose(proposal, entry)
    glance = await staff.desk.office.glances.look()
    is_alone = glance.organisers < 2  # noqa: PLR2004 (oneself and a second person)
    return screen_of(staff, "steering.proposed", number=made, is_alone=is_alone)


def _told(staff: Staff, deed: _Deed, draft: Mapping[str, object]) -> dict[str, object]:
    """What the words of a decision name: the window as it would be."""
    if deed.ruling in {Ruling.PAUSE, Ruling.RESUME}:
        return {"at": _at(staff)}
    if deed.ruling is Ruling.EXTEND:
        until = draft.get("until")
        return {
            "until": staff.desk.rendering.border(Instant(until if isinstance(until, int) else 0))
        }
    return {}


def _effect(staff: Staff) -> Instant:
    """When a decision of now takes effect."""
    return Instant(staff.incoming.received_at + DECISION_DELAY_MS)


def _at(staff: Staff) -> str:
    return staff.desk.rendering.moment(_effect(staff))


def _phase(staff: Staff) -> Phase:
    """The phase that a decision of now meets: what was just decided counts (as in the store)."""
    return staff.desk.contest.timeline.phase_at(_effect(staff))


def _not_now(staff: Staff, command: str) -> Reply:
    phase = staff.text(f"steering.phase_{_phase(staff).value}")
    return screen_of(staff, "steering.not_now", _menu_rows(staff), command=command, phase=phase)


async def _facts(staff: Staff) -> dict[str, object]:
    glance = await staff.desk.office.glances.look()
    now, timeline = staff.incoming.received_at, staff.desk.contest.timeline
    window = timeline.window_at(_effect(staff))
    border, phase = staff.desk.rendering.border, _phase(staff)
    return {
        "now": staff.desk.rendering.moment(now),
        "phase": staff.text(f"steering.phase_{phase.value}"),
        "is_soon": timeline.phase_at(now) is not phase,
        "opens": border(window.opens),
        "closes": border(window.closes),
        "registered": glance.registered,
        "people": glance.people,
        "attempts": glance.attempts,
        "open_attempts": glance.open_attempts,
        "waiting": glance.waiting,
        "dead": glance.dead,
        "proposals": glance.proposals,
    }


def _menu_rows(staff: Staff) -> Rows:
    """What may be decided in this phase, then the doors to the rest."""
    phase = _phase(staff)
    decisions: list[Button] = [
        staff.door(f"decide_{command}", command)
        for command, deed in _DEEDS.items()
        if phase in deed.phases
    ]
    rows = Rows().grid(decisions, 2)
    doors = [staff.door(f"door_{name}", name) for name in MENU_DOORS if staff.may(name)]
    rows.grid(doors, 2)
    return rows.add(staff.desk.button(staff.incoming.sender, "office_refresh", PlainButton(MENU)))


MENU_DOORS = (
    "duyet",
    "thongbao",
    "timnguoi",
    "thongke",
    "baocao",
    "thiho",
    "nganhang",
    "donvi",
    "moi",
    "vaitro",
    "loaitru",
    "nhatky",
    "suckhoe",
    "lenh",
)
"""Deeds with a button in the menu, in order; each needs `button.door_<name>`."""
