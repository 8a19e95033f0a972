"""`/duyet`: proposals that wait for a second person, looked at, approved or refused.

Whether somebody may be the second person is decided in SQL (`store.proposals`); how a kind reads
is its own entries of the catalogue.
"""

from collections.abc import Awaitable, Callable, Mapping

from handlers import voiding
from handlers.describing import rules_words, units_words
from handlers.desk import Desk
from handlers.proposals import OpenProposal, ProposalId, ProposalState, Settled
from handlers.reply import Reply, Rows
from handlers.staff import Staff, screen_of
from scoring.instant import Instant

DEED = "duyet"

Describe = Callable[[Desk, OpenProposal], str]
"""What a proposal would do, in words."""


async def begin(staff: Staff, argument: str) -> Reply:
    """The command and every button of it: `word id`."""
    word, _, number = argument.partition(" ")
    if word not in _DOORS or not number.isdecimal():
        return await _list(staff)
    opened = await staff.desk.office.proposals.find(ProposalId(int(number)))
    return await (_list(staff) if opened is None else _DOORS[word](staff, opened))


def describe(desk: Desk, opened: OpenProposal) -> str:
    return DESCRIBES[opened.proposal.kind](desk, opened)


def _window(desk: Desk, opened: OpenProposal) -> str:
    content = opened.proposal.content
    until = content.get("until")
    told = {"until": desk.rendering.border(Instant(until))} if isinstance(until, int) else {}
    return desk.text(f"steering.will_{content['ruling']}", **told)


DESCRIBES: dict[str, Describe] = {
    "window": _window,
    voiding.PROPOSAL: voiding.describe,
    "units": units_words,
    "rules": rules_words,
}
"""By kind of proposal."""


async def _list(staff: Staff) -> Reply:
    waiting = await staff.desk.office.proposals.open()
    rows = Rows()
    for one in waiting:
        kind = staff.text(f"button.proposal_kind_{_kind(one)}")
        label = staff.text("button.proposal_one", number=one.id, kind=kind)
        rows.add(staff.labelled(label, DEED, f"show {one.id}"))
    return screen_of(staff, "proposal.list", rows, count=len(waiting))


def _kind(opened: OpenProposal) -> object:
    """What it is about in a word: of the window, which way it moves."""
    return opened.proposal.content.get("ruling", opened.proposal.kind)


async def _show(staff: Staff, opened: OpenProposal) -> Reply:
    rows, is_own = Rows(), _is_own(staff, opened)
    if opened.state is ProposalState.OPEN:
        if not is_own:
            rows.add(staff.door("proposal_approve", DEED, f"sure {opened.id}"))
        entry = "proposal_withdraw" if is_own else "proposal_refuse"
        rows.add(staff.door(entry, DEED, f"no {opened.id}"))
    rows.add(staff.door("proposal_list", DEED))
    return screen_of(staff, "proposal.shown", rows, **_facts(staff.desk, opened), is_own=is_own)


async def _sure(staff: Staff, opened: OpenProposal) -> Reply:
    rows = Rows().add(staff.door("proposal_yes", DEED, f"yes {opened.id}"))
    rows.add(staff.door("proposal_back", DEED, f"show {opened.id}"))
    what = describe(staff.desk, opened)
    return screen_of(staff, "proposal.sure", rows, number=opened.id, what=what)


async def _not_sure(staff: Staff, opened: OpenProposal) -> Reply:
    rows = Rows().add(staff.door("proposal_refuse_yes", DEED, f"refuse {opened.id}"))
    rows.add(staff.door("proposal_back", DEED, f"show {opened.id}"))
    return screen_of(staff, "proposal.refuse_sure", rows, number=opened.id)


async def _approve(staff: Staff, opened: OpenProposal) -> Reply:
    entry = staff.entry("proposal.approve", opened.proposal.kind, opened.proposal.why)
    return await _settled(
        staff, opened, await staff.desk.office.proposals.approve(opened.id, entry)
    )


async def _refuse(staff: Staff, opened: OpenProposal) -> Reply:
    entry = staff.entry("proposal.refuse", opened.proposal.kind)
    return await _settled(staff, opened, await staff.desk.office.proposals.refuse(opened.id, entry))


async def _settled(staff: Staff, opened: OpenProposal, settled: Settled) -> Reply:
    now = await staff.desk.office.proposals.find(opened.id)
    shown = await _show(staff, now or opened)
    return Reply(shown.screens, staff.text(f"toast.proposal_{settled.value}"))


_DOORS: Mapping[str, Callable[[Staff, OpenProposal], Awaitable[Reply]]] = {
    "show": _show,
    "sure": _sure,
    "no": _not_sure,
    "yes": _approve,
    "refuse": _refuse,
}


def _is_own(staff: Staff, opened: OpenProposal) -> bool:
    return opened.proposal.made_by == staff.visitor.account


def _facts(desk: Desk, opened: OpenProposal) -> dict[str, object]:
    return {
        "number": opened.id,
        "what": describe(desk, opened),
        "why": opened.proposal.why,
        "made": desk.rendering.moment(opened.proposal.made_at),
        "maker": opened.proposal.made_by,
        "state": desk.text(f"proposal.state_{opened.state.value}"),
    }


def notice_text(desk: Desk, opened: OpenProposal) -> str:
    """What the other organisers are told when a proposal is made or settled."""
    entry = "made" if opened.state is ProposalState.OPEN else "settled"
    facts = _facts(desk, opened)
    if entry == "made":
        del facts["state"], facts["made"]
    else:
        del facts["why"], facts["made"], facts["maker"]
    return desk.text(f"proposal.{entry}", **facts)
