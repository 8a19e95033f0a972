"""What does not count and counts again: once, under a decision, with its slot given back."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from handlers.office_persons import RestorePapers, Voided, VoidPapers
from handlers.office_roles import Ordered
from handlers.proposals import Proposal, Settled
from handlers.records import (
    AttemptNotStarted,
    AttemptStarted,
    AuditEntry,
    Dialogue,
    MoveDialogue,
    Sender,
    Visitor,
)
from scoring.attempt import Act
from scoring.contest import Decision, Ruling
from scoring.instant import DAY_MS, Instant
from scoring.limits import AttemptLimits, History, StartRefusal
from scoring.tallies import NOBODY
from tests.store.conftest import CLOSES
from tests.store.test_proposals import organiser

DOC = "12/QĐ-BTC"
LIMITS = AttemptLimits(3, 1)


def ordered(world: Any, account: int | None = None, step: int | None = None) -> Ordered:
    return Ordered(AuditEntry(world.now, account, "secretary", "void", why="mất điện"), step)


def voiding(world: Any, attempt: int = 0, person: int = 1, why: str = "incident") -> VoidPapers:
    return VoidPapers(person, attempt, why, DOC, ordered(world))


def restoring(
    world: Any, attempt: int = 0, person: int = 1, limits: AttemptLimits = LIMITS
) -> RestorePapers:
    return RestorePapers(person, attempt, DOC, limits, ordered(world))


async def play(world: Any, visitor: Visitor, number: int = 1, **changes: Any) -> None:
    """A whole attempt, with enough answers to be a participation."""
    outcome = await world.store.attempts.start(world.starting(visitor, number, **changes))
    assert isinstance(outcome, AttemptStarted)
    session = outcome.session
    for _ in range(session.attempt.size):
        session = await world.answer(visitor_sender(visitor), session)
    finish = world.finishing(session, Act.SUBMIT, at=Instant(session.attempt.due))
    assert await world.store.attempts.finish(finish) is not None


def visitor_sender(visitor: Visitor) -> Sender:
    """Whose session is moved along; no test here looks at it."""
    return Sender("tg", f"player-{visitor.account}")


async def acts(world: Any) -> list[tuple[str, str, str]]:
    """What the audit trail and the ledger say of voids, in order."""
    return [(row["act"], row["subject"], row["detail"]) for row in await world.rows("audit")]


async def ledger(world: Any) -> list[str]:
    rows = await world.rows("ledger_queue")
    return [row["fields_text"] for row in rows if row["kind"] in {"void", "restore"}]


async def told(world: Any) -> list[tuple[str, str]]:
    rows = await world.rows("outbox")
    return [(row["message"], row["arguments"]) for row in rows]


async def test_a_person_is_void_and_restored_with_ledger_trail_and_news(world: Any):
    visitor = await world.register()
    await play(world, visitor)

    outcomes = [
        await world.store.voids.void(voiding(world, why="proxy")),
        await world.store.voids.restore(restoring(world)),
    ]

    detail = f'{{"attempt":0,"doc":"{DOC}","why":"proxy"}}'
    arguments = f'{{"person":1,"attempt":0,"why":"proxy","doc":"{DOC}"}}'
    assert outcomes == [Voided.DONE, Voided.DONE]
    assert await acts(world) == [("void", "person:1", detail), ("restore", "person:1", detail)]
    assert await ledger(world) == [
        f'{{"a":0,"by":"secretary","doc":"{DOC}","k":"{kind}","p":1,"why":"proxy"}}'
        for kind in ("void", "restore")
    ]
    assert await told(world) == [("notice.voided", arguments), ("notice.restored", arguments)]


async def counts(world: Any) -> tuple[int, int, int]:
    """People registered, people and attempts in all buckets, which agree with the rows."""
    buckets = await world.store.recounts.buckets(CLOSES)
    rows = await world.store.recounts.rows(CLOSES, 0, 1_000)
    agreed = {key: count for key, count in buckets.items() if count != NOBODY}
    assert agreed == {key: count for key, count in rows.items() if count != NOBODY}
    total = sum(buckets.values(), NOBODY)
    return total.registered, total.people, total.attempts


async def test_the_counts_of_units_follow(world: Any):
    visitor = await world.register()
    await play(world, visitor)
    found = [await counts(world)]

    for order in (voiding(world, 1), voiding(world)):
        await world.store.voids.void(order)
        found.append(await counts(world))
    for order in (restoring(world), restoring(world, 1)):
        await world.store.voids.restore(order)
        found.append(await counts(world))

    assert found == [(1, 1, 1), (1, 0, 0), (0, 0, 0), (1, 0, 0), (1, 1, 1)]


async def test_an_attempt_that_is_void_is_told_in_the_persons_file(world: Any):
    visitor = await world.register()
    await play(world, visitor)

    await world.store.voids.void(voiding(world, 1))

    file = await world.store.persons.file_of(1)
    assert [(one.attempt, one.why, one.doc) for one in file.voids] == [(1, "incident", DOC)]


async def test_an_open_attempt_is_not_voided_a_missing_one_neither(world: Any):
    await world.open_paper()

    assert await world.store.voids.void(voiding(world, 1)) is Voided.OPEN
    assert await world.store.voids.void(voiding(world, 2)) is Voided.GONE
    assert await world.store.voids.void(voiding(world, person=99)) is Voided.GONE
    assert await world.rows("void") == []
    assert await told(world) == []


async def test_a_void_attempt_frees_its_slot_and_keeps_its_number(world: Any):
    sender = world.sender()
    visitor = await world.register(sender)
    await play(world, visitor)
    spent = (await world.visit(sender)).history
    refused = await world.store.attempts.start(world.starting(visitor, 2))

    await world.store.voids.void(voiding(world, 1))
    freed = (await world.visit(sender)).history
    again = await world.store.attempts.start(world.starting(visitor, 2))

    assert spent == History(1, 1)
    assert refused == AttemptNotStarted(StartRefusal.NO_ATTEMPTS_TODAY)
    assert freed == History(1, 0, 1)
    assert isinstance(again, AttemptStarted)
    assert (await world.visit(sender)).history == History(2, 1, 1)


async def test_a_void_attempt_frees_its_slot_of_the_whole_contest(world: Any):
    visitor = await world.register()
    one = AttemptLimits(1, 0)
    await play(world, visitor, limits=one)
    refused = await world.store.attempts.start(world.starting(visitor, 2, limits=one))

    await world.store.voids.void(voiding(world, 1))

    assert refused == AttemptNotStarted(StartRefusal.NO_ATTEMPTS_LEFT)
    again = await world.store.attempts.start(world.starting(visitor, 2, limits=one))
    assert isinstance(again, AttemptStarted)


async def test_a_person_void_in_whole_has_used_what_he_used(world: Any):
    sender = world.sender()
    visitor = await world.register(sender)
    await play(world, visitor)

    await world.store.voids.void(voiding(world))

    assert (await world.visit(sender)).history == History(1, 1)
    refused = await world.store.attempts.start(world.starting(visitor, 2))
    assert refused == AttemptNotStarted(StartRefusal.NO_ATTEMPTS_TODAY)


@pytest.mark.parametrize(
    ("limits", "later_ms", "outcome"),
    [
        pytest.param(AttemptLimits(3, 1), 0, Voided.OVER_LIMITS, id="another-on-its-day"),
        pytest.param(AttemptLimits(3, 1), DAY_MS, Voided.DONE, id="another-on-another-day"),
        pytest.param(AttemptLimits(1, 0), DAY_MS, Voided.OVER_LIMITS, id="all-are-used"),
        pytest.param(AttemptLimits(0, 0), 0, Voided.DONE, id="no-limits"),
    ],
)
async def test_rules_4_1_restoring_leaves_no_more_attempts_than_allowed(
    world: Any, limits: AttemptLimits, later_ms: int, outcome: Voided
):
    visitor = await world.register()
    await play(world, visitor, limits=limits)
    await world.store.voids.void(voiding(world, 1))
    at = Instant(world.now + 20 * 60_000 + later_ms)
    due = Instant(at + 1)
    await play(world, visitor, 2, at=at, due=due, day_start=Instant(0), limits=AttemptLimits(0, 0))

    assert await world.store.voids.restore(restoring(world, 1, limits=limits)) is outcome


async def test_what_the_list_voided_is_the_lists_to_take_back(world: Any):
    await world.register()
    await world.store.voids.void(voiding(world, why="excluded"))

    assert await world.store.voids.restore(restoring(world)) is Voided.LISTED


async def test_a_stale_step_does_nothing(world: Any):
    visitor = await world.register()
    _, step = await world.store.people.move(
        MoveDialogue(visitor.account, Dialogue("void_person"), world.now)
    )
    fresh = replace(voiding(world), ordered=ordered(world, visitor.account, step))

    outcomes = [await world.store.voids.void(fresh), await world.store.voids.void(fresh)]

    assert outcomes == [Voided.DONE, Voided.SUPERSEDED]


async def test_t38_two_staff_void_at_once_and_it_is_void_once(world: Any, another: Any):
    visitor = await world.register()
    await play(world, visitor)
    async with another() as other:
        outcomes = await asyncio.gather(
            *(store.voids.void(voiding(world, 1)) for store in (world.store, other) * 3)
        )

    assert sorted(one.value for one in outcomes) == ["already"] * 5 + ["done"]
    assert len(await world.rows("void")) == 1
    assert len(await ledger(world)) == 1
    assert len(await told(world)) == 1


async def test_t38_voiding_and_restoring_at_once_tell_what_happened(world: Any, another: Any):
    visitor = await world.register()
    await play(world, visitor)
    async with another() as other:
        for _ in range(5):
            voided, restored = await asyncio.gather(
                world.store.voids.void(voiding(world, 1)),
                other.voids.restore(restoring(world, 1)),
            )
            in_force = [row for row in await world.rows("void") if row["restored_at"] is None]
            assert voided is Voided.DONE
            assert restored in {Voided.DONE, Voided.ALREADY}
            assert len(in_force) == (restored is Voided.ALREADY)
            if in_force:
                await world.store.voids.restore(restoring(world, 1))

    rows, said = await world.rows("void"), await ledger(world)
    assert len(said) == 2 * len(rows)
    assert [one for one in rows if one["restored_at"] is None] == []


async def test_t36_restoring_and_starting_at_once_keep_the_limit(world: Any, another: Any):
    one = AttemptLimits(1, 0)
    async with another() as other:
        for person in range(1, 6):
            visitor = await world.register()
            await play(world, visitor, limits=one)
            await world.store.voids.void(voiding(world, 1, person))
            started, restored = await asyncio.gather(
                other.attempts.start(world.starting(visitor, 2, limits=one)),
                world.store.voids.restore(restoring(world, 1, person, one)),
            )
            is_started = isinstance(started, AttemptStarted)
            assert restored is (Voided.OVER_LIMITS if is_started else Voided.DONE)


@pytest.mark.parametrize("ruling", [Ruling.PROVISIONAL, Ruling.FINAL])
async def test_once_results_are_public_it_takes_two(world: Any, ruling: Ruling):
    visitor = await world.register()
    await play(world, visitor)
    await world.store.decisions.record(Decision(ruling, world.now), "organiser", "x")

    assert await world.store.voids.void(voiding(world)) is Voided.NEEDS_SECOND
    assert await world.store.voids.restore(restoring(world)) is Voided.NEEDS_SECOND
    assert await world.rows("void") == []


def proposal(world: Any, maker: int, **more: Any) -> Proposal:
    content = {"person": 1, "attempt": 1, "why": "proxy", "doc": DOC, "by": "secretary", **more}
    return Proposal("void", content, "thi hộ", maker, world.now)


def approving(world: Any, account: int) -> AuditEntry:
    return AuditEntry(world.now, account, "organiser", "proposal.approve", "void")


async def test_two_void_and_two_restore_as_proposed(world: Any):
    first, second = await organiser(world), await organiser(world)
    visitor = await world.register()
    await play(world, visitor)
    await world.store.decisions.record(Decision(Ruling.FINAL, world.now), "organiser", "x")
    proposals = world.store.proposals
    void = await proposals.propose(proposal(world, first), approving(world, first))
    restore = await proposals.propose(
        proposal(world, first, limits=[3, 1]), approving(world, first)
    )

    own = await proposals.approve(void, approving(world, first))
    settled = [
        await proposals.approve(restore, approving(world, second)),
        await proposals.approve(void, approving(world, second)),
    ]
    in_force = len((await world.store.persons.file_of(1)).voids)
    settled.append(await proposals.approve(restore, approving(world, second)))

    assert own is Settled.OWN
    assert settled == [Settled.OUTDATED, Settled.DONE, Settled.DONE]
    assert in_force == 1
    assert (await world.store.persons.file_of(1)).voids == ()
    assert [act for act, subject, _ in await acts(world) if subject == "person:1"] == [
        "void",
        "restore",
    ]
