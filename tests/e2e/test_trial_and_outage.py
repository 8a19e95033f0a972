"""A trial counts for nothing and stands back; an outage is recorded and its time given back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

Launch = Callable[..., Any]
Meet = Callable[..., Any]
TRIAL: dict[str, Any] = {
    "arguments": ("--trial",),
    "HOITHI_CLOCK": "",
    "HOITHI_DATA_KEY": "",
}


async def test_trial_is_a_contest_of_its_own_that_goes_on(
    launch: Launch, meet: Meet, tmp_path: Path
) -> None:
    trial = await launch(**TRIAL)
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer(1)
    await trial.stop()

    await trial.start()
    await hoa.text("/thi")

    shown = await hoa.sees("Câu 2/15")
    texts = [one["text"] for one in await hoa.messages()]
    assert shown.startswith("THI THỬ")
    assert all(text.startswith("THI THỬ") for text in texts)
    assert (tmp_path / "data" / "trial" / "hoithi.sqlite").exists()
    assert not (tmp_path / "data" / "hoithi.sqlite").exists()


async def test_trial_is_refused_beside_a_real_run(launch: Launch) -> None:
    await launch()

    with pytest.raises(AssertionError, match="dừng cuộc thi thật"):
        await launch(**TRIAL)


async def test_t20_outage_is_given_back_and_papers_are_shown_again(
    launch: Launch, meet: Meet, tmp_path: Path
) -> None:
    bot = await launch()
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer(1)
    before = await hoa.sees("Câu 2/15")
    await bot.stop()
    file = tmp_path / "data" / "hoithi.sqlite"
    with closing(sqlite3.connect(file)) as base, base:
        # As if all had happened 200 seconds earlier: the paper's limit, then, too.
        base.execute("UPDATE heartbeat SET last_ms = last_ms - 200000")
        base.execute("UPDATE attempt SET opened_at = opened_at - 200000, due = due - 200000")

    await bot.start()

    shown = await hoa.sees("gián đoạn")
    with closing(sqlite3.connect(file)) as base:
        ((begins, ends),) = base.execute("SELECT begins, ends FROM outage").fetchall()
        entries = base.execute("SELECT count(*) FROM ledger_queue WHERE kind = 'outage'").fetchone()
    assert 200_000 <= ends - begins < 260_000
    assert entries == (1,)
    assert "Câu 2/15" in shown
    assert minutes_of(shown) - minutes_of(before) in {0, 1}
    await hoa.answer(2)


async def test_t55_restart_is_no_outage(launch: Launch, meet: Meet, tmp_path: Path) -> None:
    bot = await launch()
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    for _ in range(2):
        await bot.stop()
        await bot.start()

    await hoa.answer(1)

    with closing(sqlite3.connect(tmp_path / "data" / "hoithi.sqlite")) as base:
        assert base.execute("SELECT count(*) FROM outage").fetchone() == (0,)
        assert base.execute("SELECT count(*) FROM process").fetchone() == (1,)


def minutes_of(text: str) -> int:
    """The limit that a paper's screen shows, in minutes of the day."""
    hour, minute = text.split("nộp trước ")[1][:5].split(":")
    return int(hour) * 60 + int(minute)
