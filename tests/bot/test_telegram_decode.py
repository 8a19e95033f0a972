from typing import Any

import msgspec
import orjson
import pytest
import telegram
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.platforms.telegram import (
    CHANNEL,
    TOAST_LIMIT,
    Decoded,
    Received,
    decode,
    encode,
    encode_markup,
    encode_toast,
)
from bot.platforms.telegram_groups import ANONYMOUS_SENDERS
from bot.platforms.telegram_types import Update
from handlers.incoming import (
    Attachment,
    Command,
    Content,
    Departed,
    GroupMoved,
    GroupStatus,
    Incoming,
    SharedContact,
    Tap,
    Text,
)
from handlers.records import EventId, Sender
from handlers.reply import Button, ContactKeyboard, Screen
from scoring.instant import Instant

RECEIVED = Received(Instant(1_765_332_000_000), 1_800_000_000_000)
BOT = "HoithiBot"
HOA = {"id": 1001, "is_bot": False, "first_name": "Hoa", "last_name": "Nguyễn Thị"}
DATE = 1_765_332_000

ids = st.integers(1, 2**52 - 1)
texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)
users = st.fixed_dictionaries(
    {"id": ids, "is_bot": st.booleans(), "first_name": texts},
    optional={
        "last_name": texts,
        "username": texts,
        "language_code": st.just("vi"),
        "is_premium": st.booleans(),
        "made_up_field": texts,
    },
)
chats = st.fixed_dictionaries(
    {
        "id": st.integers(-(2**52) + 1, 2**52 - 1),
        "type": st.sampled_from(["private", "group", "supergroup", "channel"]),
    },
    optional={"title": texts, "username": texts, "first_name": texts},
)
contacts = st.fixed_dictionaries(
    {"phone_number": texts, "first_name": texts},
    optional={"user_id": ids, "last_name": texts, "vcard": texts},
)
origins = st.one_of(
    st.fixed_dictionaries({"type": st.just("user"), "date": st.just(DATE), "sender_user": users}),
    st.fixed_dictionaries(
        {"type": st.just("hidden_user"), "date": st.just(DATE), "sender_user_name": texts}
    ),
    st.fixed_dictionaries({"type": st.just("chat"), "date": st.just(DATE), "sender_chat": chats}),
    st.fixed_dictionaries(
        {"type": st.just("channel"), "date": st.just(DATE), "chat": chats, "message_id": ids}
    ),
)
photos = st.just([{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "file_size": 1}])
messages = st.fixed_dictionaries(
    {"message_id": ids, "date": st.just(DATE), "chat": chats},
    optional={
        "from": users,
        "text": texts,
        "contact": contacts,
        "forward_origin": origins,
        "photo": photos,
        "new_chat_members": st.lists(users, min_size=1, max_size=2),
        "left_chat_member": users,
        "sender_chat": chats,
        "message_thread_id": ids,
        "is_topic_message": st.booleans(),
        "migrate_to_chat_id": ids.map(lambda one: -one),
        "migrate_from_chat_id": ids.map(lambda one: -one),
        "edit_date": st.just(DATE),
        "entities": st.just([{"type": "bold", "offset": 0, "length": 1}]),
    },
)
too_old = st.fixed_dictionaries({"message_id": ids, "date": st.just(0), "chat": chats})
queries = st.fixed_dictionaries(
    {"id": ids.map(str), "from": users, "chat_instance": texts},
    optional={"message": messages | too_old, "data": texts, "inline_message_id": texts},
)
RIGHTS = (
    "can_send_messages",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_manage_topics",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_edit_tag",
    "can_react_to_messages",
    "is_member",
)
ADMIN_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
members = st.one_of(
    st.fixed_dictionaries({"user": users, "status": st.sampled_from(["member", "left"])}),
    st.fixed_dictionaries({"user": users, "status": st.just("kicked"), "until_date": st.just(0)}),
    st.fixed_dictionaries(
        {"user": users, "status": st.just("restricted"), "until_date": st.just(0)}
        | {right: st.booleans() for right in RIGHTS}
    ),
    st.fixed_dictionaries(
        {"user": users, "status": st.just("administrator")}
        | {right: st.booleans() for right in ADMIN_RIGHTS},
        optional={"can_post_messages": st.booleans(), "can_edit_messages": st.booleans()},
    ),
)
memberships = st.fixed_dictionaries(
    {
        "chat": chats,
        "from": users,
        "date": st.just(DATE),
        "old_chat_member": members,
        "new_chat_member": members,
    }
)
updates = st.one_of(
    st.fixed_dictionaries({"update_id": ids, "message": messages}),
    st.fixed_dictionaries({"update_id": ids, "callback_query": queries}),
    st.fixed_dictionaries({"update_id": ids, "my_chat_member": memberships}),
    st.fixed_dictionaries({"update_id": ids, "edited_message": messages}),
    st.fixed_dictionaries({"update_id": ids}),
)


