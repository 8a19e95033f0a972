"""Telegram's `ChatMember`, `ChatPermissions` and `ChatFullInfo` of a group, field for field."""

from typing import Any

from rehearsal.groups import Group, Kind, Member, Standing

Json = dict[str, Any]
_PERMISSIONS = (
    "can_send_messages",
    "can_send_media_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
_RIGHTS = (
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_RIGHTS_OF: dict[Kind, tuple[str, ...]] = {
    "group": ("can_pin_messages", "can_manage_tags"),
    "supergroup": ("can_pin_messages", "can_manage_topics", "can_manage_tags"),
    "channel": ("can_post_messages", "can_edit_messages", "can_manage_direct_messages"),
}


def permissions(*, are_given: bool) -> Json:
    return dict.fromkeys(_PERMISSIONS, are_given)


def bot_member(group: Group, bot: Json, status: Standing) -> Json:
    """The bot's `ChatMember` in that standing."""
    shown: Json = {"user": bot, "status": status}
    match status:
        case "administrator":
            return shown | _rights(group, can_be_edited=False) | {"is_anonymous": False}
        case "restricted" if group.kind == "supergroup":
            return shown | permissions(are_given=False) | {"is_member": True, "until_date": 0}
        case "kicked":
            return shown | {"until_date": 0}
    return shown


def person_member(group: Group, member: Member) -> Json:
    shown: Json = {"user": member.person.user(), "status": member.status}
    match member.status:
        case "creator":
            return shown | {"is_anonymous": member.is_anonymous}
        case "administrator":
            rights = _rights(group, can_be_edited=False)
            return shown | rights | {"is_anonymous": member.is_anonymous}
    return shown


def administrators(group: Group, bot: Json) -> list[Json]:
    """The people first; of bots only ours."""
    people = [person_member(group, each) for each in group.members.values() if each.is_admin]
    return people + ([bot_member(group, bot, group.bot)] if group.has_bot_as_admin else [])


def full_info(group: Group) -> Json:
    """What getChat gives."""
    kinds = ("unlimited", "limited", "unique")
    gifts = {f"{kind}_gifts": False for kind in kinds}
    shown = group.card() | {"accent_color_id": -group.id % 7, "max_reaction_count": 11}
    gifts |= {"premium_subscription": False, "gifts_from_channels": False}
    shown["accepted_gift_types"] = gifts
    if group.kind != "channel":
        shown["permissions"] = permissions(are_given=not group.is_muted)
    return shown


def _rights(group: Group, *, can_be_edited: bool) -> Json:
    rights = dict.fromkeys((*_RIGHTS, *_RIGHTS_OF[group.kind]), True)
    if group.kind == "channel" and group.is_muted:
        rights["can_post_messages"] = False
    return {"can_be_edited": can_be_edited} | rights | {"can_manage_voice_chats": True}
