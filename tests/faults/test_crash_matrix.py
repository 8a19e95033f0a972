"""T07, the short matrix: one way a point, and a death in every kind of step (FAULTS)."""

from typing import Any

import pytest

from tests.faults.matrix import PERSON_POINTS, TRANSPORTS, walk_dying
from tests.faults.script import SCRIPT, applies
from tests.faults.tables import differences

# The long matrix (`make faults`) takes every step; here each kind of step once.
KINDS = ("consent", "name", "confirm", "begin", "tap", "typed", "change", "predict", "submit")


@pytest.mark.parametrize("point", PERSON_POINTS)
async def test_t07_kill_9_at_a_point_of_every_step(lay: Any, origin: Any, point: str) -> None:
    ground = await lay()
    first = PERSON_POINTS.index(point) % 2
    # Only polling answers a tap by a call of its own.
    transports = ("polling",) if point.startswith("answer") else TRANSPORTS[first:] + TRANSPORTS

    way = await walk_dying(ground, point, transports, origin.way, KINDS)

    steps = [step for step in SCRIPT if step.name in KINDS]
    assert len(way.deaths) == sum(applies(point, step, "polling") for step in steps)
    assert differences(way.tables, origin.way.tables) == ""
