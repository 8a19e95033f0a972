"""`/moi`: an organiser offers a role, by a link that is passed on and claimed once.

The link is told once and never again: of its token only a keyed hash is kept. What becomes of a
claim is `handlers.settle`'s.
"""

from markupsafe import Markup

from handlers.office_roles import (
    INVITATION_PREFIX,
    Invitation,
    InvitationState,
    Invite,
    WithdrawInvitation,
    WithdrawOutcome,
)
from handlers.records import Grant, Role
from handlers.registration_screens import Asking, blocks_page, unit_page, units_found
from handlers.reply import Button, Place, Reply, Rows, Screen
from handlers.role_words import role_title
from handlers.staff import STAFF_DIALOGUE, Staff, ask, overtaken, refused, screen_of

INVITE = "invite"
SHOWN = 8
"""Invitations on one page."""


async def begin(staff: Staff, _: str) -> Reply:
    """Which role; and what was offered before and is not settled."""
    now = await ask(staff, INVITE, {})
    return await overtaken(staff) if now is None else await _roles(now)


async def pressed(staff: Staff, choice: str) -> Reply:
    what, _, value = choice.partition("=")
    if what in {"block", "blocks"}:
        block, _, page = value.partition("/")
        return _picking(staff, block, int(page or 1))
    if what == "page":
        return await _roles(staff, int(value))
    if what == "confirm":
        return await (_withdraw(staff) if "drop" in staff.draft else _invite(staff))
    draft = _draft(staff, what, value)
    return await (begin(staff, "") if draft is None else _chosen(staff, draft))


async def typed(staff: Staff, text: str) -> Reply:
    """A unit is found by what is typed, and chosen where one alone fits; the rest is pressed."""
    if _is_picking(staff):
        found = staff.desk.units.search(text, 2)
        if len(found) == 1:
            return await _chosen(staff, {"role": Role.LEADER.value, "unit": found[0].code})
        return Reply((units_found(_asking(staff), text),))
    return await begin(staff, "")


def _draft(staff: Staff, what: str, value: str) -> dict[str, object] | None:
    """What is to be confirmed after a choice; None: the choice is not in the lists any more."""
    if what == "role":
        return {"role": value}
    if what == "drop":
        return {"drop": int(value)}
    unit = staff.desk.units.find(value) if what == "unit" else None
    return None if unit is None else {"role": Role.LEADER.value, "unit": unit.code}


async def _roles(staff: Staff, page: int = 1) -> Reply:
    """Roles to choose from, and a page of what is not settled: what waits for a word first."""
    account, machine_ms = staff.visitor.account, staff.incoming.received_ms
    pending = list(await staff.desk.office.invitations.pending_of(account, machine_ms))
    pending.sort(key=lambda one: (one.state is InvitationState.OPEN, -one.id))
    shown = pending[(page - 1) * SHOWN : page * SHOWN]
    rows = Rows()
    for role in Role:
        rows.add(staff.press_labelled(staff.text(f"role.{role.value}"), f"role={role.value}"))
    for one in shown:
        rows.add(_pending_button(staff, one))
    turns = [staff.press("page_before", f"page={page - 1}")] if page > 1 else []
    if page * SHOWN < len(pending):
        turns.append(staff.press("page_after", f"page={page + 1}"))
    lines = Markup("\n").join(_pending_line(staff, one) for one in shown)
    return screen_of(staff, "invite.roles", rows.add(*turns), pending=lines)


async def _chosen(staff: Staff, draft: dict[str, object]) -> Reply:
    now = await ask(staff, INVITE, draft)
    if now is None:
        return await overtaken(staff)
    if _is_picking(now):
        return _picking(now)
    rows = Rows()
    if "drop" in draft:
        rows.add(now.press("withdraw_invitation", "confirm"))
        rows.add(now.press("back", "back"))
        return screen_of(now, "invite.confirm_withdraw", rows, number=draft["drop"])
    rows.add(now.press("make_invitation", "confirm")).add(now.press("back", "back"))
    return screen_of(now, "invite.confirm", rows, role=role_title(now.desk, _grant(now)))


async def _invite(staff: Staff) -> Reply:
    grant = _grant(staff)
    order = Invite(grant, staff.incoming.received_ms, staff.ordered("role.invite"))
    made = await staff.desk.office.invitations.invite(order)
    if made is None:
        return await overtaken(staff)
    desk = staff.desk
    address = desk.address(INVITATION_PREFIX + made.token)
    role = role_title(desk, grant)
    told = screen_of(staff, "invite.made", number=made.id, role=role)
    text = staff.text("invite.link", contest=staff.text("contest.name"), role=role, address=address)
    buttons = Rows().add(Button(staff.text("button.open_invitation"), url=address))
    link = Screen(text, buttons.done(), Place.BELOW)
    return Reply((*told.screens, link))


async def _withdraw(staff: Staff) -> Reply:
    number = int(staff.draft["drop"])
    order = WithdrawInvitation(number, staff.ordered("invitation.withdraw"))
    outcome = await staff.desk.office.invitations.withdraw(order)
    if outcome is WithdrawOutcome.SUPERSEDED:
        return await overtaken(staff)
    if outcome is WithdrawOutcome.WITHDRAWN:
        return screen_of(staff, "invite.withdrawn", number=number)
    return refused(staff, "invite.gone")


def _picking(staff: Staff, block: str = "", page: int = 1) -> Reply:
    asking = _asking(staff)
    shown = unit_page(asking, block, page) if block else None
    return Reply((shown or blocks_page(asking, staff.text("invite.unit")),))


def _asking(staff: Staff) -> Asking:
    step = staff.visitor.dialogue.step
    return Asking(staff.desk, staff.incoming.sender, step, staff.place, STAFF_DIALOGUE)


def _is_picking(staff: Staff) -> bool:
    return staff.draft.get("role") == Role.LEADER.value and "unit" not in staff.draft


def _grant(staff: Staff) -> Grant:
    return Grant(Role(staff.draft["role"]), str(staff.draft.get("unit", "")))


def _pending_button(staff: Staff, one: Invitation) -> Button:
    if one.state is InvitationState.CLAIMED:
        return staff.labelled(staff.text("button.see_claim", number=one.id), "claim", str(one.id))
    label = staff.text("button.drop_invitation", number=one.id)
    return staff.press_labelled(label, f"drop={one.id}")


def _pending_line(staff: Staff, one: Invitation) -> str:
    is_claimed = one.state is InvitationState.CLAIMED
    role = role_title(staff.desk, one.grant)
    return staff.text("invite.pending", number=one.id, role=role, is_claimed=is_claimed)
