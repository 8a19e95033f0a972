"""Drafts into questions of a bank: topics by name, ids, and what the bank already has.

Decides which drafts can join and what is wrong with the others; writing is `bank_files`'.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from question_bank.checks import check_questions
from question_bank.importers import problems
from question_bank.importers.draft import Draft, Report
from question_bank.importers.finding import Finding, is_error
from question_bank.importers.reading import Reading
from question_bank.importers.toml_file import BankFiles
from question_bank.question import (
    QUESTION_ID,
    TOPIC,
    Option,
    OptionId,
    Question,
    QuestionBank,
    QuestionId,
    Topic,
)
from question_bank.text import clean, fold

_LEAST_PART = 6
"""Letters of a topic's name that are enough to find it by."""
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the importer says of all questions: their topic's code, a source where none stands.

    `author` is who answers for the file. A question is a draft whatever the file calls it, unless
    `keeps_status`: then it is a bank approved elsewhere that only moves.
    """

    topic: str = ""
    source: str = ""
    author: str = ""
    keeps_status: bool = False


@dataclass(frozen=True, slots=True)
class Adoption:
    """`questions` may join the bank; `titles` are all topics known, `seen` how many were read.

    `places` and `labels` say where and under which label each question stood in the file.
    """

    questions: tuple[Question, ...]
    titles: Mapping[Topic, str]
    findings: tuple[Finding, ...]
    seen: int
    places: Mapping[str, str]
    labels: Mapping[str, str]


@dataclass(slots=True)
class _Desk:
    report: Report
    titles: dict[Topic, str]
    taken: dict[str, str]
    """Id to where it stands."""
    drafts: dict[str, Draft] = field(default_factory=dict)


def adopt(file: str, reading: Reading, known: BankFiles, wishes: Wishes) -> Adoption:
    """What of a file can join a bank; `known` is the bank it would join."""
    report = Report(file, list(reading.findings))
    titles = dict(known.bank.titles)
    new = {Topic(code): title for code, title in reading.titles.items() if TOPIC.fullmatch(code)}
    titles = new | titles
    desk = _Desk(report, titles, {id_: known.places[id_] for id_ in known.bank.by_id})
    drafts = [
        replace(draft, topic_code=wishes.topic or draft.topic_code) for draft in reading.drafts
    ]
    placed = list(_with_topics(desk, drafts))
    questions = list(_with_ids(desk, placed, known.bank, wishes))
    sound = _checked(desk, questions, known.bank)
    labels = {finding.question for finding in filter(is_error, reading.findings)} - {""}
    return Adoption(
        tuple(sound),
        titles,
        tuple(report.findings),
        len(drafts) + len(labels),
        {id_: f"{file}:{draft.at}" for id_, draft in desk.drafts.items()},
        {id_: draft.label for id_, draft in desk.drafts.items()},
    )


def _with_topics(desk: _Desk, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Topic]]:
    unknown: dict[str, list[Draft]] = {}
    for draft in drafts:
        topic = _topic_of(draft, desk.titles)
        if topic is not None:
            yield draft, topic
        elif draft.topic or draft.topic_code:
            unknown.setdefault(draft.topic_code or draft.topic, []).append(draft)
        else:
            desk.report.error(draft.at, problems.NO_TOPIC, draft.label)
    allowed = ", ".join(f"{code} ({title})" for code, title in sorted(desk.titles.items()))
    for name, lost in unknown.items():
        facts = {"found": name, "count": len(lost), "allowed": allowed or "-"}
        desk.report.error(lost[0].at, problems.TOPIC_NAME, lost[0].label, **facts)


def _topic_of(draft: Draft, titles: Mapping[Topic, str]) -> Topic | None:
    """By code, by the whole title, or by a part that only one title has."""
    if draft.topic_code:
        return Topic(draft.topic_code) if Topic(draft.topic_code) in titles else None
    name = fold(draft.topic)
    for code, title in titles.items():
        if name in {fold(code), fold(title), fold(code).replace("_", " ")}:
            return code
    if len(name) < _LEAST_PART:
        return None
    alike = [code for code, title in titles.items() if name in fold(title) or fold(title) in name]
    return alike[0] if len(alike) == 1 else None


def _with_ids(
    desk: _Desk, placed: Sequence[tuple[Draft, Topic]], bank: QuestionBank, wishes: Wishes
) -> Iterator[Question]:
    numbers = {topic: _numbering(bank, topic) for topic in {topic for _, topic in placed}}
    named = {draft.id for draft, _ in placed}
    for draft, topic in placed:
        prefix, number = numbers[topic]
        while (given := f"{prefix}{number:0{_DIGITS}}") in desk.taken or given in named:
            number += 1
        id_ = draft.id or given
        numbers[topic] = (prefix, number + (not draft.id))
        if _is_free(desk, draft, id_):
            desk.taken[id_] = f"{desk.report.file}:{draft.at}"
            desk.drafts[id_] = draft
            yield _question(draft, id_, topic, wishes)


def _is_free(desk: _Desk, draft: Draft, id_: str) -> bool:
    if not QUESTION_ID.fullmatch(id_):
        desk.report.error(draft.at, problems.BAD_QUESTION_ID, draft.label, found=id_)
        return False
    if id_ in desk.taken:
        is_ours = id_ in desk.drafts
        template = problems.ID_TWICE if is_ours else problems.ID_TAKEN
        first = desk.drafts[id_].at if is_ours else desk.taken[id_]
        desk.report.error(draft.at, template, draft.label, found=id_, first=first)
        return False
    return True


def _numbering(bank: QuestionBank, topic: Topic) -> tuple[str, int]:
    """Prefix and next number of a topic's ids, as its questions have them already."""
    prefixes: Counter[str] = Counter()
    numbers: dict[str, int] = {}
    for id_ in bank.topics.get(topic, ()):
        if found := re.fullmatch(r"(.*?)(\d{1,6})", id_):
            prefixes[found[1]] += 1
            numbers[found[1]] = max(numbers.get(found[1], 0), int(found[2]))
    if prefixes:
        prefix = prefixes.most_common(1)[0][0]
        return prefix, numbers[prefix] + 1
    return re.sub(r"[^a-z0-9]+", "-", topic.lower())[:24] + "-", 1


