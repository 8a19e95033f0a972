"""What a careful reader would say of a usable bank: warnings, none of which stops a start.

Decides what is worth saying; `checks` decides what makes a bank unfit.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from question_bank.clues import clues_of
from question_bank.draw import ANY_TOPIC, Quotas
from question_bank.likeness import near_pairs
from question_bank.old_encodings import old_encoding
from question_bank.problem import Problem
from question_bank.question import Question, QuestionBank
from question_bank.spelling import is_english, is_unmarked, tone_fashion, words_of
from question_bank.text import fold, has_mixed_scripts

ROOM = 3
"""A topic with fewer questions than this many times its quota shows the same ones too often."""

WHOLE_BANK = "*"
"""`where` of what is said of all questions together."""

_ALL_OF_THEM = (
    "tat ca cac phuong an", "tat ca phuong an", "ca a, b", "ca a va b", "tat ca deu",
    "ca ba phuong an", "ca bon phuong an", "tat ca cac dap an", "tat ca dap an",
    "cac phuong an tren", "khong co phuong an nao",
)  # fmt: skip
_SHOWN = 40


def review_bank(bank: QuestionBank, quotas: Quotas) -> tuple[Problem, ...]:
    """Warnings by question ascending, then by topic, then of the whole bank."""
    spelling = dict(_odd_spellings(bank))
    near = _near(bank)
    found: list[Problem] = []
    for question in bank.of_status("draft", "approved").questions:
        found += near.get(question.id, [])
        found += _of_question(question)
        found += spelling.get(question.id, [])
    drawn = bank.approved()
    found += _of_topics(drawn, quotas)
    found += _of_bank(drawn)
    if waiting := len(bank.of_status("draft").questions):
        found.append(Problem(WHOLE_BANK, "drafts", (waiting,)))
    return tuple(found)


def _near(bank: QuestionBank) -> Mapping[str, list[Problem]]:
    """By the later of each pair."""
    found: dict[str, list[Problem]] = {}
    for pair in near_pairs(bank.questions):
        problem = Problem(pair.two, "near-twin", (pair.one, pair.percent))
        found.setdefault(pair.two, []).append(problem)
    return found


def _of_question(question: Question) -> Iterator[Problem]:
    texts = _texts(question)
    whole = " ".join(texts.values())
    if encoding := old_encoding(whole):
        yield Problem(question.id, "old-encoding", (encoding,))
        return
    for name, text in texts.items():
        if is_english(text):
            yield Problem(question.id, "english", (name, _cut(text)))
        elif is_unmarked(text):
            yield Problem(question.id, "unmarked", (name, _cut(text)))
        if has_mixed_scripts(text):
            yield Problem(question.id, "mixed-scripts", (name,))
    for option in question.options:
        if fold(option.text).startswith(_ALL_OF_THEM):
            yield Problem(question.id, "all-of-them", (option.id.upper(),))
    if not question.explanation:
        yield Problem(question.id, "explanation-missing")


def _texts(question: Question) -> dict[str, str]:
    """What a participant reads, by the name of its field."""
    options = {f"options.{option.id}": option.text for option in question.options}
    return {"stem": question.stem, **options, "explanation": question.explanation}


def _odd_spellings(bank: QuestionBank) -> Iterator[tuple[str, list[Problem]]]:
    """Words in the fashion that fewer words of the bank have, once a question and word."""
    found = {
        question.id: [
            (word, *fashion)
            for word in dict.fromkeys(words_of(_texts(question).values()))
            if (fashion := tone_fashion(word))
        ]
        for question in bank.questions
    }
    fashions = Counter(fashion for words in found.values() for _, fashion, _ in words)
    if len(fashions) < len(("hòa", "hoà")):
        return
    usual = max(fashions, key=lambda fashion: (fashions[fashion], fashion))
    for question, words in found.items():
        odd = [(word, other) for word, fashion, other in words if fashion != usual]
        if odd:
            yield question, [Problem(question, "tone-marks", each) for each in odd]


def _of_topics(bank: QuestionBank, quotas: Quotas) -> Iterator[Problem]:
    for topic, questions in bank.topics.items():
        quota = quotas.get(topic, 0)
        if not quota and ANY_TOPIC not in quotas:
            yield Problem(topic, "topic-unused", (len(questions),))
        elif len(questions) < ROOM * quota:
            yield Problem(topic, "little-room", (len(questions), quota, ROOM * quota))


def _of_bank(bank: QuestionBank) -> Iterator[Problem]:
    for clue in clues_of(bank.questions):
        if clue.is_above_chance:
            facts = (round(clue.right), clue.questions, round(clue.chance))
            yield Problem(WHOLE_BANK, f"clue-{clue.name}", facts)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
