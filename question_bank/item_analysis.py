"""How each question did in a contest: how often it was right, and whether it tells who knows.

Pure over the marked answers of attempts; which attempts are counted, the asker decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from question_bank.question import QuestionId

LEAST_ANSWERS = 30
"""Below this many answers a share or a discrimination says nothing."""

Marks = Mapping[QuestionId, bool]
"""One attempt: each question of its paper to whether the answer was right; unanswered is wrong."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """`discrimination` is -1 … 1: the correlation of a right answer with the rest of the paper.

    Below 0.1 a question tells nothing, below 0 those who know less have it right more often: its
    key may be wrong. None when there are too few answers, or all are alike.
    """

    question: QuestionId
    answers: int
    right: int
    discrimination: float | None

    @property
    def share(self) -> float:
        return self.right / self.answers

    @property
    def is_suspect(self) -> bool:
        """Whether somebody should look at the key again."""
        return self.discrimination is not None and self.discrimination < 0

    def as_json(self) -> dict[str, object]:
        return {
            "question": self.question,
            "answers": self.answers,
            "right": self.right,
            "share": round(self.share, 3),
            "discrimination": (
                None if self.discrimination is None else round(self.discrimination, 3)
            ),
        }


def item_results(attempts: Iterable[Marks]) -> tuple[ItemResult, ...]:
    """A result for each question that any paper had, by id."""
    pairs: dict[QuestionId, list[tuple[bool, float]]] = {}
    for marks in attempts:
        total = sum(marks.values())
        for question, is_right in marks.items():
            # the question itself is left out: else it would agree with itself
            rest = (total - is_right) / (len(marks) - 1) if len(marks) > 1 else 0.0
            pairs.setdefault(question, []).append((is_right, rest))
    return tuple(
        ItemResult(question, len(found), sum(right for right, _ in found), _correlation(found))
        for question, found in sorted(pairs.items())
    )


def _correlation(pairs: list[tuple[bool, float]]) -> float | None:
    count = len(pairs)
    if count < LEAST_ANSWERS:
        return None
    mean_right = sum(right for right, _ in pairs) / count
    mean_rest = sum(rest for _, rest in pairs) / count
    covariance = sum((right - mean_right) * (rest - mean_rest) for right, rest in pairs)
    spread_right = sum((right - mean_right) ** 2 for right, _ in pairs)
    spread_rest = sum((rest - mean_rest) ** 2 for _, rest in pairs)
    if not spread_right or not spread_rest:
        return None
    return covariance / sqrt(spread_right * spread_rest)
