import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.fields import (
    MAX_NAME,
    Refused,
    needs_guardian,
    read_born,
    read_decision,
    read_guess,
    read_letter,
    read_name,
    read_phone,
    read_place,
    read_reason,
    read_shared_phone,
    typed,
)
from scoring.attempt import MAX_GUESS

NO_NAME = Refused("register.name_invalid")
NO_BORN = Refused("register.born_invalid")
NO_PHONE = Refused("register.phone_invalid")
OLD_PHONE = Refused("register.phone_old")
NO_GUESS = Refused("paper.guess_invalid")

INVISIBLE = "\u200b\u200d\u2060\ufeff\u00ad\u202e\u2066\u2069\U000e0041\ufe0f"
WIDE = {ord(str(digit)): 0xFF10 + digit for digit in range(10)}


@st.composite
def spellings(draw: st.DrawFn, text: str) -> str:
    """The text as another keyboard or a trickster would send it."""
    form = draw(st.sampled_from(["NFC", "NFD"]))
    noise = st.sampled_from(["", "", "", *INVISIBLE])
    spoilt = "".join(each + draw(noise) for each in unicodedata.normalize(form, text))
    spoilt = spoilt.replace(" ", draw(st.sampled_from([" ", "  ", "\u00a0", "\u3000", "\n"])))
    wide = draw(st.booleans())
    return f" {spoilt.translate(WIDE) if wide else spoilt}\t"


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Hoa",
        "Đỗ Mười",
        "H'Hen Niê",
        "Trần Lê-Anh",
        "Lê A",
        "Y Moan Ênuôl",
        "K'Brêu K'Să",
        "Nguyễn T. An",
        "Nguyễn Hoàng Phương Thảo Vy Anh Thư",
        "LÝ THƯỜNG KIỆT",
        "Giàng A Páo",
        "Anna Maria Müller",
    ],
)
def test_name_of_real_shape_is_kept_as_typed(name: str):
    assert read_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Nguye\u0302\u0303n Thi\u0323 Hoa", "Nguyễn Thị Hoa", id="NFD"),
        pytest.param("Nguy\u00ea\u0303n Thị Hoa", "Nguyễn Thị Hoa", id="Windows-1258"),
        pytest.param("Ngu\u200byễn\u2060 Thị\ufeff Hoa", "Nguyễn Thị Hoa", id="zero-width"),
        pytest.param("\u202eNguyễn Thị Hoa", "Nguyễn Thị Hoa", id="RTL override"),
        pytest.param("Nguyễn\U000e0041\U000e007f Hoa", "Nguyễn Hoa", id="tag characters"),
        pytest.param("Ｎｇuyễn Hoa", "Nguyễn Hoa", id="full-width letters"),
        pytest.param("  Nguyễn \t\n Thị\u00a0\u3000Hoa ", "Nguyễn Thị Hoa", id="white space"),
        pytest.param("H’Hen Niê", "H'Hen Niê", id="curly apostrophe"),
        pytest.param("H‘Hen Niê", "H'Hen Niê", id="opening apostrophe"),
        pytest.param("HʼHen Niê", "H'Hen Niê", id="letter apostrophe"),
    ],
)
def test_t45_name_has_one_spelling(text: str, name: str):
    assert read_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<b>Hoa</b> An", id="markup"),
        pytest.param("/start Hoa", id="command"),
        pytest.param("*Hoa* An", id="asterisk"),
        pytest.param("Hoa_An Lê", id="underscore"),
        pytest.param("[x](tg://user?id=1) An", id="link"),
        pytest.param("Hoa & An", id="ampersand"),
        pytest.param("Hoa % An", id="percent"),
        pytest.param("Hoa {{ An }}", id="placeholder"),
        pytest.param('Hoa "An"', id="quotes"),
        pytest.param("Hoa 😀 An", id="emoji"),
        pytest.param("Hoa An 2", id="digit"),
        pytest.param("Hoa An ²", id="raised digit"),
        pytest.param("Hoa ½ An", id="fraction"),
        pytest.param("Hoa Ⅳ", id="Roman number sign"),
        pytest.param("Hoa ①", id="circled digit"),
        pytest.param("Hoa An" + "\u0301" * 10_000, id="10,000 combining marks"),
        pytest.param("Hoa A\u0363n", id="a mark no letter takes"),
        pytest.param("Nguyễn V\u0430n", id="T45 Cyrillic look-alike"),
        pytest.param("\u039dguyễn An", id="T45 Greek look-alike"),
        pytest.param("Иван Петров", id="Cyrillic"),
        pytest.param("阮 氏 花", id="Han"),
        pytest.param("Hoa", id="one word"),
        pytest.param("Ho\u200ba", id="one word with a gap unseen"),
        pytest.param("", id="empty"),
        pytest.param("\u200b \u3164", id="nothing seen"),
        pytest.param("- -", id="signs only"),
        pytest.param("Hoa -", id="sign at the end"),
        pytest.param("'Hoa An", id="sign at the beginning"),
        pytest.param("Hoa " + "A" * MAX_NAME, id="too long"),
        pytest.param("Hoa An" + " " * 400, id="more than is read"),
    ],
)
def test_t37_name_out_of_shape_is_refused(text: str):
    assert read_name(text) == NO_NAME


