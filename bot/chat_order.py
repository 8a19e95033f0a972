"""The order of a chat's messages: one that was begun is ended before the next is begun.

Remembers only what was begun and has not ended: what is under way, and what was put off. Whether
a row is still to be sent is SQL's to say, when something may leave is the pacing's. Times are the
machine's milliseconds.
"""

from collections.abc import Iterable
from typing import NamedTuple


class BegunRow(NamedTuple):
    """Not before `until_ms` may it be tried again."""

    id: int
    chat: str
    until_ms: int


class ChatOrder:
    """What each chat waits for; one per sender."""

    def __init__(self) -> None:
        self._chats: dict[str, set[int]] = {}
        self._under_way: dict[int, str] = {}
        self._put_off: dict[int, BegunRow] = {}
        self._crowded: set[str] = set()

    def take_over(self, begun: Iterable[BegunRow]) -> None:
        """Take what was begun from SQL; what is under way here is known better here."""
        for known in list(self._put_off):
            self.end(known)
        for row in begun:
            if row.id not in self._under_way:
                self._keep(row)

    def admit(self, chat: str) -> bool:
        """Whether another of the chat may be begun; if not, it is known that one waits."""
        if chat not in self._chats:
            return True
        self._crowded.add(chat)
        return False

    def crowded(self) -> frozenset[str]:
        """Chats that are not free, and of which it is known that more is waiting."""
        return frozenset(self._crowded)

    def due(self, machine_ms: int) -> list[BegunRow]:
        """What was put off until now and is the next of its chat, by number."""
        found = [row for row in self._put_off.values() if row.until_ms <= machine_ms]
        return sorted(row for row in found if row.id == min(self._chats[row.chat]))

    def begin(self, row: int, chat: str) -> None:
        """It is under way, whatever it was before; a group's id may have changed meanwhile."""
        self.end(row)
        self._under_way[row] = chat
        self._chats.setdefault(chat, set()).add(row)

    def put_off(self, row: int, until_ms: int) -> None:
        """What was under way is to be tried again: the chat waits for it."""
        chat = self._under_way.pop(row, None)
        if chat is not None:
            self._keep(BegunRow(row, chat, until_ms))

    def end_under_way(self, row: int) -> None:
        """It was sent or given up, if it was not put off."""
        if row in self._under_way:
            self.end(row)

    def end(self, row: int) -> None:
        """Nobody waits for it any more; what was never begun is none."""
        put_off = self._put_off.pop(row, None)
        chat = self._under_way.pop(row, None) if put_off is None else put_off.chat
        if chat is None:
            return
        rows = self._chats[chat]
        rows.discard(row)
        if not rows:
            del self._chats[chat]
            self._crowded.discard(chat)

    def _keep(self, row: BegunRow) -> None:
        self._put_off[row.id] = row
        self._chats.setdefault(row.chat, set()).add(row.id)
