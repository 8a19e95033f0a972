"""`hoithi results export` as an organiser types it, beside a bot or after it."""

import asyncio
import csv
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from docx import Document
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.cli import app
from bot.files import load_units
from bot.problems import STARTS
from bot.results_cli import results_app
from bot.results_problems import RESULTS
from bot.settings import read_config
from scoring.contest import Decision, Ruling
from scoring.instant import DAY_MS, Instant
from store.house import StoreSettings, open_store
from store.rules_versions import amend_rules
from store.schema import migrate
from store.sql import connect
from tests.store.conftest import CLOSES, DATA_KEY, NOW, SIZE, World, declared_contest
from tests.store.test_amendments import FULL

ROOT = Path(__file__).parents[2]
NAMES = ("Nguyễn Văn An", "=HYPERLINK(1)", "Trần Thị Bình")
Run = Callable[..., Result]
Play = Callable[[Callable[[World], Awaitable[None]]], None]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ward's folder; its settings ask for eight answers, the contest's rules for two."""
    folder = tmp_path / "ward"
    folder.mkdir()
    shutil.copy(ROOT / "config.toml", folder)
    units = (ROOT / "units.toml").read_text(encoding="utf-8")
    (folder / "units.toml").write_text(units.replace('"TDP-06"', '"to-1"'), encoding="utf-8")
    ignored = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(ROOT / "handlers", folder / "handlers", ignore=ignored)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(url: str) -> Run:
    def invoke(*typed: str, **changes: str) -> Result:
        variables = {"DATABASE_URL": url, "HOITHI_DATA_KEY": DATA_KEY.hex()} | changes
        return CliRunner().invoke(app, ["results", "export", *typed], env=variables)

    return invoke


@pytest.fixture
def play(url: str, redis_url: str) -> Play:
    """Plays in the database as a bot would, and closes it."""

    def played(part: Callable[[World], Awaitable[None]]) -> None:
        async def within() -> None:
            async with open_store(StoreSettings(url, redis_url, DATA_KEY)) as store:
                declared = declared_contest(rules=FULL | {"min_answers": 2})
                await part(World(store, await store.contests.open(declared)))

        asyncio.run(within())

    return played


async def three_people(world: World) -> None:
    """One whole paper, one with a single answer, and one person who never started."""
    for name, answers in zip(NAMES, (SIZE, 1, None), strict=True):
        data = world.data(name, phone=f"+8491000000{NAMES.index(name)}")
        sender = world.sender()
        visitor = await world.register(sender, data)
        if answers is not None:
            started = await world.store.attempts.start(world.starting(visitor))
            session = started.session
            for _ in range(answers):
                session = await world.answer(sender, session)
            await world.store.attempts.finish(world.finishing(session))


async def closing(world: World) -> None:
    await world.store.jobs.close(CLOSES, Instant(CLOSES + 5_000))


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    head, *rows = load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows[:-2]]


def test_every_results_command_has_help_with_an_example() -> None:
    for command in results_app.registered_commands:
        assert "Ví dụ:  hoithi results" in str(command.help)
        shown = CliRunner().invoke(app, ["results", str(command.name), "--help"])
        assert shown.exit_code == 0


def test_the_workbook_has_everybody(ward: Path, run: Run, play: Play) -> None:
    play(three_people)

    done = run("--out", "so-lieu.xlsx")

    path = ward / "so-lieu.xlsx"
    people, attempts = rows_of(path, "Người dự thi"), rows_of(path, "Lượt thi")
    first = rows_of(path, "Theo đơn vị")[0]
    assert done.exit_code == 0, done.output
    assert "3 người đăng ký, 1 người tham gia, 1 lượt tham gia" in done.stdout
    assert [row["Họ và tên"] for row in people] == list(NAMES)
    assert [row["Điện thoại"] for row in people] == [f"+8491000000{at}" for at in range(3)]
    assert {row["Đơn vị"] for row in people} == {"Tổ dân phố 6 (Nhân Trạch)"}
    assert [row["Lượt tham gia hợp lệ"] for row in attempts] == ["Có", "Không"]
    assert (first["Người đăng ký"], first["Người tham gia"], first["Lượt tham gia"]) == (3, 1, 1)
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_said_names_nobody(ward: Path, run: Run, play: Play) -> None:
    play(three_people)

    done = run("--out", "a.xlsx")

    assert RESULTS["private"] in done.stderr
    for text in (*NAMES, "+84", "91000000"):
        assert text not in done.output
    assert (ward / "a.xlsx").exists()


def test_results_are_told_after_closing_and_not_before(ward: Path, run: Run, play: Play) -> None:
    play(three_people)

    run("--out", "before.xlsx")
    play(closing)
    run("--out", "after.xlsx")

    before, after = (rows_of(ward / name, "Lượt thi") for name in ("before.xlsx", "after.xlsx"))
    assert "Số câu đúng" not in before[0]
    assert [0 <= row["Số câu đúng"] <= SIZE for row in after] == [True, True]


@pytest.mark.usefixtures("ward")
def test_lists_as_csv_beside_the_workbook(ward: Path, run: Run, play: Play) -> None:
    play(three_people)

    done = run("--out", "a.xlsx", "--csv", "danh-sach")

    with (ward / "danh-sach/nguoi-du-thi.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert RESULTS["done_csv"].format(path="danh-sach") in done.stdout
    assert [row["Họ và tên"] for row in rows] == [
        "Nguyễn Văn An",
        "'=HYPERLINK(1)",
        "Trần Thị Bình",
    ]
    assert rows[0]["Điện thoại"] == "'+84910000000"


async def amended(world: World) -> None:
    changes = {"min_answers": 1}
    await world.store.database.write(lambda one: amend_rules(one, changes, "", NOW))


def test_t26_what_was_opened_before_counts_by_the_rules_of_then(
    ward: Path, run: Run, play: Play
) -> None:
    play(three_people)
    play(amended)

    done = run("--out", "a.xlsx")

    attempts = rows_of(ward / "a.xlsx", "Lượt thi")
    assert "3 người đăng ký, 1 người tham gia, 1 lượt tham gia" in done.stdout
    assert [row["Lượt tham gia hợp lệ"] for row in attempts] == ["Có", "Không"]


def test_the_window_is_the_contests_and_not_the_files(ward: Path, run: Run, play: Play) -> None:
    play(three_people)

    run("--out", "a.xlsx")

    window = load_workbook(ward / "a.xlsx")["Tổng hợp"]["A4"].value
    assert window.endswith("đến 07 giờ 00 phút ngày 15/12/2025.")


def test_the_window_is_the_one_that_was_decided(ward: Path, run: Run, play: Play) -> None:
    async def extended(world: World) -> None:
        decision = Decision(Ruling.EXTEND, NOW, Instant(CLOSES + DAY_MS))
        await world.store.decisions.record(decision, "cli", "test")

    play(extended)

    run("--out", "a.xlsx")

    window = load_workbook(ward / "a.xlsx")["Tổng hợp"]["A4"].value
    assert window.endswith("đến 07 giờ 00 phút ngày 16/12/2025.")


@pytest.mark.usefixtures("ward")
def test_another_key_is_refused(run: Run, play: Play) -> None:
    play(three_people)

    done = run("--out", "a.xlsx", HOITHI_DATA_KEY="00" * 32)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"HOITHI_DATA_KEY: {STARTS['data_key_wrong']}\n"
    assert not Path("a.xlsx").exists()


@pytest.mark.usefixtures("ward")
def test_a_database_without_a_contest_is_told(run: Run, url: str) -> None:
    async def migrated() -> None:
        database = connect(url)
        await migrate(database)
        await database.close()

    asyncio.run(migrated())

    done = run("--out", "a.xlsx")

    assert (done.exit_code, done.stderr) == (1, f"{RESULTS['no_contest']}\n")


@pytest.mark.usefixtures("ward")
def test_no_database_and_no_key_are_told_in_words(url: str, play: Play) -> None:
    def run(database: str) -> Result:
        variables = {"DATABASE_URL": database, "HOITHI_DATA_KEY": ""}
        return CliRunner().invoke(app, ["results", "export", "--out", "a.xlsx"], env=variables)

    play(three_people)

    nowhere, keyless = run(""), run(url)

    assert nowhere.exit_code == keyless.exit_code == 1
    assert nowhere.stderr.endswith(f"{STARTS['outbox_no_database']}\n")
    assert keyless.stderr == f"HOITHI_DATA_KEY: {STARTS['data_key_missing']}\n"


@pytest.mark.usefixtures("ward")
def test_a_place_that_cannot_be_written_is_told(run: Run, play: Play) -> None:
    play(three_people)

    done = run("--out", "config.toml/a.xlsx")

    assert done.exit_code == 1
    assert "không ghi được" in done.stderr


@pytest.mark.usefixtures("ward")
def test_too_many_rows_for_excel_are_told(
    run: Run, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.xlsx_table.MOST_ROWS", 2)
    play(three_people)

    done = run("--out", "a.xlsx")

    assert (done.exit_code, done.stderr) == (1, RESULTS["too_many"].format(path="a.xlsx") + "\n")
    assert not Path("a.xlsx").exists()


@pytest.mark.parametrize(
    "typed",
    [
        [],
        ["--out", "a.csv"],
        ["--out", "a"],
        ["--out", "a.xlsx", "--csv", "config.toml"],
        ["--out", "a.xlsx", "b"],
    ],
)
@pytest.mark.usefixtures("ward")
def test_wrong_use_is_exit_2(typed: list[str]) -> None:
    done = CliRunner().invoke(app, ["results", "export", *typed])

    assert done.exit_code == 2


def test_units_are_those_in_force_in_the_database(ward: Path, run: Run, play: Play) -> None:
    async def renamed(world: World) -> None:
        listed = load_units(read_config(ward / "config.toml"))
        (first, *others) = listed.units
        units = (replace(first, name="Tổ dân phố mới đặt tên"), *others)
        await world.store.unit_lists.begin(replace(listed, units=units), NOW)

    play(three_people)
    play(renamed)

    done = run("--out", "so-lieu.xlsx")

    titles = [row["Đơn vị"] for row in rows_of(ward / "so-lieu.xlsx", "Theo đơn vị")]
    assert done.exit_code == 0, done.output
    assert titles[0].startswith("Tổ dân phố mới đặt tên")


def report(url: str, *typed: str) -> Result:
    variables = {"DATABASE_URL": url, "HOITHI_DATA_KEY": DATA_KEY.hex()}
    return CliRunner().invoke(app, ["results", "report", *typed], env=variables)


def texts_of(path: Path) -> str:
    document = Document(str(path))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_reports_of_a_unit_and_of_all(ward: Path, url: str, play: Play) -> None:
    play(three_people)

    own = report(url, "--unit", "to-1", "--out", "don-vi.docx")
    whole = report(url, "--out", "bao-cao/toan-phuong.docx")

    texts = [texts_of(ward / name) for name in ("don-vi.docx", "bao-cao/toan-phuong.docx")]
    assert (own.exit_code, whole.exit_code) == (0, 0), own.output + whole.output
    assert "Tổ dân phố 6 (Nhân Trạch)" in texts[0]
    for name in NAMES:
        assert all(name not in text for text in texts)


def test_t26_a_report_defines_what_counts_by_the_rules_as_amended(
    ward: Path, url: str, play: Play
) -> None:
    play(three_people)
    play(amended)

    report(url, "--out", "a.docx")

    assert "hiện nay: từ 1 câu trở lên" in texts_of(ward / "a.docx")


@pytest.mark.usefixtures("ward")
def test_report_of_no_such_unit_is_told(url: str, play: Play) -> None:
    play(three_people)

    done = report(url, "--unit", "TDP-999", "--out", "a.docx")

    assert (done.exit_code, done.stderr) == (1, RESULTS["no_unit"].format(code="TDP-999") + "\n")
    assert not Path("a.docx").exists()


@pytest.mark.usefixtures("ward")
def test_report_is_a_word_file(url: str) -> None:
    assert report(url, "--out", "a.xlsx").exit_code == 2
