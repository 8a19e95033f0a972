"""The claim's draft as a value, which question comes next, and how each of them looks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from handlers.buttons import DialogueButton
from handlers.desk import Desk
from handlers.office_roles import Holder
from handlers.records import Grant, Role, Sender
from handlers.reply import Button, ContactKeyboard, Place, Rows, Screen
from handlers.role_words import is_unranked, phone_title, role_title

CLAIM = "claim"
CLAIM_DIALOGUE = 3
"""The number that the claim's buttons carry."""

CONSENT, PHONE, NAME, SUMMARY = "consent", "phone", "name", "summary"


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What has been given so far; `suggestion` is the platform's name for the person."""

    token: str
    role: str
    unit: str = ""
    has_agreed: bool = False
    phone: str | None = None
    is_phone_verified: bool = False
    name: str | None = None
    suggestion: str | None = None

    def as_dict(self) -> dict[str, object]:
        return {key: value for key, value in asdict(self).items() if value not in {None, False}}


def claim_draft(stored: Mapping[str, object]) -> ClaimDraft:
    known = {one.name for one in fields(ClaimDraft)}
    return ClaimDraft(**{key: value for key, value in stored.items() if key in known})  # type: ignore[arg-type]


def grant_in(draft: ClaimDraft) -> Grant:
    return Grant(Role(draft.role), draft.unit)


def claim_question(draft: ClaimDraft) -> str:
    """The first that has no answer."""
    if not draft.has_agreed:
        return CONSENT
    if draft.phone is None:
        return PHONE
    return NAME if draft.name is None else SUMMARY


@dataclass(frozen=True, slots=True)
class ClaimAsking:
    """What every screen of the claim needs; its buttons fit `step` only."""

    desk: Desk
    sender: Sender
    step: int
    place: Place

    def press(self, entry: str, choice: str, /, **arguments: object) -> Button:
        label = self.desk.text(f"button.{entry}", **arguments)
        return self.desk.labelled(
            self.sender, label, DialogueButton(CLAIM_DIALOGUE, self.step, choice)
        )


def claim_screen(asking: ClaimAsking, draft: ClaimDraft) -> Screen:
    """What the draft asks now."""
    askers = {CONSENT: _consent, PHONE: _phone, NAME: _name, SUMMARY: _summary}
    return askers[claim_question(draft)](asking, draft)


def _consent(asking: ClaimAsking, draft: ClaimDraft) -> Screen:
    desk, grant = asking.desk, grant_in(draft)
    text = desk.text(
        "claim.consent",
        contest=desk.text("contest.name"),
        role=role_title(desk, grant),
        days=desk.customs.keep_days,
        is_unranked=is_unranked(grant),
    )
    rows = Rows().add(asking.press("agree", "agree"), asking.press("disagree", "disagree"))
    return Screen(text, rows.done(), asking.place, is_live=True)


def _phone(asking: ClaimAsking, _: ClaimDraft) -> Screen:
    share = asking.desk.text("button.share_phone")
    keyboard = ContactKeyboard(share, asking.desk.text("button.back"))
    text = asking.desk.text("claim.phone", button=share)
    return Screen(text, place=Place.BELOW, keyboard=keyboard, is_live=True)


def _name(asking: ClaimAsking, draft: ClaimDraft) -> Screen:
    rows = Rows()
    if draft.suggestion:
        rows.add(asking.press("use_name", "suggested", name=draft.suggestion))
    rows.add(asking.press("back", "back"))
    return Screen(asking.desk.text("claim.name"), rows.done(), asking.place, is_live=True)


def _summary(asking: ClaimAsking, draft: ClaimDraft) -> Screen:
    desk = asking.desk
    holder = Holder(draft.name or "", draft.phone or "", draft.is_phone_verified)
    text = desk.text(
        "claim.summary",
        role=role_title(desk, grant_in(draft)),
        name=holder.name,
        phone=phone_title(desk, holder),
    )
    rows = Rows().add(asking.press("send_claim", "send"))
    rows.add(asking.press("edit_name", "edit_name"), asking.press("edit_phone", "edit_phone"))
    return Screen(
        text, rows.add(asking.press("cancel", "cancel")).done(), asking.place, is_live=True
    )
