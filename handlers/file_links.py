"""Offering a file by one-time link: the message with the button and the code.

Files with keys or people never travel through a messenger (DESIGN §8). Where no browser reaches
our server, the reply names what the command line does instead.
"""

from collections.abc import Mapping

from handlers.file_purposes import PURPOSES, Purpose
from handlers.home import home_button
from handlers.office_links import MadeLink, MakeLink
from handlers.reply import Button, Place, Reply, Rows, Screen
from handlers.staff import Staff, admitted, refuse_deed
from scoring.instant import MINUTE_MS, Instant

LINK_MS = 10 * MINUTE_MS
PATH = "/l/"


async def offer_download(
    staff: Staff, purpose: str, arguments: Mapping[str, object] | None = None
) -> Reply:
    """A link to a file; `arguments` reach the work that makes it, `unit` is asked as a unit's."""
    return await _offer(staff, purpose, "file.download", arguments or {})


async def offer_upload(
    staff: Staff, purpose: str, arguments: Mapping[str, object] | None = None
) -> Reply:
    """A link to a page that takes a file."""
    return await _offer(staff, purpose, "file.upload", arguments or {})


async def _offer(staff: Staff, name: str, entry: str, arguments: Mapping[str, object]) -> Reply:
    purpose = PURPOSES[name]
    # The file's own deed is asked, whatever door led here.
    staff_of_file = await admitted(staff.desk, staff.incoming, staff.visitor, purpose.deed)
    if isinstance(staff_of_file, Reply):
        return staff_of_file
    unit = arguments.get("unit")
    if isinstance(unit, str) and not staff_of_file.may_see(unit):
        return await refuse_deed(staff.desk, staff.incoming, staff.visitor, purpose.deed)
    if not staff.desk.office.public_url:
        return _without_address(staff, purpose)
    expires_ms = staff.incoming.received_ms + LINK_MS
    audited = staff_of_file.entry("file_offered", f"file:{name}")
    order = MakeLink(
        staff.visitor.account, name, arguments, staff.incoming.received_ms, expires_ms, audited
    )
    made = await staff.desk.office.links.make(order)
    text = staff.text(
        entry,
        file=staff.text(purpose.title),
        code=made.code,
        until=staff.desk.rendering.time(Instant(expires_ms)),
        is_secret=purpose.is_secret,
    )
    rows = Rows().add(_page_button(staff, made)).add(home_button(staff.desk, staff.incoming.sender))
    # Below: only a message of its own can be kept from being forwarded.
    return Reply((Screen(text, rows.done(), Place.BELOW, is_protected=True),))


def _page_button(staff: Staff, made: MadeLink) -> Button:
    url = f"{staff.desk.office.public_url}{PATH}{made.token}"
    return Button(staff.text("button.file_page"), url=url)


def _without_address(staff: Staff, purpose: Purpose) -> Reply:
    rows = Rows().add(home_button(staff.desk, staff.incoming.sender))
    told = {"file": staff.text(purpose.title), "command": purpose.command}
    return Reply((Screen(staff.text("file.no_address", **told), rows.done(), Place.BELOW),))
