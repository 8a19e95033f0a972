"""Which handler does each deed of those who run the contest, by command, door and dialogue.

A deed without a row in `handlers.access.DEEDS` is refused to everybody; a test holds the two
tables against each other.
"""

from collections.abc import Mapping

from handlers import bank_menu
from handlers.staff import StaffDialogue, StaffHandler

COMMANDS: Mapping[str, StaffHandler] = {
    "nganhang": bank_menu.show_bank,
}
"""Typed commands; each is a deed of that name."""

DOORS: Mapping[str, StaffHandler] = {
    "bank_paper": bank_menu.send_paper,
    "bank_keys": bank_menu.send_keys,
    "bank_template": bank_menu.send_template,
    "bank_import": bank_menu.take_questions,
}
"""Buttons; each is a deed of that name. A command may be a door, too."""

DIALOGUES: Mapping[str, StaffDialogue] = {}
"""By the dialogue's name."""
