import pytest

from reports.numbers import change_shown, number_shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0"), (999, "999"), (1_000, "1.000"), (1_234_567, "1.234.567")]
)
def test_numbers_are_grouped_as_vietnamese_write_them(number: int, shown: str) -> None:
    assert number_shown(number) == shown


@pytest.mark.parametrize(
    ("change", "shown"), [(5, "+5"), (-2, "-2"), (0, ""), (1_200, "+1.200"), (-1_200, "-1.200")]
)
def test_changes_carry_their_sign(change: int, shown: str) -> None:
    assert change_shown(change) == shown
