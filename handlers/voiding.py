"""Letting an attempt or a whole person not count, and count again; each under a decision's number.

Once results are public it takes a second person: the same answers become a proposal. What may be
voided at all is decided in SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.desk import Desk
from handlers.fields import Refused, read_decision, read_reason
from handlers.office_persons import EXCLUDED, PersonFile, RestorePapers, Voided, VoidPapers
from handlers.office_roles import Ordered
from handlers.person_screens import DEED, person_reply, told, why_text
from handlers.proposals import OpenProposal, Proposal
from handlers.records import PersonNumber
from handlers.reply import Button, Reply, Rows
from handlers.staff import Staff, StaffDialogue, ask, end, screen_of
from scoring.contest import Phase

DIALOGUE = "void_person"
PROPOSAL = "void"
INCIDENT, OTHER = "incident", "other"
CODES = ("proxy", "duplicate", "ineligible", INCIDENT, OTHER)
WHAT, CODE, WORDS, DOC, SURE = "what", "code", "words", "doc", "sure"
_PUBLISHED = frozenset({Phase.PROVISIONAL, Phase.FINAL})


@dataclass(frozen=True, slots=True)
class _Draft:
    """What has been said so far; `attempt` None: not yet, 0: the whole person."""

    person: PersonNumber
    is_restore: bool = False
    attempt: int | None = None
    code: str = ""
    words: str = ""
    doc: str = ""

    @property
    def asked(self) -> str:
        if self.attempt is None:
            return WHAT
        if not self.is_restore and not self.code:
            return CODE
        if not self.words and (self.is_restore or self.code == OTHER):
            return WORDS
        return SURE if self.doc else DOC

    def as_dict(self) -> dict[str, object]:
        return {
            "person": self.person,
            "is_restore": self.is_restore,
            "attempt": self.attempt,
            "code": self.code,
            "words": self.words,
            "doc": self.doc,
        }


async def begin(staff: Staff, number: int) -> Reply:
    return await _begin(staff, _Draft(PersonNumber(number)))


async def begin_restoring(staff: Staff, number: int) -> Reply:
    return await _begin(staff, _Draft(PersonNumber(number), is_restore=True))


async def typed(staff: Staff, text: str) -> Reply:
    """The reason in words, then the decision's number."""
    draft = _draft_of(staff)
    if draft.asked == WORDS:
        words = read_reason(text)
        if isinstance(words, Refused):
            return screen_of(staff, words.entry)
        return await _go_on(staff, replace(draft, words=words))
    if draft.asked == DOC:
        doc = read_decision(text)
        if isinstance(doc, Refused):
            return screen_of(staff, doc.entry)
        return await _go_on(staff, replace(draft, doc=doc))
    return screen_of(staff, "person.press_first")


async def pressed(staff: Staff, choice: str) -> Reply:
    draft = _draft_of(staff)
    what, _, value = choice.partition("=")
    if (what, draft.asked) == (SURE, SURE):
        return await _do(staff, draft)
    if (what, draft.asked) == (WHAT, WHAT) and value.isdecimal():
        return await _go_on(staff, replace(draft, attempt=int(value)))
    if (what, draft.asked) == (CODE, CODE) and value in CODES:
        return await _go_on(staff, replace(draft, code=value))
    return await person_reply(staff, draft.person)


VOIDING = StaffDialogue(DEED, typed, pressed)


def describe(desk: Desk, opened: OpenProposal) -> str:
    """What a proposal of this kind would do, in words."""
    content = opened.proposal.content
    person, attempt = int(str(content["person"])), int(str(content["attempt"]))
    will = _will(desk, person, attempt, is_restore="limits" in content)
    return desk.text("voiding.under", what=will, doc=str(content["doc"]))


def notice_arguments(desk: Desk, arguments: Mapping[str, object]) -> dict[str, object]:
    """What the person reads of it: numbers and codes in words."""
    why, attempt = str(arguments.get("why", "")), arguments.get("attempt")
    return {
        "person": arguments.get("person"),
        "attempt": attempt,
        "doc": arguments.get("doc"),
        "hotline": desk.text("contest.hotline"),
        "why": why_text(desk, why),
        "is_again": why == INCIDENT and bool(attempt),
    }


async def _begin(staff: Staff, draft: _Draft) -> Reply:
    file = await staff.desk.office.persons.file_of(draft.person)
    if file is None or file.participant is None:
        return await person_reply(staff, draft.person)
    if draft.is_restore and not any(one.why != EXCLUDED for one in file.voids):
        return told(staff, draft.person, "voiding.nothing", number=draft.person)
    return await _go_on(staff, draft, file)


