"""What a question and a bank of questions are.

Decides which banks can exist; how they are written down belongs to `importers`, and whether one is
good enough to be used to `checks`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NewType

QuestionId = NewType("QuestionId", str)
OptionId = NewType("OptionId", str)
Topic = NewType("Topic", str)

QUESTION_ID = re.compile(r"[a-z0-9-]{1,32}")
OPTION_ID = re.compile(r"[a-z]")
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
Status = Literal["draft", "approved", "retired"]
STATUSES: tuple[Status, ...] = ("draft", "approved", "retired")

MIN_OPTIONS = 3
MAX_OPTIONS = 5


class QuestionBankError(ValueError):
    """A bank that cannot be; names every fault with its question."""


@dataclass(frozen=True, slots=True)
class Option:
    id: OptionId
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `answer` is the key, and with `pin` the last option keeps its place.

    `source`, `explanation` and `difficulty` (1 easy … 3 hard) are not committed to: they may be
    improved after opening without a new version of the bank. Only approved questions are drawn;
    whoever approved one is not who wrote it.
    """

    id: QuestionId
    topic: Topic
    stem: str
    options: tuple[Option, ...]
    answer: OptionId
    pin: bool
    source: str
    explanation: str
    difficulty: int
    status: Status = "approved"
    author: str = ""
    approved_by: str = ""

    def option(self, option: OptionId) -> Option:
        """The option of that id; KeyError when there is none."""
        for one in self.options:
            if one.id == option:
                return one
        raise KeyError(option)


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """Questions ascending by id, however they were handed in; `titles` are the topics' names.

    Raises:
        QuestionBankError: an id twice or misspelt, a wrong number of options, or an answer that
            is not among them.
    """

    questions: tuple[Question, ...]
    titles: Mapping[Topic, str] = field(default_factory=dict, hash=False)
    by_id: Mapping[QuestionId, Question] = field(init=False, repr=False, compare=False)
    topics: Mapping[Topic, tuple[QuestionId, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.questions, key=lambda question: question.id))
        faults = tuple(_faults_of(ordered))
        if faults:
            raise QuestionBankError("; ".join(faults))
        object.__setattr__(self, "questions", ordered)
        object.__setattr__(self, "titles", dict(self.titles))
        object.__setattr__(self, "by_id", {question.id: question for question in ordered})
        object.__setattr__(self, "topics", _by_topic(ordered))

    def question(self, question: QuestionId) -> Question:
        """The question of that id; KeyError when there is none."""
        return self.by_id[question]

    def approved(self) -> "QuestionBank":
        """The bank that papers are drawn from."""
        return self.of_status("approved")

    def of_status(self, *statuses: Status) -> "QuestionBank":
        chosen = tuple(each for each in self.questions if each.status in statuses)
        return QuestionBank(chosen, self.titles)


def _by_topic(questions: tuple[Question, ...]) -> dict[Topic, tuple[QuestionId, ...]]:
    """Topic to its question ids, both ascending."""
    topics = sorted({question.topic for question in questions})
    return {
        topic: tuple(question.id for question in questions if question.topic == topic)
        for topic in topics
    }


def _faults_of(ordered: tuple[Question, ...]) -> Iterator[str]:
    for before, after in pairwise(ordered):
        if before.id == after.id:
            yield f"{after.id}: the id stands twice"
    for question in ordered:
        for fault in _faults_in(question):
            yield f"{question.id}: {fault}"


def _faults_in(question: Question) -> Iterator[str]:
    ids = [option.id for option in question.options]
    if not QUESTION_ID.fullmatch(question.id):
        yield "an id is [a-z0-9-]{1,32}"
    if not TOPIC.fullmatch(question.topic):
        yield f"topic {question.topic!r} is not [A-Za-z0-9_-]{{1,32}}"
    if not MIN_OPTIONS <= len(ids) <= MAX_OPTIONS:
        yield f"{len(ids)} options; {MIN_OPTIONS} to {MAX_OPTIONS} are allowed"
    if not all(OPTION_ID.fullmatch(option) for option in ids):
        yield "an option's id is one letter a-z"
    if len(set(ids)) != len(ids):
        yield "an option's id stands twice"
    if question.answer not in ids:
        yield f"answer {question.answer!r} is not among the options"
