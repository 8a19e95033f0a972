"""What handlers ask of the world, as a few small Protocols.

`store` implements them over SQL and Redis; tests hold fakes against the same contract. Every
method may raise `StoreAwayError` when SQL cannot be reached: nothing was acknowledged then.
"""

from typing import Protocol

from handlers.records import (
    AccountId,
    AttemptFinished,
    AttemptNotStarted,
    AttemptRecord,
    AttemptStarted,
    CorrectData,
    EraseData,
    Event,
    FinishAttempt,
    Move,
    MoveDialogue,
    Participant,
    PersonNumber,
    RecordConsent,
    Register,
    Registered,
    RegisterRefusal,
    Sender,
    Session,
    StartAttempt,
    Visitor,
)
from scoring.attempt import Transition
from scoring.instant import Instant


class HoithiError(Exception):
    """Root of the project's own exceptions."""


class StoreAwayError(HoithiError):
    """SQL cannot be reached or refuses to write: the platform must deliver again."""


class Clock(Protocol):
    def now(self) -> Instant:
        """The contest clock."""

    def machine_ms(self) -> int:
        """The machine's clock, never scaled: double taps, graces, time-outs."""


class Sessions(Protocol):
    """Open attempts by sender, cached; SQL is the truth (FAULTS R5)."""

    async def load(self, sender: Sender) -> Session | None:
        """The session from the cache, else rebuilt from SQL; None: no open attempt."""

    async def reload(self, sender: Sender) -> Session | None:
        """The session rebuilt from SQL, whatever the cache says."""

    def keep(self, sender: Sender, session: Session) -> None:
        """Move the cache after COMMIT; nobody waits for that write."""

    def drop(self, sender: Sender) -> None:
        """Forget an ended attempt; nobody waits for that write."""


class Attempts(Protocol):
    async def record(
        self, transition: Transition, event: Event | None = None
    ) -> Transition | Move | None:
        """Commit a transition (group commit); returns once it is durable.

        None: recorded now. A `Transition`: the row that stands at (attempt, view) already, the
        same delivered twice or another that was faster. `event` is given for typed text, which
        names no view: `Move.REPEATED` where it was handled before (FAULTS R3).
        """

    async def start(self, order: StartAttempt) -> AttemptStarted | AttemptNotStarted: ...

    async def finish(self, order: FinishAttempt) -> AttemptFinished | None:
        """End an attempt; None: its view was taken by another transition meanwhile."""

    async def recorded_at(self, attempt: int, view: int) -> Transition | None:
        """The transition that stands at (attempt, view), if any."""

    async def of_person(self, person: PersonNumber) -> tuple[AttemptRecord, ...]:
        """All attempts of a person in order of number."""


class People(Protocol):
    async def visit(self, sender: Sender, chat: str, day_start: Instant) -> Visitor:
        """The sender's state, his account made at the first visit; marks the chat reachable."""

    async def account_of(self, sender: Sender) -> AccountId | None:
        """The sender's account, wherever he speaks; None: he never spoke to us in private."""

    async def register(self, order: Register) -> Registered | RegisterRefusal: ...

    async def correct(self, order: CorrectData) -> Registered | RegisterRefusal: ...

    async def consent(self, order: RecordConsent) -> None: ...

    async def move(self, order: MoveDialogue) -> tuple[Move, int]:
        """Take a dialogue on; the second value is the step that now stands."""

    async def was_taken(self, event: Event) -> bool:
        """Whether this delivery of text or a contact took effect before (FAULTS R3)."""

    async def helped(self, account: AccountId) -> tuple[Participant, ...]:
        """Everybody who takes part through the account, by number."""

    async def switch(self, account: AccountId, person: PersonNumber) -> bool:
        """Let the account play for another of its people; False: not one, or a paper is open."""

    async def name_of(self, person: PersonNumber) -> str:
        """A participant's name; "" once it is erased."""

    async def erase(self, order: EraseData) -> bool:
        """Destroy a person's data on request (DESIGN §8); False: a paper is open, or it is done.

        The number stays, with the attempts it used; who returns gets it again.
        """

    async def depart(self, account: AccountId) -> None:
        """Mark the chat unreachable: the person blocked the bot (data are kept)."""
