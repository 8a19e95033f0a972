"""Why a file as a whole is not read: one of `problems`' words with its facts."""

from typing import Any


class RefusedError(Exception):
    """A file that is not read; `template` is a constant of `problems`.

    No ValueError: those are what readers of broken files raise, and mean less.
    """

    def __init__(self, template: str, **facts: Any) -> None:
        super().__init__(template)
        self.template = template
        self.facts = facts
