"""The sender: every row comes to its end as the platform's answers want it, on record."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import insert, text

from bot.delivery import Delivery
from bot.lease import Lease
from bot.outbox import UNDER_WAY
from handlers.office_groups import AskForLink, GroupChat, SettleLink
from handlers.records import AuditEntry, Event, EventId, Role, Sender
from scoring.instant import HOUR_MS
from store.outbox import Address, outbox_values
from store.tables import OUTBOX
from tests.bot.posting import NEVER, Post
from tests.leaders import appoint

REFUSAL = "Bad Request: SOMETHING_NEW of Nguyễn Thị Hoa"


async def test_each_message_goes_out_once(post: Post) -> None:
    await post.fill(40)

    await post.send_all(post.make())

    assert await post.got() == {1: 40}
    rows = await post.rows("state, tries, is_maybe_twice, sent_at > 0")
    assert rows == [("sent", 1, 0, 1)] * 40


async def test_t13_unknown_refusal_is_a_dead_letter_with_a_code_and_an_alarm(
    post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    await post.fill(2)
    await post.platform.fault(status=400, description=REFUSAL, chat_id=int(post.chats[0]), times=99)

    await post.send_all(post.make())

    assert await post.rows("state, tries, error") == [("dead", 1, "other"), ("sent", 1, None)]
    said = capsys.readouterr().out
    assert "outbox_dead" in said
    assert "Hoa" not in said


async def test_t14_blocked_are_counted_apart_and_lose_nothing(post: Post) -> None:
    await post.fill(6)
    for chat in post.chats[::2]:
        await post.platform.post(f"/people/{chat}/block")

    await post.send_all(post.make())

    assert Counter(await post.rows()) == {("sent",): 3, ("unreachable",): 3}


async def test_t15_migrated_group_is_written_to_under_its_new_id(post: Post) -> None:
    await post.fill(2)
    old, new = post.chats
    await post.platform.fault(
        status=400,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        parameters={"migrate_to_chat_id": int(new)},
        chat_id=int(old),
        times=99,
    )

    await post.send_all(post.make())

    assert await post.rows("state, chat") == [("sent", new), ("sent", new)]
    assert (len(await post.platform.texts(old)), len(await post.platform.texts(new))) == (0, 2)


UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"
NOT_ALLOWED = "Bad Request: not enough rights to send text messages to the chat"
NO_THREAD = "Bad Request: message thread not found"
KICKED = "Forbidden: bot was kicked from the supergroup chat"


async def linked(post: Post, thread: int | None = None) -> None:
    """The first chat is a unit's group, whose leader is the last; the group is told twice."""
    where, leader = post.chats[0], post.chats[-1]
    account = (await post.store.people.visit(Sender("tg", leader), leader, 0)).account
    await appoint(post.store, account, Role.LEADER, "TDP-06")
    group = GroupChat("tg", where, "group", "Nhóm Tổ 6", thread)
    chats, event = post.store.unit_chats, Event("tg", EventId("e1"))
    await chats.ask(AskForLink(group, "TDP-06", account, 0, event))
    entry = AuditEntry(0, account, "leader", "")
    await chats.settle(SettleLink(1, is_confirmed=True, entry=entry))
    told = [
        outbox_values(Address("tg", where, thread), "groups.trial", '{"unit":"TDP-06"}', 0)
        for _ in range(2)
    ]
    await post.store.database.write(lambda one: one.execute(text("DELETE FROM outbox")))
    await post.store.database.write(lambda one: one.execute(insert(OUTBOX), told))


async def chat_row(post: Post) -> tuple[Any, ...]:
    asked = text("SELECT chat, thread, state, can_send FROM unit_chat")
    return tuple(await post.store.database.read(lambda one: one.execute(asked).one()))


async def test_t15_group_that_moves_in_mid_send_takes_its_link_along(post: Post) -> None:
    post.chats = [await post.platform.person() for _ in range(3)]
    old, new, _ = post.chats
    await linked(post)
    moved = {"migrate_to_chat_id": int(new)}
    await post.platform.fault(
        status=400, description=UPGRADED, parameters=moved, chat_id=int(old), times=99
    )

    await post.send_all(post.make())

    assert await post.rows("state, chat, is_maybe_twice") == [("sent", new, 0)] * 2
    assert (len(await post.platform.texts(old)), len(await post.platform.texts(new))) == (0, 2)
    assert await chat_row(post) == (new, 0, "linked", 1)


