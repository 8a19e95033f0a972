"""Lines end between words of Vietnamese, not between the syllables of one."""

import itertools
import unicodedata

import pytest

from bot.posters import facts_of
from bot.settings import Config
from handlers.catalogue import Catalogue
from handlers.units import Unit
from reports.banner_layout import banner_sheet
from reports.line_breaks import kept_together, pieces_of
from reports.poster_layout import poster_sheet
from reports.poster_texts import banner_of, poster_of
from reports.sheet import Room, Sheet, Words, fit, width_of

LISTED = ("mầm non", "văn hóa", "chuyển đổi số")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Trường Mầm non Phú Lương II", ("Trường", "Mầm non", "Phú Lương II")),
        ("Trường THCS Phú Lương", ("Trường", "THCS", "Phú Lương")),
        ("Phòng Văn hóa - Xã hội", ("Phòng", "Văn hóa", "-", "Xã", "hội")),
        ("phường Chuyển  đổi\nsố năm 2025", ("phường", "Chuyển đổi số", "năm 2025")),
        ("Khu (Nhân Trạch, Bắc Lãm)", ("Khu", "(Nhân Trạch,", "Bắc Lãm)")),
        ("mầm nonsense", ("mầm", "nonsense")),
        ("", ()),
    ],
)
def test_listed_words_names_and_numbers_are_pieces(text: str, pieces: tuple[str, ...]) -> None:
    for form in ("NFC", "NFD"):
        assert pieces_of(kept_together(unicodedata.normalize(form, text), LISTED)) == pieces


def test_a_word_that_no_line_holds_is_parted_and_not_made_smaller() -> None:
    size = 20.0
    room = Room(width_of("chuyển đổi", size), 3, size, size)

    fitted = fit(kept_together("chuyển đổi số", LISTED), room)

    assert (fitted.size, fitted.lines) == (size, ("chuyển", "đổi số"))


def lines_of(sheet: Sheet) -> list[str]:
    return [mark.text.casefold() for mark in sheet.marks if isinstance(mark, Words)]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("", ("cán bộ và người dân", "toàn phường")),
        ("Trường Mầm non Phú Lương II", ("trường mầm non", "phú lương ii")),
        ("Phòng Kinh tế, Hạ tầng và Đô thị", ("phòng kinh tế,", "hạ tầng và đô thị")),
    ],
)
def test_posters_part_no_word(config: Config, name: str, lines: tuple[str, ...]) -> None:
    facts = facts_of(config, "phuluong_bot", "")
    unit = Unit("A", "co-quan", name) if name else None

    shown = lines_of(poster_sheet(poster_of(facts, unit)))

    assert lines in list(itertools.pairwise(shown))


def test_the_contest_s_name_is_parted_between_words(config: Config, catalogue: Catalogue) -> None:
    facts = facts_of(config, "phuluong_bot", "")
    title = catalogue.text("contest.name").casefold()
    listed = [word.strip() for word in catalogue.text("poster.kept_together").split(",")]
    named = [word for word in listed if word in title]
    assert len(named) > 3

    for sheet in (poster_sheet(poster_of(facts)), banner_sheet(banner_of(facts))):
        shown = lines_of(sheet)
        assert [word for word in named if not any(word in line for line in shown)] == []
