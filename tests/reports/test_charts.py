import io
import unicodedata
from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from handlers.catalogue import Catalogue
from reports.bars_painter import MARGIN, bars_figure, scale_of
from reports.canvas import PHONE_WIDTH, PIXELS_PER_INCH, Canvas, Type, cut, png_of, width_of
from reports.chart_texts import Group, hours_chart, overview_pages, statistics_pages, unit_chart
from reports.charts import BarsPage, DaysChart, bars_pictures, days_picture, hours_picture
from reports.columns_painter import days_figure, hours_figure
from reports.typeface import FOLDER, drawable
from scoring.tallies import Count
from tests.reports.tallied import AT, tally_of, unit_of

LEAST_LETTERS = 28
"""Pixels of letters on a picture as wide as a phone, below which the old cannot read them."""


def texts_of(figure: Figure) -> list[Text]:
    return [one for one in figure.findobj(Text) if one.get_text() and one.get_visible()]


def words_of(figure: Figure) -> list[str]:
    return [one.get_text() for one in texts_of(figure)]


def ink_of(text: Text) -> tuple[float, float, float, float]:
    """Where the letters themselves stand: left, bottom, right, top."""
    box = text.get_window_extent()
    if text.get_verticalalignment() != "baseline":
        return box.x0, box.y0, box.x1, box.y1
    renderer = text.get_figure().canvas.get_renderer()
    _, height, descent = renderer.get_text_width_height_descent(
        text.get_text(), text.get_fontproperties(), ismath=False
    )
    _, baseline = text.get_transform().transform(text.get_position())
    return box.x0, baseline - descent, box.x1, baseline - descent + height


def overlaps_of(figure: Figure) -> list[tuple[str, str]]:
    """Texts that stand in each other's way."""
    figure.draw_without_rendering()
    boxes = [(one.get_text(), ink_of(one)) for one in texts_of(figure)]
    return [
        (name, other)
        for place, (name, box) in enumerate(boxes)
        for other, its in boxes[place + 1 :]
        if box[0] < its[2] and its[0] < box[2] and box[1] < its[3] and its[1] < box[3]
    ]


@pytest.fixture(scope="module", params=[1, 3, 12, 60])
def figures(request: pytest.FixtureRequest, catalogue: Catalogue) -> list[Figure]:
    """Every kind of chart, of a contest with so many units."""
    units = request.param
    tally = tally_of([(7 * place % 83, 5 * place % 83) for place in range(units)])
    groups = [Group(f"Nhóm {place}", Count(place, place, 2 * place)) for place in range(units)]
    return [
        *map(bars_figure, overview_pages(catalogue, tally)),
        *map(bars_figure, statistics_pages(catalogue, "Theo nhóm", AT, groups)),
        days_figure(unit_chart(catalogue, unit_of(units))),
        hours_figure(hours_chart(catalogue, "Theo giờ", AT, [Count(9, 5, 8)] * 24)),
    ]


def test_pictures_keep_the_platforms_limits(figures: list[Figure]) -> None:
    for figure in figures:
        png = png_of(figure)
        width, height = Image.open(io.BytesIO(png)).size

        assert width == PHONE_WIDTH
        assert width + height <= 10_000
        assert max(width, height) / min(width, height) <= 20
        assert height <= 2_000
        assert len(png) <= 2_000_000


def test_letters_are_large_enough_for_a_phone_and_within_the_picture(
    figures: list[Figure],
) -> None:
    for figure in figures:
        assert figure.dpi == PIXELS_PER_INCH
        figure.draw_without_rendering()
        width, height = figure.bbox.width, figure.bbox.height
        for text in texts_of(figure):
            box = text.get_window_extent()
            assert text.get_fontsize() >= LEAST_LETTERS, text
            assert box.x0 >= 0, text
            assert box.x1 <= width, text
            assert box.y0 >= 0, text
            assert box.y1 <= height, text


def test_texts_do_not_cover_each_other(figures: list[Figure]) -> None:
    assert [pair for figure in figures for pair in overlaps_of(figure)] == []


def test_every_text_is_of_the_typeface_and_in_nfc(figures: list[Figure]) -> None:
    for figure in figures:
        for text in texts_of(figure):
            assert str(text.get_fontproperties().get_file()).startswith(str(FOLDER)), text
            assert text.get_text() == unicodedata.normalize("NFC", text.get_text())


