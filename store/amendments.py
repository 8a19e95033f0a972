"""Amendments of the rules: what the files declare beside what is in force, and the change itself.

Attempts keep the version they were opened under; everybody who takes part is told (FAULTS T26).
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from handlers.amendments import AMENDABLE, RULES
from handlers.proposals import OpenProposal
from handlers.records import Notice
from scoring.instant import Instant
from store.announcement import announce
from store.closing import hold_closing, is_closed
from store.encryption import Vault
from store.proposals import EFFECTS
from store.rules_versions import amend_rules, newest_version

AMENDED = "notice.rules_amended"


def _approve(connection: Connection, _: Vault, opened: OpenProposal, at: Instant) -> bool:
    """Put the changed fields in force; refused where one of them was changed since."""
    content = opened.proposal.content
    changes, before = content.get("changes"), content.get("before")
    if not isinstance(changes, Mapping) or not isinstance(before, Mapping):
        return False
    hold_closing(connection)
    rules = newest_version(connection).rules
    is_known = bool(changes) and changes.keys() <= set(AMENDABLE)
    is_as_it_was = all(rules.get(name) == before.get(name) for name in changes)
    if is_closed(connection) or not is_known or not is_as_it_was:
        return False
    words = str(content.get("notice", ""))
    amend_rules(connection, dict(changes), words, at)
    announce(connection, Notice(AMENDED, {"words": words}), at)
    return True


EFFECTS[RULES] = _approve