def user_fields(user: Any) -> tuple[object, ...] | None:
    if user is None:
        return None
    return (user.id, user.is_bot, user.first_name, user.last_name or "")


def chat_fields(chat: Any) -> tuple[object, ...] | None:
    return None if chat is None else (chat.id, chat.type, chat.title)


def message_fields(message: Any, sender: Any) -> tuple[object, ...] | None:
    """Every field of a message that is read, of either library's object."""
    if message is None:
        return None
    contact = getattr(message, "contact", None)
    newcomers = getattr(message, "new_chat_members", None)
    return (
        message.message_id,
        chat_fields(message.chat),
        user_fields(sender),
        getattr(message, "text", None),
        None if contact is None else (contact.phone_number, contact.user_id),
        getattr(message, "forward_origin", None) is not None,
        [user_fields(each) for each in newcomers or ()],
        user_fields(getattr(message, "left_chat_member", None)),
        chat_fields(getattr(message, "sender_chat", None)),
        getattr(message, "message_thread_id", None),
        bool(getattr(message, "is_topic_message", None)),
        getattr(message, "migrate_to_chat_id", None),
        getattr(message, "migrate_from_chat_id", None),
    )


def member_fields(member: Any) -> tuple[object, ...]:
    rights = ("is_member", "can_send_messages", "can_post_messages")
    return (member.status, *(getattr(member, right, None) for right in rights))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(updates)
def test_every_field_read_agrees_with_python_telegram_bot(raw: dict[str, Any]):
    theirs = telegram.Update.de_json(raw, None)

    ours = msgspec.json.decode(orjson.dumps(raw), type=Update)

    assert ours == msgspec.convert(raw, Update)
    assert ours.update_id == theirs.update_id
    assert message_fields(ours.message, ours.message and ours.message.from_) == message_fields(
        theirs.message, theirs.message and theirs.message.from_user
    )
    query, their_query = ours.callback_query, theirs.callback_query
    assert (query is None) == (their_query is None)
    if query is not None:
        assert (query.id, query.data, user_fields(query.from_)) == (
            their_query.id,
            their_query.data,
            user_fields(their_query.from_user),
        )
        under, theirs_under = query.message, their_query.message
        assert message_fields(under, under and under.from_) == message_fields(
            theirs_under, getattr(theirs_under, "from_user", None)
        )
    member, their_member = ours.my_chat_member, theirs.my_chat_member
    assert (member is None) == (their_member is None)
    if member is not None:
        assert (chat_fields(member.chat), user_fields(member.from_)) == (
            chat_fields(their_member.chat),
            user_fields(their_member.from_user),
        )
        assert member_fields(member.new_chat_member) == member_fields(their_member.new_chat_member)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(updates)
def test_any_update_is_decoded_to_its_sender_or_left(raw: dict[str, Any]):
    decoded = decode(msgspec.convert(raw, Update), RECEIVED, BOT)

    if decoded is not None:
        kind = next(key for key in ("message", "callback_query", "my_chat_member") if key in raw)
        under = raw[kind]["message"] if kind == "callback_query" else raw[kind]
        sender = raw[kind].get("from") or under["chat"]
        old = under.get("migrate_from_chat_id") if kind == "message" else None
        if "migrate_to_chat_id" in under:
            old = None
        assert decoded.incoming.sender == Sender(CHANNEL, str(sender["id"]))
        assert decoded.incoming.chat == str(old or under["chat"]["id"])
        assert decoded.incoming.chat_kind == under["chat"]["type"]
        assert decoded.incoming.title == under["chat"].get("title", "")
        assert decoded.incoming.event == str(raw["update_id"])
        assert (decoded.incoming.received_at, decoded.incoming.received_ms) == (
            RECEIVED.at,
            RECEIVED.machine_ms,
        )


