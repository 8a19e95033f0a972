"""Why a file as a whole is not read: one of `problems`' words with its facts."""

from typing import Any


class RefusedError(ValueError):
    """A file that is not read; `template` is a constant of `problems`."""

    def __init__(self, template: str, **facts: Any) -> None:
        super().__init__(template)
        self.template = template
        self.facts = facts
