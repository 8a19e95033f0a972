"""Whether a bank is fit to be used: what a reader of it would stumble over.

A bank that breaks these can exist (`question` decides that); it should not be opened with.
"""

import unicodedata
from collections.abc import Iterator

from question_bank.draw import Quotas, check_quotas
from question_bank.problem import Problem
from question_bank.question import Question, QuestionBank
from question_bank.text import clean, fold

__all__ = ["MESSAGE_CHARACTERS", "ZALO_UNITS", "Problem", "check_bank", "check_questions"]

MESSAGE_CHARACTERS = 3_500
"""Most characters of stem and options: Telegram's 4,096 less the lines around them."""
ZALO_UNITS = 1_700
"""Most UTF-16 units of the same: Zalo's 2,000, beyond which it refuses, less the lines around."""


def check_bank(bank: QuestionBank, quotas: Quotas) -> tuple[Problem, ...]:
    """Problems by question ascending, then those of the quotas (`where`: a topic)."""
    return (*check_questions(bank), *check_quotas(bank.approved(), quotas))


def check_questions(bank: QuestionBank) -> tuple[Problem, ...]:
    """Problems of the questions alone, by question ascending; of a title, `where` is the topic."""
    twins = _twin_stems(bank)
    found = [*_title_problems(bank)]
    for question in bank.questions:
        if question.id in twins:
            found.append(Problem(question.id, "stem-twin", (twins[question.id],)))
        found.extend(_question_problems(question))
    return tuple(found)


def _title_problems(bank: QuestionBank) -> Iterator[Problem]:
    for topic, title in sorted(bank.titles.items()):
        yield from _text_problems(topic, "title", title)


def _twin_stems(bank: QuestionBank) -> dict[str, str]:
    """Question to the first one before it whose stem folds to the same."""
    first: dict[str, str] = {}
    twins: dict[str, str] = {}
    for question in bank.questions:
        earlier = first.setdefault(fold(question.stem), question.id)
        if earlier != question.id:
            twins[question.id] = earlier
    return twins


def _question_problems(question: Question) -> Iterator[Problem]:
    yield from _text_problems(question.id, "stem", question.stem)
    for option in question.options:
        yield from _text_problems(question.id, f"options.{option.id}", option.text)
    for name, text in (("source", question.source), ("explanation", question.explanation)):
        if not unicodedata.is_normalized("NFC", text):
            yield Problem(question.id, "text-not-nfc", (name,))
    if not clean(question.source):
        yield Problem(question.id, "source-missing")
    yield from _twin_options(question)
    yield from _length_problems(question)


def _length_problems(question: Question) -> Iterator[Problem]:
    """Of the platform that has least room only: what fits Zalo fits Telegram."""
    shown = "".join((question.stem, *(option.text for option in question.options)))
    if len(shown) > MESSAGE_CHARACTERS:
        yield Problem(question.id, "message-too-long", (len(shown), MESSAGE_CHARACTERS))
    elif (units := len(shown.encode("utf-16-le")) // 2) > ZALO_UNITS:
        yield Problem(question.id, "zalo-too-long", (units, ZALO_UNITS))


def _text_problems(where: str, name: str, text: str) -> Iterator[Problem]:
    if not clean(text):
        yield Problem(where, "text-empty", (name,))
    if not unicodedata.is_normalized("NFC", text):
        yield Problem(where, "text-not-nfc", (name,))


def _twin_options(question: Question) -> Iterator[Problem]:
    first: dict[tuple[str, ...], str] = {}
    for option in question.options:
        earlier = first.setdefault(_spelling(option.text), option.id)
        if earlier != option.id:
            yield Problem(question.id, "options-twin", (earlier, option.id))


def _spelling(text: str) -> tuple[str, ...]:
    """Key equal for "hòa" and "hoà" but not for "hoa": which letter bears a mark is no matter.

    `fold` is too coarse here: an honest wrong option may differ by a tone alone.
    """
    words = unicodedata.normalize("NFD", clean(text).casefold()).split(" ")
    return tuple(word for each in words for word in _letters_and_marks(each))


def _letters_and_marks(word: str) -> tuple[str, str]:
    marks = [each for each in word if unicodedata.combining(each)]
    letters = [each for each in word if not unicodedata.combining(each)]
    return "".join(letters), "".join(sorted(marks))
