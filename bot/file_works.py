"""The works behind one-time links, put together: one place that knows all of them.

To add a file: its row in `handlers.file_purposes`, its title in the catalogue, its work here.
"""

from collections.abc import Mapping

from bot.bank_works import BankWorks
from bot.environment import Environment
from bot.house import House
from bot.result_works import ResultWorks
from bot.scratch import Scratch
from bot.units.works import UnitWorks
from bot.word_reports import ReportWorks
from handlers.file_works import Work


def works_of(house: House, environment: Environment, scratch: Scratch) -> Mapping[str, Work]:
    """By the names of `handlers.file_purposes.PURPOSES`, each of them."""
    is_shared = environment.database_url.startswith("postgres")
    bank = BankWorks(house.config, house.desk.catalogue, is_shared=is_shared)
    store = house.store
    units = UnitWorks(store.unit_lists, store.proposals, house.desk.catalogue, house.clock.now)
    works = (bank, units, ResultWorks(house, scratch), ReportWorks(house))
    return {name: work for one in works for name, work in one.works.items()}
