"""`hoithi units …` as an organiser types it: before a contest a file, in a contest a proposal."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import insert
from typer.testing import CliRunner

from bot.checking import _check_contest
from bot.cli import app
from bot.environment import read_environment
from bot.files import load_units
from bot.problems import SAYS
from bot.settings import read_config
from bot.units.cli import units_app
from bot.units.reading import read_units
from bot.units.words import SAYS as WORDS
from handlers.proposals import Settled
from handlers.units import Contact, Units
from store.tables import PARTICIPANT
from tests.bot.real_contest import approve_all, in_house, opened, set_contest, waiting

WHY = ("--why", "Sáp nhập tổ dân phố")
HEAD = "Mã,Nhóm,Tên,Thôn,Chỉ tiêu,Tổ trưởng,SĐT,Thay cho\n"


@pytest.fixture(autouse=True)
def _here(ward: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ward)
    for name in ("TELEGRAM_BOT_TOKEN", "DATABASE_URL", "HOITHI_CLOCK", "HOITHI_DATA_KEY"):
        monkeypatch.delenv(name, raising=False)


def run(*typed: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, ["units", *typed], input=answer)


def units_now(ward: Path) -> Units:
    return load_units(read_config(ward / "config.toml"))


def csv_of(units: Units, *added: str) -> str:
    lines = [
        f'{one.code},{one.block},"{one.name}",{one.place},{one.target},,,' for one in units.units
    ]
    return HEAD + "\n".join([*lines, *added]) + "\n"


@pytest.fixture
def contest(ward: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real contest in the ward's database, with one person of TDP-06."""
    set_contest(ward, monkeypatch)

    async def begin() -> None:
        async with opened(ward) as house:
            row = registered()
            await house.store.database.write(lambda one: one.execute(row) and None)

    asyncio.run(begin())
    return ward


def registered() -> Any:
    """A person whose data nobody will read."""
    values = {column.name: b"" for column in PARTICIPANT.c if column.name.endswith("_box")}
    facts = {"number": 1, "unit": "TDP-06", "is_phone_verified": False, "is_flagged": False}
    known: dict[str, Any] = values | facts
    for column in PARTICIPANT.c:
        if column.name not in known and not column.nullable and column.default is None:
            is_bytes = column.name.endswith(("index", "salt"))
            known[column.name] = b"1" if is_bytes else 0
    return insert(PARTICIPANT).values(known)


def test_every_units_command_has_help_with_an_example() -> None:
    for command in units_app.registered_commands:
        assert "Ví dụ:  hoithi units" in str(command.help)
        assert run(str(command.name), "--help").exit_code == 0


def test_before_a_contest_the_file_is_written_and_the_old_one_kept(ward: Path) -> None:
    before, text = units_now(ward), (ward / "units.toml").read_bytes()
    (ward / "moi.csv").write_text(
        csv_of(before, ",Tổ dân phố,Tổ dân phố 11,,,Trần Văn Bình,0912345678,")
    )

    outcome = run("import", "moi.csv", answer="y\n")

    after = units_now(ward)
    assert outcome.exit_code == 0, outcome.output
    assert "  Thêm 1: TDP-11 Tổ dân phố 11" in outcome.stdout
    assert after.units[:-1] == tuple(replace(one, aliases=()) for one in before.units)
    assert after.units[-1].code == "TDP-11"
    assert after.units[-1].leaders == (Contact("Trần Văn Bình", "+84912345678"),)
    assert (ward / "units.toml.bak").read_bytes() == text
    assert WORDS["with_phones"] in outcome.stdout


@pytest.mark.parametrize("answer", ["", "n\n"])
def test_unconfirmed_nothing_is_written(ward: Path, answer: str) -> None:
    text = (ward / "units.toml").read_bytes()
    (ward / "moi.csv").write_text("Tên,Nhóm\nTổ dân phố 1,Tổ dân phố\n")

    outcome = run("import", "moi.csv", answer=answer)

    assert outcome.exit_code == 1
    assert (ward / "units.toml").read_bytes() == text
    assert not (ward / "units.toml.bak").exists()


def test_a_list_with_mistakes_names_them_all_and_writes_nothing(ward: Path) -> None:
    text = (ward / "units.toml").read_bytes()
    (ward / "moi.csv").write_text("Tên,Nhóm\nTổ 1,x\n,Tổ dân phố\nTổ 3,y\n")

    outcome = run("import", "moi.csv", "--yes")

    assert outcome.exit_code == 1
    assert "moi.csv:dòng 2: không có nhóm “x”" in outcome.stderr
    assert "moi.csv:dòng 4: không có nhóm “y”" in outcome.stderr
    assert WORDS["bad"].format(count=3) in outcome.stderr
    assert (ward / "units.toml").read_bytes() == text


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (("import", "khong-co.csv"), 1),
        (("import",), 2),
        (("export", "--out", "a.pdf"), 1),
        (("export",), 2),
        (("template", "--out", "a.csv"), 1),
        (("template", "--out", "units.toml/a.xlsx"), 1),
        (("import", "units.toml", "--config", "khong-co.toml"), 1),
    ],
)
def test_wrong_use_and_problems_have_their_exit_codes(typed: tuple[str, ...], code: int) -> None:
    outcome = run(*typed)

    assert outcome.exit_code == code
    assert outcome.stderr


