"""`hoithi questions …`: the bank on the command line. Exit 0 fine, 1 a problem found, 2 wrong use.

Decides what is asked and said; what is done is `bot.questions`'. Readers of files are imported
when a command runs: `--help` need not wait for them.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.problems import SAYS, SettingsProblemError
from bot.settings import Config, read_config

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.questions import Prepared
    from question_bank.importers.bank_edits import Edited

questions_app = typer.Typer(
    name="questions",
    no_args_is_help=True,
    rich_markup_mode=None,
    help=SAYS["questions"],
)

ConfigPath = Annotated[Path, typer.Option("--config", help=SAYS["config_option"])]
AsJson = Annotated[bool, typer.Option("--json", help=SAYS["json_option"])]
Files = Annotated[list[Path] | None, typer.Argument(help=SAYS["questions_files"])]
QuestionFile = Annotated[Path, typer.Argument(help=SAYS["questions_file"])]
Into = Annotated[Path | None, typer.Option("--into", help=SAYS["into_option"])]
TopicCode = Annotated[str, typer.Option("--topic", help=SAYS["topic_option"])]
Source = Annotated[str, typer.Option("--source", help=SAYS["source_option"])]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help=SAYS["skip_option"])]
Author = Annotated[str, typer.Option("--by", help=SAYS["author_option"])]
KeepStatus = Annotated[bool, typer.Option("--keep-status", help=SAYS["keep_option"])]
Ids = Annotated[list[str], typer.Argument(help=SAYS["ids_argument"])]
Approver = Annotated[str, typer.Option("--by", help=SAYS["by_option"])]
BankFolder = Annotated[Path | None, typer.Option("--into", help=SAYS["into_option"])]
Yes = Annotated[bool, typer.Option("--yes", help=SAYS["yes_option"])]
ExportFile = Annotated[Path, typer.Argument(help=SAYS["export_file"])]
WithKeys = Annotated[bool, typer.Option("--with-keys/--without-keys", help=SAYS["keys_option"])]
ExportTopic = Annotated[str, typer.Option("--topic", help=SAYS["export_topic"])]
Folder = Annotated[Path, typer.Argument(help=SAYS["template_folder"])]
CONFIG = Path("config.toml")


@questions_app.command("check", help=SAYS["questions_check"])
def check_command(
    files: Files = None,
    *,
    config: ConfigPath = CONFIG,
    is_json: AsJson = False,
) -> None:
    from bot.question_pages import show_checked  # noqa: PLC0415
    from bot.questions import check_configured, check_files  # noqa: PLC0415

    settings = _read(config)
    checked = check_files(settings, files) if files else check_configured(settings)
    show_checked(checked, is_json=is_json)
    raise typer.Exit(1 if checked.errors else 0)


@questions_app.command("import", help=SAYS["questions_import"])
def import_command(  # noqa: PLR0913 - a command has as many options as it has
    file: QuestionFile,
    *,
    into: Into = None,
    topic: TopicCode = "",
    source: Source = "",
    by: Author = "",
    keep_status: KeepStatus = False,
    skip_bad: SkipBad = False,
    yes: Yes = False,
    config: ConfigPath = CONFIG,
) -> None:
    from bot.questions import prepare_import  # noqa: PLC0415
    from question_bank.importers.adopting import Wishes  # noqa: PLC0415
    from question_bank.importers.toml_file import BankFilesError  # noqa: PLC0415

    settings = _read(config)
    try:
        wishes = Wishes(topic, source, by, keep_status)
        prepared = prepare_import(settings, file, into, wishes)
    except BankFilesError as error:
        _fail(*error.problems)
    _judge(prepared, skip_bad=skip_bad)
    _show(settings, prepared)
    count = len(prepared.adoption.questions)
    if not yes and not typer.confirm(SAYS["import_ask"].format(count=count), default=False):
        typer.echo(SAYS["import_stopped"])
        raise typer.Exit(1)
    _write(prepared)


@questions_app.command("export", help=SAYS["questions_export"])
def export_command(
    file: ExportFile,
    *,
    with_keys: WithKeys = True,
    topic: ExportTopic = "",
    config: ConfigPath = CONFIG,
) -> None:
    from bot.exports import ExportError, export_bank  # noqa: PLC0415

    try:
        count = export_bank(_read(config), file, topic, with_keys=with_keys)
    except ExportError as error:
        _fail(*error.lines)
    typer.echo(SAYS["export_done"].format(count=count, path=file))
    if with_keys:
        typer.echo(SAYS["export_secret"])


@questions_app.command("template", help=SAYS["questions_template"])
def template_command(folder: Folder, *, config: ConfigPath = CONFIG) -> None:
    from bot.exports import ExportError, write_templates  # noqa: PLC0415

    try:
        paths = write_templates(_read(config), folder)
    except ExportError as error:
        _fail(*error.lines)
    for path in paths:
        typer.echo(SAYS["template_done"].format(path=path))


@questions_app.command("stats", help=SAYS["questions_stats"])
def stats_command(*, config: ConfigPath = CONFIG, is_json: AsJson = False) -> None:
    from bot.environment import read_environment  # noqa: PLC0415
    from bot.question_pages import echo_json, show_census, show_results  # noqa: PLC0415
    from bot.question_results import results_of  # noqa: PLC0415
    from question_bank.census import census_of  # noqa: PLC0415
    from question_bank.importers.toml_file import BankFilesError, read_bank  # noqa: PLC0415

    settings = _read(config)
    try:
        bank = read_bank(settings.path("questions"))
        results = results_of(settings, read_environment())
    except BankFilesError as error:
        _fail(*error.problems)
    except SettingsProblemError as error:
        _fail(*error.lines)
    census = census_of(bank, settings.settings.contest.draw)
    if is_json:
        told = None if results is None else [one.as_json() for one in results]
        echo_json(census.as_json() | {"results": told})
        return
    show_census(census)
    show_results(results, bank)


@questions_app.command("approve", help=SAYS["questions_approve"])
def approve_command(
    ids: Ids, *, by: Approver, folder: BankFolder = None, config: ConfigPath = CONFIG
) -> None:
    from question_bank.importers.bank_edits import approve  # noqa: PLC0415

    _edit(_read(config), folder, "approved", lambda bank: approve(bank, ids, by))


@questions_app.command("retire", help=SAYS["questions_retire"])
def retire_command(ids: Ids, *, folder: BankFolder = None, config: ConfigPath = CONFIG) -> None:
    from question_bank.importers.bank_edits import retire  # noqa: PLC0415

    _edit(_read(config), folder, "retired", lambda bank: retire(bank, ids))


def _edit(config: Config, folder: Path | None, done: str, edit: "Callable[[Path], Edited]") -> None:
    from question_bank.importers.toml_file import BankFilesError  # noqa: PLC0415

    bank = folder or config.path("questions")
    try:
        edited = edit(bank)
    except BankFilesError as error:
        _fail(*error.problems)
    except OSError as error:
        _fail(SAYS["import_unwritable"].format(path=bank, why=error.strerror))
    if edited.findings:
        _fail(*(f"{each.place}: {each.question or '-'}: {each.words}" for each in edited.findings))
    typer.echo(SAYS[done].format(count=len(edited.changed)))


def _judge(prepared: "Prepared", *, skip_bad: bool) -> None:
    """Say what is wrong; end unless the whole file is sound or the bad ones are skipped."""
    from bot.question_pages import show_findings  # noqa: PLC0415

    adoption = prepared.adoption
    show_findings(adoption.findings)
    good = len(adoption.questions)
    if prepared.is_sound:
        return
    if not good:
        _fail(SAYS["import_none"])
    if not skip_bad:
        facts = {"errors": len(prepared.errors), "good": good, "seen": adoption.seen}
        _fail(SAYS["import_bad"].format(**facts))
    typer.echo(SAYS["import_skipped"].format(bad=adoption.seen - good))


def _show(config: Config, prepared: "Prepared") -> None:
    from bot.questions import preview  # noqa: PLC0415

    adoption = prepared.adoption
    count = len(adoption.questions)
    typer.echo(SAYS["import_preview"].format(count=count, folder=prepared.folder))
    for topic, of_topic in prepared.topics.items():
        facts = {"topic": topic, "title": adoption.titles[topic], "count": of_topic}
        typer.echo(SAYS["import_topic"].format(**facts))
    try:
        shown = preview(config, adoption.questions)
    except SettingsProblemError as error:
        _fail(*error.lines)
    typer.echo(f"\n{SAYS['import_shown'].format(shown=len(shown))}\n")
    for question in shown:
        typer.echo(question)
        typer.echo("")


def _write(prepared: "Prepared") -> None:
    from bot.questions import finish_import  # noqa: PLC0415
    from question_bank.importers.toml_file import BankFilesError  # noqa: PLC0415

    try:
        path = finish_import(prepared)
    except BankFilesError as error:
        _fail(*error.problems)
    except OSError as error:
        _fail(SAYS["import_unwritable"].format(path=prepared.folder, why=error.strerror))
    count = len(prepared.adoption.questions)
    typer.echo(SAYS["import_done"].format(count=count, path=path))
    if any(question.status == "draft" for question in prepared.adoption.questions):
        typer.echo(SAYS["import_drafts"].format(name=path.name))


def _read(path: Path) -> Config:
    try:
        return read_config(path)
    except SettingsProblemError as error:
        _fail(*error.lines)


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)
