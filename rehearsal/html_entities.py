"""Telegram's HTML to text with entities, and entities back to safe HTML.

Offsets and lengths are UTF-16 units. The errors are the real parser's, at byte offsets.
"""

import html
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from rehearsal.errors import bad_request

Entity = dict[str, Any]

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_SPACES = b" \t\r\n\v\0"
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z]+));?")
_NAME_TOKEN = re.compile(rb"[A-Za-z0-9.\-]*")
_EMOJI_ID = re.compile(r"[1-9][0-9]{0,18}")
_MAX_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_LINK = re.compile(r"(?:https?|tg|ton|tonsite)://[^\s]+", re.IGNORECASE)
_BARE_LINK = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?")
_OUT = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "spoiler": "tg-spoiler",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
}


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    return _Reader(source).run()


def checked_link(address: str) -> str | None:
    """The address as Telegram would store it, or None where the entity is silently left out."""
    trimmed = address.strip()
    if _LINK.fullmatch(trimmed):
        return trimmed
    return f"http://{trimmed}" if _BARE_LINK.fullmatch(trimmed) else None


def sort_entities(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda each: (each["offset"], -each["length"]))


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


class _Reader:
    """Walks the UTF-8 bytes once; a NUL at the end spares the bounds checks."""

    def __init__(self, source: str) -> None:
        self.data = source.replace("\0", " ").encode() + b"\0"
        self.at = 0
        self.out = bytearray()
        self.offset = 0
        self.stack: list[_Open] = []
        self.entities: list[Entity] = []

    def run(self) -> tuple[str, list[Entity]]:
        end = len(self.data) - 1
        while self.at < end:
            if self.data[self.at] != ord("<"):
                self._text()
            elif self.data[self.at + 1] == ord("/"):
                self._end_tag()
            else:
                self._start_tag()
        if self.stack:
            self._refuse(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return self.out.decode(), sort_entities(self.entities)

    def _text(self) -> None:
        decoded = self._reference()
        if decoded is None:
            stop = self.at + 1
            while self.data[stop] not in b"<&\0":
                stop += 1
            decoded = self.data[self.at : stop].decode()
            self.at = stop
        self.offset += utf16_length(decoded)
        self.out += decoded.encode()

    def _reference(self) -> str | None:
        """The character of `&lt;` or `&#39;` here; None leaves the ampersand as it stands."""
        found = _REFERENCE.match(self.data, self.at)
        if found is None:
            return None
        hexadecimal, decimal, name = found.groups()
        if name is not None:
            character = _NAMED.get(name)
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            if code in _SURROGATES:
                self._refuse(
                    "Text contains invalid Unicode characters after decoding HTML entities, "
                    "check for unmatched surrogate code units"
                )
            character = chr(code) if 0 < code < _MAX_CODE_POINT else None
        if character is not None:
            self.at = found.end()
        return character

    def _start_tag(self) -> None:
        begin = self.at
        tag = self._name(begin + 1)
        if self.data[self.at] == 0:
            self._refuse(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            self._refuse(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument = ""
        while self._next_attribute():
            argument = self._attribute(tag, begin) or argument
        self.at += 1
        if tag == "span" and argument != "spoiler":
            self._refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.stack.append(_Open(tag, argument, self.offset, len(self.out)))

    def _name(self, begin: int) -> str:
        self.at = begin
        while self.data[self.at] not in _SPACES and self.data[self.at] != ord(">"):
            self.at += 1
        return self.data[begin : self.at].decode().lower()

    def _next_attribute(self) -> bool:
        self._skip_spaces()
        return self.data[self.at] != ord(">")

    def _skip_spaces(self) -> None:
        while self.data[self.at] in b" \t\r\n\v":
            self.at += 1

    def _attribute(self, tag: str, begin: int) -> str:
        """Reads one attribute; its argument if it is the one the tag is read for, else empty."""
        start = self.at
        while self.data[self.at] not in _SPACES + b"=>/\"'":
            self.at += 1
        name = self.data[start : self.at].decode()
        if not name:
            self._refuse(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_spaces()
        if self.data[self.at] != ord("="):
            if self.data[self.at] == 0:
                self._refuse(f'Unclosed start tag "{tag}" at byte offset {begin}')
            return _argument(tag, name, "")
        self.at += 1
        self._skip_spaces()
        if self.data[self.at] == 0:
            self._refuse(f'Unclosed start tag "{tag}" at byte offset {begin}')
        content = self._quoted() if self.data[self.at] in b"\"'" else self._token()
        if self.data[self.at] == 0:
            self._refuse(f"Unclosed start tag at byte offset {begin}")
        return _argument(tag, name, content)

    def _token(self) -> str:
        begin = self.at
        found = _NAME_TOKEN.match(self.data, begin)
        self.at = found.end() if found else begin
        if self.data[self.at] not in _SPACES + b">":
            self._refuse(f"Unexpected end of name token at byte offset {begin}")
        return self.data[begin : self.at].decode().lower()

    def _quoted(self) -> str:
        quote = self.data[self.at]
        self.at += 1
        content = bytearray()
        while self.data[self.at] not in (quote, 0):
            decoded = self._reference() if self.data[self.at] == ord("&") else None
            if decoded is None:
                content.append(self.data[self.at])
                self.at += 1
            else:
                content += decoded.encode()
        if self.data[self.at] == quote:
            self.at += 1
        return content.decode()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.stack:
            self._refuse(f"Unexpected end tag at byte offset {begin}")
        tag = self._name(begin + 2)
        self._skip_spaces()
        if self.data[self.at] != ord(">"):
            self._refuse(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.stack.pop()
        if tag not in {"", opened.tag}:
            self._refuse(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        kind = _TAGS[opened.tag]
        entity: Entity = {
            "type": kind,
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        if kind == "text_link" and not self._set_link(entity, opened):
            return
        if kind in {"pre", "code"} and self._joins_code(entity, opened.argument):
            return
        if kind == "code" and opened.argument:
            entity["language"] = opened.argument
        elif kind == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif kind == "custom_emoji":
            if not _EMOJI_ID.fullmatch(opened.argument):
                self._refuse("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = opened.argument
        self.entities.append(entity)

    def _set_link(self, entity: Entity, opened: _Open) -> bool:
        address = opened.argument or self.out[opened.begin :].decode()
        link = checked_link(address)
        if link is not None:
            entity["url"] = link
        return link is not None

    def _joins_code(self, entity: Entity, argument: str) -> bool:
        """`<pre>` around `<code class="language-x">`, or inside it, is one block of code."""
        if not self.entities:
            return False
        inner = self.entities[-1]
        if (inner["offset"], inner["length"]) != (entity["offset"], entity["length"]):
            return False
        language = inner.get("language") if entity["type"] == "pre" else argument
        if {inner["type"], entity["type"]} != {"pre", "code"} or not language:
            return False
        inner |= {"type": "pre", "language": language}
        return True

    def _refuse(self, reason: str) -> NoReturn:
        raise bad_request(f"can't parse entities: {reason}")


def _argument(tag: str, name: str, content: str) -> str:
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return content
        case "code", "class" if content.startswith("language-"):
            return content.removeprefix("language-")
        case "span", "class" if content.startswith("tg-"):
            return content.removeprefix("tg-")
        case "blockquote", "expandable":
            return "1"
    return ""


def render_html(text: str, entities: list[Entity]) -> str:
    """HTML of a fixed set of tags, always well nested; addresses other than links are left out."""
    units = text.encode("utf-16-le", "surrogatepass")
    parts: list[str] = []
    opened: list[tuple[int, str]] = []
    at = 0

    def write_to(end: int) -> None:
        nonlocal at
        parts.append(html.escape(units[2 * at : 2 * end].decode("utf-16-le", "replace")))
        at = max(at, end)

    def close_to(offset: int) -> None:
        while opened and opened[-1][0] <= offset:
            end, closing = opened.pop()
            write_to(end)
            parts.append(closing)

    for entity in sort_entities(entities):
        if (tag := _OUT.get(entity["type"])) is None:
            continue
        close_to(entity["offset"])
        write_to(entity["offset"])
        end = min(entity["offset"] + entity["length"], len(units) // 2)
        parts.append(_opening(tag, entity))
        opened.append((min(end, opened[-1][0]) if opened else end, f"</{tag}>"))
    close_to(len(units) // 2)
    write_to(len(units) // 2)
    return "".join(parts)


def _opening(tag: str, entity: Entity) -> str:
    if tag == "a":
        return f'<a href="{html.escape(entity["url"])}">'
    if entity["type"] == "expandable_blockquote":
        return "<blockquote expandable>"
    return f"<{tag}>"
