"""Who may do what: the one place. Pure.

Every command and button of those who run the contest is a deed with its roles; what has no row
here cannot be done by anybody (FAULTS T40, T41). Deeds are added here first, handlers after.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from handlers.records import Grant, Role

O, J, S, L, T = Role.ORGANISER, Role.JUDGE, Role.SECRETARY, Role.LEADER, Role.TECHNICIAN  # noqa: E741
STAFF = frozenset(Role)
UNRANKED = frozenset({O, J, S, T})
"""Roles whose holders may practise and are never ranked (rules 2.2); leaders take part."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What may be done by whom.

    `is_of_unit`: a leader does it for units of his own only, all others for every unit.
    `is_audited`: each use is entered in the audit trail, though it may change nothing.
    """

    roles: frozenset[Role]
    is_of_unit: bool = False
    is_audited: bool = True


def _deed(*roles: Role, is_of_unit: bool = False, is_audited: bool = True) -> Deed:
    return Deed(frozenset(roles), is_of_unit, is_audited)


DEEDS: Mapping[str, Deed] = {
    # The menu, and decisions on the window.
    "quanly": _deed(O),
    "tamdung": _deed(O),
    "tieptuc": _deed(O),
    "mosom": _deed(O),
    "giahan": _deed(O),
    "dongsom": _deed(O),
    "duyet": _deed(O),
    # Entering for who comes to a public-service point.
    "thiho": _deed(O, S),
    # Looking people up, masked; correcting, voiding, giving time.
    "timnguoi": _deed(O, S),
    # Counts by this and that, never scores before the closing.
    "thongke": _deed(O, S),
    # The organisers' workbook names everybody: by one-time link only.
    "results_file": _deed(O, S),
    # What was done, how the machine does, what may be typed.
    "nhatky": _deed(O, S),
    "suckhoe": _deed(O, T),
    "lenh": _deed(*STAFF, is_audited=False),
    # Messages to many.
    "thongbao": _deed(O),
    # Roles: offered, claimed, withdrawn, given up.
    "moi": _deed(O, is_audited=False),
    "claim": _deed(O),
    "claim_yes": _deed(O, is_audited=False),
    "claim_no": _deed(O, is_audited=False),
    "vaitro": _deed(*STAFF, is_audited=False),
    "role_withdraw": _deed(O, is_audited=False),
    "role_leave": _deed(*STAFF, is_audited=False),
    # Who is never ranked (rules 2.2).
    "loaitru": _deed(O, S),
    "exclude": _deed(O, S, is_audited=False),
    "readmit": _deed(O, S, is_audited=False),
    # A unit's figures, and what its leader passes on (T41).
    "baocao": _deed(L, O, S, is_of_unit=True, is_audited=False),
    "poster": _deed(L, O, S, is_of_unit=True, is_audited=False),
    # The same figures as a Word file, for its leader to sign; those of all units together.
    "unit_file": _deed(L, O, S, is_of_unit=True, is_audited=False),
    "ward_file": _deed(O, S, is_audited=False),
    # Names of its people: each look has a line of its own that names the unit.
    "finished": _deed(L, is_of_unit=True, is_audited=False),
    # Its chats; what changes one has a line of its own.
    "groups": _deed(L, O, is_of_unit=True, is_audited=False),
    "group_yes": _deed(L, O, is_of_unit=True, is_audited=False),
    "group_no": _deed(L, O, is_of_unit=True, is_audited=False),
    "group_swap": _deed(L, O, is_of_unit=True, is_audited=False),
    "group_try": _deed(L, O, is_of_unit=True, is_audited=False),
    "group_drop": _deed(L, O, is_of_unit=True, is_audited=False),
    # The list of units, by one-time link; the one with phones has a line of its own.
    "donvi": _deed(O, is_audited=False),
    "units_list": _deed(O),
    "units_leaders": _deed(O),
    "units_template": _deed(O, is_audited=False),
    "units_import": _deed(O),
    # The question bank, by one-time link: technicians see no questions, organisers no keys.
    "nganhang": _deed(O, J, is_audited=False),
    "bank_paper": _deed(O, J),
    "bank_keys": _deed(J),
    "bank_template": _deed(O, J),
    "bank_import": _deed(O, J),
}
"""By name; the name of a deed is the name of its command or door."""


def allowed_units(deed: Deed, grants: Collection[Grant]) -> frozenset[str] | None:
    """The units for which the deed may be done: None for all, empty for not at all."""
    roles = {grant.role for grant in grants if grant.role in deed.roles}
    if not deed.is_of_unit or roles - {Role.LEADER}:
        return None if roles else frozenset()
    return frozenset(grant.unit for grant in grants if grant.role in roles)


def may_do(name: str, grants: Collection[Grant], unit: str | None = None) -> bool:
    """Whether somebody with these grants may do the deed, for `unit` where it is one's."""
    deed = DEEDS.get(name)
    if deed is None:
        return False
    units = allowed_units(deed, grants)
    return units is None or (bool(units) and (unit is None or unit in units))
