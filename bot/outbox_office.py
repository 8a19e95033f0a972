"""`hoithi outbox`: what waits, what was given up and why; sent again or dropped on order.

Works beside a running bot. Shows ids, the end of a chat's id, message names and reasons: no
texts, no names.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import orjson
from rich.console import Console
from rich.table import Table

from bot.beside import clock_of, database_url, opened, sql_told
from bot.environment import Environment
from bot.problems import OUTBOX_REASONS, OUTBOX_STATES, SAYS
from bot.settings import Config
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Instant
from store.outbox_office import OutboxLine, OutboxOffice

T = TypeVar("T")
LISTED = 200
WIDTH = 160
SHOWN_OF_CHAT = 3


def show(config: Config, environment: Environment, state: str | None, *, is_json: bool) -> None:
    """Print the messages of a state; None: those that wait and those given up."""

    async def look(office: OutboxOffice, now: Instant) -> None:
        lines = await office.listed(state, LISTED + 1)
        if is_json:
            print_json(lines[:LISTED], now)
        else:
            print_table(lines, await office.counts(), now)

    _run(config, environment, look)


def resend(config: Config, environment: Environment, ids: Sequence[int]) -> tuple[int, ...]:
    """Send the messages again; those that could be."""
    return _run(config, environment, lambda office, _: office.resend(ids))


def resend_dead(config: Config, environment: Environment) -> int:
    """Send every dead letter again, a few hundred at a time; how many."""

    async def all_dead(office: OutboxOffice, _: Instant) -> int:
        done, beyond = 0, 0
        with Console(stderr=True).status(SAYS["outbox_working"]):
            while ids := await office.dead_ids(beyond):
                done += len(await office.resend(ids))
                beyond = ids[-1]
        return done

    return _run(config, environment, all_dead)


def drop(config: Config, environment: Environment, ids: Sequence[int]) -> tuple[int, ...]:
    """Give the messages up; those that could be."""
    return _run(config, environment, lambda office, _: office.drop(ids))


def print_json(lines: Sequence[OutboxLine], now: Instant) -> None:
    shown = [
        line._asdict() | {"chat": masked(line.chat), "age_s": _age_ms(line, now) // SECOND_MS}
        for line in lines
    ]
    print(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())  # noqa: T201 (the command's answer)


def print_table(
    lines: Sequence[OutboxLine], counts: dict[str | None, dict[str, int]], now: Instant
) -> None:
    console = Console(width=None if Console().is_terminal else WIDTH)
    if lines:
        table = Table(*SAYS["outbox_columns"].split("|"))
        for line in lines[:LISTED]:
            table.add_row(*_cells(line, now))
        console.print(table)
    if len(lines) > LISTED:
        console.print(SAYS["outbox_more"].format(shown=LISTED), markup=False)
    for batch, of_states in counts.items():
        said = ", ".join(f"{OUTBOX_STATES[state]} {count}" for state, count in of_states.items())
        console.print(f"{batch or SAYS['outbox_singles']}: {said}", markup=False, highlight=False)
    if not counts:
        console.print(SAYS["outbox_empty"], markup=False)


def masked(chat: str) -> str:
    """The end of a chat's id: enough to tell two apart, too little to write to one."""
    return f"…{chat[-SHOWN_OF_CHAT:]}"


def age_text(age_ms: int) -> str:
    for length_ms, entry in ((DAY_MS, "days"), (HOUR_MS, "hours"), (MINUTE_MS, "minutes")):
        if age_ms >= length_ms:
            return SAYS[f"age_{entry}"].format(count=age_ms // length_ms)
    return SAYS["age_seconds"].format(count=age_ms // SECOND_MS)


def _cells(line: OutboxLine, now: Instant) -> tuple[str, ...]:
    reason = "" if line.error is None else OUTBOX_REASONS.get(line.error, OUTBOX_REASONS["other"])
    if line.is_maybe_twice:
        reason = f"{reason} {SAYS['outbox_twice']}".strip()
    age = age_text(_age_ms(line, now))
    state = OUTBOX_STATES[line.state]
    return (str(line.id), masked(line.chat), line.message, str(line.tries), state, reason, age)


def _age_ms(line: OutboxLine, now: Instant) -> int:
    return max(0, now - line.created_at)


def _run(
    config: Config,
    environment: Environment,
    work: Callable[[OutboxOffice, Instant], Awaitable[T]],
) -> T:
    async def run() -> T:
        async with opened(database_url(config, environment)) as database:
            now = (await clock_of(database)).now()
            return await work(OutboxOffice(database), now)

    with sql_told():
        return asyncio.run(run())