def decode_message(**fields: object) -> Decoded | None:
    message = {"message_id": 5, "chat": {"id": 1001, "type": "private"}, "from": HOA, **fields}
    raw = {"update_id": 77, "message": {key: each for key, each in message.items() if each}}
    return decode(msgspec.convert(raw, Update), RECEIVED, BOT)


def content_of(**fields: object) -> Content | None:
    decoded = decode_message(**fields)
    return None if decoded is None else decoded.incoming.content


def test_text_is_decoded_whole():
    assert decode_message(text="xin chào") == Decoded(
        Incoming(
            sender=Sender("tg", "1001"),
            chat="1001",
            event=EventId("77"),
            received_at=RECEIVED.at,
            received_ms=RECEIVED.machine_ms,
            content=Text("xin chào"),
            sender_name="Nguyễn Thị Hoa",
            is_private=True,
        )
    )


def test_sender_without_a_last_name():
    decoded = decode_message(text="x", **{"from": {"id": 1001, "first_name": "Hoa"}})

    assert decoded.incoming.sender_name == "Hoa"


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_group_is_not_private(kind: str):
    decoded = decode_message(text="x", chat={"id": -1001234, "type": kind, "title": "Tổ 6"})

    incoming = decoded.incoming
    assert (incoming.chat, incoming.is_private) == ("-1001234", False)
    assert (incoming.chat_kind, incoming.title) == (kind, "Tổ 6")


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("/start", Command("start", "")),
        ("/start TDP-06", Command("start", "TDP-06")),
        ("/START  TDP-06 ", Command("start", "TDP-06")),
        ("/start@HoithiBot TDP-06", Command("start", "TDP-06")),
        ("/start@hoithibot", Command("start", "")),
        ("/start@OtherBot", None),
        ("/start@OtherBot TDP-06", None),
        ("/huy\nngay", Command("huy", "ngay")),
        ("/thi a\nb", Command("thi", "a\nb")),
        ("/", Text("/")),
        ("/thi!", Text("/thi!")),
        ("/đăng_ký", Text("/đăng_ký")),
        ("/" + "a" * 33, Text("/" + "a" * 33)),
        (" /start", Text(" /start")),
        ("a /start", Text("a /start")),
        ("/start@", Text("/start@")),
        ("A", Text("A")),
        ("<b>*_[x](tg://user?id=1)&%", Text("<b>*_[x](tg://user?id=1)&%")),
    ],
)
def test_t37_text_and_command_table(text: str, content: Content | None):
    assert content_of(text=text) == content


PHONE = "84912345678"
OWN = {"phone_number": PHONE, "first_name": "Hoa", "user_id": 1001}
OTHER = {"phone_number": PHONE, "first_name": "Nam", "user_id": 1002}
NOBODY = {"phone_number": PHONE, "first_name": "Nam"}
FORWARDED = {"type": "user", "date": DATE, "sender_user": HOA}


@pytest.mark.parametrize(
    ("fields", "is_own"),
    [
        pytest.param({"contact": OWN}, True, id="own"),
        pytest.param({"contact": OTHER}, False, id="another's"),
        pytest.param({"contact": NOBODY}, False, id="nobody's account"),
        pytest.param({"contact": OWN, "forward_origin": FORWARDED}, False, id="forwarded"),
        pytest.param(
            {"contact": OWN, "forward_origin": {"type": "hidden_user", "date": DATE}},
            False,
            id="forwarded from one hidden",
        ),
    ],
)
def test_contact_is_own_only_when_shared_by_its_owner(fields: dict[str, Any], is_own: bool):
    assert content_of(**fields) == SharedContact(PHONE, is_own)


@pytest.mark.parametrize(
    "fields",
    [{"photo": [{}]}, {"sticker": {}}, {"voice": {}}, {"location": {}}, {}],
    ids=["photo", "sticker", "voice", "location", "nothing"],
)
def test_anything_else_is_an_attachment(fields: dict[str, Any]):
    assert content_of(**fields) == Attachment()


@pytest.mark.parametrize(
    "fields",
    [
        {"from": {"id": 777000, "first_name": "Telegram"}},
        {"from": {"id": 777000, "first_name": "Telegram"}, "sender_chat": {"id": -9}},
        {"from": {"id": 5, "is_bot": True, "first_name": "Bot"}},
        {"from": None},
        {"new_chat_members": [HOA]},
        {"left_chat_member": HOA},
    ],
    ids=["service", "forwarded channel", "bot", "nobody", "joined", "left"],
)
def test_nobody_s_input_is_left(fields: dict[str, Any]):
    assert decode_message(text="x", **fields) is None


