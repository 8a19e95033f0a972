"""`hoithi invite`: what is refused before anything is offered; the talk itself is tests/e2e's."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from bot import invite_cli
from bot.cli import app
from handlers.office_roles import INVITATION_PREFIX
from store.encryption import Vault
from store.schema import migrate
from store.sql import connect
from store.tables import CONTEST, INVITATION

ROOT = Path(__file__).parents[2]
KEY = "ab" * 32
Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str) -> Run:
    def invoke(*arguments: str, typed: str = "", **environment: str) -> Result:
        given = ["invite", *arguments, "--config", str(ROOT / "config.toml")]
        usual = {"DATABASE_URL": sqlite_url, "HOITHI_DATA_KEY": KEY}
        return CliRunner().invoke(app, given, env=usual | environment, input=typed)

    return invoke


def prepare(url: str, **contest: object) -> None:
    """A database at head, with a contest's row where one is given."""

    async def write() -> None:
        database = connect(url)
        await migrate(database)
        if contest:
            await database.write(lambda one: one.execute(insert(CONTEST), contest))
        await database.close()

    asyncio.run(write())


def rows_of(url: str) -> list[Any]:
    async def read() -> list[Any]:
        database = connect(url)
        rows = await database.read(lambda one: one.execute(INVITATION.select()).all())
        await database.close()
        return list(rows)

    return asyncio.run(read())


@pytest.mark.parametrize(
    "arguments",
    [
        ("leader",),
        ("leader", "--unit", "TDP-999"),
        ("judge", "--unit", "TDP-06"),
        ("mayor",),
        (),
    ],
)
def test_wrong_use_is_exit_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_database_that_is_not_there_is_exit_1(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text((ROOT / "config.toml").read_text("utf-8"), "utf-8")

    done = run("organiser", "--config", str(config), DATABASE_URL="")

    assert done.exit_code == 1


def test_wrong_data_key_is_exit_1_and_offers_nothing(run: Run, sqlite_url: str) -> None:
    boxes = dict.fromkeys(("seed_box", "bank_salt_box", "leaf_salt_box", "signing_key_box"), b"x")
    other = Vault(bytes(32)).check_value
    prepare(
        sqlite_url,
        lock=1,
        id=b"x",
        kind="real",
        key_check=other,
        origin="x",
        created_at=1,
        **boxes,
    )

    done = run("organiser")

    assert done.exit_code == 1
    assert "HOITHI_DATA_KEY" in done.stderr
    assert rows_of(sqlite_url) == []


def test_offer_that_nobody_takes_expires(
    run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day goes by in a moment: the offer has expired and is told so, to a program."""
    prepare(sqlite_url)
    monkeypatch.setattr(invite_cli, "LOOK_S", 0)
    monkeypatch.setattr("store.invitations.INVITATION_MS", 0)

    done = run("judge", "--json")

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["event"] for line in lines] == ["invited", "expired"]
    assert lines[0]["where"].split()[-1].startswith(INVITATION_PREFIX)
    assert done.exit_code == 1
    assert [row.state for row in rows_of(sqlite_url)] == ["open"]


def test_person_is_told_that_there_is_no_organiser_yet(
    run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(sqlite_url)
    monkeypatch.setattr("store.invitations.INVITATION_MS", 0)

    done = run("leader", "--unit", "tdp-06")

    assert "chưa có ai trong Ban Tổ chức" in done.stderr
    assert "vào vai trò: Tổ trưởng, " in done.stdout
    assert "hết hạn" in done.stdout
    assert [(row.role, row.unit) for row in rows_of(sqlite_url)] == [("leader", "TDP-06")]
