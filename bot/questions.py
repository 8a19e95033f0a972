"""What `hoithi questions` does with the bank and with organisers' files; it prints nothing.

Decides what belongs to a check, an import, a preview. Reading strangers' files is the child's.
"""

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from bot.files import load_catalogue
from bot.problems import SAYS
from bot.settings import Config
from handlers.rendering import LETTERS, progress_line
from question_bank.checks import check_bank
from question_bank.importers.adopting import Adoption, Wishes, adopt
from question_bank.importers.bank_files import held, known_bank, write_questions
from question_bank.importers.child import read_file
from question_bank.importers.finding import Finding, is_error
from question_bank.importers.problems import finding_of_problem
from question_bank.importers.reading import Reading
from question_bank.importers.toml_file import (
    PRACTICE_FILE,
    BankFiles,
    BankFilesError,
    read_bank_files,
    read_practice_files,
)
from question_bank.question import Question, QuestionBank, Topic
from question_bank.review import review_bank

PREVIEWED = 3
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was found in it."""

    files: tuple[str, ...]
    questions: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(map(is_error, self.findings))

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.errors


def check_configured(config: Config) -> Checked:
    """The bank of the settings, with its quotas; the practice file's own faults too."""
    folder, quotas = config.path("questions"), config.settings.contest.draw
    findings: list[Finding] = []
    count = 0
    try:
        files = read_bank_files(folder)
    except BankFilesError as error:
        findings += error.findings
    else:
        count = len(files.bank.questions)
        found = (*check_bank(files.bank, quotas), *review_bank(files.bank, quotas))
        places = {"*": str(folder), **_places_of_quotas(config, files)}
        findings += (finding_of_problem(problem, places) for problem in found)
    findings += _practice_findings(folder)
    return Checked((str(folder),), count, tuple(findings))


def check_files(config: Config, paths: Sequence[Path]) -> Checked:
    """Each file by itself: what an import would say, and what a careful reader would."""
    findings: list[Finding] = []
    count = 0
    for path in paths:
        adoption = adopt(str(path), read_file(path), _empty(config), Wishes(keeps_status=True))
        count += adoption.seen
        findings += adoption.findings
        bank = QuestionBank(adoption.questions, dict(adoption.titles))
        for problem in review_bank(bank, {"*": 1}):
            place = adoption.places.get(problem.where, str(path))
            finding = finding_of_problem(problem, {problem.where: place})
            label = adoption.labels.get(problem.where, "")
            findings.append(replace(finding, question=label))
    return Checked(tuple(map(str, paths)), count, tuple(findings))


@dataclass(frozen=True, slots=True)
class Prepared:
    """An import before it is written; it may be when `is_sound`, or when bad ones are skipped."""

    path: Path
    folder: Path
    adoption: Adoption

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(filter(is_error, self.adoption.findings))

    @property
    def is_sound(self) -> bool:
        return bool(self.adoption.questions) and not self.errors

    @property
    def topics(self) -> dict[Topic, int]:
        """How many questions of each topic would be written."""
        return dict(sorted(Counter(each.topic for each in self.adoption.questions).items()))


def prepare_import(config: Config, path: Path, into: Path | None, wishes: Wishes) -> Prepared:
    """Read and check a file against the bank it is to join; nothing is written.

    Raises:
        BankFilesError: the bank itself cannot be read.
    """
    folder = into or config.path("questions")
    return prepare_reading(config, path, folder, (read_file(path), wishes))


def prepare_reading(
    config: Config, path: Path, folder: Path, given: tuple[Reading, Wishes]
) -> Prepared:
    """As `prepare_import`, of a file that was read already."""
    reading, wishes = given
    known = known_bank(folder, _titles(config))
    return Prepared(path, folder, adopt(str(path), reading, known, wishes))


def finish_import(prepared: Prepared) -> Path:
    """Write what was prepared, as one new file; its path."""
    with held(prepared.folder):
        return write_prepared(prepared)


def write_prepared(prepared: Prepared, mark: str | None = None) -> Path:
    """As `finish_import`, for who holds the folder already; `mark` as in `write_questions`."""
    adoption = prepared.adoption
    named = (prepared.path.name, adoption.questions, adoption.titles)
    return write_questions(prepared.folder, *named, mark)


def preview(config: Config, questions: Sequence[Question]) -> list[str]:
    """The first questions as a resident's phone would show them, the key below each."""
    catalogue = load_catalogue(config)
    size = sum(config.settings.contest.draw.values())
    shown = []
    for place, question in enumerate(questions[:PREVIEWED], 1):
        options = [
            catalogue.text("paper.option", letter=LETTERS[index], text=option.text)
            for index, option in enumerate(question.options)
        ]
        text = catalogue.text(
            "paper.question",
            place=place,
            size=size,
            due="--:--",
            progress=progress_line((False,) * size, place),
            answered=0,
            stem=question.stem,
            options=Markup("\n").join(map(Markup, options)),
        )
        key = [option.id for option in question.options].index(question.answer)
        told = SAYS["import_key"].format(letter=LETTERS[key])
        shown.append(f"{html.unescape(_TAG.sub('', text))}\n{told}")
    return shown


def _titles(config: Config) -> Mapping[Topic, str]:
    """Topics of the configured bank; none when it cannot be read."""
    try:
        return read_bank_files(config.path("questions")).bank.titles
    except BankFilesError:
        return {}


def _empty(config: Config) -> BankFiles:
    return BankFiles(QuestionBank((), dict(_titles(config))), {})


def _places_of_quotas(config: Config, files: BankFiles) -> dict[str, str]:
    """Topics that only the settings name stand there."""
    draw = config.settings.contest.draw
    return {topic: config.document.place(f"contest.draw.{topic}") for topic in draw} | dict(
        files.places
    )


def _practice_findings(folder: Path) -> Sequence[Finding]:
    if not (folder / PRACTICE_FILE).exists():
        return ()
    try:
        files = read_practice_files(folder)
    except BankFilesError as error:
        return error.findings
    return [
        finding_of_problem(problem, files.places) for problem in check_bank(files.bank, {"*": 1})
    ]
