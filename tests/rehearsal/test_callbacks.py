from typing import Any

import pytest

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
KEYBOARD = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}


@pytest.fixture
async def person(client: Any) -> int:
    """Sees one question, message 2, with the button a."""
    made: int = await client.person()
    await client.result("sendMessage", chat_id=made, text="Câu 1", reply_markup=KEYBOARD)
    return made


async def test_tap_makes_a_callback_query(client: Any, person: int) -> None:
    tap = await client.post(f"/people/{person}/tap", message_id=2, data="a")

    query = (await client.updates())[-1]["callback_query"]

    assert query["id"] == tap["callback_id"]
    assert query["data"] == "a"
    assert query["from"]["id"] == person
    assert query["message"]["text"] == "Câu 1"
    assert query["message"]["reply_markup"] == KEYBOARD
    assert query["chat_instance"].lstrip("-").isdecimal()


async def test_tap_on_no_button_is_refused_unless_forged(client: Any, person: int) -> None:
    await client.post(f"/people/{person}/tap", 404, message_id=2, data="b")
    await client.post(f"/people/{person}/tap", 404, message_id=9, data="a")
    await client.post(f"/people/{person}/tap", message_id=9, data="b", forge=True)

    query = (await client.updates())[-1]["callback_query"]

    assert query["data"] == "b"
    assert query["message"] == {
        "chat": {"id": person, "first_name": "Hoa", "type": "private"},
        "message_id": 9,
        "date": 0,
    }


async def test_snapshot_in_the_query_outlives_an_edit(client: Any, person: int) -> None:
    await client.post(f"/people/{person}/tap", message_id=2, data="a")
    await client.result("editMessageText", chat_id=person, message_id=2, text="Câu 2")

    query = (await client.updates())[-1]["callback_query"]

    assert query["message"]["text"] == "Câu 1"


async def test_answer_stops_the_spinner_and_shows_the_toast(client: Any, person: int) -> None:
    tap = await client.post(f"/people/{person}/tap", message_id=2, data="a")
    before = await client.get(f"/people/{person}/chat")

    await client.result(
        "answerCallbackQuery",
        callback_query_id=tap["callback_id"],
        text="Đã ghi",
        show_alert=True,
    )
    after = await client.get(f"/people/{person}/chat")

    assert (before["pending"], after["pending"]) == ([tap["callback_id"]], [])
    toast = after["toasts"][0]
    assert toast.pop("at") > 0
    assert toast == {"text": "Đã ghi", "alert": True, "callback_id": tap["callback_id"]}


async def test_answer_is_refused_twice_unknown_or_too_long(client: Any, person: int) -> None:
    tap = await client.post(f"/people/{person}/tap", message_id=2, data="a")
    query = {"callback_query_id": tap["callback_id"]}

    assert await client.refusal("answerCallbackQuery", **query, text="x" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await client.result("answerCallbackQuery", **query, text="x" * 200) is True
    assert await client.refusal("answerCallbackQuery", **query) == TOO_OLD
    assert await client.refusal("answerCallbackQuery", callback_query_id="1") == TOO_OLD
    assert await client.refusal("answerCallbackQuery") == TOO_OLD


async def test_answer_after_the_deadline_is_refused(make_client: Any) -> None:
    client = await make_client(answer_deadline_s=0.0)
    person = await client.person()
    tap = await client.post(f"/people/{person}/tap", message_id=1, data="a", forge=True)

    refusal = await client.refusal("answerCallbackQuery", callback_query_id=tap["callback_id"])

    assert refusal == TOO_OLD


async def test_a_tap_that_has_aged_cannot_be_answered(client: Any, person: int) -> None:
    tap = await client.post(f"/people/{person}/tap", message_id=2, data="a")

    await client.post("/updates/age", seconds=31)

    answer = await client.refusal("answerCallbackQuery", callback_query_id=tap["callback_id"])
    assert answer == TOO_OLD
