"""The command line: what the contractor types. Exit 0 fine, 1 a problem found, 2 wrong use."""

import asyncio
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from bot.amend_problems import AMEND
from bot.environment import Environment, read_environment
from bot.logs import start_logs
from bot.posters_cli import posters_command
from bot.problems import SAYS, SettingsProblemError, stop
from bot.questions_cli import questions_app
from bot.results_cli import results_app
from bot.settings import Config, read_config
from bot.units.cli import units_app
from reports.problems import POSTERS

app = typer.Typer(
    name="hoithi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=SAYS["about"],
)

outbox_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=SAYS["outbox"])
app.add_typer(outbox_app, name="outbox")
app.add_typer(results_app)

ConfigPath = Annotated[Path, typer.Option("--config", help=SAYS["config_option"])]
LogLevel = Annotated[str, typer.Option("--log-level", help=SAYS["log_option"])]
RoleName = Literal["organiser", "judge", "secretary", "leader", "technician"]
OutboxState = Literal["pending", "claimed", "sent", "dead", "unreachable", "stale", "dropped"]
CONFIG = Path("config.toml")
MAX_ID = 2**62


@app.command("run", help=SAYS["run"])
def run_command(
    config: ConfigPath = CONFIG,
    log_level: LogLevel = "warning",
    workers: Annotated[int, typer.Option(min=1, max=64, help=SAYS["workers_option"])] = 1,
    *,
    is_trial: Annotated[bool, typer.Option("--trial", help=SAYS["trial_option"])] = False,
) -> None:
    start_logs(log_level)
    settings, environment = _read(config, is_trial=is_trial)
    try:
        if workers > 1:
            _keep(
                settings, environment, workers, ("--config", str(config), "--log-level", log_level)
            )
        else:
            _run(settings, environment)
    except SettingsProblemError as error:
        _fail(error)


@app.command("check", help=SAYS["check"])
def check_command(config: ConfigPath = CONFIG) -> None:
    settings, environment = _read(config)
    from bot.checking import check  # noqa: PLC0415 (the store is not needed to say --help)

    try:
        lines = asyncio.run(check(settings, environment))
    except SettingsProblemError as error:
        _fail(error)
    for line in lines:
        typer.echo(line)


@outbox_app.command("list", help=SAYS["outbox_list"])
def outbox_list_command(
    config: ConfigPath = CONFIG,
    state: Annotated[OutboxState | None, typer.Option(help=SAYS["outbox_state_option"])] = None,
    *,
    is_json: Annotated[bool, typer.Option("--json", help=SAYS["outbox_json_option"])] = False,
) -> None:
    from bot import outbox_office  # noqa: PLC0415 (as above)

    with _told():
        outbox_office.show(*_read(config), state, is_json=is_json)


@outbox_app.command("resend", help=SAYS["outbox_resend"])
def outbox_resend_command(
    ids: Annotated[
        list[int] | None, typer.Argument(min=1, max=MAX_ID, help=SAYS["outbox_ids"])
    ] = None,
    config: ConfigPath = CONFIG,
    *,
    is_all_dead: Annotated[
        bool, typer.Option("--all-dead", help=SAYS["outbox_dead_option"])
    ] = False,
) -> None:
    if bool(ids) == is_all_dead:
        raise typer.BadParameter(SAYS["outbox_which"])
    from bot import outbox_office  # noqa: PLC0415 (as above)

    with _told():
        if not ids:
            count = outbox_office.resend_dead(*_read(config))
            typer.echo(SAYS["outbox_resent"].format(count=count))
            return
        done = outbox_office.resend(*_read(config), ids)
    _say_changed("outbox_resent", ids, done)


@outbox_app.command("drop", help=SAYS["outbox_drop"])
def outbox_drop_command(
    ids: Annotated[list[int], typer.Argument(min=1, max=MAX_ID, help=SAYS["outbox_ids"])],
    config: ConfigPath = CONFIG,
) -> None:
    from bot import outbox_office  # noqa: PLC0415 (as above)

    with _told():
        done = outbox_office.drop(*_read(config), ids)
    _say_changed("outbox_dropped", ids, done)


