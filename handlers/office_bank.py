"""What the judges' menu asks of the question bank on disk."""

from typing import Protocol

from question_bank.census import Census


class BankDesk(Protocol):
    async def census(self) -> Census | None:
        """The bank as its files stand now; None: they cannot be read as one."""
