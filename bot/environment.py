"""Secrets and addresses from the environment: the only home of `os.environ`.

Decides which of them fit together; a wrong one stops the start before anything is changed.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.problems import stop

TELEGRAM_API = "https://api.telegram.org"
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
WORKER = "HOITHI_WORKER"
"""Set by the keeper of several processes for each of them; nobody else's."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_KEY = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Worker:
    """One of several processes behind one port; `socket` is the keeper's, already listening.

    `is_successor`: the one before in this place has died.
    """

    number: int
    socket: int
    is_successor: bool = False


@dataclass(frozen=True, slots=True)
class Environment:
    """Empty strings stand for what is not set; secrets stay out of the representation."""

    telegram_token: str = field(default="", repr=False)
    telegram_api: str = TELEGRAM_API
    webhook_secret: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    public_url: str = ""
    bind_host: str = "127.0.0.1"
    bind_port: int = 8080
    is_bind_given: bool = False
    data_key: bytes = field(default=b"", repr=False)
    metrics_token: str = field(default="", repr=False)
    clock: str = ""
    worker: Worker | None = None
    is_trial: bool = False
    crash: str = ""

    @property
    def is_rehearsal(self) -> bool:
        """No platform is given: the stand-in plays Telegram."""
        return not self.telegram_token

    @property
    def is_leading(self) -> bool:
        """Whether this process speaks for all to the platform: menu, webhook, polling."""
        return self.worker is None or self.worker.number == 1


def read_environment(
    variables: Mapping[str, str] | None = None, *, is_trial: bool = False
) -> Environment:
    """The environment, checked as a whole.

    A trial keeps to itself: the stores' addresses and PUBLIC_URL are not its own.

    Raises:
        SettingsProblemError: a variable is malformed or one that it needs is missing.
    """
    given = os.environ if variables is None else variables
    host, port = _bind(given.get("BIND", ""))
    environment = Environment(
        telegram_token=given.get("TELEGRAM_BOT_TOKEN", "").strip(),
        telegram_api=given.get("TELEGRAM_API_URL", "").strip() or TELEGRAM_API,
        webhook_secret=given.get("TELEGRAM_WEBHOOK_SECRET", "").strip(),
        database_url=given.get("DATABASE_URL", "").strip(),
        redis_url=given.get("REDIS_URL", "").strip(),
        public_url=given.get("PUBLIC_URL", "").strip().rstrip("/"),
        bind_host=host,
        bind_port=port,
        is_bind_given=bool(given.get("BIND")),
        data_key=_data_key(given.get("HOITHI_DATA_KEY", "").strip()),
        metrics_token=given.get("METRICS_TOKEN", "").strip(),
        clock=given.get("HOITHI_CLOCK", "").strip(),
        worker=_worker(given.get(WORKER, "")),
        is_trial=is_trial,
        crash=given.get("HOITHI_CRASH", "").strip(),
    )
    _check(environment)
    return environment


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's own (127.0.0.0/8, ::1, localhost)."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check(environment: Environment) -> None:
    _check_address("TELEGRAM_API_URL", environment.telegram_api)
    if environment.telegram_token and not _TOKEN.fullmatch(environment.telegram_token):
        raise stop("TELEGRAM_BOT_TOKEN", "token_form")
    needs_key = environment.telegram_token and not environment.is_trial
    if needs_key and not environment.data_key:
        raise stop("HOITHI_DATA_KEY", "data_key_missing")
    if environment.metrics_token and not _SECRET.fullmatch(environment.metrics_token):
        raise stop("METRICS_TOKEN", "metrics_token")
    _check_stores(environment)
    has_platform = bool(environment.telegram_token)
    if has_platform and not is_loopback(environment.telegram_api):
        _check_only_real(environment)
    if environment.public_url and has_platform:
        _check_public_url(environment)


def _check_only_real(environment: Environment) -> None:
    """What tests and rehearsals may set, and a real platform never sees."""
    for key, value in (("HOITHI_CLOCK", environment.clock), ("HOITHI_CRASH", environment.crash)):
        if value:
            raise stop(key, "loopback_only", key=key, found=environment.telegram_api)


def _check_stores(environment: Environment) -> None:
    """Only the kind of address is said: the rest may hold a password."""
    for key, url, kinds in (
        ("DATABASE_URL", environment.database_url, ("sqlite", "postgres", "postgresql")),
        ("REDIS_URL", environment.redis_url, ("redis", "rediss", "unix")),
    ):
        kind = url.partition(":")[0].partition("+")[0]
        if url and (kind not in kinds or "://" not in url):
            wanted = ", ".join(f"{one}://..." for one in kinds)
            raise stop(key, "address_form", key=key, found=f"{kind[:20]}:...", wanted=wanted)


def _check_public_url(environment: Environment) -> None:
    url = environment.public_url
    _check_address("PUBLIC_URL", url)
    is_local = is_loopback(url) and is_loopback(environment.telegram_api)
    if not url.startswith("https://") and not is_local:
        raise stop("PUBLIC_URL", "public_url", found=url)
    if not _SECRET.fullmatch(environment.webhook_secret):
        raise stop("TELEGRAM_WEBHOOK_SECRET", "webhook_secret")


def _check_address(key: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_address = is_address and parts.port != 0
    except ValueError:  # brackets without an IPv6 address, a port that is none
        is_address = False
    if not is_address:
        raise stop(key, "address_form", key=key, found=url, wanted="https://...")


def worker_variable(worker: Worker) -> dict[str, str]:
    """What a keeper sets for its worker."""
    return {WORKER: f"{worker.number}:{worker.socket}:{int(worker.is_successor)}"}


def _worker(typed: str) -> Worker | None:
    if not typed:
        return None
    number, descriptor, is_successor = (int(part) for part in typed.split(":"))
    return Worker(number, descriptor, bool(is_successor))


def _bind(typed: str) -> tuple[str, int]:
    if not typed:
        return "127.0.0.1", 8080
    host, _, port = typed.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:  # noqa: PLR2004 (TCP's last port)
        raise stop("BIND", "address_form", key="BIND", found=typed, wanted="127.0.0.1:8080")
    return host.strip("[]"), int(port)


def _data_key(typed: str) -> bytes:
    if not typed:
        return b""
    if not _KEY.fullmatch(typed):
        raise stop("HOITHI_DATA_KEY", "data_key_form")
    return bytes.fromhex(typed)
