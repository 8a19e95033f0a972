"""A finding about a bank or its quotas, as a value.

`what` is a code; `importers.problems` has the words for it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` is a question id or a topic; `facts` fill the places of the code's words."""

    where: str
    what: str
    facts: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return " ".join([f"{self.where}: {self.what}", *map(str, self.facts)])
