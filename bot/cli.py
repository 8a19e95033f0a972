"""The command line: what the contractor types. Exit 0 fine, 1 a problem found, 2 wrong use."""

import asyncio
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.environment import Environment, read_environment
from bot.logs import start_logs
from bot.problems import SAYS, SettingsProblemError, stop
from bot.settings import Config, read_config

app = typer.Typer(
    name="hoithi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=SAYS["about"],
)

ConfigPath = Annotated[Path, typer.Option("--config", help=SAYS["config_option"])]
LogLevel = Annotated[str, typer.Option("--log-level", help=SAYS["log_option"])]
CONFIG = Path("config.toml")


@app.command("run", help=SAYS["run"])
def run_command(config: ConfigPath = CONFIG, log_level: LogLevel = "warning") -> None:
    start_logs(log_level)
    settings, environment = _read(config)
    try:
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


@app.command("version", help=SAYS["version"])
def version_command() -> None:
    try:
        typer.echo(version("hoithi"))
    except PackageNotFoundError:
        typer.echo("0.1.0")


def main() -> None:
    """The console script's entry."""
    app()


def _run(config: Config, environment: Environment) -> None:
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


def _runner() -> "asyncio.Runner":
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


def _read(path: Path) -> tuple[Config, Environment]:
    try:
        environment = read_environment()
        if environment.telegram_token and environment.telegram_token in " ".join(sys.argv):
            raise stop("TELEGRAM_BOT_TOKEN", "token_argv")
        return read_config(path), environment
    except SettingsProblemError as error:
        _fail(error)


def _fail(error: SettingsProblemError) -> NoReturn:
    for line in error.lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)
