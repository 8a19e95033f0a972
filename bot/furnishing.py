"""The office of a running process: what the stores alone cannot give to the staff's handlers."""

from contextlib import AsyncExitStack
from functools import partial

from bot.drawn_once import DrawnOnce
from bot.parts import Parts
from bot.pictures import TallyDrawings, UnitPictures
from bot.readiness import health_facts
from reports.drawing import Drawing


def furnish(stack: AsyncExitStack, parts: Parts, username: str) -> None:
    """Hand the desk what only a process has."""
    drawing = Drawing()
    stack.push_async_callback(drawing.close)
    desk = parts.house.desk
    desk.username = username
    desk.office.health = partial(health_facts, parts)
    pictures = UnitPictures(parts.house, drawing, username)
    desk.office.pictures = desk.office.posters = pictures
    desk.office.tally_pictures = DrawnOnce(TallyDrawings(parts.house, drawing, pictures))
