"""Which messages of a group reach the bot: facts of privacy mode, rule by rule."""

from typing import Any

import pytest

from rehearsal.chats import Message, Person
from rehearsal.groups import Group, Member
from rehearsal.privacy import Ear, hears
from rehearsal.texts import person_text

EAR = Ear(7, "HoiThiBot")
OURS = {"reply_to_message": {"from": {"id": 7}}}
OTHERS = {"reply_to_message": {"from": {"id": 8}}}
TOPIC = {"reply_to_message": {"from": {"id": 7}, "forum_topic_created": {"name": "x"}}}


def message(text: str, **fields: Any) -> Message:
    return Message(5, "person", 0, "text", *person_text(text), **fields)


def group(**fields: Any) -> Group:
    owner = Member(Person(1001, "Hoa", "+84900000000"), "creator")
    return Group(-1, "Tổ 6", "supergroup", members={1001: owner}, **{"bot": "member"} | fields)


@pytest.mark.parametrize(
    ("text", "is_heard"),
    [
        ("xin chào", False),
        ("/baocao", False),
        ("/baocao@HoiThiBot", True),
        ("/baocao@hoithibot tuần này", True),
        ("/baocao@KhacBot", False),
        ("@HoiThiBot báo cáo", False),
        ("xem /baocao@HoiThiBot", False),
    ],
)
def test_in_privacy_mode_only_what_is_meant_for_it_is_heard(text: str, is_heard: bool) -> None:
    assert hears(EAR, group(), message(text)) is is_heard


@pytest.mark.parametrize(
    ("is_ours_last", "text", "is_heard"),
    [
        (True, "/baocao", True),
        (True, "/baocao@KhacBot", False),
        (True, "xin chào", False),
        (False, "/baocao", False),
    ],
)
def test_a_bare_command_is_for_the_bot_that_wrote_last(
    is_ours_last: bool, text: str, is_heard: bool
) -> None:
    assert hears(EAR, group(is_ours_last=is_ours_last), message(text)) is is_heard


@pytest.mark.parametrize(("media", "is_heard"), [(OURS, True), (OTHERS, False), (TOPIC, False)])
def test_a_reply_is_heard_if_it_is_to_the_bot(media: dict[str, Any], is_heard: bool) -> None:
    assert hears(EAR, group(), message("được", media=media)) is is_heard


def test_service_lines_are_heard() -> None:
    line = Message(5, "person", 0, "service", media={"forum_topic_closed": {}})

    assert hears(EAR, group(), line)


@pytest.mark.parametrize(
    ("fields", "reads_all", "is_heard"),
    [
        ({"bot": "administrator"}, False, True),
        ({"bot": "member"}, True, True),
        ({"bot": "restricted"}, False, False),
        ({"bot": "left"}, True, False),
        ({"bot": "kicked"}, True, False),
    ],
)
def test_an_administrator_and_a_bot_without_privacy_mode_hear_all(
    fields: dict[str, Any], reads_all: bool, is_heard: bool
) -> None:
    ear = Ear(EAR.id, EAR.username, reads_all=reads_all)

    assert hears(ear, group(**fields), message("xin chào")) is is_heard


def test_every_post_of_a_channel_is_heard() -> None:
    channel = Group(-1, "Kênh", "channel", bot="administrator")

    assert hears(EAR, channel, message("xin chào"))
