"""`/duyet`: proposals that wait for a second person, looked at, approved or refused.

Whether somebody may be the second person is decided in SQL (`store.proposals`); how a kind reads
is its own entries of the catalogue.
"""

from collections.abc import Awaitable, Callable, Mapping

from handlers import voiding
from handlers.describing import rules_words, units_words
from handlers.desk import Desk
from handlers.proposals import OpenProposal, ProposalId, ProposalState, Settled
from handlers.records import AccountId, Role
from handlers.reply import Reply, Rows
from handlers.role_words import role_title
from handlers.staff import Staff, screen_of
from handlers.steering import WINDOW
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
    WINDOW: _window,
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
    facts = await _facts(staff.desk, opened) | {"whom": await _whom(staff, opened)}
    return screen_of(staff, "proposal.shown", rows, **facts, is_own=is_own)


async def _whom(staff: Staff, opened: OpenProposal) -> str:
    """Whom a change of the window meets as things stand now; of other kinds their own words say."""
    if opened.state is not ProposalState.OPEN or opened.proposal.kind != WINDOW:
        return ""
    glance = await staff.desk.office.glances.look()
    return staff.text(
        "proposal.whom", open_attempts=glance.open_attempts, registered=glance.registered
    )


async def _sure(staff: Staff, opened: OpenProposal) -> Reply:
    rows = Rows().add(staff.door("proposal_yes", DEED, f"yes {opened.id}"))
    rows.add(staff.door("proposal_back", DEED, f"show {opened.id}"))
    what = describe(staff.desk, opened)
    whom = await _whom(staff, opened)
    return screen_of(staff, "proposal.sure", rows, number=opened.id, what=what, whom=whom)


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


async def _facts(desk: Desk, opened: OpenProposal) -> dict[str, object]:
    """For those only who may see the list of roles: it names who made and who settled it."""
    proposal, moment = opened.proposal, desk.rendering.moment
    is_settled = opened.settled_at is not None
    return {
        "number": opened.id,
        "what": describe(desk, opened),
        "why": proposal.why,
        "made": moment(proposal.made_at),
        "maker": await _who(desk, proposal.made_by),
        "state": desk.text(f"proposal.state_{opened.state.value}"),
        "settled": "" if opened.settled_at is None else moment(opened.settled_at),
        "settler": await _who(desk, opened.settled_by) if is_settled else "",
    }


async def _who(desk: Desk, account: AccountId | None) -> str:
    """Name and role as the list of roles has them; a number for whose roles have ended."""
    if account is None:
        return desk.text("proposal.by_server")
    held = await desk.office.roles.of_account(account)
    if not held:
        return desk.text("proposal.by_account", account=account)
    first = min(held, key=lambda one: (list(Role).index(one.grant.role), one.id))
    role = role_title(desk, first.grant)
    return desk.text("proposal.by_holder", name=first.holder.name, role=role)


async def notice_text(desk: Desk, opened: OpenProposal, *, has_names: bool) -> str:
    """What the other organisers are told when a proposal is made or settled.

    `has_names` False: for who made it and is no organiser, the outcome without who settled it.
    """
    facts = await _facts(desk, opened)
    if opened.state is ProposalState.OPEN:
        told = {one: facts[one] for one in ("number", "what", "why", "maker")}
        return desk.text("proposal.made", **told)
    told = {one: facts[one] for one in ("number", "what", "state")}
    names = {one: facts[one] if has_names else "" for one in ("maker", "settler")}
    return desk.text("proposal.settled", **told, **names)
