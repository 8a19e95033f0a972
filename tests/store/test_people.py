import asyncio
from collections import Counter
from typing import Any

import orjson

from handlers.records import (
    Consent,
    CorrectData,
    Dialogue,
    Event,
    Move,
    MoveDialogue,
    RecordConsent,
    Registered,
    RegisterRefusal,
    Sender,
)
from scoring.entries import Identity, person_digest, reg_entry
from scoring.limits import History
from store.encryption import Vault


async def test_visit_makes_the_account_once(world: Any):
    sender = world.sender()

    visits = await asyncio.gather(*(world.visit(sender) for _ in range(20)))

    assert len({visit.account for visit in visits}) == 1
    assert visits[0].participant is None
    assert visits[0].dialogue == Dialogue()
    assert visits[0].session is None
    assert visits[0].history == History(0, 0)


async def test_visit_marks_the_chat_reachable_again(world: Any):
    visitor = await world.register()
    await world.store.people.depart(visitor.account)
    assert not (await world.rows("account"))[0]["is_reachable"]

    await world.store.people.visit(Sender("tg", "s1"), "chat-new", 0)

    row = (await world.rows("account"))[0]
    assert (row["is_reachable"], row["chat"]) == (True, "chat-new")


async def test_visit_tells_all_of_an_open_attempt(world: Any):
    sender, session = await world.open_paper()
    session = await world.answer(sender, session, 2)

    visitor = await world.visit(sender)

    assert visitor.session == session
    assert visitor.history == History(1, 1)


async def test_move_raises_the_step_and_keeps_the_draft(world: Any):
    sender = world.sender()
    visitor = await world.visit(sender)
    move = MoveDialogue(visitor.account, Dialogue("registration", 99, {"name": "Ân"}), world.now)

    assert await world.store.people.move(move) == (Move.MOVED, 1)

    dialogue = (await world.visit(sender)).dialogue
    assert dialogue == Dialogue("registration", 1, {"name": "Ân"})


async def test_r3_move_by_the_same_event_counts_once(world: Any):
    visitor = await world.visit(world.sender())
    move = MoveDialogue(visitor.account, Dialogue("registration"), world.now, 0, Event("tg", "e1"))

    outcomes = await asyncio.gather(*(world.store.people.move(move) for _ in range(100)))

    assert Counter(outcomes) == {(Move.MOVED, 1): 1, (Move.REPEATED, 1): 99}
    assert len(await world.rows("event")) == 1


async def test_move_from_an_older_step_is_superseded(world: Any):
    visitor = await world.visit(world.sender())
    move = MoveDialogue(visitor.account, Dialogue("registration"), world.now, from_step=0)

    outcomes = await asyncio.gather(*(world.store.people.move(move) for _ in range(10)))

    assert Counter(outcomes) == {(Move.MOVED, 1): 1, (Move.SUPERSEDED, 1): 9}


async def test_move_without_a_step_replaces_whatever_is_there(world: Any):
    visitor = await world.visit(world.sender())
    move = MoveDialogue(visitor.account, Dialogue("help"), world.now)

    steps = [await world.store.people.move(move) for _ in range(3)]

    assert steps == [(Move.MOVED, 1), (Move.MOVED, 2), (Move.MOVED, 3)]


async def test_moves_from_two_processes_lose_no_step(world: Any, another: Any):
    visitor = await world.visit(world.sender())
    move = MoveDialogue(visitor.account, Dialogue("registration"), world.now)

    async with another() as other:
        stores = [world.store, other] * 25
        outcomes = await asyncio.gather(*(store.people.move(move) for store in stores))

    assert sorted(step for _, step in outcomes) == list(range(1, 51))


async def test_register_ends_the_dialogue_and_tells_the_participant(world: Any):
    sender = world.sender()
    order = await world.registering(
        sender, world.data(audience="student", guardian_phone="+84900000009")
    )

    outcome = await world.store.people.register(order)

    visitor = await world.visit(sender)
    assert outcome == Registered(visitor.participant)
    assert visitor.participant.number == 1
    assert visitor.participant.data == order.data
    assert visitor.dialogue == Dialogue("", order.step + 1)
    assert [row["purpose"] for row in await world.rows("consent")] == ["take_part"]


async def test_register_twice_is_superseded_then_already_registered(world: Any):
    sender = world.sender()
    order = await world.registering(sender, world.data())
    await world.store.people.register(order)

    again = await world.store.people.register(order)
    fresh = await world.registering(sender, world.new_data())
    outcome = await world.store.people.register(fresh)

    assert again is RegisterRefusal.SUPERSEDED
    assert outcome is RegisterRefusal.ALREADY_REGISTERED


async def test_t45_two_spellings_are_one_person(world: Any):
    await world.register(data=world.data("Nguyễn Văn Ân"))
    order = await world.registering(world.sender(), world.data("NGUYEN  VAN AN"))

    assert await world.store.people.register(order) is RegisterRefusal.IDENTITY_TAKEN


async def test_t31_a_family_shares_a_phone_up_to_the_limit(world: Any):
    for born in (1950, 1951, 1952):
        await world.register(data=world.data(born=born))
    fourth = await world.registering(world.sender(), world.data(born=1953))
    fifth = await world.registering(world.sender(), world.data(born=1954))

    outcomes = [await world.store.people.register(order) for order in (fourth, fifth)]

    assert isinstance(outcomes[0], Registered)
    assert outcomes[1] is RegisterRefusal.FAMILY_FULL


async def test_t31_a_verified_phone_flags_earlier_typed_ones(world: Any):
    await world.register(data=world.data(born=1950))
    await world.register(data=world.data(born=1951, is_phone_verified=True))
    await world.register(data=world.new_data())

    flags = [row["is_flagged"] for row in await world.rows("participant")]

    assert flags == [True, False, False]


