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
        head = [f"title = {toml_string(named[topics[0]])}", f"topic = {toml_string(topics[0])}"]
    else:
        head = [
            "[topics]",
            *(f"{toml_string(topic)} = {toml_string(named[topic])}" for topic in topics),
        ]
    lines = [*head]
    for question in asked:
        lines += ["", "[[question]]", *_question_lines(question, is_alone=len(topics) == 1)]
    return "\n".join(lines) + "\n"


def _question_lines(question: Question, *, is_alone: bool) -> Iterator[str]:
    yield f"id = {toml_string(question.id)}"
    if not is_alone:
        yield f"topic = {toml_string(question.topic)}"
    yield f"stem = {toml_string(question.stem)}"
    yield "options = ["
    for option in question.options:
        yield f"  {{ id = {toml_string(option.id)}, text = {toml_string(option.text)} }},"
    yield "]"
    yield f"answer = {toml_string(question.answer)}"
    if question.pin:
        yield "pin = true"
    yield f"difficulty = {question.difficulty}"
    if question.status != "approved":
        yield f"status = {toml_string(question.status)}"
    for name in ("source", "explanation", "author", "approved_by"):
        if text := getattr(question, name):
            yield f"{name} = {toml_string(text)}"


def toml_string(text: str) -> str:
    """The text as a basic string on one line."""
    # JSON's strings are TOML's basic strings, but for one control character
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
