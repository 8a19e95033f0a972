"""Edits of what is not plain text: captions, keyboards, and which edit is for which message."""

from typing import Any

import aiohttp
import pytest

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0"
LINK = {"inline_keyboard": [[{"text": "Mở", "url": "https://a.vn/x"}]]}


async def photo(client: Any, chat: int, **fields: str) -> dict[str, Any]:
    form = aiohttp.FormData({"chat_id": str(chat), **fields})
    form.add_field("photo", PNG, filename="p.png", content_type="image/png")
    url = f"{client.url}/bot{client.token}/sendPhoto"
    async with client.session.post(url, data=form) as response:
        return dict((await response.json())["result"])


async def test_a_caption_is_edited_with_its_keyboard(client: Any) -> None:
    hoa = await client.person("Hoa")
    sent = await photo(client, hoa, caption="Tổ 6: 12 người")
    place = {"chat_id": hoa, "message_id": sent["message_id"]}

    edited = await client.result(
        "editMessageCaption",
        caption="<b>Tổ 6</b>: 13 người",
        parse_mode="HTML",
        reply_markup=LINK,
        **place,
    )
    bare = await client.result("editMessageReplyMarkup", **place)
    again = await client.refusal("editMessageReplyMarkup", **place)
    emptied = await client.result("editMessageCaption", **place)

    assert edited["photo"] == sent["photo"]
    assert edited["caption"] == "Tổ 6: 13 người"
    assert edited["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert edited["reply_markup"] == LINK
    assert "reply_markup" not in bare
    assert again.startswith("Bad Request: message is not modified")
    assert "caption" not in emptied


async def test_each_edit_is_for_its_kind_of_message(client: Any) -> None:
    hoa = await client.person("Hoa")
    sent = await photo(client, hoa, caption="x")
    text = await client.result("sendMessage", chat_id=hoa, text="x")

    of_photo = {"chat_id": hoa, "message_id": sent["message_id"]}
    of_text = {"chat_id": hoa, "message_id": text["message_id"]}

    assert await client.refusal("editMessageText", text="y", **of_photo) == (
        "Bad Request: there is no text in the message to edit"
    )
    assert await client.refusal("editMessageCaption", caption="y", **of_text) == (
        "Bad Request: there is no caption in the message to edit"
    )


async def test_a_caption_ends_at_its_limit_after_its_entities(client: Any) -> None:
    hoa = await client.person("Hoa")
    longest = f"<b>{'ư' * 1024}</b>"

    sent = await photo(client, hoa, caption=longest, parse_mode="HTML")
    place = {"chat_id": hoa, "message_id": sent["message_id"]}

    assert sent["caption"] == "ư" * 1024
    assert await client.refusal("editMessageCaption", caption="x" * 1025, **place) == (
        "Bad Request: message caption is too long"
    )


async def test_a_service_line_cannot_be_edited(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)

    place = {"chat_id": group, "message_id": 1}

    assert await client.refusal("editMessageText", text="y", **place) == (
        "Bad Request: message can't be edited"
    )


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"copy_text": {}},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {"copy_text": "TDP-06"},
            'can\'t parse inline keyboard button: Field "copy_text" must be of type Object',
        ),
        (
            {"url": "http://localhost:8080"},
            "inline keyboard button URL 'http://localhost:8080' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_buttons_are_refused_in_the_real_words(
    client: Any, button: dict[str, Any], reason: str
) -> None:
    hoa = await client.person("Hoa")
    markup = {"inline_keyboard": [[{"text": "A"} | button]]}

    refused = await client.refusal("sendMessage", chat_id=hoa, text="x", reply_markup=markup)

    assert refused == f"Bad Request: {reason}"


async def test_link_and_copy_buttons_are_echoed(client: Any) -> None:
    hoa = await client.person("Hoa")
    row = [{"text": "Mở", "url": "https://a.vn/x"}, {"text": "Chép", "copy_text": {"text": "TDP"}}]

    sent = await client.result(
        "sendMessage", chat_id=hoa, text="x", reply_markup={"inline_keyboard": [row]}
    )

    assert sent["reply_markup"] == {"inline_keyboard": [row]}
