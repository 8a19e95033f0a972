"""Crash points: off they are not there at all; armed, only the named one ends the process."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from bot.crash_points import POINTS, CrashPoints
from bot.door import Accepted
from bot.platforms.telegram import Received
from bot.platforms.telegram_client import Called, Outcome
from bot.platforms.telegram_types import Update
from scoring.instant import Instant

NOW = Received(Instant(0), 0)


class Client:
    async def call(self, _: str, __: object) -> Called:
        return Called(Outcome.DONE)

    async def get_updates(self, *_: object) -> list[Any]:
        return []


class Door:
    async def accept(self, update: Update, _: Received) -> Accepted:
        return Accepted({"id": update.update_id})


@pytest.fixture
def armed(tmp_path: Path) -> Path:
    return tmp_path / "crash"


@pytest.fixture
def deaths(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: found.append((pid, number)))
    return found


def arm(armed: Path, text: str) -> None:
    armed.write_text(text)


def test_without_the_variable_every_part_is_itself() -> None:
    points, client, door, house = CrashPoints(""), Client(), Door(), object()

    points.house(house)  # type: ignore[arg-type]

    assert points.platform(client) is client
    assert points.door(door) is door  # type: ignore[arg-type, comparison-overlap]


@pytest.mark.parametrize("point", POINTS)
def test_a_point_kills_once_and_only_itself(
    point: str, armed: Path, deaths: list[tuple[int, int]]
) -> None:
    points = CrashPoints(str(armed))
    arm(armed, point)

    for one in (*POINTS, *POINTS):
        points.hit(one)

    assert deaths == [(os.getpid(), signal.SIGKILL)]
    assert not armed.exists()


async def test_an_update_may_be_named_and_killed_each_time(
    armed: Path, deaths: list[tuple[int, int]]
) -> None:
    door = CrashPoints(str(armed)).door(Door())  # type: ignore[arg-type]
    arm(armed, "received 7 3")

    for update in (6, 7, 8, 7, 7, 7):
        await asyncio.create_task(door.accept(Update(update), NOW))

    assert len(deaths) == 3


async def test_nothing_is_shown_where_the_acknowledgement_is_the_point(
    armed: Path, deaths: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.crash_points.ACKNOWLEDGED_S", 0.01)
    points = CrashPoints(str(armed))
    door, client = points.door(Door()), points.platform(Client())  # type: ignore[arg-type]
    order: list[str] = []

    async def update() -> None:
        arm(armed, "acknowledged")
        await door.accept(Update(7), NOW)
        order.append("accepted")
        await client.call("sendMessage", {})
        order.append(f"shown after {len(deaths)} death")

    await asyncio.create_task(update())

    assert order == ["accepted", "shown after 1 death"]


async def test_what_no_update_asked_for_is_shown(
    armed: Path, deaths: list[tuple[int, int]]
) -> None:
    client = CrashPoints(str(armed)).platform(Client())
    arm(armed, "showing")

    await client.call("sendMessage", {})

    assert deaths == []
