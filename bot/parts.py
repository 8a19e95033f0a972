"""The parts of a running process that operators ask about, in one place.

Decides nothing: metrics, readiness and the watch each read what they need of it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from bot.data_folder import data_folder
from bot.delivery import Delivery
from bot.door import Door
from bot.environment import Environment
from bot.house import House
from bot.platforms.telegram_client import TelegramClient
from bot.settings import Config

SINGLE_WORKER = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process runs: its number among the workers of one port, and its data folder.

    `is_alone`: no other process serves this port. `is_leading`: it speaks for all of them.
    """

    folder: Path
    worker: int = SINGLE_WORKER
    is_alone: bool = True
    is_leading: bool = True


@dataclass(slots=True)
class Findings:
    """What the watch saw last, for who asks in between; times on a clock without a date.

    `differing_units`: whose buckets were not what the rows say, at the last recount.
    """

    redis_ok_s: float = field(default_factory=perf_counter)
    is_redis_up: bool = True
    free_bytes: int | None = None
    alarms: frozenset[str] = frozenset()
    differing_units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    house: House
    client: TelegramClient
    door: Door
    delivery: Delivery
    place: Place
    findings: Findings = field(default_factory=Findings)


def place_of(config: Config, environment: Environment) -> Place:
    folder, worker = data_folder(config, environment).path, environment.worker
    if worker is None:
        return Place(folder)
    return Place(folder, worker.number, is_alone=False, is_leading=environment.is_leading)


def age_s(moment_s: float | None) -> float | None:
    """How long ago a moment of `perf_counter` was; None: never."""
    return None if moment_s is None else max(0.0, perf_counter() - moment_s)
