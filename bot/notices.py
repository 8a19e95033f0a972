"""What the outbox's messages look like when they are sent, and which of them came too late.

Rendered at the last moment, so that an organiser's wording counts. A message whose time has
passed would say what is not so: it is not sent.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from markupsafe import Markup

from bot.reminder_screens import REMINDER_SCREENS
from bot.tally_screens import TALLY_SCREENS
from handlers import approving, voiding
from handlers.access import may_do
from handlers.announcing import DEED, words_text
from handlers.broadcasts import OF_ROLES, BroadcastId, is_for
from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.group_notices import PREFIX as GROUPS
from handlers.group_notices import group_notice
from handlers.home import home_button
from handlers.paper_screen import know_name, paper_screen, running_row
from handlers.proposals import ProposalId, ProposalState
from handlers.records import OutboxMessage, Sender
from handlers.reply import Place, Rows, Screen
from handlers.role_notices import PREFIX as ROLES
from handlers.role_notices import role_notice
from scoring.contest import Phase
from scoring.deadline import ending_of
from scoring.instant import Instant

RESHOWN = "paper.reshown"

Render = Callable[[Desk, OutboxMessage], Awaitable[Screen | None]]

RENDERERS: Mapping[str, Render] = {GROUPS: group_notice, ROLES: role_notice}
"""By the beginning of a message's name: who knows how it looks, and whether it is stale."""


async def message_screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    """The screen to send; None: the message is stale."""
    screen = await _screen(desk, message)
    if screen is None or message.thread is None:
        return screen
    return replace(screen, thread=message.thread)


async def _screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    name = message.notice.message
    special = SPECIAL.get(name)
    if special is not None:
        return await special(desk, message)
    for beginning, render in RENDERERS.items():
        if name.startswith(beginning):
            return await render(desk, message)
    return None if _is_over(desk, message) else _notice(desk, message)


async def _broadcast(desk: Desk, message: OutboxMessage) -> Screen | None:
    """A message to many in the words that stand in SQL; whose role has ended is told no more."""
    arguments, office = message.notice.arguments, desk.office
    number = BroadcastId(_number(arguments, "broadcast"))
    words, audience = (
        await office.broadcasts.words(number),
        await office.broadcasts.audience(number),
    )
    if words is None or audience is None:
        return None
    text = words_text(desk, words)
    is_trial = bool(arguments.get("is_trial"))
    if not is_trial and audience.stage in OF_ROLES:
        grants = await office.roles.grants_in(message.channel, message.chat)
        if not is_for(audience, grants or ()):
            return None
    if is_trial:
        text = desk.text("broadcast.trial", screen=text)
    return Screen(text, place=Place.BELOW)


async def _broadcast_done(desk: Desk, message: OutboxMessage) -> Screen | None:
    """Tells its maker what became of a broadcast, by the figures of now."""
    number = _number(message.notice.arguments, "broadcast")
    found = await desk.office.broadcasts.find(BroadcastId(number))
    if found is None:
        return None
    one, progress = found
    door = desk.button(Sender(message.channel, message.chat), "broadcast_list", PlainButton(DEED))
    text = desk.text(
        "broadcast.done",
        number=number,
        total=one.total,
        sent=progress.sent,
        unreachable=progress.unreachable,
        dead=progress.dead,
    )
    return Screen(text, Rows().add(door).done(), Place.BELOW)


async def _proposal(desk: Desk, message: OutboxMessage) -> Screen | None:
    """Tells organisers of a proposal as it stands now.

    One that was settled since is no news, nor is a new one to who has lost his role.
    """
    number = _number(message.notice.arguments, "proposal")
    opened = await desk.office.proposals.find(ProposalId(number))
    is_new = message.notice.message == "proposal.made"
    if opened is None or (is_new and opened.state is not ProposalState.OPEN):
        return None
    grants = await desk.office.roles.grants_in(message.channel, message.chat)
    may_settle = may_do(approving.DEED, grants or ())
    if is_new and not may_settle:
        return None
    sender = Sender(message.channel, message.chat)
    door = desk.button(sender, "proposal_look", PlainButton("duyet", f"show {number}"))
    rows = Rows().add(door) if is_new else Rows()
    text = await approving.notice_text(desk, opened, has_names=may_settle)
    return Screen(text, rows.done(), Place.BELOW)


async def _voided(desk: Desk, message: OutboxMessage) -> Screen | None:
    """Tells a person what does not count, or counts again, and whom to ask."""
    sender, name = Sender(message.channel, message.chat), message.notice.message
    told = voiding.notice_arguments(desk, message.notice.arguments)
    if name == "notice.restored":
        del told["why"], told["is_again"]
    rows = Rows()
    if told.get("is_again"):
        rows.add(desk.button(sender, "start", PlainButton("start")))
    rows.add(home_button(desk, sender))
    return Screen(desk.text(name, **told), rows.done(), Place.BELOW)


