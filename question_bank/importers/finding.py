"""One thing found in a file of questions: where, what is wrong, what is allowed.

A value, so that the same finding becomes a line, a row of a table or JSON; the words are
`problems`'.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`at` is a line, row or paragraph of `file`; `words` are `what is wrong; what is allowed`."""

    file: str
    at: str
    code: str
    words: str
    question: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"

    @property
    def place(self) -> str:
        return f"{self.file}:{self.at}" if self.at else self.file

    @property
    def what(self) -> str:
        return self.words.partition("; ")[0]

    @property
    def wanted(self) -> str:
        """Empty when there is nothing to do."""
        return self.words.partition("; ")[2]

    def as_json(self) -> dict[str, str]:
        return {
            "file": self.file,
            "at": self.at,
            "question": self.question,
            "severity": self.severity,
            "code": self.code,
            "what": self.what,
            "wanted": self.wanted,
        }


def is_error(finding: Finding) -> bool:
    return finding.severity == "error"
