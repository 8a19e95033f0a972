"""Reports of one unit and of all, read back: their look (Decree 30/2020) and their figures."""

import io
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from handlers.rendering import Rendering
from handlers.units import Unit, Units
from reports.cells import cell_text
from reports.sums import Sums, UnitFigures
from reports.unit_report import Figures, unit_report, ward_report
from scoring.instant import Instant, day_of
from tests.reports.crowd import (
    BLOCKS,
    CLOSES,
    MIN_ANSWERS,
    OPENS,
    Crowd,
    rendering_of,
    scope_of,
    shipped_rendering,
    shipped_tables,
    units_of,
)

SIZES = (3, 12, 60)


@pytest.fixture(scope="session")
def rendering() -> Rendering:
    return shipped_rendering()


def sums_of(crowd: Crowd) -> Sums:
    sums = Sums(CLOSES)
    for person in crowd.listed():
        sums.take_person(person)
    for attempt in crowd.attempts():
        sums.take_attempt(attempt)
    return sums


def lines_of(crowd: Crowd) -> tuple[UnitFigures, ...]:
    return sums_of(crowd).units(crowd.units, "?")


def figures_of(crowd: Crowd, unit: str | None = None, chart: bytes | None = None) -> Figures:
    at = scope_of(crowd).at
    return Figures(sums_of(crowd).days(OPENS, at, unit), at, MIN_ANSWERS, chart)


def of_unit(rendering: Rendering, crowd: Crowd, at: int = 0, chart: bytes | None = None) -> Any:
    unit, line = crowd.units.units[at], lines_of(crowd)[at].line
    figures = figures_of(crowd, unit.code, chart)
    return read(unit_report(rendering, crowd.units, unit, line, figures))


def of_ward(rendering: Rendering, crowd: Crowd) -> Any:
    return read(ward_report(rendering, lines_of(crowd), figures_of(crowd)))


def read(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def texts_of(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]


def cells_of(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.fixture(scope="module", params=SIZES)
def crowd(request: pytest.FixtureRequest) -> Crowd:
    return Crowd(units_of(request.param), people=10 * request.param)


@pytest.fixture(scope="module")
def lines(crowd: Crowd) -> tuple[UnitFigures, ...]:
    return lines_of(crowd)


@pytest.fixture(scope="module")
def unit_paper(rendering: Rendering, crowd: Crowd) -> Any:
    return of_unit(rendering, crowd)


@pytest.fixture(scope="module")
def ward_paper(rendering: Rendering, crowd: Crowd) -> Any:
    return of_ward(rendering, crowd)


def test_the_page_is_that_of_an_official_paper(unit_paper: Any, ward_paper: Any):
    for document in (unit_paper, ward_paper):
        (section,) = document.sections
        size = (section.page_width, section.page_height)
        top, bottom = round(section.top_margin.mm), round(section.bottom_margin.mm)
        left, right = round(section.left_margin.mm), round(section.right_margin.mm)
        number = section.header.paragraphs[0]
        normal = document.styles["Normal"]
        assert [round(one.mm) for one in size] == [210, 297]
        assert (20 <= top <= 25, 20 <= bottom <= 25) == (True, True)
        assert (30 <= left <= 35, 15 <= right <= 20) == (True, True)
        assert section.different_first_page_header_footer
        assert number.alignment is WD_ALIGN_PARAGRAPH.CENTER
        assert 'w:instr="PAGE"' in number._p.xml
        assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(14))


def test_every_letter_is_of_one_face_and_of_a_size_that_the_decree_allows(ward_paper: Any):
    tables = [cell for table in ward_paper.tables for row in table.rows for cell in row.cells]
    paragraphs = [*ward_paper.paragraphs, *(one for cell in tables for one in cell.paragraphs)]

    runs = [run for paragraph in paragraphs for run in paragraph.runs if run.text.strip()]

    assert {run.font.name for run in runs} == {"Times New Roman"}
    assert {run.font.size for run in runs} == {None, Pt(14), Pt(13), Pt(12), Pt(11)}


def test_the_head_has_nation_and_motto_on_the_right(unit_paper: Any):
    left, right = unit_paper.tables[0].rows[0].cells

    assert [one.text for one in left.paragraphs if one.text] == [
        "PHƯỜNG PHÚ LƯƠNG",
        "TỔ DÂN PHỐ 1 (NHÂN TRẠCH)",
        "Số:        /BC-",
    ]
    assert [one.text for one in right.paragraphs if one.text] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Phú Lương, ngày      tháng      năm 2025",
    ]
    heads = [right.paragraphs[at].runs[0] for at in (0, 1)]
    assert [(one.bold, one.font.size) for one in heads] == [(True, Pt(12)), (True, Pt(13))]
    ruled = [one for cell in (left, right) for one in cell.paragraphs if "w:pBdr" in one._p.xml]
    assert len(ruled) == 2


