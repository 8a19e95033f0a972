from pathlib import Path

import pytest

from question_bank.importers import bank_files
from question_bank.importers.bank_files import known_bank, write_questions, write_whole
from question_bank.importers.toml_file import BankFilesError, read_bank
from question_bank.question import Option, Question

OPTIONS = (Option("a", "Một"), Option("b", "Hai"), Option("c", "Ba"))


def question(id_: str = "q-1", topic: str = "so") -> Question:
    return Question(id_, topic, f"Hỏi {id_}?", OPTIONS, "b", False, "Luật", "", 1)


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_write_questions_makes_one_readable_file(tmp_path: Path):
    folder = tmp_path / "new"

    path = write_questions(
        folder,
        "Câu hỏi (bản 2).docx",
        [question(), question("q-2", "an")],
        {"so": "Số", "an": "An"},
    )

    assert path == folder / "nhap-cau-hoi-ban-2.toml"
    assert listing(folder) == [path.name]
    assert list(read_bank(folder).by_id) == ["q-1", "q-2"]


def test_write_questions_never_overwrites(tmp_path: Path):
    for number in range(3):
        write_questions(tmp_path, "a.xlsx", [question(f"q-{number}")], {"so": "Số"})

    assert listing(tmp_path) == ["nhap-a-2.toml", "nhap-a-3.toml", "nhap-a.toml"]


def test_write_questions_that_would_break_the_bank_writes_nothing(tmp_path: Path):
    write_questions(tmp_path, "a.xlsx", [question()], {"so": "Số"})

    with pytest.raises(BankFilesError) as caught:
        write_questions(tmp_path, "b.xlsx", [question()], {"so": "Số"})

    assert [finding.code for finding in caught.value.findings] == ["same-question-id"]
    assert listing(tmp_path) == ["nhap-a.toml"]


def test_write_whole_leaves_nothing_behind_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "a.toml"
    path.write_text("before")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bank_files.os, "fsync", full)

    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"after")

    assert listing(tmp_path) == ["a.toml"]
    assert path.read_text() == "before"


def test_write_whole_replaces_and_keeps_the_mode(tmp_path: Path):
    path = tmp_path / "a.docx"
    path.write_text("before")

    write_whole(path, b"after", mode=0o600)

    assert path.read_bytes() == b"after"
    assert path.stat().st_mode & 0o777 == 0o600


def test_known_bank_of_an_empty_folder_knows_the_titles(tmp_path: Path):
    files = known_bank(tmp_path / "none", {"so": "Số"})

    assert (files.bank.questions, files.bank.titles) == ((), {"so": "Số"})