def test_name_of_most_signs():
    longest = "Hoa " + "A" * (MAX_NAME - 4)

    assert read_name(longest) == longest


@settings(deadline=None)
@given(st.data(), st.sampled_from(["Nguyễn Thị Hoa", "Đỗ Mười", "H'Hen Niê", "Trần Lê-Anh"]))
def test_t45_name_two_spellings_are_one(data: st.DataObject, name: str):
    assert read_name(data.draw(spellings(name))) == name


@settings(deadline=None)
@given(st.text(max_size=80))
def test_t37_name_taken_holds_no_markup(text: str):
    name = read_name(text)

    if isinstance(name, str):
        assert read_name(name) == name
        assert not set(name) & set('<>&*_[]()/%{}"`0123456789')
        assert name.isprintable()


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("1955", 1955),
        (" 1955 ", 1955),
        ("sinh năm 1955", 1955),
        ("02/09/1955", 1955),
        ("1955-09-02", 1955),
        ("2.9.1955", 1955),
        ("１９５５", 1955),
        ("19\u200b55", 1955),
        ("1900", 1900),
        ("2024", 2024),
    ],
)
def test_born_table(text: str, born: int):
    assert read_born(text, 2025, 0) == born


@pytest.mark.parametrize(
    "text",
    ["", "55", "1899", "2025", "2026", "3000", "1955 hoặc 1956", "19555", "02091955", "-", "năm"],
)
def test_born_refused(text: str):
    assert read_born(text, 2025, 0) == NO_BORN


@pytest.mark.parametrize(
    ("min_age", "latest"), [(0, 2024), (1, 2024), (6, 2019), (18, 2007)], ids=str
)
def test_born_border_of_the_minimum_age(min_age: int, latest: int):
    assert read_born(str(latest), 2025, min_age) == latest
    assert read_born(str(latest + 1), 2025, min_age) == NO_BORN


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "0912-345-678",
        "(0912) 345 678",
        "+84912345678",
        "+84 912 345 678",
        "84912345678",
        "0084912345678",
        "+84 (0) 912 345 678",
        "912345678",
        "Số của tôi: 0912345678",
        "０９１２３４５６７８",
        "0912\u200b345\u00a0678",
        "\u202e0912345678",
        "٠٩١٢٣٤٥٦٧٨",
    ],
)
def test_t45_phone_of_any_form_is_one(text: str):
    assert read_phone(text) == "+84912345678"


