import pytest

from handlers.catalogue import Catalogue
from reports.chart_texts import (
    MOST_BARS,
    Group,
    UnitShown,
    hours_chart,
    overview_pages,
    statistics_pages,
    unit_chart,
)
from reports.charts import Bar, BarsLegend, Day, Hour
from scoring.tallies import Count
from tests.reports.tallied import AT, BEFORE, tally_of, unit_of


def test_overview_tells_people_and_attempts_of_each_unit(catalogue: Catalogue) -> None:
    (page,) = overview_pages(catalogue, tally_of([(31, 26), (50, 50), (0, 0)]))

    assert page.bars == (
        Bar("Tổ dân phố 0", "31 người · 62 lượt", 31, 0, 5, "+5", 50),
        Bar("Tổ dân phố 1", "50 người · 100 lượt", 50, 0, 0, "", 50),
        Bar("Tổ dân phố 2", "0 người · 0 lượt", 0, 0, 0, "", 50),
    )
    assert [bar.is_reached for bar in page.bars] == [False, True, False]
    assert page.title == "Số người dự thi – Tổ dân phố"
    assert page.about == "Đến 20:00 ngày 10/12/2025"
    assert page.total == "81 người · 162 lượt"
    assert page.note == "1/3 đơn vị đã đạt chỉ tiêu"


def test_overview_explains_only_what_stands_on_it(catalogue: Catalogue) -> None:
    (page,) = overview_pages(catalogue, tally_of([(31, 26), (50, 48), (0, 0)]))
    (plain,) = overview_pages(catalogue, tally_of([(31, 31), (40, 40)], (0,)))

    assert page.legend == BarsLegend(
        grown="tăng 7 người từ 20:00 ngày 09/12/2025",
        reached="đã đạt chỉ tiêu",
        none="chưa có người dự thi",
        target="chỉ tiêu 50 người",
    )
    assert plain.legend == BarsLegend()
    assert plain.note == ""


def test_overview_without_a_tally_before_tells_no_growth(catalogue: Catalogue) -> None:
    (page,) = overview_pages(catalogue, tally_of([(31, 0)], before=""))

    assert (page.bars[0].grown, page.bars[0].change, page.legend.grown) == (0, "", "")


def test_overview_tells_that_a_correction_took_people_away(catalogue: Catalogue) -> None:
    (page,) = overview_pages(catalogue, tally_of([(31, 33)]))

    assert (page.bars[0].grown, page.bars[0].change) == (0, "-2")


def test_overview_of_units_with_targets_of_their_own(catalogue: Catalogue) -> None:
    (page,) = overview_pages(catalogue, tally_of([(31, 31), (31, 31)], (50, 30)))

    assert [bar.target for bar in page.bars] == [50, 30]
    assert page.legend.target == "chỉ tiêu của từng đơn vị"


@pytest.mark.parametrize(
    ("units", "sizes"),
    [
        (0, [0]),
        (1, [1]),
        (3, [3]),
        (12, [12]),
        (16, [16]),
        (17, [9, 8]),
        (28, [14, 14]),
        (60, [15, 15, 15, 15]),
    ],
)
def test_overview_shares_units_out_evenly_in_their_order(
    catalogue: Catalogue, units: int, sizes: list[int]
) -> None:
    tally = tally_of([(place, 0) for place in range(units)])

    pages = overview_pages(catalogue, tally)

    assert [len(page.bars) for page in pages] == sizes
    assert max(sizes) <= MOST_BARS
    assert [bar.name for page in pages for bar in page.bars] == list(tally.titles.values())


def test_overview_pages_are_numbered_and_share_total_and_scale(catalogue: Catalogue) -> None:
    pages = overview_pages(catalogue, tally_of([(place, 0) for place in range(40)]))

    assert [page.about for page in pages] == [
        f"Đến 20:00 ngày 10/12/2025 · trang {number}/3" for number in (1, 2, 3)
    ]
    assert {page.total for page in pages} == {"780 người · 1.560 lượt"}
    assert {page.scale for page in pages} == {55}


