import ctypes
import io
import itertools
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import segno
import zxingcpp
from PIL import Image

from bot.files import load_units
from bot.posters import facts_of
from bot.settings import Config
from handlers.catalogue import Catalogue
from handlers.units import Unit, Units
from reports.banner_layout import banner_sheet
from reports.codes import squares_of
from reports.poster_layout import EDGE, HEIGHT, LEAST_SIDE, WIDTH, poster_sheet
from reports.poster_texts import PosterFacts, banner_of, poster_of, telegram_link
from reports.posters import (
    Poster,
    banner_pdf,
    banner_png,
    code_png,
    poster_png,
    posters_pdf,
)
from reports.sheet import Box, Code, Room, Sheet, Words, fit, width_of

DPI = 150
POINTS_PER_INCH = 72
BOT, ZALO = "phuluong_bot", "https://zalo.me/1234567890?unit={unit}"
SIZES = {"a4": (595.28, 841.89), "a5": (419.53, 595.28)}
LONG = Unit(
    "UB-MTTQ-PHU-LUONG-01",
    "co-quan",
    "Ủy ban Mặt trận Tổ quốc Việt Nam và các tổ chức chính trị - xã hội, nghề nghiệp phường",
    "trụ sở cũ của Ủy ban nhân dân xã, cạnh Nhà văn hóa và sân bóng của thôn",
)
ENDLESS = Unit("E", "co-quan", "Đ" * 120, "Ổ" * 120)


@pytest.fixture(scope="module")
def units(config: Config) -> Units:
    return load_units(config)


@pytest.fixture(scope="module")
def facts(config: Config) -> PosterFacts:
    return facts_of(config, BOT, ZALO)


@pytest.fixture(scope="module")
def posters(facts: PosterFacts, units: Units) -> list[Poster]:
    """The ward's, those of all units, and of two that have too long names."""
    return [poster_of(facts, unit) for unit in (None, *units.units, LONG, ENDLESS)]