async def _go_on(staff: Staff, draft: _Draft, file: PersonFile | None = None) -> Reply:
    """Keep what was said, then ask what comes next."""
    at = await ask(staff, DIALOGUE, draft.as_dict())
    if at is None:
        return await person_reply(staff, draft.person)
    if draft.asked == WHAT and file is not None:
        return _ask_what(at, draft, file)
    if draft.asked == CODE:
        rows = Rows()
        for code in CODES:
            rows.add(at.press(f"void_why_{code}", f"{CODE}={code}"))
        return screen_of(at, "voiding.code", rows)
    if draft.asked == WORDS:
        return screen_of(at, "person.why")
    return screen_of(at, "voiding.doc") if draft.asked == DOC else _sure(at, draft)


def _ask_what(staff: Staff, draft: _Draft, file: PersonFile) -> Reply:
    is_void = {one.attempt for one in file.voids}
    if draft.is_restore:
        asked = [one.attempt for one in file.voids if one.why != EXCLUDED]
        rows = Rows().grid([_what(staff, one) for one in asked], 1)
        return screen_of(staff, "voiding.what_back", rows, number=draft.person)
    ended = [one.number for one in file.attempts if one.end is not None]
    asked = [one for one in (0, *ended) if one not in is_void]
    rows = Rows().grid([_what(staff, one) for one in asked], 1)
    has_open = len(ended) < len(file.attempts)
    return screen_of(staff, "voiding.what", rows, number=draft.person, has_open=has_open)


def _what(staff: Staff, attempt: int) -> Button:
    if not attempt:
        return staff.press("void_all", f"{WHAT}=0")
    label = staff.text("button.void_one", number=attempt)
    return staff.press_labelled(label, f"{WHAT}={attempt}")


def _sure(staff: Staff, draft: _Draft) -> Reply:
    is_shared = _is_published(staff)
    yes = "restore_yes" if draft.is_restore else "void_yes"
    rows = Rows().add(staff.press("void_propose" if is_shared else yes, SURE))
    rows.add(staff.press("not_now", "no"))
    will = _will(staff.desk, draft.person, draft.attempt or 0, is_restore=draft.is_restore)
    why = _why(staff, draft)
    return screen_of(
        staff, "voiding.sure", rows, what=will, why=why, doc=draft.doc, is_shared=is_shared
    )


async def _do(staff: Staff, draft: _Draft) -> Reply:
    if _is_published(staff):
        return await _propose(staff, draft)
    entry = staff.entry(_act(draft), f"person:{draft.person}", _why(staff, draft))
    ordered = Ordered(entry, staff.visitor.dialogue.step)
    attempt, voids = draft.attempt or 0, staff.desk.office.voids
    if draft.is_restore:
        limits = staff.desk.contest.rules.limits
        outcome = await voids.restore(
            RestorePapers(draft.person, attempt, draft.doc, limits, ordered)
        )
    else:
        outcome = await voids.void(
            VoidPapers(draft.person, attempt, draft.code, draft.doc, ordered)
        )
    entry_of = f"done_{_act(draft)}" if outcome is Voided.DONE else outcome.value
    return told(staff, draft.person, f"voiding.{entry_of}")


async def _propose(staff: Staff, draft: _Draft) -> Reply:
    """Results are public: a second person decides with the first (DESIGN §4)."""
    if not await end(staff):
        return await person_reply(staff, draft.person)
    why, limits = _why(staff, draft), staff.desk.contest.rules.limits
    content: dict[str, object] = {
        "person": draft.person,
        "attempt": draft.attempt or 0,
        "why": draft.code,
        "doc": draft.doc,
        "by": staff.role.value,
    }
    if draft.is_restore:
        content["limits"] = [limits.attempts, limits.per_day]
    at, maker = staff.incoming.received_at, staff.visitor.account
    proposal = Proposal(PROPOSAL, content, why, maker, at)
    entry = staff.entry(f"{_act(draft)}.propose", f"person:{draft.person}", why)
    made = await staff.desk.office.proposals.propose(proposal, entry)
    return told(staff, draft.person, "voiding.proposed", number=made)


def _draft_of(staff: Staff) -> _Draft:
    kept = staff.visitor.dialogue.draft
    return _Draft(**{key: kept[key] for key in _Draft.__slots__ if key in kept})  # type: ignore[arg-type]


def _will(desk: Desk, person: int, attempt: int, *, is_restore: bool) -> str:
    act = "restore" if is_restore else "void"
    if not attempt:
        return desk.text(f"voiding.will_{act}_person", number=person)
    return desk.text(f"voiding.will_{act}_attempt", number=person, attempt=attempt)


def _why(staff: Staff, draft: _Draft) -> str:
    return draft.words or why_text(staff.desk, draft.code)


def _act(draft: _Draft) -> str:
    return "restore" if draft.is_restore else "void"


def _is_published(staff: Staff) -> bool:
    timeline = staff.desk.contest.timeline
    return timeline.phase_at(staff.incoming.received_at) in _PUBLISHED
