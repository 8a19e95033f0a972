"""Which handler does each deed of those who run the contest, by command, door and dialogue.

A deed without a row in `handlers.access.DEEDS` is refused to everybody; a test holds the two
tables against each other.
"""

from collections.abc import Mapping

from handlers import announcing, approving, family, finding, statistics, steering, trail
from handlers.staff import StaffDialogue, StaffHandler

COMMANDS: Mapping[str, StaffHandler] = {
    **steering.COMMANDS,
    approving.DEED: approving.begin,
    announcing.DEED: announcing.begin,
    family.ASSISTED: family.assist,
    **finding.COMMANDS,
    statistics.DEED: statistics.begin,
    trail.TRAIL: trail.trail,
    trail.HEALTH: trail.health,
    trail.HELP: trail.help_page,
}
"""Typed commands; each is a deed of that name."""

DOORS: Mapping[str, StaffHandler] = {}
"""Buttons; each is a deed of that name. A command may be a door, too."""

DIALOGUES: Mapping[str, StaffDialogue] = {
    steering.DIALOGUE: steering.STEERING,
    announcing.DIALOGUE: announcing.ANNOUNCING,
    **finding.DIALOGUES,
}
"""By the dialogue's name."""
