"""Alarms: what somebody must act on, and when he is told of it. Pure: time is an argument.

A kind is told at most once in ten minutes however often it comes and goes, again every hour while
it lasts, and its end once, where its beginning was told. What is found is `bot.watch`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

QUIET_S = 600.0
REMIND_S = 3_600.0

Facts = Mapping[str, object]


class Alarm(Enum):
    """The kinds; each has its words in the catalogue, `alarm.title_*` and `alarm.text_*`."""

    SQL = "sql"
    REDIS = "redis"
    POLLER = "poller"
    TOKEN = "token"  # noqa: S105 (no token)
    SCHEDULER = "scheduler"
    CLOCK = "clock"
    CLOCK_BACK = "clock_back"
    DISK = "disk"
    COUNTS = "counts"
    DEAD_LETTER = "dead_letter"
    OUTBOX_DEAD = "outbox_dead"


COUNTED = (Alarm.DEAD_LETTER, Alarm.OUTBOX_DEAD)
"""What happens and is over: its number is told, and no end."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be told now; `lasted_s` of what is over, else None."""

    alarm: Alarm
    facts: Facts
    lasted_s: float | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What began and what ended since the last review, and all that is to be told."""

    begun: tuple[Telling, ...] = ()
    ended: tuple[Telling, ...] = ()
    tellings: tuple[Telling, ...] = ()


@dataclass(slots=True)
class _Episode:
    since_s: float
    is_told: bool = False


@dataclass(slots=True)
class Alarms:
    """Remembers what lasts and what was told; times on a clock that never goes back."""

    _episodes: dict[Alarm, _Episode] = field(default_factory=dict)
    _over: dict[Alarm, Telling] = field(default_factory=dict)
    _told_s: dict[Alarm, float] = field(default_factory=dict)
    _seen: dict[Alarm, int] = field(default_factory=dict)
    _told_counts: dict[Alarm, int] = field(default_factory=dict)

    def review(
        self, found: Mapping[Alarm, Facts], counts: Mapping[Alarm, int], now_s: float
    ) -> Review:
        """`found` is what lasts now; `counts` how often the counted ones have happened at all."""
        begun = [Telling(one, found[one]) for one in found if one not in self._episodes]
        for telling in begun:
            # An end that nobody was told of has not been: it is one and the same.
            was_told = self._over.pop(telling.alarm, None) is not None
            self._episodes[telling.alarm] = _Episode(now_s, was_told)
        ended = [self._end(one, now_s) for one in list(self._episodes) if one not in found]
        happened = [
            Telling(one, {"count": count - self._seen.get(one, 0)})
            for one, count in counts.items()
            if count > self._seen.get(one, 0)
        ]
        self._seen.update(counts)
        tellings = [
            *self._over.values(),
            *(Telling(one, found[one]) for one in found if self._is_due(one, now_s)),
            *self._untold(counts, now_s),
        ]
        return Review((*begun, *happened), tuple(ended), tuple(tellings))

    def told(self, telling: Telling, now_s: float) -> None:
        """Somebody has been told; until then the same comes in each review."""
        alarm = telling.alarm
        if telling.lasted_s is not None:
            self._over.pop(alarm, None)
            return
        self._told_s[alarm] = now_s
        if alarm in COUNTED:
            count = telling.facts["count"]
            self._told_counts[alarm] = self._told_counts.get(alarm, 0) + int(str(count))
        elif alarm in self._episodes:
            self._episodes[alarm].is_told = True

    @property
    def lasting(self) -> frozenset[str]:
        return frozenset(one.value for one in self._episodes)

    def _end(self, alarm: Alarm, now_s: float) -> Telling:
        episode = self._episodes.pop(alarm)
        telling = Telling(alarm, {}, now_s - episode.since_s)
        if episode.is_told:
            self._over[alarm] = telling
        return telling

    def _is_due(self, alarm: Alarm, now_s: float) -> bool:
        last_s = self._told_s.get(alarm)
        quiet_s = REMIND_S if self._episodes[alarm].is_told else QUIET_S
        return last_s is None or now_s - last_s >= quiet_s

    def _untold(self, counts: Mapping[Alarm, int], now_s: float) -> list[Telling]:
        return [
            Telling(one, {"count": count - self._told_counts.get(one, 0)})
            for one, count in counts.items()
            if count > self._told_counts.get(one, 0)
            and now_s - self._told_s.get(one, -QUIET_S) >= QUIET_S
        ]
