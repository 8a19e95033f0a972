"""The ticker: APScheduler wakes it, the plan says what is due, SQL that it is done once.

Any number of processes may tick: every effect has a unique key (FAULTS T28, T29).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers.desk import Desk
from handlers.ports import StoreAwayError
from handlers.records import FinishAttempt, Notice, Sender, Session
from scheduler.plan import Due, Job, due_jobs
from scheduler.ports import Jobs, OpenAttempts
from scoring.attempt import Act
from scoring.contest import ENDING_GRACE_MS, Phase
from scoring.deadline import due_of, ending_of
from scoring.instant import Instant

TICK_S = 1
BEGINNING = Instant(0)
BATCH = 200
_TICK = "tick"

log = structlog.get_logger(__name__)


class GracedClock(Protocol):
    def graced(self, grace_ms: int) -> Instant: ...


@dataclass(slots=True)
class Ticker:
    """Does what is due at each tick; `nudge_ms` before a paper's limit its owner is reminded.

    `reminder_ms` before the opening those who have registered are; 0: never. `nudged_to` is how
    far reminders have gone; what fell due while nothing ran is left out, for a reminder that comes
    late is none.
    """

    desk: Desk
    jobs: Jobs
    attempts: OpenAttempts
    clock: GracedClock
    nudge_ms: int
    nudged_to: Instant = BEGINNING
    reminder_ms: int = 0

    async def tick(self) -> None:
        """Do everything that is due now; what SQL cannot take now is due at the next tick."""
        now = self.desk.clock.now()
        graced = self.clock.graced(ENDING_GRACE_MS)
        await self._end_overdue(now, graced)
        for due in due_jobs(self.desk.contest.timeline, now, graced, self.reminder_ms):
            await self._do(due, now)
        if self.nudge_ms:
            await self._nudge(now)

    async def _do(self, due: Due, now: Instant) -> None:
        if await self.jobs.is_done(due.job.value, due.planned_at):
            return
        if due.job is Job.CLOSING:
            done = await self.jobs.close(due.planned_at, now)
        else:
            notice = self._announcement(due, now)
            done = await self.jobs.announce(due.job.value, due.planned_at, notice, now)
        if done:
            log.info("job_done", job=due.job.value, planned_at=due.planned_at)

    def _announcement(self, due: Due, now: Instant) -> Notice:
        if due.job is Job.REMINDER:
            window = self.desk.contest.timeline.window_at(now)
            minutes = self.desk.contest.rules.minutes
            return Notice(
                "notice.reminder",
                {"opens": window.opens, "closes": window.closes, "minutes": minutes},
            )
        window = self.desk.contest.timeline.window_at(due.planned_at)
        arguments = {"closes": window.closes}
        if due.is_late:
            return Notice("notice.opened_late", arguments | {"opens": window.opens})
        return Notice("notice.opened", arguments)

    async def _end_overdue(self, now: Instant, graced: Instant) -> None:
        """End every paper whose limit passed, batch by batch, all of them at closing."""
        timeline = self.desk.contest.timeline
        is_closed = timeline.window_at(now).closes <= graced
        limit = None if is_closed else graced
        beyond = 0
        while True:
            batch = await self.attempts.open_attempts(limit, BATCH, BEGINNING, beyond)
            # Side by side, so that they share commits.
            await asyncio.gather(*(self._end(*one, graced) for one in batch))
            if len(batch) < BATCH:
                return
            # By id: papers that an outage gave time back to must not hide those behind them.
            beyond = max(session.attempt.id for _, session in batch)

    async def _end(self, sender: Sender, session: Session, graced: Instant) -> None:
        ending = ending_of(session.attempt, self.desk.contest.timeline, graced)
        if ending is None:
            return
        notice = "notice.closed" if ending.act is Act.CLOSE else "notice.expired"
        contest = self.desk.contest
        finished = await self.desk.attempts.finish(
            FinishAttempt(session, ending.act, ending.at, contest.bank, contest.timeline, notice)
        )
        if finished is not None:
            self.desk.sessions.drop(sender)
            log.info("attempt_ended", attempt=session.attempt.id, act=ending.act.name)

    async def _nudge(self, now: Instant) -> None:
        """Remind once a paper: time is nearly up, or all is answered but not submitted."""
        timeline = self.desk.contest.timeline
        if timeline.phase_at(now) is not Phase.OPEN:
            return
        soon = Instant(now + self.nudge_ms)
        # A rehearsal's clock may have been moved back.
        after = now if self.nudged_to > soon else max(self.nudged_to, now)
        beyond = 0
        while True:
            batch = await self.attempts.open_attempts(soon, BATCH, after, beyond)
            # Side by side, so that they share commits.
            await asyncio.gather(*(self._nudge_one(session, now) for _, session in batch))
            if len(batch) < BATCH:
                break
            beyond = max(session.attempt.id for _, session in batch)
        self.nudged_to = soon

    async def _nudge_one(self, session: Session, now: Instant) -> None:
        attempt = session.attempt
        due = due_of(attempt, self.desk.contest.timeline, now)
        message = "notice.nudge" if attempt.unanswered_places else "notice.nudge_submit"
        notice = Notice(message, {"due": due})
        await self.jobs.tell(f"nudge:{attempt.id}", attempt.due, session.account, notice, now)


def schedule(tick: Callable[[], Awaitable[None]]) -> AsyncIOScheduler:
    """An APScheduler that calls `tick` every second, never two at once, and never gives up."""

    async def run() -> None:
        try:
            await tick()
        except StoreAwayError:
            log.warning("tick_waits_for_store")

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        run,
        "interval",
        seconds=TICK_S,
        id=_TICK,
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    return scheduler


async def keep_waking(scheduler: AsyncIOScheduler) -> None:
    """See to it that the next tick is near, for ever (FAULTS T23).

    APScheduler plans by the date: where that went back it would rest until it came again.
    """
    while True:
        await asyncio.sleep(TICK_S)
        waits_s = scheduler.get_job(_TICK).next_run_time.timestamp() - time.time()
        if waits_s > 2 * TICK_S:
            log.warning("planned_anew", late_s=round(waits_s))
            scheduler.reschedule_job(_TICK, trigger="interval", seconds=TICK_S)
