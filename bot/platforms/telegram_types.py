"""The fields of Telegram's `Update` that the bot reads, decoded typed at the door.

A hundredth of the cost of `telegram.Update.de_json`; a property test holds this against
python-telegram-bot on every field named here (Bot API, `Update`).
"""

import msgspec


class User(msgspec.Struct, frozen=True):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""


class Chat(msgspec.Struct, frozen=True):
    id: int
    type: str = "private"
    title: str | None = None


class Contact(msgspec.Struct, frozen=True):
    phone_number: str
    user_id: int | None = None


class Message(msgspec.Struct, frozen=True):
    message_id: int
    chat: Chat
    from_: User | None = msgspec.field(default=None, name="from")
    sender_chat: Chat | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    text: str | None = None
    contact: Contact | None = None
    forward_origin: dict[str, object] | None = None
    new_chat_members: list[User] | None = None
    left_chat_member: User | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None


class CallbackQuery(msgspec.Struct, frozen=True):
    id: str
    from_: User = msgspec.field(name="from")
    message: Message | None = None
    data: str | None = None


class ChatMember(msgspec.Struct, frozen=True):
    """`is_member` and `can_send_messages` of one restricted, `can_post_messages` in a channel."""

    status: str
    is_member: bool | None = None
    can_send_messages: bool | None = None
    can_post_messages: bool | None = None


class ChatMemberUpdated(msgspec.Struct, frozen=True):
    chat: Chat
    from_: User = msgspec.field(name="from")
    new_chat_member: ChatMember


class Update(msgspec.Struct, frozen=True):
    """At most one of the optional fields is present; kinds not named here are None in all."""

    update_id: int
    message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: ChatMemberUpdated | None = None


ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