def test_a_unit_s_report_tells_people_and_attempts_and_the_target(
    unit_paper: Any, lines: tuple[UnitFigures, ...]
):
    line = lines[0].line
    count = line.count

    texts = texts_of(unit_paper)

    assert count.people > 0
    people = f"{count.people} người, trong số {count.registered} người đã đăng ký."
    assert f"Số người tham gia: {people}" in texts
    assert f"Số lượt tham gia: {count.attempts} lượt." in texts
    (target,) = [text for text in texts if text.startswith("Chỉ tiêu được giao: 50 người.")]
    assert f"còn thiếu {line.missing} người" in target
    assert any(text.startswith(f"Xếp thứ {line.place} trong {line.of} đơn vị") for text in texts)


@pytest.mark.parametrize(
    ("people", "told"),
    [
        (49, "Chưa đạt chỉ tiêu (98%), còn thiếu 1 người."),
        (50, "Đã đạt chỉ tiêu (100%)."),
        (1_333, "Đã đạt chỉ tiêu (2666%)."),
        (0, "Chưa đạt chỉ tiêu (0%), còn thiếu 50 người."),
    ],
)
def test_the_target_at_its_border(rendering: Rendering, people: int, told: str):
    crowd = Crowd(units_of(3), people=3)
    line = lines_of(crowd)[0].line
    count = replace(line.count, people=people)
    reached = replace(line, count=count, missing=max(0, 50 - people))

    content = unit_report(rendering, crowd.units, crowd.units.units[0], reached, figures_of(crowd))

    assert f"Chỉ tiêu được giao: 50 người. {told}" in texts_of(read(content))


@pytest.mark.parametrize(
    ("people", "target", "share"),
    [(2, 3, "66,7%"), (1, 3, "33,3%"), (1, 8, "12,5%"), (1999, 2000, "99,9%"), (9, 8, "112,5%")],
)
def test_a_share_is_to_the_nearest_tenth_and_never_the_whole_too_soon(
    rendering: Rendering, people: int, target: int, share: str
):
    crowd = Crowd(units_of(3), people=3)
    line = lines_of(crowd)[0].line
    given = replace(line, target=target, count=replace(line.count, people=people))

    content = unit_report(rendering, crowd.units, crowd.units.units[0], given, figures_of(crowd))

    assert any(f"({share})" in text for text in texts_of(read(content)))


def test_a_unit_without_a_target_is_told_so(rendering: Rendering):
    crowd = Crowd(units_of(12), people=30)
    at = next(at for at, unit in enumerate(crowd.units.units) if not unit.target)

    texts = texts_of(of_unit(rendering, crowd, at))

    assert "Đơn vị không được giao chỉ tiêu về số người tham gia." in texts


def test_days_are_a_table_with_a_total(
    unit_paper: Any, crowd: Crowd, lines: tuple[UnitFigures, ...]
):
    unit, line = crowd.units.units[0], lines[0].line

    head, *rows, total = cells_of(unit_paper.tables[1])

    assert head == [
        "Ngày",
        "Người đăng ký mới",
        "Người tham gia mới",
        "Lượt tham gia trong ngày",
        "Cộng dồn người tham gia",
    ]
    assert [row[0] for row in rows] == [f"{day:02}/12/2025" for day in range(7, 15)]
    registered = [day_of(one.registered_at) for one in crowd.listed() if one.unit == unit.code]
    first = day_of(Instant(OPENS)) - 1
    assert [int(row[1]) for row in rows] == [registered.count(first + at) for at in range(8)]
    count = line.count
    wanted = [str(one) for one in (count.registered, count.people, count.attempts)]
    assert total == ["Tổng cộng", *wanted, ""]
    assert sum(int(row[2]) for row in rows) == int(rows[-1][4]) == count.people


@pytest.mark.parametrize(("at", "signer"), [(0, "TỔ TRƯỞNG"), (2, "THỦ TRƯỞNG ĐƠN VỊ")])
def test_who_signs_follows_from_the_block(rendering: Rendering, at: int, signer: str):
    crowd = Crowd(units_of(3), people=9)

    left, right = of_unit(rendering, crowd, at).tables[-1].rows[0].cells

    title = crowd.units.units[at].title
    assert [one.text for one in right.paragraphs] == [signer, "(Ký, ghi rõ họ tên)"]
    assert [one.text for one in left.paragraphs] == ["Nơi nhận:", "- Như trên;", f"- Lưu: {title}."]


