"""The organisers' workbook: all lists in one pass over people and attempts, then what they come to.

Rows come as they are read and are let go at once: memory does not grow with the contest. What a
list holds is `reports.pages`', how it looks `reports.xlsx_book`'s.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from handlers.listing import ListedAttempt, ListedPerson, Listing
from handlers.rendering import Rendering
from reports.csv_book import CsvBook
from reports.pages import Scope, pages_of
from reports.pulling import Puller, in_thread
from reports.sums import Sums
from reports.tables import Book, Page, R, Table
from reports.whole_file import owners_files
from reports.xlsx_book import XlsxBook
from reports.xlsx_summary import Summary
from scoring.tallies import Count


@dataclass(frozen=True, slots=True)
class Target:
    """Where the workbook goes (.xlsx), and the folder of the same lists as CSV, if wanted."""

    workbook: Path
    csv_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """What a workbook is made of, each row asked for once and in order."""

    people: Iterable[ListedPerson]
    attempts: Iterable[ListedAttempt]


async def make_workbook(
    target: Target,
    rendering: Rendering,
    scope: Scope,
    listing: Listing,
    told: Callable[[int], None] = lambda _: None,
) -> Count:
    """`write_workbook` of all that is listed, without holding up the event loop.

    `told`, in the writing thread, of the rows of each page that is written.

    Raises:
        SheetFullError: more rows than a sheet holds.
        StoreAwayError: the lists cannot be read.
    """
    people = listing.people(scope.at)
    attempts = listing.attempts(scope.at)

    def write(puller: Puller) -> Count:
        lists = Lists(puller.rows(people, told), puller.rows(attempts, told))
        return write_workbook(target, rendering, scope, lists)

    async with aclosing(people), aclosing(attempts):
        return await in_thread(write)


def write_workbook(target: Target, rendering: Rendering, scope: Scope, lists: Lists) -> Count:
    """Write all files whole or not at all, for their owner's eyes; what the lists come to.

    Raises:
        SheetFullError: more rows than a sheet holds.
    """
    with ExitStack() as stack:
        path, folder = target.workbook, target.csv_folder
        books: list[Book] = []
        if folder is not None:
            scratch = stack.enter_context(owners_files(folder))
            books.append(stack.enter_context(CsvBook(scratch, rendering.catalogue)))
        scratch = stack.enter_context(owners_files(path.parent))
        book = stack.enter_context(XlsxBook(scratch / path.name, rendering.catalogue))
        return _write(book, [book, *books], rendering, scope, lists)


def _write(
    book: XlsxBook, books: Sequence[Book], rendering: Rendering, scope: Scope, lists: Lists
) -> Count:
    pages, catalogue = pages_of(rendering.catalogue, scope), rendering.catalogue
    sums = Sums(scope.window.closes)
    # Opened in the order in which the sheets stand, filled in that in which they are known.
    units, days = _Written(pages.units, books), _Written(pages.days, books)
    people, attempts = _Written(pages.people, books), _Written(pages.attempts, books)
    people.write(lists.people, sums.take_person)
    attempts.write(lists.attempts, sums.take_attempt)
    figures = sums.units(scope.units, catalogue.text("workbook.block_gone"))
    units.write(figures)
    days.write(sums.days(scope.window.opens, scope.at))
    Summary(book, rendering, scope).write(figures)
    book.lay_out(catalogue.text("workbook.as_of", at=rendering.moment(scope.at)), scope.at)
    return sums.total


class _Written(Generic[R]):
    """A list in every book at once."""

    def __init__(self, page: Page[R], books: Iterable[Book]) -> None:
        self._page = page
        self._tables: list[Table] = [book.open(page) for book in books]

    def write(self, rows: Iterable[R], take: Callable[[R], None] = lambda _: None) -> None:
        for row in rows:
            take(row)
            cells = self._page.cells(row)
            for table in self._tables:
                table.add(cells)
        for table in self._tables:
            table.finish()
