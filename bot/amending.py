"""`hoithi amend`: the rules as the settings declare them now, proposed to the organisers (T26).

Decides what may be amended this way; a second person's approval and what follows from it are the
store's (`store.amendments`).
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import typer

from bot.amend_problems import AMEND
from bot.beside import sql_told
from bot.clock import machine_ms
from bot.environment import Environment
from bot.house import declared_by, told
from bot.problems import SettingsProblemError
from bot.settings import Config
from bot.start import read_files
from bot.units.office import contest_office, kind_there
from handlers.amendments import AMENDABLE, RULES, rules_content
from handlers.fields import Refused, read_reason
from handlers.proposals import Proposal, ProposalId
from handlers.records import AuditEntry
from question_bank.canonical import canonical
from question_bank.text import clean, mark_run
from scoring.instant import Instant
from store.changes import Change, rules_changes
from store.contests import DeclaredContest, Differences

ACT = "rules.propose"
MIN_NOTICE, MAX_NOTICE = 10, 1_000
_WINDOW = ("opens", "closes")
_UNITS = "units"


class Words(NamedTuple):
    """Why the rules are amended, for the trail, and what everybody is told."""

    why: str
    notice: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """Rules in force and as declared, both JSON; where they differ: place, before, after."""

    standing: Mapping[str, Any]
    declared: Mapping[str, Any]
    lines: tuple[tuple[str, str, str], ...]


def read_words(why: str, notice: str) -> Words:
    """What was typed, checked.

    Raises:
        typer.BadParameter: too short, too long, or with somebody's phone.
    """
    reason, told_all = read_reason(why), clean(notice)
    if isinstance(reason, Refused):
        raise typer.BadParameter(AMEND["why_wrong"])
    if not MIN_NOTICE <= len(told_all) <= MAX_NOTICE or mark_run(told_all):
        raise typer.BadParameter(AMEND["notice_wrong"])
    return Words(reason, told_all)


def amendment_of(config: Config, environment: Environment) -> Amendment:
    """What the settings change; nothing is changed yet.

    Raises:
        SettingsProblemError: there is nothing to amend, or something that is not amended so.
    """
    files = read_files(config, environment)
    declared = declared_by(config, files, Instant(machine_ms()))
    with sql_told(), told():
        found = asyncio.run(_differences(config, environment, declared))
    if found is None:
        raise SettingsProblemError((AMEND["no_contest"],))
    rules = orjson.loads(canonical(declared.rules))
    changes = rules_changes(found.standing, rules)
    bank = tuple(one for one in found.changes if not one.path.startswith("rules"))
    refused = tuple(_refusals((*changes, *bank)))
    if refused or not changes:
        raise SettingsProblemError(refused or (AMEND["same"],))
    lines = tuple((one.path, _shown(one.before), _shown(one.after)) for one in changes)
    return Amendment(found.standing, rules, lines)


def propose_amendment(
    config: Config, environment: Environment, amendment: Amendment, words: Words
) -> ProposalId:
    content = rules_content(amendment.standing, amendment.declared, words.notice)

    async def run() -> ProposalId:
        async with contest_office(config, environment) as office:
            now = office.clock.now()
            proposal = Proposal(RULES, content, words.why, None, now)
            entry = AuditEntry(now, None, "cli", ACT, RULES, why=words.why)
            return await office.proposals.propose(proposal, entry)

    with sql_told():
        return asyncio.run(run())


async def _differences(
    config: Config, environment: Environment, declared: DeclaredContest
) -> Differences | None:
    if await kind_there(config, environment) is None:
        return None
    async with contest_office(config, environment) as office:
        return await office.contests.differences(declared)


def _refusals(changes: tuple[Change, ...]) -> Iterator[str]:
    """Why some of the changes are not amended this way, one line a place."""
    for change in changes:
        field = change.path.removeprefix("rules.").partition(".")[0].partition("[")[0]
        if not change.path.startswith("rules."):
            yield AMEND["bank"].format(path=change.path)
        elif field in _WINDOW:
            yield AMEND["window"].format(path=change.path)
        elif field == _UNITS:
            yield AMEND["units"].format(path=change.path)
        elif field not in AMENDABLE:
            yield AMEND["fixed"].format(path=change.path)


def _shown(value: object) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False)
