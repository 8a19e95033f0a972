"""What the documents name exists, and what exists is named: commands, targets, keys, variables."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import app
from bot.problems import SAYS
from bot.questions_cli import questions_app
from bot.texts import read_texts
from bot.units.cli import units_app
from handlers.catalogue import Catalogue
from handlers.declared import ARGUMENTS
from handlers.dispatch import COMMANDS
from handlers.staff_table import COMMANDS as STAFF_COMMANDS

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "bot",
    "handlers",
    "question_bank",
    "rehearsal",
    "reports",
    "scheduler",
    "scoring",
    "store",
    "web",
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WORDS_OF_PROBLEMS = {
    "bot/problems.py",
    "bot/results_problems.py",
    "bot/amend_problems.py",
    "bot/units/problems.py",
    "bot/units/words.py",
    "question_bank/importers/problems.py",
    "question_bank/importers/words.py",
    "reports/problems.py",
}
VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def strings(path: Path) -> Iterator[str]:
    """String constants that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.value


def test_vietnamese_sentences_stand_only_where_people_edit_them() -> None:
    found = [
        (str(path.relative_to(ROOT)), text)
        for path in sources()
        if str(path.relative_to(ROOT)) not in WORDS_OF_PROBLEMS
        for text in strings(path)
        if VIETNAMESE.search(text) and " " in text.strip() and "rehearsal" not in str(path)
    ]

    assert found == []


def test_targets_named_in_the_readme_exist() -> None:
    named = set(re.findall(r"make (\w+)", README))
    targets = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))

    assert named - targets == set()


def test_commands_named_in_the_readme_are_the_commands_there_are() -> None:
    named = set(re.findall(r"`hoithi (\w+)", README))

    commands = {command.name for command in app.registered_commands}
    # A group may be named where it is made.
    groups = {group.name or group.typer_instance.info.name for group in app.registered_groups}
    assert commands <= named
    assert named <= commands | groups


def test_environment_variables_of_the_readme_are_those_that_are_read() -> None:
    source = (ROOT / "bot/environment.py").read_text(encoding="utf-8")
    read = set(re.findall(r'given\.get\("([A-Z_]+)"', source))
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))

    assert named == read


def test_every_command_has_help_with_an_example() -> None:
    groups = [group.typer_instance for group in app.registered_groups if group.typer_instance]
    commands = [command for one in (app, *groups) for command in one.registered_commands]
    helps = [command.help or "" for command in commands if command.name != "version"]

    assert all("Ví dụ:" in one for one in helps)
    assert SAYS["version"]


def test_every_setting_is_explained_above_it() -> None:
    unexplained, is_explained = [], False
    for line in (ROOT / "config.toml").read_text(encoding="utf-8").split("\n"):
        if not line:
            is_explained = False
        elif line.startswith("#"):
            is_explained = True
        elif " = " in line and not is_explained:
            unexplained.append(line)

    assert unexplained == []


def test_menu_commands_are_those_that_are_answered() -> None:
    catalogue = Catalogue(read_texts(ROOT / "handlers/messages").tables)

    named = {name for name, _ in catalogue.commands}

    assert named == set(COMMANDS) - {"help"}


def test_files_named_in_the_architecture_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\w+/)+[\w.-]+\.(?:py|toml|md))", text))

    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_locks_carry_versions_and_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert "://" not in text
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\w)", text.strip()))


def test_modules_and_functions_keep_their_size() -> None:
    too_long = []
    for path in sources():
        if "versions" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > 400:
            too_long.append(str(path))
        for node in ast.walk(ast.parse(text)):
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_function and (node.end_lineno or 0) - node.lineno >= 50:
                too_long.append(f"{path}:{node.name}")

    assert too_long == []


def test_imports_point_inward() -> None:
    outcome = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stdout


def test_question_commands_named_in_the_organisers_page_exist() -> None:
    page = (ROOT / "docs/viet-cau-hoi.md").read_text(encoding="utf-8")

    named = set(re.findall(r"hoithi questions (\w+)", page))

    assert named <= {command.name for command in questions_app.registered_commands}
    assert "template" in named


def test_unit_commands_named_in_the_organisers_page_exist() -> None:
    page = (ROOT / "docs/don-vi.md").read_text(encoding="utf-8")

    named = set(re.findall(r"hoithi units (\w+)", page))
    others = set(re.findall(r"hoithi (?!units)(\w+)", page))

    assert named == {command.name for command in units_app.registered_commands}
    assert others <= {command.name for command in app.registered_commands}


def test_commands_named_in_the_organisers_manual_exist() -> None:
    page = (ROOT / "docs/ban-to-chuc.md").read_text(encoding="utf-8")

    in_chat = set(re.findall(r"`/(\w+)`", page))
    typed = set(re.findall(r"hoithi (\w+)", page))

    assert in_chat - {*COMMANDS, *STAFF_COMMANDS} == set()
    assert {"moi", "vaitro", "loaitru"} <= in_chat
    assert typed - {command.name for command in app.registered_commands} == set()


def test_commands_and_buttons_named_in_the_leaders_page_exist() -> None:
    page = (ROOT / "docs/to-truong.md").read_text(encoding="utf-8")
    catalogue = Catalogue(read_texts(ROOT / "handlers/messages").tables)
    labels = {catalogue.text(one) for one in catalogue.names if is_plain_button(one)}

    commands = set(re.findall(r"/([a-z]+)\b", re.sub(r"</?\w+>", "", page)))
    assert commands == {"baocao", "start"}
    assert commands <= {*COMMANDS, *STAFF_COMMANDS}
    assert set(re.findall(r"“([^”]+)”", page)) <= labels


def is_plain_button(entry: str) -> bool:
    return entry.startswith("button.") and not ARGUMENTS[entry]