async def test_numbers_have_no_gaps_under_50_mixed_registrations(world: Any, another: Any):
    """Copies, the same person from other accounts, and full families among fresh people."""
    orders = []
    for at in range(20):
        orders.append(await world.registering(world.sender(), world.new_data()))
        if at % 2:
            orders.append(await world.registering(world.sender(), orders[-1].data))
        if at % 4 == 0:
            orders.append(orders[-1])
    for born in range(1950, 1965):
        data = world.data(born=born, phone="+84999999999")
        orders.append(await world.registering(world.sender(), data))
    assert len(orders) == 50

    async with another() as other:
        stores = [world.store, other] * 25
        outcomes = await asyncio.gather(
            *(store.people.register(order) for store, order in zip(stores, orders, strict=True))
        )

    taken = [one.participant.number for one in outcomes if isinstance(one, Registered)]
    assert sorted(taken) == list(range(1, 25))
    assert [row["number"] for row in await world.rows("participant")] == list(range(1, 25))
    assert Counter(one for one in outcomes if isinstance(one, RegisterRefusal)) == {
        RegisterRefusal.IDENTITY_TAKEN: 10,
        RegisterRefusal.SUPERSEDED: 5,
        RegisterRefusal.FAMILY_FULL: 11,
    }
    registered = [row for row in await world.rows("ledger_queue") if row["kind"] == "reg"]
    assert len(registered) == 24


async def test_correct_changes_the_data_before_the_first_attempt(world: Any):
    sender = world.sender()
    visitor = await world.register(sender, world.data())
    data = world.data("Nguyễn Văn Bình", born=1981)
    order = CorrectData(
        visitor.account, visitor.participant.number, visitor.dialogue.step, data, world.now, 4
    )

    outcome = await world.store.people.correct(order)

    after = await world.visit(sender)
    assert outcome == Registered(after.participant)
    assert after.participant.data == data
    assert after.dialogue.step == visitor.dialogue.step + 1
    assert await world.store.people.correct(order) is RegisterRefusal.SUPERSEDED


async def test_correct_is_held_to_identity_and_family_of_others_only(world: Any):
    await world.register(data=world.data(born=1950))
    visitor = await world.register(data=world.data(born=1951))
    taken = CorrectData(
        visitor.account,
        visitor.participant.number,
        visitor.dialogue.step,
        world.data(born=1950),
        world.now,
        2,
    )

    refused = await world.store.people.correct(taken)
    same = CorrectData(
        visitor.account,
        visitor.participant.number,
        visitor.dialogue.step,
        world.data(born=1951, unit="to-2"),
        world.now,
        2,
    )

    assert refused is RegisterRefusal.IDENTITY_TAKEN
    assert isinstance(await world.store.people.correct(same), Registered)


async def test_correct_is_locked_by_the_first_attempt(world: Any):
    sender, session = await world.open_paper()
    visitor = await world.visit(sender)
    order = CorrectData(
        session.account,
        visitor.participant.number,
        visitor.dialogue.step,
        world.data(),
        world.now,
        4,
    )

    assert await world.store.people.correct(order) is RegisterRefusal.LOCKED


async def test_consent_to_publish_stands_with_the_participant(world: Any):
    sender = world.sender()
    visitor = await world.register(sender)
    consent = Consent("publish_name", "1", False, world.now)

    await world.store.people.consent(
        RecordConsent(visitor.account, visitor.participant.number, consent)
    )

    assert (await world.visit(sender)).participant.is_publishing_name is False


async def test_t01_the_same_consent_twice_is_one_row_and_a_change_of_mind_another(world: Any):
    visitor = await world.register(world.sender())
    given = [Consent("publish_name", "1", is_given, world.now) for is_given in (True, True, False)]

    for consent in given:
        order = RecordConsent(visitor.account, visitor.participant.number, consent)
        await asyncio.gather(*(world.store.people.consent(order) for _ in range(3)))

    rows = [row for row in await world.rows("consent") if row["purpose"] == "publish_name"]
    assert [bool(row["is_given"]) for row in rows] == [True, False]
    (person,) = await world.rows("participant")
    assert not person["is_publishing_name"]


async def test_correct_writes_the_new_digest_into_the_ledger(world: Any):
    sender = world.sender()
    visitor = await world.register(sender, world.data())
    data = world.data(unit="to-2", is_phone_verified=True)

    await world.store.people.correct(
        CorrectData(
            visitor.account,
            visitor.participant.number,
            visitor.dialogue.step,
            data,
            world.now,
            4,
        )
    )

    registered, fixed = [
        orjson.loads(row["fields_text"])
        for row in await world.rows("ledger_queue")
        if row["kind"] in {"reg", "fix"}
    ]
    assert (fixed["p"], fixed["g"], fixed["at"]) == (1, "to-2", world.now)
    assert fixed["who"] != registered["who"]


async def test_reg_commits_to_the_identity_by_its_salt(world: Any):
    data = world.data("Nguyễn Văn Ân")
    await world.register(data=data)

    (row,) = await world.rows("participant")
    salt = Vault(bytes(range(32))).unseal(row["salt_box"], "participant.salt", 1)
    (entry,) = [
        orjson.loads(one["fields_text"])
        for one in await world.rows("ledger_queue")
        if one["kind"] == "reg"
    ]

    identity = Identity("Nguyễn Văn Ân", "1980", data.phone, "to-1")
    assert entry == dict(reg_entry(1, world.now, "to-1", "tg", person_digest(identity, salt)))
