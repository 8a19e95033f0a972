"""What is asked of the world for tallies: taking and posting them once, and drawing them.

Values and ports. A tally's figures are stored with the messages that tell of them, and read again
whenever one of these is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from handlers.records import Notice
from handlers.reply import Attached
from scoring.daily_tallies import Tally
from scoring.instant import Instant
from scoring.tallies import Count

UNIT, WARD, MORNING, FINAL, SKIPPED = (
    "tally.unit",
    "tally.ward",
    "tally.morning",
    "tally.final",
    "tally.skipped",
)
"""The messages: to a unit's chats, and the organisers' ones."""


@dataclass(frozen=True, slots=True)
class TallyKey:
    """A job and its planned instant: once, however many processes wake for it."""

    job: str
    planned_at: Instant


@dataclass(frozen=True, slots=True)
class PostTally:
    """Do the job `key`: keep the tally under `kept`, and line up its messages.

    `units` are told each in their chats; `ward` go to the organisers' channel, in order.
    """

    key: TallyKey
    kept: TallyKey
    tally: Tally
    units: tuple[str, ...]
    ward: tuple[Notice, ...]
    at: Instant


class Tallies(Protocol):
    async def between(
        self, since: Instant, until: Instant
    ) -> tuple[Mapping[str, Count], Mapping[str, Count]]:
        """What had been counted by `until`, and by `since`."""

    async def kept(self, key: TallyKey) -> Tally | None:
        """The tally as it was taken."""

    async def is_done(self, key: TallyKey) -> bool: ...

    async def post(self, order: PostTally) -> bool:
        """Once; False where it was done before."""

    async def skip(self, keys: Sequence[TallyKey], at: Instant) -> int:
        """Leave them out, once, and tell the organisers so; how many were not done before."""

    async def hush(self, at: Instant) -> int:
        """Hold back what waits to be sent until morning; how many."""

    async def let_go(self) -> int:
        """Send what was held back; how many."""


class TallyPictures(Protocol):
    """A tally drawn. Whatever goes wrong is a HoithiError: the words go without a picture."""

    def ward_pages(self, tally: Tally) -> int:
        """How many pictures show all units, 1 at least."""

    async def ward_pictures(self, tally: Tally) -> tuple[Attached, ...]: ...

    async def unit_picture(self, tally: Tally, unit: str) -> Attached | None: ...


class NoPictures:
    """Words alone."""

    def ward_pages(self, tally: Tally) -> int:  # noqa: ARG002 (of the port)
        return 1

    async def ward_pictures(self, tally: Tally) -> tuple[Attached, ...]:  # noqa: ARG002 (of the port)
        return ()

    async def unit_picture(self, tally: Tally, unit: str) -> Attached | None:  # noqa: ARG002 (of the port)
        return None
