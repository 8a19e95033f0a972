"""Who may do what: every deed of the table, its roles, and units of one's own (FAULTS T40, T41)."""

from pathlib import Path

import pytest

from bot.texts import read_texts
from handlers.access import DEEDS, allowed_units, may_do
from handlers.catalogue import Catalogue
from handlers.menus import EVERY_ROLE, IN_GROUPS, chat_menu, group_menu
from handlers.records import Grant, Role
from handlers.staff_table import COMMANDS, DIALOGUES, DOORS

MESSAGES = Path(__file__).parents[2] / "handlers" / "messages"
OWN, FOREIGN = "TDP-06", "TDP-07"


def test_t40_every_handler_has_a_rule_and_every_rule_a_handler():
    handled = {*COMMANDS, *DOORS, *(one.deed for one in DIALOGUES.values())}

    assert handled - set(DEEDS) == set()


def test_t40_every_command_is_described_and_every_description_is_a_command():
    catalogue = Catalogue(read_texts(MESSAGES).tables)

    assert {name for name, _ in catalogue.staff_commands} == set(COMMANDS)


@pytest.mark.parametrize("role", Role)
def test_menu_of_a_role_is_what_the_table_allows(role: Role):
    catalogue = Catalogue(read_texts(MESSAGES).tables)
    grants = (Grant(role, OWN if role is Role.LEADER else ""),)

    menu = chat_menu(catalogue, grants)

    names = [name for name, _ in catalogue.staff_commands if name not in EVERY_ROLE]
    allowed = [name for name in (*names, *EVERY_ROLE) if role in DEEDS[name].roles]
    assert [name for name, _ in menu] == [*allowed, *(name for name, _ in catalogue.commands)]


def test_menu_of_a_leader_begins_with_the_figures():
    catalogue = Catalogue(read_texts(MESSAGES).tables)

    menu = chat_menu(catalogue, (Grant(Role.LEADER, OWN),))

    assert [name for name, _ in menu[:3]] == ["baocao", "lenh", "vaitro"]


def test_menu_of_a_group_has_what_is_answered_there():
    catalogue = Catalogue(read_texts(MESSAGES).tables)

    assert {name for name, _ in group_menu(catalogue)} <= set(IN_GROUPS)
    assert "trogiup" in dict(group_menu(catalogue))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", DEEDS)
def test_t40_a_role_may_do_what_the_table_says_and_nothing_else(deed: str, role: Role):
    grants = (Grant(role, OWN if role is Role.LEADER else ""),)
    rule = DEEDS[deed]

    assert may_do(deed, grants) == (role in rule.roles)
    is_bound = role is Role.LEADER and rule.is_of_unit
    assert may_do(deed, grants, FOREIGN) == (role in rule.roles and not is_bound)
    assert may_do(deed, grants, OWN) == (role in rule.roles)


@pytest.mark.parametrize("deed", [*DEEDS, "no-such-deed"])
def test_t40_who_has_no_role_may_do_nothing(deed: str):
    assert may_do(deed, ()) is False
    assert may_do(deed, (), OWN) is False


@pytest.mark.parametrize("deed", [name for name, rule in DEEDS.items() if rule.is_of_unit])
def test_t41_two_groups_are_led_and_no_third(deed: str):
    grants = (Grant(Role.LEADER, OWN), Grant(Role.LEADER, "TDP-08"))

    assert allowed_units(DEEDS[deed], grants) == frozenset({OWN, "TDP-08"})
    assert may_do(deed, grants, FOREIGN) is False