async def test_group_that_put_the_bot_out_ends_its_link_and_tells_the_leader_once(
    post: Post,
) -> None:
    post.chats = [await post.platform.person() for _ in range(2)]
    await linked(post)
    await post.platform.fault(status=403, description=KICKED, chat_id=int(post.chats[0]), times=99)

    await post.send_all(post.make())

    states = Counter(await post.rows("message, state"))
    assert states["groups.trial", "unreachable"] == 2
    assert [one for one in states.elements() if one[0] == "groups.lost"] == [
        ("groups.lost", "sent")
    ]
    assert (await chat_row(post))[2:] == ("lost", 1)


async def test_muted_group_is_no_dead_letter_and_its_leader_is_told_once(post: Post) -> None:
    post.chats = [await post.platform.person() for _ in range(2)]
    await linked(post)
    await post.platform.fault(
        status=400, description=NOT_ALLOWED, chat_id=int(post.chats[0]), times=99
    )

    await post.send_all(post.make())

    states = Counter(await post.rows("message, state"))
    assert states == {("groups.trial", "unreachable"): 2, ("groups.muted", "sent"): 1}
    assert (await chat_row(post))[2:] == ("linked", 0)


async def test_thread_that_is_gone_costs_one_more_call_and_is_left(post: Post) -> None:
    post.chats = [await post.platform.person() for _ in range(2)]
    await linked(post, thread=9)
    await post.platform.fault(status=400, description=NO_THREAD, chat_id=int(post.chats[0]))

    await post.send_all(post.make())

    assert await post.rows("state, thread") == [("sent", 9), ("sent", 9)]
    assert len(await post.platform.texts(post.chats[0])) == 2
    assert await chat_row(post) == (post.chats[0], 0, "linked", 1)


@pytest.mark.parametrize("is_done", [False, True], ids=["before effect", "after effect"])
async def test_t12_lost_answer_is_sent_once_more_and_marked(post: Post, is_done: bool) -> None:
    await post.fill(3)
    await post.platform.fault(drop=True, apply=is_done, chat_id=int(post.chats[0]))

    await post.send_all(post.make())

    rows = await post.rows("state, tries, is_maybe_twice")
    assert rows == [("sent", 2, 1), ("sent", 1, 0), ("sent", 1, 0)]
    assert len(await post.platform.texts(post.chats[0])) == 1 + is_done


async def test_t12_second_lost_answer_is_a_dead_letter(post: Post) -> None:
    await post.fill(2)
    await post.platform.fault(drop=True, apply=True, chat_id=int(post.chats[0]), times=99)

    await post.send_all(post.make())

    assert await post.rows("state, tries, error") == [("dead", 2, "unknown"), ("sent", 1, None)]
    assert len(await post.platform.texts(post.chats[0])) == 2


async def test_t12_platform_that_is_down_costs_no_dead_letters(post: Post) -> None:
    """Only what was under way is in doubt; after that the platform is asked how it is."""
    await post.fill(60)
    await post.platform.fault(method="*", status=502, times=60)

    await post.send_all(post.make())

    states = Counter(await post.rows("state, is_maybe_twice"))
    assert states["sent", 0] + states["sent", 1] == 60
    assert states["sent", 1] <= 32


async def test_t11_limited_chat_is_tried_again_when_it_may_be(post: Post) -> None:
    await post.fill(3)
    await post.platform.fault(status=429, retry_after=37, chat_id=int(post.chats[1]))

    await post.send_until(lambda states: states["sent"] == 2, post.make())
    limited_at = await post.rows("state, error, is_maybe_twice, not_before_ms > 0")
    before = post.clock.machine_ms()
    await post.send_all(post.make("process-2"))
    (sent_at,) = (await post.rows("sent_at"))[1]

    assert limited_at[1] == ("pending", "later", 0, 1)
    assert sent_at - before > 30_000
    assert await post.got() == {1: 3}


async def test_t29_senders_side_by_side_send_each_message_once(post: Post) -> None:
    await post.fill(60)

    await post.send_all(*(post.make(holder=f"process-{one}") for one in range(3)))

    assert await post.got() == {1: 60}
    assert await post.rows("tries, is_maybe_twice") == [(1, 0)] * 60


