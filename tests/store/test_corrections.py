"""Data corrected on request: never a second identity, never over an erasure, always in the log."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers.office_persons import Corrected, CorrectPerson, VoidPapers
from handlers.office_roles import Ordered
from handlers.records import AuditEntry, EraseData, Visitor
from scoring.attempt import Act
from scoring.entries import Identity, person_digest
from scoring.instant import HOUR_MS
from scoring.tallies import NOBODY, Count
from store.encryption import Vault
from store.identity import indexes_of, salt_of
from store.tables import CONTEST, EXCLUSION, JOB_RUN, PARTICIPANT
from tests.store.conftest import CLOSES, DATA_KEY

VAULT = Vault(DATA_KEY)
WHY = "viết sai tên"


def correcting(world: Any, visitor: Visitor, family_limit: int = 4, **changes: Any) -> Any:
    """The order of the command line's kind: no account, so no dialogue to end."""
    person = visitor.participant
    entry = AuditEntry(world.now, None, "secretary", "person.correct", f"person:{person.number}")
    return CorrectPerson(
        person=person.number,
        changes=changes,
        was={field: getattr(person.data, field) for field in changes},
        year=2025,
        family_limit=family_limit,
        ordered=Ordered(replace(entry, why=WHY)),
    )


async def correct(world: Any, visitor: Visitor, **changes: Any) -> Corrected:
    outcome: Corrected = await world.store.corrections.correct(
        correcting(world, visitor, **changes)
    )
    return outcome


async def entries(world: Any, kind: str) -> list[str]:
    return [row["fields_text"] for row in await world.rows("ledger_queue") if row["kind"] == kind]


async def play(world: Any, visitor: Visitor) -> None:
    started = await world.store.attempts.start(world.starting(visitor))
    await world.store.attempts.finish(world.finishing(started.session, Act.SUBMIT))


async def test_a_name_is_corrected_after_the_first_attempt_too(world: Any):
    sender = world.sender()
    visitor = await world.register(sender)
    await play(world, visitor)

    outcome = await correct(world, visitor, name="Nguyễn Văn Ân")

    data = replace(visitor.participant.data, name="Nguyễn Văn Ân")
    after = await world.visit(sender)
    assert outcome is Corrected.DONE
    assert after.participant.data == data
    row = (await world.rows("participant"))[0]
    indexes = indexes_of(VAULT, data)
    assert row["identity_index"] == indexes.identity
    assert (await world.store.persons.by_name("nguyen van an", 1)).total == 1


async def test_the_ledger_and_the_trail_tell_of_it_without_its_value(world: Any):
    visitor = await world.register()

    await correct(world, visitor, born=1970)

    def who(connection: Connection) -> str:
        row = connection.execute(PARTICIPANT.select()).one()
        data = visitor.participant.data
        identity = Identity(data.name, "1970", data.phone, data.unit)
        return person_digest(identity, salt_of(VAULT, row))

    digest = await world.store.database.read(who)
    line = (await world.rows("audit"))[0]
    assert await entries(world, "fix") == [
        f'{{"at":{world.now},"g":"to-1","k":"fix","p":1,"who":"{digest}"}}'
    ]
    assert (line["act"], line["subject"], line["why"]) == ("person.correct", "person:1", WHY)
    assert line["detail"] == '{"fields":["born"]}'
    assert (await world.rows("participant"))[0]["age_band"] == 4


async def test_a_corrected_phone_is_found_by_and_unverified(world: Any):
    visitor = await world.register(data=world.data(is_phone_verified=True))

    outcome = await correct(world, visitor, phone="+84987654321")

    found = await world.store.persons.by_phone("+84987654321", 1)
    before = await world.store.persons.by_phone("+84912345678", 1)
    assert outcome is Corrected.DONE
    assert [one.number for one in found.people] == [1]
    assert found.people[0].data.is_phone_verified is False
    assert before.total == 0


async def test_somebody_elses_identity_is_refused_and_nothing_changes(world: Any):
    await world.register(data=world.data("Trần Văn Bình"))
    visitor = await world.register(data=world.data("Nguyễn Văn An"))

    outcome = await correct(world, visitor, name="Tran Van Binh")

    assert outcome is Corrected.IDENTITY_TAKEN
    assert await world.store.people.name_of(2) == "Nguyễn Văn An"
    assert await entries(world, "fix") == []
    assert await world.rows("audit") == []


async def test_an_erased_identity_is_kept_for_who_comes_back_to_it(world: Any):
    erased = await world.register(data=world.data("Trần Văn Bình"))
    await world.store.people.erase(EraseData(erased.account, 1, world.now))
    visitor = await world.register(data=world.data("Nguyễn Văn An"))

    assert await correct(world, visitor, name="Trần Văn Bình") is Corrected.IDENTITY_TAKEN

    order = replace(
        await world.correcting(visitor), data=world.data("Trần Văn Bình", phone="+84912345678")
    )
    refused = await world.store.people.correct(order)
    assert refused.value == "identity_taken"


async def test_a_familys_phone_has_its_limit(world: Any):
    await world.register(data=world.data("Trần Văn Bình"))
    visitor = await world.register()

    order = correcting(world, visitor, family_limit=1, phone="+84912345678")

    assert await world.store.corrections.correct(order) is Corrected.FAMILY_FULL


