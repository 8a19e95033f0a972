"""A message's text on its way in: parsed, cleaned, trimmed, measured, its commands and links found.

The order of the checks, and their words, are those of the real server.
"""

import re
import unicodedata
from typing import Any

from rehearsal.calls import Call
from rehearsal.errors import bad_request
from rehearsal.html_entities import Entity, checked_link, parse_html, sort_entities, utf16_length

MAX_TEXT = 4096
MAX_CAPTION = 1024
_MAX_RAW_BYTES = 1 << 15
_MAX_ENTITIES = 100
_STYLES = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "custom_emoji",
    "date_time",
}
_BLANKED = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f]")
_DROPPED = re.compile("[\r\u2028-\u202e]")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]])"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})(?!\w)"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
)

Text = tuple[str, list[Entity]]


def message_text(call: Call) -> Text:
    raw = call.text("text")
    if not raw:
        raise bad_request("message text is empty")
    text, entities = _clean(*_parsed(call, raw, "entities"))
    if not _is_visible(text):
        raise bad_request("text must be non-empty")
    if len(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text, entities


def caption(call: Call) -> Text:
    text, entities = _clean(*_parsed(call, call.text("caption"), "caption_entities"))
    if len(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def person_text(text: str) -> Text:
    """What a person typed: no markup, but its commands and links are found."""
    return _clean(text, [])


def _parsed(call: Call, raw: str, field: str) -> Text:
    if len(raw.encode()) > _MAX_RAW_BYTES:
        raise bad_request("text is too long")
    mode = call.text("parse_mode").lower()
    if mode == "html":
        return parse_html(raw)
    if mode not in {"", "none"}:
        raise bad_request("unsupported parse_mode")
    given = call.json(field, "can't parse entities JSON object")
    if not isinstance(given, list):
        return raw, []
    parsed = [_given_entity(each, utf16_length(raw)) for each in given]
    return raw, sort_entities([each for each in parsed if each is not None])


def _given_entity(given: Any, total: int) -> Entity | None:
    if not isinstance(given, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    offset, length = given.get("offset"), given.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request('can\'t parse MessageEntity: Field "offset" must be of type Number')
    if str(given.get("type")) not in _STYLES or length <= 0 or not 0 <= offset < total:
        return None
    entity: Entity = {"type": given["type"], "offset": offset}
    entity["length"] = min(length, total - offset)
    if entity["type"] == "text_link":
        if (link := checked_link(str(given.get("url", "")))) is None:
            raise bad_request(f"entity URL '{given.get('url', '')}' is invalid: Wrong HTTP URL")
        entity["url"] = link
    return entity | {key: given[key] for key in ("language", "custom_emoji_id") if key in given}


def _clean(text: str, entities: list[Entity]) -> Text:
    text = _BLANKED.sub(" ", text)
    text, entities = _without_dropped(text, entities)
    text, entities = _trimmed(text, entities)
    return text, sort_entities(entities[:_MAX_ENTITIES] + _found_entities(text, entities))


def _without_dropped(text: str, entities: list[Entity]) -> Text:
    for found in reversed(list(_DROPPED.finditer(text))):
        at = utf16_length(text[: found.start()])
        text = text[: found.start()] + text[found.end() :]
        for entity in entities:
            end = entity["offset"] + entity["length"]
            entity["offset"] -= entity["offset"] > at
            entity["length"] = end - (end > at) - entity["offset"]
    return text, [each for each in entities if each["length"] > 0]


def _trimmed(text: str, entities: list[Entity]) -> Text:
    """Spaces go at the end, and at the start as far as the first entity."""
    lead = len(text) - len(text.lstrip(" \n\t"))
    if entities:
        lead = min(lead, entities[0]["offset"])
    text = text[lead:].rstrip()
    total = utf16_length(text)
    kept = []
    for entity in entities:
        offset = entity["offset"] - lead
        length = min(entity["length"], total - offset)
        if length > 0:
            kept.append(entity | {"offset": offset, "length": length})
    return text, kept


def _found_entities(text: str, entities: list[Entity]) -> list[Entity]:
    taken = [
        (each["offset"], each["offset"] + each["length"])
        for each in entities
        if each["type"] in {"code", "pre", "text_link"}
    ]
    found = []
    for match in _FOUND.finditer(text):
        offset = utf16_length(text[: match.start()])
        length = utf16_length(match[0])
        if not any(offset < end and begin < offset + length for begin, end in taken):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return found


def _is_visible(text: str) -> bool:
    return any(unicodedata.category(each) not in {"Cf", "Cc", "Zs", "Zl", "Zp"} for each in text)
