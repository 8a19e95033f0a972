"""The watch: looks every few seconds for what a person must act on, and tells the technician.

Each worker watches what is its own; what all of them share is the first one's to tell. A telling
is a direct call of the platform and not an outbox row: SQL may be what is away. Words are the
catalogue's, how often they are told is `bot.alarms`'.
"""

import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter

import structlog

from bot.alarms import Alarm, Alarms, Facts, Telling
from bot.delivery import Caller
from bot.environment import Environment
from bot.figures import Sheets
from bot.metrics import figures_of, shared_figures
from bot.parts import Parts, age_s
from bot.platforms.telegram import encode
from bot.platforms.telegram_errors import Outcome
from bot.settings import Config
from bot.timing import Timer
from handlers.reply import Place, Screen
from scoring.instant import Instant

EVERY_S = 5.0
ASK_S = 60.0
"""A platform that nobody has called for so long is asked whether it is there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is an alarm, in seconds and bytes."""

    sql_s: float = 20.0
    redis_s: float = 60.0
    tick_s: float = 60.0
    skew_s: float = 10.0
    behind_s: float = 1.0
    # Longer than a second poller that stands back may stay silent (bot/polling.py).
    conflict_s: float = 900.0
    free_bytes: int = 1_000_000_000


log = structlog.get_logger(__name__)


def technician_of(config: Config, environment: Environment) -> str:
    """The chat that is told of alarms; a rehearsal's stand-in knows no such person."""
    return "" if environment.is_rehearsal else config.settings.alarms.chat


