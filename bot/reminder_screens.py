"""How reminders look when they are sent, and which are none any more.

One that would come on another day, by night, while the contest is not open, or to somebody who has
done meanwhile what it asks for, is stale.
"""

from collections.abc import Awaitable, Callable, Mapping

from markupsafe import Markup

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.office_reminders import LEADERS, SPARE, UNSTARTED, LinedUp
from handlers.records import Grant, OutboxMessage, Role, Sender
from handlers.reminders import switch_button
from handlers.rendering import number_shown
from handlers.reply import Place, Rows, Screen
from handlers.tally_texts import unit_named
from scheduler.reminder_plan import is_reminding
from scoring.instant import Instant, day_of, day_start


async def leaders_screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    """To a leader: his units that are under target, by the figures of the hour it was planned.

    Of units that he leads still.
    """
    planned_at, units = (message.notice.arguments.get(name) for name in ("planned_at", "units"))
    if not isinstance(planned_at, int) or not isinstance(units, list):
        return None
    if not await _is_wanted(desk, message):
        return None
    grants = await desk.office.roles.grants_in(message.channel, message.chat) or ()
    led = [unit for unit in units if Grant(Role.LEADER, str(unit[0])) in grants]
    if not led:
        return None
    lines = Markup("\n").join(_leader_line(desk, *unit) for unit in led)
    at = desk.rendering.border(Instant(planned_at))
    return _screen(desk, message, desk.text(LEADERS, at=at, lines=lines), Rows())


async def residents_screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    """To a participant: the contest is on, and there is an attempt to be had."""
    if not await _is_wanted(desk, message):
        return None
    contest = desk.contest
    closes = desk.rendering.border(contest.timeline.window_at(desk.clock.now()).closes)
    if message.notice.message == SPARE:
        text = desk.text(SPARE, closes=closes, attempts=contest.rules.limits.attempts)
    else:
        rules = contest.rules
        text = desk.text(UNSTARTED, closes=closes, minutes=rules.minutes, size=rules.paper_size)
    rows = Rows().add(desk.button(_sender(message), "start", PlainButton("start")))
    return _screen(desk, message, text, rows)


REMINDER_SCREENS: Mapping[str, Callable[[Desk, OutboxMessage], Awaitable[Screen | None]]] = {
    LEADERS: leaders_screen,
    UNSTARTED: residents_screen,
    SPARE: residents_screen,
}


async def _is_wanted(desk: Desk, message: OutboxMessage) -> bool:
    now, planned_at = desk.clock.now(), message.notice.arguments.get("planned_at")
    is_today = isinstance(planned_at, int) and day_of(Instant(planned_at)) == day_of(now)
    if not is_today or not is_reminding(desk.contest.timeline, now):
        return False
    name, limits = message.notice.message, desk.contest.rules.limits
    lined_up = LinedUp(name, message.channel, message.chat, day_start(now), limits)
    return await desk.office.reminders.is_wanted(lined_up)


def _leader_line(desk: Desk, *told: object) -> str:
    unit, *numbers = told
    people, attempts, target, pace = (one if isinstance(one, int) else 0 for one in numbers)
    return desk.text(
        "remind.leader",
        unit=unit_named(desk, str(unit)),
        people=number_shown(people),
        attempts=number_shown(attempts),
        target=number_shown(target),
        missing=number_shown(max(0, target - people)),
        pace=number_shown(pace) if pace else "",
    )


def _screen(desk: Desk, message: OutboxMessage, text: str, rows: Rows) -> Screen:
    rows.add(switch_button(desk, _sender(message), is_on=False))
    return Screen(text, rows.done(), Place.BELOW)


def _sender(message: OutboxMessage) -> Sender:
    return Sender(message.channel, message.chat)