async def _unit_moved(desk: Desk, message: OutboxMessage) -> Screen | None:
    """Tells somebody which unit is his now, by the name it has now."""
    unit = desk.units.find(str(message.notice.arguments.get("unit", "")))
    if unit is None:
        return None
    sender = Sender(message.channel, message.chat)
    rows = Rows().add(home_button(desk, sender))
    return Screen(desk.text("notice.unit_moved", unit=unit.title), rows.done(), Place.BELOW)


def _number(arguments: Mapping[str, object], name: str) -> int:
    value = arguments.get(name)
    return value if isinstance(value, int) else 0


def _is_over(desk: Desk, message: OutboxMessage) -> bool:
    """Whether the notice says what is not so any more, by the window as decided since."""
    now = desk.clock.now()
    window = desk.contest.timeline.window_at(now)
    match message.notice.message:
        case "notice.reminder":
            return now >= window.opens
        case "notice.opened" | "notice.opened_late":
            return now >= window.closes
        case "notice.nudge" | "notice.nudge_submit" | "notice.extra":
            due = message.notice.arguments.get("due")
            return isinstance(due, int) and now >= due
        case "notice.paused":
            return desk.contest.timeline.phase_at(now) not in {Phase.OPEN, Phase.PAUSED}
        case "notice.resumed" | "notice.window_open" | "notice.window_extend":
            return now >= window.closes
    return False


async def _reshown(desk: Desk, message: OutboxMessage) -> Screen | None:
    """The present view of the open paper, and why it comes again (DESIGN §6, outages)."""
    sender = Sender(message.channel, message.chat)
    session = await desk.sessions.reload(sender)
    now = desk.clock.now()
    if session is None or ending_of(session.attempt, desk.contest.timeline, now) is not None:
        return None
    await know_name(desk, session)
    screen = paper_screen(desk, sender, session, now, Place.BELOW)
    given_ms = message.notice.arguments.get("given_ms")
    given = desk.rendering.duration(given_ms) if isinstance(given_ms, int) and given_ms else ""
    return replace(screen, text=desk.text(RESHOWN, given=given, screen=Markup(screen.text)))  # noqa: S704 (made of the catalogue, escaped there)


Special = Callable[[Desk, OutboxMessage], Awaitable[Screen | None]]

SPECIAL: Mapping[str, Special] = {
    RESHOWN: _reshown,
    "broadcast.words": _broadcast,
    "broadcast.done": _broadcast_done,
    "proposal.made": _proposal,
    "proposal.settled": _proposal,
    "notice.voided": _voided,
    "notice.restored": _voided,
    "notice.unit_moved": _unit_moved,
    **TALLY_SCREENS,
    **REMINDER_SCREENS,
}
"""Messages that are made of more than their arguments; None: stale."""


_GOES_ON = {"notice.resumed", "notice.window_open", "notice.window_extend"}


def _notice(desk: Desk, message: OutboxMessage) -> Screen:
    """A notice in words, with the doors that lead on from it."""
    sender = Sender(message.channel, message.chat)
    name = message.notice.message
    text = desk.text(name, **_shown(desk, message.notice.arguments))
    rows = Rows()
    if name.startswith("notice.nudge") or name == "notice.extra":
        rows.add(*running_row(desk, sender))
    elif name.startswith("notice.opened") or name in _GOES_ON:
        rows.add(desk.button(sender, "start", PlainButton("start")))
    elif name == "notice.rules_amended":
        rows.add(desk.button(sender, "rules", PlainButton("rules", "1")), home_button(desk, sender))
    elif name == "notice.reminder":
        rows.add(desk.button(sender, "practice", PlainButton("practice")))
        rows.add(home_button(desk, sender))
    else:
        rows.add(desk.button(sender, "result", PlainButton("result")), home_button(desk, sender))
    return Screen(text, rows.done(), Place.BELOW)


def _shown(desk: Desk, arguments: Mapping[str, object]) -> dict[str, object]:
    """Instants and durations as people read them; the rest as it is."""
    rendering = desk.rendering
    shown = dict(arguments)
    for key, render in (
        ("opens", rendering.border),
        ("closes", rendering.border),
        ("due", rendering.time),
        ("at", rendering.moment),
    ):
        if isinstance(value := shown.get(key), int):
            shown[key] = render(Instant(value))
    if isinstance(value := shown.pop("ended_at", None), int):
        shown["ended"] = rendering.moment(Instant(value))
    if isinstance(value := shown.pop("duration_ms", None), int):
        shown["duration"] = rendering.duration(value)
    return shown