@dataclass(slots=True)
class Watch:
    """One per process; `chat` is the technician's, empty where there is none, told by `caller`."""

    parts: Parts
    caller: Caller
    chat: str = ""
    limits: Limits = field(default_factory=Limits)
    timer: Timer = field(default_factory=Timer)
    _alarms: Alarms = field(default_factory=Alarms)
    _acted_s: float = field(default_factory=perf_counter)

    async def run(self) -> None:
        """Until cancelled; a defect of ours here stops nothing else."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 (watching goes on whatever it meets)
                log.error("watch_failed", error=type(error).__name__)  # noqa: TRY400
            await self.timer.sleep(EVERY_S)

    async def look(self) -> None:
        """Look once, tell what is to be told, leave the figures for the other workers."""
        await self._ask_around()
        found, counts = self._found(), self._counts()
        review = self._alarms.review(found, counts, self.timer.now_s())
        self.parts.findings.alarms = self._alarms.lasting
        for telling in review.begun:
            log.critical("alarm", alarm=telling.alarm.value, **telling.facts)
        for telling in review.ended:
            log.warning("alarm_over", alarm=telling.alarm.value, lasted_s=_whole(telling))
        for telling in review.tellings:
            await self._tell(telling)
        if not self.parts.place.is_alone:
            self._sheets().write(figures_of(self.parts))

    async def exposition(self) -> bytes:
        """The metrics of all workers of this port, as Prometheus reads them."""
        from bot.prometheus import exposition  # noqa: PLC0415 (as in bot.metrics)

        shared = shared_figures(await self.parts.house.store.overview.look())
        others = [] if self.parts.place.is_alone else self._sheets().others()
        return exposition([*figures_of(self.parts), *others, *shared])

    def leave(self) -> None:
        """A worker that stops in order is not shown any more."""
        if not self.parts.place.is_alone:
            self._sheets().remove()

    async def _ask_around(self) -> None:
        parts, findings = self.parts, self.parts.findings
        findings.is_redis_up = await parts.house.store.ping_redis()
        if findings.is_redis_up:
            findings.redis_ok_s = perf_counter()
        findings.free_bytes = shutil.disk_usage(parts.place.folder).free
        called_s = age_s(parts.client.counts.done_s)
        if called_s is None or called_s > ASK_S:
            await parts.client.call("getMe", {})
        if not parts.house.is_current():
            # A tick waits for SQL: it is late by itself only from here on.
            self._acted_s = perf_counter()

    def _found(self) -> dict[Alarm, Facts]:
        """What lasts now."""
        parts, limits = self.parts, self.limits
        ages = parts.house.ages()
        found: dict[Alarm, Facts] = {}
        idle_s = min(ages.tick_s, perf_counter() - self._acted_s)
        if idle_s > limits.tick_s:
            found[Alarm.SCHEDULER] = {"seconds": int(idle_s)}
        if not parts.place.is_leading:
            return found
        if ages.decisions_s > limits.sql_s:
            found[Alarm.SQL] = {"seconds": int(ages.decisions_s)}
        redis_s = perf_counter() - parts.findings.redis_ok_s
        if not parts.findings.is_redis_up and redis_s > limits.redis_s:
            found[Alarm.REDIS] = {"seconds": int(redis_s)}
        free = parts.findings.free_bytes
        if free is not None and free < limits.free_bytes:
            found[Alarm.DISK] = {"megabytes": free // 1_000_000}
        if parts.findings.differing_units:
            found[Alarm.COUNTS] = {"count": len(parts.findings.differing_units)}
        return found | self._found_at_platform() | self._found_of_time()

    def _found_at_platform(self) -> dict[Alarm, Facts]:
        found: dict[Alarm, Facts] = {}
        counts = self.parts.client.counts
        conflict_s = age_s(counts.conflict_s)
        if conflict_s is not None and conflict_s < self.limits.conflict_s:
            found[Alarm.POLLER] = {}
        if counts.is_token_refused:
            found[Alarm.TOKEN] = {}
        skew_ms = self.parts.client.skew_ms()
        if skew_ms is not None and abs(skew_ms) > self.limits.skew_s * 1000:
            found[Alarm.CLOCK] = {"seconds": round(skew_ms / 1000)}
        return found

    def _found_of_time(self) -> dict[Alarm, Facts]:
        """A clock that went back; one that jumped ahead shows at the platform's."""
        behind_s = self.parts.house.clock.machine.behind_ms() / 1000
        return (
            {Alarm.CLOCK_BACK: {"seconds": round(behind_s)}}
            if behind_s >= self.limits.behind_s
            else {}
        )

    def _counts(self) -> Mapping[Alarm, int]:
        return {
            Alarm.DEAD_LETTER: self.parts.door.counts.dead_letters,
            Alarm.OUTBOX_DEAD: self.parts.house.store.outbox.settled["dead"],
        }

    async def _tell(self, telling: Telling) -> None:
        """To the technician's chat; what does not arrive is told again at the next look."""
        if not self.chat:
            return
        screen = Screen(self._words(telling), place=Place.BELOW)
        called = await self.caller.call("sendMessage", encode(self.chat, screen))
        if called.outcome in {Outcome.DONE, Outcome.UNKNOWN}:
            self._alarms.told(telling, self.timer.now_s())
        else:
            alarm, outcome = telling.alarm.value, called.outcome.value
            log.error("alarm_not_told", alarm=alarm, outcome=outcome)

    def _words(self, telling: Telling) -> str:
        desk = self.parts.house.desk
        name, machine = telling.alarm.value, platform.node()
        title = desk.text(f"alarm.title_{name}")
        if telling.lasted_s is not None:
            duration = desk.rendering.duration(int(telling.lasted_s * 1000))
            return desk.text("alarm.over", title=title, duration=duration, machine=machine)
        text = desk.text(f"alarm.text_{name}", **telling.facts)
        at = desk.rendering.moment(Instant(self.parts.house.clock.machine_ms()))
        return desk.text("alarm.begun", title=title, text=text, at=at, machine=machine)

    def _sheets(self) -> Sheets:
        return Sheets(self.parts.place.folder / "metrics", self.parts.place.worker)


def _whole(telling: Telling) -> int:
    return int(telling.lasted_s or 0)