@pytest.mark.parametrize("prefix", ["032", "039", "052", "056", "070", "079", "081", "086", "096"])
def test_phone_of_every_carrier(prefix: str):
    assert read_phone(f"{prefix}2345678") == f"+84{prefix[1:]}2345678"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        pytest.param("0123 456 7890", OLD_PHONE, id="old 11 digits"),
        pytest.param("+84 1234567890", OLD_PHONE, id="old with the country's code"),
        pytest.param("841689999999", OLD_PHONE, id="old without a plus"),
        pytest.param("0168.999.9999", OLD_PHONE, id="old, dotted"),
        pytest.param("+1 202 555 0123", NO_PHONE, id="foreign"),
        pytest.param("+7 999 123 45 67", NO_PHONE, id="foreign mobile"),
        pytest.param("024 3383 1234", NO_PHONE, id="landline"),
        pytest.param("1900 1234", NO_PHONE, id="service number"),
        pytest.param("113", NO_PHONE, id="emergency"),
        pytest.param("091234567", NO_PHONE, id="a digit too few"),
        pytest.param("09123456789", NO_PHONE, id="a digit too many"),
        pytest.param("0012345678", NO_PHONE, id="no such prefix"),
        pytest.param("+", NO_PHONE, id="plus"),
        pytest.param("không có", NO_PHONE, id="words"),
        pytest.param("", NO_PHONE, id="empty"),
        pytest.param("9" * 10_000, NO_PHONE, id="10,000 digits"),
    ],
)
def test_phone_refused(text: str, refused: Refused):
    assert read_phone(text) == refused


@settings(deadline=None)
@given(st.data(), st.from_regex(r"09[0-46-8][0-9]{7}", fullmatch=True))
def test_t45_phone_two_spellings_are_one(data: st.DataObject, phone: str):
    spaced = f"{phone[:4]} {phone[4:7]} {phone[7:]}"

    assert read_phone(data.draw(spellings(spaced))) == read_phone(phone) == f"+84{phone[1:]}"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_t37_phone_of_any_text_is_refused_or_e164(text: str):
    phone = read_phone(text)

    if isinstance(phone, str):
        assert (phone[:3], len(phone), phone[1:].isascii()) == ("+84", 12, True)
        assert read_phone(phone) == phone


@pytest.mark.parametrize(
    ("phone", "read"),
    [
        ("84912345678", "+84912345678"),
        ("+84912345678", "+84912345678"),
        ("0912345678", "+84912345678"),
        ("12025550123", "+12025550123"),
        ("+7 999 123-45-67", "+79991234567"),
        ("842433831234", "+842433831234"),
        ("", NO_PHONE),
        ("abc", NO_PHONE),
        ("84", NO_PHONE),
    ],
)
def test_shared_phone_table(phone: str, read: str | Refused):
    assert read_shared_phone(phone) == read


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("007", 7),
        ("1.234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("12.345", 12_345),
        ("999.999", 999_999),
        ("1.000.000", 1_000_000),
        ("1000000", 1_000_000),
        ("１２０", 120),
        ("1\u200b20", 120),
        ("١٢٠", 120),
    ],
)
def test_guess_table(text: str, guess: int):
    assert read_guess(text) == guess


@pytest.mark.parametrize(
    "text",
    [
        "1e9",
        "~2000",
        "khoảng hai nghìn",
        "khoảng 2000",
        "2000 người",
        "1000001",
        "1.000.001",
        "999999999999",
        "-5",
        "+5",
        "1,234",
        "1.5",
        "1.2345",
        "12 34",
        "1..234",
        "0x10",
        "1_000",
        "²",
        "",
        "1\u0301",
        "9" * 10_000,
    ],
)
def test_guess_refused(text: str):
    assert read_guess(text) == NO_GUESS


