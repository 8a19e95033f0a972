"""A question as an organiser's file has it, and whether it can become one.

Decides what each reader's findings have in common: choices, the key and its signs, texts. Topics
and ids are settled where the bank is known (`adopting`).
"""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from question_bank.importers import problems
from question_bank.importers.finding import Finding, Severity
from question_bank.importers.labels import difficulty_of, option_label, status_of, yes_or_no
from question_bank.old_encodings import old_encoding
from question_bank.question import MAX_OPTIONS, MIN_OPTIONS, OPTION_ID, Status
from question_bank.text import clean, fold, mark_run

_LETTERS = "abcdefgh"
_KEY_LETTER = re.compile(r"(?:(?:phuong an|dap an|cau|y)\s+)?\(?([a-h])\s*[.):]?", re.IGNORECASE)
_KEY_NUMBER = re.compile(r"\(?(\d)\s*[.):]?")
_SEVERAL_KEYS = re.compile(
    r"\(?[a-h]\)?(?:\s*(?:,|;|/|\+|&|va|hoac)\s*\(?[a-h]\)?)+", re.IGNORECASE
)
_LONGEST_MARKS = 2
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Draft:
    """A question sound in itself; `topic` is as written, `id` may be empty."""

    at: str
    label: str
    stem: str
    options: tuple[tuple[str, str], ...]
    answer: str
    topic: str = ""
    topic_code: str = ""
    id: str = ""
    pin: bool = False
    difficulty: int = 1
    source: str = ""
    explanation: str = ""
    status: Status | Literal[""] = ""
    author: str = ""
    approved_by: str = ""


