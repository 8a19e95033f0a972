"""What a bot asked of the Bot API: JSON bodies, forms and answers to webhooks, one shape. Pure."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec

_NOTHING = msgspec.Raw()


class Call(msgspec.Struct):
    """The fields of a call that the driver needs; `text` and `reply_markup` as JSON."""

    chat_id: int = 0
    message_id: int = 0
    callback_query_id: str = ""
    text: msgspec.Raw = _NOTHING
    reply_markup: msgspec.Raw = _NOTHING
    method: str = ""
    url: str = ""
    secret_token: str = ""
    max_connections: int = 40


_DECODER = msgspec.json.Decoder(Call, strict=False)
_NUMBERS = {"chat_id", "message_id", "max_connections"}
_JSON = {"reply_markup"}


def read_call(body: bytes, is_form: bool) -> Call:  # noqa: FBT001 (a fact of the message, hot)
    """The call in a request's body.

    Raises:
        msgspec.MsgspecError: neither JSON nor a form of such a call.
    """
    if not body:
        return Call()
    return _read_form(body) if is_form else _DECODER.decode(body)


def _read_form(body: bytes) -> Call:
    fields: dict[str, Any] = {}
    for name, value in parse_qsl(body.decode()):
        if name in _NUMBERS:
            fields[name] = int(value)
        elif name in _JSON:
            fields[name] = msgspec.Raw(value.encode())
        elif name == "text":
            fields[name] = msgspec.Raw(msgspec.json.encode(value))
        elif name in Call.__struct_fields__:
            fields[name] = value
    return Call(**fields)
