"""Faults on order: the next calls of a method fail, hang, or lose their answer."""

from typing import Any

import msgspec

from rehearsal.calls import Call

_WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error: restart",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """`method` "*" is any. With `apply` the effect happens and only the answer is lost.

    `status` 200 only delays. `body` replaces the JSON envelope. `drop` closes the connection
    without an answer, `cut` in the middle of one. `chat_id` keeps it to one chat.
    """

    method: str
    times: int = 1
    status: int = 200
    description: str | None = None
    retry_after: int | None = None
    parameters: dict[str, Any] | None = None
    apply: bool = False
    delay_s: float = 0.0
    body: str | None = None
    drop: bool = False
    cut: bool = False
    chat_id: int | None = None

    @property
    def replaces_answer(self) -> bool:
        return self.drop or self.cut or self.body is not None or self.status != 200  # noqa: PLR2004

    @property
    def words(self) -> str:
        if self.description is not None:
            return self.description
        if self.status == 429:  # noqa: PLR2004
            after = "" if self.retry_after is None else f": retry after {self.retry_after}"
            return f"Too Many Requests{after}"
        return _WORDS.get(self.status, "Internal Server Error")

    def envelope(self) -> dict[str, Any]:
        parameters = dict(self.parameters or {})
        if self.retry_after is not None:
            parameters["retry_after"] = self.retry_after
        shown: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.words,
        }
        return shown | ({"parameters": parameters} if parameters else {})

    def concerns(self, call: Call) -> bool:
        is_method = self.method == "*" or self.method.lower() == call.method.lower()
        is_chat = self.chat_id is None or call.text("chat_id") == str(self.chat_id)
        return is_method and is_chat


class Faults:
    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        self._ordered.append(fault)

    def clear(self) -> None:
        self._ordered.clear()

    def left(self) -> list[dict[str, Any]]:
        return [msgspec.to_builtins(each) for each in self._ordered]

    def take(self, call: Call) -> Fault | None:
        """The oldest fault for this call, used up by one."""
        fault = next((each for each in self._ordered if each.concerns(call)), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._ordered.remove(fault)
        return fault