@dataclass(slots=True)
class RawQuestion:
    """What a reader collected.

    `keys` are the signs of the key: a kind, and what it says; `marked` those that stand at a
    choice: a kind, and its place from 0. `notes` hold everything else by `Draft`'s names,
    `option_ids` among them.
    """

    at: str
    label: str
    stem: str = ""
    options: list[str] = field(default_factory=list)
    keys: list[tuple[str, str]] = field(default_factory=list)
    marked: list[tuple[str, int]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    is_broken: bool = False
    is_exact: bool = False
    """From a file we wrote: its texts are questions' texts, whatever they look like."""


@dataclass(slots=True)
class Report:
    """What was found in one file, in the order of reading."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def error(self, at: str, template: str, /, question: str = "", **facts: Any) -> None:
        self._add(at, template, (question, "error"), facts)

    def warn(self, at: str, template: str, /, question: str = "", **facts: Any) -> None:
        self._add(at, template, (question, "warning"), facts)

    def _add(
        self, at: str, template: str, about: tuple[str, Severity], facts: dict[str, object]
    ) -> None:
        question, severity = about
        words = template.format(**facts)
        code = problems.code_of(template)
        self.findings.append(Finding(self.file, at, code, words, question, severity))


def settle(raw: RawQuestion, report: Report) -> Draft | None:
    """The draft, or None with everything that keeps the question from being one reported."""
    before = len(report.findings)
    if not raw.is_exact and fold(raw.stem).startswith(fold(problems.EXAMPLE)):
        report.warn(raw.at, problems.EXAMPLE_SKIPPED, raw.label)
        return None
    if raw.is_broken or (not raw.is_exact and _is_rubbish(raw, report)):
        return None
    texts = [clean(option) for option in raw.options]
    _check_texts(raw, texts, report)
    ids = _option_ids(raw, len(texts), report)
    answer = _answer_of(raw, texts, ids, report) if texts else ""
    difficulty = difficulty_of(raw.notes.get("difficulty", ""))
    if difficulty is None:
        found = raw.notes["difficulty"]
        report.error(raw.at, problems.DIFFICULTY_WORD, raw.label, found=found)
    pin = yes_or_no(raw.notes.get("pin", ""))
    if pin is None:
        report.error(raw.at, problems.PIN_WORD, raw.label, found=raw.notes["pin"])
    status = status_of(raw.notes.get("status", ""))
    if status is None:
        report.error(raw.at, problems.STATUS_WORD, raw.label, found=raw.notes["status"])
    if len(report.findings) > before:
        return None
    named = ("topic", "topic_code", "id", "source", "explanation", "author")
    notes = {name: clean(raw.notes.get(name, "")) for name in (*named, "approved_by")}
    pairs = tuple(zip(ids, texts, strict=True))
    return Draft(
        raw.at,
        raw.label,
        clean(raw.stem),
        pairs,
        answer,
        pin=bool(pin),
        difficulty=difficulty or 1,
        status=status or "",
        **notes,
    )


def shown(text: str) -> str:
    """A text as findings quote it: cut short."""
    said = clean(text)
    return said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"


def _is_rubbish(raw: RawQuestion, report: Report) -> bool:
    encoding = old_encoding(" ".join([raw.stem, *raw.options, raw.notes.get("source", "")]))
    if encoding is None:
        return False
    report.error(
        raw.at, problems.OLD_ENCODINGS[encoding], raw.label, found=shown(raw.stem or raw.options[0])
    )
    return True


def _check_texts(raw: RawQuestion, texts: list[str], report: Report) -> None:
    if not clean(raw.stem):
        report.error(raw.at, problems.NO_STEM, raw.label)
    if not MIN_OPTIONS <= len(texts) <= MAX_OPTIONS:
        facts = {"found": len(texts), "least": MIN_OPTIONS, "most": MAX_OPTIONS}
        report.error(raw.at, problems.OPTION_COUNT, raw.label, **facts)
    for letter, text in zip(_LETTERS, texts, strict=False):
        if not text:
            report.error(raw.at, problems.EMPTY_OPTION, raw.label, letter=letter.upper())
    if any(mark_run(text) > _LONGEST_MARKS for text in (raw.stem, *texts)):
        report.error(raw.at, problems.PILED_MARKS, raw.label)


def _option_ids(raw: RawQuestion, count: int, report: Report) -> list[str]:
    """One a choice: the letters in order unless the file names others."""
    given = fold(raw.notes.get("option_ids", ""))
    if not given:
        return list((_LETTERS * (count // len(_LETTERS) + 1))[:count])
    ids = [part.strip() for part in given.split(",")]
    is_sound = len(ids) == len(set(ids)) == count and all(map(OPTION_ID.fullmatch, ids))
    if not is_sound:
        report.error(raw.at, problems.OPTION_IDS, raw.label, found=given, count=count)
        return list(_LETTERS[:count])
    return ids


def _answer_of(raw: RawQuestion, texts: list[str], ids: list[str], report: Report) -> str:
    """Id of the choice that every sign of the key points at; empty when reported."""
    meant = {place: kind for kind, place in reversed(raw.marked)}
    for kind, said in raw.keys:
        place = _place_meant(raw, said, texts, (ids, report))
        if place is None:
            return ""
        meant.setdefault(place, kind)
    if not meant:
        report.error(raw.at, problems.NO_KEY, raw.label)
    if len(meant) == 1:
        return ids[next(iter(meant))]
    if meant:
        signs = ", ".join(
            f"{ids[place].upper()} ({problems.KEY_SIGNS[meant[place]]})" for place in sorted(meant)
        )
        report.error(raw.at, problems.KEYS_DISAGREE, raw.label, signs=signs)
    return ""


def _place_meant(
    raw: RawQuestion, said: str, texts: list[str], known: tuple[list[str], Report]
) -> int | None:
    ids, report = known
    if _SEVERAL_KEYS.fullmatch(fold(said)):
        report.error(raw.at, problems.SEVERAL_KEYS, raw.label, found=shown(said))
        return None
    if raw.is_exact:
        places = {place for place, name in enumerate(ids) if name == said.strip().lower()}
    else:
        places = _meant_by(said, texts, ids)
    if len(places) == 1:
        return places.pop()
    template = problems.KEY_UNCLEAR if places else problems.KEY_UNKNOWN
    facts = {"found": shown(said), "allowed": ", ".join(ids).upper()}
    report.error(raw.at, template, raw.label, **facts)
    return None


def _meant_by(said: str, texts: list[str], ids: list[str]) -> set[int]:
    """Places of the choices that a key's text may mean."""
    key = clean(said).casefold()
    same = {place for place, text in enumerate(texts) if text.casefold() == key}
    if found := _KEY_LETTER.fullmatch(fold(said)):
        same |= {place for place, name in enumerate(ids) if name == found[1].lower()}
    elif found := _KEY_NUMBER.fullmatch(key):
        same |= {int(found[1]) - 1} if 1 <= int(found[1]) <= len(texts) else set()
    elif not same and (label := option_label(clean(said))):
        rest = clean(clean(said)[label.end() :]).casefold()
        same = {
            place
            for place, text in enumerate(texts)
            if ids[place] == label[2].lower() and text.casefold() == rest
        }
    return same
