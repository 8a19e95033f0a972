"""`hoithi posters` as an organiser types it, on a ward's folder of its own."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.files import load_units
from bot.posters import ask_bot
from bot.problems import STARTS, SettingsProblemError
from bot.settings import read_config
from reports.problems import POSTERS
from store.house import StoreSettings, open_store
from tests.store.conftest import DATA_KEY, NOW, declared_contest

ROOT = Path(__file__).parents[2]
BOT = "phuluong_bot"
UNITS = 18


@pytest.fixture(autouse=True)
def folder(ward: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(ward)
    for name in ("TELEGRAM_BOT_TOKEN", "DATABASE_URL", "HOITHI_DATA_KEY"):
        monkeypatch.delenv(name, raising=False)
    return ward


def run(*typed: str) -> Result:
    return CliRunner().invoke(app, ["posters", *typed])


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def pages_in(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path.read_bytes())
    return [page.get_textpage().get_text_bounded() for page in document]


def test_posters_of_all_units_and_the_ward_are_in_one_file_for_each_size(folder: Path) -> None:
    done = run("--out", "in", "--bot", BOT)

    assert done.exit_code == 0, done.output
    assert files_in(folder / "in") == [
        "ap-phich-a4.pdf",
        "ap-phich-a5.pdf",
        "bieu-ngu.pdf",
        "bieu-ngu.png",
    ]
    for size in ("a4", "a5"):
        pages = pages_in(folder / f"in/ap-phich-{size}.pdf")
        assert len(pages) == 1 + UNITS
        assert "TOÀN PHƯỜNG" in pages[0]
        assert "TỔ DÂN PHỐ 6" in pages[1]
    assert done.stdout.splitlines()[0] == POSTERS["written"].format(path="in/ap-phich-a4.pdf")
    listed = POSTERS["from_file"].format(path="units.toml")
    assert done.stdout.splitlines()[-2:] == [listed, POSTERS["check"]]


@pytest.fixture
def contest(
    folder: Path, sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Opens a contest of a kind, whose list in SQL has lost the file's first unit."""

    async def begin(kind: str) -> None:
        listed = load_units(read_config(folder / "config.toml"))
        async with open_store(StoreSettings(sqlite_url, redis_url, DATA_KEY)) as store:
            await store.contests.open(declared_contest(kind))
            await store.unit_lists.begin(replace(listed, units=listed.units[1:]), NOW)

    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("HOITHI_DATA_KEY", DATA_KEY.hex())
    return lambda kind: asyncio.run(begin(kind))


def test_units_are_the_contest_s_own_list_once_there_is_one(
    folder: Path, contest: Callable[[str], None]
) -> None:
    contest("real")

    done = run("--out", "in", "--bot", BOT, "--size", "a4")
    gone = run("--out", "gone", "--bot", BOT, "--unit", "TDP-06")

    assert done.exit_code == 0, done.output
    pages = pages_in(folder / "in/ap-phich-a4.pdf")
    assert len(pages) == UNITS
    assert "TỔ DÂN PHỐ 7" in pages[1]
    assert done.stdout.splitlines()[-2] == POSTERS["from_sql"].format(number=1)
    assert gone.exit_code == 1
    assert gone.stderr.startswith(POSTERS["stored"])


def test_a_rehearsal_s_list_is_not_printed(folder: Path, contest: Callable[[str], None]) -> None:
    contest("rehearsal")

    done = run("--out", "in", "--bot", BOT, "--size", "a4")

    assert len(pages_in(folder / "in/ap-phich-a4.pdf")) == 1 + UNITS
    assert done.stdout.splitlines()[-2] == POSTERS["from_file"].format(path="units.toml")