def test_every_vietnamese_letter_can_be_drawn(vietnamese_letters: str) -> None:
    """A letter that the typeface lacks is a warning of matplotlib's: an error here."""
    loose = unicodedata.normalize("NFD", vietnamese_letters)
    for is_bold in (False, True):
        canvas = Canvas(8_000, 80)
        canvas.text(10, 50, loose, Type(30, is_bold))

        assert words_of(canvas.figure) == [vietnamese_letters]
        assert png_of(canvas.figure)


def test_overview_names_every_unit_with_people_and_attempts(catalogue: Catalogue) -> None:
    (page,) = overview_pages(catalogue, tally_of([(31, 26), (52, 50), (0, 0)]))

    words = words_of(bars_figure(page))

    for bar in page.bars:
        assert words.count(bar.name) == 1
        assert words.count(bar.told) == 1
    assert words.count("+5") == 1
    assert words.count("+2") == 1
    for shown in (page.title, page.about, page.total, page.note, page.legend.target):
        assert words.count(shown) == 1


def test_overview_draws_bars_and_target_to_scale(catalogue: Catalogue) -> None:
    (page,) = overview_pages(catalogue, tally_of([(31, 26), (60, 60)], (50, 30)))

    figure = bars_figure(page)

    one = scale_of(page)
    parts = {artist.get_gid(): artist for artist in figure.findobj(lambda one: one.get_gid())}
    for bar in page.bars:
        target = parts[f"target:{bar.name}"]
        assert set(target.get_xdata()) == {MARGIN + bar.target * one}
        old = parts[f"people:{bar.name}"]
        assert old.get_x() == MARGIN
        assert old.get_width() == pytest.approx((bar.people - bar.grown) * one)
    assert parts["grown:Tổ dân phố 0"].get_width() == pytest.approx(5 * one)
    assert "grown:Tổ dân phố 1" not in parts


def test_overview_tells_reached_and_empty_units_by_signs(catalogue: Catalogue) -> None:
    """Without colours: a tick is a line in a disc, nobody yet a ring."""

    def signs(people: int) -> tuple[int, int]:
        (page,) = overview_pages(catalogue, tally_of([(people, people)]))
        bare = replace(page, legend=replace(page.legend, reached="", none="", target=""))
        figure = bars_figure(bare)
        lines = [
            one for one in figure.axes[0].lines if not one.get_gid() and len(one.get_xdata()) == 3
        ]
        rings = [one for one in figure.axes[0].patches if one.get_facecolor()[3] == 0]
        return len(lines), len(rings)

    assert (signs(49), signs(50), signs(0)) == ((0, 0), (1, 0), (0, 1))


def test_overview_breaks_a_bar_that_is_longer_than_the_scale(catalogue: Catalogue) -> None:
    (page,) = overview_pages(catalogue, tally_of([(900, 900), (10, 10)]))

    figure = bars_figure(page)

    parts = {artist.get_gid(): artist for artist in figure.findobj(lambda one: one.get_gid())}
    assert parts["people:Tổ dân phố 0"].get_width() == pytest.approx(150 * scale_of(page))
    assert words_of(figure).count("900 người · 1.800 lượt") == 1


def test_long_names_give_way_to_the_figures(catalogue: Catalogue) -> None:
    (page,) = overview_pages(catalogue, tally_of([(31, 31)]))
    long = replace(page.bars[0], name="Ủy ban Mặt trận Tổ quốc Việt Nam và các đoàn thể của phường")

    figure = bars_figure(replace(page, bars=(long,)))

    assert overlaps_of(figure) == []
    (name,) = [word for word in words_of(figure) if word.startswith("Ủy ban")]
    assert name.endswith("…")
    assert long.name.startswith(name[:-1])


def test_names_with_signs_of_mathematics_are_plain_text() -> None:
    canvas = Canvas(600, 80)
    canvas.text(10, 50, r"Tổ $\frac{1}{2}$ & <b>", Type(30))

    assert png_of(canvas.figure)
    assert words_of(canvas.figure) == [r"Tổ $\frac{1}{2}$ & <b>"]


def test_unit_chart_has_target_and_pace_where_they_belong(catalogue: Catalogue) -> None:
    figure = days_figure(unit_chart(catalogue, unit_of(31)))

    lines = {line.get_gid(): line for axes in figure.axes for line in axes.lines if line.get_gid()}
    assert set(lines["target"].get_ydata()) == {50}
    assert list(lines["pace"].get_ydata()) == [31, 50]
    assert lines["pace"].get_xdata()[-1] == 2
    heights = [patch.get_height() for patch in figure.axes[1].patches]
    assert heights == [26, 31]


