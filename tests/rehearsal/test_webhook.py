import asyncio
import time
from typing import Any

import pytest
from aiohttp import web

from rehearsal import updates
from rehearsal.webhook import Webhook


async def until_empty(client: Any) -> None:
    for _ in range(500):
        if not (await client.result("getWebhookInfo"))["pending_update_count"]:
            return
        await asyncio.sleep(0.01)
    pytest.fail("updates stay in the queue")


async def test_updates_arrive_in_order_with_the_secret(client: Any, receiver: Any) -> None:
    person = await client.person()
    set_up = await client.api("setWebhook", url=receiver.url, secret_token="s3cret-_")
    for text in "abcd":
        await client.post(f"/people/{person}/text", text=text)

    got = await receiver.wait_for(5)
    await until_empty(client)

    assert set_up == {"ok": True, "result": True, "description": "Webhook was set"}
    assert [each["message"]["text"] for each in got] == ["/start", *"abcd"]
    headers = receiver.requests[0][1]
    assert headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret-_"
    assert headers["Content-Type"] == "application/json"


async def test_a_failing_update_holds_back_only_its_own_lane(client: Any, receiver: Any) -> None:
    slow, quick = await client.person("Chậm"), await client.person("Nhanh")
    await client.result("setWebhook", url=receiver.url)
    await receiver.wait_for(2)
    receiver.answers = [500, 500, 500]

    await client.post(f"/people/{slow}/text", text="1")
    await receiver.wait_for(3)
    await client.post(f"/people/{slow}/text", text="2")
    await receiver.wait_for(6)
    await client.post(f"/people/{quick}/text", text="3")
    got = await receiver.wait_for(8)
    await until_empty(client)

    texts = [each["message"]["text"] for each in got[2:]]
    assert [each for each in texts if each != "3"] == ["1", "1", "1", "1", "2"]
    assert (await client.result("getWebhookInfo"))["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )


async def test_a_tap_does_not_wait_for_the_same_persons_message(client: Any, receiver: Any) -> None:
    person = await client.person()
    receiver.gate.clear()
    await client.result("setWebhook", url=receiver.url)
    await receiver.wait_for(1)

    await client.post(f"/people/{person}/text", text="a")
    await client.post(f"/people/{person}/tap", message_id=1, data="a", forge=True)
    got = await receiver.wait_for(2)
    receiver.gate.set()
    await receiver.wait_for(3)

    assert [next(key for key in each if key != "update_id") for each in got] == [
        "message",
        "callback_query",
    ]


async def test_max_connections_bounds_what_is_in_flight(client: Any, receiver: Any) -> None:
    for name in "abc":
        await client.person(name)
    receiver.gate.clear()

    await client.result("setWebhook", url=receiver.url, max_connections=2)
    await receiver.wait_for(2)
    await asyncio.sleep(0.1)
    in_flight = len(receiver.requests)
    receiver.gate.set()
    await receiver.wait_for(3)

    assert in_flight == 2


async def test_retry_after_is_honoured(client: Any, receiver: Any) -> None:
    await client.person()
    receiver.answers = [lambda: web.Response(status=503, headers={"Retry-After": "1"})]
    began = time.monotonic()

    await client.result("setWebhook", url=receiver.url)
    await receiver.wait_for(2)

    assert 0.9 < time.monotonic() - began < 4


def test_retries_double_then_spread(client: Any) -> None:
    webhook: Webhook = client.stand_in.world.webhook
    base = 0.02

    delays = [round(webhook._delay_s(failures) / base, 6) for failures in range(6)]

    assert delays == [0, 1, 2, 4, 8, 16]
    assert 30 <= webhook._delay_s(6) / base <= 60


async def test_answer_may_run_a_method(client: Any, receiver: Any) -> None:
    person = await client.person()
    reply = {"method": "sendMessage", "chat_id": person, "text": "Chào"}
    setter = {"method": "deleteWebhook"}
    receiver.answers = [lambda: web.json_response(reply), lambda: web.json_response(setter)]

    await client.result("setWebhook", url=receiver.url)
    await client.post(f"/people/{person}/text", text="a")
    await receiver.wait_for(2)
    await until_empty(client)

    texts = [each["text"] for each in await client.messages(person)]
    assert sorted(texts) == ["/start", "Chào", "a"]
    assert (await client.result("getWebhookInfo"))["url"] == receiver.url


async def test_polling_takes_over_what_the_webhook_did_not_get(client: Any, receiver: Any) -> None:
    person = await client.person()
    receiver.answers = [500] * 100
    await client.result("setWebhook", url=receiver.url)
    await receiver.wait_for(2)

    removed = await client.api("deleteWebhook")
    left = await client.updates()

    assert removed["description"] == "Webhook was deleted"
    assert [each["message"]["from"]["id"] for each in left] == [person]
    again = await client.api("deleteWebhook", drop_pending_updates=True)
    assert again["ok"]
    assert await client.updates(5) == []


async def test_unreachable_webhook_is_told(client: Any, unused_tcp_port: int) -> None:
    await client.person()
    await client.result("setWebhook", url=f"http://127.0.0.1:{unused_tcp_port}/hook")

    info: dict[str, Any] = {}
    for _ in range(500):
        info = await client.result("getWebhookInfo")
        if "last_error_message" in info:
            break
        await asyncio.sleep(0.01)

    assert info["last_error_message"] == "Connection refused"
    assert info["pending_update_count"] == 1


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        (
            {"url": "http://vi-du.vn/hook"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://vi-du.vn:8080/hook"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            {"url": "http://127.0.0.1/", "secret_token": "bí mật"},
            "secret token contains unallowed characters",
        ),
        ({"url": "http://127.0.0.1/", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_set_webhook_refuses(client: Any, params: dict[str, str], reason: str) -> None:
    assert await client.refusal("setWebhook", **params) == f"Bad Request: {reason}"


async def test_set_webhook_twice_is_already_set(client: Any, receiver: Any) -> None:
    await client.result("setWebhook", url=receiver.url)

    again = await client.api("setWebhook", url=receiver.url)

    assert again["description"] == "Webhook is already set"
    assert (await client.get("/bot"))["mode"] == "webhook"


async def test_an_expired_tap_is_not_delivered(
    client: Any, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await client.person()
    monkeypatch.setitem(updates._LIFE_S, "callback_query", -1.0)
    await client.result("setWebhook", url=receiver.url)

    await client.post(f"/people/{person}/tap", message_id=1, data="a", forge=True)
    await until_empty(client)

    assert ["message" in each for each, _ in receiver.requests] == [True]


async def test_t20_a_tap_dies_in_the_queue_after_150_seconds_and_a_message_does_not(
    client: Any, receiver: Any
) -> None:
    person = await client.person()
    receiver.answers = [lambda: web.Response(status=503, headers={"Retry-After": "1"})] * 2
    await client.result("setWebhook", url=receiver.url)
    await client.post(f"/people/{person}/tap", message_id=1, data="a", forge=True)
    await receiver.wait_for(2)

    left = [
        (await client.post("/updates/age", seconds=seconds))["pending"] for seconds in (140, 11)
    ]
    await until_empty(client)

    assert left == [2, 1]
    assert ["message" in each for each, _ in receiver.requests].count(True) == 2
    assert len(receiver.requests) == 3


async def test_after_long_failure_one_connection_at_a_time_is_tried(
    client: Any, receiver: Any
) -> None:
    for name in "abc":
        await client.person(name)
    receiver.answers = [500] * 12
    await client.result("setWebhook", url=receiver.url)
    await receiver.wait_for(12)
    receiver.gate.clear()

    await receiver.wait_for(13)
    await asyncio.sleep(0.2)
    in_flight = len(receiver.requests) - 12
    receiver.gate.set()
    await until_empty(client)

    assert in_flight == 1
