"""Tables of one question file into questions, with everything that is wrong in them.

Decides what a question file may hold; what spans several files is `toml_file`'s.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from question_bank.importers import problems
from question_bank.importers.document import TomlDocument
from question_bank.importers.finding import Finding
from question_bank.question import (
    MAX_OPTIONS,
    MIN_OPTIONS,
    OPTION_ID,
    QUESTION_ID,
    STATUSES,
    TOPIC,
    Option,
    OptionId,
    Question,
    QuestionId,
    Topic,
)
from question_bank.text import clean

MAX_DIFFICULTY = 3


@dataclass(frozen=True, slots=True)
class Key:
    """What a key of a table must be; a missing one that is not required takes `default`."""

    kind: type
    wanted: str
    required: bool = True
    default: Any = None


FILE_KEYS = {
    "title": Key(str, problems.STRING),
    "topic": Key(str, problems.STRING),
    "question": Key(list, problems.QUESTIONS),
}
FILE_KEYS_OF_TOPICS = {
    "topics": Key(dict, problems.TABLE),
    "question": Key(list, problems.QUESTIONS),
}
QUESTION_KEYS = {
    "id": Key(str, problems.STRING),
    "topic": Key(str, problems.STRING, required=False, default=""),
    "stem": Key(str, problems.STRING),
    "options": Key(list, problems.OPTIONS),
    "answer": Key(str, problems.STRING),
    "pin": Key(bool, problems.BOOLEAN, required=False, default=False),
    "difficulty": Key(int, problems.INTEGER, required=False, default=1),
    "source": Key(str, problems.STRING, required=False, default=""),
    "explanation": Key(str, problems.STRING, required=False, default=""),
    "status": Key(str, problems.STRING, required=False, default="approved"),
    "author": Key(str, problems.STRING, required=False, default=""),
    "approved_by": Key(str, problems.STRING, required=False, default=""),
}
OPTION_KEYS = {"id": Key(str, problems.STRING), "text": Key(str, problems.STRING)}


@dataclass(slots=True)
class Rows:
    """What was found in one file.

    `questions` go with the place (`file:line`) of their id, `topics` with title and path; `topic`
    is that of questions that name none.
    """

    document: TomlDocument
    topic: Topic | None = None
    topics: dict[Topic, tuple[str, str]] = field(default_factory=dict)
    questions: list[tuple[Question, str]] = field(default_factory=list)
    found: list[tuple[int, Finding]] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """In the order of the file's lines."""
        return [finding for _, finding in sorted(self.found, key=lambda each: each[0])]

    def report(self, path: str, template: str, **facts: object) -> None:
        line = self.document.line_of(path)
        finding = problems.finding_at(self.document.path, line, template, **facts)
        self.found.append((line, finding))


def rows_of(document: TomlDocument) -> Rows:
    """Questions of the file as far as they can be made, and all its problems."""
    rows = Rows(document)
    keys = FILE_KEYS_OF_TOPICS if "topics" in document.tables else FILE_KEYS
    values = _values(rows, "", document.tables, keys)
    if keys is FILE_KEYS:
        _read_heading(rows, values)
    else:
        _read_topics(rows, values.get("topics", {}))
    for index, table in enumerate(values.get("question", [])):
        _read_question(rows, f"question[{index}]", table)
    return rows


def _read_heading(rows: Rows, values: dict[str, Any]) -> None:
    title = _text(rows, "title", values.get("title"))
    topic = values.get("topic")
    if topic is not None and _fits(rows, "topic", topic, (TOPIC, problems.BAD_TOPIC)):
        rows.topic = Topic(topic)
        rows.topics[rows.topic] = (title, "topic")


def _read_topics(rows: Rows, titles: dict[str, Any]) -> None:
    """`[topics]` of a file that holds several: code = "title"."""
    for topic, title in titles.items():
        path = f"topics.{topic}"
        if not _fits(rows, path, topic, (TOPIC, problems.BAD_TOPIC)):
            continue
        is_text = _has_type(rows, "topics", (topic, Key(str, problems.STRING)), titles)
        rows.topics[Topic(topic)] = (_text(rows, path, title) if is_text else "", path)


def _topic_of(rows: Rows, path: str, named: str) -> Topic | None:
    """The question's own topic, else the file's; None is reported here or at the heading."""
    if not named:
        if rows.topics and rows.topic is None:
            rows.report(f"{path}.topic", problems.MISSING_KEY, key="topic", wanted=problems.STRING)
        return rows.topic
    if named in rows.topics:
        return Topic(named)
    allowed = ", ".join(sorted(rows.topics))
    rows.report(f"{path}.topic", problems.UNKNOWN_TOPIC, found=named, allowed=allowed)
    return None


