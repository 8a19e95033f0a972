"""A refusal of the Bot API: its HTTP status, its exact words, its parameters."""

from typing import Any


class ApiError(Exception):
    """`parameters` is the envelope's: `retry_after` or `migrate_to_chat_id`."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}


def bad_request(reason: str) -> ApiError:
    """Lower-cases the first letter as the real server does, but keeps ALL_CAPS codes."""
    is_code = len(reason) > 1 and (reason[1] == "_" or reason[1].isupper())
    shown = reason if is_code else reason[:1].lower() + reason[1:]
    return ApiError(400, f"Bad Request: {shown}")


def forbidden(reason: str) -> ApiError:
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    return ApiError(409, f"Conflict: {reason}")


def migrated(chat_id: int) -> ApiError:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, words, {"migrate_to_chat_id": chat_id})
