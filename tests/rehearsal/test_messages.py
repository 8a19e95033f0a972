from typing import Any

import pytest

BUTTON = {"text": "A", "callback_data": "a"}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def inline(*buttons: Any) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


async def test_send_message_returns_a_full_message(client: Any) -> None:
    person = await client.person("Hoa", last_name="Nguyễn")

    sent = await client.result(
        "sendMessage",
        chat_id=person,
        text=" <b>Câu 1</b> /help ",
        parse_mode="HTML",
        reply_markup=inline(BUTTON),
    )

    assert isinstance(sent.pop("date"), int)
    assert sent == {
        "message_id": 2,
        "from": {
            "id": client.stand_in.world.settings.bot_id,
            "is_bot": True,
            "first_name": "Hội thi (diễn tập)",
            "username": "hoithi_dien_tap_bot",
        },
        "chat": {"id": person, "first_name": "Hoa", "last_name": "Nguyễn", "type": "private"},
        "text": "Câu 1 /help",
        "entities": [
            {"type": "bold", "offset": 0, "length": 5},
            {"type": "bot_command", "offset": 6, "length": 5},
        ],
        "reply_markup": inline(BUTTON),
    }


async def test_send_message_reads_forms_and_queries_alike(client: Any) -> None:
    person = await client.person()
    url = f"{client.url}/bot{client.token}/SENDMESSAGE"

    async with client.session.post(url, data={"chat_id": str(person), "text": "đ"}) as response:
        form = await response.json()
    async with client.session.get(url, params={"chat_id": person, "text": "đ"}) as response:
        query = await response.json()

    assert form["result"]["text"] == query["result"]["text"] == "đ"
    assert (form["result"]["message_id"], query["result"]["message_id"]) == (2, 3)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({}, "message text is empty"),
        ({"text": " \u200b\n "}, "text must be non-empty"),
        ({"text": "đ" * 4097}, "message is too long"),
        ({"text": "x" * 32769}, "text is too long"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"text": "<x>", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "x" at byte offset 0',
        ),
        (
            {"text": "x", "reply_markup": "{"},
            "can't parse reply keyboard markup JSON object",
        ),
        ({"text": "x", "reply_markup": []}, "object expected as reply markup"),
        (
            {"text": "x", "reply_markup": inline({"text": "A", "callback_data": ""})},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": inline({"text": "A", "callback_data": "đ" * 33})},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": inline({"text": " ", "callback_data": "a"})},
            "inline keyboard button text must be non-empty",
        ),
        (
            {"text": "x", "reply_markup": inline({"callback_data": "a"})},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {"text": "x", "reply_markup": inline({"text": "A", "url": "ftp://a.vn"})},
            "inline keyboard button URL 'ftp://a.vn' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "x", "reply_markup": inline(*[BUTTON] * 101)},
            "reply markup is too long",
        ),
        (
            {"text": "x", "reply_markup": {"keyboard": [[{"text": ""}]]}},
            "keyboard button text must be non-empty",
        ),
        (
            {"text": "x", "reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
    ],
)
async def test_send_message_refuses_in_the_real_words(
    client: Any, params: dict[str, Any], reason: str
) -> None:
    person = await client.person()

    assert await client.refusal("sendMessage", chat_id=person, **params) == f"Bad Request: {reason}"
    assert len(await client.messages(person)) == 1


async def test_send_message_at_the_borders_is_taken(client: Any) -> None:
    person = await client.person()
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "x" * 64}] * 10] * 10}

    sent = await client.result(
        "sendMessage",
        chat_id=person,
        text=f"<b>{'😀' * 4096}</b>",
        parse_mode="HTML",
        reply_markup=keyboard,
    )

    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 8192}]
    assert sent["reply_markup"] == keyboard


@pytest.mark.parametrize(
    ("chat_id", "reason"),
    [
        ("", "Bad Request: chat_id is empty"),
        (4, "Bad Request: chat not found"),
        ("@hoithi", "Bad Request: chat not found"),
        (1001, "Forbidden: bot can't initiate conversation with a user"),
    ],
)
async def test_send_message_to_nobody_is_refused(client: Any, chat_id: Any, reason: str) -> None:
    await client.person(starts=False)

    assert await client.refusal("sendMessage", chat_id=chat_id, text="x") == reason


async def test_send_message_to_a_person_who_left_is_refused(client: Any) -> None:
    blocker, leaver = await client.person(), await client.person()

    await client.post(f"/people/{blocker}/block")
    await client.post(f"/people/{leaver}/deactivate")

    for person, reason in (
        (blocker, "Forbidden: bot was blocked by the user"),
        (leaver, "Forbidden: user is deactivated"),
    ):
        body = await client.api("sendMessage", chat_id=person, text="x")
        assert (body["error_code"], body["description"]) == (403, reason)


async def test_reply_shows_the_message_replied_to(client: Any) -> None:
    person = await client.person()

    first = await client.result(
        "sendMessage", chat_id=person, text="x", reply_parameters={"message_id": 1}
    )
    second = await client.result(
        "sendMessage",
        chat_id=person,
        text="y",
        reply_parameters={"message_id": 99, "allow_sending_without_reply": True},
    )

    assert first["reply_to_message"]["text"] == "/start"
    assert "reply_to_message" not in second


