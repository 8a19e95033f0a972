"""T33: who holds such a role, or is on the list, opens no attempt; what was opened is voided."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import insert, update

from handlers.access import UNRANKED
from handlers.office_roles import (
    Exclude,
    ListOutcome,
    Readmit,
    SettleOutcome,
    WithdrawRole,
)
from handlers.records import AttemptNotStarted, AttemptStarted, Grant, Role
from scoring.limits import StartRefusal
from store.tables import PARTICIPANT, VOID
from tests.store.appointing import Office

Another = Callable[..., Any]
PHONE = "+84987654321"
DOC = "12/QĐ-UBND"


@pytest.fixture
def office(world: Any) -> Office:
    return Office(world)


def grant_of(role: Role) -> Grant:
    return Grant(role, "to-1" if role is Role.LEADER else "")


async def start(world: Any, visitor: Any) -> Any:
    outcome = await world.store.attempts.start(world.starting(visitor))
    return outcome.refusal if isinstance(outcome, AttemptNotStarted) else type(outcome)


async def ledger(world: Any, *kinds: str) -> list[dict[str, Any]]:
    rows = await world.rows("ledger_queue")
    return [orjson.loads(row["fields_text"]) for row in rows if row["kind"] in kinds]


async def exclude(office: Office, doc: str = "", phone: str = PHONE) -> ListOutcome:
    order = Exclude(phone, "Cán bộ tổ chức", office.ordered("exclusion.add"), doc)
    outcome: ListOutcome = await office.world.store.exclusions.add(order)
    return outcome


async def readmit(office: Office, doc: str = "") -> ListOutcome:
    (entry,) = await office.world.store.exclusions.listed()
    order = Readmit(entry.key, office.ordered("exclusion.remove"), doc)
    outcome: ListOutcome = await office.world.store.exclusions.remove(order)
    return outcome


@pytest.mark.parametrize("role", Role)
async def test_t33_role_before_registering(office: Office, world: Any, role: Role) -> None:
    sender = world.sender()
    account = (await world.visit(sender)).account
    await office.appoint(grant_of(role), account, PHONE)

    visitor = await world.register(sender)

    assert visitor.is_excluded is (role in UNRANKED)
    expected = StartRefusal.EXCLUDED if role in UNRANKED else AttemptStarted
    assert await start(world, visitor) is expected


@pytest.mark.parametrize("role", Role)
async def test_t33_role_after_registering(office: Office, world: Any, role: Role) -> None:
    sender = world.sender()
    visitor = await world.register(sender)
    await office.appoint(grant_of(role), visitor.account, PHONE)

    visitor = await world.visit(sender)

    assert visitor.is_excluded is (role in UNRANKED)
    expected = StartRefusal.EXCLUDED if role in UNRANKED else AttemptStarted
    assert await start(world, visitor) is expected


@pytest.mark.parametrize("role", Role)
async def test_t33_role_after_an_attempt_voids_the_person(
    office: Office, world: Any, role: Role
) -> None:
    sender, session = await world.open_paper()
    person, account = session.attempt.person, session.account
    made = await office.invite(grant_of(role))
    await office.claim(made.token, account, PHONE)

    asked = await office.settle(made.id)
    settled = await office.settle(made.id, doc=DOC) if role in UNRANKED else asked

    assert asked is (SettleOutcome.NEEDS_DOC if role in UNRANKED else SettleOutcome.APPROVED)
    assert settled is SettleOutcome.APPROVED
    voided = [(one["person"], one["attempt"], one["doc"]) for one in await world.rows("void")]
    assert voided == ([(person, 0, DOC)] if role in UNRANKED else [])
    entry = {"k": "void", "p": person, "a": 0, "why": "excluded", "doc": DOC, "by": "cli"}
    assert await ledger(world, "void") == ([entry] if role in UNRANKED else [])
    assert (await world.visit(sender)).is_excluded is (role in UNRANKED)


async def test_t33_question_for_a_decision_leaves_nothing_behind(
    office: Office, world: Any
) -> None:
    _, session = await world.open_paper()
    made = await office.invite()
    await office.claim(made.token, session.account, PHONE)

    await office.settle(made.id)

    assert await world.rows("role") == []
    assert await world.store.exclusions.listed() == ()
    assert (await world.store.invitations.find(made.id)).holder is not None


@pytest.mark.parametrize("role", sorted(UNRANKED, key=lambda one: one.value))
async def test_t33_phone_of_a_role_counts_on_any_account(
    office: Office, world: Any, role: Role
) -> None:
    await office.appoint(Grant(role), phone=PHONE)

    visitor = await world.register(data=world.data(phone=PHONE))

    assert await start(world, visitor) is StartRefusal.EXCLUDED


async def test_t33_role_that_ended_still_excludes(office: Office, world: Any) -> None:
    sender = world.sender()
    visitor = await world.register(sender)
    await office.appoint(Grant(Role.JUDGE), visitor.account, PHONE)
    (held,) = await world.store.roles.held()
    await world.store.roles.withdraw(WithdrawRole(held.id, office.ordered("role.withdraw")))

    assert await start(world, await world.visit(sender)) is StartRefusal.EXCLUDED
    assert await readmit(office) is ListOutcome.DONE
    assert await start(world, await world.visit(sender)) is AttemptStarted


async def test_t33_entry_stays_as_long_as_the_role(office: Office, world: Any) -> None:
    await office.appoint(Grant(Role.JUDGE), phone=PHONE)

    assert await readmit(office) is ListOutcome.HOLDS_ROLE
    assert len(await world.store.exclusions.listed()) == 1


async def test_t33_family_on_a_role_holders_account_takes_part(office: Office, world: Any) -> None:
    sender = world.sender()
    visitor = await world.register(sender)
    await office.appoint(Grant(Role.SECRETARY), visitor.account, PHONE)
    helped = update(PARTICIPANT).values(relation="family")
    await world.store.database.write(lambda one: one.execute(helped))

    visitor = await world.visit(sender)

    assert visitor.is_excluded is False
    assert await start(world, visitor) is AttemptStarted


async def test_t33_typed_entry_before_registering_and_after(office: Office, world: Any) -> None:
    early = await world.register(data=world.data(phone=PHONE))
    assert await exclude(office) is ListOutcome.DONE
    late = await world.register(data=world.data("Lê Thị Cúc", phone=PHONE))

    outcomes = [await start(world, visitor) for visitor in (early, late)]

    assert outcomes == [StartRefusal.EXCLUDED] * 2
    assert await exclude(office) is ListOutcome.ALREADY


async def test_t33_typed_entry_after_an_attempt_and_back(office: Office, world: Any) -> None:
    sender = world.sender()
    visitor = await world.register(sender, world.data(phone=PHONE))
    person = visitor.participant.number
    await start(world, visitor)

    outcomes = [
        await exclude(office),
        await exclude(office, DOC),
        await readmit(office),
        await readmit(office, "13/QĐ-UBND"),
    ]

    needs, done = ListOutcome.NEEDS_DOC, ListOutcome.DONE
    assert outcomes == [needs, done, needs, done]
    entry = {"p": person, "a": 0, "why": "excluded", "by": "cli"}
    assert await ledger(world, "void", "restore") == [
        {"k": "void", "doc": DOC, **entry},
        {"k": "restore", "doc": "13/QĐ-UBND", **entry},
    ]
    (voided,) = await world.rows("void")
    assert voided["restored_at"] == world.now
    assert [act for act, _ in await office.acts()] == [
        "exclusion.add",
        "void",
        "exclusion.remove",
        "restore",
    ]
    assert (await world.visit(sender)).is_excluded is False


async def test_t33_other_voids_are_not_restored(office: Office, world: Any) -> None:
    visitor = await world.register(data=world.data(phone=PHONE))
    person = visitor.participant.number
    await start(world, visitor)
    voided = {"person": person, "attempt": 0, "why": "false_data", "doc": "7/QĐ", "at": 1}
    await world.store.database.write(lambda one: one.execute(insert(VOID), voided))

    outcomes = [await exclude(office), await readmit(office)]

    assert outcomes == [ListOutcome.DONE] * 2
    assert await ledger(world, "void", "restore") == []


async def test_t33_who_is_out_by_two_ways_stays_out(office: Office, world: Any) -> None:
    sender = world.sender()
    visitor = await world.register(sender, world.data(phone=PHONE))
    await office.appoint(Grant(Role.JUDGE), visitor.account, "+84911111111")
    assert await exclude(office) is ListOutcome.DONE
    listed = await world.store.exclusions.listed()
    key = next(one.key for one in listed if one.phone == PHONE)

    outcome = await world.store.exclusions.remove(Readmit(key, office.ordered("exclusion.remove")))

    assert outcome is ListOutcome.DONE
    assert await start(world, await world.visit(sender)) is StartRefusal.EXCLUDED


async def test_t33_list_and_start_that_race_leave_no_paper_that_counts(
    world: Any, another: Another
) -> None:
    async with another() as other:
        elsewhere = Office(world.at(other))
        for _ in range(20):
            phone = world.new_data().phone
            visitor = await world.register(data=world.data(phone=phone))

            listed, started = await asyncio.gather(
                exclude(elsewhere, phone=phone), start(world, visitor)
            )

            if started is AttemptStarted:
                assert listed is ListOutcome.NEEDS_DOC
            else:
                assert (listed, started) == (ListOutcome.DONE, StartRefusal.EXCLUDED)


async def test_t42_list_keeps_phones_in_boxes(office: Office, world: Any) -> None:
    await exclude(office)

    kept = [repr(await world.rows(table)) for table in ("exclusion", "audit")]

    assert not any("987654321" in one for one in kept)
    assert [one.phone for one in await world.store.exclusions.listed()] == [PHONE]
