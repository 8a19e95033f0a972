"""`hoithi outbox`: what an operator sees and may do, beside a running bot."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from bot import outbox_office as module
from bot.cli import app
from bot.outbox_office import age_text, masked
from bot.platforms.telegram_errors import Outcome
from bot.problems import OUTBOX_REASONS, OUTBOX_STATES
from store import outbox as states
from store.outbox import outbox_values
from store.schema import migrate
from store.sql import connect
from store.tables import OUTBOX

ROOT = Path(__file__).parents[2]
CHAT = "987654321"
Run = Callable[..., Result]


def fill(url: str, rows: list[dict[str, Any]]) -> None:
    async def write() -> None:
        database = connect(url)
        await migrate(database)
        usual = outbox_values(("tg", CHAT), "notice.opened", "{}", 0, "opening")  # type: ignore[arg-type]
        await database.write(
            lambda one: one.execute(insert(OUTBOX), [usual | {"error": None} | row for row in rows])
        )
        await database.close()

    asyncio.run(write())


def states_in(url: str) -> list[tuple[str, int, str | None]]:
    async def read() -> list[tuple[str, int, str | None]]:
        database = connect(url)
        columns = OUTBOX.select().order_by(OUTBOX.c.id)
        rows = await database.read(lambda one: one.execute(columns).all())
        await database.close()
        return [(row.state, row.not_before_ms, row.error) for row in rows]

    return asyncio.run(read())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def run(url: str) -> Run:
    def invoke(*arguments: str) -> Result:
        given = ["outbox", *arguments, "--config", str(ROOT / "config.toml")]
        return CliRunner().invoke(app, given, env={"DATABASE_URL": url, "COLUMNS": "140"})

    return invoke


ROWS: list[dict[str, Any]] = [
    {"state": "pending"},
    {"state": "claimed", "tries": 1},
    {"state": "sent", "tries": 1},
    {"state": "dead", "tries": 1, "error": "too_long"},
    {"state": "dead", "tries": 2, "error": "unknown", "is_maybe_twice": True},
    {"state": "unreachable", "tries": 1},
    {"state": "dead", "tries": 1, "error": "refused by nobody we know", "batch": None},
]


def test_list_shows_what_waits_and_what_was_given_up(run: Run, url: str) -> None:
    fill(url, ROWS)

    shown = run("list")

    assert shown.exit_code == 0
    assert CHAT not in shown.output
    assert shown.output.count("…321") == 5
    for words in (
        "tin quá dài",
        "hai lần không rõ tin đã tới hay chưa (có thể đã tới một lần)",
        "nền tảng từ chối, lý do chưa gặp",
        "opening: đang gửi 1, không gửi được 2, đang chờ 1, đã gửi 1, không liên lạc được 1",
        "tin lẻ: không gửi được 1",
    ):
        assert words in shown.output


def test_list_of_a_state_as_json_is_for_programs(run: Run, url: str) -> None:
    fill(url, ROWS)

    found = json.loads(run("list", "--state", "dead", "--json").output)

    assert [(one["id"], one["error"], one["chat"], one["message"]) for one in found] == [
        (4, "too_long", "…321", "notice.opened"),
        (5, "unknown", "…321", "notice.opened"),
        (7, "refused by nobody we know", "…321", "notice.opened"),
    ]
    assert found[0]["age_s"] > 10**9


def test_list_of_nothing_says_so(run: Run, url: str) -> None:
    fill(url, [{"state": "sent"}])

    assert run("list", "--state", "dead", "--json").output == "[]\n"
    assert run("list").output == "opening: đã gửi 1\n"


def test_dead_letters_are_sent_again_on_order(run: Run, url: str) -> None:
    fill(url, ROWS)

    done = run("resend", "4", "6")

    assert (done.exit_code, done.output) == (0, "Đã đưa lại vào hàng chờ 2 tin.\n")
    assert states_in(url)[3] == states_in(url)[5] == ("pending", 0, None)


def test_what_was_sent_is_under_way_or_is_not_there_cannot_be_sent_again(
    run: Run, url: str
) -> None:
    fill(url, ROWS)

    done = run("resend", "2", "3", "4", "99")

    assert done.exit_code == 1
    assert "Không đổi được tin số 2, 3, 99" in done.output
    assert [state for state, _, _ in states_in(url)][1:4] == ["claimed", "sent", "pending"]


def test_all_dead_letters_are_sent_again_in_short_transactions(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.outbox_office.CHUNK", 100)
    fill(url, [{"state": "dead"}] * 1_001 + [{"state": "sent"}])

    done = run("resend", "--all-dead")

    assert (done.exit_code, done.stdout) == (0, "Đã đưa lại vào hàng chờ 1001 tin.\n")
    assert {state for state, _, _ in states_in(url)} == {"pending", "sent"}


def test_messages_are_dropped_on_order(run: Run, url: str) -> None:
    fill(url, ROWS)

    done = run("drop", "1", "4", "2")

    assert (done.exit_code, "Đã bỏ 2 tin." in done.output) == (1, True)
    assert [state for state, _, _ in states_in(url)][:4] == [
        "dropped",
        "claimed",
        "sent",
        "dropped",
    ]


@pytest.mark.parametrize(
    "arguments",
    [("resend",), ("resend", "4", "--all-dead"), ("drop",), ("list", "--state", "lost"), ("x",)],
)
def test_wrong_use_is_exit_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_database_that_is_not_there_yet_is_a_problem_in_words(tmp_path: Path) -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text(text, encoding="utf-8")

    done = CliRunner().invoke(app, ["outbox", "list", "--config", str(config)], env={})

    assert done.exit_code == 1
    assert "chưa có cơ sở dữ liệu" in done.output
    assert not (tmp_path / "data").exists()


def test_database_of_another_version_is_a_problem_in_words(sqlite_url: str) -> None:
    given = ["outbox", "list", "--config", str(ROOT / "config.toml")]

    done = CliRunner().invoke(app, given, env={"DATABASE_URL": sqlite_url})

    assert (done.exit_code, "khác phiên bản" in done.output) == (1, True)


def test_every_state_and_reason_has_its_words() -> None:
    named = {
        value
        for name, value in vars(states).items()
        if name in {"PENDING", "CLAIMED", "SENT", "DEAD", "UNREACHABLE", "STALE", "DROPPED"}
    }
    reasons = {"markup", "too_long", "empty", "button", "no_rights", "topic", "other", "defect"}
    outcomes = {one.value for one in (Outcome.LATER, Outcome.UNSENT, Outcome.MIGRATED)}

    assert set(OUTBOX_STATES) == named
    assert reasons | outcomes | {"unknown"} == set(OUTBOX_REASONS)


@pytest.mark.parametrize(
    ("age_ms", "shown"),
    [
        (0, "0 giây"),
        (59_999, "59 giây"),
        (60_000, "1 phút"),
        (7_200_000, "2 giờ"),
        (10**9, "11 ngày"),
    ],
)
def test_age_is_told_in_one_unit(age_ms: int, shown: str) -> None:
    assert age_text(age_ms) == shown


def test_chat_is_masked() -> None:
    assert (masked(CHAT), masked("-1001234567890")) == ("…321", "…890")


def test_list_is_bounded(run: Run, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LISTED", 3)
    fill(url, [{"state": "pending"}] * 5)

    shown = run("list")

    assert shown.output.count("…321") == 3
    assert "Chỉ hiện 3 tin đầu" in shown.output
