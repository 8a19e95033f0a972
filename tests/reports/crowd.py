"""A contest of made-up people, as the store would list it, in any size."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from handlers.catalogue import Catalogue
from handlers.listing import ASSISTED, FAMILY, OWN, ListedAttempt, ListedPerson
from handlers.rendering import Rendering
from handlers.units import Unit, Units
from reports.pages import Scope
from reports.workbook import Lists
from scoring.attempt import Act
from scoring.contest import Calendar
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, Instant

ROOT = Path(__file__).parents[2]
OPENS = Instant(1_765_152_000_000)  # 07:00 on 08/12/2025 in Hà Nội
CLOSES = Instant(OPENS + 7 * DAY_MS - 7 * HOUR_MS)
MIN_ANSWERS = 8
BLOCKS = {"to-dan-pho": "Tổ dân phố", "co-quan": "Cơ quan, đơn vị", "truong-hoc": "Trường học"}
AUDIENCES = {"can-bo": "Cán bộ, công chức, viên chức", "hoc-sinh": "Học sinh"}
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Hoàng")
MIDDLES = ("Văn", "Thị", "Thị Ngọc", "Đức", "Hữu", "Minh")
GIVEN = ("An", "Bình", "Chiến", "Dung", "Hạnh", "Khoa", "Lan", "Phượng")


def units_of(count: int) -> Units:
    """Two thirds residential groups, the rest offices and schools."""
    return Units(tuple(_unit(at) for at in range(count)), BLOCKS, "to-dan-pho")


def _unit(at: int) -> Unit:
    if at % 3 == 2:
        school = at % 2 == 1
        block = "truong-hoc" if school else "co-quan"
        name = f"Trường THCS số {at + 1}" if school else f"Phòng chuyên môn số {at + 1}"
        return Unit(f"DV-{at + 1:02}", block, name, size=20 + at, target=20 + at if at % 4 else 0)
    place = ("Nhân Trạch", "Bắc Lãm", "Động Lãm")[at % 3]
    return Unit(f"TDP-{at + 1:02}", "to-dan-pho", f"Tổ dân phố {at + 1}", place, target=50)


@dataclass(frozen=True)
class Crowd:
    """`people` of them over the units, one in five with two attempts, one in nine with none."""

    units: Units
    people: int
    is_closed: bool = False

    def listed(self) -> Iterator[ListedPerson]:
        for number in range(1, self.people + 1):
            yield self.person(number)

    def attempts(self) -> Iterator[ListedAttempt]:
        for number in range(1, self.people + 1):
            yield from self.attempts_of(number)

    def lists(self) -> Lists:
        return Lists(self.listed(), self.attempts())

    def unit(self, number: int) -> str:
        # The last unit of a long list stays empty.
        units = self.units.units
        return units[number * 7 % max(1, len(units) - 1)].code

    def person(self, number: int) -> ListedPerson:
        attempts = self.attempts_of(number)
        ends = [one.ended_at for one in attempts if one.is_participation]
        unit = self.units.find(self.unit(number))
        assert unit is not None
        return ListedPerson(
            number=number,
            name=f"{SURNAMES[number % 6]} {MIDDLES[number // 3 % 6]} {GIVEN[number // 7 % 8]}",
            born=1940 + number % 70,
            phone=f"+8490{number:07}",
            is_phone_verified=number % 3 != 0,
            guardian_phone=f"+8491{number:07}" if number % 70 > 69 else None,
            unit=unit.code,
            audience=None if unit.block == "to-dan-pho" else "can-bo",
            registered_at=Instant(OPENS - DAY_MS + number * 137_777 % (6 * DAY_MS)),
            channel=("tg", "web", "zo", "zb")[number % 4],
            relation=(OWN, OWN, OWN, FAMILY, ASSISTED)[number % 5],
            is_flagged=number % 50 == 0,
            opened=len(attempts),
            participations=len(ends),
            first_at=min(ends, default=None),
        )

    def attempts_of(self, number: int) -> list[ListedAttempt]:
        count = 0 if number % 9 == 0 else 1 + (number % 5 == 0)
        return [self.attempt(number, at) for at in range(1, count + 1)]

    def attempt(self, number: int, at: int) -> ListedAttempt:
        opened = Instant(OPENS + number * 91_337 % (5 * DAY_MS) + (at - 1) * DAY_MS)
        answered, length = 3 + number % 13, (6 + number % 9) * MINUTE_MS + number % 60_000
        attempt = ListedAttempt(
            person=number,
            unit=self.unit(number),
            number=at,
            opened_at=opened,
            ended_at=Instant(opened + length),
            end=(Act.SUBMIT, Act.SUBMIT, Act.EXPIRE, Act.CLOSE)[number % 4],
            answered=answered,
            duration_ms=length,
            correct=answered - number % 3 if self.is_closed else None,
            guess=number * 3 if self.is_closed and number % 6 else None,
            is_participation=answered >= MIN_ANSWERS,
        )
        if not self.is_closed and number % 40 == 7:
            nothing: dict[str, Any] = dict.fromkeys(("ended_at", "end", "answered", "duration_ms"))
            return replace(attempt, is_participation=False, **nothing)
        return attempt


def scope_of(crowd: Crowd, **changes: Any) -> Scope:
    at = Instant(OPENS + 6 * DAY_MS)
    window = Calendar(OPENS, CLOSES)
    scope = Scope(crowd.units, AUDIENCES, window, MIN_ANSWERS, at, crowd.is_closed)
    return replace(scope, **changes)


def shipped_tables() -> dict[str, dict[str, str]]:
    """The catalogue's sections, to be changed by a test."""
    tables: dict[str, dict[str, str]] = {}
    for path in sorted((ROOT / "handlers").rglob("*.toml")):
        for section, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            tables.setdefault(section, {}).update(entries)
    return tables


def rendering_of(tables: dict[str, dict[str, str]]) -> Rendering:
    return Rendering(Catalogue(tables), ZoneInfo("Asia/Ho_Chi_Minh"))


@lru_cache
def shipped_rendering() -> Rendering:
    return rendering_of(shipped_tables())
