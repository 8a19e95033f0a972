import asyncio
import time
from typing import Any

import pytest

from rehearsal import updates

OTHER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


async def ids(client: Any, offset: int, **params: Any) -> list[int]:
    return [each["update_id"] for each in await client.updates(offset, **params)]


async def test_updates_are_acknowledged_only_by_a_later_offset(client: Any) -> None:
    person = await client.person()
    for text in "ab":
        await client.post(f"/people/{person}/text", text=text)

    first = await ids(client, 0)
    again = await ids(client, first[0])
    later = await ids(client, first[1], limit=1)
    behind = await ids(client, 1)
    none = await ids(client, first[2] + 1)

    assert len(first) == 3
    assert first == list(range(first[0], first[0] + 3))
    assert again == first
    assert later == first[1:2]
    assert behind == first[1:]
    assert none == []


async def test_negative_offset_keeps_only_the_tail(client: Any) -> None:
    person = await client.person()
    for text in "abc":
        await client.post(f"/people/{person}/text", text=text)

    tail = await client.updates(-2)
    rest = await client.updates(0)

    assert [each["message"]["text"] for each in tail] == ["b", "c"]
    assert rest == tail


async def test_same_offset_at_once_gives_one_update(client: Any) -> None:
    person = await client.person()
    await client.post(f"/people/{person}/text", text="a")

    assert [len(await ids(client, 0)) for _ in range(2)] == [2, 1]


async def test_long_poll_wakes_with_the_first_update(client: Any) -> None:
    person = await client.person()
    start = (await ids(client, 0))[0]
    began = time.monotonic()
    poll = asyncio.create_task(client.updates(start + 1, timeout=30))
    await asyncio.sleep(0.1)

    await client.post(f"/people/{person}/text", text="a")
    given = await poll

    assert [each["message"]["text"] for each in given] == ["a"]
    assert time.monotonic() - began < 5


async def test_long_poll_ends_empty(client: Any) -> None:
    assert await client.updates(0, timeout=1) == []


async def test_two_waiting_polls_conflict(client: Any) -> None:
    person = await client.person(starts=False)
    first = asyncio.create_task(client.api("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(client.api("getUpdates", offset=5, timeout=30))

    conflict = await first
    await client.post(f"/people/{person}/text", text="a")

    assert (conflict["error_code"], conflict["description"]) == (409, OTHER)
    assert len((await second)["result"]) == 1


async def test_webhook_ends_a_poll_and_forbids_the_next(client: Any, receiver: Any) -> None:
    poll = asyncio.create_task(client.api("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    await client.result("setWebhook", url=receiver.url)

    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert await client.refusal("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )


async def test_allowed_updates_filter_what_comes_later(client: Any) -> None:
    person = await client.person()
    before = await client.updates(0, allowed_updates=["callback_query"])

    ignored = await client.post(f"/people/{person}/text", text="a")
    kept = await client.updates(0)

    assert ignored["update_id"] is None
    assert kept == before
    info = await client.result("getWebhookInfo")
    assert info["allowed_updates"] == ["callback_query"]


@pytest.mark.parametrize("is_new", [False, True])
async def test_repeated_update_comes_again(client: Any, is_new: bool) -> None:
    await client.person()
    first = (await client.updates())[0]
    await client.updates(first["update_id"] + 1)

    await client.post("/updates/repeat", update_id=first["update_id"], times=2, new_id=is_new)
    again = await client.updates(0)

    assert [each["message"] for each in again] == [first["message"]] * 2
    expected = [first["update_id"] + number for number in ((1, 2) if is_new else (0, 0))]
    assert [each["update_id"] for each in again] == expected


async def test_a_tap_expires_in_the_queue(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await client.person()
    monkeypatch.setitem(updates._LIFE_S, "callback_query", -1.0)

    await client.post(f"/people/{person}/tap", message_id=1, data="a", forge=True)

    assert [list(each) for each in await client.updates()] == [["update_id", "message"]]


def test_queue_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "MAX_PENDING", 3)
    queue = updates.UpdateQueue()

    ids = [queue.add({"message": {"chat": {"id": 1}}}) for _ in range(5)]

    assert [each.id for each in queue.pending()] == ids[2:]
