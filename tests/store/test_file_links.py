"""One-time links and waiting files over both databases (FAULTS T41)."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from handlers.office_links import (
    ClaimLink,
    DropUpload,
    MadeLink,
    MakeLink,
    Proof,
    ProveCode,
    SentFile,
    StageUpload,
    Verdict,
)
from handlers.records import AccountId, AuditEntry, Grant, Role
from scoring.instant import HOUR_MS, MINUTE_MS, Instant
from store.tables import ROLE

NOW = 1_800_000_000_000
LATE = NOW + 10 * MINUTE_MS
FILE = SentFile("Câu hỏi.xlsx", b"PK\x03\x04 \n and more")


def entry(act: str) -> AuditEntry:
    return AuditEntry(Instant(1), None, "judge", act, "file:bank-keys-xlsx")


async def judge(world: Any) -> AccountId:
    """An account with the judge's role."""
    account = (await world.visit(world.sender())).account
    await give_role(world, account)
    return AccountId(account)


async def give_role(world: Any, account: int) -> None:
    values = {"account": account, "role": "judge", "unit": "", "name_box": b"", "phone_box": b""}
    values |= {"phone_index": b"", "is_phone_verified": False}

    def write(connection: Connection) -> None:
        connection.execute(insert(ROLE).values(**values, granted_at=0))

    await world.store.database.write(write)


async def withdraw(world: Any) -> None:
    await world.store.database.write(
        lambda connection: connection.execute(update(ROLE).values(withdrawn_at=1))
    )


def making(account: AccountId, **changes: Any) -> MakeLink:
    order = MakeLink(account, "bank-keys-xlsx", {"topic": "law"}, NOW, LATE, entry("made"))
    return replace(order, **changes)


async def make(world: Any, account: AccountId, **changes: Any) -> MadeLink:
    made: MadeLink = await world.store.file_links.make(making(account, **changes))
    return made


def proving(made: MadeLink, code: str = "", now_ms: int = NOW) -> ProveCode:
    return ProveCode(made.token, code or made.code, now_ms, entry("code_wrong"))


def wrong_for(made: MadeLink) -> str:
    return "000000" if made.code != "000000" else "000001"


def claiming(made: MadeLink, now_ms: int = NOW, upload: int | None = None) -> ClaimLink:
    return ClaimLink(made.token, "bank_keys", now_ms, entry("used"), upload)


def staging(made: MadeLink, by: AccountId, **changes: Any) -> StageUpload:
    purpose, taken = "bank-keys-xlsx", entry("uploaded")
    order = StageUpload(made.token, by, purpose, "xlsx", FILE, NOW, LATE, taken)
    return replace(order, **changes)


async def acts(world: Any) -> list[str]:
    return [row["act"] for row in await world.rows("audit")]


async def test_t41_neither_token_nor_code_is_in_the_table(world: Any):
    account = await judge(world)

    made = await make(world, account)

    (row,) = await world.rows("file_link")
    shown = repr(row)
    assert len(made.token) == 43
    assert len(made.code) == 6
    assert made.token not in shown
    assert made.code not in shown
    assert made.token not in repr(made)
    assert made.code not in repr(made)
    assert (row["account"], row["purpose"], row["arguments"]) == (
        account,
        "bank-keys-xlsx",
        '{"topic":"law"}',
    )


async def test_a_look_says_how_a_link_stands_and_changes_nothing(world: Any):
    account = await judge(world)
    made = await make(world, account)
    before = await world.rows("file_link")

    found = await world.store.file_links.find(made.token)
    nothing = await world.store.file_links.find("x" * 43)

    assert (found.account, found.expires_ms, found.wrong, found.is_used) == (
        account,
        LATE,
        0,
        False,
    )
    assert found.arguments == {"topic": "law"}
    assert found.grants == (Grant(Role.JUDGE),)
    assert nothing is None
    assert await world.rows("file_link") == before


async def test_t41_a_link_is_used_once_by_whoever_claims_first(world: Any, another: Any):
    made = await make(world, await judge(world))
    await world.store.file_links.prove(proving(made))

    async with another() as second:
        claims = await asyncio.gather(
            *(
                store.file_links.claim(claiming(made))
                for store in (world.store, second)
                for _ in range(3)
            )
        )

    assert sorted(claims) == [False] * 5 + [True]
    assert (await world.store.file_links.find(made.token)).is_used
    assert await acts(world) == ["made", "used"]


async def test_t41_without_its_code_a_link_opens_nothing(world: Any):
    made = await make(world, await judge(world))

    assert await world.store.file_links.claim(claiming(made)) is False


async def test_t41_ten_minutes_and_not_a_millisecond_more(world: Any):
    made = await make(world, await judge(world))
    links = world.store.file_links

    assert await links.prove(proving(made, now_ms=LATE - 1)) == Proof(Verdict.RIGHT, 5)
    assert await links.prove(proving(made, now_ms=LATE)) == Proof(Verdict.ENDED, 0)
    assert await links.claim(claiming(made, LATE)) is False
    assert await links.claim(claiming(made, LATE - 1)) is True


