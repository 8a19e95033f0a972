"""What a bank consists of, in numbers: topics, difficulty, sources, places of the key.

Pure; how numbers are shown, the command line decides.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from question_bank.clues import Clue, clues_of, key_places, strict_lengths
from question_bank.draw import Quotas
from question_bank.question import STATUSES, QuestionBank, Status, Topic
from question_bank.text import clean

_ARTICLES = re.compile(
    r"[,;]\s*(?:điểm|khoản|điều|mục|chương|phụ|phần)\b.*"
    r"|^(?:(?:điểm|khoản|điều|mục|chương|phụ\s+lục|phần)\s+\S{1,4}[,;]?\s+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TopicCount:
    topic: Topic
    title: str
    questions: int
    quota: int
    difficulty: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Census:
    """`sources` are documents with their questions, most first; `places` begin with A."""

    questions: int
    statuses: Mapping[Status, int]
    topics: tuple[TopicCount, ...]
    sources: tuple[tuple[str, int], ...]
    unsourced: int
    places: tuple[int, ...]
    longest: int
    shortest: int
    clues: tuple[Clue, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "questions": self.questions,
            "statuses": dict(self.statuses),
            "topics": [
                {
                    "topic": each.topic,
                    "title": each.title,
                    "questions": each.questions,
                    "quota": each.quota,
                    "difficulty": list(each.difficulty),
                }
                for each in self.topics
            ],
            "sources": [{"source": name, "questions": count} for name, count in self.sources],
            "unsourced": self.unsourced,
            "key_places": list(self.places),
            "key_strictly_longest": self.longest,
            "key_strictly_shortest": self.shortest,
            "guessers": {
                clue.name: {"right": round(clue.right, 2), "chance": round(clue.chance, 2)}
                for clue in self.clues
            },
        }


def census_of(whole: QuestionBank, quotas: Quotas) -> Census:
    """Of the approved questions; the others are only counted."""
    statuses = Counter(question.status for question in whole.questions)
    bank = whole.approved()
    sources = Counter(_document(question.source) for question in bank.questions)
    unsourced = sources.pop("", 0)
    longest, shortest = strict_lengths(bank.questions)
    return Census(
        len(bank.questions),
        {status: statuses[status] for status in STATUSES},
        tuple(_topic_count(bank, topic, quotas) for topic in sorted({*bank.topics, *bank.titles})),
        tuple(sorted(sources.items(), key=lambda each: (-each[1], each[0]))),
        unsourced,
        tuple(key_places(bank.questions).values()),
        longest,
        shortest,
        clues_of(bank.questions),
    )


def _topic_count(bank: QuestionBank, topic: Topic, quotas: Quotas) -> TopicCount:
    questions = [bank.question(id_) for id_ in bank.topics.get(topic, ())]
    levels = Counter(question.difficulty for question in questions)
    difficulty = (levels[1], levels[2], levels[3])
    title = bank.titles.get(topic, topic)
    return TopicCount(topic, title, len(questions), quotas.get(topic, 0), difficulty)


def _document(source: str) -> str:
    """The document without its articles, whichever way round they are named."""
    return clean(_ARTICLES.sub("", source).partition(";")[0])
