"""Invitations: one claim, one settlement, whoever races; only a hash of the token is kept (T40)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from handlers.office_roles import (
    INVITATION_MS,
    INVITATION_PREFIX,
    ClaimOutcome,
    InvitationState,
    SettleOutcome,
    WithdrawInvitation,
    WithdrawOutcome,
)
from handlers.records import Grant, Role
from scoring.instant import DAY_MS, Instant
from tests.store.appointing import JUDGE, MACHINE_MS, Office

Another = Callable[..., Any]


@pytest.fixture
def office(world: Any) -> Office:
    return Office(world)


async def test_t40_invitation_is_claimed_approved_and_read_at_the_next_visit(
    office: Office, world: Any
) -> None:
    chief = await office.appoint(Grant(Role.ORGANISER))
    sender = world.sender()
    account = (await world.visit(sender)).account

    made = await office.invite(Grant(Role.LEADER, "to-1"), chief)
    claimed = await office.claim(made.token, account)
    before = (await world.visit(sender)).grants
    settled = await office.settle(made.id, chief)

    assert (claimed, settled) == (ClaimOutcome.CLAIMED, SettleOutcome.APPROVED)
    assert before == ()
    assert (await world.visit(sender)).grants == (Grant(Role.LEADER, "to-1"),)
    assert [message for _, message in await office.told()] == [
        "roles.approved",
        "roles.claimed",
        "roles.approved",
    ]
    assert (await office.acts())[-3:] == [
        ("role.invite", f"invitation:{made.id}"),
        ("invitation.claim", f"invitation:{made.id}"),
        ("role.approve", f"invitation:{made.id}"),
    ]


async def test_t40_token_fits_a_deep_link_and_is_not_in_the_tables(
    office: Office, world: Any
) -> None:
    made = await office.invite()

    kept = repr(await world.rows("invitation")) + repr(await world.rows("audit"))

    assert len(INVITATION_PREFIX + made.token) == 47
    assert made.token not in kept
    assert made.token not in repr(made)


async def test_t40_second_claim_of_a_link_is_refused_and_the_inviter_told_once(
    office: Office,
) -> None:
    chief = await office.appoint(Grant(Role.ORGANISER))
    made = await office.invite(by=chief)
    first, second = await office.account(), await office.account()

    outcomes = [
        await office.claim(made.token, account) for account in (first, second, second, first)
    ]

    assert outcomes == [
        ClaimOutcome.CLAIMED,
        ClaimOutcome.TAKEN,
        ClaimOutcome.TAKEN,
        ClaimOutcome.CLAIMED,
    ]
    told = [message for _, message in await office.told()]
    assert told == ["roles.approved", "roles.claimed", "roles.reused"]
    assert ("refused", f"invitation:{made.id}") in await office.acts()


async def test_t40_forwarded_link_of_a_claim_tells_the_inviter_once_an_account(
    office: Office, world: Any
) -> None:
    chief = await office.appoint(Grant(Role.ORGANISER))
    made = await office.invite(by=chief)
    await office.claim(made.token, await office.account())
    stranger = await office.account()

    for _ in range(3):
        await world.store.invitations.reused(made.id, stranger, world.now)

    assert [message for _, message in await office.told()].count("roles.reused") == 1


async def test_t40_claims_that_race_in_two_processes_are_one(
    office: Office, world: Any, another: Another
) -> None:
    made = await office.invite()
    async with another() as other:
        orders = [await office.claiming(made.token, await office.account()) for _ in range(8)]
        stores = (world.store, other)

        outcomes = await asyncio.gather(
            *(stores[at % 2].invitations.claim(order) for at, order in enumerate(orders))
        )

    assert sorted(one.value for one in outcomes) == ["claimed"] + ["taken"] * 7


async def test_t40_two_approvals_and_a_refusal_at_once_have_one_effect(
    office: Office, world: Any, another: Another
) -> None:
    made = await office.invite()
    account = await office.account()
    await office.claim(made.token, account)
    async with another() as other:
        elsewhere = Office(world.at(other))

        outcomes = await asyncio.gather(
            office.settle(made.id),
            elsewhere.settle(made.id),
            office.settle(made.id, is_yes=False),
        )

    won = [one for one in outcomes if one is not SettleOutcome.GONE]
    assert len(won) == 1
    is_given = won[0] is SettleOutcome.APPROVED
    assert await office.grants(account) == ([JUDGE] if is_given else [])
    assert len(await office.told()) == 1


@pytest.mark.parametrize("late_ms", [-1, 0])
async def test_t40_invitation_ends_after_a_day_on_the_machines_clock(
    office: Office, world: Any, late_ms: int
) -> None:
    made = await office.invite()

    outcome = await office.claim(
        made.token, await office.account(), later_ms=INVITATION_MS + late_ms
    )

    assert outcome is (ClaimOutcome.CLAIMED if late_ms < 0 else ClaimOutcome.ENDED)
    found = await world.store.invitations.find(made.id)
    assert found.is_open(MACHINE_MS) is (late_ms == 0)


async def test_t40_withdrawn_invitation_is_claimed_by_nobody(office: Office, world: Any) -> None:
    made = await office.invite()
    order = WithdrawInvitation(made.id, office.ordered("invitation.withdraw"))

    outcomes = [await world.store.invitations.withdraw(order) for _ in range(2)]

    assert outcomes == [WithdrawOutcome.WITHDRAWN, WithdrawOutcome.GONE]
    assert await office.claim(made.token, await office.account()) is ClaimOutcome.ENDED


async def test_t40_withdrawn_claim_is_forgotten_and_its_owner_told(
    office: Office, world: Any
) -> None:
    made = await office.invite()
    await office.claim(made.token, await office.account())

    await world.store.invitations.withdraw(
        WithdrawInvitation(made.id, office.ordered("invitation.withdraw"))
    )

    assert await office.settle(made.id) is SettleOutcome.GONE
    assert [message for _, message in await office.told()] == ["roles.refused"]
    found = await world.store.invitations.find(made.id)
    assert (found.state, found.holder) == (InvitationState.WITHDRAWN, None)


async def test_t40_nobody_claims_his_own_offer_or_a_role_he_has(office: Office) -> None:
    chief = await office.appoint(Grant(Role.ORGANISER))
    judge = await office.appoint(JUDGE)

    own = await office.claim((await office.invite(by=chief)).token, chief)
    held = await office.claim((await office.invite(by=chief)).token, judge)
    unknown = await office.claim("A" * 43, judge)

    assert (own, held, unknown) == (ClaimOutcome.OWN, ClaimOutcome.HELD, ClaimOutcome.UNKNOWN)


async def test_t40_only_the_inviter_settles(office: Office) -> None:
    chief = await office.appoint(Grant(Role.ORGANISER))
    other = await office.appoint(Grant(Role.ORGANISER))
    made = await office.invite(by=chief)
    await office.claim(made.token, await office.account())

    outcomes = [
        await office.settle(made.id, other),
        await office.settle(made.id),
        await office.settle(made.id, chief, is_yes=False),
        await office.settle(made.id, chief),
    ]

    assert outcomes == [
        SettleOutcome.NOT_YOURS,
        SettleOutcome.NOT_YOURS,
        SettleOutcome.REFUSED,
        SettleOutcome.GONE,
    ]


async def test_t40_dialogue_that_went_on_claims_nothing(office: Office, world: Any) -> None:
    made = await office.invite()
    account = await office.account()
    early = await office.claiming(made.token, account)
    late = await office.claiming(made.token, account)

    outcomes = [await world.store.invitations.claim(order) for order in (early, late, late)]

    assert outcomes == [ClaimOutcome.SUPERSEDED, ClaimOutcome.CLAIMED, ClaimOutcome.SUPERSEDED]


async def test_claim_survives_a_restart_and_waits_for_its_inviter(
    office: Office, another: Another
) -> None:
    chief = await office.appoint(Grant(Role.ORGANISER))
    made = await office.invite(by=chief)
    claimant = await office.account()
    await office.claim(made.token, claimant, "+84987654321")

    async with another() as reopened:
        pending = await reopened.invitations.pending_of(chief, MACHINE_MS + 2 * INVITATION_MS)

    assert [(one.id, one.account, one.holder) for one in pending] == [
        (made.id, claimant, office.holder("+84987654321"))
    ]


async def test_t42_who_claims_is_in_boxes_only(office: Office, world: Any) -> None:
    made = await office.invite()
    await office.claim(made.token, await office.account(), "+84987654321")

    kept = [repr(await world.rows(table)) for table in ("invitation", "audit", "outbox")]
    await office.settle(made.id)
    kept += [repr(await world.rows(table)) for table in ("invitation", "role", "audit", "outbox")]

    assert not any("987654321" in one or "Bình" in one for one in kept)
    assert (await world.rows("invitation"))[0]["name_box"] is None


async def test_inviter_who_blocked_the_bot_finds_the_claim_when_he_is_back(
    office: Office, world: Any
) -> None:
    chief = await office.appoint(Grant(Role.ORGANISER))
    made = await office.invite(by=chief)
    await world.store.people.depart(chief)

    await office.claim(made.token, await office.account())

    assert [message for _, message in await office.told()] == ["roles.approved"]
    pending = await world.store.invitations.pending_of(chief, MACHINE_MS)
    assert [one.state for one in pending] == [InvitationState.CLAIMED]


async def test_roles_given_by_the_command_line_are_told_to_the_organisers(office: Office) -> None:
    await office.appoint(Grant(Role.ORGANISER))
    await office.appoint(JUDGE)

    told = await office.told()

    assert [message for _, message in told] == [
        "roles.approved",
        "roles.approved",
        "roles.by_command",
    ]
    assert told[0][0] == told[2][0]


async def test_claim_that_nobody_settles_is_forgotten_after_a_week(
    office: Office, world: Any
) -> None:
    made = await office.invite()
    claimant = await office.account()
    await office.claim(made.token, claimant)
    week_on = Instant(world.now + 7 * DAY_MS)
    forget = world.store.retention.forget

    counts = [await forget(Instant(0), Instant(before), week_on) for before in (world.now, week_on)]

    # The claimant's dialogue ended with the claim: there is nothing else to forget.
    assert counts == [0, 1]
    found = await world.store.invitations.find(made.id)
    assert (found.state, found.holder) == (InvitationState.WITHDRAWN, None)
    assert await office.settle(made.id) is SettleOutcome.GONE
    assert [message for _, message in await office.told()] == ["roles.refused"]
