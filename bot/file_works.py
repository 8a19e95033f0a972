"""The works behind one-time links, put together: one place that knows all of them.

To add a file: its row in `handlers.file_purposes`, its title in the catalogue, its work here.
"""

from collections.abc import Mapping

from bot.bank_works import BankWorks
from bot.environment import Environment
from bot.house import House
from bot.result_works import ResultWorks
from bot.scratch import Scratch
from bot.staged_drafts import StagedDrafts
from bot.units.works import UnitWorks
from bot.word_reports import ReportWorks
from handlers.file_works import Work


def works_of(house: House, environment: Environment, scratch: Scratch) -> Mapping[str, Work]:
    """By the names of `handlers.file_purposes.PURPOSES`, each of them."""
    is_shared = environment.database_url.startswith("postgres")
    store, drafts = house.store, drafts_of(house)
    bank = BankWorks(house.config, house.desk.catalogue, drafts, is_shared=is_shared)
    units = UnitWorks(store.unit_lists, store.proposals, house.desk.catalogue, house.clock.now)
    works = (bank, units, ResultWorks(house, scratch), ReportWorks(house))
    return {name: work for one in works for name, work in one.works.items()}


def drafts_of(house: House) -> StagedDrafts:
    folder = house.config.path("questions")
    return StagedDrafts(folder, house.store.audit, house.desk.contest.id)
