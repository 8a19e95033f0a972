"""T40: every role at every door of the staff: in private, in a group, forwarded, after its loss.

`handlers.access.DEEDS` is the single source: what it does not allow is refused politely, changes
nothing, and stands in the audit trail.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from handlers.access import DEEDS
from handlers.buttons import DialogueButton, PlainButton
from handlers.dispatch import answer
from handlers.incoming import Command, Incoming, Tap
from handlers.menus import IN_GROUPS
from handlers.records import Dialogue, EventId, MoveDialogue, Role, Sender
from handlers.reply import NOTHING, Effect
from handlers.staff import STAFF_DIALOGUE
from handlers.staff_table import COMMANDS, DIALOGUES, DOORS
from scoring.instant import Instant
from store.tables import ACCOUNT, ROLE

Meet = Callable[..., Any]
Appoint = Callable[..., Any]
ENTRANCES = sorted({*COMMANDS, *DOORS})
NOBODY = "nobody"
WHO = [NOBODY, *(role.value for role in Role)]


@pytest.fixture(params=WHO)
async def somebody(request: pytest.FixtureRequest, meet: Meet, appoint: Appoint) -> Any:
    """Somebody with the role that the test is about, and that role; None for a resident."""
    resident = meet(id="5001")
    if request.param == NOBODY:
        await resident.command("start")
        return resident, None
    role = Role(request.param)
    await appoint(resident, role, "TDP-06" if role is Role.LEADER else "")
    return resident, role


async def refusals(store: Any) -> list[str]:
    """What was refused, oldest first."""
    lines = [entry for _, entry in reversed(await store.audit.latest(500))]
    return [entry.subject for entry in lines if entry.act == "refused"]


async def press(resident: Any, name: str, owner: str = "") -> Any:
    """The button of a door, made for its owner."""
    sender = Sender("tg", owner or resident.id)
    data = resident.desk.contest.signer.write(PlainButton(name), sender)
    return await resident.say(Tap(data))


def is_refused(desk: Any, reply: Any) -> bool:
    texts = [screen.text for screen in reply.screens]
    return texts == [desk.text("staff.not_yours")] and reply.effect is Effect.REFUSED


def may_not(role: Role | None, names: list[str]) -> list[str]:
    return [name for name in names if role not in DEEDS[name].roles]


async def withdraw_all(store: Any) -> None:
    lost = update(ROLE).values(withdrawn_at=1)
    await store.database.write(lambda one: one.execute(lost))


async def test_t40_in_private_the_table_decides(somebody: Any, desk: Any, store: Any) -> None:
    resident, role = somebody

    typed = [name for name in COMMANDS if is_refused(desk, await resident.command(name))]
    pressed = [name for name in ENTRANCES if is_refused(desk, await press(resident, name))]

    assert typed == may_not(role, list(COMMANDS))
    assert pressed == may_not(role, ENTRANCES)
    assert await refusals(store) == [*typed, *pressed]


async def test_t40_in_a_group_nothing_of_the_staff_is_done(
    somebody: Any, desk: Any, store: Any
) -> None:
    resident, _ = somebody
    names = [name for name in COMMANDS if name not in IN_GROUPS]
    group = "-1005"
    told, taps = [], []
    for number, name in enumerate(names):
        incoming = Incoming(
            sender=Sender("tg", resident.id),
            chat=group,
            event=EventId(f"g{number}"),
            received_at=resident.clock.now(),
            received_ms=resident.clock.machine_ms(),
            content=Command(name, ""),
            is_private=False,
        )
        told += [screen.text for screen in (await answer(desk, incoming)).screens]
        data = desk.contest.signer.write(PlainButton(name), incoming.sender)
        taps.append(await answer(desk, replace(incoming, content=Tap(data))))

    assert told == [desk.text("home.group")] * len(names)
    assert taps == [NOTHING] * len(names)
    assert await refusals(store) == names
    # What is said in a group never makes it somebody's own chat.
    rows = await store.database.read(
        lambda one: one.execute(select(ACCOUNT.c.chat)).scalars().all()
    )
    assert rows == [resident.id]


async def test_t40_stranger_in_a_group_is_refused_without_an_account(
    desk: Any, clock: Any, store: Any
) -> None:
    sender = Sender("tg", "7001")
    content = Command("moi", "")
    incoming = Incoming(
        sender, "-1005", EventId("g1"), clock.now(), clock.machine_ms(), content, is_private=False
    )

    await answer(desk, incoming)

    ((_, line),) = await store.audit.latest(5)
    assert (line.account, line.act, line.subject) == (None, "refused", "moi")
    assert await desk.people.account_of(sender) is None


async def test_t40_forwarded_button_opens_nothing(somebody: Any, desk: Any, store: Any) -> None:
    resident, _ = somebody

    replies = [await press(resident, name, owner="4001") for name in ENTRANCES]

    assert {reply.effect for reply in replies} == {Effect.STALE}
    assert {reply.toast for reply in replies} == {desk.text("toast.stale_view")}
    assert await store.audit.latest(5) == ()


async def test_t40_after_its_loss_a_role_opens_nothing(
    somebody: Any, desk: Any, store: Any
) -> None:
    resident, _ = somebody
    await withdraw_all(store)

    typed = [name for name in COMMANDS if is_refused(desk, await resident.command(name))]
    pressed = [name for name in ENTRANCES if is_refused(desk, await press(resident, name))]

    assert (typed, pressed) == (list(COMMANDS), ENTRANCES)
    assert await refusals(store) == [*typed, *pressed]


@pytest.mark.parametrize("is_typed", [True, False], ids=["typed", "pressed"])
async def test_t40_role_lost_in_mid_dialogue_ends_it(
    somebody: Any, desk: Any, store: Any, *, is_typed: bool
) -> None:
    resident, _ = somebody
    await withdraw_all(store)
    refused, left = [], []
    for name in sorted(DIALOGUES):
        step = await open_dialogue(resident, name)
        reply = await (resident.text("12/QĐ") if is_typed else confirm(resident, step))
        refused.append(is_refused(desk, reply))
        left.append((await visited(resident)).dialogue.name)

    assert set(refused) == {True}
    assert set(left) == {""}
    assert await refusals(store) == [DIALOGUES[name].deed for name in sorted(DIALOGUES)]


async def test_t40_button_of_an_earlier_step_does_nothing(
    meet: Meet, appoint: Appoint, store: Any
) -> None:
    chief = meet(id="5001")
    await appoint(chief, Role.ORGANISER)
    replies = []
    for name in sorted(DIALOGUES):
        step = await open_dialogue(chief, name)
        replies += [await confirm(chief, step - 1), await confirm(chief, step + 1)]

    assert {reply.effect for reply in replies} == {Effect.STALE}
    assert await store.audit.latest(5) == ()


async def visited(resident: Any) -> Any:
    return await resident.desk.people.visit(Sender("tg", resident.id), resident.id, Instant(0))


async def open_dialogue(resident: Any, name: str) -> int:
    """The step at which a dialogue of that name now stands."""
    account = (await visited(resident)).account
    _, step = await resident.desk.people.move(
        MoveDialogue(account, Dialogue(name), resident.clock.now())
    )
    return int(step)


async def confirm(resident: Any, step: int) -> Any:
    button = DialogueButton(STAFF_DIALOGUE, step, "confirm")
    data = resident.desk.contest.signer.write(button, Sender("tg", resident.id))
    return await resident.say(Tap(data))
