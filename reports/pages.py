"""The lists of the organisers' workbook: which there are, and which columns each has.

Results have columns of their own, and those only once the contest is closed (DESIGN §4). Codes of
channels, endings and relations become the catalogue's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.catalogue import Catalogue
from handlers.listing import ListedAttempt, ListedPerson
from handlers.units import Units
from reports.sums import DayFigures, UnitFigures
from reports.tables import Column, Kind, Page, Total
from scoring.attempt import Act
from scoring.contest import Calendar
from scoring.entries import ENDS
from scoring.instant import Instant

_TEXT, _NUMBER, _COUNT, _MOMENT = Kind.TEXT, Kind.NUMBER, Kind.COUNT, Kind.MOMENT


@dataclass(frozen=True, slots=True)
class Scope:
    """What the figures are of: everything up to `at`; `window` as it is known then.

    `audiences` maps a code to its title. `is_closed`: the contest is over, results are told.
    """

    units: Units
    audiences: Mapping[str, str]
    window: Calendar
    min_answers: int
    at: Instant
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Pages:
    units: Page[UnitFigures]
    days: Page[DayFigures]
    people: Page[ListedPerson]
    attempts: Page[ListedAttempt]


def pages_of(catalogue: Catalogue, scope: Scope) -> Pages:
    words = _Words(catalogue, {unit.code: unit.title for unit in scope.units.units})
    return Pages(
        units=_units_page(words),
        days=_DAYS,
        people=_people_page(words, scope),
        attempts=_attempts_page(words, scope),
    )


class _Words:
    """The catalogue's words for what rows hold as codes."""

    def __init__(self, catalogue: Catalogue, titles: Mapping[str, str]) -> None:
        def said(entry: str) -> str:
            return catalogue.text(f"workbook.{entry}")

        self.yes, self.no, self.erased = said("yes"), said("no"), said("erased")
        self.verified, self.typed = said("phone_verified"), said("phone_typed")
        self.reached, self.short = said("reached"), said("short")
        self.open = said("end_open")
        self.titles = titles
        self.ends = {act: said(f"end_{end}") for act, end in ENDS.items()}
        self.channels = {code: said(f"channel_{code}") for code in ("tg", "web", "zo", "zb")}
        self.relations = {code: said(f"relation_{code}") for code in ("own", "family", "assisted")}

    def title(self, code: str) -> str:
        return self.titles.get(code, code)

    def end(self, act: Act | None) -> str:
        return self.open if act is None else self.ends[act]


def _people_page(words: _Words, scope: Scope) -> Page[ListedPerson]:
    audiences = scope.audiences
    columns: tuple[Column[ListedPerson], ...] = (
        Column("number", _NUMBER, lambda one: one.number, Total.LABEL),
        Column("name", _TEXT, lambda one: _or(one.name, words.erased), Total.COUNT),
        Column("born", _NUMBER, lambda one: one.born),
        Column("phone", _TEXT, lambda one: one.phone),
        Column("verified", _TEXT, lambda one: _verified(one, words)),
        Column("unit", _TEXT, lambda one: words.title(one.unit)),
        Column("audience", _TEXT, lambda one: audiences.get(one.audience or "", one.audience)),
        Column("registered_at", _MOMENT, lambda one: one.registered_at),
        Column("channel", _TEXT, lambda one: words.channels.get(one.channel, one.channel)),
        Column("opened", _COUNT, lambda one: one.opened, Total.SUM),
        Column("participations", _COUNT, lambda one: one.participations, Total.SUM),
        Column("first_at", _MOMENT, lambda one: one.first_at),
        Column("relation", _TEXT, lambda one: words.relations.get(one.relation, one.relation)),
        Column("flagged", _TEXT, lambda one: words.yes if one.is_flagged else None),
        Column("voided", _TEXT, lambda one: words.yes if one.is_void else None),
        Column("guardian", _TEXT, lambda one: one.guardian_phone),
    )
    return Page("people", "nguoi-du-thi", columns, frozen=2)


