"""The real library against the stand-in: what it reads, and which errors it raises."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardRemove
from telegram.constants import ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.request import HTTPXRequest

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])


@pytest.fixture
async def bot(client: Any) -> AsyncIterator[Bot]:
    made = Bot(
        client.token,
        base_url=f"{client.url}/bot",
        base_file_url=f"{client.url}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )
    async with made:
        yield made


async def test_bot_plays_a_question(client: Any, bot: Bot) -> None:
    person = await client.person("Hoa")

    me = await bot.get_me()
    started = (await bot.get_updates())[0]
    sent = await bot.send_message(
        person, "<b>Câu 1</b>", parse_mode=ParseMode.HTML, reply_markup=KEYBOARD
    )
    await client.post(f"/people/{person}/tap", message_id=sent.message_id, data="a")
    tapped = (await bot.get_updates(offset=started.update_id + 1))[0]
    assert tapped.callback_query is not None
    await tapped.callback_query.answer("Đã ghi")
    edited = await sent.edit_text("Xong")
    await bot.set_my_commands([("help", "Trợ giúp")])

    assert me.username == "hoithi_dien_tap_bot"
    assert started.message is not None
    assert started.message.text == "/start"
    assert (sent.text_html, sent.reply_markup) == ("<b>Câu 1</b>", KEYBOARD)
    assert tapped.callback_query.data == "a"
    assert tapped.callback_query.message is not None
    assert tapped.callback_query.message.is_accessible
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("Xong", None)
    assert (await bot.get_my_commands())[0].command == "help"
    assert (await bot.get_chat(person)).first_name == "Hoa"


async def test_bot_sends_and_fetches_a_document(client: Any, bot: Bot) -> None:
    person = await client.person()

    sent = await bot.send_document(person, b"1,2,3", filename="kq.csv", caption="Kết quả")
    assert sent.document is not None
    file = await sent.document.get_file()

    assert (sent.document.file_name, sent.caption) == ("kq.csv", "Kết quả")
    assert bytes(await file.download_as_bytearray()) == b"1,2,3"


async def test_bot_sees_the_errors_by_class(
    client: Any, bot: Bot, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    person, blocker = await client.person(), await client.person()
    await client.post(f"/people/{blocker}/block")
    await client.post("/faults", method="sendMessage", status=429, retry_after=37, chat_id=person)

    with pytest.raises(RetryAfter) as later:
        await bot.send_message(person, "x")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(blocker, "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "x")
    sent = await bot.send_message(person, "x", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await sent.edit_text("y")
    plain = await bot.send_message(person, "x")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await plain.edit_text("x")
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("7")
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict):
        await bot.get_updates()
    async with HTTPXRequest() as request:
        stranger = Bot("1:wrong", base_url=f"{client.url}/bot", request=request)
        with pytest.raises(InvalidToken):
            await stranger.get_me()

    assert later.value.retry_after == timedelta(seconds=37)