def pages_of(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        yield document[number]


def codes_in(picture: Image.Image) -> list[str]:
    """Links of the codes, from the left."""
    found = zxingcpp.read_barcodes(picture)
    return [one.text for one in sorted(found, key=lambda one: one.position.top_left.x)]


def code_of_unit(link: str) -> str:
    return parse_qs(urlsplit(link).query).get("start", [""])[0]


@pytest.mark.parametrize("mode", ["RGB", "L"], ids=["colour", "grey"])
@pytest.mark.parametrize("size", ["a4", "a5"])
def test_codes_of_every_page_lead_to_the_bot_and_its_unit(
    posters: list[Poster], units: Units, size: Any, mode: str
) -> None:
    pages = list(pages_of(posters_pdf(posters, size)))

    read = [
        codes_in(page.render(scale=DPI / POINTS_PER_INCH).to_pil().convert(mode)) for page in pages
    ]

    assert read == [[door.link for door in poster.doors] for poster in posters]
    found = [units.find(code_of_unit(links[0])) for links in read]
    assert found == [None, *units.units, None, None]
    assert read[1] == [
        f"https://t.me/{BOT}?start=TDP-06",
        "https://zalo.me/1234567890?unit=TDP-06",
    ]
    assert read[0] == [f"https://t.me/{BOT}", "https://zalo.me/1234567890?unit="]


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_codes_of_a_creased_poster_are_read(facts: PosterFacts, units: Units, size: Any) -> None:
    """A patch lost from the middle of each code: level H gives back three tenths."""
    poster = poster_of(facts, units.units[0])
    (page,) = pages_of(posters_pdf([poster], size))
    picture = page.render(scale=DPI / POINTS_PER_INCH).to_pil()
    scale = picture.width / WIDTH
    for mark in poster_sheet(poster).marks:
        if isinstance(mark, Code):
            left, top = (mark.x + mark.side * 0.43) * scale, (mark.y + mark.side * 0.43) * scale
            side = round(mark.side * 0.14 * scale)
            picture.paste((255, 255, 255), (int(left), int(top), int(left) + side, int(top) + side))

    assert codes_in(picture) == [door.link for door in poster.doors]


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_pages_have_the_size_of_the_paper(posters: list[Poster], size: Any) -> None:
    for page in pages_of(posters_pdf(posters[:3], size)):
        assert page.get_size() == pytest.approx(SIZES[size], abs=0.01)


def test_text_of_posters_can_be_taken_out_again(posters: list[Poster]) -> None:
    pages = list(pages_of(posters_pdf(posters, "a4")))

    for poster, page in zip(posters, pages, strict=True):
        read = page.get_textpage().get_text_bounded()
        text = "".join(read.split())
        said = (
            poster.title,
            poster.invitation,
            poster.whom.upper(),
            poster.place,
            poster.window,
            poster.heading,
            poster.hotline,
            *(door.name for door in poster.doors),
            *(door.typed for door in poster.doors),
        )
        missing = [one for one in said if "".join(one.split()) not in text]
        assert missing == []
        assert read == unicodedata.normalize("NFC", read)


def test_letters_with_loose_marks_are_joined(facts: PosterFacts) -> None:
    loose = unicodedata.normalize("NFD", "Tổ dân phố Thượng Mạo")
    poster = poster_of(facts, Unit("A", "b", loose))

    (page,) = pages_of(posters_pdf([poster], "a4"))

    assert "TỔ DÂN PHỐ THƯỢNG MẠO" in page.get_textpage().get_text_bounded()


def test_every_vietnamese_letter_is_printed(vietnamese_letters: str, facts: PosterFacts) -> None:
    words = " ".join(vietnamese_letters)
    poster = replace(poster_of(facts), title=words)

    (page,) = pages_of(posters_pdf([poster], "a4"))

    text = "".join(page.get_textpage().get_text_bounded().split())
    assert vietnamese_letters in text


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_all_fonts_are_inside(posters: list[Poster], size: Any) -> None:
    pdf = posters_pdf(posters, size)

    fonts = {font for page in pages_of(pdf) for font in fonts_of(page)}

    assert fonts == {("BeVietnamPro-Bold", True)}
    # Those that are listed and not used would worry a print shop, too.
    assert pdf.count(b"/BaseFont") == 1
    assert b"Helvetica" not in pdf


def fonts_of(page: pypdfium2.PdfPage) -> set[tuple[str, bool]]:
    """Names of the fonts of a page's texts, and whether they are inside."""
    found = set()
    for one in page.get_objects([pdfium.FPDF_PAGEOBJ_TEXT]):
        font = pdfium.FPDFTextObj_GetFont(one.raw)
        name = ctypes.create_string_buffer(100)
        pdfium.FPDFFont_GetBaseFontName(font, name, 100)
        is_embedded = pdfium.FPDFFont_GetIsEmbedded(font) == 1
        found.add((name.value.decode().rpartition("+")[2], is_embedded))
    return found


def box_of(mark: Words) -> tuple[float, float]:
    wide = width_of(mark.text, mark.size)
    left = {"left": mark.x, "center": mark.x - wide / 2, "right": mark.x - wide}[mark.anchor]
    return left, left + wide


def test_no_text_runs_out_of_its_sheet(posters: list[Poster]) -> None:
    for poster in posters:
        for mark in poster_sheet(poster).marks:
            if isinstance(mark, Words):
                left, right = box_of(mark)
                assert left >= EDGE + 6, mark
                assert right <= WIDTH - EDGE - 6, mark
                assert EDGE <= mark.y <= HEIGHT - EDGE - 6, mark


def test_lines_follow_each_other_and_do_not_meet(posters: list[Poster]) -> None:
    """In the middle column, from the top: each baseline is below the one before by its size."""
    for poster in posters:
        lines = [
            mark
            for mark in poster_sheet(poster).marks
            if isinstance(mark, Words) and mark.x == WIDTH / 2
        ]
        for before, after in itertools.pairwise(lines):
            assert after.y - before.y >= 0.99 * after.size


@pytest.mark.parametrize("is_zalo", [False, True])
def test_codes_are_large_and_keep_their_quiet_zone(posters: list[Poster], *, is_zalo: bool) -> None:
    for poster in posters:
        shown = poster if is_zalo else replace(poster, doors=poster.doors[:1])
        sheet = poster_sheet(shown)
        codes = [mark for mark in sheet.marks if isinstance(mark, Code)]

        assert len(codes) == len(shown.doors)
        for code in codes:
            assert code.side >= LEAST_SIDE
            runs = list(code.runs())
            quiet = 4 * code.square
            assert min(x for x, _, _ in runs) == pytest.approx(code.x + quiet)
            assert max(x + wide for x, _, wide in runs) == pytest.approx(code.x + code.side - quiet)
            assert min(y for _, y, _ in runs) == pytest.approx(code.y + quiet)
            assert max(y for _, y, _ in runs) + code.square == pytest.approx(
                code.y + code.side - quiet
            )
            assert marks_over(sheet, code) == []


def marks_over(sheet: Sheet, code: Code) -> list[object]:
    """What stands in a code's place or its quiet zone."""
    found: list[object] = []
    for mark in sheet.marks:
        if isinstance(mark, Words):
            left, right = box_of(mark)
            top, bottom = mark.y - 0.8 * mark.size, mark.y + 0.27 * mark.size
        elif isinstance(mark, Box) and not mark.thick:
            left, right, top, bottom = mark.x, mark.x + mark.width, mark.y, mark.y + mark.height
        else:
            continue
        beside = right <= code.x or left >= code.x + code.side
        if not (beside or bottom <= code.y or top >= code.y + code.side):
            found.append(mark)
    return found


def test_codes_are_of_the_highest_level() -> None:
    link = telegram_link(BOT, "TDP-06")

    expected = segno.make_qr(link, error="H", boost_error=False)

    assert expected.error == "H"
    assert squares_of(link) == tuple(tuple(map(bool, row)) for row in expected.matrix)


def test_code_runs_give_back_the_squares() -> None:
    squares = squares_of("https://t.me/phuluong_bot")
    code = Code(0, 0, float(len(squares) + 8), squares, "")

    painted = {
        (round(x) + step, round(y)) for x, y, wide in code.runs() for step in range(round(wide))
    }

    assert code.square == 1.0
    assert painted == {
        (x + 4, y + 4) for y, row in enumerate(squares) for x, is_dark in enumerate(row) if is_dark
    }


def test_pictures_of_posters_can_be_read_when_a_chat_shrinks_them(
    facts: PosterFacts, units: Units
) -> None:
    poster = poster_of(facts, units.units[0])

    picture = Image.open(io.BytesIO(poster_png(poster)))

    assert picture.size == (1_240, 1_754)
    shrunk = picture.convert("L").resize((905, 1_280))
    for one in (picture, shrunk):
        assert codes_in(one) == [door.link for door in poster.doors]


def test_code_alone_can_be_read_with_its_quiet_zone() -> None:
    link = telegram_link(BOT, "TDP-06")

    picture = Image.open(io.BytesIO(code_png(link)))

    assert codes_in(picture) == [link]
    width = picture.width // 16
    assert picture.size == (16 * (len(squares_of(link)) + 8),) * 2
    assert picture.convert("L").crop((0, 0, 16 * width, 4 * 16)).getextrema() == (255, 255)


def test_banner_leads_to_the_bot_as_picture_and_as_page(facts: PosterFacts) -> None:
    banner = banner_of(facts)

    picture = Image.open(io.BytesIO(banner_png(banner)))
    (page,) = pages_of(banner_pdf(banner))

    assert picture.size == (1_200, 300)
    assert page.get_size() == (1_200, 300)
    for one in (picture, page.render(scale=1).to_pil(), picture.convert("L")):
        assert codes_in(one) == [f"https://t.me/{BOT}"]
    text = "".join(page.get_textpage().get_text_bounded().split())
    for said in (banner.title, banner.window, banner.call):
        assert "".join(said.split()) in text


def test_banner_holds_its_words(facts: PosterFacts) -> None:
    banner = replace(banner_of(facts), title="Cuộc thi rất dài " * 20)
    for mark in banner_sheet(banner).marks:
        if isinstance(mark, Words):
            left, right = box_of(mark)
            assert left >= 24
            assert right <= 1_200 - 252 - 24
            assert 0 < mark.y < 300


def test_files_are_the_same_every_time(facts: PosterFacts, units: Units) -> None:
    poster, banner = poster_of(facts, units.units[0]), banner_of(facts)
    makers: list[Callable[[], bytes]] = [
        lambda: posters_pdf([poster], "a4"),
        lambda: posters_pdf([poster], "a5"),
        lambda: poster_png(poster),
        lambda: banner_pdf(banner),
        lambda: banner_png(banner),
        lambda: code_png(poster.doors[0].link),
    ]

    for make in makers:
        assert make() == make()


def test_codes_open_their_links_when_pressed_on_a_screen(facts: PosterFacts, units: Units) -> None:
    poster = poster_of(facts, units.units[0])

    pdf = posters_pdf([poster], "a4")

    assert [pdf.count(f"({door.link})".encode()) for door in poster.doors] == [1, 1]


def test_poster_says_what_the_contest_is(facts: PosterFacts, catalogue: Catalogue) -> None:
    poster = poster_of(facts, Unit("TDP-06", "to-dan-pho", "Tổ dân phố 6", "Nhân Trạch"))

    assert poster.title == catalogue.text("contest.name")
    assert (poster.whom, poster.place) == ("Tổ dân phố 6", "Nhân Trạch")
    assert poster.window == ("Từ 07 giờ 00 phút ngày 08/12/2025 đến 24 giờ 00 phút ngày 14/12/2025")
    assert poster.steps == ("Quét mã", "Đăng ký 2 phút", "Trả lời 15 câu")
    assert [(door.name, door.typed) for door in poster.doors] == [
        ("Telegram", "t.me/phuluong_bot"),
        ("Zalo", "zalo.me/1234567890"),
    ]
    assert poster.hotline.endswith(catalogue.text("contest.hotline"))


def test_poster_without_zalo_has_one_door(facts: PosterFacts) -> None:
    assert [door.name for door in poster_of(replace(facts, zalo="")).doors] == ["Telegram"]


@pytest.mark.parametrize("text", ["Kho", "Tổ dân phố Bắc Lãm", "Đ" * 200, "chữ " * 100, "một hai"])
def test_fitted_text_keeps_its_room(text: str) -> None:
    rooms = Room(200, 1, 40, 30), Room(200, 3, 30, 12)

    fitted = fit(text, *rooms)

    assert len(fitted.lines) <= 3
    assert all(width_of(line, fitted.size) <= 200.01 for line in fitted.lines)
    assert " ".join(fitted.lines).split() == text.split()


def test_fitted_text_takes_the_first_room_that_holds_it() -> None:
    rooms = Room(500, 1, 40, 30), Room(500, 2, 28, 10)

    assert fit("Tổ dân phố 6", *rooms).size == 40
    assert fit("Tổ dân phố Bắc Lãm, Phú Lương cũ", *rooms).size == 28


def test_fitted_lines_are_about_as_long() -> None:
    fitted = fit("Từ 07 giờ 00 phút ngày 08/12 đến 24 giờ 00", Room(400, 2, 24, 12))

    assert fitted.lines == ("Từ 07 giờ 00 phút ngày", "08/12 đến 24 giờ 00")
