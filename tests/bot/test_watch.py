"""What the watch finds in a real process's parts, and what the technician reads at the stand-in."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.alarms import COUNTED, Alarm
from bot.parts import Parts
from bot.platforms.lean_http import Dated
from bot.platforms.telegram_client import SecondPollerError
from bot.watch import Limits, Watch
from store.outbox import DEAD
from tests.timing import HandTimer

Break = Callable[[Parts, Watch, Any], Any]


def sql_away(parts: Parts, _: Watch, __: Any) -> None:
    parts.house._read_ms -= 21_000


async def redis_away(parts: Parts, _: Watch, __: Any) -> None:
    """The real engine ends."""
    await parts.house.store.cache._redis.shutdown(nosave=True)


async def second_poller(parts: Parts, _: Watch, platform: Any) -> None:
    await platform.fault(method="getUpdates", status=409)
    with pytest.raises(SecondPollerError):
        await parts.client.get_updates(0, 0, ())


async def token_refused(parts: Parts, _: Watch, platform: Any) -> None:
    await platform.fault(method="getMe", status=401)
    await parts.client.call("getMe", {})


def not_ticking(parts: Parts, watch: Watch, _: Any) -> None:
    parts.house._ticked_ms -= 61_000
    watch._acted_s -= 61


def clock_ahead(parts: Parts, _: Watch, __: Any) -> None:
    parts.client._request._lean.dated = Dated(b"Wed, 10 Dec 2025 02:00:00 GMT", 1_765_332_011_000)


def clock_back(parts: Parts, _: Watch, __: Any) -> None:
    clock = parts.house.clock.machine
    clock.begin_after(clock.now_ms() + 90_400)


def disk_full(_: Parts, watch: Watch, __: Any) -> None:
    watch.limits = dataclasses.replace(watch.limits, free_bytes=10**18)


def counts_differ(parts: Parts, _: Watch, __: Any) -> None:
    parts.findings.differing_units = ("TDP-06", "TDP-07")


async def dead_letter(parts: Parts, _: Watch, __: Any) -> None:
    await parts.door.bury(7, "shape")


def outbox_dead(parts: Parts, _: Watch, __: Any) -> None:
    parts.house.store.outbox.settled[DEAD] += 2


CASES: dict[Alarm, tuple[Break, str]] = {
    Alarm.SQL: (sql_away, "Cơ sở dữ liệu không trả lời"),
    Alarm.REDIS: (redis_away, "Redis không trả lời"),
    Alarm.POLLER: (second_poller, "Có hai bot"),
    Alarm.TOKEN: (token_refused, "không nhận mã bí mật"),
    Alarm.SCHEDULER: (not_ticking, "Bộ hẹn giờ không chạy"),
    Alarm.CLOCK: (clock_ahead, "Lệch 11 giây"),
    Alarm.CLOCK_BACK: (clock_back, "chậm hơn 90 giây"),
    Alarm.DISK: (disk_full, "Ổ đĩa sắp đầy"),
    Alarm.COUNTS: (counts_differ, "2 đơn vị có số liệu theo giờ khác"),
    Alarm.DEAD_LETTER: (dead_letter, "Thêm 1 tin"),
    Alarm.OUTBOX_DEAD: (outbox_dead, "Thêm 2 tin"),
}


@pytest.fixture
async def technician(platform: Any) -> str:
    return str(await platform.person())


@pytest.fixture
def watch(parts: Parts, technician: str) -> Watch:
    limits = Limits(redis_s=0.0, free_bytes=0)
    return Watch(parts, parts.client, technician, limits, HandTimer().timer)


async def broken(cause: Break, parts: Parts, watch: Watch, platform: Any) -> None:
    made = cause(parts, watch, platform)
    if made is not None:
        await made


@pytest.mark.parametrize("alarm", Alarm, ids=lambda one: one.value)
async def test_technician_is_told_what_is_wrong_and_what_to_do(
    parts: Parts, watch: Watch, technician: str, platform: Any, alarm: Alarm
) -> None:
    cause, words = CASES[alarm]
    await watch.look()
    before = await platform.texts(technician)
    await broken(cause, parts, watch, platform)

    with capture_logs() as lines:
        await watch.look()
        lasting = parts.findings.alarms
        await watch.look()

    told = (await platform.texts(technician))[len(before) :]
    # What a call that went through disproves, the telling itself, is over at the second look.
    assert [text[0] for text in told] in (["🔴"], ["🔴", "🟢"])
    assert words in told[0]
    assert "Cần làm" in told[0]
    begun = [line for line in lines if line["event"] == "alarm"]
    assert [(line["log_level"], line["alarm"]) for line in begun] == [("critical", alarm.value)]
    assert lasting == (frozenset() if alarm in COUNTED else {alarm.value})


async def test_the_end_is_told_too(
    parts: Parts, watch: Watch, technician: str, platform: Any
) -> None:
    sql_away(parts, watch, platform)
    await watch.look()

    await parts.house.refresh()
    await watch.look()
    await watch.look()

    told = await platform.texts(technician)
    assert len(told) == 2
    assert told[1].startswith("🟢")
    assert "Đã hết: Cơ sở dữ liệu không trả lời" in told[1]
    assert parts.findings.alarms == frozenset()


async def test_what_the_platform_did_not_take_is_told_at_the_next_look(
    parts: Parts, watch: Watch, technician: str, platform: Any
) -> None:
    await platform.fault(status=429, retry_after=1)
    disk_full(parts, watch, platform)

    await watch.look()
    first = await platform.texts(technician)
    await watch.look()

    assert first == []
    assert len(await platform.texts(technician)) == 1


async def test_without_a_chat_there_is_a_line_in_the_log(
    parts: Parts, platform: Any, technician: str
) -> None:
    watch = Watch(parts, parts.client, "", Limits(free_bytes=10**18))

    with capture_logs() as lines:
        await watch.look()

    assert [line["alarm"] for line in lines if line["log_level"] == "critical"] == ["disk"]
    assert await platform.texts(technician) == []


async def test_worker_that_does_not_lead_tells_only_what_is_its_own(
    parts: Parts, technician: str, platform: Any
) -> None:
    place = dataclasses.replace(parts.place, worker=2, is_leading=False)
    follower = dataclasses.replace(parts, place=place)
    watch = Watch(follower, parts.client, technician, Limits(free_bytes=10**18))
    sql_away(follower, watch, platform)
    await dead_letter(follower, watch, platform)

    await watch.look()

    (told,) = await platform.texts(technician)
    assert "Có tin nhắn đến mà bot không xử lý được" in told


async def test_scheduler_that_waited_for_sql_is_not_late_when_sql_is_back(
    parts: Parts, watch: Watch, platform: Any
) -> None:
    not_ticking(parts, watch, platform)
    sql_away(parts, watch, platform)
    await watch.look()
    await parts.house.refresh()

    await watch.look()

    assert parts.findings.alarms == frozenset()
