"""Reminding: leaders under target in one go, residents slice by slice.

Any number of processes may do it and any may be killed: a slice has one key (FAULTS T29). Decides
who is under target; whom a slice reminds is the store's.
"""

from dataclasses import dataclass, field

import structlog

from handlers.desk import Desk
from handlers.office_reminders import RemindLeaders, RemindSlice, UnderTarget
from scheduler.reminder_plan import DueReminder, ReminderDays, ReminderJob, due_reminders
from scoring.daily_tallies import days_left
from scoring.instant import Instant, day_start
from scoring.tallies import lines_of

MOST_SLICES = 25
"""In one tick: what else is due must not wait for a long list."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Reminder:
    """`done` and `begun`, how far each job has come, are of the contest named by `of`."""

    desk: Desk
    days: ReminderDays
    of: bytes = b""
    done: set[DueReminder] = field(default_factory=set)
    begun: dict[DueReminder, int] = field(default_factory=dict)

    async def tick(self) -> None:
        now = self.desk.clock.now()
        for due in due_reminders(self.desk.contest.timeline, now, self.days):
            if await self._is_done(due):
                continue
            if due.job is ReminderJob.LEADERS:
                await self._remind_leaders(due, now)
            else:
                await self._remind_residents(due, now)

    async def _is_done(self, due: DueReminder) -> bool:
        if self.of != self.desk.contest.id:
            # A rehearsal has begun a new contest.
            self.of, self.done, self.begun = self.desk.contest.id, set(), {}
        reminders = self.desk.office.reminders
        if due not in self.done and await reminders.is_done(due.job.value, due.planned_at):
            self.done.add(due)
        return due in self.done

    async def _remind_leaders(self, due: DueReminder, now: Instant) -> None:
        units = await self._under_target(due, now)
        order = RemindLeaders(due.planned_at, now, day_start(now), units)
        count = await self.desk.office.reminders.remind_leaders(order)
        if count is not None:
            log.info("leaders_reminded", units=len(units), accounts=count)

    async def _under_target(self, due: DueReminder, now: Instant) -> tuple[UnderTarget, ...]:
        contest = self.desk.contest
        counts = await self.desk.office.counts.until(due.planned_at)
        left = days_left(due.planned_at, contest.timeline.window_at(now).closes)
        return tuple(
            UnderTarget(line.code, line.count, line.target, line.pace)
            for line in lines_of(contest.rules.units, counts, counts, left)
            if line.missing
        )

    async def _remind_residents(self, due: DueReminder, now: Instant) -> None:
        """Some slices; the rest in the ticks to come, of this process or another's."""
        reminders = self.desk.office.reminders
        first, slices = self.begun.get(due, 0), await reminders.slices()
        for number in range(first, min(slices, first + MOST_SLICES)):
            limits = self.desk.contest.rules.limits
            order = RemindSlice(due.planned_at, now, day_start(now), number, limits)
            count = await reminders.remind_slice(order)
            self.begun[due] = number + 1
            if count:
                log.info("residents_reminded", slice=number, accounts=count)
        if self.begun.get(due, 0) >= slices:
            await reminders.finish(due.job.value, due.planned_at, now)
