"""What `hoithi units` does: importing into the file or as a proposal, exporting, the template."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.beside import sql_told
from bot.environment import Environment
from bot.files import load_catalogue, load_units
from bot.problems import SettingsProblemError
from bot.settings import Config
from bot.units import words
from bot.units.importing import ACT, Prepared, Standing, prepare, propose, standing_of
from bot.units.office import REAL, contest_office, kind_there
from bot.units.settling import blocks_of
from bot.units.writing import WRITERS, template_workbook, units_toml
from handlers.proposals import ProposalId
from handlers.records import AuditEntry
from handlers.units import Units
from question_bank.importers.bank_files import write_whole
from question_bank.importers.child import MAX_FILE
from question_bank.importers.zip_bounds import MEGABYTE

CLI = "cli"
_OWNER_ONLY = 0o600
_USUAL = 0o644


@dataclass(frozen=True, slots=True)
class Ward:
    """The settings of one visit, and whether a contest that counts is in the database."""

    config: Config
    environment: Environment
    has_contest: bool


def ward_of(config: Config, environment: Environment) -> Ward:
    with sql_told():
        return Ward(config, environment, asyncio.run(kind_there(config, environment)) == REAL)


def prepared_import(ward: Ward, path: Path, maps: Sequence[str]) -> Prepared:
    """The file read and compared with the list in force; nothing is changed."""
    data = _bytes_of(path)
    standing = _standing(ward)
    return asyncio.run(prepare(data, str(path), standing, maps))


def write_list(ward: Ward, units: Units) -> Path | None:
    """Put the list into the file of the settings; the path of the old one, if there was one."""
    path = ward.config.path("units")
    data = units_toml(units, with_leaders=True)
    try:
        if not path.exists():
            write_whole(path, data, mode=_USUAL)
            return None
        kept, mode = path.with_name(f"{path.name}.bak"), path.stat().st_mode & 0o777
        write_whole(kept, path.read_bytes(), mode=mode)
        write_whole(path, data, mode=mode)
    except OSError as error:
        raise _unwritable(path, error) from error
    return kept


def propose_list(ward: Ward, prepared: Prepared, why: str) -> ProposalId:
    catalogue = load_catalogue(ward.config)

    async def run() -> ProposalId:
        async with contest_office(ward.config, ward.environment) as office:
            entry = AuditEntry(office.clock.now(), None, CLI, ACT, "units", why=why)
            return await propose(prepared, entry, office.proposals, catalogue)

    with sql_told():
        return asyncio.run(run())


def export_list(ward: Ward, path: Path, *, with_leaders: bool) -> int:
    """Write the list in force; how many units."""
    suffix = path.suffix.lower()
    if suffix not in WRITERS:
        raise _said("suffix", path=path, found=suffix or "-")
    units = list_in_force(ward)[0]
    has_phones = with_leaders and any(unit.leaders for unit in units.units)
    data = WRITERS[suffix](units, with_leaders=with_leaders)
    _write(path, data, _OWNER_ONLY if has_phones else _USUAL)
    return len(units.units)


def list_in_force(ward: Ward) -> tuple[Units, int | None]:
    """The list that exports and posters are made of, with its number in SQL; None: the file's.

    Raises:
        SettingsProblemError: the list in SQL, or the file where there is none, cannot be read.
    """
    standing = _standing(ward)
    return standing.units or load_units(ward.config), standing.base


def write_template(ward: Ward, path: Path) -> None:
    if path.suffix.lower() != ".xlsx":
        raise _said("template_suffix", path=path)
    if path.exists():
        raise _said("there", path=path)
    blocks = blocks_of(_standing(ward).units)
    _write(path, template_workbook(Units((), blocks.titles, blocks.residential)), _USUAL)


def _standing(ward: Ward) -> Standing:
    """The list in SQL once a contest counts, else the file's; a broken file is none."""
    if ward.has_contest:
        with sql_told():
            standing = asyncio.run(_standing_in_sql(ward))
        if standing is not None:
            return standing
    try:
        return Standing(load_units(ward.config))
    except SettingsProblemError:
        return Standing(None)


async def _standing_in_sql(ward: Ward) -> Standing | None:
    async with contest_office(ward.config, ward.environment) as office:
        return await standing_of(office.unit_lists)


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise _said("unreadable", path=path, why=error.strerror) from error
    if len(data) > MAX_FILE:
        raise _said("large", path=path, most=MAX_FILE // MEGABYTE)
    return data


def _write(path: Path, data: bytes, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, mode=mode)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> SettingsProblemError:
    return _said("unwritable", path=path, why=error.strerror)


def _said(entry: str, **facts: object) -> SettingsProblemError:
    return SettingsProblemError((words.SAYS[entry].format(**facts),))
