"""Which handler does each deed of those who run the contest, by command, door and dialogue.

A deed without a row in `handlers.access.DEEDS` is refused to everybody; a test holds the two
tables against each other.
"""

from collections.abc import Mapping

from handlers import finishers, group_drop, leading, unit_groups
from handlers.staff import StaffDialogue, StaffHandler

COMMANDS: Mapping[str, StaffHandler] = {
    "baocao": leading.report,
}
"""Typed commands; each is a deed of that name."""

DOORS: Mapping[str, StaffHandler] = {
    "poster": leading.poster,
    finishers.NAMES: finishers.show_names,
    "groups": unit_groups.show_groups,
    "group_yes": unit_groups.confirm,
    "group_no": unit_groups.refuse,
    "group_swap": unit_groups.swap,
    "group_try": unit_groups.try_again,
    group_drop.DROP: group_drop.begin_drop,
}
"""Buttons; each is a deed of that name. A command may be a door, too."""

DIALOGUES: Mapping[str, StaffDialogue] = {
    group_drop.DROP: group_drop.DROPPING,
}
"""By the dialogue's name."""
