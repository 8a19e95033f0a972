"""What each answer of the Bot API means to us, as a value (FAULTS T11-T15).

Decides by kind of error and, for 400s, by the words of the description; what follows from an
outcome is the lanes' and the outbox's. Reasons are codes: an error's own words may hold a name.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)


class Outcome(Enum):
    DONE = "done"
    GONE = "gone"
    """The message to edit is not there any more, or cannot be edited: send anew."""
    LATER = "later"
    """Refused for now (429): nothing happened."""
    UNSENT = "unsent"
    """It could not be handed over at all (no connection, the token refused): nothing happened."""
    MIGRATED = "migrated"
    """The group has another id now, which is the result; nothing happened."""
    UNREACHABLE = "unreachable"
    """The person blocked the bot or is no more."""
    MUTED = "muted"
    """The bot is in the chat and may not write there, or not what was to be sent."""
    NO_THREAD = "no_thread"
    """The forum's topic is closed or gone."""
    UNKNOWN = "unknown"
    """It may have happened or not: an edit may be repeated, a message once."""
    UNPARSED = "unparsed"
    """The markup of the text was refused: send it once as plain text."""
    REFUSED = "refused"
    """A defect of ours; never repeated."""


@dataclass(frozen=True, slots=True)
class Called:
    """What became of a call.

    `wait_s` None: the platform named no time to wait. `why` is the platform's text, without the
    token; `reason` a code for it that may be stored and shown.
    """

    outcome: Outcome
    result: Any = None
    wait_s: float | None = None
    why: str = ""
    reason: str = ""


NOT_SENT = "not sent: "
"""How our own transport begins the text of an error that came before anything was sent."""

_HARMLESS = ("message is not modified", "query is too old", "message to delete not found")
# A picture's message has no text to edit.
_GONE = ("message to edit not found", "message can't be edited", "there is no text in the message")
_DEAD = ("chat not found", "user is deactivated", "bot was blocked", "can't initiate conversation")
# An answer that is not the Bot API's own: a proxy's or an edge server's page.
_FOREIGN = ("parsing the server response", "invalid server response")
_RETRY_AFTER = re.compile(r"retry after (\d+)")
_REASONS = {
    "can't parse entities": "markup",
    "is too long": "too_long",
    "message_too_long": "too_long",
    "too large": "too_long",
    "text is empty": "empty",
    "must be non-empty": "empty",
    "button": "button",
    "reply markup": "button",
    "inline keyboard": "button",
    "not enough rights": "no_rights",
    "need administrator rights": "no_rights",
    "no write access": "no_rights",
    "chat_write_forbidden": "no_rights",
    "chat_restricted": "no_rights",
    "thread not found": "topic",
    "topic_": "topic",
}
_OF_GROUPS = {"no_rights": Outcome.MUTED, "topic": Outcome.NO_THREAD}
_CODED = frozenset({Outcome.REFUSED, *_OF_GROUPS.values()})


def called_of(error: TelegramError) -> Called:
    """The outcome that an error of the library stands for."""
    text = error.message.lower()
    if any(sign in text for sign in _FOREIGN):
        return Called(Outcome.UNKNOWN, why=text)
    if isinstance(error, RetryAfter) or "too many requests" in text:
        return Called(Outcome.LATER, wait_s=_retry_s(error, text), why=text)
    if isinstance(error, ChatMigrated):
        return Called(Outcome.MIGRATED, str(error.new_chat_id), why=text)
    outcome = _outcome_of(error, text)
    return Called(outcome, why=text, reason=reason_of(text) if outcome in _CODED else "")


def reason_of(text: str) -> str:
    """A code for a refusal's words; "other" for words not seen before."""
    return next((code for sign, code in _REASONS.items() if sign in text), "other")


def _outcome_of(error: TelegramError, text: str) -> Outcome:
    if isinstance(error, Forbidden) or any(sign in text for sign in _DEAD):
        return Outcome.UNREACHABLE
    # A token that was revoked meanwhile.
    if isinstance(error, InvalidToken | EndPointNotFound) or text.startswith(NOT_SENT):
        return Outcome.UNSENT
    if isinstance(error, BadRequest):
        return _of_bad_request(text)
    is_unknown = isinstance(error, NetworkError) and "too large" not in text
    return Outcome.UNKNOWN if is_unknown else Outcome.REFUSED


def _of_bad_request(text: str) -> Outcome:
    if any(sign in text for sign in _HARMLESS):
        return Outcome.DONE
    if "can't parse entities" in text:
        return Outcome.UNPARSED
    if any(sign in text for sign in _GONE):
        return Outcome.GONE
    return _OF_GROUPS.get(reason_of(text), Outcome.REFUSED)


def _retry_s(error: TelegramError, text: str) -> float | None:
    """Seconds to wait; the library takes a `retry_after` of 0, or none, for an ordinary error."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int) else wait.total_seconds())
    named = _RETRY_AFTER.search(text)
    return float(named[1]) if named else None