@settings(deadline=None)
@given(st.data(), st.integers(0, MAX_GUESS))
def test_t45_guess_two_spellings_are_one(data: st.DataObject, guess: int):
    grouped = f"{guess:,}".replace(",", data.draw(st.sampled_from(["", " ", "."])))

    assert read_guess(data.draw(spellings(grouped))) == guess


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("a", 0),
        ("A.", 0),
        ("đáp án a", 0),
        ("1", 0),
        ("Đáp án: B", 1),
        ("câu trả lời a", 0),
        ("phương án D", 3),
        ("Chọn C.", 2),
        ("(c)", 2),
        ("câu b", 1),
        ("là B", 1),
        ("Đ", 3),
        ("e", 4),
        ("5", 4),
        ("ｂ", 1),
        ("B\u200b", 1),
        ("DAP AN B", 1),
        ("a\u0301", 0),
        ("1️⃣", 0),
    ],
)
def test_letter_table(text: str, choice: int):
    assert read_letter(text) == choice


@pytest.mark.parametrize(
    "text",
    ["", "f", "6", "0", "10", "ab", "a b", "A hoặc B", "đáp án", "an", "không", "а", "😀"],
)
def test_letter_none(text: str):
    assert read_letter(text) is None


@settings(deadline=None)
@given(st.data(), st.sampled_from("abcde"), st.sampled_from(["", "đáp án ", "Câu trả lời "]))
def test_t45_letter_two_spellings_are_one(data: st.DataObject, letter: str, words: str):
    text = data.draw(spellings(words + data.draw(st.sampled_from([letter, letter.upper()]))))

    assert read_letter(text) == "abcde".index(letter)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("5", 5),
        ("câu 5", 5),
        ("câu 5.", 5),
        ("Câu  05", 5),
        ("１５", 15),
        ("15", 15),
        ("0", None),
        ("16", None),
        ("câu", None),
        ("", None),
        ("5 6", None),
        ("-5", None),
        ("100", None),
        ("năm", None),
    ],
)
def test_place_table(text: str, place: int | None):
    assert read_place(text, 15) == place


@pytest.mark.parametrize(("born", "needs"), [(2009, False), (2010, True), (2024, True)])
def test_needs_guardian_border(born: int, needs: bool):
    assert needs_guardian(born, 2025) is needs


@settings(deadline=None)
@given(st.text())
def test_t37_any_text_is_bounded_and_clean(text: str):
    assert len(typed(text)) <= 400
    assert typed(typed(text)) == typed(text)


@settings(deadline=None)
@given(st.text(max_size=50))
def test_t37_any_text_is_read_or_refused(text: str):
    assert type(read_name(text)) in {str, Refused}
    assert type(read_born(text, 2025, 0)) in {int, Refused}
    assert type(read_shared_phone(text)) in {str, Refused}
    assert type(read_guess(text)) in {int, Refused}
    assert read_letter(text) in {None, 0, 1, 2, 3, 4}
    assert read_place(text, 15) in {None, *range(1, 16)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chuyển công tác", "Chuyển công tác"),
        ("  nghỉ   hưu  ", "nghỉ hưu"),
        ("Quyết định 12/QĐ-UBND ngày 01/12/2025", "Quyết định 12/QĐ-UBND ngày 01/12/2025"),
        ("abcd", Refused("staff.reason_invalid")),
        ("x" * 201, Refused("staff.reason_invalid")),
        ("gọi 0912 345 678", Refused("staff.reason_invalid")),
        ("gọi 0912345678", Refused("staff.reason_invalid")),
        ("gọi +84.912.345.678", Refused("staff.reason_invalid")),
    ],
)
def test_t42_reason_is_words_without_a_phone(text: str, expected: object):
    assert read_reason(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/QĐ-UBND", "12/QĐ-UBND"),
        (" 12/QĐ-UBND ", "12/QĐ-UBND"),
        ("QĐ 07.2025", "QĐ 07.2025"),
        ("không nhớ", Refused("staff.decision_invalid")),
        ("", Refused("staff.decision_invalid")),
        ("=1+1", Refused("staff.decision_invalid")),
        ("1" * 61, Refused("staff.decision_invalid")),
    ],
)
def test_decision_is_a_number_as_offices_write_it(text: str, expected: object):
    assert read_decision(text) == expected
