import asyncio
import base64
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.records import Dialogue, MoveDialogue
from question_bank.canonical import canonical
from question_bank.commitment import bank_root, draw_key, rules_hash, seed_commitment
from question_bank.question import QuestionBank
from scoring.entries import open_entry
from store.changes import Change
from store.contest_secrets import unsealed_secrets, verifier_key
from store.contests import (
    ContestChangedError,
    ContestKindError,
    WrongDataKeyError,
)
from store.encryption import Vault
from store.house import Store, StoreSettings
from store.tables import CONTEST


async def secrets_of(store: Store, vault: Any):
    row = await store.database.read(lambda one: one.execute(select(CONTEST)).one())
    return unsealed_secrets(vault, row)


async def test_the_first_start_makes_the_contest(
    store: Store, settings: StoreSettings, declared: Any
):
    asked = declared("real")

    contest = await store.contests.open(asked)

    made = await secrets_of(store, Vault(settings.data_key))
    root, rules = bank_root(asked.bank, made.bank_salt), rules_hash(asked.rules)
    assert contest.is_new
    assert len(contest.id) == 16
    assert (contest.commitments.bank, contest.commitments.rules) == (root.hex(), rules.hex())
    assert contest.draw_key == draw_key(made.seed, root, rules)
    assert len({made.seed, made.bank_salt, made.leaf_salt, made.signing_key}) == 4


async def test_open_is_the_first_entry_of_the_ledger(
    world: Any, store: Store, settings: StoreSettings, declared: Any
):
    await world.register()
    made = await secrets_of(store, Vault(settings.data_key))
    asked = declared()
    entry = open_entry(
        "test-2025",
        world.contest.commitments,
        len(asked.bank.questions),
        seed_commitment(made.seed).hex(),
        verifier_key(asked.origin, made.signing_key),
    )

    first = (await world.rows("ledger_queue"))[0]

    assert first["kind"] == "open"
    assert first["fields_text"] == canonical(entry).decode()


def test_a_verifier_key_is_origin_key_id_and_key():
    key = verifier_key("example.vn/hoithi", bytes(32))

    origin, key_id, text = key.split("+", 2)
    public = base64.b64decode(text)
    assert origin == "example.vn/hoithi"
    assert public[:1] == b"\x01"
    assert len(public) == 33
    assert key_id == hashlib.sha256(origin.encode() + b"\n" + public).digest()[:4].hex()


async def test_a_later_start_finds_the_same_contest(store: Store, another: Any, declared: Any):
    first = await store.contests.open(declared("real"))

    async with another() as other:
        again = await other.contests.open(declared("real"))

    assert again == replace(first, is_new=False)


async def test_starts_at_once_make_one_contest(store: Store, another: Any, declared: Any):
    async with another() as second, another() as third:
        opened = await asyncio.gather(
            *(one.contests.open(declared("real")) for one in (store, second, third) * 3)
        )

    assert len({one.id for one in opened}) == 1
    assert sum(one.is_new for one in opened) == 1


async def test_another_data_key_is_refused(store: Store, another: Any, declared: Any):
    await store.contests.open(declared("real"))

    async with another(data_key=b"x" * 32) as other:
        with pytest.raises(WrongDataKeyError):
            await other.contests.open(declared("real"))


async def test_another_kind_is_refused(store: Store, declared: Any):
    await store.contests.open(declared("trial"))

    with pytest.raises(ContestKindError) as caught:
        await store.contests.open(declared("real"))

    assert (caught.value.found, caught.value.declared) == ("trial", "real")


def changed_bank(bank: Any, **changes: Any):
    first, *rest = bank.questions
    return QuestionBank((replace(first, **changes), *rest))


async def test_t26_a_changed_rule_is_named(store: Store, declared: Any):
    asked = declared("real")
    await store.contests.open(asked)
    rules = dict(asked.rules) | {"minutes": 20, "draw": {"law": 4}}

    with pytest.raises(ContestChangedError) as caught:
        await store.contests.open(replace(asked, rules=rules))

    assert caught.value.changes == (
        Change("rules.draw.law", 5, 4),
        Change("rules.minutes", 15, 20),
    )