@app.command("invite", help=SAYS["invite"])
def invite_command(
    role: Annotated[RoleName, typer.Argument(help=SAYS["invite_role"])],
    config: ConfigPath = CONFIG,
    unit: Annotated[str, typer.Option(help=SAYS["invite_unit_option"])] = "",
    *,
    is_trial: Annotated[bool, typer.Option("--trial", help=SAYS["invite_trial_option"])] = False,
    is_json: Annotated[bool, typer.Option("--json", help=SAYS["invite_json_option"])] = False,
) -> None:
    from bot.invite_cli import grant_of, invite  # noqa: PLC0415 (as above)
    from handlers.records import Role  # noqa: PLC0415 (as above)

    with _told():
        settings, environment = _read(config, is_trial=is_trial)
        grant = grant_of(settings, environment, Role(role), unit)
        if not invite(settings, environment, grant, is_json=is_json):
            raise typer.Exit(1)


@app.command("amend", help=AMEND["amend"])
def amend_command(
    *,
    why: Annotated[str, typer.Option("--why", help=AMEND["why"])],
    notice: Annotated[str, typer.Option("--notice", help=AMEND["notice"])],
    is_sure: Annotated[bool, typer.Option("--yes", help=AMEND["yes"])] = False,
    config: ConfigPath = CONFIG,
) -> None:
    from bot.amending import amendment_of, propose_amendment, read_words  # noqa: PLC0415 (as above)

    with _told():
        words = read_words(why, notice)
        settings, environment = _read(config)
        amendment = amendment_of(settings, environment)
        for path, before, after in amendment.lines:
            typer.echo(AMEND["change"].format(path=path, before=before, after=after))
        if not is_sure and not typer.confirm(AMEND["ask"], default=False):
            typer.echo(AMEND["stopped"])
            raise typer.Exit(1)
        number = propose_amendment(settings, environment, amendment, words)
    typer.echo(AMEND["proposed"].format(number=number))


@app.command("version", help=SAYS["version"])
def version_command() -> None:
    try:
        typer.echo(version("hoithi"))
    except PackageNotFoundError:
        typer.echo("0.1.0")


app.add_typer(questions_app)
app.command("posters", help=POSTERS["help"])(posters_command)
app.add_typer(units_app)


def main() -> None:
    """The console script's entry."""
    app()


def _run(config: Config, environment: Environment) -> None:
    # A start only makes; `bot.process` collects once it is made. A seventh of a start was looking.
    gc.disable()
    # Imported here: telegram, aiohttp and the stores cost a second that --help need not wait for.
    from bot.process import Address, run  # noqa: PLC0415

    def ready(address: Address) -> None:
        if address.chat:
            typer.echo(SAYS["rehearsal_ready"].format(chat=address.chat))
        else:
            typer.echo(SAYS["ready"].format(username=address.username, web=address.web))
        sys.stdout.flush()

    with _runner() as runner:
        runner.run(run(config, environment, ready))


def _keep(config: Config, environment: Environment, count: int, arguments: tuple[str, ...]) -> None:
    from bot.workers import Crew, check_crew, keep  # noqa: PLC0415 (as above)

    missing = check_crew(environment)
    if missing:
        for line in missing:
            typer.echo(line, err=True)
        raise typer.Exit(2)

    def ready(web: str) -> None:
        typer.echo(SAYS["workers_ready"].format(count=count, web=web))
        sys.stdout.flush()

    with _runner() as runner:
        runner.run(keep(Crew(config, environment, count, arguments), ready))


def _runner() -> "asyncio.Runner":
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


def _read(path: Path, *, is_trial: bool = False) -> tuple[Config, Environment]:
    try:
        environment = read_environment(is_trial=is_trial)
        if environment.telegram_token and environment.telegram_token in " ".join(sys.argv):
            raise stop("TELEGRAM_BOT_TOKEN", "token_argv")
        return read_config(path), environment
    except SettingsProblemError as error:
        _fail(error)


def _say_changed(entry: str, asked: Sequence[int], done: Sequence[int]) -> None:
    """What was done, and the ids for which nothing could be."""
    typer.echo(SAYS[entry].format(count=len(done)))
    left = sorted(set(asked) - set(done))
    if left:
        ids = ", ".join(map(str, left))
        typer.echo(SAYS["outbox_not_changed"].format(ids=ids), err=True)
        raise typer.Exit(1)


@contextmanager
def _told() -> Iterator[None]:
    """A problem in words, and exit 1."""
    try:
        yield
    except SettingsProblemError as error:
        _fail(error)


def _fail(error: SettingsProblemError) -> NoReturn:
    for line in error.lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)
