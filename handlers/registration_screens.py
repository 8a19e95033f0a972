"""How each question of the registration looks; what an answer does is `handlers.registration`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers.buttons import DialogueButton
from handlers.desk import Desk
from handlers.draft import AUDIENCE, BORN, CONSENT, GUARDIAN, NAME, PHONE, SUMMARY, UNIT, Draft
from handlers.records import Sender
from handlers.rendering import phone_shown
from handlers.reply import Button, ContactKeyboard, Place, Rows, Screen
from handlers.units import Unit
from question_bank.text import clean

REGISTRATION = "registration"
DIALOGUES: Mapping[str, int] = {REGISTRATION: 1}
"""Dialogues by number, as buttons carry them; a number never changes its dialogue."""

UNITS_A_PAGE = 8
LONGEST_ECHO = 40


@dataclass(frozen=True, slots=True)
class Asking:
    """What every screen of the dialogue needs; its buttons fit `step` only.

    `dialogue` is the number its buttons carry: units are picked in others, too.
    """

    desk: Desk
    sender: Sender
    step: int
    place: Place
    dialogue: int = DIALOGUES[REGISTRATION]

    def press(self, entry: str, choice: str, /, **arguments: object) -> Button:
        return self.labelled(self.desk.text(f"button.{entry}", **arguments), choice)

    def labelled(self, label: str, choice: str) -> Button:
        does = DialogueButton(self.dialogue, self.step, choice)
        return self.desk.labelled(self.sender, label, does)


def question_screen(asking: Asking, draft: Draft, question: str) -> Screen:
    """The screen that asks `question`."""
    return _Question(asking, draft).ask(question)


class _Question:
    """Draws one question of a draft."""

    def __init__(self, asking: Asking, draft: Draft) -> None:
        self.asking, self.draft = asking, draft
        self.desk, self.press, self.place = asking.desk, asking.press, asking.place

    def ask(self, question: str) -> Screen:
        askers: Mapping[str, Callable[[], Screen]] = {
            CONSENT: self._consent,
            PHONE: self._phone,
            NAME: self._name,
            BORN: lambda: self._plain("register.born"),
            GUARDIAN: lambda: self._plain("register.guardian"),
            UNIT: self._unit,
            AUDIENCE: self._audience,
            SUMMARY: self._summary,
        }
        return askers[question]()

    def _screen(self, text: str, rows: Rows) -> Screen:
        return Screen(text, rows.done(), self.place, is_live=True)

    def _plain(self, entry: str) -> Screen:
        return self._screen(self.desk.text(entry), Rows().add(self.press("back", "back")))

    def _consent(self) -> Screen:
        helped = f"_{self.draft.relation}" if self.draft.relation else ""
        text = self.desk.text(f"register.consent{helped}", days=self.desk.customs.keep_days)
        agree, disagree = self.press("agree", "agree"), self.press("disagree", "disagree")
        return self._screen(text, Rows().add(agree, disagree))

    def _phone(self) -> Screen:
        if self.draft.is_assisted:
            return self._plain("register.phone_assisted")
        share = self.desk.text("button.share_phone")
        text = self.desk.text("register.phone", button=share)
        keyboard = ContactKeyboard(share, self.desk.text("button.back"))
        return Screen(text, place=Place.BELOW, keyboard=keyboard, is_live=True)

    def _name(self) -> Screen:
        rows = Rows()
        if self.draft.suggestion:
            rows.add(self.press("use_name", "suggested", name=self.draft.suggestion))
        return self._screen(self.desk.text("register.name"), rows.add(self.press("back", "back")))

    def _unit(self) -> Screen:
        offer = self.desk.units.find(self.draft.offer) if self.draft.offer else None
        if offer is None:
            return _block_screen(self.asking)
        # A relative's offer is the helper's unit; anybody else's came with the link.
        helped = f"_{self.draft.relation}" if self.draft.relation else ""
        text = self.desk.text(f"register.unit_offer{helped}", unit=offer.title)
        rows = Rows().add(self.press("yes_unit", f"unit={offer.code}"))
        rows.add(self.press("other_unit", "other"))
        return self._screen(text, rows.add(self.press("back", "back")))

    def _audience(self) -> Screen:
        rows = Rows()
        for key, label in self.desk.customs.audiences.items():
            rows.add(self.asking.labelled(label, f"audience={key}"))
        rows.add(self.press("back", "back"))
        return self._screen(self.desk.text("register.audience"), rows)

    def _summary(self) -> Screen:
        rows = Rows().add(self.press("confirm", "confirm"))
        rows.add(self.press("edit_name", "edit=name"), self.press("edit_born", "edit=born"))
        rows.add(self.press("edit_phone", "edit=phone"), self.press("edit_unit", "edit=unit"))
        return self._screen(_summary_text(self.desk, self.draft), rows.add(self._cancel()))

    def _cancel(self) -> Button:
        return self.press("cancel", "cancel")


def unit_page(asking: Asking, block: str, page: int) -> Screen | None:
    """One page of a block's units; None: no such block or page."""
    units = asking.desk.units.in_block(block)
    pages = -(-len(units) // UNITS_A_PAGE)
    if block not in asking.desk.units.blocks or not 1 <= page <= pages:
        return None
    shown = units[(page - 1) * UNITS_A_PAGE : page * UNITS_A_PAGE]
    rows = _unit_rows(asking, shown).add(*_page_buttons(asking, block, page, pages))
    rows.add(asking.press("other_unit", "blocks"))
    title = asking.desk.units.blocks[block]
    text = asking.desk.text("register.unit_list", block=title, page=page, pages=pages)
    return Screen(text, rows.done(), asking.place, is_live=True)


def units_found(asking: Asking, typed: str) -> Screen:
    """What a search found, or how to search better."""
    found = asking.desk.units.search(typed, UNITS_A_PAGE)
    if not found:
        hotline = asking.desk.text("contest.hotline")
        shown = clean(typed)[:LONGEST_ECHO]
        text = asking.desk.text("register.unit_not_found", typed=shown, hotline=hotline)
        return _block_screen(asking, text)
    rows = _unit_rows(asking, found).add(asking.press("other_unit", "blocks"))
    text = asking.desk.text("register.unit_found", count=len(found))
    return Screen(text, rows.done(), asking.place, is_live=True)


def blocks_page(asking: Asking, text: str | None = None) -> Screen:
    """The blocks to choose from; `text` stands in for the registration's words."""
    return _block_screen(asking, text)


def back_row(asking: Asking) -> tuple[tuple[Button, ...], ...]:
    """A way back under a refusal."""
    return ((asking.press("back", "back"),),)


def _block_screen(asking: Asking, text: str | None = None) -> Screen:
    """The blocks of units to choose from; `text` stands in for the usual words."""
    rows = Rows()
    for block, title in asking.desk.units.blocks.items():
        rows.add(asking.labelled(title, f"block={block}/1"))
    rows.add(asking.press("back", "back"))
    shown = asking.desk.text("register.unit_blocks") if text is None else text
    return Screen(shown, rows.done(), asking.place, is_live=True)


def _unit_rows(asking: Asking, units: tuple[Unit, ...]) -> Rows:
    rows = Rows()
    for unit in units:
        rows.add(asking.labelled(unit.title, f"unit={unit.code}"))
    return rows


def _page_buttons(asking: Asking, block: str, page: int, pages: int) -> list[Button]:
    buttons = []
    if page > 1:
        buttons.append(asking.press("page_before", f"block={block}/{page - 1}"))
    if page < pages:
        buttons.append(asking.press("page_after", f"block={block}/{page + 1}"))
    return buttons


def _summary_text(desk: Desk, draft: Draft) -> str:
    unit = desk.units.find(draft.unit or "")
    phone_entry = "format.phone_verified" if draft.is_phone_verified else "format.phone_typed"
    return desk.text(
        "register.summary",
        name=draft.name,
        born=draft.born,
        phone=desk.text(phone_entry, phone=phone_shown(draft.phone or "")),
        unit="" if unit is None else unit.title,
        audience=desk.customs.audiences.get(draft.audience or ""),
        guardian=phone_shown(draft.guardian) if draft.guardian else None,
    )
