"""`/baocao`: a unit's figures for its leader, and what he hands on: a share text and a poster.

What the figures mean is `scoring.tallies`', how they read `handlers.unit_report`.
"""

from html import unescape
from urllib.parse import quote, urlencode

from handlers.access import may_do
from handlers.file_links import offer_download
from handlers.finishers import names_door
from handlers.group_words import OF_WARD
from handlers.home import home_button
from handlers.office_groups import WARD
from handlers.own_units import not_his, own_units, unit_for
from handlers.reply import Attached, Button, Place, Reply, Rows, Screen
from handlers.staff import Staff, screen_of
from handlers.unit_picker import PAGE, block_page, pick_unit, search
from handlers.unit_report import unit_report, ward_report
from handlers.units import Unit

UNIT_FILE, WARD_FILE = "unit_file", "ward_file"
CAPTION = 1_000
"""Characters that a platform takes under a picture, somewhat less to be sure."""


async def report(staff: Staff, argument: str) -> Reply:
    """`/baocao`, with or without a unit: by code, by words, or one's own."""
    if argument == OF_WARD:
        return await (_ward(staff) if staff.may_see(WARD) else not_his(staff, WARD))
    if argument.startswith(PAGE):
        return block_page(staff, argument)
    if not argument:
        own = own_units(staff)
        return await _shown(staff, own[0]) if len(own) == 1 else pick_unit(staff)
    is_code = staff.desk.units.find(argument) is not None
    found = await (unit_for(staff, argument) if is_code else search(staff, argument))
    return found if isinstance(found, Reply) else await _shown(staff, found)


async def poster(staff: Staff, argument: str) -> Reply:
    """The unit's QR poster, to be passed on."""
    unit = await unit_for(staff, argument)
    if isinstance(unit, Reply):
        return unit
    posters = staff.desk.office.posters
    file = None if posters is None else await posters.unit_poster(unit.code)
    if file is None:
        return screen_of(staff, "leader.no_poster")
    text = staff.text("leader.poster", unit=unit.title)
    return Reply((Screen(text, _back(staff, unit).done(), Place.BELOW, file=file),))


async def send_report(staff: Staff, argument: str) -> Reply:
    """The unit's report to the organisers as a Word file, by link."""
    unit = await unit_for(staff, argument)
    if isinstance(unit, Reply):
        return unit
    return await offer_download(staff, "unit-report-docx", {"unit": unit.code})


async def send_ward_report(staff: Staff, _: str) -> Reply:
    """The report of all units as a Word file, by link."""
    return await offer_download(staff, "ward-report-docx")


def share_button(staff: Staff, unit: Unit) -> Button:
    """Opens the platform's own choice of chats with the invitation and the unit's link."""
    text = unescape(staff.text("leader.share_text", unit=unit.title))
    asked = {"url": staff.desk.address(unit.code), "text": text}
    address = f"https://t.me/share/url?{urlencode(asked, quote_via=quote)}"
    return Button(staff.text("button.share"), url=address)


async def _shown(staff: Staff, unit: Unit) -> Reply:
    text = await unit_report(staff.desk, unit, staff.incoming.received_at)
    rows, picture = _doors(staff, unit), await _picture(staff, unit)
    if picture is None:
        return Reply((Screen(text, rows.done(), staff.place),))
    if len(text) > CAPTION:
        drawn = Screen("", place=Place.BELOW, file=picture)
        return Reply((drawn, Screen(text, rows.done(), Place.BELOW)))
    return Reply((Screen(text, rows.done(), Place.BELOW, file=picture),))


async def _ward(staff: Staff) -> Reply:
    text = await ward_report(staff.desk, staff.incoming.received_at)
    rows = Rows().add(staff.door("other_units", "baocao"))
    if may_do("groups", staff.visitor.grants):
        rows.add(staff.door("ward_groups", "groups", OF_WARD))
    if staff.may(WARD_FILE):
        rows.add(staff.door(WARD_FILE, WARD_FILE))
    return Reply((Screen(text, rows.add(_home(staff)).done(), staff.place),))


async def _picture(staff: Staff, unit: Unit) -> Attached | None:
    pictures = staff.desk.office.pictures
    return None if pictures is None else await pictures.unit_picture(unit.code)


def _doors(staff: Staff, unit: Unit) -> Rows:
    """What may be done from a unit's figures, by whoever looks at them."""
    rows = Rows().add(share_button(staff, unit))
    if staff.desk.office.posters is not None:
        rows.add(staff.door("poster", "poster", unit.code))
    rows.add(*names_door(staff, unit))
    if may_do("groups", staff.visitor.grants, unit.code):
        rows.add(staff.door("groups", "groups", unit.code))
    if may_do(UNIT_FILE, staff.visitor.grants, unit.code):
        rows.add(staff.door(UNIT_FILE, UNIT_FILE, unit.code))
    if len(own_units(staff)) > 1:
        rows.add(staff.door("other_units", "baocao"))
    return rows.add(_home(staff))


def _home(staff: Staff) -> Button:
    return home_button(staff.desk, staff.incoming.sender)


def _back(staff: Staff, unit: Unit) -> Rows:
    return Rows().add(staff.door("unit_figures", "baocao", unit.code))
