"""The office of a running process: what the stores alone cannot give to the staff's handlers."""

from functools import partial

from bot.parts import Parts
from bot.readiness import health_facts


def furnish(parts: Parts, username: str) -> None:
    """Hand the desk what only a process has."""
    desk = parts.house.desk
    desk.username = username
    desk.office.health = partial(health_facts, parts)
