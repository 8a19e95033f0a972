"""The bots that are measured, as processes: ours on either database, and the peers.

Each is started as its people start it; decides only addresses, cores and files.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import pin
from benchmarks.steering import DriverProcess
from bot.files import load_catalogue
from bot.settings import read_config

ROOT = Path(__file__).parents[1]
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
TOKEN = "123456:" + "B" * 35
SECRET = "bench-secret-" + "0" * 32
OPEN_AT = "2025-12-10T09:00:00+07:00"
FIRST_CHAT = 1_000_000
"""The driver's first person (`benchmarks.driver.orders`)."""

START_S = 60.0
STOP_S = 10.0
_FILES = ("question_bank/questions", "units.toml", "handlers/messages", "docs/the-le.md")
LABELS = (
    "begin",
    "skip_prediction",
    "submit",
    "publish_yes",
    "agree",
    "yes_unit",
    "confirm",
    "register",
    "start",
    "result",
    "home",
    "back",
)


def write_config(folder: Path) -> Path:
    """The shipped settings with papers without limit of number and time, data in that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    for name in _FILES:
        text = text.replace(f'"{name}"', f'"{ROOT / name}"')
    text = text.replace("\nattempts = 3", "\nattempts = 0")
    text = text.replace("\nattempts_per_day = 1", "\nattempts_per_day = 0")
    text = text.replace("\nminutes = 15", "\nminutes = 180")
    path = folder / "config.toml"
    path.write_text(text.replace('data = "data"', f'data = "{folder / "data"}"'), "utf-8")
    return path


def button_labels() -> dict[str, str]:
    """The labels by which the driver knows the screens, as the catalogue has them."""
    catalogue = load_catalogue(read_config(ROOT / "config.toml"))
    suggestion = catalogue.text("button.use_name", name="Nguyen Thi Hoa")
    labels = {name: str(catalogue.text(f"button.{name}")) for name in LABELS}
    return labels | {"use_name": str(suggestion)}


def our_environment(api_url: str, port: int, database_url: str, redis_url: str) -> dict[str, str]:
    """What `python -m bot run` is given: a webhook on loopback, a clock in the contest."""
    given = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api_url,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "HOITHI_DATA_KEY": "ab" * 32,
        "HOITHI_CLOCK": OPEN_AT,
        "BIND": f"127.0.0.1:{port}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "REDIS_URL": redis_url,
    }
    return given | ({"DATABASE_URL": database_url} if database_url else {})


def our_command(config: Path, workers: int = 1) -> list[str]:
    command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
    return command if workers == 1 else [*command, "--workers", str(workers)]


def sender_command(config: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.free_sender", str(config)]


def peer_environment(api_url: str, port: int, redis_url: str, texts: Path) -> dict[str, str]:
    return {
        "BENCH_TOKEN": TOKEN,
        "BENCH_SECRET": SECRET,
        "BENCH_API_URL": api_url,
        "BENCH_PORT": str(port),
        "BENCH_REDIS_URL": redis_url,
        "BENCH_TEXTS": str(texts),
    }


def peer_command(name: str) -> list[str]:
    """A peer, in the peers' environment.

    Raises:
        FileNotFoundError: that environment is not set up.
    """
    if not PEERS_PYTHON.exists():
        raise FileNotFoundError(f"{PEERS_PYTHON} is missing: run make bench, which sets it up")
    return [str(PEERS_PYTHON), str(ROOT / "benchmarks" / "peers" / f"{name}.py")]


def sender_environment(api_url: str, count: int) -> dict[str, str]:
    """A peer that sends to so many chats from the driver's first on."""
    given = {"BENCH_TOKEN": TOKEN, "BENCH_API_URL": api_url}
    return given | {"BENCH_FIRST": str(FIRST_CHAT), "BENCH_COUNT": str(count)}


@contextmanager
def bot(
    command: list[str], environment: Mapping[str, str], cores: tuple[int, ...], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """A bot's process, pinned before it has read a file; ended with the block."""
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 (the bots of this package)
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    pin(process.pid, cores)
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_heard(steered: DriverProcess, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the bot has set its webhook.

    Raises:
        RuntimeError: it ended, or did not come so far in time.
    """
    until = time.monotonic() + START_S
    while not steered.order("heard", within_s=0.5)["heard"]:
        if process.poll() is not None or time.monotonic() > until:
            said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"the bot did not start: {said}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int) -> None:
    """Return when something listens there."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")
