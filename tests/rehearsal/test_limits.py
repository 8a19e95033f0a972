"""The limits of sending: off until ordered, shared by sends and edits, told by 429."""

from typing import Any

import pytest

from rehearsal import limits


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`passes(seconds)` lets that much time pass."""
    now = [1_000.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(limits, "monotonic", lambda: now[0])
    return wait


async def test_a_group_takes_so_many_a_minute(client: Any, passes: Any) -> None:
    hoa = await client.person("Hoa")
    group, other = await client.group(hoa), await client.group(hoa)
    await client.post("/limits", group_per_minute=3)
    sent = await client.result("sendMessage", chat_id=group, text="x")
    passes(10)
    place = {"chat_id": group, "message_id": sent["message_id"]}
    await client.result("editMessageText", text="y", **place)
    await client.result("sendMessage", chat_id=group, text="x")

    refused = await client.api("sendMessage", chat_id=group, text="x")
    passes(49.5)
    early = await client.api("sendMessage", chat_id=group, text="x")
    passes(0.5)

    assert refused["parameters"] == {"retry_after": 50}
    assert refused["description"] == "Too Many Requests: retry after 50"
    assert early["parameters"] == {"retry_after": 1}
    await client.result("sendMessage", chat_id=group, text="x")
    for chat in (other, hoa):
        await client.result("sendMessage", chat_id=chat, text="x")


async def test_a_second_has_its_limits_too(client: Any, passes: Any) -> None:
    hoa, nam, lan = [await client.person(name) for name in ("Hoa", "Nam", "Lan")]
    await client.post("/limits", chat_per_second=1, all_per_second=2)

    async def code(chat: int) -> int:
        body = await client.api("sendMessage", chat_id=chat, text="x")
        return int(body.get("error_code", 200))

    codes = [await code(hoa), await code(hoa), await code(nam), await code(lan)]
    passes(1)

    assert codes == [200, 429, 200, 429]
    assert await code(hoa) == 200
    assert await client.result("sendChatAction", chat_id=hoa, action="typing") is True


async def test_limits_are_off_and_can_be_lifted(client: Any) -> None:
    hoa = await client.person("Hoa")

    usual = await client.get("/limits")
    await client.post("/limits", chat_per_second=1)
    lifted = await client.post("/limits")
    for _ in range(5):
        await client.result("sendMessage", chat_id=hoa, text="x")

    assert usual == lifted == {"group_per_minute": 0, "chat_per_second": 0, "all_per_second": 0}
    await client.post("/limits", 400, chat_per_second=-1)
