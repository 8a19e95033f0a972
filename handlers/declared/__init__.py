"""Which entries the catalogue has, and the placeholders each must use.

The code's side of `messages/`: an entry's arguments are fixed here, its words there; a module for
each file.
"""

from collections.abc import Mapping

from handlers.declared.operators import OPERATORS
from handlers.declared.residents import RESIDENTS

ARGUMENTS: Mapping[str, tuple[str, ...]] = {**RESIDENTS, **OPERATORS}
