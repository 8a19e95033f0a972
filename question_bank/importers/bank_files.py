"""Question files on disk, written whole or not at all.

Decides a new file's name and that the folder can be read with it; the text is `toml_text`'s.
"""

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from question_bank.importers.toml_file import (
    PRACTICE_FILE,
    BankFiles,
    bank_of,
    read_bank_files,
    read_toml,
    read_toml_bytes,
)
from question_bank.importers.toml_text import questions_text
from question_bank.question import Question, QuestionBank, Topic
from question_bank.text import fold

_PREFIX = "nhap-"
_LONGEST_NAME = 40
# No reader of the folder takes such a name for a question file.
_STAGED = ".cho-"


def known_bank(folder: Path, titles: Mapping[Topic, str]) -> BankFiles:
    """The bank of a folder, empty when it has none yet, with `titles` known besides.

    Raises:
        BankFilesError: the folder has question files, and something is wrong with them.
    """
    files = BankFiles(QuestionBank(()), {})
    if question_files(folder):
        files = read_bank_files(folder)
    bank = QuestionBank(files.bank.questions, {**titles, **files.bank.titles})
    return BankFiles(bank, files.places)


def question_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.toml") if path.name != PRACTICE_FILE)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nobody else on this machine adds to the folder meanwhile: ids are given once.

    Raises:
        OSError: there is no such folder and none can be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_questions(
    folder: Path,
    source: str,
    questions: Sequence[Question],
    titles: Mapping[Topic, str],
    mark: str | None = None,
) -> Path:
    """One new file of the folder, there as a whole or not at all; its path. The folder is `held`.

    With a `mark` no reader sees it before `publish_staged`.

    Raises:
        BankFilesError: the folder could not be read with it; nothing was written.
        OSError: the folder cannot be written.
    """
    used = {question.topic for question in questions}
    text = questions_text(questions, {topic: titles[topic] for topic in used})
    path = _free_path(folder, source)
    _ask_readable(folder, path, text.encode())
    folder.mkdir(parents=True, exist_ok=True)
    staged = path if mark is None else path.with_name(f"{path.name}{_STAGED}{mark}")
    write_whole(staged, text.encode())
    return staged


def staged_files(folder: Path, marks: str) -> Mapping[Path, str]:
    """Files that wait out of readers' sight, with the marks that begin with `marks`."""
    found = folder.glob(f"{_PREFIX}*.toml{_STAGED}{marks}*")
    return {path: path.name.rpartition(_STAGED)[2] for path in sorted(found)}


def publish_staged(staged: Path) -> Path:
    """Let readers see a file that waited; its path. The folder is `held`.

    Raises:
        BankFilesError: the folder could not be read with it; it waits on.
    """
    folder, name = staged.parent, staged.name.rpartition(_STAGED)[0]
    path = folder / name
    if path.exists():
        path = _free_path(folder, Path(name).stem.removeprefix(_PREFIX))
    _ask_readable(folder, path, staged.read_bytes())
    return staged.rename(path)


def _ask_readable(folder: Path, path: Path, data: bytes) -> None:
    documents = [read_toml(each) for each in question_files(folder)]
    bank_of([*documents, read_toml_bytes(path, data)])


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """The file with these bytes, or as it was before."""
    handle, name = tempfile.mkstemp(prefix=".hoithi-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _free_path(folder: Path, source: str) -> Path:
    slug = re.sub(r"[^a-z0-9]+", "-", fold(Path(source).stem)).strip("-")[:_LONGEST_NAME]
    base = f"{_PREFIX}{slug.strip('-') or 'cau-hoi'}"
    names = [f"{base}.toml", *(f"{base}-{number}.toml" for number in range(2, 1_000))]
    return next(folder / name for name in names if not (folder / name).exists())