async def test_the_files_units_are_asked_for_the_first_time_only(store: Store, declared: Any):
    asked = declared("real")
    first = await store.contests.open(asked)
    rules = dict(asked.rules) | {"units": [{**asked.rules["units"][0], "size": 120}]}

    again = await store.contests.open(replace(asked, rules=rules))

    assert again.commitments == first.commitments


async def test_t27_a_changed_question_is_named_and_its_key_is_not_told(store: Store, declared: Any):
    asked = declared("real")
    await store.contests.open(asked)
    bank = changed_bank(asked.bank, stem="Another stem?", answer="b")
    fewer = QuestionBank(asked.bank.questions[1:])

    with pytest.raises(ContestChangedError) as caught:
        await store.contests.open(replace(asked, bank=bank))
    with pytest.raises(ContestChangedError) as missing:
        await store.contests.open(replace(asked, bank=fewer))

    assert caught.value.changes == (
        Change("bank[q-00].answer"),
        Change("bank[q-00].stem", "Stem 0?", "Another stem?"),
    )
    (gone,) = missing.value.changes
    assert (gone.path, gone.after) == ("bank[q-00]", None)
    assert "answer" not in gone.before


async def test_what_is_not_committed_to_may_change(store: Store, declared: Any):
    asked = declared("real")
    first = await store.contests.open(asked)

    bank = changed_bank(asked.bank, explanation="Because.", source="Law 12")
    again = await store.contests.open(replace(asked, bank=bank))

    assert again.commitments == first.commitments


async def test_a_changed_trial_begins_anew(store: Store, declared: Any):
    first = await store.contests.open(declared("trial"))
    bank = declared().bank
    asked = declared("trial", bank=changed_bank(bank, stem="Another stem?"))

    assert (await store.contests.open(asked)).id != first.id


async def test_a_changed_rehearsal_begins_anew(world: Any, declared: Any):
    sender, _ = await world.open_paper()
    asked = declared(bank=changed_bank(world.bank, stem="Another stem?"))

    contest = await world.store.contests.open(asked)

    assert contest.is_new
    assert contest.id != world.contest.id
    assert await world.store.sessions.load(sender) is None
    assert await world.rows("participant") == []
    assert [row["kind"] for row in await world.rows("ledger_queue")] == ["open"]
    assert (await world.register()).participant.number == 1


async def test_begin_anew_is_for_rehearsals(world: Any, declared: Any):
    contest = await world.store.contests.begin_anew(declared())
    assert contest.id != world.contest.id

    with pytest.raises(ContestKindError):
        await world.store.contests.begin_anew(declared("real"))


async def test_begin_anew_never_empties_a_real_contest(store: Store, declared: Any):
    first = await store.contests.open(declared("real"))

    for kind in ("real", "rehearsal", "trial"):
        with pytest.raises(ContestKindError):
            await store.contests.begin_anew(declared(kind))

    assert (await store.contests.open(declared("real"))).id == first.id


async def test_no_repr_tells_a_secret(store: Store, settings: StoreSettings, declared: Any):
    contest = await store.contests.open(declared("real"))
    made = await secrets_of(store, Vault(settings.data_key))

    for shown in (repr(contest), repr(made), repr(settings), repr(Vault(settings.data_key))):
        for secret in (contest.draw_key, made.seed, settings.data_key):
            assert secret.hex() not in shown
            assert repr(secret)[2:-1] not in shown


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_t42_identity_never_stands_in_plain_in_the_file(
    world: Any, settings: StoreSettings, sqlite_url: str
):
    sender = world.sender()
    data = world.data("Canaria Hoàng Yến", phone="+84977001122", guardian_phone="+84977003344")
    order = await world.registering(sender, data)
    await world.store.people.register(order)
    await world.store.people.move(draft_of(order, data))

    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    kept = b"".join(path.read_bytes() for path in folder.glob("contest.db*"))

    assert len(kept) > 10_000
    for canary in ("Canaria", "Hoàng", "977001122", "977003344", "canaria"):
        assert canary.encode() not in kept
    made = await secrets_of(world.store, Vault(settings.data_key))
    for secret in (made.seed, made.bank_salt, made.leaf_salt, made.signing_key):
        assert secret not in kept
        assert secret.hex().encode() not in kept


def draft_of(order: Any, data: Any):
    draft = {"name": data.name, "phone": data.phone}
    return MoveDialogue(order.account, Dialogue("registration", 0, draft), order.at)
