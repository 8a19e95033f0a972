"""A running process: the house, the platform's client, the web door and the clockwork.

Starts them in the order in which they need each other and stops them in reverse: first no new
updates, then what is under way is delivered, then the stores close (FAULTS T55).
"""

import asyncio
import errno
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import structlog
from aiohttp import web

from bot.apology import Apology
from bot.delivery import Delivery
from bot.door import Door, Gate
from bot.environment import Environment
from bot.house import Files, House, open_house, read_files
from bot.lease import Lease
from bot.outbox import OutboxSender
from bot.pacing import Pacing, limits_of
from bot.platforms.telegram_client import Called, Outcome, TelegramClient, open_client
from bot.platforms.telegram_types import ALLOWED_UPDATES
from bot.polling import Poller
from bot.problems import stop
from bot.settings import Config
from bot.timing import Timer
from bot.webhooks import take_into
from handlers.ports import HoithiError, StoreAwayError
from rehearsal.server import StandInSettings
from rehearsal.server import start as start_stand_in
from scheduler.forgetting import Forgetter
from scheduler.ticker import Ticker, schedule
from scoring.instant import HOUR_MS, MINUTE_MS, Instant
from store.outbox import LEASE as OUTBOX_LEASE
from web.app import make_app
from web.clock import ClockMove, clock_doors
from web.telegram_webhook import webhook

WEBHOOK_PATH = "/telegram/webhook"
DRAIN_S = 10.0
OUTBOX_S = 5.0
REFRESH_S = 1.0
MAX_CONNECTIONS = 100
INSIST_S = (0.5, 1.0, 2.0, 4.0, 8.0)

log = structlog.get_logger(__name__)

_DEAD_PARTS: list[str] = []


class PartDiedError(HoithiError):
    """A part of the process failed: it stops with an error, so that its keeper starts it anew."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where people and machines find what runs: `chat` is the rehearsal's page or empty."""

    web: str
    chat: str
    username: str


async def run(config: Config, environment: Environment, ready: Callable[[Address], None]) -> None:
    """Run until SIGTERM or SIGINT; `ready` is called when everything answers."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    _DEAD_PARTS.clear()
    async with running(config, environment) as address:
        ready(address)
        await stopping.wait()
        log.info("stopping")
    if _DEAD_PARTS:
        raise PartDiedError(", ".join(_DEAD_PARTS))


@asynccontextmanager
async def running(config: Config, environment: Environment) -> AsyncIterator[Address]:
    """Everything of one process, up and answering.

    Files, address and token are checked before the stores are opened: a start that fails has
    changed nothing.
    """
    async with AsyncExitStack() as stack:
        files = read_files(config, environment)
        bound = _bind(environment)
        stack.callback(bound.close)
        clock_token = secrets.token_urlsafe(24)
        platform, chat = environment, ""
        if environment.is_rehearsal:
            settings = _stand_in_settings(config, files, bound, clock_token)
            platform, chat = await _rehearse(stack, settings, environment)
        client = TelegramClient(platform.telegram_token, platform.telegram_api)
        stack.push_async_callback(client.close)
        username = await open_client(client, platform.telegram_api)
        house = await stack.enter_async_context(open_house(config, environment, files))
        pacing, timer = Pacing(), Timer()
        delivery = Delivery(client, house.papers, house.chats, limits_of(pacing, timer), timer)
        stack.push_async_callback(delivery.drain, DRAIN_S)
        gate = Gate(house.is_current, Apology(client, house.desk.text("toast.busy")))
        door = Door(house.desk, delivery, house.store.events, username, gate)
        await _serve(stack, house, door, bound, (platform, clock_token))
        await _introduce(client, house)
        stack.push_async_callback(_leave, house)
        _clockwork(stack, house)
        _start_outbox(stack, house, delivery, pacing)
        await _listen(stack, client, door, platform)
        host, port = bound.getsockname()[:2]
        yield Address(f"http://{host}:{port}", chat, username)


def _bind(environment: Environment) -> socket.socket:
    """The web door's socket; a rehearsal takes the next free port where none was asked for."""
    family = socket.AF_INET6 if ":" in environment.bind_host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((environment.bind_host, environment.bind_port))
    except socket.gaierror as error:
        bound.close()
        raise stop("BIND", "bind_host", found=environment.bind_host) from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            bound.close()
            raise stop("BIND", "bind_host", found=environment.bind_host) from error
        if environment.is_bind_given or not environment.is_rehearsal:
            bound.close()
            raise stop("BIND", "port_taken", found=environment.bind_port) from error
        bound.bind((environment.bind_host, 0))
    return bound


def _stand_in_settings(
    config: Config, files: Files, bound: socket.socket, clock_token: str
) -> StandInSettings:
    host, port = bound.getsockname()[:2]
    return StandInSettings(
        host="127.0.0.1",
        port=_free_port(config.settings.rehearsal.port),
        bot_url=f"http://{host}:{port}",
        clock_token=clock_token,
        units=tuple(
            {"code": unit.code, "name": unit.title, "block": files.units.blocks[unit.block]}
            for unit in files.units.units
        ),
    )


async def _rehearse(
    stack: AsyncExitStack, settings: StandInSettings, environment: Environment
) -> tuple[Environment, str]:
    """Start the stand-in and point the environment at it."""
    stand_in = await start_stand_in(settings)
    stack.push_async_callback(stand_in.stop)
    pointed = replace(
        environment,
        telegram_token=stand_in.token,
        telegram_api=stand_in.url,
        public_url="",
    )
    return pointed, stand_in.url


