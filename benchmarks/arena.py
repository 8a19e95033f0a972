"""The arena: stores, databases full of registered people, and one bot at a time with its driver.

Decides what every bout of a bot begins with: a fresh copy of the same database, an empty Redis,
people who stand where the copy says.
"""

import json
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import redis

from benchmarks import bots
from benchmarks.machine import Cores
from benchmarks.servers import Servers
from benchmarks.steering import DriverProcess, driver

SQLITE, POSTGRESQL = "sqlite", "postgresql"
HOME, OPENED, SPREAD = "home", "opened", "spread"
_UNIT, _BORN = "TDP-06", "1955"
_IN_FLIGHT = 64
_TO_THE_LAST = 17
"""Steps from home to the screen after the last question."""

# The copy is minutes old: without this a start would be the end of an outage, and tell everybody.
_BEAT = "UPDATE heartbeat SET last_ms = {now}"
_ANSWERS = "SELECT count(*) FROM transition WHERE act = 1"


class CountError(Exception):
    """A count that must hold in every run does not: the figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Template:
    """A database to copy (a file or a name) and where its people stand."""

    store: str
    source: str
    people: Path


@dataclass(frozen=True, slots=True)
class Bout:
    """A bot that runs, its driver, and whose CPU counts.

    `again` starts its like on the same database, once it was killed.
    """

    driver: DriverProcess
    pid: int
    watch: Mapping[str, list[int]]
    store: str = ""
    database: str = ""
    again: Callable[[], AbstractContextManager["subprocess.Popen[bytes]"]] | None = None


@dataclass(slots=True)
class Arena:
    """What all bouts of a run share. `questions` are one paper's messages, for the peers.

    `crowds` are databases by how many took part in them, for tallies.
    """

    servers: Servers
    cores: Cores
    labels: dict[str, str]
    questions: list[dict[str, object]] = field(default_factory=list)
    crowds: dict[int, str] = field(default_factory=dict)
    _templates: dict[tuple[str, int, str], Template] = field(default_factory=dict)
    _made: int = 0

    def template(self, store: str, people: int, at: str = HOME) -> Template:
        """So many people, all `HOME`, all at an `OPENED` paper, or `SPREAD` over papers.

        Made at the first asking.
        """
        key = (store, people, at)
        if key not in self._templates:
            self._templates[key] = self._make(*key)
        return self._templates[key]

    @contextmanager
    def bout(
        self,
        template: Template | None,
        store: str = "",
        *,
        people: int | None = None,
        workers: int = 1,
        is_kept: bool = False,
    ) -> Iterator[Bout]:
        """Our bot on a copy of the template, or on an empty database of that store.

        `people`: how many of the template's take part. `is_kept`: its database is left when the
        bot has ended, as a template for others.
        """
        kind = template.store if template is not None else store
        folder = self._folder()
        config = bots.write_config(folder)
        name, url = self._database(kind, template, folder)
        port = bots.free_port()
        with driver(self.labels, self.cores.driver) as steered:
            environment = bots.our_environment(steered.api_url, port, url, self.servers.redis_url)
            command = bots.our_command(config, workers)
            cores = self.cores.bots(workers)
            again = partial(bots.bot, command, environment, cores, folder / "log-again")
            with bots.bot(command, environment, cores, folder / "log") as process:
                bots.wait_until_heard(steered, process, folder / "log")
                if template is not None:
                    steered.order("load", path=str(template.people), count=people)
                watch = self._watch(kind, process.pid)
                yield Bout(steered, process.pid, watch, kind, name, again)
        if not is_kept:
            self._clear(kind, name, folder)

    @contextmanager
    def peer(self, name: str, people: int) -> Iterator[Bout]:
        """A peer, with as many people in empty chats."""
        folder = self._folder()
        folder.mkdir()
        texts, log = folder / "questions.json", folder / "log"
        texts.write_text(json.dumps(self.questions), encoding="utf-8")
        port = bots.free_port()
        with driver(self.labels, self.cores.driver) as steered:
            environment = bots.peer_environment(
                steered.api_url, port, self.servers.redis_url, texts
            )
            command = bots.peer_command(name)
            with bots.bot(command, environment, self.cores.bot, log) as process:
                bots.wait_until_heard(steered, process, log)
                bots.wait_for_port(port)
                steered.order("meet", count=people)
                yield Bout(steered, process.pid, self._watch("", process.pid))
        shutil.rmtree(folder)

    @contextmanager
    def sender(
        self,
        template: Template | None,
        command_of: Callable[[Path], list[str]],
        count: int | None = None,
    ) -> Iterator[Bout]:
        """A process that only sends: on a copy of the template, or to `count` empty chats."""
        folder = self._folder()
        config = bots.write_config(folder)
        kind = POSTGRESQL if template is not None else ""
        name, url = self._database(kind, template, folder) if template is not None else ("", "")
        with driver(self.labels, self.cores.driver) as steered:
            environment = bots.our_environment(
                steered.api_url, bots.free_port(), url, self.servers.redis_url
            )
            if template is not None:
                steered.order("load", path=str(template.people))
            else:
                steered.order("meet", count=count)
                environment |= bots.sender_environment(steered.api_url, count or 0)
            command = command_of(config)
            with bots.bot(command, environment, self.cores.bot, folder / "log") as process:
                yield Bout(steered, process.pid, self._watch(kind, process.pid), kind, name)
        self._clear(kind, name, folder)

    def folder_of(self, template: Template) -> Path:
        """A folder with a copy of an SQLite template, as a tree that is in use."""
        folder = self._folder()
        self._database(SQLITE, template, folder)
        return folder

    def answers(self, bout: Bout) -> int:
        """How many answers stand in the bout's database."""
        if bout.store == POSTGRESQL:
            return int(self.servers.query(bout.database, _ANSWERS))
        database = sqlite3.connect(f"file:{bout.database}?mode=ro", uri=True)
        found = int(database.execute(_ANSWERS).fetchone()[0])
        database.close()
        return found

    def check(self, bout: Bout, answers_before: int) -> dict[str, Any]:
        """The driver's counts, once what must hold in every run is seen to hold.

        Raises:
            CountError: something was lost, done twice or refused.
        """
        counts = bout.driver.order("counts")
        written = self.answers(bout) - answers_before
        check_counts(counts)
        if not counts["taps"] <= written <= counts["tapped"]:
            raise CountError(f"{written} rows for {counts['taps']} answers shown: {counts}")
        return counts

    def _clear(self, store: str, name: str, folder: Path) -> None:
        if store == POSTGRESQL:
            self.servers.drop(name)
        shutil.rmtree(folder)

    def _watch(self, store: str, pid: int) -> dict[str, list[int]]:
        postgres = self.servers.postgres_pids if store == POSTGRESQL else ()
        return {"bot": [pid], "stores": [*self.servers.redis_pids, *postgres]}

    def _database(self, store: str, template: Template | None, folder: Path) -> tuple[str, str]:
        """The bout's database: its name or file, and its URL (empty: the file in the folder)."""
        beat = _BEAT.format(now=time.time_ns() // 1_000_000)
        if store == POSTGRESQL:
            name, url = self.servers.database(template.source if template is not None else None)
            if template is not None:
                self.servers.query(name, f"{beat} RETURNING 1")
            return name, url
        path = folder / "data" / "hoithi.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
        if template is not None:
            shutil.copy(template.source, path)
            with closing(sqlite3.connect(path)) as database, database:
                database.execute(beat)
        return str(path), ""

    def _make(self, store: str, people: int, at: str) -> Template:
        before = None if at == HOME else self.template(store, people)
        with self.bout(before, store, is_kept=True) as bout:
            if at == HOME:
                bout.driver.order("meet", count=people)
                walk = {"walk": "registration", "unit": _UNIT, "born": _BORN}
                bout.driver.order("walk", in_flight=_IN_FLIGHT, **walk)
            elif at == OPENED:
                bout.driver.order("walk", in_flight=_IN_FLIGHT, walk="opening")
            else:
                bout.driver.order("walk", in_flight=_IN_FLIGHT, walk="paper", spread=True)
                self._record(bout)
            check_counts(bout.driver.order("counts"))
            state = self.servers.folder / f"{store}-{people}-{at}.people"
            bout.driver.order("save", path=str(state))
        return Template(store, bout.database, state)

    def _record(self, bout: Bout) -> None:
        """One person's questions, as the peers will show them."""
        if self.questions:
            return
        told = bout.driver.order(
            "walk", walk="paper", in_flight=1, people=1, record=True, steps=_TO_THE_LAST
        )
        self.questions = [_question_of(json.loads(one)) for one in told["texts"]]

    def _folder(self) -> Path:
        """A fresh bout's folder; what another bot left in Redis goes."""
        redis.Redis.from_url(self.servers.redis_url).flushall()
        self._made += 1
        return self.servers.folder / f"bout{self._made}"


def check_counts(counts: Mapping[str, Any]) -> None:
    """What must hold whatever the database says.

    Raises:
        CountError: a refusal, a tap not acknowledged exactly once, or too many calls for it.
    """
    if counts["errors"] or counts["wrong_acks"]:
        raise CountError(f"errors {counts['wrong']}, wrong acks {counts['wrong_acks']}")
    # One call a tap besides the acknowledgement, which is the second.
    if counts["tap_calls"] > counts["tap_deliveries"]:
        raise CountError(f"more than two Bot API calls a tap: {counts}")


def _question_of(message: dict[str, Any]) -> dict[str, object]:
    keyboard = message["reply_markup"]["inline_keyboard"]
    return {"text": message["text"], "labels": [[one["text"] for one in row] for row in keyboard]}
