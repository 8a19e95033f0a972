"""A message's keyboard on its way in: parsed and refused as the real server does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from rehearsal.calls import Call
from rehearsal.errors import ApiError, bad_request

Json = dict[str, Any]
MAX_BUTTONS = 100
MAX_REPLY_BUTTONS = 300
MAX_CALLBACK_BYTES = 64
MAX_COPIED = 256
_STYLES = {"danger", "success", "primary"}
_OTHER_ACTIONS = (
    "callback_game",
    "pay",
    "login_url",
    "web_app",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "disabled",
)


@dataclass(frozen=True, slots=True)
class Markup:
    """`body` is the keyboard as the server would echo it."""

    kind: Literal["inline", "keyboard", "remove", "force_reply"]
    body: Json

    @property
    def callback_data(self) -> set[str]:
        rows = self.body.get("inline_keyboard", [])
        return {each["callback_data"] for row in rows for each in row if "callback_data" in each}


def reply_markup(call: Call) -> Markup | None:
    given = call.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if rows := _rows(given, "keyboard"):
        return _reply_keyboard(given, rows)
    if rows := _rows(given, "inline_keyboard"):
        return _inline_keyboard(rows)
    if given.get("remove_keyboard") is True:
        return Markup("remove", {"remove_keyboard": True})
    if given.get("force_reply") is True:
        return Markup("force_reply", {"force_reply": True} | _placeholder(given))
    return None


def inline_markup(call: Call) -> Markup | None:
    """For edits, which take no other keyboard."""
    markup = reply_markup(call)
    if markup is not None and markup.kind != "inline":
        raise bad_request("inline keyboard expected")
    return markup


def _rows(given: Json, field: str) -> list[list[Any]]:
    rows = given.get(field)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise bad_request(f'field "{field}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        where = " of the InlineKeyboardMarkup" if field == "inline_keyboard" else ""
        raise bad_request(f'field "{field}"{where} must be an Array of Arrays')
    return [row for row in rows if row]


def _inline_keyboard(rows: list[list[Any]]) -> Markup:
    parsed = [[_inline_button(each) for each in row] for row in rows]
    if sum(map(len, parsed)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return Markup("inline", {"inline_keyboard": parsed})


def _inline_button(given: Any) -> Json:
    def refuse(reason: str) -> ApiError:
        return bad_request(f"can't parse inline keyboard button: {reason}")

    if not isinstance(given, dict):
        raise refuse("InlineKeyboardButton must be an Object")
    button = {"text": _button_text(given, refuse), **_look(given)}
    action = _action(given)
    if not action:
        raise refuse("Text buttons are unallowed in the inline keyboard")
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if "url" in action:
        _check_address(action["url"])
    if "copy_text" in action:
        _check_copied(action["copy_text"], refuse)
    if len(action.get("callback_data", "").encode()) > MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return button | action


def _check_copied(given: Any, refuse: Callable[[str], ApiError]) -> None:
    if not isinstance(given, dict):
        raise refuse('Field "copy_text" must be of type Object')
    text = given.get("text")
    if not isinstance(text, str):
        raise refuse('Can\'t find field "text"')
    if not 0 < len(text) <= MAX_COPIED:
        # The real words are not known; what matters is that it is refused.
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _action(given: Json) -> Json:
    for field in ("url", "callback_data"):
        content = given.get(field, "")
        if not isinstance(content, str):
            raise bad_request(
                f'can\'t parse inline keyboard button: Field "{field}" must be of type String'
            )
        if content:
            return {field: content}
    return {field: given[field] for field in _OTHER_ACTIONS if field in given}


def _button_text(given: Json, refuse: Any) -> str:
    if "text" not in given:
        raise refuse('Can\'t find field "text"')
    text = given["text"]
    if isinstance(text, int | float) and not isinstance(text, bool):
        return str(text)
    if not isinstance(text, str):
        raise refuse('Field "text" must be of type String')
    return text


def _look(given: Json) -> Json:
    style = given.get("style")
    if style is not None and str(style) not in _STYLES:
        raise bad_request("invalid button style specified")
    return {key: given[key] for key in ("style", "icon_custom_emoji_id") if key in given}


def _check_address(address: str) -> None:
    parts = urlsplit(address if "://" in address else f"http://{address}")
    refusal = ""
    if parts.scheme not in {"http", "https", "tg", "ton", "tonsite"}:
        refusal = "Unsupported URL protocol"
    elif parts.scheme in {"http", "https"} and "." not in (parts.hostname or ""):
        refusal = "Wrong HTTP URL"
    if refusal:
        raise bad_request(f"inline keyboard button URL '{address}' is invalid: {refusal}")


def _reply_keyboard(given: Json, rows: list[list[Any]]) -> Markup:
    parsed = [[_reply_button(each) for each in row] for row in rows]
    if sum(map(len, parsed)) > MAX_REPLY_BUTTONS:
        raise bad_request("reply markup is too long")
    flags = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")
    told = {flag: True for flag in flags if given.get(flag) is True}
    return Markup("keyboard", {"keyboard": parsed} | told | _placeholder(given))


def _placeholder(given: Json) -> Json:
    text = given.get("input_field_placeholder")
    return {"input_field_placeholder": text} if isinstance(text, str) and text else {}


def _reply_button(given: Any) -> Json:
    def refuse(reason: str) -> ApiError:
        return bad_request(f"can't parse keyboard button: {reason}")

    if isinstance(given, str):
        given = {"text": given}
    if not isinstance(given, dict):
        raise refuse("KeyboardButton must be a String or an Object")
    text = _button_text(given, refuse)
    if not text.strip():
        raise bad_request("keyboard button text must be non-empty")
    asked = {key: True for key in ("request_contact", "request_location") if given.get(key) is True}
    return {"text": text} | _look(given) | asked
