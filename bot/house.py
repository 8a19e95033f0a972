"""The house: everything of one process put together, opened and closed in order.

Decides nothing but the order. What each part does is said where it lives.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace

import structlog

from bot.bank_works import ConfiguredBank
from bot.clock import MAX_RATE, Anchor, ContestClock, machine_ms, refuse_far_back
from bot.data_folder import DataFolder, data_folder
from bot.declared import customs_of
from bot.environment import Environment, Worker
from bot.problems import SettingsProblemError, stop
from bot.settings import Config
from bot.start import Files
from handlers.buttons import ButtonSigner
from handlers.desk import Contest, Desk
from handlers.ports import StoreAwayError
from handlers.rendering import Rendering
from scoring.contest import Timeline
from scoring.instant import Instant
from scoring.rules import rules_from_json, rules_json
from store.changes import Change
from store.chats import ChatsStore
from store.contests import (
    ContestChangedError,
    ContestKindError,
    DeclaredContest,
    OpenContest,
    WrongDataKeyError,
)
from store.decisions import ClockAnchor
from store.embedded_redis import EmbeddedRedisError, start_embedded_redis
from store.heartbeats import Beat, Life, last_beat
from store.house import Store, StoreSettings, open_store
from store.keys import button_key, log_key
from store.offices import office_of
from store.papers import PapersStore
from store.probe import probe_sql
from store.schema import SchemaError
from store.sql import DatabaseUrlError
from store.standing import timeline_of

STALE_MS = 4_000
BEAT_MS = 5_000
LAST_INSTANT = 4_102_444_800_000
"""The year 2100: the rehearsal's clock goes no further."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ages:
    """How long ago on the machine's clock: decisions read, alive said, everything due done."""

    decisions_s: float
    heartbeat_s: float
    tick_s: float


