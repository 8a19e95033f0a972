"""The organisers' workbook behind its link: whole, of the units in force, and gone when sent."""

import errno
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.house import House
from bot.result_works import ResultWorks
from bot.scratch import Scratch
from handlers.file_works import Download, FileOrder, Trouble
from handlers.ports import StoreAwayError
from handlers.records import AccountId
from reports.xlsx_table import SheetFullError
from store.encryption import BoxError
from store.unit_lists import keep_units

ORDER = FileOrder(AccountId(1))


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


async def produced(house: House) -> Any:
    work = ResultWorks(house, Scratch()).works["results-xlsx"]
    assert isinstance(work, Download)
    return await work.produce(ORDER)


def files_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def heading_and_first(path: Path, sheet: str) -> tuple[list[Any], list[Any]]:
    rows = load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    return list(next(rows)), list(next(rows))


async def test_workbook_is_of_the_list_in_force_and_its_owners_alone(house: House, scratch: Path):
    units = house.desk.units
    renamed = replace(units.units[0], name="Tổ dân phố mới đặt tên")
    changed = replace(units, units=(renamed, *units.units[1:]))
    store, at = house.store, house.clock.now()
    vault = store.unit_lists._vault
    await store.database.write(lambda one: keep_units(one, vault, changed, at))
    await house.refresh()

    path = await produced(house)

    _, first = heading_and_first(path, "Theo đơn vị")
    assert renamed.title in first
    assert path.stat().st_mode & 0o777 == 0o600
    assert files_in(scratch) == [path]


async def test_results_are_not_told_while_the_contest_runs(house: House):
    path = await produced(house)

    heading, _ = heading_and_first(path, "Lượt thi")
    assert "Số câu đúng" not in heading


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SheetFullError("x"), "quá sức chứa"),
        (BoxError("x"), "không giải mã được"),
        (OSError(errno.ENOSPC, "No space left"), "No space left"),
    ],
)
async def test_what_hinders_is_told_and_leaves_nothing_behind(
    house: House, scratch: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
):
    async def broken(*_: Any) -> None:
        raise error

    monkeypatch.setattr("reports.workbook.make_workbook", broken)

    trouble = await produced(house)

    assert isinstance(trouble, Trouble)
    assert said in trouble.lines[0]
    assert files_in(scratch) == []


async def test_sql_that_is_away_leaves_nothing_behind(
    house: House, scratch: Path, monkeypatch: pytest.MonkeyPatch
):
    async def people(*_: Any) -> AsyncIterator[Any]:
        raise StoreAwayError("away")
        yield

    monkeypatch.setattr(house.store.listing, "people", people)

    with pytest.raises(StoreAwayError):
        await produced(house)

    assert files_in(scratch) == []
