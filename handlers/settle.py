"""What an inviter says of a claim: seen with name and phone, then approved or refused, once.

A claim whose owner has opened attempts needs the number of the decision under which they will not
count (rules 2.2).
"""

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.fields import Refused, read_decision
from handlers.office_roles import Invitation, InvitationState, SettleClaim, SettleOutcome
from handlers.records import Sender
from handlers.reply import Button, Reply, Rows, Screen
from handlers.role_words import is_unranked, phone_title, role_title
from handlers.staff import Staff, ask, overtaken, refused, screen_of, step_back

SETTLE = "settle"


async def show(staff: Staff, argument: str) -> Reply:
    """The claim with its two answers."""
    invitation = await _own_claim(staff, argument)
    if invitation is None:
        return refused(staff, "settle.gone")
    text, rows = claim_told(staff.desk, staff.incoming.sender, invitation)
    return Reply((Screen(text, rows.done(), staff.place),))


async def approve(staff: Staff, argument: str) -> Reply:
    return await _ask(staff, argument, is_yes=True)


async def refuse(staff: Staff, argument: str) -> Reply:
    return await _ask(staff, argument, is_yes=False)


async def pressed(staff: Staff, choice: str) -> Reply:
    if choice != "confirm":
        return await step_back(staff, show, str(staff.draft["invitation"]))
    is_yes = bool(staff.draft["is_yes"])
    number, doc = int(staff.draft["invitation"]), str(staff.draft.get("doc", ""))
    claimed = await staff.desk.office.invitations.find(number)
    ordered = staff.ordered("role.approve" if is_yes else "role.refuse")
    order = SettleClaim(number, is_yes, ordered, doc)
    outcome = await staff.desk.office.invitations.settle(order)
    match outcome:
        case SettleOutcome.SUPERSEDED:
            return await overtaken(staff)
        case SettleOutcome.NEEDS_DOC:
            return await _ask_doc(staff)
        case SettleOutcome.APPROVED | SettleOutcome.REFUSED if claimed is not None:
            role = role_title(staff.desk, claimed.grant)
            return screen_of(staff, f"settle.{outcome.value}", role=role)
    return refused(staff, "settle.gone")


async def typed(staff: Staff, text: str) -> Reply:
    """The number of the decision; without a question for it, only buttons answer."""
    if "wants_doc" not in staff.draft:
        return await show(staff, str(staff.draft["invitation"]))
    doc = read_decision(text)
    if isinstance(doc, Refused):
        return refused(staff, doc.entry)
    return await _confirm(staff, {**staff.draft, "doc": doc})


def claim_told(desk: Desk, sender: Sender, invitation: Invitation) -> tuple[str, Rows]:
    """Who claims what, with the two answers: a reply's and a notice's alike."""
    if invitation.holder is None:
        raise ValueError("only a claim has somebody to tell of")
    text = desk.text(
        "settle.claim",
        number=invitation.id,
        role=role_title(desk, invitation.grant),
        name=invitation.holder.name,
        phone=phone_title(desk, invitation.holder),
        is_unranked=is_unranked(invitation.grant),
    )
    rows = Rows()
    for entry in ("claim_yes", "claim_no"):
        rows.add(_door(desk, sender, entry, invitation.id))
    return text, rows


async def _ask(staff: Staff, argument: str, *, is_yes: bool) -> Reply:
    if await _own_claim(staff, argument) is None:
        return refused(staff, "settle.gone")
    return await _confirm(staff, {"invitation": int(argument), "is_yes": is_yes})


async def _confirm(staff: Staff, draft: dict[str, object]) -> Reply:
    now = await ask(staff, SETTLE, draft)
    if now is None:
        return await overtaken(staff)
    invitation = await _own_claim(now, str(draft["invitation"]))
    if invitation is None or invitation.holder is None:
        return refused(now, "settle.gone")
    kind = "yes" if draft["is_yes"] else "no"
    rows = Rows().add(now.press(f"claim_{kind}_sure", "confirm")).add(now.press("back", "back"))
    return screen_of(
        now,
        f"settle.confirm_{kind}",
        rows,
        role=role_title(now.desk, invitation.grant),
        name=invitation.holder.name,
    )


async def _ask_doc(staff: Staff) -> Reply:
    now = await ask(staff, SETTLE, {**staff.draft, "wants_doc": True})
    if now is None:
        return await overtaken(staff)
    return screen_of(now, "settle.doc", Rows().add(now.press("back", "back")))


async def _own_claim(staff: Staff, argument: str) -> Invitation | None:
    """The claim of that number, if it waits for this account's word."""
    if not argument.isdecimal():
        return None
    found = await staff.desk.office.invitations.find(int(argument))
    if found is None or found.state is not InvitationState.CLAIMED:
        return None
    return found if found.made_by == staff.visitor.account else None


def _door(desk: Desk, sender: Sender, name: str, invitation: int) -> Button:
    return desk.button(sender, name, PlainButton(name, str(invitation)))
