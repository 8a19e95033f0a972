"""Questions that ask nearly the same: by the runs of three letters their stems share.

Decides how alike two stems are; what to do about a pair, others decide.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from question_bank.question import Question, QuestionId
from question_bank.text import fold

NEAR = 80
"""In a hundred: stems this alike are a pair whatever their keys."""
NEAR_OF_ONE_KEY = 60
"""In a hundred: with the same key text, this is enough."""

_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, ids ascending, and how alike their stems are in a hundred."""

    one: QuestionId
    two: QuestionId
    percent: int


def near_pairs(questions: Sequence[Question]) -> Iterator[Pair]:
    """Pairs nearly but not quite alike, by their ids; twins are `checks`' to find."""
    ordered = sorted(questions, key=lambda question: question.id)
    stems = [fold(question.stem) for question in ordered]
    keys = [fold(question.option(question.answer).text) for question in ordered]
    grams = [_grams(stem) for stem in stems]
    for (one, two), shared in sorted(_shared(grams).items()):
        percent = 200 * shared // (grams[one].total() + grams[two].total())
        least = NEAR_OF_ONE_KEY if keys[one] == keys[two] else NEAR
        if percent >= least and stems[one] != stems[two]:
            yield Pair(ordered[one].id, ordered[two].id, percent)


def _shared(grams: Sequence[Counter[str]]) -> Counter[tuple[int, int]]:
    """How many runs each two of the stems share; pairs that share none are missing."""
    holders: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    shared: Counter[tuple[int, int]] = Counter()
    for index, own in enumerate(grams):
        for gram, count in own.items():
            for other, others in holders[gram]:
                shared[other, index] += min(count, others)
            holders[gram].append((index, count))
    return shared


def _grams(stem: str) -> Counter[str]:
    padded = f" {stem} "
    return Counter(padded[at : at + _LETTERS] for at in range(len(padded) - _LETTERS + 1))
