"""The ledger's vectors, and questions made to measure."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from question_bank.question import Option, OptionId, Question, QuestionBank, QuestionId, Topic

MakeQuestion = Callable[..., Question]


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    path = Path(__file__).parents[1] / "data" / "ledger-vectors.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def make_question() -> MakeQuestion:
    def make(
        name: str = "q1",
        topic: str = "A",
        *,
        options: str = "abcd",
        answer: str = "a",
        pin: bool = False,
        stem: str | None = None,
        source: str = "Điều 1",
    ) -> Question:
        return Question(
            QuestionId(name),
            Topic(topic),
            stem if stem is not None else f"Câu hỏi {name}?",
            tuple(Option(OptionId(each), f"Phương án {each}") for each in options),
            OptionId(answer),
            pin,
            source,
            "",
            1,
        )

    return make


@pytest.fixture(scope="session")
def vector_bank(vectors: dict[str, Any]) -> QuestionBank:
    """The bank of the commitments' vectors."""
    return QuestionBank(
        tuple(
            Question(
                each["id"],
                each["topic"],
                each["stem"],
                tuple(Option(option["id"], option["text"]) for option in each["options"]),
                each["answer"],
                bool(each["pin"]),
                "",
                "",
                1,
            )
            for each in vectors["commitments"]["bank"]
        )
    )
