"""A running process: the house, the platform's client, the web door and the clockwork.

Starts them in the order in which they need each other and stops them in reverse: first no new
updates, then what is under way is delivered, then the stores close (FAULTS T55).
"""

import asyncio
import gc
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from bot.apology import Apology
from bot.background import begin, raise_dead, spawn
from bot.crash_points import CrashPoints, Platform
from bot.crowd import Crowd
from bot.daily import daily_work
from bot.delivery import Caller, Delivery
from bot.door import Door, Guards
from bot.environment import Environment
from bot.file_doors import address_of_links, link_doors
from bot.file_works import drafts_of
from bot.furnishing import furnish
from bot.house import House, open_house
from bot.lease import Lease
from bot.logs import hide_chats
from bot.menus import Menus
from bot.outbox import OutboxSender
from bot.pacing import Pacing, limits_of
from bot.parts import Parts, place_of
from bot.platforms.telegram import CHANNEL
from bot.platforms.telegram_client import Called, Outcome, TelegramClient, open_client
from bot.platforms.telegram_types import ALLOWED_UPDATES
from bot.polling import Poller
from bot.probation import PROBATION_S, Probation
from bot.problems import stop
from bot.readiness import readiness
from bot.recount import keep_recounting
from bot.scratch import Scratch, clear_dead
from bot.settings import Config
from bot.sockets import door_socket
from bot.start import read_files
from bot.timing import Timer
from bot.trial import Headed, refuse_beside_real_run
from bot.watch import Watch, technician_of
from bot.webhooks import take_into
from handlers.ports import StoreAwayError
from scheduler.broadcasts import Announcer
from scheduler.file_forgetting import FileForgetter
from scheduler.forgetting import Forgetter
from scheduler.ticker import Ticker, keep_waking, schedule
from scoring.instant import HOUR_MS, MINUTE_MS, Instant
from store.outbox import LEASE as OUTBOX_LEASE
from web.app import make_app
from web.clock import ClockMove, clock_doors
from web.file_links import FILE_PATH as LINK_FILE_PATH
from web.file_links import PATH as LINK_PATH
from web.metrics import metrics_door
from web.server import WebServer
from web.telegram_webhook import Webhook

WEBHOOK_PATH = "/telegram/webhook"
DRAIN_S = 10.0
OUTBOX_S = 5.0
REFRESH_S = 1.0
MAX_CONNECTIONS = 100
COLLECT_AFTER = 20_000
"""Objects more than before, and the collector looks; its default is 700."""

INSIST_S = (0.5, 1.0, 2.0, 4.0, 8.0)

log = structlog.get_logger(__name__)


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
    begin()
    async with running(config, environment) as address:
        _spare_the_collector()
        ready(address)
        await stopping.wait()
        log.info("stopping")
    raise_dead()


