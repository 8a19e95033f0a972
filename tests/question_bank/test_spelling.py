import pytest

from question_bank.spelling import is_english, is_unmarked, tone_fashion


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("hòa", ("hòa", "hoà")),
        ("hoà", ("hoà", "hòa")),
        ("KHOẺ", ("hoà", "KHỎE")),
        ("Thủy", ("hòa", "Thuỷ")),
        ("thuỷ", ("hoà", "thủy")),
        ("quý", None),
        ("quả", None),
        ("hoàn", None),
        ("toàn", None),
        ("hoa", None),
        ("xòe", ("hòa", "xoè")),
        ("của", None),
        ("", None),
    ],
)
def test_tone_fashion_table(word: str, found: tuple[str, str] | None):
    assert tone_fashion(word) == found


@pytest.mark.parametrize(
    ("text", "is_foreign"),
    [
        ("Which of the following is correct?", True),
        ("True", True),
        ("All of the above", True),
        ("Ứng dụng VNeID dùng mã OTP khi nào?", False),
        ("Bán hàng online trên Facebook bằng livestream", False),
        ("Cho em be than cho toi an com", False),
        ("", False),
    ],
)
def test_is_english_table(text: str, is_foreign: bool):
    assert is_english(text) == is_foreign


@pytest.mark.parametrize(
    ("text", "is_bare"),
    [
        ("Thu tuc hanh chinh la gi", True),
        ("Thủ tuc hanh chinh la gi", False),
        ("VNeID, OTP, SMS, PIN, QR", False),
        ("ba ngay", False),
    ],
)
def test_is_unmarked_table(text: str, is_bare: bool):
    assert is_unmarked(text) == is_bare