def test_the_same_list_changes_nothing(ward: Path) -> None:
    exported = run("export", "--out", "a.xlsx")

    outcome = run("import", "a.xlsx")

    assert (exported.exit_code, outcome.exit_code) == (0, 0)
    assert outcome.stdout == "Danh sách này không khác danh sách đang dùng.\n"
    assert not (ward / "units.toml.bak").exists()


def test_a_broken_file_of_the_settings_can_be_replaced(ward: Path) -> None:
    (ward / "units.toml").write_text("???")
    (ward / "moi.csv").write_text("Tên,Nhóm\nTổ dân phố 1,Tổ dân phố\n")

    outcome = run("import", "moi.csv", "--yes")

    assert outcome.exit_code == 0, outcome.output
    assert [one.code for one in units_now(ward).units] == ["TDP-01"]


def test_the_template_is_written_once(ward: Path) -> None:
    first, second = (run("template", "--out", "mau.xlsx") for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 1)
    found = read_units("mau.xlsx", (ward / "mau.xlsx").read_bytes(), None)
    assert found.problems == ("mau.xlsx: danh sách đơn vị trống; cần ít nhất một đơn vị",)


def test_in_a_contest_a_list_is_a_proposal_with_a_reason(contest: Path) -> None:
    kept = [one for one in units_now(contest).units if one.code != "TDP-06"]
    units = replace(units_now(contest), units=tuple(kept))
    text = (contest / "units.toml").read_bytes()
    (contest / "moi.csv").write_text(csv_of(units, "N-1,to-dan-pho,Tổ mới,,,,,TDP-06"))

    without = run("import", "moi.csv", "--yes")
    outcome = run("import", "moi.csv", "--yes", *WHY)

    (made,) = in_house(contest, waiting)
    told = made.proposal.content["told"]
    assert without.exit_code == 2
    assert outcome.exit_code == 0, outcome.output
    assert "  Chuyển: 1 người của TDP-06 sang N-1" in outcome.stdout
    assert "Số người bị ảnh hưởng: 1" in outcome.stdout
    assert WORDS["proposed"].format(number=made.id) in outcome.stdout
    assert (made.proposal.kind, made.proposal.why, made.proposal.made_by) == (
        "units",
        WHY[1],
        None,
    )
    assert (told["moved"], told["flagged"], made.proposal.content["moves"]) == (
        1,
        0,
        {"TDP-06": "N-1"},
    )
    assert str(made.proposal.content["notice"]).startswith("Ban Tổ chức thay đổi danh sách")
    assert (contest / "units.toml").read_bytes() == text


def test_in_a_contest_people_without_a_new_unit_are_named_and_may_be_mapped(
    contest: Path,
) -> None:
    units = units_now(contest)
    kept = tuple(one for one in units.units if one.code != "TDP-06")
    (contest / "moi.csv").write_text(csv_of(replace(units, units=kept)))

    left = run("import", "moi.csv", *WHY)
    wrong = run("import", "moi.csv", *WHY, "--map", "TDP-06", "--map", "ZZ=TDP-07")
    mapped = run("import", "moi.csv", *WHY, "--map", "tdp-06=tdp-07", "--yes")

    (made,) = in_house(contest, waiting)
    assert "1 người của TDP-06 chưa có đơn vị thay" in left.stdout
    assert left.exit_code == 1
    assert wrong.exit_code == 1
    assert "--map “TDP-06” không đúng dạng" in wrong.stderr
    assert "mã cũ “ZZ” không có" in wrong.stderr
    assert mapped.exit_code == 0, mapped.output
    assert made.proposal.content["moves"] == {"TDP-06": "TDP-07"}


def test_t26_the_list_in_sql_is_in_force_and_check_says_where_the_file_differs(
    contest: Path,
) -> None:
    units = units_now(contest)
    (contest / "moi.csv").write_text(csv_of(units, "N-1,to-dan-pho,Tổ mới,,,,,"))
    assert run("import", "moi.csv", "--yes", *WHY).exit_code == 0
    config = read_config(contest / "config.toml")
    before = asyncio.run(_check_contest(config, read_environment()))

    settled = in_house(contest, approve_all)

    exported = run("export", "--out", "nay.toml")
    after = asyncio.run(_check_contest(config, read_environment()))
    assert settled == [Settled.DONE]
    assert exported.exit_code == 0
    assert 'code = "N-1"' in (contest / "nay.toml").read_text()
    assert before == [SAYS["check_contest"]]
    assert after == [SAYS["check_contest"], SAYS["check_units"]]


def test_leaders_are_exported_only_where_asked_for(ward: Path) -> None:
    (ward / "moi.csv").write_text(
        "Tên,Nhóm,Tổ trưởng,SĐT\nTổ dân phố 1,Tổ dân phố,Trần Văn Bình,0912345678\n"
    )
    run("import", "moi.csv", "--yes")

    plain = run("export", "--out", "a.csv")
    full = run("export", "--out", "b.csv", "--with-leaders")

    assert (plain.exit_code, full.exit_code) == (0, 0)
    assert "Bình" not in (ward / "a.csv").read_text()
    assert "'+84912345678" in (ward / "b.csv").read_text()
    assert (ward / "b.csv").stat().st_mode & 0o077 == 0