def test_a_chart_is_set_in_where_it_is_given(rendering: Rendering):
    crowd, buffer = Crowd(units_of(3), people=9), io.BytesIO()
    Image.new("RGB", (80, 40)).save(buffer, "png")

    with_chart = of_unit(rendering, crowd, chart=buffer.getvalue())
    without = of_unit(rendering, crowd)

    (picture,) = with_chart.inline_shapes
    assert picture.width <= Cm(16)
    assert "Biểu đồ: số người tham gia theo ngày" in texts_of(with_chart)
    assert len(without.inline_shapes) == 0


def test_the_ward_s_report_has_every_unit_in_its_block(
    ward_paper: Any, lines: tuple[UnitFigures, ...]
):
    _, _, _, units, _ = ward_paper.tables

    head, *rows, total = cells_of(units)
    assert head[:3] == ["TT", "Đơn vị", "Chỉ tiêu"]
    wanted = []
    for block in dict.fromkeys(one.block for one in lines):
        wanted.append([block] * 7)
        for one in (one for one in lines if one.block == block):
            count = one.line.count
            outcome = "Đạt" if one.line.is_reached else f"Thiếu {one.line.missing}"
            figures = [str(one) for one in (count.registered, count.people, count.attempts)]
            has_target = one.line.target > 0
            target = str(one.line.target) if has_target else "–"
            wanted.append(["", one.title, target, *figures, outcome if has_target else "–"])
    assert [row if row[0] == row[1] else ["", *row[1:]] for row in rows] == wanted
    numbers = [row[0] for row in rows if row[0] != row[1]]
    assert numbers == [str(at + 1) for at in range(len(lines))]
    people = sum(one.line.count.people for one in lines)
    assert total[4] == f"{people:,}".replace(",", ".")


def test_the_ward_s_report_adds_up_by_block(ward_paper: Any, lines: tuple[UnitFigures, ...]):
    _, *rows, total = cells_of(ward_paper.tables[1])

    for row, block in zip(rows, dict.fromkeys(one.block for one in lines), strict=True):
        of_block = [one.line for one in lines if one.block == block]
        aimed = [one for one in of_block if one.target]
        people = sum(one.count.people for one in of_block)
        assert row[:2] == [block, str(len(of_block))]
        assert row[3] == f"{people:,}".replace(",", ".")
        assert row[5] == f"{sum(one.is_reached for one in aimed)}/{len(aimed)}"
    assert total[:2] == ["Tổng cộng", str(len(lines))]


def test_rows_are_never_parted_and_heads_come_again(ward_paper: Any):
    for table in ward_paper.tables[1:-1]:
        assert "w:tblHeader" in table.rows[0]._tr.xml
        assert all("w:cantSplit" in row._tr.xml for row in table.rows)


def test_heads_stand_in_the_middle_and_columns_as_offices_set_them(ward_paper: Any):
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    for table in ward_paper.tables[1:-1]:
        for cell in table.rows[0].cells:
            assert cell.vertical_alignment == WD_CELL_VERTICAL_ALIGNMENT.CENTER
            assert cell.paragraphs[0].alignment == centre
    _, block, unit, *_ = ward_paper.tables[3].rows

    assert block.cells[0].paragraphs[0].alignment is None
    alignments = [cell.paragraphs[0].alignment for cell in unit.cells]
    assert alignments == [centre, None, right, right, right, right, centre]


def test_no_name_and_no_phone_is_in_a_report(ward_paper: Any, crowd: Crowd):
    text = "\n".join([*texts_of(ward_paper), *(str(cells_of(one)) for one in ward_paper.tables)])

    assert [one.name for one in crowd.listed() if one.name in text] == []
    assert "+84" not in text


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters() | st.sampled_from("\ud800\ufffe\x00\x0b<&>\r\n\t"), max_size=30))
def test_t37_any_name_of_a_unit_is_shown_as_typed(rendering: Rendering, name: str):
    unit = Unit("a", "to-dan-pho", name, target=50)
    crowd = Crowd(Units((unit,), BLOCKS, "to-dan-pho"), people=3)

    texts = texts_of(of_unit(rendering, crowd))

    closing = f"Trên đây là báo cáo kết quả tham gia Cuộc thi của {name}./."
    assert cell_text(closing) in texts


def test_words_are_the_catalogue_s(crowd: Crowd):
    tables = shipped_tables()
    tables["report"] |= {"kind": "TỜ TRÌNH", "leader": "TRƯỞNG KHU"}
    rendering = rendering_of(tables)

    document = of_unit(rendering, crowd)

    assert texts_of(document)[0] == "TỜ TRÌNH"
    assert document.tables[-1].rows[0].cells[1].paragraphs[0].text == "TRƯỞNG KHU"
