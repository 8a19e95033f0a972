"""Texts that stay texts, and instants as spreadsheets count them (FAULTS T37, T38)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cells import (
    MOST_CHARS,
    cell_text,
    count_shown,
    csv_text,
    day_number,
    day_shown,
    day_text,
    length_number,
    length_text,
    moment_number,
    moment_text,
)
from scoring.instant import DAY_MS, Instant, day_of

NOON = Instant(1_765_342_800_000)  # 12:00 on 10/12/2025 in Hà Nội


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("+84912345678", "+84912345678"),
        ("a\tb\rc\nd\x00e", "a b c d e"),
        ("a\x0b\x1f\x85b", "a b"),
        ("x\ud800\ufffe\uffffy", "x y"),
        ("a\u202eb\u2066c", "a b c"),
        ("<r>x</r>", " <r>x</r>"),
        ("<b>x</b>", "<b>x</b>"),
        ("", ""),
    ],
)
def test_t37_a_cell_holds_one_line_that_can_be_seen(text: str, shown: str):
    assert cell_text(text) == shown


@given(st.text(st.characters() | st.sampled_from("\ud800\ufffe\x00\r<r>"), max_size=50))
def test_t37_a_shown_text_is_shown_the_same(text: str):
    shown = cell_text(text)

    shown.encode()
    assert cell_text(shown) == shown
    assert len(shown) <= len(text) + 1


def test_a_cell_holds_so_much_and_no_more():
    assert cell_text("a" * (MOST_CHARS + 1)) == "a" * MOST_CHARS
    assert len(cell_text("<r>" + "a" * MOST_CHARS)) == MOST_CHARS


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+84912345678", "'+84912345678"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "' =1"),
        ("\tx", "' x"),
        ("\rx", "' x"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("0912345678", "0912345678"),
        ("", ""),
    ],
)
def test_t38_a_csv_text_never_begins_as_a_formula(text: str, written: str):
    assert csv_text(text) == written


def test_instants_are_days_since_1900_in_the_contest_s_zone():
    # Excel counts 10/12/2025 as 46001.
    assert moment_number(NOON) == 46_001.5
    assert moment_number(Instant(NOON + 999)) == 46_001.5
    assert moment_number(Instant(NOON + 1_000)) == pytest.approx(46_001.5 + 1 / 86_400, abs=1e-9)
    assert day_number(day_of(NOON)) == 46_001
    assert moment_number(Instant(NOON + DAY_MS // 2 - 1)) < 46_002
    assert day_number(day_of(Instant(NOON + DAY_MS // 2))) == 46_002


def test_instants_as_texts():
    assert moment_text(Instant(NOON + 61_999)) == "2025-12-10 12:01:01"
    assert day_text(day_of(NOON)) == "2025-12-10"
    assert day_shown(day_of(NOON)) == "10/12/2025"


def test_lengths_are_to_the_second_below():
    assert length_number(372_999) == 372_000 / DAY_MS
    assert length_text(372_999) == "0:06:12"
    assert length_text(3_600_000 + 59_999) == "1:00:59"


def test_counts_have_a_point_at_each_thousand():
    assert [count_shown(one) for one in (0, 999, 1_000, 1_234_567)] == [
        "0",
        "999",
        "1.000",
        "1.234.567",
    ]
