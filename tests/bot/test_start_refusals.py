"""A start that cannot be right stops, says where and what is allowed, and changes nothing."""

import asyncio
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.environment import read_environment
from bot.problems import SettingsProblemError
from bot.process import running
from bot.settings import read_config

ROOT = Path(__file__).parents[2]
TOKEN = "123456:" + "T" * 35
KEY = "ab" * 32
Edit = Callable[[Path], None]


def replaced(name: str, old: str, new: str) -> Edit:
    def edit(ward: Path) -> None:
        path = ward / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def removed(name: str) -> Edit:
    return lambda ward: (ward / name).unlink()


FILES = {
    "setting": (replaced("config.toml", "minutes = 15", "minutes = 0"), "contest.minutes"),
    "clock": (replaced("config.toml", '"09:00 10/12/2025"', '"09:00"'), "rehearsal.clock"),
    "quota": (replaced("config.toml", "de_an_06 = 2", "de_an_06 = 60"), "de-an-06.toml"),
    "question": (
        replaced("question_bank/questions/de-an-06.toml", "answer = ", "antwort = "),
        "answer",
    ),
    "practice": (removed("question_bank/questions/luyen-tap.toml"), "luyen-tap.toml"),
    "unit": (replaced("units.toml", 'code = "TDP-07"', 'code = "TDP-06"'), "TDP-06"),
    "unit-block": (replaced("units.toml", 'block = "co-quan"', 'block = "x"'), "“x”"),
    "block": (replaced("units.toml", "co-quan = ", '"co/quan" = '), "co/quan"),
    "ladder": (
        replaced("config.toml", "ladders = []", 'ladders = [["to-dan-pho"], ["truong-hoc", "x"]]'),
        "contest.prizes.ladders[1][1]: tìm thấy “x”; cho phép mã nhóm",
    ),
    "residential": (
        replaced("units.toml", 'residential_block = "to-dan-pho"', 'residential_block = "x"'),
        "residential_block",
    ),
    "text": (replaced("handlers/messages/du-thi.toml", "{{ number }}", "{{ numero }}"), "numero"),
    "rules": (removed("docs/the-le.md"), "the-le.md"),
}


@pytest.mark.parametrize("name", FILES)
async def test_broken_file_stops_the_start_before_anything_is_changed(
    ward: Path, name: str
) -> None:
    edit, named = FILES[name]
    edit(ward)

    with pytest.raises(SettingsProblemError) as stopped:
        await started(ward, {})

    assert any(named in line for line in stopped.value.lines)
    assert all(line.count(":") >= 2 for line in stopped.value.lines)
    assert not (ward / "data").exists()


ENVIRONMENTS = {
    "token": {"TELEGRAM_BOT_TOKEN": "nonsense", "HOITHI_DATA_KEY": KEY},
    "no-key": {"TELEGRAM_BOT_TOKEN": TOKEN},
    "key": {"HOITHI_DATA_KEY": "short"},
    "address": {"BIND": "nowhere"},
    "no-such-host": {"BIND": "no-such-host.invalid:0"},
    "another-machine": {"BIND": "192.0.2.1:0"},
    "api": {"TELEGRAM_API_URL": "ftp://x"},
    "clock": {"HOITHI_CLOCK": "yesterday"},
    "database": {"DATABASE_URL": "mysql://u:p@127.0.0.1/d"},
    "redis": {"REDIS_URL": "garbage"},
    "database-away": {"DATABASE_URL": "postgresql://u@127.0.0.1:9/d", "BIND": "127.0.0.1:0"},
    "clock-on-the-real-api": {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "HOITHI_DATA_KEY": KEY,
        "HOITHI_CLOCK": "2025-12-10T09:00:00",
    },
    "unreachable": {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "HOITHI_DATA_KEY": KEY,
        "BIND": "127.0.0.1:0",
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
    },
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
async def test_broken_environment_stops_the_start_before_anything_is_changed(
    ward: Path, name: str
) -> None:
    with pytest.raises(SettingsProblemError) as stopped:
        await started(ward, ENVIRONMENTS[name])

    assert len(stopped.value.lines) == 1
    assert not (ward / "data").exists()


async def started(ward: Path, variables: dict[str, str]) -> None:
    async with running(read_config(ward / "config.toml"), read_environment(variables)):
        pass


async def test_changed_rules_begin_a_new_rehearsal(ward: Path) -> None:
    environment = read_environment({"BIND": "127.0.0.1:0"})
    async with running(read_config(ward / "config.toml"), environment):
        await asyncio.sleep(0)
    replaced("config.toml", "minutes = 15", "minutes = 20")(ward)

    async with running(read_config(ward / "config.toml"), environment) as address:
        assert address.chat.startswith("http://127.0.0.1:")


NO_ZONES = """
import sys
sys.modules["tzdata"] = None
from bot.cli import main
main()
"""


@pytest.mark.parametrize("command", ["check", "run"])
def test_t23_without_time_zones_a_start_is_refused_and_says_what_to_install(
    ward: Path, command: str
) -> None:
    """A machine with no zones of its own, and a program without its package of them."""
    done = subprocess.run(
        [sys.executable, "-c", NO_ZONES, command, "--config", str(ward / "config.toml")],
        cwd=ROOT,
        env={"PATH": os.defpath, "PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "contest.time_zone: " in line
    assert "apt install tzdata" in line
    assert not (ward / "data").exists()


def test_t23_the_package_of_time_zones_is_required() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert [one for one in project["dependencies"] if one.startswith("tzdata")]


@pytest.mark.parametrize("year", [1976, 2000, 2025, 2037])
def test_t23_hanoi_has_seven_hours_and_no_summer_time(year: int) -> None:
    zone = read_config(ROOT / "config.toml").settings.contest.zone

    offsets = {datetime(year, month, 15, tzinfo=zone).utcoffset() for month in range(1, 13)}

    assert offsets == {timedelta(hours=7)}
