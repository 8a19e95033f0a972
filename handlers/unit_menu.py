"""`/donvi`: the list of units for organisers. What is in force, the files of it, and a new one.

A new list goes by one-time link and takes effect as a proposal; the reason is asked for here.
"""

from markupsafe import Markup

from handlers.fields import Refused, read_reason
from handlers.file_links import offer_download, offer_upload
from handlers.reply import Reply, Rows
from handlers.staff import Staff, StaffDialogue, ask, end, overtaken, screen_of, step_back

DEED, IMPORT = "donvi", "units_import"


async def show_units(staff: Staff, _: str) -> Reply:
    """How many units each block has, and doors to the files."""
    units = staff.desk.units
    lines = [
        staff.text("units.block", title=title, count=len(units.in_block(block)))
        for block, title in units.blocks.items()
    ]
    rows = Rows().add(staff.door("units_list", "units_list"))
    rows.add(staff.door("units_leaders", "units_leaders"))
    rows.add(staff.door("units_template", "units_template"))
    rows.add(staff.door("units_import", IMPORT))
    told = Markup("\n").join(map(Markup, lines))  # made by the catalogue, escaped there
    return screen_of(staff, "units.menu", rows, lines=told, count=len(units.units))


async def send_list(staff: Staff, _: str) -> Reply:
    return await offer_download(staff, "units-xlsx")


async def send_leaders(staff: Staff, _: str) -> Reply:
    return await offer_download(staff, "units-leaders-xlsx")


async def send_template(staff: Staff, _: str) -> Reply:
    return await offer_download(staff, "units-template-xlsx")


async def begin_import(staff: Staff, _: str) -> Reply:
    return await _ask_why(staff, "units.why")


async def typed(staff: Staff, text: str) -> Reply:
    reason = read_reason(text)
    if isinstance(reason, Refused):
        return await _ask_why(staff, reason.entry)
    if not await end(staff):
        return await overtaken(staff)
    return await offer_upload(staff, "units-import", {"why": reason})


async def pressed(staff: Staff, _: str) -> Reply:
    return await step_back(staff, show_units)


IMPORTING = StaffDialogue(IMPORT, typed, pressed)


async def _ask_why(staff: Staff, entry: str) -> Reply:
    at = await ask(staff, IMPORT, {})
    if at is None:
        return await overtaken(staff)
    return screen_of(at, entry, Rows().add(at.press("not_now", "no")))
