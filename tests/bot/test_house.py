"""The house: a rehearsal's clock is moved by nobody's leave but its own, and between ticks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.clock import machine_ms
from bot.environment import read_environment
from bot.house import BEAT_MS, LAST_INSTANT, House, open_house
from bot.problems import SettingsProblemError
from bot.settings import read_config
from bot.start import read_files
from handlers.amendments import rules_content
from handlers.proposals import Proposal, Settled
from handlers.records import AuditEntry, Sender
from handlers.unit_lists import changes_between, units_content
from handlers.units import Unit
from scoring.instant import HOUR_MS, Instant
from scoring.rules import rules_json
from store.heartbeats import last_beat
from store.probe import probe_heartbeat
from store.tables import ROLE

NINE = Instant(1_765_332_000_000)


@pytest.mark.parametrize(
    ("to", "rate"),
    [
        (LAST_INSTANT, None),
        (Instant(-1), None),
        (None, 10_001),
        (None, -1),
        (None, 0),
        (NINE, 10_001),
    ],
    ids=str,
)
async def test_clock_is_not_moved_out_of_bounds(
    house: House, to: Instant | None, rate: int | None
) -> None:
    before = house.clock.anchor

    with pytest.raises(ValueError, match="rate"):
        await house.move_clock(to, rate)

    assert house.clock.anchor == before


async def test_moving_back_begins_a_new_contest_and_forward_does_not(house: House) -> None:
    first = house.desk.contest.id

    await house.move_clock(Instant(NINE + 3_600_000), 60)
    forward = house.desk.contest.id
    await house.move_clock(NINE, None)

    assert forward == first
    assert house.desk.contest.id != first
    assert house.clock.anchor is not None
    assert (house.clock.anchor.contest, house.clock.anchor.rate) == (NINE, 60)


async def test_clock_is_not_moved_while_a_tick_acts_by_it(house: House) -> None:
    before = house.clock.anchor

    async with house.ticking:
        moving = asyncio.create_task(house.move_clock(Instant(NINE + 1), None))
        await asyncio.sleep(0)
        held = house.clock.anchor
    await moving

    assert held == before
    assert house.clock.anchor != before


@pytest.mark.parametrize("jump_ms", [HOUR_MS, -HOUR_MS], ids=["ahead", "back"])
async def test_t23_a_jump_of_the_machine_s_clock_makes_nothing_old(
    house: House, jump_ms: int
) -> None:
    before = house.clock.machine_ms()
    house.clock.machine.wall_ms = lambda: machine_ms() + jump_ms
    house._beat_ms = house._elapsed_ms() - BEAT_MS

    is_current, ages = house.is_current(), house.ages()
    await house.refresh()

    assert is_current
    assert max(ages.decisions_s, ages.tick_s) < HOUR_MS / 1_000
    assert house.desk.contest.timeline.outages == ()
    last_ms = await last_beat(house.store.database)
    assert last_ms is not None
    assert last_ms >= before + max(0, jump_ms)


async def test_t23_a_start_tells_nothing_before_what_was_recorded(ward: Path) -> None:
    await beaten(ward, ahead_ms=HOUR_MS)
    recorded_ms = await last_beat_of(ward)

    async with opened(ward) as house:
        first_ms, behind_ms = house.clock.machine_ms(), house.clock.machine.behind_ms()
        outages = await house.store.heartbeats.outages()

    assert first_ms >= recorded_ms + BEAT_MS
    assert behind_ms > 0
    assert outages == ()
    assert await last_beat_of(ward) >= recorded_ms


async def test_t23_a_start_a_day_behind_is_refused_and_changes_nothing(ward: Path) -> None:
    await beaten(ward, ahead_ms=25 * HOUR_MS)
    recorded_ms = await last_beat_of(ward)

    with pytest.raises(SettingsProblemError, match="timedatectl"):
        async with opened(ward):
            pass

    assert await last_beat_of(ward) == recorded_ms


@asynccontextmanager
async def opened(ward: Path) -> AsyncIterator[House]:
    variables = {
        "HOITHI_CLOCK": "2025-12-10T09:00:00+07:00",
        "TELEGRAM_BOT_TOKEN": "123456:" + "T" * 35,
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
        "HOITHI_DATA_KEY": "ab" * 32,
        "DATABASE_URL": database_of(ward),
    }
    config, environment = read_config(ward / "config.toml"), read_environment(variables)
    async with open_house(config, environment, read_files(config, environment)) as house:
        yield house


async def beaten(ward: Path, ahead_ms: int) -> None:
    """A process was here whose clock ran that far ahead of ours."""
    async with opened(ward) as house:
        house.clock.machine.wall_ms = lambda: machine_ms() + ahead_ms
        house._beat_ms = house._elapsed_ms() - BEAT_MS
        await house.refresh()


def database_of(ward: Path) -> str:
    return f"sqlite:///{ward}/contest.sqlite"


async def last_beat_of(ward: Path) -> int:
    found = await probe_heartbeat(database_of(ward))
    assert found is not None
    return found


async def approved(house: House, kind: str, content: dict[str, Any]) -> None:
    """A proposal of the command line that an organiser approves."""
    now, database = house.clock.now(), house.store.database
    visitor = await house.store.people.visit(Sender("tg", "1"), "1", now)
    role = {"account": visitor.account, "role": "organiser", "unit": "", "granted_at": 0}
    boxes = {"name_box": b"", "phone_box": b"", "phone_index": b"", "is_phone_verified": False}
    await database.write(lambda one: one.execute(ROLE.insert().values(role | boxes)) and None)
    entry = AuditEntry(now, visitor.account, "organiser", "proposal.approve", kind, why="thử")
    proposal = Proposal(kind, content, "thử", None, now)
    made = await house.store.proposals.propose(proposal, entry)
    assert await house.store.proposals.approve(made, entry) is Settled.DONE


async def test_a_running_house_takes_a_new_list_of_units(house: House) -> None:
    standing = await house.store.unit_lists.newest()
    assert standing is not None
    kept = standing.units.units[1:]
    units = replace(standing.units, units=(*kept, Unit("TDP-99", "to-dan-pho", "Tổ dân phố 99")))
    changes = changes_between(standing.units, units, {})
    contest = house.desk.contest.id

    await approved(house, "units", units_content(units, changes, {}, "Đổi.", standing.id))
    before = house.desk.units
    await house.refresh()

    assert before == standing.units
    assert house.desk.units == units
    assert house.desk.contest.id == contest
    assert [one.code for one in house.desk.contest.rules.units] == sorted(
        one.code for one in units.units
    )


async def test_t26_a_running_house_takes_amended_rules_whatever_its_files_say(
    house: House,
) -> None:
    standing = rules_json(house.desk.contest.rules)
    contest, commitments = house.desk.contest.id, house.desk.contest.commitments

    content = rules_content(standing, standing | {"minutes": 20, "attempts": 5}, "Sửa.")
    await approved(house, "rules", content)
    before = house.desk.contest.rules.minutes
    await house.refresh()

    rules = house.desk.contest.rules
    assert (before, rules.minutes, rules.limits.attempts) == (15, 20, 5)
    assert house.desk.contest.id == contest
    assert house.desk.contest.commitments.rules != commitments.rules
    assert house.desk.contest.commitments.bank == commitments.bank