class House:
    """One process's parts: the desk, the store behind it, and the clock they share."""

    def __init__(self, config: Config, files: Files, store: Store, data_key: bytes) -> None:
        self.config = config
        self.files = files
        self.store = store
        self.clock = ContestClock()
        self.papers = PapersStore(store.cache, "tg")
        self.chats = ChatsStore(store.writer, store.sessions, "tg", self.clock.now)
        self._button_key = button_key(data_key)
        self.log_key = log_key(data_key)
        self.desk: Desk
        self.is_rehearsal = False
        self.process = secrets.token_hex(8)
        """Names this process in leases and heartbeats; anew at each start."""
        self._elapsed_ms = self.clock.machine.elapsed_ms
        self._started_ms = self.clock.machine_ms()
        # On a clock without a date: a jump of the other makes nothing old.
        self._born_ms = self._read_ms = self._ticked_ms = self._elapsed_ms()
        self._beat_ms: int | None = None
        self._units_id: int | None = None
        self.ticking = asyncio.Lock()
        """Held by a tick: the clock is not moved while one acts by it."""
        self._reading = asyncio.Lock()

    async def begin(self, *, is_rehearsal: bool, anchor: Anchor | None, is_fresh: bool) -> None:
        """Open the contest in the database and lay the desk.

        `is_fresh`: a rehearsal without a past begins a new contest whatever the database holds.
        """
        self.is_rehearsal = is_rehearsal
        await self._keep_order()
        if is_fresh:
            await self._take_anchor(anchor)
            opened = await self._opened(anew=True)
        else:
            stored = await self.store.clock.load() if is_rehearsal else None
            self.clock.anchor = anchor if stored is None else _anchor_of(stored)
            opened = await self._opened(anew=False)
        if self.clock.anchor is not None:
            await self._take_anchor(self.clock.anchor)
        self.papers.bind(opened.id)
        self._lay_desk(opened, Timeline(self.files.rules.calendar))
        await self._begin_units()
        await self.refresh()

    async def move_clock(self, to: Instant | None, rate: int | None) -> None:
        """Move the rehearsal's clock; moving back begins a new contest (DESIGN §3).

        Raises:
            ValueError: the contest is real, or `to` or `rate` is out of bounds.
        """
        is_rate = rate is None or 1 <= rate <= MAX_RATE
        if not is_rate or (to is not None and not 0 <= to < LAST_INSTANT):
            raise ValueError("rate is 1 to 10,000, to an instant before the year 2100")
        async with self.ticking, self._reading:
            await self._move_clock(to, rate)

    async def _begin_units(self) -> None:
        """The list in force; the file's is the first."""
        standing = await self.store.unit_lists.begin(self.files.units, self.clock.now())
        self.desk.units, self._units_id = standing.units, standing.id

    async def _move_clock(self, to: Instant | None, rate: int | None) -> None:
        now, current = self.clock.machine_ms(), self.clock.anchor
        if current is None:
            raise ValueError("the clock of a real contest cannot be moved")
        at = self.clock.at_machine(now)
        moved = Anchor(at if to is None else to, now, rate or current.rate)
        if moved.contest < at:
            self.clock.anchor = moved
            opened = await self._opened(anew=True)
            self._lay_desk(opened, Timeline(self.files.rules.calendar))
            await self._begin_units()
        await self._take_anchor(moved)

    def is_current(self) -> bool:
        """Whether decisions were read lately enough to act on (DESIGN §4: four seconds)."""
        return self._elapsed_ms() - self._read_ms < STALE_MS

    def ticked(self) -> None:
        """The scheduler has done everything that was due."""
        self._ticked_ms = self._elapsed_ms()

    def ages(self) -> Ages:
        now, beat_ms = self._elapsed_ms(), self._beat_ms
        beaten_ms = self._born_ms if beat_ms is None else beat_ms
        moments = (self._read_ms, beaten_ms, self._ticked_ms)
        return Ages(*(max(0.0, (now - one) / 1000) for one in moments))

    async def refresh(self) -> None:
        """Read decisions and the clock anew, as other processes may have left them."""
        async with self._reading:
            await self._refresh()

    async def is_after_death(self, worker: Worker | None) -> bool:
        """Whether a process died before this one, with something in hand perhaps."""
        if worker is not None:
            return worker.is_successor
        return await self.store.heartbeats.others(self.process) > 0

    async def leave(self) -> None:
        """The process stops in order: nobody waits for its next heartbeat."""
        await self.store.heartbeats.leave(self.process)

    async def _refresh(self) -> None:
        # An outage that ends now is recorded before anything is decided by the clock.
        if self._beat_ms is None or self._elapsed_ms() - self._beat_ms >= BEAT_MS:
            await self._beat()
        timeline = await timeline_of(self.store.database, self.files.rules.calendar)
        self._read_ms = self._elapsed_ms()
        if timeline != self.desk.contest.timeline:
            self.desk.contest = replace(self.desk.contest, timeline=timeline)
        await self._take_rules()
        await self._take_units()
        if self.is_rehearsal and (stored := await self.store.clock.load()) is not None:
            self.clock.anchor = _anchor_of(stored)

    async def _take_rules(self) -> None:
        """Rules that were amended hold for what is opened from now on."""
        contest = self.desk.contest
        newest = await self.store.rules_versions.newest_hash()
        if newest in {None, contest.commitments.rules}:
            return
        # Not held against the files: they are older than the amendment in every running process.
        declared = declared_by(self.config, self.files, self.clock.now())
        opened = await self.store.contests.newest(declared)
        self.desk.contest = replace(
            contest,
            rules=rules_from_json(opened.rules),
            commitments=opened.commitments,
            draw_key=opened.draw_key,
        )
        log.info("rules_amended", rules=opened.commitments.rules)

    async def _take_units(self) -> None:
        """A list of units that was changed is everybody's within a second."""
        newest = await self.store.unit_lists.newest_id()
        if newest in {None, self._units_id}:
            return
        standing = await self.store.unit_lists.begin(self.files.units, self.clock.now())
        self.desk.units, self._units_id = standing.units, standing.id
        flagged = await self.store.unit_lists.flag_lost(standing.units)
        log.info("units_taken", list=standing.id, flagged=flagged)

    async def _beat(self) -> None:
        now, elapsed_ms = self.clock.machine_ms(), self._elapsed_ms()
        window = self.desk.contest.timeline.window_at(self.clock.now())
        silent_ms = None if self._beat_ms is None else elapsed_ms - self._beat_ms
        life = Life(self.process, self._started_ms, silent_ms)
        outage = await self.store.heartbeats.beat(Beat(life, now, self.clock.at_machine, window))
        self._beat_ms = elapsed_ms
        if outage is not None:
            log.warning("outage", begins=outage.begins, ends=outage.ends)

    async def _keep_order(self) -> None:
        """Tell no time before what is recorded, whatever befell the machine's clock meanwhile.

        Raises:
            SettingsProblemError: it is too far back to be waited for.
        """
        last_ms = await last_beat(self.store.database)
        if last_ms is None:
            return
        refuse_far_back(last_ms, machine_ms())
        if self.clock.machine_ms() < last_ms:
            # What came after the last beat is in the tables too.
            self.clock.machine.begin_after(last_ms + BEAT_MS)

    async def is_sql_up(self) -> bool:
        try:
            await self.store.ping_sql()
        except StoreAwayError:
            return False
        return True

    async def _opened(self, *, anew: bool) -> OpenContest:
        declared = declared_by(self.config, self.files, self.clock.now())
        contests = self.store.contests
        return await (contests.begin_anew(declared) if anew else contests.open(declared))

    async def _take_anchor(self, anchor: Anchor | None) -> None:
        self.clock.anchor = anchor
        if anchor is not None:
            stored = ClockAnchor(anchor.contest, anchor.machine_ms, anchor.rate)
            await self.store.clock.save(stored)

    def _lay_desk(self, opened: OpenContest, timeline: Timeline) -> None:
        contest = Contest(
            id=opened.id,
            rules=rules_from_json(opened.rules),
            bank=self.files.bank,
            draw_key=opened.draw_key,
            commitments=opened.commitments,
            timeline=timeline,
            signer=ButtonSigner(self._button_key, opened.id),
        )
        if hasattr(self, "desk"):
            self.desk.contest = contest
            self.desk.option_lines.clear()
            self.desk.stems.clear()
            return
        files = self.files
        self.desk = Desk(
            clock=self.clock,
            people=self.store.people,
            attempts=self.store.attempts,
            sessions=self.store.sessions,
            contest=contest,
            catalogue=files.catalogue,
            rendering=Rendering(files.catalogue, self.config.settings.contest.zone),
            units=files.units,
            practice_bank=files.practice_bank,
            rules_pages=files.rules_pages,
            customs=customs_of(self.config),
            office=office_of(self.store),
        )
        self.desk.office.bank = ConfiguredBank(self.config)


