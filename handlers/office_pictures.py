"""What the handlers ask of those who draw: a unit's picture and its poster."""

from collections.abc import Sequence
from typing import Protocol

from handlers.office_statistics import Tallied
from handlers.reply import Attached


class Pictures(Protocol):
    async def unit_picture(self, code: str) -> Attached | None:
        """How far the unit is, now; None: it cannot be drawn, and the words must do."""

    async def counts_picture(
        self, title: str, lines: Sequence[tuple[str, Tallied]]
    ) -> Attached | None:
        """People and attempts of groups without a target, named; likewise."""


class Posters(Protocol):
    async def unit_poster(self, code: str) -> Attached | None:
        """The poster with the unit's own QR code; None: it cannot be drawn now."""