async def test_stopped_sender_finishes_and_leaves_the_rest_to_the_next(post: Post) -> None:
    await post.fill(60)
    await post.platform.fault(delay_s=0.05, times=60)

    await post.send_until(lambda states: states["sent"] > 0, post.make("process-1"))
    stopped_at = Counter(await post.rows())
    await post.send_all(post.make("process-2"))

    assert stopped_at["claimed",] == 0
    assert 0 < stopped_at["sent",] < 60
    assert await post.got() == {1: 60}
    assert await post.rows("is_maybe_twice") == [(0,)] * 60


async def test_heir_takes_over_when_the_lease_of_a_dead_sender_has_run_out(post: Post) -> None:
    await post.fill(2)
    now_ms = post.clock.machine_ms()
    await post.store.leases.take("outbox", "process-1", now_ms, now_ms + 15_000)
    await post.store.outbox.claim([1], "process-1", now_ms)

    await post.send_all(post.make("process-2"))

    first, second = await post.rows("tries, is_maybe_twice, sent_at")
    assert (first[:2], second[:2]) == ((2, 1), (1, 0))
    assert first[2] - now_ms >= 90_000
    assert second[2] - now_ms >= 15_000


async def test_heir_waits_for_what_the_other_may_have_sent_within_the_second(post: Post) -> None:
    await post.fill(1)
    began = post.clock.machine_ms()

    await post.send_all(post.make())

    ((sent_at,),) = await post.rows("sent_at")
    assert sent_at - began >= 1_000


async def test_bulk_gives_way_to_replies_but_is_not_starved(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Three batches of the fast pace: each takes half of what may be under way.
    await post.fill(3 * UNDER_WAY // 2)
    monkeypatch.setattr(Delivery, "is_busy", lambda _: True)
    began = post.clock.machine_ms()

    await post.send_all(post.make())

    assert post.clock.machine_ms() - began >= 3 * 5_000


async def test_notice_whose_time_has_passed_is_not_sent(post: Post) -> None:
    await post.fill(1, "notice.nudge", "due")
    post.clock.go_to(NEVER)

    await post.send_all(post.make())

    assert await post.rows("state") == [("stale",)]
    assert await post.platform.texts(post.chats[0]) == []


async def test_defect_in_a_message_is_its_own(post: Post) -> None:
    await post.fill(2)
    broken = text("UPDATE outbox SET message = 'notice.nonsense' WHERE id = 1")
    await post.store.database.write(lambda one: one.execute(broken))

    await post.send_all(post.make())

    assert await post.rows("state, error") == [("dead", "defect"), ("sent", None)]


async def test_t23_a_jump_of_the_clock_does_not_send_what_is_under_way_again(post: Post) -> None:
    await post.fill(6)
    await post.platform.fault(delay_s=0.15, times=6)
    sender = post.make()

    def jump(states: Counter[str]) -> bool:
        if states["claimed"] and post.clock.at_ms < HOUR_MS:
            post.clock.wait(HOUR_MS)
        return states["sent"] == 6

    await post.send_until(jump, sender)

    assert await post.rows("tries, is_maybe_twice") == [(1, 0)] * 6
    assert await post.got() == {1: 6}


async def test_t23_a_lease_that_seems_run_out_after_a_jump_is_left_to_its_holder(
    post: Post,
) -> None:
    leases, now_ms = post.store.leases, post.clock.machine_ms()
    jumped = [True]
    first = Lease(leases, "outbox", "process-1")
    other = Lease(leases, "outbox", "process-2", has_jumped=lambda _: jumped[0])
    await first.hold(now_ms)

    held = [
        await other.hold(now_ms + HOUR_MS),
        await first.hold(now_ms + HOUR_MS),
        await other.hold(now_ms + HOUR_MS + 1_000),
    ]
    jumped[0] = False
    after = await other.hold(now_ms + HOUR_MS + 15_000)

    assert (held, after) == ([False, True, False], True)


async def test_t23_a_holder_keeps_his_own_lease_over_a_jump(post: Post) -> None:
    now_ms = post.clock.machine_ms()
    lease = Lease(post.store.leases, "outbox", "process-1", has_jumped=lambda _: True)
    await post.store.leases.take("outbox", "process-1", now_ms, now_ms + 15_000)
    lease._until_ms = now_ms + 15_000

    assert await lease.hold(now_ms + HOUR_MS)