def _free_port(wanted: int) -> int:
    """The wanted port, or 0 (any) where it is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted


async def _serve(
    stack: AsyncExitStack,
    house: House,
    door: Door,
    bound: socket.socket,
    access: tuple[Environment, str],
) -> None:
    """The web door: health always, the webhook and the clock where they have a use."""
    environment, clock_token = access
    posts: dict[str, Any] = {}
    gets: dict[str, Any] = {}
    if environment.public_url and environment.webhook_secret:
        posts[WEBHOOK_PATH] = webhook(environment.webhook_secret, take_into(door))
    if house.is_rehearsal:
        gets["/clock"], posts["/clock"] = clock_doors(
            clock_token, lambda: _clock_shown(house), lambda order: _move(house, order)
        )
    checks = {"sql": house.is_sql_up, "redis": house.store.ping_redis}
    runner = web.AppRunner(make_app(checks, posts, gets), access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, bound, backlog=1024).start()


def _clock_shown(house: House) -> Mapping[str, object]:
    now = house.clock.now()
    timeline = house.desk.contest.timeline
    window = timeline.window_at(now)
    return {
        "now": now,
        "rate": 1 if house.clock.anchor is None else house.clock.anchor.rate,
        "opens": window.opens,
        "closes": window.closes,
        "phase": timeline.phase_at(now).value,
    }


async def _move(house: House, order: ClockMove) -> None:
    await house.move_clock(None if order.to is None else Instant(order.to), order.rate)


async def _introduce(client: TelegramClient, house: House) -> None:
    """What a newcomer reads before Start, and the residents' command menu."""
    catalogue = house.desk.catalogue
    commands = [{"command": name, "description": words} for name, words in catalogue.commands]
    for method, payload in (
        ("setMyCommands", {"commands": commands, "scope": {"type": "all_private_chats"}}),
        ("setMyDescription", {"description": catalogue.text("contest.description")}),
        (
            "setMyShortDescription",
            {"short_description": catalogue.text("contest.short_description")},
        ),
    ):
        called = await client.call(method, payload)
        log.info("introduced", method=method, outcome=called.outcome.value)


def _clockwork(stack: AsyncExitStack, house: House) -> None:
    """The scheduler and the reader of decisions."""
    settings = house.config.settings
    ticker = Ticker(
        house.desk,
        house.store.jobs,
        house.store.attempts,
        house.clock,
        nudge_ms=settings.paper.nudge_minutes * MINUTE_MS,
        reminder_ms=settings.schedule.reminder_hours * HOUR_MS,
    )
    forgetter = Forgetter(house.store.retention, house.clock)

    async def tick() -> None:
        # What is decided by the clock waits for what may change it: decisions, and outages.
        if not house.is_current():
            return
        async with house.ticking:
            await ticker.tick()
            await forgetter.tick()

    scheduler = schedule(tick)
    scheduler.start()
    stack.callback(scheduler.shutdown, wait=False)
    _spawn(stack, _refresh(house))


async def _leave(house: House) -> None:
    try:
        await house.leave()
    except StoreAwayError:
        log.warning("leaving_not_recorded")


def _start_outbox(stack: AsyncExitStack, house: House, delivery: Delivery, pacing: Pacing) -> None:
    """The outbox's sender; stopped, it finishes and records what is under way."""
    store = house.store
    lease = Lease(store.leases, OUTBOX_LEASE, house.process)
    sender = OutboxSender(store.outbox, delivery, house.desk, lease, pacing)
    _spawn(stack, sender.run())
    stack.push_async_callback(sender.stop, OUTBOX_S)


async def _refresh(house: House) -> None:
    while True:
        await asyncio.sleep(REFRESH_S)
        try:
            await house.refresh()
        except StoreAwayError:
            log.warning("decisions_not_read")


async def _listen(
    stack: AsyncExitStack, client: TelegramClient, door: Door, environment: Environment
) -> None:
    """Webhooks where `PUBLIC_URL` is set, else long polling; nothing pending is dropped."""
    if not environment.public_url:
        await _insist(client, "deleteWebhook", {"drop_pending_updates": False})
        _spawn(stack, Poller(client, door).run())
        return
    await _insist(
        client,
        "setWebhook",
        {
            "url": environment.public_url + WEBHOOK_PATH,
            "secret_token": environment.webhook_secret,
            "max_connections": MAX_CONNECTIONS,
            "allowed_updates": list(ALLOWED_UPDATES),
            "drop_pending_updates": False,
        },
    )


async def _insist(client: TelegramClient, method: str, payload: dict[str, object]) -> None:
    """A call without which nothing would be heard: repeated, then the start stops."""
    called = Called(Outcome.UNKNOWN)
    for wait_s in INSIST_S:
        called = await client.call(method, payload)
        if called.outcome not in {Outcome.LATER, Outcome.UNKNOWN, Outcome.UNSENT}:
            break
        await asyncio.sleep(max(wait_s, called.wait_s or 0.0))
    if called.outcome is not Outcome.DONE:
        raise stop("PUBLIC_URL", "webhook_refused", method=method, why=called.why)


def _spawn(stack: AsyncExitStack, work: Any) -> None:
    """A background task that ends with the process; its failure ends the process."""
    task = asyncio.create_task(work)
    task.add_done_callback(_died)

    async def cancel() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(cancel)


def _died(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("part_died", error=type(error).__name__)
        _DEAD_PARTS.append(type(error).__name__)
        signal.raise_signal(signal.SIGTERM)
