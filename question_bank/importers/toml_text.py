"""A bank as the text of a TOML file: what `toml_file` reads back the same.

Decides the file's layout; where it is kept, others decide.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from question_bank.question import Question, QuestionBank, Topic

_DELETE = "\x7f"


def bank_text(bank: QuestionBank) -> str:
    """One file; of one topic it has that topic's head, as the shipped files do."""
    return questions_text(bank.questions, bank.titles)


def questions_text(questions: Iterable[Question], titles: Mapping[Topic, str]) -> str:
    """The questions in the order given, under the titles given."""
    asked = tuple(questions)
    topics = sorted({question.topic for question in asked} | set(titles))
    named = {topic: titles.get(topic, topic) for topic in topics}
    if len(topics) == 1:
        head = [f"title = {_string(named[topics[0]])}", f"topic = {_string(topics[0])}"]
    else:
        head = ["[topics]", *(f"{_string(topic)} = {_string(named[topic])}" for topic in topics)]
    lines = [*head]
    for question in asked:
        lines += ["", "[[question]]", *_question_lines(question, is_alone=len(topics) == 1)]
    return "\n".join(lines) + "\n"


def _question_lines(question: Question, *, is_alone: bool) -> Iterator[str]:
    yield f"id = {_string(question.id)}"
    if not is_alone:
        yield f"topic = {_string(question.topic)}"
    yield f"stem = {_string(question.stem)}"
    yield "options = ["
    for option in question.options:
        yield f"  {{ id = {_string(option.id)}, text = {_string(option.text)} }},"
    yield "]"
    yield f"answer = {_string(question.answer)}"
    if question.pin:
        yield "pin = true"
    yield f"difficulty = {question.difficulty}"
    for name in ("source", "explanation"):
        if text := getattr(question, name):
            yield f"{name} = {_string(text)}"


def _string(text: str) -> str:
    # JSON's strings are TOML's basic strings, but for one control character
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