def decode_tap(**fields: object) -> Decoded | None:
    query = {
        "id": "99",
        "from": HOA,
        "message": {"message_id": 5, "chat": {"id": 1001, "type": "private"}},
        "data": "abc",
        **fields,
    }
    raw = {"update_id": 78, "callback_query": {k: v for k, v in query.items() if v is not None}}
    return decode(msgspec.convert(raw, Update), RECEIVED, BOT)


def test_tap_is_decoded_whole():
    assert decode_tap() == Decoded(
        Incoming(
            sender=Sender("tg", "1001"),
            chat="1001",
            event=EventId("78"),
            received_at=RECEIVED.at,
            received_ms=RECEIVED.machine_ms,
            content=Tap("abc"),
            sender_name="Nguyễn Thị Hoa",
        ),
        query="99",
        message=5,
    )


def test_t04_tap_belongs_to_who_pressed_and_not_to_whose_message_it_is():
    in_group = {
        "message_id": 5,
        "chat": {"id": -7, "type": "group"},
        "from": {"id": 1, "is_bot": True},
    }

    decoded = decode_tap(message=in_group)

    assert (decoded.incoming.sender, decoded.incoming.chat, decoded.incoming.is_private) == (
        Sender("tg", "1001"),
        "-7",
        False,
    )


def test_tap_without_data_is_an_empty_one():
    assert decode_tap(data=None).incoming.content == Tap("")


def test_tap_under_an_inline_message_is_left():
    assert decode_tap(message=None, inline_message_id="x") is None


@pytest.mark.parametrize("sender", sorted(ANONYMOUS_SENDERS))
def test_who_speaks_for_a_group_or_a_channel_is_nobody_s_account(sender: int):
    group = {"id": -1007, "type": "supergroup", "title": "Tổ 6"}
    bot = {"id": sender, "is_bot": True, "first_name": "Group"}

    decoded = decode_message(text="/baocao", chat=group, sender_chat=group, **{"from": bot})

    incoming = decoded.incoming
    assert (incoming.content, incoming.is_anonymous) == (Command("baocao", ""), True)
    assert (incoming.is_private, incoming.chat) == (False, "-1007")


def test_person_in_a_group_is_not_anonymous():
    assert decode_message(text="x", chat={"id": -7, "type": "group"}).incoming.is_anonymous is False


@pytest.mark.parametrize(
    ("fields", "thread"),
    [
        pytest.param({"message_thread_id": 9, "is_topic_message": True}, 9, id="topic"),
        pytest.param({"message_thread_id": 9}, None, id="thread of replies"),
        pytest.param({}, None, id="general"),
    ],
)
def test_thread_is_a_topic_s_alone(fields: dict[str, Any], thread: int | None):
    forum = {"id": -1007, "type": "supergroup"}
    message = {"message_id": 5, "chat": forum, **fields}

    assert decode_message(text="/baocao", chat=forum, **fields).incoming.thread == thread
    assert decode_tap(message=message).incoming.thread == thread


@pytest.mark.parametrize(
    "sender",
    [HOA, {"id": 1087968824, "is_bot": True, "first_name": "Group"}, None],
    ids=["person", "anonymous", "nobody"],
)
def test_t15_both_lines_of_a_migration_say_the_same(sender: dict[str, Any] | None):
    old, new = {"id": -7, "type": "group"}, {"id": -1009, "type": "supergroup"}

    went = decode_message(chat=old, migrate_to_chat_id=-1009, **{"from": sender})
    came = decode_message(chat=new, migrate_from_chat_id=-7, **{"from": sender})

    assert [(one.incoming.chat, one.incoming.content) for one in (went, came)] == [
        ("-7", GroupMoved("-1009"))
    ] * 2
    assert [one.incoming.is_private for one in (went, came)] == [False, False]


GONE = GroupStatus(is_member=False, can_send=False)
ADMIN = GroupStatus(is_member=True, is_administrator=True)


