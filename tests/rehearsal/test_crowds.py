"""Many chats in one stand-in: what is kept of them has an end, what is counted has none."""

from typing import Any

from rehearsal.chats import Chats, Message, unix_now


async def test_a_crowd_comes_at_once(client: Any) -> None:
    made = await client.post("/people/crowd", count=3_000, name="Cư dân")
    fresh = await client.post("/people/crowd", count=2, started=False)
    people = await client.get("/people")

    assert made["ids"] == list(range(1001, 4001))
    assert (people[2999]["name"], people[2999]["started"]) == ("Cư dân 3000", True)
    assert len({each["phone"] for each in people}) == 3_002
    assert (await client.result("sendMessage", chat_id=4000, text="x"))["message_id"] == 1
    assert "error_code" in await client.api("sendMessage", chat_id=fresh["ids"][0], text="x")
    assert client.heard() == []


async def test_t07_the_tally_counts_each_chats_messages_without_keeping_any(
    make_client: Any,
) -> None:
    client = await make_client(messages_kept=0, calls_kept=0)
    hoa, nam = (await client.post("/people/crowd", count=2))["ids"]
    group = await client.group(hoa)
    for chat in (hoa, group, group, nam, nam, nam):
        await client.result("sendMessage", chat_id=chat, text="x")
    await client.api("sendMessage", chat_id=5, text="x")

    tally = await client.get("/tally")

    assert tally["sent"] == {str(hoa): 1, str(nam): 3, str(group): 2}
    assert tally["calls"] == [
        {"method": "sendMessage", "status": 200, "count": 6},
        {"method": "sendMessage", "status": 400, "count": 1},
    ]
    assert await client.messages(nam) == []
    assert await client.get("/transcript") == []
    await client.delete("/transcript")
    assert (await client.get("/tally"))["calls"] == []


async def test_a_chat_remembers_as_many_messages_as_it_is_told(make_client: Any) -> None:
    client = await make_client(messages_kept=2)
    hoa = await client.person("Hoa")

    for text in "abc":
        await client.result("sendMessage", chat_id=hoa, text=text)

    assert [each["text"] for each in await client.messages(hoa)] == ["b", "c"]
    assert (await client.get(f"/people/{hoa}/chat"))["sent"] == 3


def test_the_newest_messages_stay() -> None:
    chats = Chats(kept=3)
    chat = chats.find(chats.add("Hoa", "", "", "vi").id)
    assert chat is not None

    for _ in range(1_000):
        chat.add(Message(chat.next_id(), "bot", unix_now()))

    assert list(chat.messages) == [998, 999, 1000]
    assert chat.sent == 1_000


async def test_nothing_is_rendered_for_pages_that_nobody_watches(
    client: Any, monkeypatch: Any
) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    rendered: list[int] = []
    monkeypatch.setattr(Message, "view", lambda self: rendered.append(self.id) or {})

    for chat in (hoa, group):
        await client.result("sendMessage", chat_id=chat, text="x")

    assert rendered == []
