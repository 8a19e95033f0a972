import pytest

from question_bank.old_encodings import old_encoding

# every letter with a mark
UNICODE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
TCVN3 = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ®"
VNI = [
    "aø",
    "aù",
    "aû",
    "aõ",
    "aï",
    "aê",
    "aè",
    "aé",
    "aú",
    "aü",
    "aë",
    "aâ",
    "aà",
    "aá",
    "aå",
    "aã",
    "aä",
    "eø",
    "eù",
    "eû",
    "eõ",
    "eï",
    "eâ",
    "eà",
    "eá",
    "eå",
    "eã",
    "eä",
    "ì",
    "í",
    "æ",
    "ó",
    "ò",
    "oø",
    "où",
    "oû",
    "oõ",
    "oï",
    "oâ",
    "oà",
    "oá",
    "oå",
    "oã",
    "oä",
    "ô",
    "ôø",
    "ôù",
    "ôû",
    "ôõ",
    "ôï",
    "uø",
    "uù",
    "uû",
    "uõ",
    "uï",
    "ö",
    "öø",
    "öù",
    "öû",
    "öõ",
    "öï",
    "yø",
    "yù",
    "yû",
    "yõ",
    "î",
    "ñ",
]
TEXTS = [
    "Thủ tục hành chính được giải quyết trong bao nhiêu ngày?",
    "Nghị quyết số 57-NQ/TW của Bộ Chính trị",
    "Người dân nộp hồ sơ ở đâu khi đăng ký khai sinh cho con?",
    "Đề án 06 hướng tới mấy nhóm tiện ích?",
]


def typed(text: str, letters: dict[str, str]) -> str:
    return "".join(letters.get(each, letters.get(each.lower(), each)) for each in text)


@pytest.mark.parametrize("text", TEXTS)
def test_old_encoding_table(text: str):
    tcvn3 = typed(text, dict(zip(UNICODE, TCVN3, strict=True)))
    vni = typed(text, dict(zip(UNICODE, VNI, strict=True)))
    broken = text.encode().decode("cp1252", "replace")

    found = [old_encoding(each) for each in (text, tcvn3, vni, broken)]

    assert found == [None, "TCVN3", "VNI", "UTF-8"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123 456",
        "Zalo® và Viber® được dùng nhiều",
        "hoà bình, khoẻ mạnh, thuỷ lợi, toả sáng, hoá đơn, loà xoà, oái oăm, ngoáy",
        "«Công dân số» là gì? · 25°C · 10 m² · ½",
        "Ông Müller ở Köln nói gì về chuyển đổi số ở Việt Nam năm 2025 và sau đó?",
    ],
)
def test_old_encoding_leaves_unicode_alone(text: str):
    assert old_encoding(text) is None
