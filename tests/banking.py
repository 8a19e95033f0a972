"""A small bank of questions in a folder of its own, and files that are to join it."""

from pathlib import Path
from typing import Any

from bot.settings import Config, read_config
from handlers.office_links import SentFile
from question_bank.importers.toml_text import bank_text
from question_bank.question import Option, Question, QuestionBank

ROOT = Path(__file__).parents[1]


def bank_in(folder: Path) -> Config:
    """The shipped settings with a bank of three questions, `cu-000` to `cu-002`."""
    (folder / "bank").mkdir()
    (folder / "bank" / "so.toml").write_text(bank_text(bank_of("cu", 3)), "utf-8")
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = text.replace('"question_bank/questions"', f'"{folder / "bank"}"')
    text = text.replace('"handlers/messages"', f'"{ROOT / "handlers/messages"}"')
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return read_config(path)


def bank_of(prefix: str, count: int, **changes: Any) -> QuestionBank:
    questions = tuple(
        Question(
            f"{prefix}-{at:03}", "so", f"Việc {prefix} thứ {at} nộp ở đâu?",
            tuple(Option(letter, f"Nơi {letter} của {prefix} {at}") for letter in "abcd"),
            "abcd"[at % 4], False, "Điều 1", "Vì thế.", 1, **changes,
        )
        for at in range(count)
    )  # fmt: skip
    return QuestionBank(questions, {"so": "Chuyển đổi số"})


def without_ids(prefix: str, count: int) -> SentFile:
    """A file whose questions get their ids from the bank they join."""
    rows = "".join(
        f"Việc {prefix} thứ {at} ở đâu?,Nơi x {at},Nơi y {at},Nơi z {at},A,Chuyển đổi số,Điều 2\n"
        for at in range(count)
    )
    head = "Câu hỏi,A,B,C,Đáp án,Chủ đề,Nguồn\n"
    return SentFile("cau-hoi.csv", (head + rows).encode())
