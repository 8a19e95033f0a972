"""Groups and channels of Telegram: what their service messages and senders mean to us. Pure.

Decides who speaks for nobody, what the bot may do where it is, and where a group has gone; what
becomes of that is the handlers'.
"""

from bot.platforms.telegram_types import Chat, ChatMember, Message
from handlers.incoming import GroupMoved, GroupStatus

# Telegram's own senders, never a person: those who speak for a group or a channel (anonymous
# administrators, channels), and what a channel forwards into its group by itself.
ANONYMOUS_SENDERS = frozenset({1087968824, 136817688})
SERVICE_SENDERS = ANONYMOUS_SENDERS | {777000}


def is_anonymous(message: Message) -> bool:
    """Whether somebody speaks for a group or a channel here."""
    if message.from_ is None or message.sender_chat is not None:
        return True
    return message.from_.id in ANONYMOUS_SENDERS


def is_from_nobody(message: Message) -> bool:
    """Whether it is another bot's, a forward that nobody made, or a line about members."""
    sender = message.from_
    if sender is None or message.new_chat_members or message.left_chat_member is not None:
        return True
    if sender.id in SERVICE_SENDERS:
        return sender.id not in ANONYMOUS_SENDERS
    return sender.is_bot and message.sender_chat is None


def move_of(message: Message) -> tuple[str, GroupMoved] | None:
    """The old id and the move, from either of the two lines that tell of it."""
    if message.migrate_to_chat_id is not None:
        return str(message.chat.id), GroupMoved(str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id is not None:
        return str(message.migrate_from_chat_id), GroupMoved(str(message.chat.id))
    return None


def standing_of(chat: Chat, member: ChatMember) -> GroupStatus:
    """What a plain member of a group may do follows from the group's rights, which are not told."""
    match member.status:
        case "creator" | "administrator":
            may_post = chat.type != "channel" or member.can_post_messages is not False
            return GroupStatus(is_member=True, is_administrator=True, can_send=may_post)
        case "member":
            return GroupStatus(is_member=True, can_send=chat.type != "channel")
        case "restricted" if member.is_member is not False:
            return GroupStatus(is_member=True, can_send=member.can_send_messages is not False)
        case _:
            return GroupStatus(is_member=False, can_send=False)
