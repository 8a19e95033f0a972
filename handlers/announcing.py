"""`/thongbao`: an organiser writes to many, sees it first, and steers it while it goes out.

Every press that changes something compares the broadcast's state in SQL: a second press, or the
opposite one of another organiser, meets a state that does not fit and is told so.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache

from handlers.broadcasts import (
    FROM,
    Audience,
    Broadcast,
    BroadcastAct,
    BroadcastId,
    BroadcastState,
    Progress,
    Stage,
    audience_from,
)
from handlers.catalogue import Catalogue
from handlers.desk import Desk
from handlers.reply import Button, Place, Reply, Rows, Screen
from handlers.staff import Staff, StaffDialogue, ask, end, screen_of
from question_bank.text import clean
from scoring.quiet_hours import is_quiet

DEED, DIALOGUE = "thongbao", "broadcast"
LONGEST = 1_000
"""Characters of a message: what a phone shows on two screens."""

SHOWN, FOUND = 5, 8
LONGEST_NAME = 40
"""What is typed longer than this is no unit's name."""

_STAGES = tuple(Stage)


async def begin(staff: Staff, argument: str) -> Reply:
    """The command and every button of it: `word` or `word id`."""
    word, _, number = argument.partition(" ")
    if word not in _DOORS or not number.isdecimal():
        return await (_compose(staff) if word == "new" else _menu(staff))
    return await _DOORS[word](staff, BroadcastId(int(number)))


async def _menu(staff: Staff) -> Reply:
    rows = Rows().add(staff.door("broadcast_new", DEED, "new"))
    for one in await staff.desk.office.broadcasts.latest(SHOWN):
        label = staff.text("button.broadcast_one", number=one.id, state=_state(staff, one))
        rows.add(staff.labelled(label, DEED, f"show {one.id}"))
    return screen_of(staff, "broadcast.menu", rows)


async def _compose(staff: Staff) -> Reply:
    at = await ask(staff, DIALOGUE, {})
    if at is None:
        return await _menu(staff)
    rows = Rows()
    for stage in _STAGES:
        rows.add(at.press(f"broadcast_{stage.value}", f"stage={stage.value}"))
    return screen_of(at, "broadcast.whom", rows)


async def pressed(staff: Staff, choice: str) -> Reply:
    """A button of the composing: first whom it is for, then of which units."""
    what, _, value = choice.partition("=")
    draft = dict(staff.visitor.dialogue.draft)
    if what == "stage":
        return await _ask_units(staff, {"stage": value})
    if what == "unit":
        draft["units"] = [value]
    elif what != "block":
        draft["units"] = []
    elif codes := [one.code for one in staff.desk.units.in_block(value)]:
        draft["units"] = codes
    else:
        # No units at all would mean everybody.
        return await _ask_units(staff, draft)
    return await _ask_words(staff, draft)


async def _ask_units(staff: Staff, draft: dict[str, object]) -> Reply:
    at = await ask(staff, DIALOGUE, draft)
    if at is None:
        return await _menu(staff)
    rows = Rows().add(at.press("broadcast_all_units", "all"))
    for block, title in staff.desk.units.blocks.items():
        if staff.desk.units.in_block(block):
            rows.add(at.press_labelled(title, f"block={block}"))
    return screen_of(at, "broadcast.units", rows.add(_back(at)))


async def _ask_words(staff: Staff, draft: dict[str, object]) -> Reply:
    at = await ask(staff, DIALOGUE, draft)
    if at is None:
        return await _menu(staff)
    count = await _count(at, audience_from(draft))
    back = Rows().add(_back(at))
    return screen_of(at, "broadcast.words_asked", back, count=count, limit=LONGEST)


def _back(staff: Staff) -> Button:
    """To whom it is for, and all that follows, again."""
    return staff.door("back", DEED, "new")