def test_a_contest_whose_list_cannot_be_read_is_not_passed_over(
    folder: Path, contest: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    contest("real")
    monkeypatch.delenv("HOITHI_DATA_KEY")

    done = run("--out", "in", "--bot", BOT)

    assert done.exit_code == 1
    assert done.stderr.startswith("HOITHI_DATA_KEY: ")
    assert not (folder / "in").exists()


def test_posters_of_some_units_only(folder: Path) -> None:
    done = run("--out", "in", "--bot", BOT, "--size", "a5", "--unit", "tdp-07", "--unit", "TDP-06")

    assert done.exit_code == 0, done.output
    assert files_in(folder / "in") == ["ap-phich-a5.pdf"]
    pages = pages_in(folder / "in/ap-phich-a5.pdf")
    assert ["TỔ DÂN PHỐ 6" in pages[0], "TỔ DÂN PHỐ 7" in pages[1], len(pages)] == [True, True, 2]


def test_files_of_each_unit_are_called_by_its_code(folder: Path) -> None:
    done = run("--out", "in", "--bot", BOT, "--each", "--unit", "TDP-06", "--size", "a4")

    assert done.exit_code == 0, done.output
    assert files_in(folder / "in") == [
        "ap-phich-a4.pdf",
        "don-vi/TDP-06-a4.pdf",
        "don-vi/TDP-06-qr.png",
    ]


def test_zalo_is_printed_where_its_link_is_given(folder: Path) -> None:
    run("--out", "in", "--bot", BOT, "--unit", "TDP-06", "--zalo", "https://zalo.me/123")
    (with_zalo,) = pages_in(folder / "in/ap-phich-a4.pdf")
    run("--out", "in", "--bot", BOT, "--unit", "TDP-06")
    (without,) = pages_in(folder / "in/ap-phich-a4.pdf")

    assert ("zalo.me/123" in with_zalo, "Zalo" in without) == (True, False)


@pytest.mark.parametrize("typed", [BOT, f"@{BOT}", f"https://t.me/{BOT}"])
def test_bot_may_be_typed_as_people_do(folder: Path, typed: str) -> None:
    done = run("--out", "in", "--bot", typed, "--unit", "TDP-06", "--size", "a4")

    assert done.exit_code == 0, done.output
    assert f"t.me/{BOT}" in pages_in(folder / "in/ap-phich-a4.pdf")[0]


@pytest.mark.parametrize(
    "typed",
    [
        (),
        ("--out", "in", "--bot", "bot"),
        ("--out", "in", "--bot", "123456:" + "T" * 35),
        ("--out", "in", "--bot", BOT, "--zalo", "zalo.me/123"),
        ("--out", "in", "--bot", BOT, "--zalo", "https://zalo.me/" + "1" * 200),
        ("--out", "in", "--bot", BOT, "--size", "a3"),
    ],
)
def test_wrong_use_is_said_and_writes_nothing(folder: Path, typed: tuple[str, ...]) -> None:
    done = run(*typed)

    assert done.exit_code == 2
    assert not (folder / "in").exists()
    assert "T" * 35 not in done.output


def test_unknown_unit_is_named_with_those_there_are(folder: Path) -> None:
    done = run("--out", "in", "--bot", BOT, "--unit", "TDP-99", "--unit", "TDP-06")

    assert done.exit_code == 1
    assert "“tdp-99”" in done.stderr
    assert "TDP-06" in done.stderr
    assert not (folder / "in").exists()


def test_without_a_name_or_a_token_it_is_said_what_to_do(folder: Path) -> None:
    done = run("--out", "in")

    assert (done.exit_code, done.stderr.strip()) == (1, POSTERS["no_bot"])
    assert not (folder / "in").exists()


def test_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "in").write_text("a file")

    done = run("--out", "in", "--bot", BOT, "--unit", "TDP-06")

    assert done.exit_code == 1
    assert done.stderr.startswith("in/ap-phich-a4.pdf: ")


async def test_name_is_asked_of_the_platform_by_the_token(
    folder: Path, platform: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", platform.stand_in.token)
    monkeypatch.setenv("TELEGRAM_API_URL", platform.stand_in.url)

    done = await asyncio.to_thread(run, "--out", "in", "--unit", "TDP-06", "--size", "a4")

    assert done.exit_code == 0, done.output
    assert f"t.me/{platform.client.bot.username}" in pages_in(folder / "in/ap-phich-a4.pdf")[0]


async def test_platform_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:" + "T" * 35)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")

    with pytest.raises(SettingsProblemError) as stopped:
        await ask_bot()

    said = STARTS["api_unreachable"].format(found="http://127.0.0.1:9")
    assert stopped.value.lines == (f"TELEGRAM_API_URL: {said}",)


def test_organisers_page_names_the_options_and_files_that_there_are(folder: Path) -> None:
    page = (ROOT / "docs/ap-phich.md").read_text(encoding="utf-8")
    run("--out", "in", "--bot", BOT, "--each", "--unit", "TDP-06")
    run("--out", "in", "--bot", BOT, "--size", "a4")

    options = set(re.findall(r"--[a-z]+", run("--help").output))
    assert set(re.findall(r"--[a-z]+", page)) == options - {"--config", "--help"}
    made = {name for name in files_in(folder / "in") if "/" not in name}
    assert set(re.findall(r"`([a-z0-9-]+\.(?:pdf|png))`", page)) == made