@pytest.mark.parametrize(("people", "target"), [(50, 50), (7, 0)])
def test_unit_chart_has_no_pace_where_none_is_needed(
    catalogue: Catalogue, people: int, target: int
) -> None:
    figure = days_figure(unit_chart(catalogue, unit_of(people, target)))

    named = [line.get_gid() for axes in figure.axes for line in axes.lines if line.get_gid()]
    assert named == (["target"] if target else [])


def test_unit_chart_shows_its_words(catalogue: Catalogue) -> None:
    chart = unit_chart(catalogue, unit_of(31))

    words = words_of(days_figure(chart))

    for shown in (chart.title, chart.figure, chart.attempts, *chart.facts, chart.advice):
        assert words.count(shown) == 1
    assert [words.count(day.name) for day in chart.days] == [1, 1, 1]
    assert (words.count("26"), words.count("31")) == (1, 1)


@pytest.mark.parametrize("days", [1, 7, 10, 11, 31, 92])
def test_unit_chart_of_any_length_has_room_for_its_days(catalogue: Catalogue, days: int) -> None:
    chart = unit_chart(catalogue, unit_of(1_234, 20_000))
    known = tuple(
        replace(chart.days[0], name=f"{n % 28 + 1:02}/12", people=1_234 * n) for n in range(days)
    )

    figure = days_figure(replace(chart, days=known))

    assert overlaps_of(figure) == []


def test_title_without_spaces_is_cut_to_its_line(catalogue: Catalogue) -> None:
    chart = replace(unit_chart(catalogue, unit_of(31)), title="Đ" * 100)

    figure = days_figure(chart)

    figure.draw_without_rendering()
    assert max(one.get_window_extent().x1 for one in texts_of(figure)) <= PHONE_WIDTH


def test_large_figures_shrink_and_the_attempts_move_below(catalogue: Catalogue) -> None:
    chart = replace(unit_chart(catalogue, unit_of(31)), figure="123.456/1.000.000")

    figure = days_figure(chart)

    assert overlaps_of(figure) == []
    assert words_of(figure).count(chart.attempts) == 1


def test_unit_chart_before_the_first_day(catalogue: Catalogue) -> None:
    chart = unit_chart(catalogue, unit_of(31))
    empty = replace(chart, days=tuple(replace(day, people=None) for day in chart.days))

    assert days_picture(empty)
    assert empty.people == 0


def test_hours_show_people_within_attempts(catalogue: Catalogue) -> None:
    hours = [Count(0, hour, 2 * hour) for hour in range(24)]

    figure = hours_figure(hours_chart(catalogue, "Theo giờ", AT, hours))

    heights = [patch.get_height() for patch in figure.axes[1].patches]
    assert heights == [2 * hour for hour in range(24)] + list(range(24))
    assert words_of(figure).count("23 người · 46 lượt") == 1


def test_pictures_are_the_same_every_time_and_name_no_maker(catalogue: Catalogue) -> None:
    pages = overview_pages(catalogue, tally_of([(31, 26), (52, 50)]))
    hours = hours_chart(catalogue, "Theo giờ", AT, [Count(9, 5, 8)] * 24)
    chart = unit_chart(catalogue, unit_of(31))

    for picture, value in ((bars_pictures, pages), (days_picture, chart), (hours_picture, hours)):
        first, second = picture(value), picture(value)

        assert first == second
    assert Image.open(io.BytesIO(days_picture(chart))).info.keys() <= {"dpi"}


def test_pictures_of_pages_come_in_their_order(catalogue: Catalogue) -> None:
    pages = overview_pages(catalogue, tally_of([(place, 0) for place in range(20)]))

    assert bars_pictures(pages) == tuple(png_of(bars_figure(page)) for page in pages)


def test_cut_keeps_what_fits() -> None:
    look = Type(30)

    assert cut("Tổ dân phố", 1_000, look) == "Tổ dân phố"
    assert width_of(cut("Tổ dân phố Bắc Lãm", 150, look), look) <= 150
    assert cut("Tổ dân phố Bắc Lãm", 1, look) == "…"


def test_drawable_is_one_line_in_nfc() -> None:
    assert drawable(unicodedata.normalize("NFD", "Tổ\n dân\tphố ")) == "Tổ dân phố"


def test_values_of_charts_can_be_sent_to_the_process_that_draws(catalogue: Catalogue) -> None:
    import pickle  # noqa: PLC0415 (only our own values)

    page: BarsPage = overview_pages(catalogue, tally_of([(31, 26)]))[0]
    chart: DaysChart = unit_chart(catalogue, unit_of(31))

    assert pickle.loads(pickle.dumps((page, chart))) == (page, chart)  # noqa: S301 (the same)
