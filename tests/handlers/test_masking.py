import pytest

from handlers.masking import born_masked, name_masked, phone_masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Nguyễn Văn An", "N. V. An"),
        ("đỗ Ánh", "Đ. Ánh"),
        ("Nguyễn Thị Ngọc-Ánh", "N. T. Ngọc-Ánh"),
    ],
)
def test_of_a_name_initials_and_the_last_word_are_left(name: str, masked: str):
    assert name_masked(name) == masked


def test_of_a_phone_three_digits_are_left():
    assert phone_masked("+84912345678") == "******678"


def test_of_a_birth_year_the_century_is_left():
    assert (born_masked(1955), born_masked(2012)) == ("19**", "20**")