def _question(draft: Draft, id_: str, topic: Topic, wishes: Wishes) -> Question:
    return Question(
        id=QuestionId(id_),
        topic=topic,
        stem=draft.stem,
        options=tuple(Option(OptionId(name), text) for name, text in draft.options),
        answer=OptionId(draft.answer),
        pin=draft.pin,
        source=draft.source or clean(wishes.source),
        explanation=draft.explanation,
        difficulty=draft.difficulty,
        status=(draft.status or "approved") if wishes.keeps_status else "draft",
        author=draft.author or clean(wishes.author),
        approved_by=draft.approved_by if wishes.keeps_status else "",
    )


def _checked(desk: _Desk, questions: list[Question], bank: QuestionBank) -> Iterator[Question]:
    """Those that pass the bank's own checks beside what it has; the others are reported."""
    merged = QuestionBank((*bank.questions, *questions), desk.titles)
    broken = set()
    for problem in check_questions(merged):
        about = problem.where
        if problem.what == "stem-twin" and about not in desk.drafts:
            # the twin that was there first is not the one at fault
            about, problem = str(problem.facts[0]), replace(problem, facts=(about,))  # noqa: PLW2901
        if about not in desk.drafts:
            continue
        draft = desk.drafts[about]
        words = problems.CHECKS[problem.what].format(*_names(desk, problem.facts))
        finding = Finding(desk.report.file, draft.at, problem.what, words, draft.label)
        desk.report.findings.append(finding)
        broken.add(about)
    return (question for question in questions if question.id not in broken)


def _names(desk: _Desk, facts: tuple[str | int, ...]) -> list[str]:
    """Ids that were only just given mean nothing yet: their place does."""
    return [
        f"{desk.drafts[str(fact)].label} ({desk.drafts[str(fact)].at})"
        if str(fact) in desk.drafts
        else str(fact)
        for fact in facts
    ]
