"""Steers the driver's process: starts it, gives it orders, reads its answers."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class DriverProcess:
    """A driver that runs; `port` is where its Bot API listens."""

    process: "subprocess.Popen[str]"
    port: int

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def order(self, do: str, **given: object) -> dict[str, Any]:
        """Have an order carried out; returns what the driver tells of it."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the driver has no pipes")
        self.process.stdin.write(json.dumps({"do": do} | given) + "\n")
        self.process.stdin.flush()
        return _read(self.process)


@contextmanager
def driver(labels: Mapping[str, str], cores: tuple[int, ...]) -> Iterator[DriverProcess]:
    """A driver for one bot, ended with the block."""
    with subprocess.Popen(  # noqa: S603 (our own module)
        [
            sys.executable,
            "-m",
            "benchmarks.driver",
            json.dumps(dict(labels)),
            ",".join(str(core) for core in cores),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield DriverProcess(process, int(_read(process)["port"]))
        finally:
            process.terminate()


def _read(process: "subprocess.Popen[str]") -> dict[str, Any]:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise RuntimeError("the driver ended; what it said stands above")
    answer: dict[str, Any] = json.loads(line)
    return answer
