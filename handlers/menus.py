"""Which commands a chat's menu offers: residents', and those of the roles held there. Pure.

That a menu names a command lets nobody do it: `handlers.access` decides that each time.
"""

from collections.abc import Collection

from handlers.access import may_do
from handlers.catalogue import Catalogue
from handlers.records import Grant
from handlers.staff_table import COMMANDS

MenuLine = tuple[str, str]
"""A command without its slash, and what it does."""

IN_GROUPS = ("baocao", "trogiup")
"""All that is answered in a group."""


EVERY_ROLE = ("lenh", "vaitro")
"""What every role has; last, so that a role's own commands come first."""


def staff_commands(catalogue: Catalogue, grants: Collection[Grant]) -> tuple[MenuLine, ...]:
    """What these grants add: in the catalogue's order, what every role has at the end."""
    lines = sorted(catalogue.staff_commands, key=lambda one: one[0] in EVERY_ROLE)
    return tuple(one for one in lines if one[0] in COMMANDS and may_do(one[0], grants))


def chat_menu(catalogue: Catalogue, grants: Collection[Grant]) -> tuple[MenuLine, ...]:
    """The menu of a role holder's own chat: what he is there for comes first."""
    return (*staff_commands(catalogue, grants), *catalogue.commands)


def group_menu(catalogue: Catalogue) -> tuple[MenuLine, ...]:
    known = dict((*catalogue.staff_commands, *catalogue.commands))
    return tuple((name, known[name]) for name in IN_GROUPS if name in known)
