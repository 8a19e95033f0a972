"""The crowd: whoever waits for us longer than a few seconds is told once that many are here.

Decides by what is in hand, oldest first, and by how late replies are shown; no reply is held up
for it (FAULTS T54). The update itself goes on as if nothing had been said.
"""

from typing import Final

import structlog

from bot.apology import Apology
from bot.platforms.telegram import Decoded
from bot.timing import Timer

PATIENCE_S = 3.0
EVERY_S: Final = 0.5

log = structlog.get_logger(__name__)


class Crowd:
    """One per process; `notice` tells each person once until nobody waits any more."""

    def __init__(self, notice: Apology, timer: Timer | None = None) -> None:
        self._notice = notice
        self._timer = timer or Timer()
        self._in_hand: dict[int, tuple[float, Decoded]] = {}
        self._is_crowded = False

    def enter(self, decoded: Decoded) -> None:
        """An input is in hand from now on."""
        self._in_hand[id(decoded)] = self._timer.now_s(), decoded

    def leave(self, decoded: Decoded) -> None:
        """It has been committed, or was given back to the platform."""
        del self._in_hand[id(decoded)]

    async def run(self) -> None:
        """Look for who waits, for ever."""
        while True:
            await self._timer.sleep(EVERY_S)
            self.look()

    def look(self) -> None:
        late = self._timer.now_s() - PATIENCE_S
        waiting = 0
        for entered_s, decoded in self._in_hand.values():
            if entered_s > late:
                break
            waiting += 1
            self._notice.offer(decoded)
        if waiting and not self._is_crowded:
            log.warning("crowded", waiting=waiting, in_hand=len(self._in_hand))
        elif not waiting:
            self._notice.end()
        self._is_crowded = waiting > 0
