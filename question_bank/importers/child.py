"""Reading a stranger's file in a process of its own (FAULTS T46): bounded, blind and mute.

Decides the bounds of memory, time, size and deeds. A file that breaks the child is a finding like
any other; whoever asked goes on. Use `read_file` from a command, `read_file_async` from the bot.
"""

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from question_bank.importers import problems
from question_bank.importers.draft import Report
from question_bank.importers.reading import Reading, TablesReading, read_questions, read_tables
from question_bank.importers.zip_bounds import MEGABYTE

R = TypeVar("R", Reading, TablesReading)

MAX_FILE = 20 * MEGABYTE
MAX_MEMORY = 1024 * MEGABYTE
MAX_CPU_S = 20
MAX_WALL_S = 40
MAX_REPLY = 64 * MEGABYTE

_ROOT = Path(__file__).parents[2]
_START = (
    "import sys; sys.path.insert(0, {root!r});"
    "from question_bank.importers.child import main; main()"
)
# what a reader of files has no business to do once its modules are loaded
_FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "shutil.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.",
    "ctypes.", "pty.",
)  # fmt: skip


def read_file(path: Path, *, seconds: float = MAX_WALL_S) -> Reading:
    """Questions and findings of a file on disk; findings call it as `path` was typed."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
            size = path.stat().st_size
    except OSError as error:
        return _refused(str(path), problems.UNREADABLE, reason=error.strerror)
    if len(data) > MAX_FILE:
        facts = {"found": size // MEGABYTE, "most": MAX_FILE // MEGABYTE}
        return _refused(str(path), problems.FILE_TOO_LARGE, **facts)
    return read_bytes(str(path), data, seconds=seconds)


def read_bytes(name: str, data: bytes, *, seconds: float = MAX_WALL_S) -> Reading:
    """As `read_file`, of bytes at hand."""
    return _read("questions", Reading, (name, data), seconds, _refused)


def read_table_bytes(name: str, data: bytes, *, seconds: float = MAX_WALL_S) -> TablesReading:
    """The tables of a workbook or a csv file, whatever they mean, within the same bounds."""
    return _read("tables", TablesReading, (name, data), seconds, _no_tables)


def _read(
    what: str,
    kind: type[R],
    file: tuple[str, bytes],
    seconds: float,
    refused: Callable[[str, str], R],
) -> R:
    name, data = file
    try:
        outcome = subprocess.run(  # noqa: S603 - our own program, no shell, no foreign argument
            _command(),
            input=_sent(what, name) + data,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return refused(name, problems.TOO_HEAVY)
    if outcome.returncode < 0 or len(outcome.stdout) > MAX_REPLY:
        return refused(name, problems.TOO_HEAVY)
    try:
        return msgspec.json.decode(outcome.stdout, type=kind)
    except msgspec.MsgspecError:
        return refused(name, problems.FILE_BROKEN)


async def read_file_async(path: Path) -> Reading:
    """As `read_file`, for the running bot: the loop goes on meanwhile."""
    return await asyncio.to_thread(read_file, path)


def main() -> None:
    """The child: what to read, a name and a file on standard input; what was read in JSON."""
    _bound()
    sys.addaudithook(_refuse_deeds)
    what, _, rest = sys.stdin.buffer.read().partition(b"\n")
    name, _, data = rest.partition(b"\n")
    read = read_tables_guarded if what == b"tables" else read_guarded
    reading = read(name.decode("utf-8", "surrogateescape"), data)
    sys.stdout.buffer.write(json.dumps(asdict(reading)).encode())


def read_guarded(name: str, data: bytes) -> Reading:
    """As `read_questions`; whatever a file makes a reader do, it is the file's fault."""
    return _guarded(read_questions, _refused, name, data)


def read_tables_guarded(name: str, data: bytes) -> TablesReading:
    return _guarded(read_tables, _no_tables, name, data)


def _guarded(
    read: Callable[[str, bytes], R], refused: Callable[[str, str], R], name: str, data: bytes
) -> R:
    try:
        return read(name, data)
    except MemoryError:
        return refused(name, problems.TOO_HEAVY)
    except BaseException:  # noqa: BLE001 - a panic in calamine is no Exception
        return refused(name, problems.FILE_BROKEN)


def _sent(what: str, name: str) -> bytes:
    """What goes before the file: one line for what to read, one for its name."""
    line = name.replace("\n", " ")
    return f"{what}\n{line}\n".encode("utf-8", "surrogateescape")


def _command() -> Sequence[str]:
    return (sys.executable, "-I", "-c", _START.format(root=str(_ROOT)))


def _bound() -> None:
    """No file may be written, no core left; memory and time end here, not on the machine."""
    bounds = [
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_CPU, MAX_CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]
    for kind, most in bounds:
        _, hard = resource.getrlimit(kind)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (wanted, wanted))


def _refuse_deeds(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise PermissionError(event)


def _no_tables(name: str, template: str) -> TablesReading:
    report = Report(name)
    report.error("", template)
    return TablesReading((), tuple(report.findings))


def _refused(name: str, template: str, **facts: Any) -> Reading:
    report = Report(name)
    report.error("", template, **facts)
    return Reading((), {}, tuple(report.findings))