async def test_edit_changes_text_and_keyboard(client: Any) -> None:
    person = await client.person()
    sent = await client.result("sendMessage", chat_id=person, text="x", reply_markup=inline(BUTTON))

    edited = await client.result(
        "editMessageText", chat_id=person, message_id=sent["message_id"], text="y"
    )

    assert (edited["text"], edited["message_id"]) == ("y", sent["message_id"])
    assert "reply_markup" not in edited
    assert edited["edit_date"] >= sent["date"]
    assert [each["text"] for each in await client.messages(person)] == ["/start", "y"]


async def test_edit_to_the_same_is_not_modified(client: Any) -> None:
    person = await client.person()
    sent = {"text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": inline(BUTTON)}
    await client.result("sendMessage", chat_id=person, **sent)
    place = {"chat_id": person, "message_id": 2}

    assert await client.refusal("editMessageText", **place, **sent) == NOT_MODIFIED
    assert (
        await client.refusal("editMessageReplyMarkup", **place, reply_markup=inline(BUTTON))
        == NOT_MODIFIED
    )
    await client.result("editMessageText", **place, **sent | {"text": "<i>x</i>"})
    await client.result("editMessageReplyMarkup", **place)
    assert await client.refusal("editMessageReplyMarkup", **place) == NOT_MODIFIED


@pytest.mark.parametrize(
    "markup",
    [
        {"keyboard": [["A"]]},
        {"remove_keyboard": True},
        {"force_reply": True},
    ],
)
async def test_edit_of_a_message_with_another_keyboard_is_refused(
    client: Any, markup: dict[str, Any]
) -> None:
    person = await client.person()
    sent = await client.result("sendMessage", chat_id=person, text="x", reply_markup=markup)

    place = {"chat_id": person, "message_id": sent["message_id"]}

    assert "reply_markup" not in sent
    assert await client.refusal("editMessageText", **place, text="y") == (
        "Bad Request: message can't be edited"
    )


async def test_edit_of_what_is_not_there_is_refused(client: Any) -> None:
    person = await client.person()
    await client.result("sendMessage", chat_id=person, text="x")

    async def refusal(message_id: Any, **more: Any) -> str:
        place = {"chat_id": person, "message_id": message_id, "text": "y"}
        return str(await client.refusal("editMessageText", **place | more))

    assert await refusal(99) == "Bad Request: message to edit not found"
    assert await refusal(1) == "Bad Request: message can't be edited"
    assert await refusal("") == "Bad Request: message identifier is not specified"
    assert await refusal(2, reply_markup={"keyboard": [["A"]]}) == (
        "Bad Request: inline keyboard expected"
    )
    assert await client.result("deleteMessage", chat_id=person, message_id=2) is True
    assert await refusal(2) == "Bad Request: message to edit not found"


async def test_delete_message_twice_is_refused(client: Any) -> None:
    person = await client.person()

    assert await client.result("deleteMessage", chat_id=person, message_id=1) is True
    assert await client.refusal("deleteMessage", chat_id=person, message_id=1) == (
        "Bad Request: message to delete not found"
    )
    assert [each["deleted"] for each in await client.messages(person)] == [True]


async def test_reply_keyboard_stays_until_removed(client: Any) -> None:
    person = await client.person()
    ask = {"keyboard": [[{"text": "Gửi số", "request_contact": True}]], "resize_keyboard": True}

    await client.result("sendMessage", chat_id=person, text="x", reply_markup=ask)
    await client.result("sendMessage", chat_id=person, text="y")
    shown = await client.get(f"/people/{person}/chat")
    await client.result(
        "sendMessage", chat_id=person, text="z", reply_markup={"remove_keyboard": True}
    )
    gone = await client.get(f"/people/{person}/chat")

    assert shown["reply_keyboard"] == ask
    assert gone["reply_keyboard"] is None


async def test_chat_keeps_the_last_two_thousand_messages(client: Any) -> None:
    person = await client.person()
    for number in range(2001):
        await client.result("sendMessage", chat_id=person, text=str(number))

    messages = await client.messages(person)

    assert (len(messages), messages[0]["text"]) == (2000, "1")


async def test_send_chat_action_knows_its_actions(client: Any) -> None:
    person = await client.person()

    assert await client.result("sendChatAction", chat_id=person, action="typing") is True
    assert await client.refusal("sendChatAction", chat_id=person, action="dancing") == (
        "Bad Request: wrong parameter action in request"
    )


async def test_t15_a_migrated_chat_tells_its_new_id_and_is_reached_there(client: Any) -> None:
    person = await client.person()
    new = (await client.post(f"/people/{person}/migrate"))["chat_id"]

    refused = await client.api("sendMessage", chat_id=person, text="x")
    await client.result("sendMessage", chat_id=new, text="y")

    assert refused["parameters"] == {"migrate_to_chat_id": new}
    assert (await client.messages(person))[-1]["text"] == "y"
