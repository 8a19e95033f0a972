"""Random kills under load, a short storm of each kind; `make faults` is the long one."""

import os
from typing import Any

from tests.faults.storm import Plan, Storm

SEED = os.environ.get("HOITHI_SEED", "20251208")


async def test_t07_random_kills_under_load_lose_nothing_and_double_nothing(lay: Any) -> None:
    storm = Storm(Plan(SEED, kills=15, people=8), await lay())

    wrong = await storm.rage()

    assert wrong == [], f"seed {SEED}: {wrong}"
    assert sum(storm.deaths.values()) == 15
    assert storm.history.counts()["ok"] > 8 * 15


async def test_t55_restarts_under_load_lose_nothing_and_end_by_themselves(lay: Any) -> None:
    plan = Plan(SEED, kills=10, people=8, transports=("webhook",), is_gentle=True)
    storm = Storm(plan, await lay())

    wrong = await storm.rage()

    assert wrong == [], f"seed {SEED}: {wrong}"
    assert storm.deaths == {"SIGTERM, exit 0": 10}
    assert "part_died" not in storm.ground.log.read_text(encoding="utf-8")
