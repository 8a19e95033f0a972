import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.text import clean, fold, has_mixed_scripts, mark_run

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u202e\u2066\u2069\u061c\U000e0041\ufe0f\x00"
# Vietnamese letters, and everything T45 names
letters = st.sampled_from("aàảãáạăằâầấđĐeêềệiioôồơờuưừựyỳAZ 059")
strange = st.sampled_from(
    [*INVISIBLE, *"\t\n\u00a0\u3000\u2028\u0301\u0323\uff15\uff21\u0665\ue000𝐀ﬁ"]
)
any_text = st.text(letters | strange | st.characters(), max_size=30)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("Nguye\u0302\u0303n", "Nguyễn", id="T45 NFD"),
        pytest.param("Nguy\u00ea\u0303n", "Nguyễn", id="T45 Windows-1258"),
        pytest.param("N\u200bgu\u2060y\ufeffễn", "Nguyễn", id="T45 zero-width"),
        pytest.param("an\u202enA\u2066x\u2069", "annAx", id="T45 bidi"),
        pytest.param("a\U000e0061\U000e007fb", "ab", id="T45 tag characters"),
        pytest.param("a\ufe0f\U000e0100b\u180b", "ab", id="T45 variation selectors"),
        pytest.param("０９１２", "0912", id="T45 full-width digits"),
        pytest.param("Ｈｏａ＋", "Hoa+", id="T45 full-width letters"),
        pytest.param("٠٩१𝟛", "0913", id="T45 other decimal digits"),
        pytest.param("𝐇𝓸𝕒", "Hoa", id="letters in disguise"),
        pytest.param("m² ½ ①", "m² ½ ①", id="other numbers stay"),
        pytest.param("a\x00\x07\x1b\x7f\x9fb", "ab", id="T45 controls"),
        pytest.param("a\tb\r\n\n c\x85d", "a b c d", id="breaks become one space"),
        pytest.param("\u3000 a\u00a0\u2003b\u2028c\u2800 ", "a b c", id="white space"),
        pytest.param("\u3164\u115f\uffa0", "", id="fillers"),
        pytest.param("a\ue000\uffff\ud800\U0010ffffb", "ab", id="private, unassigned, surrogate"),
        pytest.param("e\u200d\u0302", "ê", id="a mark joins when nothing is between"),
        pytest.param("Đặng Thị Hoà 😀", "Đặng Thị Hoà 😀", id="honest text stays"),
        pytest.param("", "", id="empty"),
    ],
)
def test_clean_table(text: str, cleaned: str):
    assert clean(text) == cleaned


@given(any_text)
def test_clean_twice_is_clean_once(text: str):
    assert clean(clean(text)) == clean(text)


@given(any_text)
def test_fold_twice_is_fold_once(text: str):
    assert fold(fold(text)) == fold(text) == fold(clean(text))


def test_clean_every_character_is_stable():
    for code in range(sys.maxunicode + 1):
        text = f"a{chr(code)}b"
        cleaned = clean(text)
        assert clean(cleaned) == cleaned, hex(code)
        assert unicodedata.is_normalized("NFC", cleaned), hex(code)


@given(any_text)
def test_clean_leaves_nothing_unseen(text: str):
    categories = {unicodedata.category(each) for each in clean(text)}

    assert not categories & {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
    assert clean(text).split(" ") == clean(text).split() or clean(text) == ""


@given(st.text(letters, max_size=20), st.data())
def test_spellings_of_one_text_are_one(text: str, data: st.DataObject):
    spoilt = "".join(
        each + data.draw(st.sampled_from(["", *INVISIBLE]))
        for each in unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), text)
    )
    wide = spoilt.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})

    assert clean(wide) == clean(text)
    assert fold(f" {wide}\u3000") == fold(text)
    assert fold(text.upper()) == fold(text)


@pytest.mark.parametrize(
    ("one", "two", "key"),
    [
        ("Đặng", "DANG", "dang"),
        ("hòa", "hoà", "hoa"),
        ("Ðức", "Đức", "duc"),
        ("Tổ  dân phố\t7", "to dan pho ７", "to dan pho 7"),
        ("Nguyễn\u00a0Thị", "nguye\u0302\u0303n thi", "nguyen thi"),
        ("Straße", "STRASSE", "strasse"),
        ("İ", "i", "i"),
        ("\u0301", "", ""),
    ],
)
def test_fold_table(one: str, two: str, key: str):
    assert (fold(one), fold(two)) == (key, key)


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("Nguyễn Văn An", False),
        ("Nguyễn V\u0430n", True),
        ("\u0410n", True),
        ("\u039dguyễn", True),
        ("An \u0410", True),
        ("Иван", False),
        ("Ωμέγα", False),
        ("Điện trở 5 Ω", False),
        ("ｎguyễn \u0455", True),
        ("", False),
    ],
)
def test_has_mixed_scripts_table(text: str, mixed: bool):
    assert has_mixed_scripts(text) == mixed


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("Nguyễn", 0),
        ("Nguye\u0302\u0303n", 0),
        ("x\u0301", 1),
        ("Z\u0300\u0301\u0302a\u0363b", 3),
        ("", 0),
    ],
)
def test_mark_run_table(text: str, run: int):
    assert mark_run(text) == run
