"""What `deploy/` names exists, and what exists is shown: metrics, alarms, settings, commands."""

import json
import re
from pathlib import Path

from bot.alarms import Alarm
from bot.cli import app, outbox_app
from bot.metric_families import FAMILIES
from bot.watch import Limits
from handlers.declared import ARGUMENTS

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text(encoding="utf-8"))
ALERTS = (ROOT / "deploy/alerts.yml").read_text(encoding="utf-8")
MANUAL = (ROOT / "docs/van-hanh.md").read_text(encoding="utf-8")
NAME = re.compile(r"\b(?:hoithi|process)_[a-z_]+\b")
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
EXPRESSIONS = [target["expr"] for panel in PANELS for target in panel["targets"]]


def families_in(text: str) -> set[str]:
    """The families that expressions name; a histogram's series go by its own name."""
    found = set()
    for name in NAME.findall(text):
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        is_histogram = base in FAMILIES and FAMILIES[base].shape == "histogram"
        found.add(base if is_histogram else name)
    return found


def test_dashboard_shows_every_metric_and_no_other() -> None:
    assert families_in(" ".join(EXPRESSIONS)) == set(FAMILIES)


def test_alerts_and_manual_name_no_other_metric() -> None:
    assert families_in(ALERTS) - set(FAMILIES) == set()
    assert families_in(ALERTS)
    assert families_in(MANUAL) - set(FAMILIES) == set()
    assert families_in(MANUAL)


def test_histograms_are_asked_for_their_series_and_nothing_else_is() -> None:
    named = NAME.findall(" ".join([*EXPRESSIONS, ALERTS]))
    bare = [one for one in named if one in FAMILIES and FAMILIES[one].shape == "histogram"]

    assert bare == []


def test_panels_have_a_place_of_their_own_and_a_title() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    taken = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(set(ids)) == len(ids)
    assert len(set(taken)) == len(taken)
    assert max(x for x, _ in taken) < 24
    assert all(panel["title"] for panel in DASHBOARD["panels"])


def test_every_alarm_has_its_words_and_its_place_in_the_manual() -> None:
    for alarm in Alarm:
        assert f"alarm.title_{alarm.value}" in ARGUMENTS
        assert f"alarm.text_{alarm.value}" in ARGUMENTS
        assert f"`{alarm.value}`" in MANUAL

    assert len([one for one in ARGUMENTS if one.startswith("alarm.title_")]) == len(Alarm)


def test_manual_says_the_limits_that_hold() -> None:
    limits = Limits()

    for seconds in (limits.sql_s, limits.redis_s, limits.tick_s, limits.skew_s):
        assert f"{seconds:.0f} giây" in MANUAL
    assert limits.free_bytes == 1_000_000_000
    assert "1 GB" in MANUAL


def test_manual_names_commands_and_variables_that_exist() -> None:
    commands = {command.name for command in app.registered_commands} | {"outbox"}
    below = {command.name for command in outbox_app.registered_commands}
    environment = (ROOT / "bot/environment.py").read_text(encoding="utf-8")

    assert set(re.findall(r"hoithi ([a-z]+)", MANUAL)) - commands == set()
    assert set(re.findall(r"hoithi outbox ([a-z]+)", MANUAL)) - below == set()
    for variable in set(re.findall(r"`([A-Z][A-Z_]{4,})", MANUAL)):
        assert f'"{variable}"' in environment, variable
