"""`/vaitro`: one's own roles, and for organisers everybody's, to be given up or withdrawn.

A withdrawn role is gone at its holder's next input: grants are read at each visit.
"""

from collections.abc import Iterable

from markupsafe import Markup

from handlers.access import may_do
from handlers.fields import Refused, read_reason
from handlers.office_roles import HeldRole, WithdrawOutcome, WithdrawRole
from handlers.records import Role
from handlers.reply import Reply, Rows
from handlers.role_words import masked_phone, role_title
from handlers.staff import Staff, ask, overtaken, refused, screen_of, step_back

WITHDRAW, LEAVE = "role_withdraw", "role_leave"
SHOWN = 8
LONGEST_NAME = 40
_ORDER = {role: at for at, role in enumerate(Role)}


async def show(staff: Staff, argument: str) -> Reply:
    own = await staff.desk.office.roles.of_account(staff.visitor.account)
    rows = Rows()
    for one in own:
        role = staff.text(f"role.{one.grant.role.value}")[:LONGEST_NAME]
        label = staff.text("button.leave_role", role=role)
        rows.add(staff.labelled(label, LEAVE, str(one.id)))
    text = staff.text("roles.own", roles=_joined(_title(staff, one) for one in own))
    if may_do(WITHDRAW, staff.visitor.grants):
        page = int(argument) if argument.isdecimal() else 1
        text += Markup("\n\n") + await _others(staff, page, rows)
    return screen_of(staff, "roles.page", rows, text=text)


async def begin_withdrawal(staff: Staff, argument: str) -> Reply:
    """Somebody's role: why, then whether it is meant."""
    held = await _held(staff, argument)
    if held is None:
        return refused(staff, "roles.gone")
    now = await ask(staff, WITHDRAW, {"role": held.id})
    if now is None:
        return await overtaken(staff)
    rows = Rows().add(now.press("back", "back"))
    return screen_of(now, "roles.why", rows, name=held.holder.name, role=_title(now, held))


async def typed_withdrawal(staff: Staff, text: str) -> Reply:
    why = read_reason(text)
    if isinstance(why, Refused):
        return refused(staff, why.entry)
    return await _confirm(staff, WITHDRAW, {"role": staff.draft["role"], "why": why})


async def begin_leaving(staff: Staff, argument: str) -> Reply:
    """One's own role."""
    held = await _held(staff, argument)
    if held is None or held.account != staff.visitor.account:
        return refused(staff, "roles.gone")
    return await _confirm(staff, LEAVE, {"role": held.id})


async def typed_leaving(staff: Staff, _: str) -> Reply:
    return await begin_leaving(staff, str(staff.draft["role"]))


async def pressed_withdrawal(staff: Staff, choice: str) -> Reply:
    if choice != "confirm" or "why" not in staff.draft:
        return await step_back(staff, show)
    return await _withdraw(staff, WITHDRAW)


async def pressed_leaving(staff: Staff, choice: str) -> Reply:
    if choice != "confirm":
        return await step_back(staff, show)
    return await _withdraw(staff, LEAVE)


async def _confirm(staff: Staff, dialogue: str, draft: dict[str, object]) -> Reply:
    held = await _held(staff, str(draft["role"]))
    if held is None:
        return refused(staff, "roles.gone")
    now = await ask(staff, dialogue, draft)
    if now is None:
        return await overtaken(staff)
    rows = Rows().add(now.press(f"{dialogue}_sure", "confirm")).add(now.press("back", "back"))
    title = _title(now, held)
    if dialogue == LEAVE:
        return screen_of(now, "roles.confirm_leave", rows, role=title)
    return screen_of(
        now, "roles.confirm", rows, name=held.holder.name, role=title, why=draft["why"]
    )


async def _withdraw(staff: Staff, act: str) -> Reply:
    ordered = staff.ordered(act.replace("_", "."), str(staff.draft.get("why", "")))
    order = WithdrawRole(int(staff.draft["role"]), ordered)
    outcome = await staff.desk.office.roles.withdraw(order)
    match outcome:
        case WithdrawOutcome.WITHDRAWN:
            return screen_of(staff, "roles.withdrawn_done" if act == WITHDRAW else "roles.left")
        case WithdrawOutcome.SUPERSEDED:
            return await overtaken(staff)
        case WithdrawOutcome.LAST_ORGANISER:
            return refused(staff, "roles.last_organiser")
    return refused(staff, "roles.gone")


async def _others(staff: Staff, page: int, rows: Rows) -> str:
    """Everybody else with a role, a page of them, each with its button."""
    everybody = await staff.desk.office.roles.held()
    others = [one for one in everybody if one.account != staff.visitor.account]
    others.sort(key=lambda one: (_ORDER[one.grant.role], one.grant.unit, one.id))
    pages = max(1, -(-len(others) // SHOWN))
    page = min(max(page, 1), pages)
    shown = others[(page - 1) * SHOWN : page * SHOWN]
    for one in shown:
        label = staff.text("button.withdraw_role", name=one.holder.name[:LONGEST_NAME])
        rows.add(staff.labelled(label, WITHDRAW, str(one.id)))
    turns = []
    if page > 1:
        turns.append(staff.door("page_before", "vaitro", str(page - 1)))
    if page < pages:
        turns.append(staff.door("page_after", "vaitro", str(page + 1)))
    rows.add(*turns)
    lines = _joined(_line(staff, one) for one in shown)
    return staff.text("roles.others", count=len(others), lines=lines, page=page, pages=pages)


def _line(staff: Staff, one: HeldRole) -> str:
    return staff.text(
        "roles.line",
        role=_title(staff, one),
        name=one.holder.name,
        phone=masked_phone(one.holder.phone),
        # The audit trail holds no names: here its numbers are found again.
        account=one.account,
    )


def _title(staff: Staff, one: HeldRole) -> str:
    return role_title(staff.desk, one.grant)


def _joined(lines: Iterable[str]) -> Markup:
    return Markup("\n").join(lines)


async def _held(staff: Staff, argument: str) -> HeldRole | None:
    return await staff.desk.office.roles.find(int(argument)) if argument.isdecimal() else None
