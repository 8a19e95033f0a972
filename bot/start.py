"""What a process starts from: the organiser's files and the clock, read once and checked together.

Decides which kind of contest it is (real, rehearsal or trial) and where its clock starts; each
file's own rules are `bot.files`'.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.clock import Anchor, machine_ms, read_clock
from bot.data_folder import DataFolder, data_folder
from bot.declared import rules_of
from bot.environment import Environment
from bot.files import (
    check_ladders,
    load_bank,
    load_catalogue,
    load_practice,
    load_rules,
    load_units,
)
from bot.problems import SettingsProblemError, stop
from bot.settings import Config
from handlers.catalogue import Catalogue
from handlers.moments import read_moment
from handlers.units import Units
from question_bank.question import QuestionBank
from scoring.contest import Calendar
from scoring.instant import HOUR_MS, Instant
from scoring.rules import Rules

TRIAL_MS = 7 * 24 * HOUR_MS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Files:
    """What was read from the organiser's files, checked; `anchor` is where the clock starts.

    `kind` is the database's: `real`, `rehearsal` (its clock may be moved) or `trial`.
    """

    units: Units
    bank: QuestionBank
    practice_bank: QuestionBank
    catalogue: Catalogue
    rules_pages: tuple[str, ...]
    rules: Rules
    anchor: Anchor | None
    kind: str


def read_files(config: Config, environment: Environment) -> Files:
    """All files of the config and the clock, checked; nothing is changed.

    Raises:
        SettingsProblemError: every problem of all files at once.
    """
    reading = _Reading(config)
    catalogue, practice_bank = reading.take(load_catalogue), reading.take(load_practice)
    rules_pages, units = reading.take(load_rules), reading.take(load_units)
    bank = reading.take(load_bank)
    if units is not None:
        reading.lines.extend(check_ladders(config, units))
    if reading.lines or not (catalogue and practice_bank and rules_pages and units and bank):
        raise SettingsProblemError(tuple(reading.lines))
    anchor, kind = _anchor_at_start(config, environment), "rehearsal"
    rules = rules_of(config, units)
    if environment.is_trial:
        window = _trial_window(data_folder(config, environment))
        rules, anchor, kind = replace(rules, calendar=window), None, "trial"
    elif anchor is None:
        kind = "real"
    return Files(units, bank, practice_bank, catalogue, rules_pages, rules, anchor, kind)


@dataclass(slots=True)
class _Reading:
    """Reads file after file, each once, and gathers what is wrong with them."""

    config: Config
    lines: list[str] = field(default_factory=list)

    def take(self, load: Callable[[Config], T]) -> T | None:
        try:
            return load(self.config)
        except SettingsProblemError as error:
            self.lines.extend(error.lines)
            return None


def _trial_window(folder: DataFolder) -> Calendar:
    """Seven days from the trial's first start; when they are over, anew."""
    now = machine_ms()
    kept = folder.window()
    if kept is not None and kept.opens <= now < kept.closes:
        return kept
    return Calendar(Instant(now), Instant(now + TRIAL_MS))


def _anchor_at_start(config: Config, environment: Environment) -> Anchor | None:
    """Where the contest clock starts; None: it is the machine's."""
    zone = config.settings.contest.zone
    if environment.clock:
        return read_clock(environment.clock, zone, machine_ms())
    if not environment.is_rehearsal:
        return None
    typed = config.settings.rehearsal.clock
    try:
        return Anchor(read_moment(typed, zone), machine_ms())
    except ValueError as error:
        place = config.document.place("rehearsal.clock")
        raise stop(place, "clock_form", key="rehearsal.clock", found=typed) from error
