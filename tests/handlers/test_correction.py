"""What a correction asks next, and what a new value brings with it."""

from dataclasses import replace

import pytest

from handlers.correction import Correction, correction_from
from handlers.records import Participant, PersonalData, PersonNumber
from handlers.units import Unit, Units
from scoring.instant import Instant

UNITS = Units(
    (Unit("TDP-01", "to", "Tổ 1"), Unit("CQ-01", "co-quan", "Công an")),
    {"to": "Tổ dân phố", "co-quan": "Cơ quan"},
    "to",
)
DATA = PersonalData("Nguyễn Văn An", 1980, "+84912345678", False, "TDP-01")
YEAR = 2025


def correction(field: str = "", data: PersonalData = DATA, **changes: object) -> Correction:
    one = Participant(PersonNumber(1), data, Instant(0))
    return Correction(one, field, changes)


@pytest.mark.parametrize(
    ("so_far", "asked"),
    [
        pytest.param(correction(), "field", id="nothing-said"),
        pytest.param(correction("name"), "name", id="field-chosen"),
        pytest.param(correction("name", name="Lê Văn B"), "why", id="value-given"),
        pytest.param(replace(correction("name", name="Lê Văn B"), why="x"), "sure", id="why-given"),
        pytest.param(correction("born", born=2012), "guardian_phone", id="a-child"),
        pytest.param(
            correction("born", born=2012, guardian_phone="+84987654321"), "why", id="guarded"
        ),
        pytest.param(
            correction("born", replace(DATA, guardian_phone="+84987654321"), born=2012),
            "why",
            id="guarded-before",
        ),
        pytest.param(correction("born", born=2009), "why", id="sixteen"),
        pytest.param(correction("unit", unit="CQ-01"), "audience", id="an-office"),
        pytest.param(correction("unit", unit="CQ-01", audience="hoc-sinh"), "why", id="audience"),
        pytest.param(
            correction("unit", replace(DATA, audience="hoc-sinh"), unit="CQ-01"),
            "why",
            id="audience-before",
        ),
        pytest.param(correction("unit", unit="TDP-01"), "why", id="a-residential-group"),
    ],
)
def test_what_is_asked_next(so_far: Correction, asked: str):
    assert so_far.asked(UNITS, YEAR) == asked
    assert correction_from(so_far.one, so_far.as_dict()) == so_far


def test_who_is_grown_up_needs_no_guardian():
    data = replace(DATA, born=2012, guardian_phone="+84987654321")

    changes = correction("born", data, born=1980).all_changes(UNITS, YEAR)

    assert changes == {"born": 1980, "guardian_phone": None}


def test_a_residential_group_has_no_audience():
    data = replace(DATA, unit="CQ-01", audience="hoc-sinh")

    changes = correction("unit", data, unit="TDP-01").all_changes(UNITS, YEAR)

    assert changes == {"unit": "TDP-01", "audience": None}


def test_a_name_brings_nothing_with_it():
    data = replace(DATA, audience="hoc-sinh", guardian_phone="+84987654321")

    assert correction("name", data, name="Lê Văn B").all_changes(UNITS, YEAR) == {
        "name": "Lê Văn B"
    }
