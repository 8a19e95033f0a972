"""Tallies: growth, what is missing, pace and place."""

from scoring.rules import UnitRule
from scoring.tallies import Count, lines_of, total_of

UNITS = (
    UnitRule("TDP-06", "to-dan-pho", 0, 50),
    UnitRule("TDP-07", "to-dan-pho", 0, 50),
    UnitRule("TDP-08", "to-dan-pho", 0, 50),
    UnitRule("VP", "co-quan", 20, 20),
)
NOW = {"TDP-06": Count(40, 31, 44), "TDP-07": Count(60, 55, 70), "TDP-08": Count(33, 31, 31)}
BEFORE = {"TDP-06": Count(30, 20, 25), "TDP-07": Count(61, 56, 71)}


def test_a_line_says_growth_missing_pace_and_place_in_its_block():
    lines = lines_of(UNITS, NOW, BEFORE, days_left=4)

    assert [(one.code, one.grown, one.missing, one.pace, one.place, one.of) for one in lines] == [
        ("TDP-06", Count(10, 11, 19), 19, 5, 2, 3),
        ("TDP-07", Count(-1, -1, -1), 0, 0, 1, 3),
        ("TDP-08", Count(33, 31, 31), 19, 5, 2, 3),
        ("VP", Count(), 20, 5, 1, 1),
    ]


def test_no_day_left_names_no_pace():
    lines = lines_of(UNITS, NOW, {}, days_left=0)

    assert [one.pace for one in lines] == [None] * 4


def test_the_target_is_reached_at_its_number_and_never_without_one():
    at_target = {"TDP-06": Count(50, 50, 50), "TDP-07": Count(50, 49, 60)}
    units = (*UNITS[:2], UnitRule("KHAC", "khac", 0, 0))

    lines = lines_of(units, at_target, {}, days_left=1)

    assert [one.is_reached for one in lines] == [True, False, False]


def test_the_total_is_the_sum_of_all_units():
    assert total_of(NOW) == Count(133, 117, 145)
