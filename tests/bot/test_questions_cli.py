"""`hoithi questions …` as an organiser types it, on a ward's folder of its own."""

import json
import random
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from rich.console import Console
from typer.testing import CliRunner

from bot import question_pages
from bot.cli import app
from bot.files import load_bank
from bot.problems import SAYS
from bot.questions_cli import questions_app
from bot.settings import read_config
from question_bank.importers.toml_file import read_bank
from question_bank.item_analysis import item_results
from question_bank.question import QuestionBank

ROOT = Path(__file__).parents[2]
HEAD = "Chủ đề,Câu hỏi,A,B,C,D,Đáp án,Nguồn\n"
GOOD = "Đề án 06,Hỏi gì lạ {}?,Một,Hai,Ba,Bốn,B,Luật Căn cước\n"


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("config.toml", "units.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("question_bank/questions", "handlers"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.py"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*typed: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, ["questions", *typed], input=answer)


def bank_state(ward: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (ward / "question_bank/questions").iterdir()}


def count_of(ward: Path) -> int:
    return len(read_bank(ward / "question_bank/questions").topics["de_an_06"])


def test_every_questions_command_has_help_with_an_example() -> None:
    for command in questions_app.registered_commands:
        assert "Ví dụ:  hoithi questions" in str(command.help)
        assert run(str(command.name), "--help").exit_code == 0


def test_check_of_the_shipped_bank(ward: Path) -> None:
    outcome = run("check")

    count = len(read_bank(ward / "question_bank/questions").questions)
    assert outcome.stdout == SAYS["checked_fine"].format(questions=count) + "\n"
    assert outcome.exit_code == 0


def test_check_finds_errors_and_warnings_of_the_bank(ward: Path) -> None:
    path = ward / "question_bank/questions/de-an-06.toml"
    text = path.read_text()
    path.write_text(text.replace("explanation = ", 'explanation = "" #', 1))
    text = (ward / "config.toml").read_text()
    (ward / "config.toml").write_text(text.replace("de_an_06 = 2", "de_an_06 = 50"))

    outcome = run("check", "--json")

    said = json.loads(outcome.stdout)
    assert outcome.exit_code == 1
    assert {(each["code"], each["severity"]) for each in said["findings"]} == {
        ("explanation-missing", "warning"),
        ("quota-not-met", "error"),
        ("little-room", "warning"),
    }
    assert (said["errors"], said["warnings"]) == (1, 2)
    assert all(each["file"].endswith(".toml") and each["at"].isdecimal()
               for each in said["findings"])  # fmt: skip


def test_check_of_a_broken_bank_names_the_line(ward: Path) -> None:
    path = ward / "question_bank/questions/de-an-06.toml"
    lines = path.read_text().split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("answer = "))
    path.write_text("\n".join([*lines[:at], 'answer = "z"', *lines[at + 1 :]]))

    outcome = run("check")

    assert outcome.exit_code == 1
    assert f"question_bank/questions/de-an-06.toml:{at + 1}: đáp án “z”" in outcome.stdout


def test_check_of_files_says_where_and_what_to_do(ward: Path) -> None:
    (ward / "a.csv").write_text(f"{HEAD}{GOOD.format(1)}Thể thao,Hỏi?,Một,Hai,Ba,,X,Luật\n")

    outcome = run("check", "a.csv")

    assert outcome.exit_code == 1
    unknown = "đáp án “X” không khớp phương án nào; cần một trong: A, B, C"
    assert outcome.stdout.splitlines() == [
        f"a.csv:dòng 3: Câu 2: {unknown}, hoặc ghi y nguyên một phương án",
        "a.csv:dòng 2: Cảnh báo: Câu 1: chưa có lời giải thích; nên có một câu để hiện sau khi thi",
        "Đã kiểm tra 2 câu: 1 lỗi, 1 cảnh báo.",
    ]


