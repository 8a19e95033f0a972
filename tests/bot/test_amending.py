"""`hoithi amend` (T26): the settings' rules proposed to the organisers, and what is not amended."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.amend_problems import AMEND
from bot.cli import app
from bot.house import House
from bot.problems import SettingsProblemError
from handlers.approving import describe
from handlers.proposals import OpenProposal, Settled
from tests.bot.real_contest import approve_all, in_house, set_contest, waiting

NOTICE = "Thời gian làm bài là 20 phút, kể từ hôm nay."
WORDS = ("--why", "Người cao tuổi cần thêm giờ", "--notice", NOTICE)


@pytest.fixture
def contest(ward: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real contest in the ward's database."""
    monkeypatch.chdir(ward)
    monkeypatch.delenv("HOITHI_CLOCK", raising=False)
    set_contest(ward, monkeypatch)
    in_house(ward, lambda house: house.refresh())
    return ward


def amend(*typed: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, ["amend", *(typed or WORDS)], input=answer)


def rewrite(ward: Path, *pairs: tuple[str, str], name: str = "config.toml") -> None:
    text = (ward / name).read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    (ward / name).write_text(text)


MINUTES = ("minutes = 15", "minutes = 20")


def test_t26_a_changed_setting_is_refused_at_start_until_it_is_approved(contest: Path) -> None:
    rewrite(contest, MINUTES)
    with pytest.raises(SettingsProblemError) as refused:
        in_house(contest, waiting)
    outcome = amend(*WORDS, answer="y\n")
    with pytest.raises(SettingsProblemError):
        in_house(contest, waiting)

    rewrite(contest, MINUTES[::-1])
    settled = in_house(contest, approve_all)
    with pytest.raises(SettingsProblemError):
        in_house(contest, waiting)
    rewrite(contest, MINUTES)

    (line,) = refused.value.lines
    assert "rules.minutes" in line
    assert "hoithi amend" in line
    assert outcome.exit_code == 0, outcome.output
    assert "rules.minutes: 15 → 20\n" in outcome.stdout
    assert AMEND["proposed"].format(number=1) in outcome.stdout
    assert settled == [Settled.DONE]
    assert in_house(contest, waiting) == ()


def test_t26_the_proposal_reads_in_words_and_is_the_command_lines(contest: Path) -> None:
    rewrite(
        contest,
        MINUTES,
        ("de_an_06 = 2", "de_an_06 = 3"),
        ("min_answers = 8", "min_answers = 5"),
        ('["nhi", 2]', '["nhi", 4]'),
    )
    assert amend(*WORDS, "--yes").exit_code == 0
    rewrite(
        contest,
        MINUTES[::-1],
        ("de_an_06 = 3", "de_an_06 = 2"),
        ("min_answers = 5", "min_answers = 8"),
        ('["nhi", 4]', '["nhi", 2]'),
    )

    async def told(house: House) -> tuple[OpenProposal, str, list[Any]]:
        (made,) = await waiting(house)
        trail = await house.store.audit.latest(5)
        return made, describe(house.desk, made), [entry for _, entry in trail]

    made, words, trail = in_house(contest, told)

    assert (made.proposal.kind, made.proposal.made_by, made.proposal.why) == (
        "rules",
        None,
        "Người cao tuổi cần thêm giờ",
    )
    assert words.split("\n")[2:6] == [
        "Thời gian làm bài, phút: 15 → <b>20</b>",
        "Số câu trả lời tối thiểu để được tính: 8 → <b>5</b>",
        "Số câu rút theo chủ đề: de_an_06: 2 → <b>de_an_06: 3</b>",
        (
            "Giải cá nhân: nhat 1, nhi 2, ba 3, khuyen_khich 10 → "
            "<b>nhat 1, nhi 4, ba 3, khuyen_khich 10</b>"
        ),
    ]
    assert f"<i>{NOTICE}</i>" in words
    assert [(one.act, one.role, one.account) for one in trail] == [("rules.propose", "cli", None)]


@pytest.mark.parametrize(
    ("change", "name", "said"),
    [
        (('closes = "24:00 14/12/2025"', 'closes = "24:00 13/12/2025"'), "config.toml", "window"),
        (('opens = "07:00 08/12/2025"', 'opens = "06:00 08/12/2025"'), "config.toml", "window"),
        (('id = "phuluong-2025"', 'id = "phuluong-2026"'), "config.toml", "fixed"),
        (('code = "TDP-06"', 'code = "TDP-66"'), "units.toml", "units"),
    ],
)
def test_t26_what_is_not_amended_this_way_is_refused_in_words(
    contest: Path, change: tuple[str, str], name: str, said: str
) -> None:
    rewrite(contest, MINUTES)
    rewrite(contest, change, name=name)

    outcome = amend(*WORDS, "--yes")

    wanted = AMEND[said].partition("{path}")[2]
    assert outcome.exit_code == 1
    assert wanted in outcome.stderr
    assert "rules.minutes" not in outcome.stderr


def test_t27_a_changed_question_is_not_amended(contest: Path) -> None:
    path = contest / "question_bank/questions/de-an-06.toml"
    path.write_text(path.read_text().replace('stem = "', 'stem = "Mới: ', 1))
    rewrite(contest, MINUTES)

    outcome = amend(*WORDS, "--yes")

    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("bank[")
    assert AMEND["bank"].partition("{path}")[2] in outcome.stderr


def test_unchanged_settings_and_no_contest_are_said(
    contest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = amend(*WORDS, "--yes")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{contest}/other.sqlite")
    none = amend(*WORDS, "--yes")

    assert (same.exit_code, same.stderr) == (1, AMEND["same"] + "\n")
    assert (none.exit_code, none.stderr) == (1, AMEND["no_contest"] + "\n")


@pytest.mark.parametrize(
    "typed",
    [
        (),
        ("--why", "Lý do đúng"),
        ("--notice", NOTICE),
        ("--why", "x", "--notice", NOTICE),
        ("--why", "gọi 0912345678", "--notice", NOTICE),
        ("--why", "Lý do đúng", "--notice", "ngắn"),
        ("--why", "Lý do đúng", "--notice", "x" * 1_001),
    ],
)
def test_a_reason_and_a_notice_are_asked_for(contest: Path, typed: tuple[str, ...]) -> None:
    rewrite(contest, MINUTES)

    outcome = CliRunner().invoke(app, ["amend", *typed])

    assert outcome.exit_code == 2


@pytest.mark.parametrize("answer", ["", "n\n"])
def test_unconfirmed_nothing_is_proposed(contest: Path, answer: str) -> None:
    rewrite(contest, MINUTES)
    outcome = amend(*WORDS, answer=answer)
    rewrite(contest, MINUTES[::-1])

    assert outcome.exit_code == 1
    assert in_house(contest, waiting) == ()


def test_t26_the_window_changed_in_the_settings_names_the_commands_that_move_it(
    contest: Path,
) -> None:
    rewrite(contest, ('closes = "24:00 14/12/2025"', 'closes = "24:00 13/12/2025"'))

    with pytest.raises(SettingsProblemError) as refused:
        in_house(contest, waiting)

    (line,) = refused.value.lines
    assert "/giahan" in line
    assert "hoithi amend" not in line
