"""One lease in the hands of this process: taken when free, renewed in time, given back at the end.

Who may have it is SQL's decision (`store.leases`); what it allows is its owner's.
"""

from collections.abc import Callable
from typing import Protocol

LENGTH_MS = 15_000


class Leases(Protocol):
    async def take(self, name: str, holder: str, now_ms: int, until_ms: int) -> bool: ...

    async def release(self, name: str, holder: str) -> None: ...


class Lease:
    """`holder` names this process among all that share the database.

    `has_jumped`: whether the machine's clock went forward by itself within that many milliseconds.
    Then another's lease only seems to have run out: he is left its length to renew it.
    """

    def __init__(
        self,
        leases: Leases,
        name: str,
        holder: str,
        length_ms: int = LENGTH_MS,
        has_jumped: Callable[[int], bool] = lambda _: False,
    ) -> None:
        self._leases = leases
        self._has_jumped = has_jumped
        self._name = name
        self.holder = holder
        self._length_ms = length_ms
        self._until_ms = 0

    async def hold(self, now_ms: int) -> bool:
        """Whether it is this process's at `now_ms`; renewed when a third of it has gone."""
        left_ms = self._until_ms - now_ms
        if self._length_ms * 2 // 3 < left_ms <= self._length_ms:
            return True
        if not self._until_ms and self._has_jumped(self._length_ms):
            return False
        until_ms = now_ms + self._length_ms
        is_taken = await self._leases.take(self._name, self.holder, now_ms, until_ms)
        self._until_ms = until_ms if is_taken else 0
        return is_taken

    def is_held(self, now_ms: int) -> bool:
        """Whether it was taken and has not run out, as far as is known here."""
        return now_ms < self._until_ms

    async def release(self) -> None:
        if self._until_ms:
            self._until_ms = 0
            await self._leases.release(self._name, self.holder)
