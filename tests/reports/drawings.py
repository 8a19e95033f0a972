"""What tests have the drawing worker do: functions of a module, as it takes them."""

import os
import signal
import sys
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def own_pid() -> int:
    return os.getpid()


def niceness() -> int:
    return os.nice(0)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(mark: Path) -> int:
    """Dies at the first try, and says who made the second."""
    if not mark.exists():
        mark.touch()
        die()
    return os.getpid()


def dawdle(mark: Path) -> None:
    mark.touch()
    time.sleep(600)


def refuse() -> None:
    raise ValueError("a name")


def has_matplotlib() -> bool:
    return "matplotlib" in sys.modules
