"""The door of those who run the contest: refused without a role, bound to its step with one."""

import pytest

from handlers import access, staff_table
from handlers.access import Deed
from handlers.desk import Desk
from handlers.records import AuditEntry, Role
from handlers.reply import Effect, Reply, Rows, Screen
from handlers.staff import Staff, StaffDialogue, ask, end, screen_of
from store.house import Store
from store.tables import ROLE
from tests.playing import Appoint, Meet


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A deed of two presses, by organisers alone; keeps what was done."""
    done: list[str] = []

    async def begin(staff: Staff, argument: str) -> Reply:
        at = await ask(staff, "count", {"what": argument})
        if at is None:
            return screen_of(staff, "home.hint")
        rows = Rows().add(at.press("confirm", "yes"))
        return Reply((Screen("?", rows.done(), at.place),))

    async def pressed(staff: Staff, choice: str) -> Reply:
        what = str(staff.visitor.dialogue.draft["what"])
        if await end(staff):
            done.append(f"{what}={choice} by {staff.role.value}")
        return screen_of(staff, "home.hint")

    async def typed(staff: Staff, text: str) -> Reply:
        done.append(f"typed {text}")
        return screen_of(staff, "home.hint")

    monkeypatch.setitem(access.DEEDS, "count", Deed(frozenset({Role.ORGANISER})))  # type: ignore[arg-type]
    monkeypatch.setitem(staff_table.COMMANDS, "count", begin)  # type: ignore[arg-type]
    dialogue = StaffDialogue("count", typed, pressed)
    monkeypatch.setitem(staff_table.DIALOGUES, "count", dialogue)  # type: ignore[arg-type]
    return done


async def refusals(desk: Desk) -> list[AuditEntry]:
    return [entry for _, entry in await desk.office.audit.latest(10) if entry.act == "refused"]


async def test_t40_who_has_no_role_is_refused_and_that_is_on_record(
    meet: Meet, desk: Desk, counted: list[str]
):
    resident = meet()

    reply = await resident.command("count", "votes")

    assert counted == []
    assert reply.effect is Effect.REFUSED
    assert reply.screens[0].text == desk.text("staff.not_yours")
    assert [(one.role, one.subject) for one in await refusals(desk)] == [("none", "count")]


async def test_t40_another_role_is_refused_and_named_on_record(
    meet: Meet, desk: Desk, appoint: Appoint, counted: list[str]
):
    leader = meet()
    await leader.command("start")
    await appoint(leader, Role.LEADER, "TDP-06")

    await leader.command("count", "votes")

    assert counted == []
    assert [(one.role, one.subject) for one in await refusals(desk)] == [("leader", "count")]


async def test_a_second_press_does_it_once_however_often_it_comes(
    meet: Meet, appoint: Appoint, counted: list[str]
):
    organiser = meet()
    await organiser.command("start")
    await appoint(organiser, Role.ORGANISER, "")
    await organiser.command("count", "votes")
    confirm = organiser.button("Đúng, hoàn tất")

    organiser.last = Reply((Screen("", ((confirm,),)),))
    await organiser.tap("Đúng, hoàn tất")
    organiser.last = Reply((Screen("", ((confirm,),)),))
    again = await organiser.tap("Đúng, hoàn tất")

    assert counted == ["votes=yes by organiser"]
    assert again.effect is Effect.STALE


async def test_t40_a_role_that_is_lost_confirms_nothing(
    meet: Meet, store: Store, appoint: Appoint, counted: list[str]
):
    organiser = meet()
    await organiser.command("start")
    await appoint(organiser, Role.ORGANISER, "")
    await organiser.command("count", "votes")
    await store.database.write(
        lambda connection: connection.execute(ROLE.update().values(withdrawn_at=1))
    )

    reply = await organiser.tap("Đúng, hoàn tất")

    assert counted == []
    assert reply.effect is Effect.REFUSED


async def test_what_is_typed_goes_to_the_open_dialogue(
    meet: Meet, appoint: Appoint, counted: list[str]
):
    organiser = meet()
    await organiser.command("start")
    await appoint(organiser, Role.ORGANISER, "")
    await organiser.command("count", "votes")

    await organiser.text("ba mươi")

    assert counted == ["typed ba mươi"]


async def test_cancel_leaves_the_dialogue(meet: Meet, appoint: Appoint, counted: list[str]):
    organiser = meet()
    await organiser.command("start")
    await appoint(organiser, Role.ORGANISER, "")
    await organiser.command("count", "votes")

    await organiser.command("huy")
    await organiser.text("ba mươi")

    assert counted == []