async def test_what_was_shown_must_still_stand(world: Any):
    visitor = await world.register()
    await correct(world, visitor, name="Nguyễn Văn Ân")

    assert await correct(world, visitor, name="Nguyễn Văn Ấn") is Corrected.OUTDATED
    assert await correct(world, visitor, born=1970) is Corrected.DONE
    assert await world.store.people.name_of(1) == "Nguyễn Văn Ân"


async def test_a_listed_phone_waits_until_the_papers_are_void(world: Any):
    visitor = await world.register()
    await play(world, visitor)
    phone = "+84987654321"
    values = {"phone_index": VAULT.index("phone", phone), "phone_box": b"", "why": "x", "at": 0}

    def enlist(connection: Connection) -> None:
        connection.execute(EXCLUSION.insert().values(**values))

    await world.store.database.write(enlist)

    refused = await correct(world, visitor, phone=phone)
    void = VoidPapers(1, 0, "ineligible", "12/QĐ-BTC", correcting(world, visitor).ordered)
    await world.store.voids.void(void)

    assert refused is Corrected.LISTED
    assert await correct(world, visitor, phone=phone) is Corrected.DONE


async def close(world: Any) -> None:
    def write(connection: Connection) -> None:
        connection.execute(CONTEST.select().with_for_update()).all()
        connection.execute(JOB_RUN.insert().values(job="closing", planned_at=1, done_at=1))

    await world.store.database.write(write)


async def test_after_the_closing_names_are_corrected_and_units_stay(world: Any):
    visitor = await world.register()
    await close(world)

    assert await correct(world, visitor, unit="to-2") is Corrected.CLOSED
    assert await correct(world, visitor, name="Nguyễn Văn Ân") is Corrected.DONE


async def test_a_corrected_unit_settles_that_somebody_was_to_look(world: Any):
    visitor = await world.register()

    def flag(connection: Connection) -> None:
        connection.execute(PARTICIPANT.update().values(is_flagged=True, moved_from="to-1"))

    await world.store.database.write(flag)
    await correct(world, visitor, unit="to-2")

    row = (await world.rows("participant"))[0]
    assert (row["unit"], row["is_flagged"], row["moved_from"]) == ("to-2", False, None)


async def test_a_corrected_unit_takes_its_counts_along(world: Any):
    visitor = await world.register()

    await correct(world, visitor, unit="to-2")

    buckets = await world.store.recounts.buckets(CLOSES)
    rows = await world.store.recounts.rows(CLOSES, 0, 10)
    hour = world.now // HOUR_MS * HOUR_MS
    assert {key: one for key, one in buckets.items() if one != NOBODY} == rows
    assert rows == {("to-2", hour): Count(registered=1)}


async def test_nobody_and_who_was_erased_are_gone(world: Any):
    visitor = await world.register()
    await world.store.people.erase(EraseData(visitor.account, 1, world.now))

    assert await correct(world, visitor, name="Nguyễn Văn Ân") is Corrected.GONE
    nobody = replace(correcting(world, visitor, born=1970), person=99)
    assert await world.store.corrections.correct(nobody) is Corrected.GONE


@pytest.mark.parametrize("rounds", [6])
async def test_t38_correcting_and_erasing_at_once_leave_nothing_of_who_asked(
    world: Any, another: Any, rounds: int
):
    """Whichever comes first: erased data are never written back."""
    async with another() as other:
        for number in range(1, rounds + 1):
            visitor = await world.register()
            order = correcting(world, visitor, name="Nguyễn Văn Ân")
            erase = EraseData(visitor.account, number, world.now)
            both = (world.store.corrections.correct(order), other.people.erase(erase))
            corrected, erased = await asyncio.gather(*both)

            row = (await world.rows("participant"))[number - 1]
            assert erased is True
            assert corrected in {Corrected.DONE, Corrected.GONE}
            assert (row["name_box"], row["phone_index"], row["name_index"]) == (b"", b"", None)


async def test_t38_two_corrections_of_two_fields_at_once_both_stand(world: Any, another: Any):
    sender = world.sender()
    visitor = await world.register(sender)
    async with another() as other:
        outcomes = await asyncio.gather(
            world.store.corrections.correct(correcting(world, visitor, name="Nguyễn Văn Ân")),
            other.corrections.correct(correcting(world, visitor, born=1971)),
        )

    data = (await world.visit(sender)).participant.data
    assert outcomes == [Corrected.DONE, Corrected.DONE]
    assert (data.name, data.born) == ("Nguyễn Văn Ân", 1971)


async def test_t38_two_who_want_one_identity_at_once_get_it_once(world: Any, another: Any):
    first = await world.register(data=world.data("Nguyễn Văn An"))
    second = await world.register(data=world.data("Nguyễn Văn Bê"))
    async with another() as other:
        outcomes = await asyncio.gather(
            world.store.corrections.correct(correcting(world, first, name="Lê Văn Cường")),
            other.corrections.correct(correcting(world, second, name="Lê Văn Cường")),
        )

    assert sorted(one.value for one in outcomes) == ["done", "identity_taken"]
