"""The workbook made from a port, while the event loop goes on with what it has to do."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from handlers.listing import ListedAttempt, ListedPerson, ListingSize
from handlers.ports import StoreAwayError
from handlers.rendering import Rendering
from reports.workbook import Target, make_workbook, write_workbook
from scoring.instant import Instant
from tests.reports.crowd import Crowd, scope_of, shipped_rendering, units_of

PAGE = 7


@pytest.fixture(scope="session")
def rendering() -> Rendering:
    return shipped_rendering()


@dataclass
class CrowdListing:
    """A crowd behind the port; `away_after` pages of people the store is away."""

    crowd: Crowd
    away_after: int | None = None
    asked: list[tuple[str, Instant]] = field(default_factory=list)
    pages: int = 0
    is_read: asyncio.Event = field(default_factory=asyncio.Event)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def size(self, _: Instant) -> ListingSize:
        return ListingSize(self.crowd.people, 0, self.crowd.is_closed)

    async def people(self, at: Instant) -> AsyncGenerator[tuple[ListedPerson, ...], None]:
        self.asked.append(("people", at))
        for page in _paged(self.crowd.listed()):
            self.is_read.set()
            await self.may_go_on.wait()
            if self.pages == self.away_after:
                raise StoreAwayError
            self.pages += 1
            yield page

    async def attempts(self, at: Instant) -> AsyncGenerator[tuple[ListedAttempt, ...], None]:
        self.asked.append(("attempts", at))
        for page in _paged(self.crowd.attempts()):
            yield page


def _paged(rows: Iterable[ListedPerson]) -> Iterable[tuple[ListedPerson, ...]]:
    kept = list(rows)
    return [tuple(kept[at : at + PAGE]) for at in range(0, len(kept), PAGE)]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_what_is_made_is_what_is_listed(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=40, is_closed=True)
    listing, told = CrowdListing(crowd), []
    listing.may_go_on.set()
    scope = scope_of(crowd)

    target = Target(tmp_path / "a.xlsx")
    count = await make_workbook(target, rendering, scope, listing, told.append)

    wanted = write_workbook(Target(tmp_path / "b.xlsx"), rendering, scope, crowd.lists())
    assert count == wanted
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert sum(told) == 40 + len(list(crowd.attempts()))
    assert listing.asked == [("people", scope.at), ("attempts", scope.at)]


async def test_a_store_that_goes_away_leaves_no_file(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=40)
    listing = CrowdListing(crowd, away_after=2)
    listing.may_go_on.set()

    with pytest.raises(StoreAwayError):
        await make_workbook(Target(tmp_path / "a.xlsx"), rendering, scope_of(crowd), listing)

    assert names_in(tmp_path) == []


async def test_a_workbook_that_nobody_waits_for_is_not_written(
    tmp_path: Path, rendering: Rendering
):
    crowd = Crowd(units_of(3), people=40)
    listing = CrowdListing(crowd)
    target = Target(tmp_path / "a.xlsx")
    task = asyncio.create_task(make_workbook(target, rendering, scope_of(crowd), listing))
    await listing.is_read.wait()

    task.cancel()
    await asyncio.sleep(0)
    listing.may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert names_in(tmp_path) == []
