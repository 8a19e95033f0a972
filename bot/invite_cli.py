"""`hoithi invite`: a role's first invitation; it waits for the claim and asks whether it is right.

Works beside a running bot, which takes the claim: SQL is where they meet. Ctrl-C withdraws what was
offered. With `--json` the same talk goes in lines that a program reads and answers.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn, Protocol, TypeVar

import orjson
import typer
from rich.console import Console

from bot.beside import clock_of, database_url, opened, sql_told, vault_of
from bot.clock import ContestClock
from bot.environment import Environment
from bot.files import load_catalogue
from bot.platforms.telegram_client import TelegramClient, open_client
from bot.problems import SAYS
from bot.settings import Config
from bot.units.office import units_there
from handlers.fields import Refused, read_decision
from handlers.office_roles import (
    INVITATION_PREFIX,
    Holder,
    Invitation,
    InvitationState,
    Invite,
    Invited,
    Ordered,
    SettleClaim,
    SettleOutcome,
    WithdrawInvitation,
)
from handlers.ports import StoreAwayError
from handlers.records import AuditEntry, Grant, Role
from handlers.rendering import phone_shown
from handlers.units import Units
from store.group_commit import Writer
from store.invitations import InvitationsStore
from store.roles import RolesStore

LOOK_S = 1.0
CLI = "cli"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Desk:
    """The stores of one visit to the database, and its clock."""

    roles: RolesStore
    invitations: InvitationsStore
    clock: ContestClock

    def ordered(self, act: str) -> Ordered:
        return Ordered(AuditEntry(self.clock.now(), None, CLI, act))


class _Voice(Protocol):
    """How the command speaks: to a person or to a program."""

    def invited(self, made: Invited, where: str) -> None: ...

    def claimed(self, holder: Holder) -> None: ...

    def ended(self, event: str) -> None: ...

    def is_right(self) -> bool: ...

    def decision(self) -> str: ...


def invite(config: Config, environment: Environment, grant: Grant, *, is_json: bool) -> bool:
    """Offer the role and see the offer to its end; True: somebody has the role now."""
    office = _Office(config, environment)
    title = _title(config, environment, grant)
    voice: _Voice = _Lines() if is_json else _Words(title)
    where = asyncio.run(_address(environment))
    with sql_told():
        if not is_json:
            _note(grant, has_organiser=office.do(_has_organiser))
        made = office.do(lambda desk: _invite(desk, grant))
        try:
            voice.invited(made, where.format(payload=INVITATION_PREFIX + made.token))
            return _attend(office, voice, made)
        except (KeyboardInterrupt, typer.Abort):
            office.do(lambda desk: _withdraw(desk, made))
            voice.ended("withdrawn")
            return False


def grant_of(config: Config, environment: Environment, role: Role, unit: str) -> Grant:
    """The role as it will be given; a leader's unit must be on the list.

    Raises:
        typer.BadParameter: a unit is missing, unknown, or given to another role.
    """
    if role is not Role.LEADER:
        if unit:
            raise typer.BadParameter(SAYS["invite_no_unit"])
        return Grant(role)
    found = _units(config, environment).find(unit)
    if found is None:
        raise typer.BadParameter(SAYS["invite_unit"].format(found=unit or "-"))
    return Grant(role, found.code)


class _Office:
    """Opens the database for one piece of work after the other: people may take a day between."""

    def __init__(self, config: Config, environment: Environment) -> None:
        self._config, self._environment = config, environment
        self._url = database_url(config, environment)

    def do(self, work: Callable[[_Desk], Awaitable[T]]) -> T:
        async def run() -> T:
            async with opened(self._url) as database:
                vault = await vault_of(self._config, self._environment, database)
                clock, writer = await clock_of(database), Writer(database)
                roles = RolesStore(database, writer, vault)
                invitations = InvitationsStore(database, writer, vault)
                try:
                    return await work(_Desk(roles, invitations, clock))
                finally:
                    await writer.close()

        return asyncio.run(run())


def _attend(office: _Office, voice: _Voice, made: Invited) -> bool:
    with Console(stderr=True).status(SAYS["invite_waiting"]):
        invitation = office.do(lambda desk: _until_claimed(desk, made))
    if invitation is None or invitation.holder is None:
        voice.ended("expired")
        return False
    voice.claimed(invitation.holder)
    is_right = voice.is_right()
    outcome = office.do(lambda desk: _settle(desk, made, "", is_right=is_right))
    if outcome is SettleOutcome.NEEDS_DOC:
        doc = voice.decision()
        outcome = office.do(lambda desk: _settle(desk, made, doc, is_right=is_right))
    is_end = outcome in {SettleOutcome.APPROVED, SettleOutcome.REFUSED}
    voice.ended(outcome.value if is_end else "gone")
    return outcome is SettleOutcome.APPROVED


async def _has_organiser(desk: _Desk) -> bool:
    return any(one.grant.role is Role.ORGANISER for one in await desk.roles.held())


async def _invite(desk: _Desk, grant: Grant) -> Invited:
    order = Invite(grant, desk.clock.machine_ms(), desk.ordered("role.invite"))
    made = await desk.invitations.invite(order)
    if made is None:
        raise AssertionError("the command line has no dialogue to go on")
    return made


async def _until_claimed(desk: _Desk, made: Invited) -> Invitation | None:
    """The invitation once somebody has claimed it; None: it has expired."""
    while True:
        try:
            found = await desk.invitations.find(made.id)
        except StoreAwayError:
            await asyncio.sleep(LOOK_S)
            continue
        if found is None or found.state is not InvitationState.OPEN:
            return found
        if not found.is_open(desk.clock.machine_ms()):
            return None
        await asyncio.sleep(LOOK_S)


async def _settle(desk: _Desk, made: Invited, doc: str, *, is_right: bool) -> SettleOutcome:
    act = "role.approve" if is_right else "role.refuse"
    return await desk.invitations.settle(SettleClaim(made.id, is_right, desk.ordered(act), doc))


async def _withdraw(desk: _Desk, made: Invited) -> None:
    order = WithdrawInvitation(made.id, desk.ordered("invitation.withdraw"))
    await desk.invitations.withdraw(order)


async def _address(environment: Environment) -> str:
    """Where an invitation is opened, with a place for its payload."""
    if environment.is_rehearsal:
        return SAYS["invite_rehearsal"]
    client = TelegramClient(environment.telegram_token, environment.telegram_api)
    try:
        username = await open_client(client, environment.telegram_api)
    finally:
        await client.close()
    return f"https://t.me/{username}?start={{payload}}"


def _units(config: Config, environment: Environment) -> Units:
    with sql_told():
        return asyncio.run(units_there(config, environment))


def _title(config: Config, environment: Environment, grant: Grant) -> str:
    unit = _units(config, environment).find(grant.unit) if grant.unit else None
    title = str(load_catalogue(config).text(f"role.{grant.role.value}"))
    return title if unit is None else f"{title}, {unit.title}"


def _note(grant: Grant, *, has_organiser: bool) -> None:
    """What the person at the command line should know before he offers this role from here."""
    if has_organiser:
        typer.echo(SAYS["invite_there"], err=True)
    elif grant.role is not Role.ORGANISER:
        typer.echo(SAYS["invite_first"], err=True)


class _Words:
    """Speaks to a person at a terminal."""

    def __init__(self, title: str) -> None:
        self._title = title

    def invited(self, made: Invited, where: str) -> None:
        typer.echo(SAYS["invite_made"].format(number=made.id, title=self._title, where=where))

    def claimed(self, holder: Holder) -> None:
        phone = "invite_verified" if holder.is_phone_verified else "invite_typed"
        said = SAYS[phone].format(phone=phone_shown(holder.phone))
        typer.echo(SAYS["invite_claimed"].format(name=holder.name, phone=said))

    def ended(self, event: str) -> None:
        typer.echo(SAYS[f"invite_{event}"].format(title=self._title))

    def is_right(self) -> bool:
        return typer.confirm(SAYS["invite_ask"].format(title=self._title), default=False)

    def decision(self) -> str:
        while True:
            doc = read_decision(typer.prompt(SAYS["invite_doc"]))
            if not isinstance(doc, Refused):
                return doc


class _Lines:
    """Speaks to a program: a JSON object a line, answers on standard input."""

    def invited(self, made: Invited, where: str) -> None:
        self._say("invited", invitation=made.id, where=where)

    def claimed(self, holder: Holder) -> None:
        self._say(
            "claimed",
            name=holder.name,
            phone=holder.phone,
            is_phone_verified=holder.is_phone_verified,
        )

    def ended(self, event: str) -> None:
        self._say(event)

    def is_right(self) -> bool:
        return self._answer().casefold() == "y"

    def decision(self) -> str:
        self._say("needs_doc")
        doc = read_decision(self._answer())
        return self.decision() if isinstance(doc, Refused) else doc

    def _say(self, event: str, **facts: object) -> None:
        typer.echo(orjson.dumps({"event": event, **facts}).decode())
        sys.stdout.flush()

    def _answer(self) -> str:
        line = sys.stdin.readline()
        if not line:
            _hung_up()
        return line.strip()


def _hung_up() -> NoReturn:
    """Nobody is there to answer: as if the command were stopped."""
    raise KeyboardInterrupt
