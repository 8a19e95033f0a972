"""Dialogues: one row an account, whose step only rises (DESIGN §6).

An input moves the dialogue only from the step it was made for, and an event only once. Accounts
are locked in order of id, so the steps are compared and written as one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from handlers.records import AccountId, Dialogue, Move, MoveDialogue
from scoring.instant import Instant
from store.encryption import Vault
from store.events import take_events
from store.insertion import InsertOrUpdate
from store.lists import among
from store.tables import ACCOUNT, DIALOGUE

_LOCK = (
    select(ACCOUNT.c.id, ACCOUNT.c.person)
    .where(among(ACCOUNT.c.id, "accounts"))
    .order_by(ACCOUNT.c.id)
    .with_for_update(key_share=True)
)
# A statement of its own: PostgreSQL reads what is joined to a locked row from before the wait.
_STEPS = select(DIALOGUE.c.account, DIALOGUE.c.step).where(among(DIALOGUE.c.account, "accounts"))
_WRITE = InsertOrUpdate(DIALOGUE, ["account"], ["name", "step", "draft_box", "at"])
_DRAFT = "dialogue.draft"


class Standing(NamedTuple):
    """Where an account stands: the step of its dialogue and its participant."""

    step: int
    person: int | None


def lock_accounts(connection: Connection, accounts: set[int]) -> dict[int, Standing]:
    """The accounts that exist, locked until the transaction ends."""
    wanted = {"accounts": sorted(accounts)}
    people = {row.id: row.person for row in connection.execute(_LOCK, wanted)}
    steps = {row.account: row.step for row in connection.execute(_STEPS, wanted)}
    return {account: Standing(steps.get(account, 0), people[account]) for account in people}


def write_dialogues(
    connection: Connection, vault: Vault, dialogues: Mapping[AccountId, tuple[Dialogue, Instant]]
) -> None:
    """Put dialogues in place of the accounts' present ones."""
    rows = [
        {
            "account": account,
            "name": dialogue.name,
            "step": dialogue.step,
            "draft_box": vault.seal_json(dict(dialogue.draft), _DRAFT, account),
            "at": at,
        }
        for account, (dialogue, at) in sorted(dialogues.items())
    ]
    _WRITE.execute(connection, rows)


def end_step(
    connection: Connection, vault: Vault, at: Instant, account: int | None, step: int | None
) -> bool:
    """End the account's dialogue if it stands at `step`; False: it has gone on, do nothing more.

    Without an account (the command line) there is no dialogue to end.
    """
    if account is None or step is None:
        return True
    standing = lock_accounts(connection, {account}).get(account)
    if standing is None or standing.step != step:
        return False
    write_dialogues(connection, vault, {AccountId(account): (Dialogue("", step + 1), at)})
    return True


def dialogue_of(vault: Vault, account: int, row: Row[Any]) -> Dialogue:
    """The dialogue in a row that has its columns, maybe empty ones."""
    if row.draft_box is None:
        return Dialogue()
    draft = vault.unseal_json(row.draft_box, _DRAFT, account)
    return Dialogue(row.dialogue_name, row.step, draft if isinstance(draft, dict) else {})


class Mover:
    """Executes moves together."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def execute(
        self, connection: Connection, orders: Sequence[MoveDialogue]
    ) -> list[tuple[Move, int]]:
        standing = lock_accounts(connection, {order.account for order in orders})
        steps = {account: one.step for account, one in standing.items()}
        is_new = take_events(connection, [(order.event, order.at) for order in orders])
        moved: dict[AccountId, tuple[Dialogue, Instant]] = {}
        verdicts = []
        for order, new in zip(orders, is_new, strict=True):
            # An account that is not there any more has no dialogue to move.
            step = steps.get(order.account, -1)
            verdict = _verdict(order, step, is_new=new)
            if verdict is Move.MOVED:
                steps[order.account] = step + 1
                to = Dialogue(order.to.name, step + 1, order.to.draft)
                moved[order.account] = (to, order.at)
            verdicts.append((verdict, max(0, steps.get(order.account, 0))))
        write_dialogues(connection, self._vault, moved)
        return verdicts


def _verdict(order: MoveDialogue, step: int, *, is_new: bool) -> Move:
    if not is_new:
        return Move.REPEATED
    if step < 0 or order.from_step not in {None, step}:
        return Move.SUPERSEDED
    return Move.MOVED
