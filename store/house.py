"""Opening and closing the store: the one door to everything in this package."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import text

from store import amendments  # noqa: F401 (its effect is known once it is there)
from store.attempts import AttemptsStore
from store.audit import AuditStore
from store.broadcasts import BroadcastsStore
from store.contests import ContestsStore, contest_id_of
from store.corrections import CorrectionsStore
from store.decisions import ClockStore, DecisionsStore
from store.encryption import Vault
from store.events import EventsStore
from store.exclusion_list import ExclusionsStore
from store.extra_times import ExtraTimesStore
from store.file_links import FileLinksStore
from store.finishers import FinishersStore
from store.glances import GlancesStore
from store.group_commit import Writer
from store.group_pace import GroupPaceStore
from store.heartbeats import HeartbeatStore
from store.invitations import InvitationsStore
from store.jobs import JobsStore
from store.leases import LeasesStore
from store.listing import ListingStore
from store.outbox import OutboxStore
from store.overview import OverviewStore
from store.people import PeopleStore
from store.persons import PersonsStore
from store.proposals import ProposalsStore
from store.redis_cache import RedisCache, connect_redis
from store.reminders import RemindersStore
from store.retention import RetentionStore
from store.roles import RolesStore
from store.rules_versions import RulesVersionsStore
from store.schema import migrate
from store.sessions import SessionsStore
from store.sql import Database, connect
from store.statistics import StatisticsStore
from store.tallies import CountsStore
from store.tally_posts import TalliesStore
from store.tries import TriesStore
from store.unit_chats import UnitChatsStore
from store.unit_lists import UnitListsStore
from store.unit_recount import RecountStore
from store.uploads import UploadsStore
from store.voids import VoidsStore
from store.window_decisions import WindowDecisionsStore

_PING = text("SELECT 1")


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """URLs in any usual form; `data_key` is 32 bytes or more of chance."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    data_key: bytes = field(repr=False)


class Store:
    """Everything that is kept, by kind. Made by `open_store`."""

    def __init__(self, database: Database, cache: RedisCache, vault: Vault) -> None:
        self.database = database
        self.cache = cache
        self.writer = Writer(database)
        self.sessions = SessionsStore(database, cache)
        self.people = PeopleStore(database, self.writer, vault)
        self.attempts = AttemptsStore(database, self.writer)
        self.contests = ContestsStore(database, vault, self.sessions.bind)
        self.outbox = OutboxStore(database, self.writer)
        self.overview = OverviewStore(database)
        self.listing = ListingStore(database, vault)
        self.leases = LeasesStore(self.writer)
        self.jobs = JobsStore(database, self.writer)
        self.decisions = DecisionsStore(database, self.writer)
        self.heartbeats = HeartbeatStore(database, self.writer)
        self.clock = ClockStore(database, self.writer)
        self.events = EventsStore(self.writer)
        self.retention = RetentionStore(self.writer, vault)
        self.file_links = FileLinksStore(database, self.writer, vault)
        self.proposals = ProposalsStore(database, self.writer, vault, self.file_links)
        self.unit_lists = UnitListsStore(database, self.writer, vault)
        self.statistics = StatisticsStore(database)
        self.glances = GlancesStore(database)
        self.window_decisions = WindowDecisionsStore(self.writer)
        self.rules_versions = RulesVersionsStore(database)
        self.audit = AuditStore(database, self.writer)
        self.broadcasts = BroadcastsStore(database, self.writer)
        self.roles = RolesStore(database, self.writer, vault)
        self.invitations = InvitationsStore(database, self.writer, vault)
        self.exclusions = ExclusionsStore(database, self.writer, vault)
        self.persons = PersonsStore(database, vault)
        self.corrections = CorrectionsStore(self.writer, vault)
        self.voids = VoidsStore(self.writer, vault)
        self.extra_times = ExtraTimesStore(database, self.writer, vault, self.sessions)
        self.counts = CountsStore(database)
        self.recounts = RecountStore(database)
        self.finishers = FinishersStore(database, vault)
        self.group_pace = GroupPaceStore(cache, lambda: self.sessions.prefix)
        self.unit_chats = UnitChatsStore(database, self.writer, vault)
        self.uploads = UploadsStore(database, self.writer, vault)
        self.tallies = TalliesStore(database, self.writer, self.counts)
        self.reminders = RemindersStore(database, self.writer)
        self.tries = TriesStore(cache, lambda: self.sessions.prefix)

    async def ping_sql(self) -> None:
        """Return if SQL answers, else StoreAwayError."""
        await self.database.read(lambda connection: connection.execute(_PING).scalar())

    async def ping_redis(self) -> bool:
        return await self.cache.ping()


@asynccontextmanager
async def open_store(settings: StoreSettings) -> AsyncIterator[Store]:
    """The store, its schema at head; leaving commits what was handed in, then closes.

    Raises:
        StoreAwayError: SQL is away. Redis may be: it is a cache.
        SchemaError: a newer program made this database.
    """
    vault = Vault(settings.data_key)
    async with AsyncExitStack() as stack:
        database = connect(settings.database_url)
        stack.push_async_callback(database.close)
        await migrate(database)
        cache = RedisCache(connect_redis(settings.redis_url))
        stack.push_async_callback(cache.close)
        store = Store(database, cache, vault)
        contest_id = await contest_id_of(database)
        if contest_id is not None:
            store.sessions.bind(contest_id)
        stack.push_async_callback(store.writer.close)
        yield store
