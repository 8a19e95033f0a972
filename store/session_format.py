"""How a session is written in Redis: a versioned array in MessagePack.

A paper's part never changes while its attempt is open, so it is decoded and encoded once per
process and taken from memory afterwards; that memory is a saving, never a truth.
"""

from collections import OrderedDict

import msgspec

from handlers.records import AccountId, Session
from question_bank.draw import Paper, Place
from scoring.attempt import Attempt, AttemptId
from scoring.instant import Instant

VERSION = 2
_REMEMBERED = 4_096
"""Papers; half a kilobyte each beside the places that they share."""

_PLACES = 20_000
"""Places of papers: a question with an order of its options stands in many of them."""


class UnreadableError(ValueError):
    """Bytes that are no session of this version."""


class _Kept(msgspec.Struct, array_like=True, frozen=True, gc=False):
    version: int
    account: int
    attempt: int
    person: int
    number: int
    paper: msgspec.Raw
    opened_at: int
    due: int
    answers: tuple[int | None, ...]
    answered_at: tuple[int | None, ...]
    view: int
    place: int
    guess: int | None
    is_summary_seen: bool
    wait_ms: int
    extra_ms: int
    moved_ms: int
    moved_choice: int | None
    is_helped: bool


class SessionFormat:
    def __init__(self) -> None:
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(_Kept)
        self._papers: dict[bytes, Paper] = {}
        self._texts: OrderedDict[int, tuple[Paper, bytes]] = OrderedDict()
        self._places: dict[Place, Place] = {}

    def encode(self, session: Session) -> bytes:
        attempt = session.attempt
        return self._encoder.encode(
            (
                VERSION,
                session.account,
                attempt.id,
                attempt.person,
                attempt.number,
                msgspec.Raw(self._paper_bytes(attempt.paper)),
                attempt.opened_at,
                attempt.due,
                attempt.answers,
                attempt.answered_at,
                attempt.view,
                attempt.place,
                attempt.guess,
                attempt.is_summary_seen,
                attempt.wait_ms,
                attempt.extra_ms,
                session.moved_ms,
                session.moved_choice,
                session.is_helped,
            )
        )

    def decode(self, data: bytes) -> Session:
        """The session in the bytes.

        Raises:
            UnreadableError: other bytes, or another version's.
        """
        try:
            kept = self._decoder.decode(data)
            paper = self._paper_in(bytes(kept.paper))
        except (msgspec.MsgspecError, ValueError) as error:
            raise UnreadableError("no session of this version") from error
        size = len(paper.places)
        if kept.version != VERSION or not len(kept.answers) == len(kept.answered_at) == size:
            raise UnreadableError("no session of this version")
        return Session(
            AccountId(kept.account),
            _attempt_of(kept, paper),
            kept.moved_ms,
            kept.moved_choice,
            kept.is_helped,
        )

    def _paper_bytes(self, paper: Paper) -> bytes:
        known = self._texts.get(id(paper))
        if known is not None:
            return known[1]
        data = self._encoder.encode(paper.as_lists())
        self._remember(paper, data)
        return data

    def _paper_in(self, data: bytes) -> Paper:
        paper = self._papers.get(data)
        if paper is None:
            paper = self._remember(Paper.from_lists(msgspec.msgpack.decode(data)), data)
        return paper

    def _remember(self, paper: Paper, data: bytes) -> Paper:
        """An equal paper that shares its places with others; what comes next is of that one."""
        known = self._papers.get(data)
        if known is not None:
            return known
        # The oldest goes, and the new one takes its room: thrown away all at once, thousands of
        # papers would leave holes that memory never wholly fills again.
        if len(self._texts) >= _REMEMBERED:
            _, (_, oldest) = self._texts.popitem(last=False)
            del self._papers[oldest]
        if len(self._places) >= _PLACES:
            self._places.clear()
        shared = Paper(tuple(self._places.setdefault(place, place) for place in paper.places))
        # The entry holds the paper, so nothing else can take its id meanwhile.
        self._texts[id(shared)] = (shared, data)
        self._papers[data] = shared
        return shared


def _attempt_of(kept: _Kept, paper: Paper) -> Attempt:
    return Attempt(
        id=AttemptId(kept.attempt),
        person=kept.person,
        number=kept.number,
        paper=paper,
        opened_at=Instant(kept.opened_at),
        due=Instant(kept.due),
        answers=kept.answers,
        answered_at=kept.answered_at,  # type: ignore[arg-type]  # Instants are plain integers
        view=kept.view,
        place=kept.place,
        guess=kept.guess,
        is_summary_seen=kept.is_summary_seen,
        wait_ms=kept.wait_ms,
        extra_ms=kept.extra_ms,
    )
