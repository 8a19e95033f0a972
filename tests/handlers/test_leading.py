"""`/baocao`: a unit's figures in words and in a picture, shared, on a poster, and by name."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text as sql

from handlers.incoming import Tap
from handlers.records import Role
from handlers.reply import Attached, Effect, Place
from handlers.unit_report import days_left, signed
from scoring.contest import Calendar
from scoring.instant import DAY_MS, HOUR_MS, Instant, day_start
from scoring.tallies import Count
from tests.handlers.grouping import HandCounts, make

Meet = Callable[..., Any]
OPENS, CLOSES = Instant(1_765_152_000_000), Instant(1_765_731_600_000)
NOW_COUNTS = {"TDP-06": Count(20, 12, 15), "TDP-07": Count(40, 30, 30), "TDP-08": Count(9, 12, 12)}
TITLE = "Tổ dân phố 6 (Nhân Trạch)"


class Pictures:
    def __init__(self, picture: Attached | None) -> None:
        self.picture = picture
        self.asked: list[str] = []

    async def unit_picture(self, code: str) -> Attached | None:
        self.asked.append(code)
        return self.picture


class Posters:
    async def unit_poster(self, code: str) -> Attached:
        return Attached(f"{code}.pdf", b"pdf", is_picture=False)


@pytest.fixture
def counted(desk: Any, clock: Any) -> None:
    midnight = day_start(clock.now())
    yesterday = {"TDP-06": Count(15, 8, 9), "TDP-07": Count(31, 30, 30)}
    desk.office.counts = HandCounts({midnight: yesterday, Instant(midnight + 1): NOW_COUNTS})


@pytest.fixture
async def leader(store: Any, meet: Meet, counted: None) -> Any:  # noqa: ARG001 (his figures)
    return await make(store, meet(name="Trần Thị Lan"), Role.LEADER, "TDP-06")


async def test_leader_reads_his_unit_s_figures_in_words(leader: Any, desk: Any):
    await leader.command("baocao")

    block = len(desk.units.in_block("to-dan-pho"))
    missing = (
        "Còn thiếu <b>38</b> người: cần thêm khoảng <b>8</b> người mỗi ngày trong 5 ngày còn lại."
    )
    assert leader.screen.text == "\n".join(
        (
            f"<b>{TITLE}</b>",
            "Tính đến 09 giờ 00 phút ngày 10/12/2025",
            "",
            "Đã tham gia: <b>12</b> người, <b>15</b> lượt thi",
            "Riêng hôm nay: +4 người, +6 lượt",
            "Đã đăng ký: 20 người",
            "",
            f"Chỉ tiêu: 50 người. {missing}",
            f"Xếp thứ <b>2/{block}</b> về số người trong nhóm “Tổ dân phố”.",
            "",
            "Cuộc thi đóng lúc 24 giờ 00 phút ngày 14/12/2025.",
        )
    )
    assert leader.labels == [
        "Mời bà con dự thi",
        "Nhóm chat của đơn vị",
        "Báo cáo Word của đơn vị",
        "Màn hình chính",
    ]


@pytest.mark.parametrize(
    ("at", "line"),
    [
        (Instant(OPENS - 1), "Cuộc thi mở lúc 07 giờ 00 phút ngày 08/12/2025."),
        (OPENS, "Cuộc thi đóng lúc 24 giờ 00 phút ngày 14/12/2025."),
        (Instant(CLOSES - 1), "Cuộc thi đóng lúc 24 giờ 00 phút ngày 14/12/2025."),
        (CLOSES, "Cuộc thi đã kết thúc lúc 24 giờ 00 phút ngày 14/12/2025."),
    ],
    ids=["before", "opening", "last instant", "closing"],
)
async def test_figures_say_where_the_window_is(leader: Any, clock: Any, at: Instant, line: str):
    clock.go_to(Instant(at - 1_000))

    await leader.command("baocao")

    assert leader.screen.text.endswith(line)
    assert ("mỗi ngày" in leader.screen.text) == (at < CLOSES)


async def test_unit_without_a_target_or_anybody_is_given_no_pace_and_no_place(
    store: Any, meet: Meet, desk: Any, clock: Any
):
    units = tuple(replace(unit, target=0) for unit in desk.units.units)
    desk.units = replace(desk.units, units=units)
    desk.office.counts = HandCounts({clock.now(): {}})
    lan = await make(store, meet(), Role.LEADER, "TDP-06")

    await lan.command("baocao")

    assert "Chỉ tiêu" not in lan.screen.text
    assert "Xếp thứ" not in lan.screen.text
    assert "Đã tham gia: <b>0</b> người, <b>0</b> lượt thi" in lan.screen.text


async def test_unit_that_has_reached_its_target(leader: Any, desk: Any, clock: Any):
    desk.office.counts = HandCounts({clock.now(): {"TDP-06": Count(60, 50, 50)}})

    await leader.command("baocao")

    assert "Chỉ tiêu: 50 người. <b>Đã đạt chỉ tiêu.</b>" in leader.screen.text


async def test_where_nobody_counts_the_leader_is_told_so(leader: Any, desk: Any):
    desk.office.counts = None

    await leader.command("baocao")

    assert leader.screen.text.startswith(f"Chưa có số liệu của {TITLE}.")


async def test_figures_stand_under_the_picture_where_there_is_one(leader: Any, desk: Any):
    desk.office.pictures = Pictures(Attached("TDP-06.png", b"png"))

    await leader.command("baocao")

    assert (desk.office.pictures.asked, len(leader.last.screens)) == (["TDP-06"], 1)
    assert leader.screen.file == Attached("TDP-06.png", b"png")
    assert leader.screen.place is Place.BELOW
    assert leader.screen.text.startswith(f"<b>{TITLE}</b>")


async def test_picture_that_cannot_be_drawn_leaves_the_words(leader: Any, desk: Any):
    desk.office.pictures = Pictures(None)

    await leader.command("baocao")

    assert leader.screen.file is None
    assert leader.screen.text.startswith(f"<b>{TITLE}</b>")


async def test_words_too_long_for_a_picture_stand_below_it(leader: Any, desk: Any):
    long = tuple(
        replace(unit, name="Tổ " + "x" * 1_000) if unit.code == "TDP-06" else unit
        for unit in desk.units.units
    )
    desk.units = replace(desk.units, units=long)
    desk.office.pictures = Pictures(Attached("TDP-06.png", b"png"))

    await leader.command("baocao")

    assert [screen.file is not None for screen in leader.last.screens] == [True, False]


async def test_share_opens_the_platform_s_choice_with_the_unit_s_own_link(leader: Any):
    await leader.command("baocao")

    address = urlsplit(leader.button("Mời bà con dự thi").url)
    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://t.me/share/url"
    assert asked["url"] == ["https://t.me/hoithi_bot?start=TDP-06"]
    assert asked["text"][0].startswith(f"Mời bà con {TITLE} dự thi")
    assert "+" not in address.query
    assert len(leader.button("Mời bà con dự thi").url) < 2_048


async def test_poster_is_passed_on_as_a_file(leader: Any, desk: Any):
    desk.office.posters = Posters()
    await leader.command("baocao")

    await leader.tap("Mã QR của đơn vị")

    assert leader.screen.file == Attached("TDP-06.pdf", b"pdf", is_picture=False)
    assert leader.labels == ["Số liệu của đơn vị"]


@pytest.mark.parametrize("typed", ["TDP-06", "tdp-06", "to 6", "6 nhan trach"])
async def test_leader_may_name_his_unit(leader: Any, typed: str):
    await leader.command("baocao", typed)

    assert leader.screen.text.startswith(f"<b>{TITLE}</b>")


@pytest.mark.parametrize("typed", ["TDP-07", "to 7", "Phú Lương cũ"])
async def test_t41_leader_reads_no_other_unit_by_naming_it(leader: Any, store: Any, typed: str):
    said = await leader.command("baocao", typed)

    assert said.effect is Effect.REFUSED
    assert leader.screen.text.startswith("Đơn vị này không do anh/chị phụ trách")
    (row,) = await audit(store)
    assert (row[0], row[1].partition(":")[0]) == ("refused", "unit")


async def test_words_that_name_nothing_are_told_so(leader: Any):
    await leader.command("baocao", "<b>không có</b>")

    assert "“&lt;b&gt;không có&lt;/b&gt;”" in leader.screen.text


@pytest.mark.usefixtures("counted")
async def test_organiser_goes_to_a_unit_block_by_block(store: Any, meet: Meet):
    organiser = await make(store, meet(), Role.ORGANISER)
    await organiser.command("baocao")
    blocks = organiser.labels
    await organiser.tap("Tổ dân phố")
    await organiser.tap("Trang sau ▶")
    await organiser.tap("◀ Trang trước")

    await organiser.tap(TITLE)

    assert blocks == ["Cả phường", "Tổ dân phố", "Cơ quan, đơn vị", "Trường học", "Màn hình chính"]
    assert organiser.screen.text.startswith(f"<b>{TITLE}</b>")


@pytest.mark.usefixtures("counted")
async def test_secretary_reads_figures_and_has_nothing_to_do_with_groups(store: Any, meet: Meet):
    secretary = await make(store, meet(), Role.SECRETARY)

    await secretary.command("baocao", "TDP-06")

    assert secretary.labels == [
        "Mời bà con dự thi",
        "Báo cáo Word của đơn vị",
        "Đơn vị khác",
        "Màn hình chính",
    ]


async def test_leader_takes_his_unit_s_report_by_a_link(leader: Any, desk: Any):
    desk.office.public_url = "https://bot.example.vn"
    await leader.command("baocao")

    await leader.tap("Báo cáo Word của đơn vị")

    assert leader.screen.text.startswith("<b>Báo cáo kết quả tham gia của đơn vị</b>")
    assert leader.screen.is_protected
    token = leader.screen.buttons[0][0].url.rpartition("/")[2]
    link = await desk.office.links.find(token)
    assert (link.purpose, link.arguments) == ("unit-report-docx", {"unit": "TDP-06"})


@pytest.mark.usefixtures("counted")
async def test_report_of_all_is_the_organisers_and_no_leader_s(store: Any, meet: Meet, desk: Any):
    desk.office.public_url = "https://bot.example.vn"
    organiser = await make(store, meet(), Role.ORGANISER)
    await organiser.command("baocao", "*")

    await organiser.tap("Báo cáo Word toàn phường")

    token = organiser.screen.buttons[0][0].url.rpartition("/")[2]
    assert (await desk.office.links.find(token)).purpose == "ward-report-docx"


@pytest.mark.usefixtures("counted")
async def test_organiser_reads_the_ward_as_a_whole(store: Any, meet: Meet):
    organiser = await make(store, meet(), Role.ORGANISER)
    await organiser.command("baocao")

    await organiser.tap("Cả phường")
    await organiser.tap("Kênh, nhóm của phường")

    assert organiser.screen.text.startswith("<b>Kênh, nhóm đăng số liệu của cả phường</b>")


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("role", [None, Role.JUDGE, Role.TECHNICIAN])
async def test_t40_others_are_refused(store: Any, meet: Meet, role: Role | None):
    who = meet() if role is None else await make(store, meet(), role)

    said = await who.command("baocao", "TDP-06")

    assert said.effect is Effect.REFUSED
    assert TITLE not in said.screens[0].text


async def finish_paper(resident: Any) -> None:
    await resident.open_paper()
    await resident.answer_all()
    await resident.text("5")
    await resident.tap("Nộp bài")


@pytest.fixture
def naming(desk: Any) -> None:
    desk.customs = replace(desk.customs, is_naming_finishers=True)


async def register(resident: Any, phone: str, born: int, unit: str = "TDP-06") -> None:
    await resident.command("start", unit)
    await resident.tap("Đăng ký dự thi")
    await resident.tap("Đồng ý")
    await resident.share_phone(phone)
    await resident.tap(f"Dùng tên: {resident.name}")
    await resident.text(str(born))
    if born > 2009:
        await resident.text("0912345699")
    await resident.tap("Đúng")
    await resident.tap("Đúng, hoàn tất")


@pytest.mark.usefixtures("naming")
async def test_leader_reads_who_has_finished_and_nothing_of_their_results(
    leader: Any, meet: Meet, store: Any
):
    people = {
        "Nguyễn Thị Hoa": (1955, "TDP-06"),
        "Phạm Văn Trẻ": (2010, "TDP-06"),
        "Lê Thị Mười Sáu": (2009, "TDP-06"),
        "Trịnh Văn Xa": (1970, "TDP-07"),
        "Hồ Thị Rút": (1971, "TDP-06"),
        "Vũ Văn Chưa": (1972, "TDP-06"),
    }
    for number, (name, (born, unit)) in enumerate(people.items()):
        one = meet(name=name)
        await register(one, f"8491234567{number}", born, unit)
        if name != "Vũ Văn Chưa":
            await finish_paper(one)
    withdrawn = sql("UPDATE participant SET erased_at = 1 WHERE number = 5")
    await store.database.write(lambda one: one.execute(withdrawn))

    await leader.command("baocao")
    await leader.tap("Những người đã thi")

    named = [name for name in people if name in leader.screen.text]
    assert named == ["Nguyễn Thị Hoa", "Lê Thị Mười Sáu"]
    assert "15/15" not in leader.screen.text
    assert leader.screen.is_protected
    assert await audit(store) == [("names.look", "unit:TDP-06")]


@pytest.mark.usefixtures("naming")
async def test_person_whose_papers_do_not_count_is_not_named(leader: Any, meet: Meet, store: Any):
    for number, name in enumerate(("Nguyễn Thị Hoa", "Phạm Văn Hai")):
        one = meet(name=name)
        await register(one, f"8491234567{number}", 1955)
        await finish_paper(one)
    void = sql("INSERT INTO void (person, attempt, why, doc, at) VALUES (1, 0, 'x', '1', 1)")
    await store.database.write(lambda one: one.execute(void))

    await leader.command("baocao")
    await leader.tap("Những người đã thi")

    assert "Nguyễn Thị Hoa" not in leader.screen.text
    assert "– Phạm Văn Hai" in leader.screen.text


@pytest.mark.usefixtures("naming")
async def test_names_come_a_page_at_a_time_and_each_look_is_on_record(
    leader: Any, meet: Meet, store: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("handlers.finishers.NAMES_A_PAGE", 2)
    monkeypatch.setattr("store.finishers.CHUNK", 1)
    for number, name in enumerate(("Lê Thị Một", "Lê Thị Hai", "Lê Thị Ba")):
        one = meet(name=name)
        await register(one, f"8491234567{number}", 1955)
        await finish_paper(one)
    await leader.command("baocao")
    await leader.tap("Những người đã thi")
    first = leader.screen.text

    await leader.tap("Trang sau ▶")

    assert ("– Lê Thị Một\n– Lê Thị Hai" in first, "Lê Thị Ba" in first) == (True, False)
    assert "– Lê Thị Ba" in leader.screen.text
    assert "Trang sau ▶" not in leader.labels
    assert await audit(store) == [("names.look", "unit:TDP-06")] * 2


async def test_names_are_kept_from_the_leader_unless_the_ward_wants_it(leader: Any, desk: Any):
    await leader.command("baocao")
    labels = leader.labels
    desk.customs = replace(desk.customs, is_naming_finishers=True)
    await leader.command("baocao")
    door = leader.button("Những người đã thi")
    desk.customs = replace(desk.customs, is_naming_finishers=False)

    said = await leader.say(Tap(door.data))

    assert "Những người đã thi" not in labels
    assert said.effect is Effect.REFUSED
    assert said.screens[0].text.startswith("Ban Tổ chức không mở danh sách họ tên")


@pytest.mark.usefixtures("naming", "counted")
async def test_names_are_the_leader_s_alone(store: Any, meet: Meet):
    organiser = await make(store, meet(), Role.ORGANISER)

    await organiser.command("baocao", "TDP-06")

    assert "Những người đã thi" not in organiser.labels


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (Instant(OPENS - 30 * DAY_MS), 7),
        (OPENS, 7),
        (Instant(OPENS + 17 * HOUR_MS - 1), 7),
        (Instant(OPENS + 17 * HOUR_MS), 6),
        (Instant(CLOSES - 1), 1),
        (CLOSES, 0),
    ],
)
def test_days_left_count_today_and_the_last(at: Instant, days: int):
    assert days_left(Calendar(OPENS, CLOSES), at) == days


@pytest.mark.parametrize(("number", "shown"), [(3, "+3"), (0, "0"), (-2, "-2")])
def test_growth_has_its_sign(number: int, shown: str):
    assert signed(number) == shown


async def audit(store: Any) -> list[tuple[str, str]]:
    asked = sql("SELECT act, subject FROM audit ORDER BY id")
    found = await store.database.read(lambda one: one.execute(asked).all())
    return [tuple(row) for row in found]
