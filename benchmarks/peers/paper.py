"""What every peer is given: addresses from the environment, the paper's texts from a file."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

Rows = list[list[tuple[str, str]]]
"""Buttons: label and callback data."""


@dataclass(frozen=True, slots=True)
class Given:
    """Where the Bot API is, where the webhook shall be, and the questions in order."""

    token: str
    secret: str
    api_url: str
    port: int
    redis_url: str
    questions: list[dict[str, object]]

    @property
    def webhook_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def text(self, place: int) -> str:
        """The question at a place from 0; after the last one, that it is done."""
        return str(self.questions[place]["text"]) if place < len(self.questions) else "Done."

    def rows(self, place: int) -> Rows:
        """The same buttons as ours has, with the place in their data."""
        if place >= len(self.questions):
            return []
        labels: list[list[str]] = self.questions[place]["labels"]  # type: ignore[assignment]
        return [[(label, f"paper:{place:02d}:{label}"[:30]) for label in row] for row in labels]


def read_given() -> Given:
    questions = json.loads(Path(os.environ["BENCH_TEXTS"]).read_text(encoding="utf-8"))
    return Given(
        token=os.environ["BENCH_TOKEN"],
        secret=os.environ["BENCH_SECRET"],
        api_url=os.environ["BENCH_API_URL"],
        port=int(os.environ["BENCH_PORT"]),
        redis_url=os.environ["BENCH_REDIS_URL"],
        questions=questions,
    )


def place_in(data: str) -> int:
    """The place that a button's data names."""
    return int(data.split(":")[1])