def _attempts_page(words: _Words, scope: Scope) -> Page[ListedAttempt]:
    columns: list[Column[ListedAttempt]] = [
        Column("number", _NUMBER, lambda one: one.person, Total.LABEL),
        Column("attempt", _NUMBER, lambda one: one.number, Total.COUNT),
        Column("unit", _TEXT, lambda one: words.title(one.unit)),
        Column("opened_at", _MOMENT, lambda one: one.opened_at),
        Column("ended_at", _MOMENT, lambda one: one.ended_at),
        Column("end", _TEXT, lambda one: words.end(one.end)),
        Column("answered", _NUMBER, lambda one: one.answered),
        Column("counts", _TEXT, lambda one: _counted(one, words)),
        Column("voided", _TEXT, lambda one: words.yes if one.is_void else None),
        Column("length", Kind.LENGTH, lambda one: one.duration_ms),
    ]
    if scope.is_closed:
        columns += [
            Column("correct", _NUMBER, lambda one: one.correct),
            Column("guess", _COUNT, lambda one: one.guess),
        ]
    return Page("attempts", "luot-thi", tuple(columns), frozen=2)


def _units_page(words: _Words) -> Page[UnitFigures]:
    columns: tuple[Column[UnitFigures], ...] = (
        Column("order", _NUMBER, lambda one: one.order),
        Column("unit_code", _TEXT, lambda one: one.code),
        Column("block", _TEXT, lambda one: one.block),
        Column("unit", _TEXT, lambda one: one.title, Total.LABEL),
        Column("target", _COUNT, lambda one: one.line.target or None, Total.SUM),
        Column("registered", _COUNT, lambda one: one.line.count.registered, Total.SUM),
        Column("people", _COUNT, lambda one: one.line.count.people, Total.SUM),
        Column("attempts", _COUNT, lambda one: one.line.count.attempts, Total.SUM),
        Column("missing", _COUNT, _missing, Total.SUM),
        Column("share", Kind.SHARE, lambda one: share_of(one.line.count.people, one.line.target)),
        Column("reached", _TEXT, lambda one: _reached(one, words)),
        Column("rank", _NUMBER, lambda one: one.line.place if one.line.block else None),
    )
    return Page("units", "theo-don-vi", columns, frozen=4)


_DAYS: Page[DayFigures] = Page(
    "days",
    "theo-ngay",
    (
        Column("day", Kind.DAY, lambda one: one.day, Total.LABEL),
        Column("day_registered", _COUNT, lambda one: one.grown.registered, Total.SUM),
        Column("day_people", _COUNT, lambda one: one.grown.people, Total.SUM),
        Column("day_attempts", _COUNT, lambda one: one.grown.attempts, Total.SUM),
        Column("sum_registered", _COUNT, lambda one: one.reached.registered),
        Column("sum_people", _COUNT, lambda one: one.reached.people),
        Column("sum_attempts", _COUNT, lambda one: one.reached.attempts),
    ),
    frozen=1,
)


def share_of(people: int, target: int) -> float | None:
    """How much of the target is reached; None where there is none."""
    return people / target if target else None


def _or(value: Any, otherwise: str) -> Any:
    return otherwise if value is None else value


def _verified(one: ListedPerson, words: _Words) -> str | None:
    if one.phone is None:
        return None
    return words.verified if one.is_phone_verified else words.typed


def _counted(one: ListedAttempt, words: _Words) -> str | None:
    if one.ended_at is None:
        return None
    return words.yes if one.is_participation else words.no


def _missing(one: UnitFigures) -> int | None:
    return one.line.missing if one.line.target else None


def _reached(one: UnitFigures, words: _Words) -> str | None:
    if not one.line.target:
        return None
    return words.reached if one.line.is_reached else words.short