async def test_t41_five_wrong_codes_end_a_link_however_many_come_at_once(world: Any, another: Any):
    made = await make(world, await judge(world))
    wrong = proving(made, wrong_for(made))

    async with another() as second:
        proofs = await asyncio.gather(
            *(store.file_links.prove(wrong) for store in (world.store, second) for _ in range(6))
        )

    verdicts = [proof.verdict for proof in proofs]
    assert (verdicts.count(Verdict.WRONG), verdicts.count(Verdict.ENDED)) == (5, 7)
    assert sorted(proof.left for proof in proofs if proof.verdict is Verdict.WRONG) == [
        0,
        1,
        2,
        3,
        4,
    ]
    assert await world.store.file_links.prove(proving(made)) == Proof(Verdict.ENDED, 0)
    assert await acts(world) == ["made"] + ["code_wrong"] * 5


async def test_a_code_of_another_link_is_wrong(world: Any):
    account = await judge(world)
    first = await make(world, account)
    second = await make(world, account, purpose="bank-docx")

    mixed = ProveCode(first.token, second.code, NOW, entry("code_wrong"))

    expected = Verdict.RIGHT if first.code == second.code else Verdict.WRONG
    assert (await world.store.file_links.prove(mixed)).verdict is expected


async def test_a_new_link_ends_the_earlier_of_its_purpose_and_no_other(world: Any):
    account, other = await judge(world), await judge(world)
    first = await make(world, account)
    kept = [await make(world, account, purpose="bank-docx"), await make(world, other)]

    second = await make(world, account)

    links = world.store.file_links
    assert (await links.prove(proving(first))).verdict is Verdict.ENDED
    for one in (*kept, second):
        assert (await links.prove(proving(one))).verdict is Verdict.RIGHT


async def test_t40_a_role_lost_between_the_code_and_the_use_is_lost(world: Any):
    made = await make(world, await judge(world))
    await world.store.file_links.prove(proving(made))

    await withdraw(world)

    assert (await world.store.file_links.find(made.token)).grants == ()
    assert await world.store.file_links.claim(claiming(made)) is False
    assert await acts(world) == ["made"]


async def test_a_waiting_file_opens_by_its_own_link_only(world: Any):
    account = await judge(world)
    made, other = await make(world, account), await make(world, await judge(world))

    upload = await world.store.uploads.stage(staging(made, account))

    load = world.store.uploads.load
    assert await load(made.token, upload, NOW) == FILE
    assert await load(other.token, upload, NOW) is None
    assert await load(made.token, upload + 1, NOW) is None
    assert await load(made.token, upload, LATE) is None


async def test_a_waiting_file_is_in_a_box(world: Any):
    account = await judge(world)
    made = await make(world, account)

    await world.store.uploads.stage(staging(made, account))

    (row,) = await world.rows("upload")
    assert FILE.content not in row["content_box"]
    assert FILE.name.encode() not in row["content_box"]
    assert (row["kind"], row["state"]) == ("xlsx", "waiting")


async def test_a_file_is_taken_with_its_link_and_nothing_of_it_stays(world: Any):
    account = await judge(world)
    made = await make(world, account)
    upload = await world.store.uploads.stage(staging(made, account))
    await world.store.file_links.prove(proving(made))

    claims = [await world.store.file_links.claim(claiming(made, upload=upload)) for _ in range(2)]

    (row,) = await world.rows("upload")
    assert claims == [True, False]
    assert (row["state"], row["content_box"]) == ("taken", b"")
    assert await world.store.uploads.load(made.token, upload, NOW) is None


@pytest.mark.parametrize("fate", ["other account", "other purpose", "dropped", "replaced"])
async def test_t41_a_file_that_does_not_wait_for_this_link_is_not_taken(world: Any, fate: str):
    account, other = await judge(world), await judge(world)
    made = await make(world, account)
    changes: dict[str, Any] = {
        "other account": {"account": other},
        "other purpose": {"purpose": "bank-import"},
    }.get(fate, {})
    upload = await world.store.uploads.stage(staging(made, account, **changes))
    await world.store.file_links.prove(proving(made))
    if fate == "dropped":
        await world.store.uploads.drop(DropUpload(made.token, upload, account, entry("dropped")))
    if fate == "replaced":
        await world.store.uploads.stage(staging(made, account))

    assert await world.store.file_links.claim(claiming(made, upload=upload)) is False
    assert not (await world.store.file_links.find(made.token)).is_used


async def test_dropping_twice_is_dropping_once(world: Any):
    account = await judge(world)
    made = await make(world, account)
    upload = await world.store.uploads.stage(staging(made, account))
    order = DropUpload(made.token, upload, account, entry("dropped"))

    dropped = [await world.store.uploads.drop(order) for _ in range(2)]

    assert dropped == [True, False]
    assert (await world.rows("upload"))[0]["content_box"] == b""
    assert await acts(world) == ["made", "uploaded", "dropped"]


async def test_what_ran_out_is_forgotten(world: Any):
    account = await judge(world)
    made = await make(world, account)
    await world.store.uploads.stage(staging(made, account))
    counts: list[tuple[int, int]] = []

    for moment in (LATE - 1, LATE, LATE + 24 * HOUR_MS, LATE + 24 * HOUR_MS + 1):
        await world.store.file_links.forget(moment)
        counts.append((len(await world.rows("upload")), len(await world.rows("file_link"))))

    assert counts == [(1, 1), (0, 1), (0, 1), (0, 0)]


async def test_ten_megabytes_wait_and_come_back_whole(world: Any):
    account = await judge(world)
    made = await make(world, account)
    file = SentFile("a.xlsx", bytes(range(256)) * 40_960)

    upload = await world.store.uploads.stage(staging(made, account, file=file))

    assert await world.store.uploads.load(made.token, upload, NOW) == file
