"""The ledger's vectors, and papers made to measure."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from question_bank.draw import Paper, Place
from question_bank.question import OptionId, QuestionId
from scoring.attempt import Attempt, AttemptId, open_attempt
from scoring.instant import Instant

MakeAttempt = Callable[..., Attempt]


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    path = Path(__file__).parents[1] / "data" / "ledger-vectors.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def make_attempt() -> MakeAttempt:
    """A fresh attempt; question `q1` shows option d first, then c, b, a, and so on."""

    def make(size: int = 3, *, opened_at: int = 0, due: int = 900_000) -> Attempt:
        options = tuple(OptionId(letter) for letter in "dcba")
        places = tuple(Place(QuestionId(f"q{n}"), options) for n in range(1, size + 1))
        return open_attempt(AttemptId(7), (3, 1), Paper(places), Instant(opened_at), Instant(due))

    return make
