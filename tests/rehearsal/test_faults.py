import time
from typing import Any

import aiohttp
import pytest


async def send(client: Any, person: int) -> aiohttp.ClientResponse:
    url = f"{client.url}/bot{client.token}/sendMessage"
    async with client.session.post(url, data={"chat_id": person, "text": "x"}) as response:
        await response.read()
        answer: aiohttp.ClientResponse = response
        return answer


@pytest.mark.parametrize("seconds", [0, 1, 37, 10**6])
async def test_429_carries_its_seconds(client: Any, seconds: int) -> None:
    person = await client.person()
    await client.post("/faults", method="sendMessage", status=429, retry_after=seconds)

    response = await send(client, person)

    assert response.headers["Retry-After"] == str(seconds)
    assert await response.json() == {
        "ok": False,
        "error_code": 429,
        "description": f"Too Many Requests: retry after {seconds}",
        "parameters": {"retry_after": seconds},
    }


async def test_429_may_come_without_seconds(client: Any) -> None:
    person = await client.person()
    await client.post("/faults", method="sendMessage", status=429)

    response = await send(client, person)

    assert "Retry-After" not in response.headers
    assert await response.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests",
    }


async def test_fault_is_used_up_and_cleared(client: Any) -> None:
    person = await client.person()
    await client.post("/faults", method="SENDMESSAGE", times=2, status=500)
    await client.post("/faults", method="*", times=9, status=502, chat_id=person + 1)

    statuses = [(await send(client, person)).status for _ in range(3)]
    other = (await send(client, person + 1)).status
    await client.delete("/faults")

    assert statuses == [500, 500, 200]
    assert other == 502
    assert (await send(client, person)).status == 200
    assert await client.get("/faults") == []


@pytest.mark.parametrize("applies", [False, True])
async def test_fault_may_hide_an_effect(client: Any, applies: bool) -> None:
    person = await client.person()
    await client.post("/faults", method="sendMessage", status=504, apply=applies)

    status = (await send(client, person)).status

    assert status == 504
    assert len(await client.messages(person)) == 1 + applies


async def test_fault_may_answer_html(client: Any) -> None:
    person = await client.person()
    page = "<html>502 Bad Gateway</html>"
    await client.post("/faults", method="sendMessage", status=502, body=page)

    response = await send(client, person)

    assert (response.status, response.content_type) == (502, "text/html")
    assert await response.text() == page


@pytest.mark.parametrize("how", ["drop", "cut"])
async def test_fault_may_break_the_line_after_the_effect(client: Any, how: str) -> None:
    person = await client.person()
    await client.post("/faults", **{"method": "sendMessage", how: True, "apply": True})

    with pytest.raises(aiohttp.ClientError):
        await send(client, person)

    assert len(await client.messages(person)) == 2
    assert (await client.get("/transcript"))[0]["status"] == 0


async def test_fault_may_only_delay(client: Any) -> None:
    person = await client.person()
    await client.post("/faults", method="sendMessage", delay_s=0.2)
    began = time.monotonic()

    status = (await send(client, person)).status

    assert status == 200
    assert time.monotonic() - began >= 0.2


async def test_fault_may_say_anything(client: Any) -> None:
    person = await client.person()
    await client.post(
        "/faults",
        method="sendMessage",
        status=400,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        parameters={"migrate_to_chat_id": -1001},
    )

    body = await (await send(client, person)).json()

    assert body["parameters"] == {"migrate_to_chat_id": -1001}


async def test_fault_with_an_unknown_field_is_refused(client: Any) -> None:
    body = await client.post("/faults", 400, method="sendMessage", after=3)

    assert "after" in body["error"]
