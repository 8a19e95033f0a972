"""`/nhatky`, `/suckhoe` and `/lenh`: what was done, how the machine does, and what may be typed."""

from markupsafe import Markup

from handlers.access import DEEDS, may_do
from handlers.records import AuditEntry
from handlers.reply import Reply, Rows
from handlers.staff import Staff, screen_of

TRAIL, HEALTH, HELP = "nhatky", "suckhoe", "lenh"
LINES = 12


async def trail(staff: Staff, argument: str) -> Reply:
    """The audit trail, newest first: `[all] [id]`, looks among it, below that id."""
    kind, _, number = argument.rpartition(" ")
    has_uses = "all" in {kind, number}
    before = int(number) if number.isdecimal() and len(number) < 15 else None  # noqa: PLR2004
    lines = await staff.desk.office.audit.latest(LINES, before, has_uses=has_uses)
    rows, kept = Rows(), "all " if has_uses else ""
    if len(lines) == LINES:
        rows.add(staff.door("trail_older", TRAIL, f"{kept}{lines[-1][0]}"))
    if not has_uses:
        rows.add(staff.door("trail_all", TRAIL, "all"))
    if before is not None:
        rows.add(staff.door("trail_newest", TRAIL))
    # Each line is the catalogue's own, escaped there.
    shown = Markup("\n\n").join(_line(staff, number, entry) for number, entry in lines)
    return screen_of(staff, "trail.page", rows, lines=shown, is_empty=not lines)


async def health(staff: Staff, _: str) -> Reply:
    """Nothing personal and no answers: a technician may read it."""
    look = await staff.desk.office.health()
    rows = Rows().add(staff.door("health_refresh", HEALTH))
    return screen_of(staff, "health.shown", rows, **look)


async def help_page(staff: Staff, _: str) -> Reply:
    """Every command that this person may type, a line each."""
    catalogue, grants = staff.desk.catalogue, staff.visitor.grants
    names = [name for name in DEEDS if catalogue.has(f"help.{name}") and may_do(name, grants)]
    lines = Markup("\n\n").join(staff.text(f"help.{name}") for name in names)
    return screen_of(staff, "help.page", lines=lines)


def _line(staff: Staff, number: int, entry: AuditEntry) -> str:
    catalogue = staff.desk.catalogue
    known = f"act.{entry.act.replace('.', '_')}"
    act = catalogue.text(known) if catalogue.has(known) else entry.act
    role = f"role.{entry.role}"
    return staff.text(
        "trail.line",
        number=number,
        at=staff.desk.rendering.moment(entry.at),
        role=catalogue.text(role) if catalogue.has(role) else entry.role,
        account=entry.account,
        act=act,
        subject=entry.subject,
        why=entry.why,
    )