@pytest.mark.parametrize(
    ("chat", "member", "content"),
    [
        pytest.param("private", {"status": "kicked"}, Departed(), id="blocked"),
        pytest.param("private", {"status": "member"}, None, id="unblocked"),
        pytest.param("group", {"status": "kicked"}, GONE, id="put out"),
        pytest.param("supergroup", {"status": "left"}, GONE, id="left"),
        pytest.param("group", {"status": "member"}, GroupStatus(is_member=True), id="member"),
        pytest.param("supergroup", {"status": "administrator"}, ADMIN, id="administrator"),
        pytest.param(
            "supergroup",
            {"status": "restricted", "is_member": True, "can_send_messages": False},
            GroupStatus(is_member=True, can_send=False),
            id="muted",
        ),
        pytest.param(
            "supergroup",
            {"status": "restricted", "is_member": True, "can_send_messages": True},
            GroupStatus(is_member=True),
            id="restricted in other ways",
        ),
        pytest.param(
            "supergroup",
            {"status": "restricted", "is_member": False, "can_send_messages": True},
            GONE,
            id="restricted and gone",
        ),
        pytest.param(
            "channel",
            {"status": "administrator", "can_post_messages": False},
            GroupStatus(is_member=True, is_administrator=True, can_send=False),
            id="channel, without posting",
        ),
        pytest.param(
            "channel", {"status": "administrator", "can_post_messages": True}, ADMIN, id="channel"
        ),
        pytest.param(
            "channel",
            {"status": "member"},
            GroupStatus(is_member=True, can_send=False),
            id="channel's reader",
        ),
    ],
)
def test_membership_table(chat: str, member: dict[str, Any], content: Content | None):
    change = {"chat": {"id": -1001, "type": chat}, "from": HOA, "new_chat_member": member}

    decoded = decode(
        msgspec.convert({"update_id": 79, "my_chat_member": change}, Update), RECEIVED, BOT
    )

    assert (None if decoded is None else decoded.incoming.content) == content


def test_anonymous_administrator_who_adds_the_bot_is_nobody():
    admin = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    change = {
        "chat": {"id": -1001, "type": "supergroup"},
        "from": admin,
        "new_chat_member": {"status": "administrator"},
    }

    decoded = decode(
        msgspec.convert({"update_id": 79, "my_chat_member": change}, Update), RECEIVED, BOT
    )

    assert decoded.incoming.is_anonymous is True


@pytest.mark.parametrize("kind", ["edited_message", "channel_post", "inline_query", "poll"])
def test_update_of_another_kind_is_left(kind: str):
    update = msgspec.convert({"update_id": 80, kind: {"message_id": 5}}, Update)

    assert decode(update, RECEIVED, BOT) is None


def test_encode_screen_with_buttons():
    rows = ((Button("A", "1"), Button("B", "2")), (Button("Nộp bài", "3"),))

    assert encode("1001", Screen("<b>x</b>", rows)) == {
        "chat_id": 1001,
        "text": "<b>x</b>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "A", "callback_data": "1"}, {"text": "B", "callback_data": "2"}],
                [{"text": "Nộp bài", "callback_data": "3"}],
            ]
        },
    }


@pytest.mark.parametrize(
    ("screen", "markup"),
    [
        pytest.param(Screen("x"), None, id="none"),
        pytest.param(Screen("x", removes_keyboard=True), {"remove_keyboard": True}, id="removed"),
        pytest.param(
            Screen("x", keyboard=ContactKeyboard("Gửi số", "Quay lại")),
            {
                "keyboard": [
                    [{"text": "Gửi số", "request_contact": True}],
                    [{"text": "Quay lại"}],
                ],
                "resize_keyboard": True,
                "is_persistent": True,
            },
            id="contact",
        ),
    ],
)
def test_encode_markup_table(screen: Screen, markup: dict[str, Any] | None):
    assert encode_markup(screen) == markup


@pytest.mark.parametrize(
    ("toast", "payload"),
    [
        ("", {"callback_query_id": "9"}),
        (
            "Câu này đã qua.",
            {"callback_query_id": "9", "text": "Câu này đã qua.", "show_alert": True},
        ),
        ("x" * 300, {"callback_query_id": "9", "text": "x" * TOAST_LIMIT, "show_alert": True}),
    ],
    ids=["none", "short", "too long"],
)
def test_encode_toast_table(toast: str, payload: dict[str, Any]):
    assert encode_toast("9", toast, is_alert=True) == {"callback_query_id": "9", **payload}
