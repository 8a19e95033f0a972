"""Posting tallies: what the plan wants is taken, kept and lined up once; by night nothing goes out.

Any number of processes may do it: a job has one key (FAULTS T29). A tally waits for what it is to
count: the papers that the closing ends, at the end of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from handlers.daily_tallies import FINAL, MORNING, WARD, PostTally, TallyKey
from handlers.desk import Desk
from handlers.records import Notice
from scheduler.plan import Job
from scheduler.tally_plan import FINALS, SETTLED_MS, DueTally, Hours, TallyJob, due_tallies
from scoring.daily_tallies import Tally, taken_at
from scoring.instant import Instant
from scoring.quiet_hours import is_quiet

log = structlog.get_logger(__name__)


class GracedClock(Protocol):
    def graced(self, grace_ms: int) -> Instant: ...


@dataclass(slots=True)
class Tallier:
    """`done` are jobs known to be done, of the contest named by `of`: SQL is asked of each once."""

    desk: Desk
    clock: GracedClock
    hours: Hours
    of: bytes = b""
    done: set[TallyKey] = field(default_factory=set)

    async def tick(self) -> None:
        """Post or skip all that is due now, and see to the quiet hours."""
        now = self.desk.clock.now()
        await self._keep_quiet(now)
        settled = self.clock.graced(SETTLED_MS)
        due = due_tallies(self.desk.contest.timeline, now, settled, self.hours)
        todo = [one for one in due if not await self._is_done(_key_of(one))]
        await self._skip([one for one in todo if one.is_skipped], now)
        for one in todo:
            if not one.is_skipped and await self._is_complete(one):
                await self._post(one, now)

    async def _keep_quiet(self, now: Instant) -> None:
        tallies = self.desk.office.tallies
        count = await (tallies.hush(now) if is_quiet(now) else tallies.let_go())
        if count:
            log.info("tallies_held" if is_quiet(now) else "tallies_let_go", count=count)

    async def _is_done(self, key: TallyKey) -> bool:
        if self.of != self.desk.contest.id:
            # A rehearsal has begun a new contest.
            self.of, self.done = self.desk.contest.id, set()
        if key not in self.done and await self.desk.office.tallies.is_done(key):
            self.done.add(key)
        return key in self.done

    async def _is_complete(self, due: DueTally) -> bool:
        """Whether all is in that it counts: after the closing, once the last paper has ended."""
        closes = self.desk.contest.timeline.window_at(self.desk.clock.now()).closes
        if due.job not in FINALS and due.planned_at < closes:
            return True
        return await self.desk.office.tallies.is_done(TallyKey(Job.CLOSING.value, closes))

    async def _skip(self, due: Sequence[DueTally], now: Instant) -> None:
        if due:
            keys = [_key_of(one) for one in due]
            count = await self.desk.office.tallies.skip(keys, now)
            log.info("tallies_skipped", count=count)

    async def _post(self, due: DueTally, now: Instant) -> None:
        kept = _kept_under(due)
        tally = await self.desk.office.tallies.kept(kept) or await self._taken(due)
        units = tuple(line.code for line in tally.lines)
        order = PostTally(
            key=_key_of(due),
            kept=kept,
            tally=tally,
            units=units if due.job in {TallyJob.EVENING, TallyJob.FINAL_UNITS} else (),
            ward=self._ward(due, kept, tally),
            at=now,
        )
        if await self.desk.office.tallies.post(order):
            log.info("tally_posted", job=due.job.value, planned_at=due.planned_at)

    async def _taken(self, due: DueTally) -> Tally:
        contest = self.desk.contest
        now, before = await self.desk.office.tallies.between(due.since, due.planned_at)
        closes = contest.timeline.window_at(self.desk.clock.now()).closes
        counts = (now, (due.since, before))
        return taken_at(due.planned_at, closes, contest.rules.units, counts)

    def _ward(self, due: DueTally, kept: TallyKey, tally: Tally) -> tuple[Notice, ...]:
        """A message a picture, the words under the first."""
        named = {"job": kept.job, "planned_at": kept.planned_at}
        if due.job is TallyJob.MORNING:
            return (Notice(MORNING, named),)
        if due.job is TallyJob.FINAL_UNITS:
            return ()
        message = FINAL if due.job is TallyJob.FINAL else WARD
        pages = self.desk.office.tally_pictures.ward_pages(tally)
        return tuple(Notice(message, named | {"page": page}) for page in range(1, pages + 1))


def _key_of(due: DueTally) -> TallyKey:
    return TallyKey(due.job.value, due.planned_at)


def _kept_under(due: DueTally) -> TallyKey:
    """The units are told of the end what the organisers were told."""
    job = TallyJob.FINAL if due.job is TallyJob.FINAL_UNITS else due.job
    return TallyKey(job.value, due.planned_at)
