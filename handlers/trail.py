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
    look = dict(await staff.desk.office.health())
    alarms = str(look["alarms"] or "").split(", ")
    look["alarms"] = "; ".join(_known(staff, one, f"alarm.title_{one}") for one in alarms if one)
    rows = Rows().add(staff.door("health_refresh", HEALTH))
    return screen_of(staff, "health.shown", rows, **{one: _told(look[one]) for one in look})


def _told(value: object) -> object:
    """Seconds whole; what is not known stays None for the template."""
    return round(value) if isinstance(value, float) else value


async def help_page(staff: Staff, _: str) -> Reply:
    """Every command that this person may type, a line each."""
    catalogue, grants = staff.desk.catalogue, staff.visitor.grants
    names = [name for name in DEEDS if catalogue.has(f"help.{name}") and may_do(name, grants)]
    lines = Markup("\n\n").join(staff.text(f"help.{name}") for name in names)
    return screen_of(staff, "help.page", lines=lines)


def _line(staff: Staff, number: int, entry: AuditEntry) -> str:
    return staff.text(
        "trail.line",
        number=number,
        at=staff.desk.rendering.moment(entry.at),
        role=_known(staff, entry.role, f"role.{entry.role}", f"trail_role.{entry.role}"),
        account=entry.account,
        act=_known(staff, entry.act, f"act.{entry.act.replace('.', '_')}"),
        subject=_subject(staff, entry.subject),
        why=entry.why,
    )


def _subject(staff: Staff, subject: str) -> str:
    """`person:17` in words; a typed command as it is typed."""
    kind, _, code = subject.partition(":")
    unit = staff.desk.units.find(code) if kind == "unit" else None
    name = f"trail_subject.{kind}"
    if staff.desk.catalogue.has(name):
        return staff.text(name, **({"code": code if unit is None else unit.title} if code else {}))
    return f"/{subject}" if staff.desk.catalogue.has(f"help.{subject}") else subject


def _known(staff: Staff, otherwise: str, *entries: str) -> str:
    """The words of the first entry that the catalogue has."""
    catalogue = staff.desk.catalogue
    found = next((entry for entry in entries if catalogue.has(entry)), None)
    return otherwise if found is None else catalogue.text(found)
