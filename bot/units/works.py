"""The list of units behind one-time links: downloads, the template, and a new list sent in.

What is sent in becomes a proposal that another organiser approves; strangers' files are read in
the child process. Readers and writers are imported by whoever first asks for a file.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.units import words
from handlers.catalogue import Catalogue
from handlers.file_works import (
    Claim,
    Content,
    Download,
    FileOrder,
    Preview,
    Remark,
    Taken,
    Trouble,
    Upload,
    Work,
)
from handlers.office_links import SentFile
from handlers.office_proposals import Proposals
from handlers.records import AuditEntry, Role
from handlers.units import Units
from scoring.instant import Instant
from store.unit_lists import UnitListsStore

if TYPE_CHECKING:
    from bot.units.importing import Prepared

_EMPTY = Units((), {}, "")


class UnitWorks:
    """`now` tells the contest's time, as an entry of the audit trail has it."""

    def __init__(
        self,
        lists: UnitListsStore,
        proposals: Proposals,
        catalogue: Catalogue,
        now: Callable[[], Instant],
    ) -> None:
        self._lists = lists
        self._proposals = proposals
        self._catalogue = catalogue
        self._now = now
        # A child may take a gigabyte: one list is read at a time.
        self._reading = asyncio.Semaphore(1)

    @property
    def works(self) -> Mapping[str, Work]:
        return {
            "units-xlsx": Download(lambda _: self._book(with_leaders=False)),
            "units-leaders-xlsx": Download(lambda _: self._book(with_leaders=True)),
            "units-template-xlsx": Download(lambda _: self._template()),
            "units-import": Upload(self._preview, self._take),
        }

    async def _book(self, *, with_leaders: bool) -> Content | Trouble:
        from bot.units.writing import units_workbook  # noqa: PLC0415 (as said above)

        units = await self._units()
        return await asyncio.to_thread(units_workbook, units, with_leaders=with_leaders)

    async def _template(self) -> Content | Trouble:
        from bot.units.writing import template_workbook  # noqa: PLC0415 (as said above)

        return await asyncio.to_thread(template_workbook, await self._units())

    async def _units(self) -> Units:
        newest = await self._lists.newest()
        return _EMPTY if newest is None else newest.units

    async def _preview(self, file: SentFile, _: FileOrder) -> Preview:
        prepared = await self._prepared(file)
        if prepared.units is None:
            return Preview(is_sound=False, seen=0, remarks=tuple(map(_remark, prepared.problems)))
        seen = len(prepared.units.units)
        if prepared.changes.is_none:
            same = Remark("", "", words.SAME, "", is_error=True)
            return Preview(is_sound=False, seen=seen, remarks=(same,))
        facts = tuple(map(_fact, prepared.lines))
        return Preview(is_sound=True, seen=seen, remarks=(), facts=facts)

    async def _take(self, file: SentFile, order: FileOrder, claim: Claim) -> Taken | Trouble | None:
        from bot.units.importing import ACT, proposal_of  # noqa: PLC0415 (as said above)

        prepared = await self._prepared(file)
        if prepared.units is None or prepared.changes.is_none:
            return Trouble((self._catalogue.text("page.units_changed"),))
        why = str(order.arguments.get("why", ""))
        by = (order.account, Role.ORGANISER.value)
        entry = AuditEntry(self._now(), *by, ACT, "units", why=why)
        proposal = proposal_of(prepared, entry, self._catalogue)
        used = claim.detailed(count=len(prepared.units.units))
        number = await self._proposals.propose_claimed(proposal, entry, used)
        if number is None:
            return None
        return Taken((self._catalogue.text("page.units_taken", number=number),))

    async def _prepared(self, file: SentFile) -> "Prepared":
        from bot.units.importing import Standing, prepare, standing_of  # noqa: PLC0415

        standing = await standing_of(self._lists) or Standing(None)
        async with self._reading:
            return await prepare(file.content, file.name, standing)


def _remark(line: str) -> Remark:
    """A problem's line in the columns of the page: `file:row: what is wrong; what is allowed`."""
    place, _, said = line.partition(": ")
    what, _, wanted = said.partition("; ")
    return Remark(place.partition(":")[2], "", what, wanted, is_error=True)


def _fact(line: str) -> tuple[str, str]:
    label, _, value = line.strip().partition(": ")
    return label, value
