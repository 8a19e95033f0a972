"""Settings: one frozen tree, the mirror of `config.toml`, built once.

Decides which keys there are, their types and bounds. Secrets come from the environment only
(`bot.environment`); each part of the program gets its own branch.
"""

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.problems import SettingsProblemError, problems_of, stop
from handlers.moments import read_moment
from question_bank.importers.toml_file import FileProblemError, TomlDocument, read_toml
from scoring.contest import Calendar

Prize = Annotated[tuple[str, Annotated[int, Field(ge=1, le=1000)]], Field(strict=False)]
RankingStep = Literal["correct", "gap", "duration", "submitted", "lot"]
CollectiveStep = Literal["people", "attempts", "ratio", "mean", "prizes", "reached", "lot"]
Topic = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$")]
Key = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$")]
# Outside the quiet hours, in which nobody is written to.
FullHour = Annotated[str, Field(pattern=r"^(0[7-9]|1[0-9]|20):00$")]
ContestDay = Annotated[int, Field(ge=1, le=366)]


class Branch(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


class GateSettings(Branch):
    people: int = Field(ge=0, le=1_000_000)
    percent: int = Field(ge=0, le=100)


class PrizeSettings(Branch):
    individual: list[Prize]
    collective: list[Prize]
    ranking: list[RankingStep] = Field(min_length=1)
    collective_ranking: list[CollectiveStep] = Field(min_length=1)
    ladders: list[list[Key]]
    gate: GateSettings


class ContestSettings(Branch):
    id: str = Field(pattern=r"^[a-z0-9-]{3,40}$")
    origin: str = Field(pattern=r"^[a-z0-9./-]{3,80}$")
    time_zone: str
    opens: str
    closes: str
    minutes: int = Field(ge=1, le=180)
    attempts: int = Field(ge=0, le=100)
    attempts_per_day: int = Field(ge=0, le=100)
    min_answers: int = Field(ge=0, le=60)
    min_age: int = Field(ge=0, le=60)
    counted: Literal["best", "first", "last"]
    prediction: Literal["perfect_people", "perfect_attempts", "people", "attempts"]
    draw: dict[Topic, Annotated[int, Field(ge=1, le=60)]] = Field(min_length=1)
    prizes: PrizeSettings

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            # Without any zone it is not the name that is wrong (FAULTS T23).
            raise ValueError("time_zone" if available_timezones() else "tz_data") from error
        return name

    @model_validator(mode="after")
    def _is_window(self) -> "ContestSettings":
        zone = ZoneInfo(self.time_zone)
        for name, typed in (("opens", self.opens), ("closes", self.closes)):
            try:
                read_moment(typed, zone)
            except ValueError as error:
                raise ValueError(f"moment {name} {typed}") from error
        if self.calendar.opens >= self.calendar.closes:
            raise ValueError(f"window closes {self.closes}")
        size = sum(self.draw.values())
        if self.min_answers > size:
            raise ValueError(f"above_paper min_answers {self.min_answers} > {size}")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def calendar(self) -> Calendar:
        return Calendar(read_moment(self.opens, self.zone), read_moment(self.closes, self.zone))


class PeopleSettings(Branch):
    family_limit: int = Field(ge=1, le=20)
    assisted_limit: int = Field(ge=0, le=1_000)
    keep_days: int = Field(ge=1, le=3650)
    consent_version: str = Field(min_length=1, max_length=40)
    audiences: dict[Key, Annotated[str, Field(min_length=1, max_length=60)]] = Field(min_length=1)


class PaperSettings(Branch):
    double_tap_ms: int = Field(ge=0, le=5_000)
    practice_questions: int = Field(ge=1, le=15)
    nudge_minutes: int = Field(ge=0, le=60)


class ScheduleSettings(Branch):
    reminder_hours: int = Field(ge=0, le=72)


class LeaderSettings(Branch):
    show_names: bool


class TallySettings(Branch):
    hour: FullHour
    morning: FullHour

    @model_validator(mode="after")
    def _is_in_order(self) -> "TallySettings":
        if self.morning >= self.hour:
            raise ValueError(f"tally_hours hour {self.hour}")
        return self


class ReminderSettings(Branch):
    hour: str = Field(pattern=r"^(0[7-9]|1[0-9]|20):[0-5][0-9]$")
    leader_days: list[ContestDay]
    resident_days: list[ContestDay]


class AlarmSettings(Branch):
    chat: str = Field(pattern=r"^(-?[0-9]{1,20})?$")


class FileSettings(Branch):
    questions: str
    units: str
    texts: str
    rules: str
    data: str


class RehearsalSettings(Branch):
    clock: str
    port: int = Field(ge=0, le=65_535)


class Settings(Branch):
    contest: ContestSettings
    people: PeopleSettings
    paper: PaperSettings
    schedule: ScheduleSettings
    leaders: LeaderSettings
    tally: TallySettings
    reminders: ReminderSettings
    alarms: AlarmSettings
    files: FileSettings
    rehearsal: RehearsalSettings


class Config:
    """The settings with the file they were read from; relative paths start at its folder."""

    def __init__(self, document: TomlDocument, settings: Settings) -> None:
        self.document = document
        self.settings = settings

    def path(self, name: str) -> Path:
        """The path of a key of `[files]`."""
        typed: str = getattr(self.settings.files, name)
        return self.document.path.parent / typed


def read_config(path: Path) -> Config:
    """Read and check a config file.

    Raises:
        SettingsProblemError: every problem found, each with file, line and key.
    """
    if not path.is_file():
        raise stop(str(path), "config_missing")
    try:
        document = read_toml(path)
    except FileProblemError as error:
        raise SettingsProblemError(error.problems) from error
    try:
        return Config(document, Settings.model_validate(document.tables))
    except ValidationError as error:
        raise SettingsProblemError(problems_of(error, document)) from error
