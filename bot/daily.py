"""The daily work of a process: what goes out at set hours of the contest's days.

Decides nothing: the hours are the settings', what is due the plans'.
"""

from collections.abc import Awaitable, Callable

from bot.house import House
from bot.settings import Settings
from scheduler.reminder_plan import ReminderDays
from scheduler.reminders import Reminder
from scheduler.tallies import Tallier
from scheduler.tally_plan import Hours
from scoring.instant import HOUR_MS, MINUTE_MS


def daily_work(house: House) -> Callable[[], Awaitable[None]]:
    """All of it that is due, whenever it is called."""
    settings = house.config.settings
    tallier = Tallier(house.desk, house.clock, hours_of(settings))
    reminder = Reminder(house.desk, days_of(settings))

    async def tick() -> None:
        await tallier.tick()
        await reminder.tick()

    return tick


def hours_of(settings: Settings) -> Hours:
    return Hours(time_of_day(settings.tally.hour), time_of_day(settings.tally.morning))


def days_of(settings: Settings) -> ReminderDays:
    reminders = settings.reminders
    return ReminderDays(
        time_of_day(reminders.hour),
        frozenset(reminders.leader_days),
        frozenset(reminders.resident_days),
    )


def time_of_day(typed: str) -> int:
    """Milliseconds after midnight of `HH:MM`."""
    hour, minute = typed.split(":")
    return int(hour) * HOUR_MS + int(minute) * MINUTE_MS
