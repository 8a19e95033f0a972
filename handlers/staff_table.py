"""Which handler does each deed of those who run the contest, by command, door and dialogue.

A deed without a row in `handlers.access.DEEDS` is refused to everybody; a test holds the two
tables against each other.
"""

from collections.abc import Mapping

from handlers import (
    announcing,
    approving,
    bank_menu,
    exclusion_list,
    family,
    finding,
    finishers,
    group_drop,
    invite,
    leading,
    role_list,
    settle,
    statistics,
    steering,
    trail,
    unit_groups,
    unit_menu,
)
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
    "moi": invite.begin,
    "vaitro": role_list.show,
    "loaitru": exclusion_list.show,
    "baocao": leading.report,
    "nganhang": bank_menu.show_bank,
    unit_menu.DEED: unit_menu.show_units,
}
"""Typed commands; each is a deed of that name."""

DOORS: Mapping[str, StaffHandler] = {
    "claim": settle.show,
    "claim_yes": settle.approve,
    "claim_no": settle.refuse,
    role_list.WITHDRAW: role_list.begin_withdrawal,
    role_list.LEAVE: role_list.begin_leaving,
    exclusion_list.EXCLUDE: exclusion_list.begin_adding,
    exclusion_list.READMIT: exclusion_list.begin_removal,
    "poster": leading.poster,
    leading.UNIT_FILE: leading.send_report,
    leading.WARD_FILE: leading.send_ward_report,
    finishers.NAMES: finishers.show_names,
    "groups": unit_groups.show_groups,
    "group_yes": unit_groups.confirm,
    "group_no": unit_groups.refuse,
    "group_swap": unit_groups.swap,
    "group_try": unit_groups.try_again,
    group_drop.DROP: group_drop.begin_drop,
    statistics.WORKBOOK: statistics.send_workbook,
    "bank_paper": bank_menu.send_paper,
    "bank_keys": bank_menu.send_keys,
    "bank_template": bank_menu.send_template,
    "bank_import": bank_menu.take_questions,
    "units_list": unit_menu.send_list,
    "units_leaders": unit_menu.send_leaders,
    "units_template": unit_menu.send_template,
    unit_menu.IMPORT: unit_menu.begin_import,
}
"""Buttons; each is a deed of that name. A command may be a door, too."""

DIALOGUES: Mapping[str, StaffDialogue] = {
    steering.DIALOGUE: steering.STEERING,
    announcing.DIALOGUE: announcing.ANNOUNCING,
    **finding.DIALOGUES,
    invite.INVITE: StaffDialogue("moi", invite.typed, invite.pressed),
    settle.SETTLE: StaffDialogue("claim", settle.typed, settle.pressed),
    role_list.WITHDRAW: StaffDialogue(
        role_list.WITHDRAW, role_list.typed_withdrawal, role_list.pressed_withdrawal
    ),
    role_list.LEAVE: StaffDialogue(
        role_list.LEAVE, role_list.typed_leaving, role_list.pressed_leaving
    ),
    exclusion_list.EXCLUDE: StaffDialogue(
        exclusion_list.EXCLUDE, exclusion_list.typed, exclusion_list.pressed
    ),
    exclusion_list.READMIT: StaffDialogue(
        exclusion_list.READMIT, exclusion_list.typed, exclusion_list.pressed
    ),
    group_drop.DROP: group_drop.DROPPING,
    unit_menu.IMPORT: unit_menu.IMPORTING,
}
"""By the dialogue's name."""
