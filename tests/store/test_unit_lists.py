"""Units in SQL: lists follow each other, and a change loses nobody (FAULTS T26)."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, insert, update

from handlers.proposals import Proposal, ProposalState, Settled
from handlers.records import AuditEntry, EraseData, PersonalData
from handlers.unit_lists import UnitChanges, changes_between, units_content
from handlers.units import Contact, Unit, Units
from scoring.instant import HOUR_MS, Instant
from store.tables import INVITATION, JOB_RUN, PARTICIPANT, ROLE, UNIT_CHAT
from store.unit_lists import StoredUnits

HOME = "to-dan-pho"
FIRST = Units(
    (
        Unit("to-1", HOME, "Tổ dân phố 1", "Văn Nội", size=100, target=50),
        Unit("to-2", HOME, "Tổ dân phố 2", leaders=(Contact("Trần Văn Bình", "+84912345678"),)),
        Unit("to-3", HOME, "Tổ dân phố 3"),
    ),
    {HOME: "Tổ dân phố"},
    HOME,
)
SECOND = replace(
    FIRST, units=(FIRST.units[0], Unit("to-9", HOME, "Tổ dân phố 9", size=70, target=50))
)
"""To 2 and to 3 are gone; to 9 is new."""


async def appointed(world: Any, role: str = "organiser", unit: str = "") -> int:
    account = int((await world.visit(world.sender())).account)
    values = {"name_box": b"", "phone_box": b"", "phone_index": b""}
    values |= {"unit": unit, "is_phone_verified": False, "granted_at": 0}
    statement = insert(ROLE).values(account=account, role=role, **values)
    await world.store.database.write(lambda one: one.execute(statement) and None)
    return account


def entry(world: Any, account: int | None) -> AuditEntry:
    return AuditEntry(world.now, account, "organiser", "proposal.approve", "units", why="sáp nhập")


async def proposing(world: Any, units: Units = SECOND, **moves: str) -> Any:
    """A proposal of the command line for this list; `to_2="to-9"` moves people."""
    standing = await world.store.unit_lists.newest()
    known = {old.replace("_", "-"): new for old, new in moves.items()}
    changes = changes_between(standing.units, units, known)
    people = await world.store.unit_lists.people_by_unit()
    content = units_content(units, changes, people, "Danh sách đơn vị thay đổi.", standing.id)
    proposal = Proposal("units", content, "sáp nhập", None, world.now)
    return await world.store.proposals.propose(proposal, entry(world, None))


async def approve(world: Any, proposal: Any) -> Settled:
    """By an organiser, an hour later."""
    world.now = Instant(world.now + HOUR_MS)
    by = await appointed(world)
    settled: Settled = await world.store.proposals.approve(proposal, entry(world, by))
    return settled


async def change(world: Any, **moves: str) -> None:
    """To the second list, the first being in force."""
    await world.store.unit_lists.begin(FIRST, world.now)
    assert await approve(world, await proposing(world, **moves)) is Settled.DONE


async def people(world: Any) -> list[tuple[int, str, str | None, bool]]:
    rows = await world.rows("participant")
    return [(row["number"], row["unit"], row["moved_from"], row["is_flagged"]) for row in rows]


async def ledger(world: Any) -> list[dict[str, Any]]:
    return [orjson.loads(row["fields_text"]) for row in await world.rows("ledger_queue")]


def of(world: Any, unit: str) -> PersonalData:
    return replace(world.new_data(), unit=unit)


async def test_the_first_list_begins_once_also_by_two_processes(
    world: Any, another: Callable[..., Any]
):
    async with another() as other:
        both = await asyncio.gather(
            world.store.unit_lists.begin(FIRST, world.now),
            other.unit_lists.begin(SECOND, world.now),
        )

    assert both[0] == both[1]
    assert both[0].units in (FIRST, SECOND)
    assert await world.store.unit_lists.newest() == both[0]
    assert len(await world.rows("unit_list")) == 1


async def test_a_list_reads_back_equal_and_hides_its_leaders(world: Any):
    made = await world.store.unit_lists.begin(FIRST, world.now)

    (row,) = await world.rows("unit_list")
    assert await world.store.unit_lists.newest() == StoredUnits(row["id"], FIRST)
    assert made.units.units[1].leaders == (Contact("Trần Văn Bình", "+84912345678"),)
    assert "Bình".encode() not in row["list_box"]
    assert b"912345678" not in row["list_box"]


async def test_t26_an_approved_list_is_the_newest_and_a_version_of_the_rules(world: Any):
    await world.store.unit_lists.begin(FIRST, world.now)
    made = await proposing(world)
    before = await world.store.rules_versions.newest_hash()
    standing = await world.store.unit_lists.newest()

    settled = await approve(world, made)

    versions = sorted(await world.rows("rules_version"), key=lambda row: row["since"])
    newest = orjson.loads(versions[-1]["json_text"])
    assert settled is Settled.DONE
    assert standing.units == FIRST
    assert (await world.store.unit_lists.newest()).units == SECOND
    assert [row["notice"] for row in versions[1:]] == ["Danh sách đơn vị thay đổi."]
    assert newest["units"] == [
        {"g": "to-1", "block": HOME, "size": 100, "target": 50},
        {"g": "to-9", "block": HOME, "size": 70, "target": 50},
    ]
    assert await world.store.rules_versions.newest_hash() == versions[-1]["hash"] != before
    assert versions[-1]["draw_rules"] == before


async def test_people_of_a_unit_that_went_are_moved_or_flagged_and_entered(world: Any):
    stays = await world.register(data=of(world, "to-1"))
    moves = await world.register(data=of(world, "to-2"))
    waits = await world.register(data=of(world, "to-3"))

    await change(world, to_2="to-9")

    numbers = [one.participant.number for one in (stays, moves, waits)]
    entered = await ledger(world)
    hashes = {one["hash"] for one in await world.rows("rules_version")}
    assert await people(world) == [
        (numbers[0], "to-1", None, False),
        (numbers[1], "to-9", "to-2", False),
        (numbers[2], "to-3", "to-3", True),
    ]
    assert [one["k"] for one in entered[-2:]] == ["fix", "amend"]
    assert (entered[-2]["p"], entered[-2]["g"]) == (numbers[1], "to-9")
    assert entered[-1]["hash"] in hashes
    assert [one["k"] for one in entered].count("fix") == 1


async def test_a_moved_person_is_found_again_with_his_new_unit(world: Any):
    sender = world.sender()
    await world.register(sender, of(world, "to-2"))

    await change(world, to_2="to-9")

    visitor = await world.visit(sender)
    assert visitor.participant.data.unit == "to-9"


async def test_who_was_moved_is_told_and_nobody_else(world: Any):
    await world.register(data=of(world, "to-1"))
    await world.register(data=of(world, "to-3"))
    moved = world.sender()
    await world.register(moved, of(world, "to-2"))

    await change(world, to_2="to-9")

    told = [
        (row["chat"], row["arguments"])
        for row in await world.rows("outbox")
        if row["message"] == "notice.unit_moved"
    ]
    assert told == [(f"chat-{moved.id}", '{"unit":"to-9"}')]


async def test_counts_move_with_the_people(world: Any):
    for unit in ("to-1", "to-2", "to-2"):
        await world.register(data=of(world, unit))

    await change(world, to_2="to-9")

    counts = {
        row["unit"]: row["registered"] for row in await world.rows("unit_hour") if row["registered"]
    }
    assert counts == {"to-1": 1, "to-9": 2}


async def test_leaders_follow_and_who_leads_the_new_one_already_keeps_that(world: Any):
    leader = await appointed(world, "leader", "to-2")
    both = await appointed(world, "leader", "to-2")
    role = {"account": both, "role": "leader", "unit": "to-9", "name_box": b"", "phone_box": b""}
    role |= {"phone_index": b"", "is_phone_verified": False, "granted_at": 0}
    statement = insert(ROLE).values(role)
    await world.store.database.write(lambda one: one.execute(statement) and None)

    await change(world, to_2="to-9")

    held = [
        (row["account"], row["unit"], row["withdrawn_at"])
        for row in await world.rows("role")
        if row["unit"]
    ]
    assert sorted(held, key=str) == sorted(
        [(leader, "to-9", None), (both, "to-2", world.now), (both, "to-9", None)], key=str
    )


async def test_offers_to_lead_follow_while_they_are_not_settled(world: Any):
    states = ("open", "claimed", "approved", "withdrawn")
    row = {"role": "leader", "unit": "to-2", "made_at": 0, "expires_ms": 1}
    rows = [row | {"state": state, "token_index": state.encode()} for state in states]
    await world.store.database.write(lambda one: one.execute(insert(INVITATION), rows) and None)

    await change(world, to_2="to-9")

    found = [(row["state"], row["unit"]) for row in await world.rows("invitation")]
    assert found == list(zip(states, ("to-9", "to-9", "to-2", "to-2"), strict=True))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([("to-2", "linked")], [("to-9", "linked")]),
        ([("to-2", "linked"), ("to-9", "refused")], [("to-9", "linked")]),
        ([("to-2", "pending"), ("to-9", "linked")], [("to-9", "linked")]),
        ([("to-2", "lost"), ("to-9", "pending")], [("to-9", "pending")]),
        ([("to-1", "linked"), ("to-2", "unlinked")], [("to-1", "linked"), ("to-9", "unlinked")]),
    ],
    ids=str,
)
async def test_linked_chats_follow_and_a_chat_is_never_twice_a_units(
    world: Any, before: list[tuple[str, str]], after: list[tuple[str, str]]
):
    known = {"channel": "tg", "thread": 0, "kind": "group", "title_box": b"", "can_send": True}
    other = {"chat": "-200", "unit": "to-9", "state": "linked", "at": 0}
    rows = [{"chat": "-100", "unit": unit, "state": state, "at": 0} for unit, state in before]

    def write(connection: Connection) -> None:
        connection.execute(insert(UNIT_CHAT), [known | row for row in [*rows, other]])

    await world.store.database.write(write)
    await change(world, to_2="to-9")

    found = await world.rows("unit_chat")
    assert [(row["unit"], row["state"]) for row in found if row["chat"] == "-100"] == after
    assert [row["unit"] for row in found if row["chat"] == "-200"] == ["to-9"]


async def test_an_erased_person_moves_without_an_entry(world: Any):
    visitor = await world.register(data=of(world, "to-2"))
    number = visitor.participant.number
    await world.store.people.erase(EraseData(visitor.account, number, world.now))

    await change(world, to_2="to-9")

    assert [(one[0], one[1]) for one in await people(world)] == [(number, "to-9")]
    assert [one["k"] for one in await ledger(world)].count("fix") == 0


async def test_a_list_made_against_an_older_one_is_outdated(world: Any):
    await world.store.unit_lists.begin(FIRST, world.now)
    older = await proposing(world, replace(FIRST, units=FIRST.units[:2]))
    newer = await proposing(world)
    assert await approve(world, newer) is Settled.DONE

    settled = await approve(world, older)

    assert settled is Settled.OUTDATED
    assert (await world.store.proposals.find(older)).state is ProposalState.OPEN
    assert (await world.store.unit_lists.newest()).units == SECOND


async def test_after_the_closing_no_list_takes_effect(world: Any):
    await world.store.unit_lists.begin(FIRST, world.now)
    made = await proposing(world)
    closing = {"job": "closing", "planned_at": 1, "done_at": 1}
    await world.store.database.write(lambda one: one.execute(insert(JOB_RUN), [closing]) and None)

    assert await approve(world, made) is Settled.OUTDATED
    assert (await world.store.unit_lists.newest()).units == FIRST


async def test_who_registers_for_a_unit_that_just_went_is_flagged_once(world: Any):
    await change(world)
    late = await world.register(data=of(world, "to-2"))

    first = await world.store.unit_lists.flag_lost(SECOND)
    again = await world.store.unit_lists.flag_lost(SECOND)

    assert (first, again) == (1, 0)
    assert await people(world) == [(late.participant.number, "to-2", "to-2", True)]


async def test_people_are_counted_by_unit_whether_the_list_has_it_or_not(world: Any):
    for unit in ("to-1", "to-1", "to-77"):
        await world.register(data=of(world, unit))

    assert await world.store.unit_lists.people_by_unit() == {"to-1": 2, "to-77": 1}


async def test_a_failure_in_the_middle_leaves_everything_as_it_was(world: Any):
    """A person whose box cannot be opened stops the whole change (nothing half-done)."""
    await world.register(data=of(world, "to-2"))
    await world.store.unit_lists.begin(FIRST, world.now)
    made = await proposing(world, to_2="to-9")
    spoil = update(PARTICIPANT).values(dict.fromkeys(_boxes(), b"x"))
    await world.store.database.write(lambda one: one.execute(spoil) and None)
    by = await appointed(world)

    outcome = await asyncio.gather(
        world.store.proposals.approve(made, entry(world, by)), return_exceptions=True
    )

    assert isinstance(outcome[0], Exception)
    assert [one[1:] for one in await people(world)] == [("to-2", None, False)]
    assert (await world.store.unit_lists.newest()).units == FIRST
    assert len(await world.rows("rules_version")) == 1
    assert (await world.store.proposals.find(made)).state is ProposalState.OPEN


def _boxes() -> list[str]:
    return [column.name for column in PARTICIPANT.c if column.name.endswith("_box")]


def test_changes_tell_what_came_went_and_stands_for_what():
    moves = {"to-2": "to-9", "to-3": "to-77", "to-1": "to-9"}

    changes = changes_between(FIRST, SECOND, moves)

    assert changes == UnitChanges(("to-9",), ("to-2", "to-3"), (), {"to-2": "to-9"})
    assert changes.left == ("to-3",)


def test_what_a_proposal_tells_counts_people_by_what_becomes_of_them():
    changes = changes_between(FIRST, SECOND, {"to-2": "to-9"})

    content = units_content(SECOND, changes, {"to-2": 4, "to-3": 2, "to-1": 9}, "…", 1)

    assert content["told"] == {
        "units": 2,
        "added": ["to-9"],
        "removed": ["to-2", "to-3"],
        "changed": [],
        "moved": 4,
        "flagged": 2,
    }


async def test_no_newest_list_before_the_first(world: Any):
    assert await world.store.unit_lists.newest() is None
    assert await world.store.unit_lists.newest_id() is None
