"""Drawing a paper from the draw key (LEDGER §3): the same on every machine, for ever.

Decides which questions a person gets and in which order they and their options stand. No
language's shuffle: the order of every step and of every word taken from the stream is the rule.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Protocol, TypeVar

from question_bank.canonical import canonical, digest, is_key, mac, tag, u32, u64
from question_bank.problem import Problem
from question_bank.question import OptionId, Question, QuestionBank, QuestionId, Topic

Quotas = Mapping[str, int]
"""Topic, or `ANY_TOPIC`, to how many questions of it a paper has."""

ANY_TOPIC = "*"

_T = TypeVar("_T")
_WORD_RANGE = 2**64
_WORDS = struct.Struct(">4Q")


class DrawError(ValueError):
    """A bank that cannot fill the quotas; names the topic, what it has and what is asked."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a paper: a question and its options in the order shown."""

    question: QuestionId
    options: tuple[OptionId, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    places: tuple[Place, ...]

    def as_lists(self) -> list[list[str | list[str]]]:
        """`[[question id, [option ids in shown order]] …]`, as hashed and stored."""
        return [[place.question, list(place.options)] for place in self.places]

    @classmethod
    def from_lists(cls, lists: object) -> "Paper":
        """The paper that `as_lists` gave; ValueError when `lists` has another shape."""
        if not isinstance(lists, list | tuple):
            raise ValueError("a paper is a list of places")  # noqa: TRY004 - it came from a file, and its reader catches ValueError
        return cls(tuple(_place_of(pair) for pair in lists))


class Words(Protocol):
    """A source of words, each 0 … 2^64 - 1."""

    def next(self) -> int: ...


class WordStream:
    """The words of one paper: 8 bytes each, big-endian, from MAC blocks numbered from 0."""

    __slots__ = ("_block", "_key", "_message", "_words")

    def __init__(self, key: bytes, person: int, attempt: int) -> None:
        self._key = key
        self._message = tag("draw") + u64(person) + u32(attempt)
        self._block = 0
        self._words: Iterator[int] = iter(())

    def next(self) -> int:
        word = next(self._words, None)
        if word is None:
            block = mac(self._key, self._message + u32(self._block))
            self._block += 1
            self._words = iter(_WORDS.unpack(block))
            word = next(self._words)
        return word


def uniform(stream: Words, n: int) -> int:
    """A number 0 … n - 1, each equally likely; n = 1 takes no word, n < 1 is a ValueError."""
    if n < 1:
        raise ValueError(f"nothing to choose from: n = {n}")
    if n == 1:
        return 0
    limit = _WORD_RANGE - _WORD_RANGE % n
    while (word := stream.next()) >= limit:
        pass
    return word % n


def prefix(items: Sequence[_T], k: int, stream: Words) -> list[_T]:
    """The first k of a fair shuffle, in k steps; ValueError when there are not so many."""
    if not 0 <= k <= len(items):
        raise ValueError(f"{k} of {len(items)}")
    pool = list(items)
    for i in range(k):
        j = i + uniform(stream, len(pool) - i)
        pool[i], pool[j] = pool[j], pool[i]
    return pool[:k]


def draw_paper(key: bytes, bank: QuestionBank, quotas: Quotas, person: int, attempt: int) -> Paper:
    """Paper number `attempt` of person number `person` under draw key `key`.

    `"*"` beside topics is drawn as the ledger says: apart, so that a question may come twice.
    `check_quotas` refuses such quotas before opening.

    Raises:
        DrawError: a topic is missing, or has fewer questions than asked.
        OverflowError: `person` is not a u64 or `attempt` not a u32.
    """
    return paper_from(WordStream(key, person, attempt), bank, quotas)


def paper_from(stream: Words, bank: QuestionBank, quotas: Quotas) -> Paper:
    """A paper by the three steps of LEDGER §3; one stream serves them all."""
    chosen = [
        question
        for topic in sorted(quotas)
        for question in prefix(_enough(bank, topic, quotas[topic]), quotas[topic], stream)
    ]
    order = prefix(chosen, len(chosen), stream)
    return Paper(tuple(_place(bank.question(question), stream) for question in order))


def paper_hash(paper: Paper) -> bytes:
    return digest(tag("paper") + canonical(paper.as_lists()))


def check_quotas(bank: QuestionBank, quotas: Quotas) -> tuple[Problem, ...]:
    """What keeps papers by these quotas from being drawn, committed to, or without repeats."""
    return tuple(_quota_problems(bank, quotas))


def _quota_problems(bank: QuestionBank, quotas: Quotas) -> Iterator[Problem]:
    asked = [topic for topic in sorted(quotas) if quotas[topic] > 0]
    if not asked:
        yield Problem(ANY_TOPIC, "quotas-empty")
    if ANY_TOPIC in asked and len(asked) > 1:
        yield Problem(ANY_TOPIC, "quotas-mixed", (", ".join(asked[1:]),))
    for topic in sorted(quotas):
        has, wanted = len(_ids_of(bank, topic)), quotas[topic]
        if wanted < 0:
            yield Problem(topic, "quota-negative", (wanted,))
        if wanted > has:
            yield Problem(topic, "quota-not-met", (wanted, has))
        # rules 7: `draw` is an object of canonical JSON, and a topic one of its keys
        if topic != ANY_TOPIC and not is_key(topic):
            yield Problem(topic, "quota-not-a-key")


def _ids_of(bank: QuestionBank, topic: str) -> tuple[QuestionId, ...]:
    """Ids ascending."""
    if topic == ANY_TOPIC:
        return tuple(question.id for question in bank.questions)
    return bank.topics.get(Topic(topic), ())


def _enough(bank: QuestionBank, topic: str, count: int) -> tuple[QuestionId, ...]:
    ids = _ids_of(bank, topic)
    if not 0 <= count <= len(ids):
        raise DrawError(f"topic {topic!r} has {len(ids)} questions, {count} are asked")
    return ids


def _place(question: Question, stream: Words) -> Place:
    ids = [option.id for option in question.options]
    moving = len(ids) - 1 if question.pin else len(ids)
    return Place(question.id, (*prefix(ids[:moving], moving, stream), *ids[moving:]))


def _place_of(pair: object) -> Place:
    match pair:
        case [str(question), [*options]]:
            # The ids of a bank are few and stand in every paper: one string each.
            ids = tuple(OptionId(intern(option)) for option in options if isinstance(option, str))
            if len(ids) == len(options):
                return Place(QuestionId(intern(question)), ids)
    raise ValueError("a place is [question id, [option ids]]")
