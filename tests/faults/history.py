"""What people did and what they were told, in order: the one side that the checker compares.

An operation is invoked; then the person saw it taken (ok), was told that it was not (refused), or
saw neither in time (unknown). A time-out is unknown, never failed.
"""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    INVOKED = "invoked"
    OK = "ok"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass
class Operation:
    """`person` is the account's id on the platform.

    `act`: register, open, answer, back, predict, submit. `place` is the question from 1 on that
    the person saw; `value` the letter's number from 0, the guess, or the person number he read.
    """

    person: int
    act: str
    place: int | None = None
    value: int | None = None
    outcome: Outcome = Outcome.INVOKED


@dataclass
class History:
    """`screens`: what each person saw last: `question 3`, `prediction`, `summary`, `receipt`."""

    seed: str
    operations: list[Operation] = field(default_factory=list)
    screens: dict[int, str] = field(default_factory=dict)

    def invoke(
        self, person: int, act: str, place: int | None = None, value: int | None = None
    ) -> Operation:
        operation = Operation(person, act, place, value)
        self.operations.append(operation)
        return operation

    def of(self, person: int, *acts: str) -> list[Operation]:
        return [one for one in self.operations if one.person == person and one.act in acts]

    def counts(self) -> dict[str, int]:
        """How many operations ended how."""
        return {
            outcome.value: sum(one.outcome is outcome for one in self.operations)
            for outcome in Outcome
        }

    def lines(self, person: int) -> str:
        """One person's history as JSON lines, for the message of a failure."""
        return "\n".join(json.dumps(asdict(one)) for one in self.operations if one.person == person)