def _spare_the_collector() -> None:
    """What the start made lives to the end: looking through it again and again held up every tap.

    A tap leaves no cycles of its own, so the young are looked through less often, too.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    gc.enable()


@asynccontextmanager
async def running(config: Config, environment: Environment) -> AsyncIterator[Address]:
    """Everything of one process, up and answering.

    Files, address and token are checked before the stores are opened: a start that fails has
    changed nothing.
    """
    async with AsyncExitStack() as stack:
        files = read_files(config, environment)
        bound = door_socket(environment)
        stack.callback(bound.close)
        clock_token = secrets.token_urlsafe(24)
        platform, chat = environment, ""
        if environment.is_rehearsal:
            # Only a rehearsal has a stand-in; nobody else waits for it to be read in.
            from bot.rehearsing import rehearse, stand_in_settings  # noqa: PLC0415

            settings = stand_in_settings(config, files, bound, clock_token)
            platform, chat = await rehearse(stack, settings, environment)
        client = TelegramClient(platform.telegram_token, platform.telegram_api)
        stack.push_async_callback(client.close)
        username = await open_client(client, platform.telegram_api)
        if environment.is_trial:
            await refuse_beside_real_run(client, config, environment)
        house = await stack.enter_async_context(open_house(config, environment, files))
        points = CrashPoints(environment.crash)
        points.house(house)
        hide_chats(house.log_key)
        pacing, timer = Pacing(), Timer()
        platform_client = points.platform(client)
        caller: Caller = platform_client
        if environment.is_trial:
            caller = Headed(platform_client, house.desk.text("contest.trial"))
        delivery = Delivery(caller, house.papers, house.chats, limits_of(pacing, timer), timer)
        stack.push_async_callback(delivery.drain, DRAIN_S)
        guards = await _guards(house, environment, caller)
        door = points.door(Door(house.desk, delivery, username, guards))
        parts = Parts(house, client, door, delivery, place_of(config, environment))
        furnish(stack, parts, username)
        watch = Watch(parts, caller, technician_of(config, environment))
        stack.callback(watch.leave)
        await _serve(stack, watch, door, bound, (platform, clock_token))
        if environment.is_leading:
            await _introduce(stack, client, house)
        stack.push_async_callback(_leave, house)
        _clockwork(stack, house)
        _look_around(stack, watch, guards)
        _start_outbox(stack, house, delivery, pacing)
        await _listen(stack, platform_client, door, platform)
        yield Address(_address_of(bound), chat, username)


def _look_around(stack: AsyncExitStack, watch: Watch, guards: Guards) -> None:
    """What watches beside the door."""
    for part in (watch.run(), keep_recounting(watch.parts), guards.crowd.run()):
        spawn(stack, part)
    if watch.parts.place.is_leading:
        spawn(stack, drafts_of(watch.parts.house).keep())


def _address_of(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://{host}:{port}"


async def _guards(house: House, environment: Environment, caller: Caller) -> Guards:
    """What an update passes before it is answered; tries are counted only after a death."""
    probation_s = PROBATION_S if await house.is_after_death(environment.worker) else 0.0
    return Guards(
        house.store.events,
        house.is_current,
        Probation(house.store.tries, probation_s),
        Apology(caller, house.desk.text("toast.busy")),
        Crowd(Apology(caller, house.desk.text("toast.crowded"), is_alert=False)),
    )


async def _serve(
    stack: AsyncExitStack,
    watch: Watch,
    door: Door,
    bound: socket.socket,
    access: tuple[Environment, str],
) -> None:
    """The web door: health always, the webhook and the clock where they have a use."""
    environment, clock_token = access
    house = watch.parts.house
    metrics = metrics_door(environment.metrics_token, watch.exposition)
    posts: dict[str, Any] = {}
    gets: dict[str, Any] = {"/metrics": metrics}
    webhook: Webhook | None = None
    if environment.public_url and environment.webhook_secret:
        webhook = Webhook(WEBHOOK_PATH, environment.webhook_secret, take_into(door))
        posts[WEBHOOK_PATH] = webhook.handle
    house.desk.office.public_url = address_of_links(house, environment, bound)
    if house.desk.office.public_url:
        clear_dead()
        scratch = Scratch()
        stack.callback(scratch.close)
        doors = link_doors(house, environment, scratch)
        gets[LINK_PATH], posts[LINK_PATH] = doors.get, doors.post
        posts[LINK_FILE_PATH] = doors.post_file
    if house.is_rehearsal:
        gets["/clock"], posts["/clock"] = clock_doors(
            clock_token, lambda: _clock_shown(house), lambda order: _move(house, order)
        )
    ready = partial(readiness, watch.parts)
    server = WebServer(make_app(ready, posts, gets), webhook)
    stack.push_async_callback(server.stop)
    await server.start(bound)


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


async def _introduce(stack: AsyncExitStack, client: TelegramClient, house: House) -> None:
    """What a newcomer reads before Start, and the command menus."""
    catalogue = house.desk.catalogue
    menus = Menus(client, house.desk, partial(house.store.roles.by_chat, CHANNEL))
    await menus.introduce()
    for method, field in (
        ("setMyDescription", "description"),
        ("setMyShortDescription", "short_description"),
    ):
        called = await client.call(method, {field: catalogue.text(f"contest.{field}")})
        log.info("introduced", method=method, outcome=called.outcome.value)
    spawn(stack, menus.run())


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
    announcer = Announcer(house.desk, house.store.broadcasts)
    do_daily_work = daily_work(house)
    forgetter = Forgetter(house.store.retention, house.clock)
    files = FileForgetter(house.store.file_links, house.clock)

    async def tick() -> None:
        # What is decided by the clock waits for what may change it: decisions, and outages.
        if not house.is_current():
            return
        async with house.ticking:
            await ticker.tick()
            await announcer.tick()
            await do_daily_work()
            await forgetter.tick()
            await files.tick()
        house.ticked()

    scheduler = schedule(tick)
    scheduler.start()
    stack.callback(scheduler.shutdown, wait=False)
    spawn(stack, _refresh(house))
    spawn(stack, keep_waking(scheduler))


async def _leave(house: House) -> None:
    try:
        await house.leave()
    except StoreAwayError:
        log.warning("leaving_not_recorded")


def _start_outbox(stack: AsyncExitStack, house: House, delivery: Delivery, pacing: Pacing) -> None:
    """The outbox's sender; stopped, it finishes and records what is under way."""
    store = house.store
    has_jumped = house.clock.machine.has_jumped
    lease = Lease(store.leases, OUTBOX_LEASE, house.process, has_jumped=has_jumped)
    sender = OutboxSender(store.outbox, delivery, house.desk, lease, pacing)
    spawn(stack, sender.run())
    stack.push_async_callback(sender.stop, OUTBOX_S)


async def _refresh(house: House) -> None:
    while True:
        await asyncio.sleep(REFRESH_S)
        try:
            await house.refresh()
        except StoreAwayError:
            log.warning("decisions_not_read")


async def _listen(
    stack: AsyncExitStack, client: Platform, door: Door, environment: Environment
) -> None:
    """Webhooks where `PUBLIC_URL` is set, else long polling; nothing pending is dropped."""
    if not environment.is_leading:
        return
    if not environment.public_url:
        await _insist(client, "deleteWebhook", {"drop_pending_updates": False})
        spawn(stack, Poller(client, door).run())
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


async def _insist(client: Platform, method: str, payload: dict[str, object]) -> None:
    """A call without which nothing would be heard: repeated, then the start stops."""
    called = Called(Outcome.UNKNOWN)
    for wait_s in INSIST_S:
        called = await client.call(method, payload)
        if called.outcome not in {Outcome.LATER, Outcome.UNKNOWN, Outcome.UNSENT}:
            break
        await asyncio.sleep(max(wait_s, called.wait_s or 0.0))
    if called.outcome is not Outcome.DONE:
        raise stop("PUBLIC_URL", "webhook_refused", method=method, why=called.why)
