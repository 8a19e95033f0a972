"""Which entries the catalogue has, and the placeholders each must use.

The code's side of `messages/`: an entry's arguments are fixed here, its words there; a module for
each file.
"""

from collections.abc import Mapping

from handlers.declared.files import FILES
from handlers.declared.leaders import LEADERS
from handlers.declared.operators import OPERATORS
from handlers.declared.organisers import ORGANISERS
from handlers.declared.persons import PERSONS
from handlers.declared.reports import REPORTS
from handlers.declared.residents import RESIDENTS
from handlers.declared.roles import ROLES
from handlers.declared.trail import TRAIL

ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    **RESIDENTS,
    **OPERATORS,
    **ROLES,
    **LEADERS,
    **ORGANISERS,
    **PERSONS,
    **FILES,
    **REPORTS,
    **TRAIL,
}
