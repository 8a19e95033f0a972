"""T26: the rules change by a second person only; what was begun keeps its own version."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from handlers.amendments import AMENDABLE, rules_content
from handlers.proposals import Proposal, Settled
from handlers.records import AuditEntry
from scoring.instant import HOUR_MS, Instant
from store.house import Store
from store.tables import JOB_RUN, ROLE
from tests.store.conftest import CLOSES, OPENS, World, declared_contest

NOTICE = "Thể lệ được sửa theo quyết định của Ban Tổ chức."
FULL: dict[str, Any] = {
    "v": 1,
    "contest": "test-2025",
    "opens": OPENS,
    "closes": CLOSES,
    "minutes": 15,
    "attempts": 3,
    "attempts_per_day": 1,
    "min_answers": 8,
    "min_age": 0,
    "draw": {"law": 5},
    "counted": "best",
    "prediction": "perfect_people",
    "ranking": ["correct", "gap", "duration", "submitted", "lot"],
    "individual_prizes": [["nhat", 1]],
    "collective_prizes": [["nhat", 1]],
    "gate": {"people": 50, "percent": 50},
    "collective_ranking": ["people", "mean", "prizes", "reached", "lot"],
    "ladders": [],
    "units": [{"g": "to-1", "block": "to-dan-pho", "size": 100, "target": 50}],
}
AFTER: dict[str, Any] = {
    "minutes": 20,
    "attempts": 5,
    "attempts_per_day": 2,
    "min_answers": 4,
    "min_age": 14,
    "draw": {"law": 4},
    "counted": "first",
    "prediction": "people",
    "ranking": ["correct", "duration", "gap", "submitted", "lot"],
    "individual_prizes": [["nhat", 2], ["nhi", 3]],
    "collective_prizes": [["nhat", 2]],
    "gate": {"people": 40, "percent": 50},
    "collective_ranking": ["mean", "people", "prizes", "reached", "lot"],
    "ladders": [["to-dan-pho"]],
}


@pytest.fixture
async def contest(store: Store) -> World:
    return World(store, await store.contests.open(declared_contest("real", rules=FULL)))


async def organiser(world: World) -> int:
    account = int((await world.visit(world.sender())).account)
    values: dict[str, Any] = {"unit": "", "name_box": b"", "phone_box": b"", "phone_index": b""}
    values |= {"is_phone_verified": False, "granted_at": 0}
    statement = ROLE.insert().values(account=account, role="organiser", **values)
    await world.store.database.write(lambda one: one.execute(statement) and None)
    return account


def entry(world: World, account: int | None) -> AuditEntry:
    return AuditEntry(world.now, account, "organiser", "proposal.approve", "rules", why="sửa lỗi")


async def propose(world: World, **changes: Any) -> Any:
    content = rules_content(FULL, FULL | changes, NOTICE)
    proposal = Proposal("rules", content, "sửa lỗi", None, world.now)
    return await world.store.proposals.propose(proposal, entry(world, None))


async def approve(world: World, proposal: Any, by: int | None) -> Settled:
    world.now = Instant(world.now + HOUR_MS)
    settled: Settled = await world.store.proposals.approve(proposal, entry(world, by))
    return settled


async def told(world: World) -> list[tuple[str, str]]:
    rows = await world.rows("outbox")
    return [
        (row["chat"], row["arguments"]) for row in rows if row["message"] == "notice.rules_amended"
    ]


def test_every_field_of_the_rules_but_window_units_and_name_is_tried() -> None:
    assert set(AFTER) == set(AMENDABLE)
    assert set(FULL) - set(AMENDABLE) == {"v", "contest", "opens", "closes", "units"}


@pytest.mark.parametrize("field", AMENDABLE)
async def test_t26_a_field_changes_by_a_second_person_and_old_attempts_stay_as_they_are(
    contest: World, field: str
):
    sender, session = await contest.open_paper()
    await contest.answer(sender, session)
    before = [await contest.rows(table) for table in ("attempt", "transition")]
    hash_before = await contest.store.rules_versions.newest_hash()
    made = await propose(contest, **{field: AFTER[field]})

    alone = await approve(contest, made, None)
    still = await contest.store.rules_versions.newest_hash()
    settled = await approve(contest, made, await organiser(contest))
    again = await approve(contest, made, await organiser(contest))

    newest = await contest.store.contests.newest(declared_contest("real", rules=FULL))
    hashes = await contest.store.rules_versions.newest_hash()
    assert (alone, still, settled, again) == (
        Settled.OWN,
        hash_before,
        Settled.DONE,
        Settled.NOT_OPEN,
    )
    assert newest.rules == FULL | {field: AFTER[field]}
    assert newest.commitments.rules == hashes != hash_before
    assert [await contest.rows(table) for table in ("attempt", "transition")] == before
    assert (newest.draw_key == contest.contest.draw_key) == (field != "draw")
    assert await told(contest) == [(f"chat-{sender.id}", f'{{"words":"{NOTICE}"}}')]


async def test_t26_what_is_opened_from_then_on_carries_the_new_version(contest: World):
    await contest.open_paper()
    made = await propose(contest, minutes=20)
    await approve(contest, made, await organiser(contest))
    newest = await contest.store.contests.newest(declared_contest("real", rules=FULL))

    later = replace(contest, contest=newest)
    await later.open_paper()

    first, second = [row["rules"] for row in await contest.rows("attempt")]
    assert first == contest.contest.commitments.rules
    assert second == newest.commitments.rules != first


async def test_t26_the_ledger_hears_of_it_once_with_the_notice(contest: World):
    made = await propose(contest, minutes=20, attempts=4)
    await approve(contest, made, await organiser(contest))

    entries = [orjson.loads(row["fields_text"]) for row in await contest.rows("ledger_queue")]
    amended = [one for one in entries if one["k"] == "amend"]
    versions = await contest.rows("rules_version")
    assert [one["hash"] for one in amended] == [await contest.store.rules_versions.newest_hash()]
    assert [row["notice"] for row in versions if row["hash"] == amended[0]["hash"]] == [NOTICE]


@pytest.mark.parametrize(
    "content",
    [
        {"changes": {"closes": CLOSES - HOUR_MS}, "before": {"closes": CLOSES}},
        {"changes": {"opens": OPENS + HOUR_MS}, "before": {"opens": OPENS}},
        {"changes": {"units": []}, "before": {"units": FULL["units"]}},
        {"changes": {"contest": "other"}, "before": {"contest": "test-2025"}},
        {"changes": {}, "before": {}},
        {"notice": NOTICE},
    ],
    ids=str,
)
async def test_t26_nothing_else_is_amended_whatever_a_proposal_says(
    contest: World, content: dict[str, Any]
):
    proposal = Proposal("rules", content, "thử", None, contest.now)
    made = await contest.store.proposals.propose(proposal, entry(contest, None))

    assert await approve(contest, made, await organiser(contest)) is Settled.OUTDATED
    assert len(await contest.rows("rules_version")) == 1


async def test_t26_a_field_that_was_changed_since_is_outdated_and_another_is_not(contest: World):
    first = await propose(contest, minutes=20)
    same = await propose(contest, minutes=30)
    other = await propose(contest, attempts=4)
    await approve(contest, first, await organiser(contest))

    assert await approve(contest, same, await organiser(contest)) is Settled.OUTDATED
    assert await approve(contest, other, await organiser(contest)) is Settled.DONE
    newest = await contest.store.contests.newest(declared_contest("real", rules=FULL))
    assert newest.rules == FULL | {"minutes": 20, "attempts": 4}


async def test_t26_nothing_is_amended_after_the_closing(contest: World):
    made = await propose(contest, counted="first")
    closing = JOB_RUN.insert().values(job="closing", planned_at=1, done_at=1)
    await contest.store.database.write(lambda one: one.execute(closing) and None)

    assert await approve(contest, made, await organiser(contest)) is Settled.OUTDATED


async def test_t26_files_that_say_what_was_approved_start_and_others_do_not(contest: World):
    amended = declared_contest("real", rules=FULL | {"minutes": 20})
    unapproved = await contest.store.contests.differences(amended)
    made = await propose(contest, minutes=20)
    await approve(contest, made, await organiser(contest))

    opened = await contest.store.contests.open(amended)
    older = await contest.store.contests.differences(declared_contest("real", rules=FULL))

    assert unapproved is not None
    assert [one.path for one in unapproved.changes] == ["rules.minutes"]
    assert opened.rules["minutes"] == 20
    assert older is not None
    assert [(one.path, one.before, one.after) for one in older.changes] == [
        ("rules.minutes", 20, 15)
    ]