@pytest.mark.parametrize(
    ("people", "target", "scale"),
    [(0, 50, 55), (54, 50, 55), (60, 50, 60), (149, 50, 149), (900, 50, 150), (900, 0, 900)],
)
def test_overview_scale_holds_the_target_and_is_not_ruled_by_one_long_bar(
    catalogue: Catalogue, people: int, target: int, scale: int
) -> None:
    (page,) = overview_pages(catalogue, tally_of([(people, 0), (3, 0)], (target,)))

    assert page.scale == scale


def test_unit_chart_tells_the_way_to_the_target(catalogue: Catalogue) -> None:
    chart = unit_chart(catalogue, unit_of(31))

    assert (chart.figure, chart.figure_word, chart.attempts) == ("31/50", "người", "62 lượt thi")
    assert chart.facts == (
        "+5 người từ 20:00 ngày 09/12/2025",
        "Đứng thứ 2 trong 2 đơn vị cùng nhóm",
    )
    assert chart.advice == "Còn thiếu 19 người: mỗi ngày cần thêm 5 người"
    assert (chart.people, chart.is_reached) == (31, False)


@pytest.mark.parametrize(
    ("people", "target", "days_left", "advice"),
    [
        (49, 50, 4, "Còn thiếu 1 người: mỗi ngày cần thêm 1 người"),
        (49, 50, 0, "Còn thiếu 1 người"),
        (50, 50, 4, "Đã đạt chỉ tiêu"),
        (51, 50, 0, "Đã đạt chỉ tiêu"),
        (10, 0, 4, ""),
    ],
)
def test_unit_chart_advises_by_what_is_missing(
    catalogue: Catalogue, people: int, target: int, days_left: int, advice: str
) -> None:
    assert unit_chart(catalogue, unit_of(people, target, days_left)).advice == advice


def test_unit_chart_without_target_tells_people_only(catalogue: Catalogue) -> None:
    chart = unit_chart(catalogue, unit_of(1_234, 0))

    assert (chart.figure, chart.is_reached) == ("1.234", False)


def test_unit_chart_of_nobody_has_no_place(catalogue: Catalogue) -> None:
    tally = tally_of([(0, 0), (3, 3)])
    unit = UnitShown("Tổ dân phố 0", tally.lines[0], AT, BEFORE, (Day("08/12", 0),))

    assert unit_chart(catalogue, unit).facts == ()


def test_statistics_tell_people_and_attempts_of_each_group(catalogue: Catalogue) -> None:
    groups = [Group("Học sinh", Count(9, 7, 11)), Group("Người dân", Count())]

    (page,) = statistics_pages(catalogue, "Theo đối tượng", AT, groups)

    assert page.bars == (
        Bar("Học sinh", "7 người · 11 lượt", 7, 11),
        Bar("Người dân", "0 người · 0 lượt", 0, 0),
    )
    assert page.scale == 11
    assert page.legend == BarsLegend(people="số người", attempts="số lượt thi")


def test_hours_tell_the_fullest_one(catalogue: Catalogue) -> None:
    hours = [Count() for _ in range(24)]
    hours[20] = Count(8, 7, 9)

    chart = hours_chart(catalogue, "Theo giờ", AT, hours)

    assert chart.peak == "7 người · 9 lượt"
    assert chart.hours[20] == Hour(7, 9)
    assert (chart.hour_names[0], chart.hour_names[23]) == ("0 giờ", "23 giờ")


def test_hours_of_nobody_have_no_fullest_one(catalogue: Catalogue) -> None:
    assert hours_chart(catalogue, "Theo giờ", AT, [Count()] * 24).peak == ""


def test_hours_must_be_a_whole_day(catalogue: Catalogue) -> None:
    with pytest.raises(ValueError, match="23 hours"):
        hours_chart(catalogue, "Theo giờ", AT, [Count()] * 23)