def test_check_on_a_terminal_is_a_table(ward: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (ward / "a.csv").write_text(f"{HEAD}{GOOD.format('[red]x[/red]').replace(',B,', ',X,')}")
    console = Console(force_terminal=True, width=100, no_color=True, highlight=False)
    monkeypatch.setattr(question_pages, "Console", lambda **_: console)

    with console.capture() as captured:
        outcome = run("check", "a.csv")

    shown = captured.get()
    assert outcome.exit_code == 1
    for word in ("column_place", "column_question", "column_what", "column_wanted", "found_error"):
        assert SAYS[word] in shown
    assert "dòng 2" in shown


def test_import_after_a_yes_is_one_new_file(ward: Path) -> None:
    (ward / "Câu hỏi.csv").write_text(HEAD + "".join(GOOD.format(at) for at in range(4)))
    before, count = bank_state(ward), count_of(ward)

    outcome = run("import", "Câu hỏi.csv", answer="y\n")

    assert outcome.exit_code == 0, outcome.output
    after = bank_state(ward)
    assert set(after) - set(before) == {"nhap-cau-hoi.toml"}
    assert {name: after[name] for name in before} == before
    assert "     4  Đề án 06 và VNeID (de_an_06)" in outcome.stdout
    assert outcome.stdout.count("(Đáp án: B") == 3
    assert "A. Một\nB. Hai\nC. Ba\nD. Bốn\n" in outcome.stdout
    assert count_of(ward) == count + 4


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_import_without_a_yes_writes_nothing(ward: Path, answer: str) -> None:
    (ward / "a.csv").write_text(HEAD + GOOD.format(1))
    before = bank_state(ward)

    outcome = run("import", "a.csv", answer=answer)

    assert outcome.exit_code == 1
    assert bank_state(ward) == before


def test_import_of_a_file_with_one_fault_writes_nothing(ward: Path) -> None:
    (ward / "a.csv").write_text(HEAD + GOOD.format(1) + GOOD.format(2).replace(",B,", ",,"))
    before = bank_state(ward)

    outcome = run("import", "a.csv", "--yes")

    assert outcome.exit_code == 1
    assert "a.csv:dòng 3: Câu 2: chưa có đáp án" in outcome.output
    assert SAYS["import_bad"].format(errors=1, good=1, seen=2) in outcome.output
    assert bank_state(ward) == before


def test_import_skipping_the_bad_takes_the_rest_and_says_so(ward: Path) -> None:
    (ward / "a.csv").write_text(HEAD + GOOD.format(1) + GOOD.format(2).replace(",B,", ",,"))

    count = count_of(ward)

    outcome = run("import", "a.csv", "--skip-bad", "--yes")

    assert outcome.exit_code == 0
    assert "a.csv:dòng 3: Câu 2: chưa có đáp án" in outcome.stdout
    assert SAYS["import_skipped"].format(bad=1) in outcome.stdout
    assert count_of(ward) == count + 1


def test_import_with_topic_source_and_folder(ward: Path) -> None:
    (ward / "a.csv").write_text("Câu hỏi,A,B,C,Đáp án\nHỏi gì lạ?,Một,Hai,Ba,A\n")

    outcome = run(
        "import", "a.csv", "--yes", "--topic", "de_an_06", "--source", "Sách", "--into", "rieng"
    )

    assert outcome.exit_code == 0, outcome.output
    (question,) = read_bank(ward / "rieng").questions
    assert (question.topic, question.source) == ("de_an_06", "Sách")


def test_import_of_what_is_there_already_is_refused(ward: Path) -> None:
    assert run("export", "a.xlsx").exit_code == 0
    before = bank_state(ward)

    outcome = run("import", "a.xlsx", "--yes")

    assert outcome.exit_code == 1
    assert "” đã có ở question_bank/questions/" in outcome.output
    assert bank_state(ward) == before


def test_import_into_a_broken_bank_is_refused(ward: Path) -> None:
    (ward / "question_bank/questions/x.toml").write_text("???")
    (ward / "a.csv").write_text(HEAD + GOOD.format(1))

    outcome = run("import", "a.csv", "--yes")

    assert outcome.exit_code == 1
    assert "x.toml:1:" in outcome.output


def test_import_of_mutants_is_whole_or_nothing(ward: Path) -> None:
    data = (HEAD + "".join(GOOD.format(at) for at in range(6))).encode()
    for seed in range(12):
        chance = random.Random(seed)
        wounded = bytearray(data)
        for _ in range(3):
            wounded[chance.randrange(len(wounded))] = chance.randrange(256)
        (ward / f"m{seed}.csv").write_bytes(wounded)
        before = bank_state(ward)

        outcome = run("import", f"m{seed}.csv", "--yes", "--into", f"to{seed}")

        folder = ward / f"to{seed}"
        assert outcome.exit_code in {0, 1}
        assert outcome.exception is None or isinstance(outcome.exception, SystemExit)
        assert bank_state(ward) == before
        assert folder.exists() == (outcome.exit_code == 0)
        if folder.exists():
            assert len(read_bank(folder).questions) == 6


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx", "a.toml"])
def test_export_reads_back_the_same(ward: Path, name: str) -> None:
    exported = run("export", name)
    imported = run("import", name, "--yes", "--into", "again", "--keep-status")

    assert (exported.exit_code, imported.exit_code) == (0, 0), imported.output
    assert read_bank(ward / "again") == read_bank(ward / "question_bank/questions")
    assert (ward / name).stat().st_mode & 0o077 == 0
    assert SAYS["export_secret"] in exported.stdout


def test_export_of_one_topic_without_keys(ward: Path) -> None:
    outcome = run("export", "a.docx", "--topic", "de_an_06", "--without-keys")

    said = SAYS["export_done"].format(count=count_of(ward), path="a.docx")
    assert outcome.stdout == f"{said}\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["a.pdf"], "đuôi tệp .pdf không xuất được"),
        (["a.toml", "--without-keys"], "tệp .toml luôn có đáp án"),
        (["a.xlsx", "--topic", "x"], "không có chủ đề “x”"),
        (["units.toml/a.xlsx"], "không ghi được"),
    ],
)
@pytest.mark.usefixtures("ward")
def test_export_refusals(typed: list[str], said: str) -> None:
    outcome = run("export", *typed)

    assert outcome.exit_code == 1
    assert said in outcome.output


