"""The arena: stores, databases full of registered people, and one bot at a time with its driver.

Decides what every bout of a bot begins with: a fresh copy of the same database, an empty Redis,
people who stand where the copy says.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

from benchmarks import bots
from benchmarks.machine import Cores
from benchmarks.servers import Servers
from benchmarks.steering import DriverProcess, driver

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_UNIT, _BORN = "TDP-06", "1955"
_IN_FLIGHT = 64


@dataclass(frozen=True, slots=True)
class Template:
    """A database to copy (a file or a name) and where its people stand."""

    store: str
    source: str
    people: Path


@dataclass(frozen=True, slots=True)
class Bout:
    """A bot that runs, its driver, and whose CPU counts; `database` can be asked."""

    driver: DriverProcess
    pid: int
    watch: dict[str, list[int]]
    store: str = ""
    database: str = ""


@dataclass(slots=True)
class Arena:
    """What all bouts of a run share. `texts` are the paper's messages, for the peers."""

    servers: Servers
    cores: Cores
    labels: dict[str, str]
    texts: list[str] = field(default_factory=list)
    _templates: dict[tuple[str, int, str], Template] = field(default_factory=dict)
    _made: int = 0

    def template(self, store: str, people: int, standing: str = "spread") -> Template:
        """People registered, at home or `spread` over a paper; made at the first asking."""
        key = (store, people, standing)
        if key not in self._templates:
            self._templates[key] = self._make(*key)
        return self._templates[key]

    @contextmanager
    def bout(
        self, template: Template | None, store: str = "", *, is_kept: bool = False
    ) -> Iterator[Bout]:
        """Our bot on a copy of the template, or on an empty database of that store.

        `is_kept`: its database is left when the bot has ended, as a template for others.
        """
        redis.Redis.from_url(self.servers.redis_url).flushall()
        kind = template.store if template is not None else store
        folder = self._folder()
        config = bots.write_config(folder)
        name, url = self._database(kind, template, folder)
        port = bots.free_port()
        with driver(self.labels, self.cores.driver) as steered:
            environment = bots.our_environment(steered.api_url, port, url, self.servers.redis_url)
            with bots.bot(bots.our_command(config), environment, self.cores.bot) as process:
                bots.wait_until_heard(steered, process)
                if template is not None:
                    steered.order("load", path=str(template.people))
                yield Bout(steered, process.pid, self._watch(kind, process.pid), kind, name)
        if is_kept:
            return
        if kind == POSTGRESQL:
            self.servers.drop(name)
        shutil.rmtree(folder)

    def rows(self, bout: Bout, statement: str) -> int:
        """The number that a statement answers in the bout's database."""
        if bout.store == POSTGRESQL:
            return int(self.servers.query(bout.database, statement))
        import sqlite3  # noqa: PLC0415 (only where SQLite is)

        with sqlite3.connect(f"file:{bout.database}?mode=ro", uri=True) as database:
            found: Any = database.execute(statement).fetchone()[0]
        database.close()
        return int(found)

    def _watch(self, store: str, pid: int) -> dict[str, list[int]]:
        postgres = self.servers.postgres_pids if store == POSTGRESQL else ()
        return {"bot": [pid], "stores": [*self.servers.redis_pids, *postgres]}

    def _database(self, store: str, template: Template | None, folder: Path) -> tuple[str, str]:
        """The bout's database: its name or file, and its URL (empty: the file in the folder)."""
        if store == POSTGRESQL:
            return self.servers.database(template.source if template is not None else None)
        path = folder / "data" / "hoithi.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
        if template is not None:
            shutil.copy(template.source, path)
        return str(path), ""

    def _make(self, store: str, people: int, standing: str) -> Template:
        before = None if standing == "home" else self.template(store, people, "home")
        with self.bout(before, store, is_kept=True) as bout:
            if before is None:
                bout.driver.order("meet", count=people)
                walk = {"walk": "registration", "unit": _UNIT, "born": _BORN}
                bout.driver.order("walk", in_flight=_IN_FLIGHT, **walk)
            else:
                bout.driver.order("walk", in_flight=_IN_FLIGHT, walk="paper", spread=True)
                if not self.texts:
                    self._record(bout)
            check_counts(bout.driver.order("counts"))
            state = self.servers.folder / f"{store}-{people}-{standing}.people"
            bout.driver.order("save", path=str(state))
        return Template(store, bout.database, state)

    def _record(self, bout: Bout) -> None:
        """One person's questions, as the peers will show them."""
        told = bout.driver.order("walk", walk="taps", in_flight=1, people=1, record=True)
        self.texts = told["texts"]

    def _folder(self) -> Path:
        self._made += 1
        return self.servers.folder / f"bout{self._made}"


def check_counts(counts: dict[str, Any]) -> None:
    """The counts that must hold in every run.

    Raises:
        CountError: something was lost, done twice or refused.
    """
    if counts["errors"] or counts["wrong_acks"]:
        raise CountError(f"errors {counts['wrong']}, wrong acks {counts['wrong_acks']}")
    if counts["tap_calls"] + counts["hook_acks"] > 2 * counts["updates"]:
        raise CountError("more than two Bot API calls an update")


class CountError(Exception):
    """A count that must hold in every run does not: the figures mean nothing."""
