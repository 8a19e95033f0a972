"""What the outbox's messages look like when they are sent, and which of them came too late.

Rendered at the last moment, so that an organiser's wording counts. A message whose time has
passed would say what is not so: it is not sent.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from markupsafe import Markup

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.group_notices import PREFIX as GROUPS
from handlers.group_notices import group_notice
from handlers.home import home_button
from handlers.paper_screen import paper_screen, running_row
from handlers.records import OutboxMessage, Sender
from handlers.reply import Place, Rows, Screen
from scoring.deadline import ending_of
from scoring.instant import Instant

RESHOWN = "paper.reshown"

Render = Callable[[Desk, OutboxMessage], Awaitable[Screen | None]]

RENDERERS: Mapping[str, Render] = {GROUPS: group_notice}
"""By the beginning of a message's name: who knows how it looks, and whether it is stale."""


async def message_screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    """The screen to send; None: the message is stale."""
    screen = await _screen(desk, message)
    if screen is None or message.thread is None:
        return screen
    return replace(screen, thread=message.thread)


async def _screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    name = message.notice.message
    if name == RESHOWN:
        return await _reshown(desk, message)
    for beginning, render in RENDERERS.items():
        if name.startswith(beginning):
            return await render(desk, message)
    return None if _is_over(desk, message) else _notice(desk, message)


def _is_over(desk: Desk, message: OutboxMessage) -> bool:
    """Whether the notice says what is not so any more, by the window as decided since."""
    now = desk.clock.now()
    window = desk.contest.timeline.window_at(now)
    match message.notice.message:
        case "notice.reminder":
            return now >= window.opens
        case "notice.opened" | "notice.opened_late":
            return now >= window.closes
        case "notice.nudge" | "notice.nudge_submit":
            due = message.notice.arguments.get("due")
            return isinstance(due, int) and now >= due
    return False


async def _reshown(desk: Desk, message: OutboxMessage) -> Screen | None:
    """The present view of the open paper, and why it comes again (DESIGN §6, outages)."""
    sender = Sender(message.channel, message.chat)
    session = await desk.sessions.reload(sender)
    now = desk.clock.now()
    if session is None or ending_of(session.attempt, desk.contest.timeline, now) is not None:
        return None
    screen = paper_screen(desk, sender, session, now, Place.BELOW)
    given_ms = message.notice.arguments.get("given_ms")
    given = desk.rendering.duration(given_ms) if isinstance(given_ms, int) and given_ms else ""
    return replace(screen, text=desk.text(RESHOWN, given=given, screen=Markup(screen.text)))  # noqa: S704 (made of the catalogue, escaped there)


def _notice(desk: Desk, message: OutboxMessage) -> Screen:
    """A notice in words, with the doors that lead on from it."""
    sender = Sender(message.channel, message.chat)
    name = message.notice.message
    text = desk.text(name, **_shown(desk, message.notice.arguments))
    rows = Rows()
    if name.startswith("notice.nudge"):
        rows.add(*running_row(desk, sender))
    elif name.startswith("notice.opened"):
        rows.add(desk.button(sender, "start", PlainButton("start")))
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
    ):
        if isinstance(value := shown.get(key), int):
            shown[key] = render(Instant(value))
    if isinstance(value := shown.pop("ended_at", None), int):
        shown["ended"] = rendering.moment(Instant(value))
    if isinstance(value := shown.pop("duration_ms", None), int):
        shown["duration"] = rendering.duration(value)
    return shown