def test_template_writes_both_once(ward: Path) -> None:
    first, second = run("template", "mau"), run("template", "mau")

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert sorted(path.name for path in (ward / "mau").iterdir()) == [
        "cau-hoi-mau.docx",
        "cau-hoi-mau.xlsx",
    ]
    assert "đã có tệp này" in second.output


@pytest.mark.usefixtures("ward")
def test_stats_as_text_and_json() -> None:
    text, said = run("stats"), json.loads(run("stats", "--json").stdout)

    assert text.exit_code == 0
    assert SAYS["stats_topic"] in text.stdout
    assert sum(each["questions"] for each in said["topics"]) == said["questions"]
    assert {each["topic"]: each["quota"] for each in said["topics"]}["de_an_06"] == 2


def test_commands_without_config_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    for typed in (["check"], ["stats"], ["template", "x"], ["export", "a.xlsx"]):
        assert run(*typed).exit_code == 1
    assert run("import").exit_code == 2


def drafts_of(ward: Path) -> QuestionBank:
    return read_bank(ward / "question_bank/questions").of_status("draft")


def test_imported_questions_are_drafts_until_somebody_else_approves(ward: Path) -> None:
    (ward / "a.csv").write_text(HEAD + "".join(GOOD.format(at) for at in range(3)))
    drawn = len(load_bank(read_config(ward / "config.toml")).questions)
    imported = run("import", "a.csv", "--yes", "--by", "Nguyễn Văn An")
    ids = [question.id for question in drafts_of(ward).questions]
    before = bank_state(ward)

    checked = run("check")
    by_author = run("approve", "nhap-a.toml", "--by", "nguyen van an")
    by_nobody_known = run("approve", "khong-co", "--by", "Trần Thị Bình")
    unchanged = bank_state(ward)
    one = run("approve", ids[0], "--by", "Trần Thị Bình")
    rest = run("approve", "nhap-a.toml", "--by", "Trần Thị Bình")

    assert (imported.exit_code, len(ids)) == (0, 3)
    assert SAYS["import_drafts"].format(name="nhap-a.toml") in imported.stdout
    assert "có 3 câu nháp chưa duyệt" in checked.stdout
    assert (by_author.exit_code, by_nobody_known.exit_code) == (1, 1)
    assert by_author.stderr.count("nhap-a.toml:") == 3
    assert unchanged == before
    assert (one.exit_code, rest.exit_code) == (0, 0)
    assert (one.stdout, rest.stdout) == (
        SAYS["approved"].format(count=1) + "\n",
        SAYS["approved"].format(count=2) + "\n",
    )
    assert drafts_of(ward).questions == ()
    assert len(load_bank(read_config(ward / "config.toml")).questions) == drawn + 3


def test_approving_changes_only_the_lines_of_the_status(ward: Path) -> None:
    path = ward / "question_bank/questions/de-an-06.toml"
    text = path.read_text().replace('id = "da06-001"', 'id = "da06-001"\nstatus = "draft"', 1)
    path.write_text(text)

    outcome = run("approve", "da06-001", "--by", "Trần Thị Bình")

    assert outcome.exit_code == 0, outcome.output
    lines = set(path.read_text().splitlines()) ^ set(text.splitlines())
    assert lines == {'status = "approved"', 'approved_by = "Trần Thị Bình"', 'status = "draft"'}


def test_drafts_are_never_drawn_and_retired_ones_no_more(ward: Path) -> None:
    path = ward / "question_bank/questions/de-an-06.toml"
    path.write_text(
        path.read_text().replace('id = "da06-001"', 'id = "da06-001"\nstatus = "draft"', 1)
    )

    retired = run("retire", "da06-002")
    drawn = load_bank(read_config(ward / "config.toml"))
    counted = json.loads(run("stats", "--json").stdout)["statuses"]

    assert retired.exit_code == 0, retired.output
    assert not {"da06-001", "da06-002"} & set(drawn.by_id)
    assert (counted["draft"], counted["retired"]) == (1, 1)
    assert counted["approved"] == len(drawn.questions)


@pytest.mark.usefixtures("ward")
def test_stats_before_a_contest_say_that_results_come_later() -> None:
    shown, told = run("stats"), json.loads(run("stats", "--json").stdout)

    assert SAYS["results_not_yet"] in shown.stdout
    assert told["results"] is None


def test_stats_after_a_contest_show_the_hardest_first(
    ward: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = read_bank(ward / "question_bank/questions")
    easy, hard = (question.id for question in bank.questions[:2])
    # Whoever knows the rest gets the hard one wrong: its key should be looked at.
    attempts = [{easy: at % 2 == 0, hard: at % 2 == 1} for at in range(40)]
    attempts += [{easy: True}] * 10

    question_pages.show_results(item_results(attempts), bank)

    shown = capsys.readouterr().out
    assert shown.index(hard) < shown.index(easy)
    assert "50%" in shown
    assert "60%" in shown
    assert "-1,00" in shown