async def typed(staff: Staff, text: str) -> Reply:
    """What was typed: a unit's name while units are asked, else the message."""
    draft = dict(staff.visitor.dialogue.draft)
    if "stage" not in draft:
        return screen_of(staff, "broadcast.press_first")
    if "units" not in draft and not draft.get("is_worded"):
        return await _typed_first(staff, draft, text)
    return await _drafted(staff, draft, text)


async def _typed_first(staff: Staff, draft: dict[str, object], text: str) -> Reply:
    """Typed where units may still be named: a short text that fits units names them."""
    found = staff.desk.units.search(text, FOUND) if len(text) <= LONGEST_NAME else ()
    if not found:
        return await _drafted(staff, draft, text)
    at = await ask(staff, DIALOGUE, draft | {"is_worded": True})
    if at is None:
        return await _menu(staff)
    rows = Rows()
    for unit in found:
        rows.add(at.press_labelled(unit.title, f"unit={unit.code}"))
    return screen_of(at, "broadcast.units_found", rows.add(_back(at)))


async def _drafted(staff: Staff, draft: dict[str, object], text: str) -> Reply:
    """Keep the message and show it as it will be read."""
    words = "\n".join(clean(line) for line in text.split("\n")).strip()
    if not words or len(words) > LONGEST:
        return screen_of(staff, "broadcast.too_long", limit=LONGEST, length=len(words))
    if not await end(staff):
        return await _menu(staff)
    visitor, at = staff.visitor, staff.incoming.received_at
    audience = audience_from(draft)
    made = await staff.desk.office.broadcasts.draft(audience, words, visitor.account, at)
    return await _show(staff, made)


async def _show(staff: Staff, broadcast: BroadcastId) -> Reply:
    found = await staff.desk.office.broadcasts.find(broadcast)
    if found is None:
        return await _menu(staff)
    one, progress = found
    if one.state is BroadcastState.DRAFT:
        return await _preview(staff, one)
    rows, facts = _steering(staff, one, progress), _facts(staff, one, progress)
    return screen_of(staff, "broadcast.progress", rows, **facts)


async def _preview(staff: Staff, one: Broadcast) -> Reply:
    count = await _count(staff, one.audience)
    rows = Rows().add(staff.door("broadcast_try", DEED, f"try {one.id}"))
    rows.add(staff.door("broadcast_send", DEED, f"sure {one.id}"))
    rows.add(staff.door("broadcast_rewrite", DEED, "new"))
    shown = Screen(words_text(staff.desk, one.words), place=Place.BELOW)
    asked = screen_of(
        staff, "broadcast.preview", rows, count=count, audience=_audience(staff, one.audience)
    )
    return Reply((shown, Screen(asked.screens[0].text, asked.screens[0].buttons, Place.BELOW)))


async def _try(staff: Staff, broadcast: BroadcastId) -> Reply:
    account, at = staff.visitor.account, staff.incoming.received_at
    is_sent = await staff.desk.office.broadcasts.try_out(broadcast, account, at)
    entry = "toast.broadcast_tried" if is_sent else "toast.broadcast_not_tried"
    return Reply(toast=staff.text(entry))


async def _sure(staff: Staff, broadcast: BroadcastId) -> Reply:
    """The second press says what will happen, and to how many."""
    found = await staff.desk.office.broadcasts.find(broadcast)
    if found is None or found[0].state is not BroadcastState.DRAFT:
        return await _show(staff, broadcast)
    count = await _count(staff, found[0].audience)
    minutes = max(1, round(count / 29 / 60))
    rows = Rows().add(staff.door("broadcast_yes", DEED, f"start {broadcast}"))
    rows.add(staff.door("broadcast_no", DEED, f"show {broadcast}"))
    return screen_of(
        staff,
        "broadcast.sure",
        rows,
        count=count,
        minutes=minutes,
        is_night=is_quiet(staff.incoming.received_at),
    )