def _read_question(rows: Rows, path: str, table: object) -> None:
    before = len(rows.found)
    values = _values(rows, path, table, QUESTION_KEYS)
    if "id" in values:
        _fits(rows, f"{path}.id", values["id"], (QUESTION_ID, problems.BAD_QUESTION_ID))
    for name in ("stem", "source", "explanation", "author", "approved_by"):
        _text(rows, f"{path}.{name}", values.get(name), required=QUESTION_KEYS[name].required)
    if values.get("difficulty", 1) not in range(1, MAX_DIFFICULTY + 1):
        rows.report(f"{path}.difficulty", problems.BAD_DIFFICULTY, found=values["difficulty"])
    if values.get("status", "draft") not in STATUSES:
        facts = {"found": values["status"], "allowed": ", ".join(STATUSES)}
        rows.report(f"{path}.status", problems.BAD_STATUS, **facts)
    options = _read_options(rows, f"{path}.options", values.get("options"))
    if "answer" in values and options:
        _check_answer(rows, f"{path}.answer", values["answer"], options)
    topic = _topic_of(rows, path, values.get("topic", ""))
    # a file without a topic is refused as a whole
    if len(rows.found) == before and topic is not None:
        question = _question_of(topic, values, options)
        rows.questions.append((question, rows.document.place(f"{path}.id")))


def _question_of(topic: Topic, values: dict[str, Any], options: list[Option]) -> Question:
    return Question(
        id=QuestionId(values["id"]),
        topic=topic,
        stem=values["stem"],
        options=tuple(options),
        answer=OptionId(values["answer"]),
        pin=values["pin"],
        source=values["source"],
        explanation=values["explanation"],
        difficulty=values["difficulty"],
        status=values["status"],
        author=values["author"],
        approved_by=values["approved_by"],
    )


def _read_options(rows: Rows, path: str, tables: list[object] | None) -> list[Option]:
    if tables is None:
        return []
    if not MIN_OPTIONS <= len(tables) <= MAX_OPTIONS:
        facts = {"found": len(tables), "least": MIN_OPTIONS, "most": MAX_OPTIONS}
        rows.report(path, problems.OPTION_COUNT, **facts)
    options: list[Option] = []
    for index, table in enumerate(tables):
        item = f"{path}[{index}]"
        values = _values(rows, item, table, OPTION_KEYS)
        text = _text(rows, f"{item}.text", values.get("text"))
        name = values.get("id")
        if name is None or not _fits(rows, f"{item}.id", name, (OPTION_ID, problems.BAD_OPTION_ID)):
            continue
        if any(option.id == name for option in options):
            rows.report(f"{item}.id", problems.SAME_OPTION_ID, found=name)
        options.append(Option(OptionId(name), text))
    return options


def _check_answer(rows: Rows, path: str, answer: str, options: Iterable[Option]) -> None:
    ids = [option.id for option in options]
    if answer not in ids:
        rows.report(path, problems.WRONG_ANSWER, found=answer, allowed=", ".join(ids))


def _values(rows: Rows, path: str, table: object, keys: dict[str, Key]) -> dict[str, Any]:
    """Values of the right type, defaults among them; everything else is reported."""
    if not isinstance(table, dict):
        facts = {"key": path, "found": problems.type_name(table), "wanted": problems.TABLE}
        rows.report(path, problems.WRONG_TYPE, **facts)
        return {}
    for name in sorted(table.keys() - keys.keys()):
        rows.report(_under(path, name), problems.UNKNOWN_KEY, key=name, allowed=", ".join(keys))
    values = {}
    for name, key in keys.items():
        if name not in table and not key.required:
            values[name] = key.default
        elif _has_type(rows, path, (name, key), table):
            values[name] = table[name]
    return values


def _has_type(rows: Rows, path: str, named: tuple[str, Key], table: dict[str, Any]) -> bool:
    name, key = named
    where = _under(path, name)
    if name not in table:
        rows.report(where, problems.MISSING_KEY, key=name, wanted=key.wanted)
        return False
    # TOML's types exactly: a boolean is not an integer
    if type(table[name]) is key.kind:
        return True
    found = problems.type_name(table[name])
    rows.report(where, problems.WRONG_TYPE, key=name, found=found, wanted=key.wanted)
    return False


def _fits(rows: Rows, path: str, value: str, shape: tuple[re.Pattern[str], str]) -> bool:
    pattern, template = shape
    if pattern.fullmatch(value):
        return True
    rows.report(path, template, found=value)
    return False


def _text(rows: Rows, path: str, text: str | None, *, required: bool = True) -> str:
    """The text, reported when it is empty though required, or not clean."""
    if text is None:
        return ""
    cleaned, name = clean(text), path.rpartition(".")[2]
    if required and not cleaned:
        rows.report(path, problems.EMPTY_TEXT, key=name)
    elif cleaned != text:
        position = _first_difference(text, cleaned)
        rows.report(path, problems.UNCLEAN_TEXT, key=name, position=position, clean=cleaned)
    return text


def _first_difference(text: str, other: str) -> int:
    """Position, from 1, of the first character that is not the same."""
    pairs = zip(text, other, strict=False)
    same = next((at for at, (one, two) in enumerate(pairs) if one != two), None)
    return 1 + (min(len(text), len(other)) if same is None else same)


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
