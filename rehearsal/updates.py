"""The bot's queue of updates, shared by getUpdates and the webhook.

One FIFO lane per key: messages per chat, callback queries per person. An update leaves the queue
when it is acknowledged, expires, or is pushed out by a hundred thousand newer ones.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

import orjson

Json = dict[str, Any]
MAX_PENDING = 100_000
MAX_REMEMBERED = 10_000
FIRST_UPDATE_ID = 700_000_001
_DAY_S = 24 * 3600.0
_LIFE_S = {"callback_query": 150.0, "inline_query": 30.0}
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_PER_CHAT = {"message", "edited_message", "channel_post", "edited_channel_post"}
# An offset this far beyond the last update comes from another life of the queue.
_FUTURE_MARGIN = 10


@dataclass(frozen=True, slots=True)
class Update:
    """`serial` numbers deliveries: a repeat has the same `id` and a new serial."""

    serial: int
    id: int
    key: str
    kind: str
    body: Json
    expires_at: float
    is_repeat: bool = False

    def encode(self) -> bytes:
        return orjson.dumps(self.body)


class UpdateQueue:
    """`on_add` is told of every new update: a waiting poll or the webhook listens."""

    def __init__(self) -> None:
        self._pending: OrderedDict[int, Update] = OrderedDict()
        self._remembered: OrderedDict[int, Update] = OrderedDict()
        self._allowed: frozenset[str] | None = None
        self._serial = 0
        self._expiry_looked_at = 0.0
        self._next_id = FIRST_UPDATE_ID
        self._ahead_s = 0.0
        self.on_add: list[Callable[[Update], None]] = []

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def allowed(self) -> list[str] | None:
        """None while the default set is in force."""
        return None if self._allowed is None else sorted(self._allowed)

    def allow(self, kinds: list[str]) -> None:
        """An empty list is the default. Updates already queued stay."""
        self._allowed = frozenset(kinds) or None

    def allows(self, kind: str) -> bool:
        return kind not in _NOT_BY_DEFAULT if self._allowed is None else kind in self._allowed

    def add(self, body: Json, *, is_raw: bool = False) -> int | None:
        """The update's id; None if the bot did not ask for its kind. A raw one is always taken."""
        kind = next((key for key in body if key != "update_id"), "other")
        if not is_raw and not self.allows(kind):
            return None
        update_id = body.get("update_id", self._next_id)
        if update_id == self._next_id:
            self._next_id += 1
        self._push({"update_id": update_id} | body, kind)
        return int(update_id)

    def repeat(self, update_id: int, *, is_new_id: bool) -> int | None:
        """Queues a known update again; None when it is not remembered."""
        known = self._remembered.get(update_id)
        if known is None:
            return None
        if is_new_id:
            return self.add({known.kind: known.body[known.kind]}, is_raw=True)
        self._push(known.body, known.kind, is_repeat=True)
        return update_id

    def now(self) -> float:
        """Seconds since 1970, and what the queue was aged by."""
        return time.time() + self._ahead_s

    def age(self, seconds: float) -> None:
        """Let that much time pass for what is queued: taps die without anybody's waiting."""
        self._ahead_s += seconds
        self._expiry_looked_at = 0.0
        self._drop_expired()

    def pending(self) -> list[Update]:
        self._drop_expired()
        return list(self._pending.values())

    def holds(self, update: Update) -> bool:
        return update.serial in self._pending

    def acknowledge(self, update: Update) -> None:
        self._pending.pop(update.serial, None)

    def clear(self, keep: int = 0) -> None:
        while len(self._pending) > keep:
            self._pending.popitem(last=False)

    def poll(self, offset: int, limit: int) -> list[Update]:
        """getUpdates: a positive offset forgets what is before it, a negative one all but a tail.

        A repeat is given once, whatever the offset: that is what it is for.
        """
        self._drop_expired()
        if offset < 0:
            self.clear(keep=-offset)
        elif 0 < offset <= self._next_id + _FUTURE_MARGIN:
            self._forget_before(offset)
        given = list(islice(self._pending.values(), limit))
        for each in given:
            if each.is_repeat:
                self.acknowledge(each)
        return given

    def _push(self, body: Json, kind: str, *, is_repeat: bool = False) -> None:
        self._serial += 1
        life = _LIFE_S.get(kind, _DAY_S)
        key = _key(kind, body.get(kind))
        update = Update(
            self._serial, body["update_id"], key, kind, body, self.now() + life, is_repeat
        )
        self._pending[update.serial] = update
        if len(self._pending) > MAX_PENDING:
            self._pending.popitem(last=False)
        self._remembered[update.id] = update
        if len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)
        for listener in self.on_add:
            listener(update)

    def _forget_before(self, offset: int) -> None:
        old = takewhile(lambda each: each.is_repeat or each.id < offset, self._pending.values())
        for update in [each for each in old if not each.is_repeat]:
            self.acknowledge(update)

    def _drop_expired(self) -> None:
        now = self.now()
        if now < self._expiry_looked_at + 1:
            return
        self._expiry_looked_at = now
        for update in [each for each in self._pending.values() if each.expires_at <= now]:
            self.acknowledge(update)


def _key(kind: str, content: object) -> str:
    """The lane of an update; callback queries do not wait for the same person's messages."""
    if not isinstance(content, dict):
        return kind
    chat = content.get("chat")
    sender = content.get("from")
    if kind in _PER_CHAT and isinstance(chat, dict):
        return f"chat {chat.get('id')}"
    if kind in {"my_chat_member", "chat_member"} and isinstance(chat, dict):
        return f"{kind} {chat.get('id')}"
    return f"{kind} {sender.get('id')}" if isinstance(sender, dict) else kind