def _acting(act: BroadcastAct) -> Callable[[Staff, BroadcastId], Awaitable[Reply]]:
    async def handle(staff: Staff, broadcast: BroadcastId) -> Reply:
        entry = staff.entry(f"broadcast.{act.value}", f"broadcast:{broadcast}")
        is_done = await staff.desk.office.broadcasts.act(broadcast, act, entry)
        shown = await _show(staff, broadcast)
        if is_done:
            return shown
        return Reply(shown.screens, staff.text("toast.broadcast_not_now"))

    return handle


async def _stopping(staff: Staff, broadcast: BroadcastId) -> Reply:
    """What is stopped never goes on: the second press, as for sending."""
    found = await staff.desk.office.broadcasts.find(broadcast)
    if found is None or found[0].state not in FROM[BroadcastAct.STOP]:
        return await _show(staff, broadcast)
    rows = Rows().add(staff.door("broadcast_stop_yes", DEED, f"stop {broadcast}"))
    rows.add(staff.door("broadcast_stop_no", DEED, f"show {broadcast}"))
    return screen_of(staff, "broadcast.stop_sure", rows, number=broadcast)


async def _resend(staff: Staff, broadcast: BroadcastId) -> Reply:
    entry = staff.entry("broadcast.resend", f"broadcast:{broadcast}")
    await staff.desk.office.broadcasts.resend_dead(broadcast, entry)
    return await _show(staff, broadcast)


_DOORS: Mapping[str, Callable[[Staff, BroadcastId], Awaitable[Reply]]] = {
    "show": _show,
    "try": _try,
    "sure": _sure,
    "stopping": _stopping,
    "resend": _resend,
    **{act.value: _acting(act) for act in BroadcastAct},
}

ANNOUNCING = StaffDialogue(DEED, typed, pressed)


def words_text(desk: Desk, words: str) -> str:
    """The message as its readers see it."""
    return _words_text(desk.catalogue, words)


# Thousands are told the same, one after the other.
@lru_cache(maxsize=4)
def _words_text(catalogue: Catalogue, words: str) -> str:
    return catalogue.text("broadcast.words", words=words, hotline=catalogue.text("contest.hotline"))


def _steering(staff: Staff, one: Broadcast, progress: Progress) -> Rows:
    rows = Rows().add(staff.door("broadcast_refresh", DEED, f"show {one.id}"))
    asked = {
        BroadcastAct.PAUSE: "pause",
        BroadcastAct.RESUME: "resume",
        BroadcastAct.STOP: "stopping",
    }
    buttons: list[Button] = [
        staff.door(f"broadcast_{act.value}", DEED, f"{word} {one.id}")
        for act, word in asked.items()
        if one.state in FROM[act]
    ]
    rows.add(*buttons)
    if progress.dead:
        rows.add(staff.door("broadcast_resend", DEED, f"resend {one.id}"))
    return rows.add(staff.door("broadcast_list", DEED))


def _facts(staff: Staff, one: Broadcast, progress: Progress) -> dict[str, object]:
    return {
        "number": one.id,
        "state": _state(staff, one),
        "audience": _audience(staff, one.audience),
        "total": one.total,
        "is_filling": one.state is BroadcastState.FILLING,
        "sent": progress.sent,
        "waiting": progress.waiting + progress.held,
        "unreachable": progress.unreachable,
        "dead": progress.dead,
        "dropped": progress.dropped,
    }


def _state(staff: Staff, one: Broadcast) -> str:
    return staff.text(f"broadcast.state_{one.state.value}")


def _audience(staff: Staff, audience: Audience) -> str:
    title = staff.text(f"button.broadcast_{audience.stage.value}")
    if not audience.units:
        return title
    units = [staff.desk.units.find(code) for code in audience.units]
    names = [unit.title for unit in units if unit is not None]
    if len(names) > 1:
        return staff.text("broadcast.of_units", whom=title, count=len(names))
    return staff.text("broadcast.of_unit", whom=title, unit="".join(names))


async def _count(staff: Staff, audience: Audience) -> int:
    limit = staff.desk.contest.rules.limits.attempts
    return await staff.desk.office.broadcasts.count(audience, limit)
