"""How each question of the registration looks; what an answer does is `handlers.registration`."""

from collections.abc import Callable, Mapping

from handlers.buttons import DialogueButton
from handlers.desk import Desk
from handlers.draft import AUDIENCE, BORN, CONSENT, GUARDIAN, NAME, PHONE, SUMMARY, UNIT, Draft
from handlers.records import Sender
from handlers.rendering import phone_shown
from handlers.reply import Button, ContactKeyboard, Place, Rows, Screen
from handlers.units import Unit

REGISTRATION = "registration"
DIALOGUES: Mapping[str, int] = {REGISTRATION: 1}
"""Dialogues by number, as buttons carry them; a number never changes its dialogue."""

UNITS_A_PAGE = 8


def question_screen(
    desk: Desk, sender: Sender, draft: Draft, step: int, question: str, place: Place
) -> Screen:
    """The screen that asks `question`; its buttons fit `step` only."""
    return _Asker(desk, sender, draft, step, place).ask(question)


class _Asker:
    """Draws one question; holds what every question's screen needs."""

    def __init__(self, desk: Desk, sender: Sender, draft: Draft, step: int, place: Place) -> None:
        self.desk, self.sender, self.draft = desk, sender, draft
        self.step, self.place = step, place

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

    def press(self, entry: str, choice: str, /, **arguments: object) -> Button:
        return self.labelled(self.desk.text(f"button.{entry}", **arguments), choice)

    def labelled(self, label: str, choice: str) -> Button:
        does = DialogueButton(DIALOGUES[REGISTRATION], self.step, choice)
        return self.desk.labelled(self.sender, label, does)

    def _screen(self, text: str, rows: Rows) -> Screen:
        return Screen(text, rows.done(), self.place)

    def _plain(self, entry: str) -> Screen:
        return self._screen(self.desk.text(entry), Rows().add(self.press("back", "back")))

    def _consent(self) -> Screen:
        text = self.desk.text("register.consent", days=self.desk.customs.keep_days)
        agree, disagree = self.press("agree", "agree"), self.press("disagree", "disagree")
        return self._screen(text, Rows().add(agree, disagree))

    def _phone(self) -> Screen:
        share = self.desk.text("button.share_phone")
        text = self.desk.text("register.phone", button=share)
        keyboard = ContactKeyboard(share, self.desk.text("button.back"))
        return Screen(text, place=Place.BELOW, keyboard=keyboard)

    def _name(self) -> Screen:
        rows = Rows()
        if self.draft.suggestion:
            rows.add(self.press("use_name", "suggested", name=self.draft.suggestion))
        return self._screen(self.desk.text("register.name"), rows.add(self.press("back", "back")))

    def _unit(self) -> Screen:
        offer = self.desk.units.find(self.draft.offer) if self.draft.offer else None
        if offer is None:
            return block_screen(self)
        text = self.desk.text("register.unit_offer", unit=offer.title)
        rows = Rows().add(self.press("yes_unit", f"unit={offer.code}"))
        return self._screen(text, rows.add(self.press("other_unit", "other")))

    def _audience(self) -> Screen:
        rows = Rows()
        for key, label in self.desk.customs.audiences.items():
            rows.add(self.labelled(label, f"audience={key}"))
        rows.add(self.press("back", "back"))
        return self._screen(self.desk.text("register.audience"), rows)

    def _summary(self) -> Screen:
        rows = Rows().add(self.press("confirm", "confirm"))
        rows.add(self.press("edit_name", "edit=name"), self.press("edit_born", "edit=born"))
        rows.add(self.press("edit_phone", "edit=phone"), self.press("edit_unit", "edit=unit"))
        return self._screen(_summary_text(self.desk, self.draft), rows.add(self._cancel()))

    def _cancel(self) -> Button:
        return self.press("cancel", "cancel")


def block_screen(asker: _Asker, text: str | None = None) -> Screen:
    """The blocks of units to choose from; `text` stands in for the usual words."""
    rows = Rows()
    for block, title in asker.desk.units.blocks.items():
        rows.add(asker.labelled(title, f"block={block}/1"))
    rows.add(asker.press("back", "back"))
    shown = asker.desk.text("register.unit_blocks") if text is None else text
    return Screen(shown, rows.done(), asker.place)


def unit_page(desk: Desk, sender: Sender, step: int, block: str, page: int) -> Screen | None:
    """One page of a block's units; None: no such block or page."""
    asker = _Asker(desk, sender, Draft(), step, Place.HERE)
    units = desk.units.in_block(block)
    pages = -(-len(units) // UNITS_A_PAGE)
    if block not in desk.units.blocks or not 1 <= page <= pages:
        return None
    shown = units[(page - 1) * UNITS_A_PAGE : page * UNITS_A_PAGE]
    rows = _unit_rows(asker, shown).add(*_page_buttons(asker, block, page, pages))
    rows.add(asker.press("other_unit", "blocks"))
    title = desk.units.blocks[block]
    return Screen(desk.text("register.unit_list", block=title, page=page, pages=pages), rows.done())


def units_found(desk: Desk, sender: Sender, step: int, typed: str) -> Screen:
    """What a search found, or how to search better."""
    asker = _Asker(desk, sender, Draft(), step, Place.BELOW)
    found = desk.units.search(typed, UNITS_A_PAGE)
    if not found:
        hotline = desk.text("contest.hotline")
        text = desk.text("register.unit_not_found", typed=typed[:40], hotline=hotline)
        return block_screen(asker, text)
    rows = _unit_rows(asker, found).add(asker.press("other_unit", "blocks"))
    text = desk.text("register.unit_found", count=len(found))
    return Screen(text, rows.done(), Place.BELOW)


def blocks_page(desk: Desk, sender: Sender, step: int) -> Screen:
    return block_screen(_Asker(desk, sender, Draft(), step, Place.HERE))


def back_row(desk: Desk, sender: Sender, step: int) -> tuple[tuple[Button, ...], ...]:
    """A way back under a refusal."""
    asker = _Asker(desk, sender, Draft(), step, Place.BELOW)
    return ((asker.press("back", "back"),),)


def _unit_rows(asker: _Asker, units: tuple[Unit, ...]) -> Rows:
    rows = Rows()
    for unit in units:
        rows.add(asker.labelled(unit.title, f"unit={unit.code}"))
    return rows


def _page_buttons(asker: _Asker, block: str, page: int, pages: int) -> list[Button]:
    buttons = []
    if page > 1:
        buttons.append(asker.press("page_before", f"block={block}/{page - 1}"))
    if page < pages:
        buttons.append(asker.press("page_after", f"block={block}/{page + 1}"))
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
