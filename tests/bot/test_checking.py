"""`hoithi check` looks into what is there, and says in one line what a start would meet."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.checking import check
from bot.clock import machine_ms
from bot.environment import read_environment
from bot.house import open_house
from bot.problems import SAYS, SettingsProblemError
from bot.settings import read_config
from bot.start import read_files
from scoring.instant import HOUR_MS

CLOCK = {"HOITHI_CLOCK": "2025-12-10T09:00:00+07:00"}
KEY, OTHER_KEY = "ab" * 32, "cd" * 32


async def made(ward: Path) -> dict[str, str]:
    """A contest in a database of its own; the environment that names it."""
    variables = CLOCK | {
        "DATABASE_URL": f"sqlite:///{ward}/contest.sqlite",
        "HOITHI_DATA_KEY": KEY,
    }
    config, environment = read_config(ward / "config.toml"), read_environment(variables)
    async with open_house(config, environment, read_files(config, environment)):
        return variables


def everything_in(ward: Path) -> list[Path]:
    return sorted(ward.rglob("*"))


async def checked(ward: Path, variables: dict[str, str]) -> list[str]:
    return await check(read_config(ward / "config.toml"), read_environment(variables))


async def test_check_of_a_fresh_folder_makes_nothing(ward: Path) -> None:
    before = everything_in(ward)

    lines = await checked(ward, {})

    assert SAYS["check_sql_new"] in lines
    assert SAYS["check_contest"] not in lines
    assert everything_in(ward) == before


async def test_check_compares_the_contest_that_is_there(ward: Path) -> None:
    variables = await made(ward)

    assert SAYS["check_contest"] in await checked(ward, variables)


async def test_check_names_a_data_key_that_is_not_the_databases(ward: Path) -> None:
    variables = await made(ward)

    with pytest.raises(SettingsProblemError) as stopped:
        await checked(ward, variables | {"HOITHI_DATA_KEY": OTHER_KEY})

    assert stopped.value.lines[0].startswith("HOITHI_DATA_KEY: ")


async def test_check_names_a_database_of_another_kind(ward: Path) -> None:
    """A rehearsal's database under a real run's settings."""
    variables = await made(ward)
    real = {key: value for key, value in variables.items() if key != "HOITHI_CLOCK"}
    token = "123456:" + "T" * 35

    with pytest.raises(SettingsProblemError) as stopped:
        await checked(
            ward, real | {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": "http://127.0.0.1:9"}
        )

    assert "rehearsal" in stopped.value.lines[0]


async def test_check_names_a_bot_api_that_does_not_answer(ward: Path) -> None:
    token = "123456:" + "T" * 35
    variables = {
        "TELEGRAM_BOT_TOKEN": token,
        "HOITHI_DATA_KEY": KEY,
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
    }

    with pytest.raises(SettingsProblemError) as stopped:
        await checked(ward, variables)

    assert stopped.value.lines[0].startswith("TELEGRAM_API_URL: ")


@pytest.mark.parametrize("url", ["sqlite:///new/x.sqlite", "sqlite:////no-such-folder/x.sqlite"])
async def test_check_of_a_database_file_that_is_not_there_yet(ward: Path, url: str) -> None:
    assert SAYS["check_sql_new"] in await checked(ward, {"DATABASE_URL": url})


@pytest.mark.parametrize("said", ["check_alarms", "check_alarms_none", "check_alarms_away"])
async def test_check_says_whether_the_technician_can_be_told(
    ward: Path, platform: Any, said: str
) -> None:
    there = await platform.person()
    chat = {"check_alarms": there, "check_alarms_none": "", "check_alarms_away": "-1009"}[said]
    text = (ward / "config.toml").read_text(encoding="utf-8")
    changed = text.replace('\nchat = ""\n', f'\nchat = "{chat}"\n')
    (ward / "config.toml").write_text(changed, encoding="utf-8")
    before = await platform.texts(there)
    stand_in = {
        "TELEGRAM_BOT_TOKEN": platform.stand_in.token,
        "TELEGRAM_API_URL": platform.stand_in.url,
        "HOITHI_DATA_KEY": KEY,
    }

    lines = await checked(ward, CLOCK | stand_in)

    assert lines[-1] == SAYS[said].format(chat=chat)
    assert await platform.texts(there) == before


@pytest.mark.parametrize(
    ("ahead_ms", "minutes"),
    [(0, None), (30_000, None), (90_000, 1), (HOUR_MS + 30_000, 60)],
    ids=["in time", "half a minute", "a minute and a half", "an hour"],
)
async def test_t23_check_warns_of_a_clock_behind_what_is_recorded(
    ward: Path, ahead_ms: int, minutes: int | None
) -> None:
    variables = await made(ward)
    record_beat(ward, ahead_ms)

    lines = await checked(ward, variables)

    warning = [line for line in lines if line.startswith("Cảnh báo: đồng hồ máy chậm hơn")]
    said = [] if minutes is None else [SAYS["check_clock_back"].format(minutes=minutes)]
    assert warning == said


async def test_t23_check_refuses_a_clock_that_is_a_day_behind(ward: Path) -> None:
    variables = await made(ward)
    record_beat(ward, 30 * HOUR_MS + 30_000)

    with pytest.raises(SettingsProblemError, match="30 giờ"):
        await checked(ward, variables)


def record_beat(ward: Path, ahead_ms: int) -> None:
    with contextlib.closing(sqlite3.connect(ward / "contest.sqlite")) as database:
        database.execute("UPDATE heartbeat SET last_ms = ?", (machine_ms() + ahead_ms,))
        database.commit()


async def test_a_ladder_of_no_known_block_is_told_with_its_line(ward: Path) -> None:
    path = ward / "config.toml"
    text = path.read_text(encoding="utf-8")
    ladders = 'ladders = [["to-dan-pho"], ["lang"]]'
    path.write_text(text.replace("ladders = []", ladders), encoding="utf-8")
    line = text[: text.index("ladders = []")].count("\n") + 1

    with pytest.raises(SettingsProblemError) as stopped:
        await check(read_config(path), read_environment(CLOCK))

    said = "tìm thấy “lang”; cho phép mã nhóm có trong danh sách đơn vị: "
    said += "to-dan-pho, co-quan, truong-hoc"
    assert stopped.value.lines == (f"{path}:{line}: contest.prizes.ladders[1][0]: {said}",)
