"""`?start=`: whatever stands behind it opens the bot as usual and settles nobody's unit (T39)."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from handlers.buttons import DialogueButton, PlainButton
from handlers.records import Role, Sender
from tests.handlers.grouping import code_of, make

Meet = Callable[..., Any]
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
INVITATION = "inv-"
"""Begins the payloads that offer a role; they have tests of their own."""

WELCOME = ["Đăng ký dự thi", "Luyện tập", "Thể lệ", "Trợ giúp"]

ids = itertools.count(5_000)


async def units_of(store: Any) -> list[tuple[Any, ...]]:
    """What anybody's unit or dialogue has become."""
    asked = sql("SELECT unit FROM participant UNION ALL SELECT name FROM dialogue")
    found = await store.database.read(lambda one: one.execute(asked).all())
    return [tuple(row) for row in found]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.from_regex(PAYLOAD, fullmatch=True).filter(lambda one: not one.startswith(INVITATION)))
@example("")
@example("TDP-06")
@example("tdp-06")
@example("TDP-99")
@example("A" * 64)
@example("inv")
@example("-")
async def test_t39_any_payload_is_an_ordinary_start(
    meet: Meet, store: Any, desk: Any, payload: str
):
    hoa = meet(id=str(next(ids)))

    await hoa.command("start", payload)

    unit = desk.units.find(payload) if payload else None
    known = unit is not None or not payload
    assert hoa.labels == WELCOME
    assert [screen.text for screen in hoa.last.screens[:-1]] == (
        [] if known else [desk.text("home.unknown_unit")]
    )
    assert await units_of(store) == []


async def odd_payloads(meet: Meet, store: Any, desk: Any) -> dict[str, str]:
    """Payloads that were made by us for another use, or by nobody."""
    lan = await make(store, meet(name="Trần Thị Lan"), Role.LEADER, "TDP-06")
    await lan.command("baocao")
    await lan.tap("Nhóm chat của đơn vị")
    signer, own = desk.contest.signer, Sender("tg", lan.id)
    return {
        "group's code": code_of(lan),
        "65 signs": "A" * 65,
        "4,000 signs": "TDP-06" * 700,
        "own button": signer.write(PlainButton("register", "TDP-06"), own),
        "own step": signer.write(DialogueButton(1, 7, "unit=TDP-06"), own),
        "spaces": "TDP-06 TDP-07",
        "markup": "<b>TDP-06</b>",
        "other letters": "ТDP-06",
        "unit that is no more": "TDP-00",
    }


ODD = (
    "group's code",
    "65 signs",
    "4,000 signs",
    "own button",
    "own step",
    "spaces",
    "markup",
    "other letters",
    "unit that is no more",
)


@pytest.mark.parametrize("name", ODD)
async def test_t39_payload_for_another_use_is_an_ordinary_start(
    meet: Meet, store: Any, desk: Any, name: str
):
    payload = (await odd_payloads(meet, store, desk))[name]
    hoa = meet(id="9001")

    await hoa.command("start", payload)

    assert hoa.labels == [*WELCOME]
    assert hoa.last.screens[0].text == desk.text("home.unknown_unit")
    assert await units_of(store) == []


async def test_t39_unit_of_a_link_is_set_only_by_the_person_s_own_yes(meet: Meet, store: Any):
    hoa = meet()
    await hoa.command("start", "TDP-06")
    await hoa.tap("Đăng ký dự thi")
    await hoa.tap("Đồng ý")
    await hoa.share_phone()
    await hoa.tap("Dùng tên: Nguyễn Thị Hoa")
    await hoa.text("1955")
    asked = hoa.screen.text

    await hoa.tap("Chọn đơn vị khác")
    await hoa.text("to 7")
    await hoa.tap("Tổ dân phố 7 (Nhân Trạch)")
    await hoa.tap("Đúng, hoàn tất")

    assert "đơn vị là <b>Tổ dân phố 6 (Nhân Trạch)</b>. Có đúng không?" in asked
    found = await units_of(store)
    assert ("TDP-07",) in found
    assert ("TDP-06",) not in found


async def test_t39_old_poster_changes_nothing_for_who_is_registered(meet: Meet, store: Any):
    hoa = meet()
    await hoa.register()
    before = await units_of(store)

    for payload in ("TDP-07", "TDP-99", "x" * 64):
        await hoa.command("start", payload)

    assert len(hoa.last.screens) == 1
    assert await units_of(store) == before


async def test_t39_link_in_mid_registration_leaves_the_draft_alone(meet: Meet):
    hoa = meet()
    await hoa.command("start", "TDP-06")
    await hoa.tap("Đăng ký dự thi")
    await hoa.tap("Đồng ý")
    await hoa.share_phone()

    await hoa.command("start", "TDP-07")
    await hoa.tap("Đăng ký dự thi")
    await hoa.tap("Dùng tên: Nguyễn Thị Hoa")
    await hoa.text("1955")

    assert "đơn vị là <b>Tổ dân phố 6 (Nhân Trạch)</b>" in hoa.screen.text
