"""The real library in groups: pictures and files as it sends them, members as it reads them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommandScopeChatAdministrators,
    ChatMemberAdministrator,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberOwner,
    ChatMemberRestricted,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    Update,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter
from telegram.request import HTTPXRequest

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0" + bytes(range(256)) * 9
KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Mở", url="https://a.vn/x")],
        [InlineKeyboardButton("Chép", copy_text=CopyTextButton("TDP-06"))],
    ]
)


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


def heard(client: Any, bot: Bot) -> list[Update]:
    return [Update.de_json(each, bot) for each in client.heard()]


async def test_a_picture_goes_round_byte_for_byte(client: Any, bot: Bot) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)

    sent = await bot.send_photo(
        group,
        PNG,
        caption="<b>Tổ 6</b>: 12 người",
        parse_mode=ParseMode.HTML,
        reply_markup=KEYBOARD,
        protect_content=True,
        filename="bieu-do.png",
    )
    again = await bot.send_photo(hoa, sent.photo[-1].file_id)
    file = await again.photo[-1].get_file()
    edited = await sent.edit_caption("Tổ 6: 13 người", reply_markup=KEYBOARD)

    assert bytes(await file.download_as_bytearray()) == PNG
    assert (sent.caption_html, sent.reply_markup) == ("<b>Tổ 6</b>: 12 người", KEYBOARD)
    assert sent.has_protected_content is True
    assert (sent.photo[-1].width, sent.photo[-1].height) == (2, 3)
    assert not isinstance(edited, bool)
    assert (edited.caption, edited.photo) == ("Tổ 6: 13 người", sent.photo)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await sent.edit_text("x")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(group, PNG, caption="x" * 1025)
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(group, b"no picture")
    with pytest.raises(BadRequest, match="wrong string length"):
        await bot.send_photo(group, "x")


async def test_a_document_by_attachment_keeps_its_name(client: Any, bot: Bot) -> None:
    hoa = await client.person("Hoa")

    sent = await bot.send_document(
        hoa, InputFile(b"1,2,3", filename="Báo cáo tổ 6.csv", attach=True), caption="Báo cáo"
    )
    again = await bot.send_document(hoa, sent.document.file_id)
    file = await bot.get_file(again.document.file_id)

    assert (sent.document.file_name, again.document) == ("Báo cáo tổ 6.csv", sent.document)
    assert bytes(await file.download_as_bytearray()) == b"1,2,3"
    with pytest.raises(BadRequest, match="Can't use file of type document as photo"):
        await bot.send_photo(hoa, sent.document.file_id)


async def test_updates_of_a_group_are_read(client: Any, bot: Bot) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam, kind="supergroup", forum=True, bot=False)
    client.heard()

    await client.post(f"/groups/{group}/bot/add", by=hoa, code="TDP-06", admin=True)
    await client.post(f"/groups/{group}/bot/mute", by=hoa)
    await client.post(f"/groups/{group}/topics", by=hoa, name="Báo cáo")
    await client.post(f"/groups/{group}/anonymous", by=hoa)
    await client.post(f"/groups/{group}/bot/promote", by=hoa)
    await client.post(f"/groups/{group}/text", by=hoa, text="xin chào")
    joined, line, start, muted, topic, _, anonymous = heard(client, bot)

    change = joined.my_chat_member
    assert isinstance(change.new_chat_member, ChatMemberAdministrator)
    assert isinstance(change.old_chat_member, ChatMemberLeft)
    assert line.message.new_chat_members[0].id == bot.id
    assert start.message.text == f"/start@{bot.username} TDP-06"
    assert isinstance(muted.my_chat_member.new_chat_member, ChatMemberRestricted)
    assert muted.my_chat_member.new_chat_member.can_send_messages is False
    assert topic.message.forum_topic_created.name == "Báo cáo"
    assert topic.message.is_topic_message is True
    assert (anonymous.effective_user.id, anonymous.message.sender_chat.id) == (1087968824, group)
    assert anonymous.effective_chat.is_forum is True


async def test_members_are_read_by_class(client: Any, bot: Bot) -> None:
    hoa, nam, lan = [await client.person(name) for name in ("Hoa", "Nam", "Lan")]
    group = await client.group(hoa, nam, kind="supergroup")
    await client.post(f"/groups/{group}/bot/promote", by=hoa)

    members = [await bot.get_chat_member(group, each) for each in (hoa, nam, lan, bot.id)]
    listed = await bot.get_chat_administrators(group)
    chat = await bot.get_chat(group)

    assert [type(each) for each in members] == [
        ChatMemberOwner,
        ChatMemberMember,
        ChatMemberLeft,
        ChatMemberAdministrator,
    ]
    assert [each.user.id for each in listed] == [hoa, bot.id]
    assert (chat.type, chat.permissions.can_send_photos) == (ChatType.SUPERGROUP, True)
    assert await bot.get_chat_member_count(group) == 3


async def test_errors_of_groups_are_read_by_class(client: Any, bot: Bot) -> None:
    hoa = await client.person("Hoa")
    old, muted, gone, closed = [await client.group(hoa) for _ in range(4)]
    new = (await client.post(f"/groups/{old}/migrate", by=hoa))["id"]
    await client.post(f"/groups/{muted}/bot/mute", by=hoa)
    await client.post(f"/groups/{gone}/bot/remove", by=hoa)
    forum = (await client.post(f"/groups/{closed}/forum", by=hoa))["id"]
    await client.post(f"/groups/{forum}/topics/close", by=hoa, topic=1)

    with pytest.raises(ChatMigrated) as moved:
        await bot.send_photo(old, PNG)
    with pytest.raises(BadRequest, match="Not enough rights to send photos to the chat"):
        await bot.send_photo(muted, PNG)
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(muted, "x")
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(gone, "x")
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(forum, "x")
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum, "x", message_thread_id=99)
    await client.post("/limits", group_per_minute=1)
    await bot.send_message(new, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(new, "x")

    assert moved.value.new_chat_id == new


async def test_a_bot_takes_its_leave(client: Any, bot: Bot) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    scope = BotCommandScopeChatAdministrators(group)
    await bot.set_my_commands([("quanly", "Quản lý")], scope=scope)
    known = await bot.get_my_commands(scope=scope)
    source = await bot.send_message(hoa, "x")
    copied = await bot.copy_message(group, hoa, source.message_id)
    forwarded = await bot.forward_message(group, hoa, source.message_id)

    left = await bot.leave_chat(group)

    assert left is True
    assert known[0].command == "quanly"
    assert copied.message_id + 1 == forwarded.message_id
    assert forwarded.forward_origin.sender_user.id == bot.id
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(group, "x")
