"""Roles that stand: withdrawn at once, never the last organiser, and nothing offered is left."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from handlers.office_roles import (
    InvitationState,
    SettleOutcome,
    WithdrawOutcome,
    WithdrawRole,
)
from handlers.records import Grant, Role
from tests.store.appointing import JUDGE, Office

Another = Callable[..., Any]
ORGANISER = Grant(Role.ORGANISER)


@pytest.fixture
def office(world: Any) -> Office:
    return Office(world)


async def role_of(world: Any, account: int) -> int:
    return next(one.id for one in await world.store.roles.held() if one.account == account)


async def withdraw(office: Office, role: int, by: Any = None) -> WithdrawOutcome:
    order = WithdrawRole(role, office.ordered("role.withdraw", by, "Nghỉ việc"))
    outcome: WithdrawOutcome = await office.world.store.roles.withdraw(order)
    return outcome


async def test_t40_withdrawn_role_is_gone_at_the_next_visit(office: Office, world: Any) -> None:
    chief = await office.appoint(ORGANISER)
    sender = world.sender()
    judge = await office.appoint(JUDGE, (await world.visit(sender)).account)
    role = await role_of(world, judge)

    outcomes = [await withdraw(office, role, chief) for _ in range(2)]

    assert outcomes == [WithdrawOutcome.WITHDRAWN, WithdrawOutcome.GONE]
    assert (await world.visit(sender)).grants == ()
    assert (await office.acts()).count(("role.withdraw", f"role:{role}")) == 1
    assert (await office.told())[-1] == (f"chat-{sender.id}", "roles.withdrawn")


async def test_who_gives_up_his_own_role_is_not_told_by_message(office: Office, world: Any) -> None:
    judge = await office.appoint(JUDGE)
    before = await office.told()

    outcome = await withdraw(office, await role_of(world, judge), judge)

    assert outcome is WithdrawOutcome.WITHDRAWN
    assert await office.told() == before


async def test_last_organiser_stays(office: Office, world: Any) -> None:
    chief = await office.appoint(ORGANISER)

    outcome = await withdraw(office, await role_of(world, chief), chief)

    assert outcome is WithdrawOutcome.LAST_ORGANISER
    assert await office.grants(chief) == [ORGANISER]


async def test_two_organisers_who_withdraw_each_other_leave_one(
    office: Office, world: Any, another: Another
) -> None:
    one, two = await office.appoint(ORGANISER), await office.appoint(ORGANISER)
    roles = [await role_of(world, account) for account in (one, two)]
    async with another() as other:
        elsewhere = Office(world.at(other))

        outcomes = await asyncio.gather(
            withdraw(office, roles[1], one), withdraw(elsewhere, roles[0], two)
        )

    assert sorted(outcome.value for outcome in outcomes) == ["last_organiser", "withdrawn"]
    assert [held.grant for held in await world.store.roles.held()] == [ORGANISER]


async def test_role_that_was_withdrawn_can_be_given_again(office: Office, world: Any) -> None:
    await office.appoint(ORGANISER)
    judge = await office.appoint(JUDGE)
    await withdraw(office, await role_of(world, judge))

    await office.appoint(JUDGE, judge)

    assert await office.grants(judge) == [JUDGE]


async def test_t40_offers_of_a_former_organiser_lapse(office: Office, world: Any) -> None:
    await office.appoint(ORGANISER)
    former = await office.appoint(ORGANISER)
    claimant = await office.account()
    opened, claimed = await office.invite(by=former), await office.invite(by=former)
    await office.claim(claimed.token, claimant)

    await withdraw(office, await role_of(world, former))

    found = [await world.store.invitations.find(one.id) for one in (opened, claimed)]
    assert [one.state for one in found] == [InvitationState.WITHDRAWN] * 2
    assert await office.settle(claimed.id, former) is SettleOutcome.GONE
    assert await office.grants(claimant) == []
    assert (await office.told())[-1][1] == "roles.refused"


async def test_holder_is_read_back_from_the_boxes(office: Office, world: Any) -> None:
    account = await office.appoint(Grant(Role.LEADER, "to-1"), phone="+84987654321")

    (held,) = await world.store.roles.held()

    assert (held.account, held.grant) == (account, Grant(Role.LEADER, "to-1"))
    assert held.holder == office.holder("+84987654321")
    assert await world.store.roles.find(held.id) == held