def declared_by(config: Config, files: Files, now: Instant) -> DeclaredContest:
    """The contest as the files declare it."""
    return DeclaredContest(
        kind=files.kind,
        rules=rules_json(files.rules),
        bank=files.bank,
        origin=config.settings.contest.origin,
        now=now,
    )


@asynccontextmanager
async def open_house(
    config: Config, environment: Environment, files: Files
) -> AsyncIterator[House]:
    """Open the stores and the contest, lay the desk.

    Raises:
        SettingsProblemError: the database holds another contest, or is another key's.
    """
    if environment.database_url and not environment.is_trial:
        await _probe(environment.database_url)
    folder = data_folder(config, environment)
    folder.make()
    if files.kind == "trial":
        folder.keep_window(files.rules.calendar)
    async with AsyncExitStack() as stack:
        settings = await _store_settings(stack, environment, folder)
        with told():
            store = await stack.enter_async_context(open_store(settings))
        house = House(config, files, store, settings.data_key)
        with told():
            await house.begin(
                is_rehearsal=files.anchor is not None,
                anchor=files.anchor,
                is_fresh=environment.is_rehearsal,
            )
        yield house


async def _store_settings(
    stack: AsyncExitStack, environment: Environment, folder: DataFolder
) -> StoreSettings:
    redis_url = "" if environment.is_trial else environment.redis_url
    if not redis_url:
        try:
            engine = await start_embedded_redis(folder.path)
        except EmbeddedRedisError as error:
            raise stop("REDIS_URL", "redis_engine", why=str(error)[:200]) from error
        stack.push_async_callback(engine.stop)
        redis_url = engine.url
    return StoreSettings(
        _database_url(environment, folder),
        redis_url,
        environment.data_key or folder.made_key(),
    )


def _database_url(environment: Environment, folder: DataFolder) -> str:
    is_own = environment.is_trial or not environment.database_url
    return folder.database_url if is_own else environment.database_url


async def _probe(url: str) -> None:
    """The database answers, asked before anything is made."""
    try:
        await probe_sql(url)
    except (StoreAwayError, DatabaseUrlError) as error:
        raise stop("DATABASE_URL", "database", why=type(error).__name__) from error


def _anchor_of(stored: ClockAnchor) -> Anchor:
    return Anchor(Instant(stored.contest_ms), stored.machine_ms, int(stored.rate))


@contextmanager
def told() -> Iterator[None]:
    """The store's refusals as lines that say what to do."""
    try:
        yield
    except WrongDataKeyError as error:
        raise stop("HOITHI_DATA_KEY", "data_key_wrong") from error
    except ContestKindError as error:
        facts = {"found": error.found, "wanted": error.declared}
        raise stop("DATABASE_URL", "contest_kind", **facts) from error
    except SchemaError as error:
        raise stop("DATABASE_URL", "schema") from error
    except ContestChangedError as error:
        raise SettingsProblemError(
            tuple(line for change in error.changes for line in _change_lines(change))
        ) from error


def _change_lines(change: Change) -> tuple[str, ...]:
    facts = {"path": change.path, "before": change.before, "after": change.after}
    entry = "contest_changed"
    if change.path in {"rules.opens", "rules.closes"}:
        entry = "window_changed"
    elif change.path.startswith("rules."):
        entry = "rules_changed"
    return stop("contest", entry, **facts).lines
