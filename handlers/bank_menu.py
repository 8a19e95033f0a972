"""`/nganhang`: the question bank for judges and organisers. Counts in the chat, questions by link.

No words of any question are said here; keys are the judges' alone (`handlers.access`).
"""

from markupsafe import Markup

from handlers.access import may_do
from handlers.file_links import offer_download, offer_upload
from handlers.file_purposes import PURPOSES
from handlers.reply import Reply, Rows
from handlers.staff import Staff, screen_of
from question_bank.census import Census

MOST_TOPICS = 40
"""As many as a message surely holds."""

_PAPER = ("xlsx", "docx")
_KEYS = ("xlsx", "docx", "toml")


async def show_bank(staff: Staff, _: str) -> Reply:
    """How much there is, and doors to the files."""
    bank = staff.desk.office.bank
    census = None if bank is None else await bank.census()
    rows = _rows(staff)
    if census is None:
        return screen_of(staff, "bank.unreadable", rows)
    return screen_of(
        staff,
        "bank.menu",
        rows,
        approved=census.questions,
        drafts=census.statuses["draft"],
        retired=census.statuses["retired"],
        topics=_topics(staff, census),
        rest=max(0, len(census.topics) - MOST_TOPICS),
    )


async def send_paper(staff: Staff, suffix: str) -> Reply:
    return await _send(staff, "bank", suffix)


async def send_keys(staff: Staff, suffix: str) -> Reply:
    return await _send(staff, "bank-keys", suffix)


async def send_template(staff: Staff, suffix: str) -> Reply:
    return await _send(staff, "bank-template", suffix)


async def take_questions(staff: Staff, _: str) -> Reply:
    return await offer_upload(staff, "bank-import")


async def _send(staff: Staff, file: str, suffix: str) -> Reply:
    """The file of that kind; typed without one, or with one that there is not: an Excel file."""
    name = f"{file}-{suffix.casefold()}"
    is_there = name in PURPOSES and PURPOSES[name].deed == staff.deed
    return await offer_download(staff, name if is_there else f"{file}-xlsx")


def _topics(staff: Staff, census: Census) -> Markup:
    lines = [
        staff.text("bank.topic", title=one.title, count=one.questions, quota=one.quota)
        for one in census.topics[:MOST_TOPICS]
    ]
    return Markup("\n").join(map(Markup, lines))  # made by the catalogue, escaped there


def _rows(staff: Staff) -> Rows:
    grants, rows = staff.visitor.grants, Rows()
    for deed, suffixes in (("bank_paper", _PAPER), ("bank_keys", _KEYS), ("bank_template", _PAPER)):
        if may_do(deed, grants):
            doors = [staff.door(f"{deed}_{suffix}", deed, suffix) for suffix in suffixes]
            rows.grid(doors, len(_PAPER))
    return rows.add(staff.door("bank_import", "bank_import"))
