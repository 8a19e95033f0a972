"""Files of a moment that name people: each process has a folder of its own for them.

It is locked while the process lives. Who was killed has cleared nothing up: whoever starts next
knows his folder by the lock that died with him.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import structlog

PREFIX = "hoithi-files-"

log = structlog.get_logger(__name__)


class Scratch:
    """In the system's folder for such files, read by their owner alone; made when first asked."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock: int | None = None

    def folder(self) -> Path:
        """Where to write.

        Raises:
            OSError: it cannot be made.
        """
        # It may have been cleared away by hand.
        if self._folder is None or not self._folder.is_dir():
            self.close()
            self._folder, self._lock = _made()
        return self._folder

    def close(self) -> None:
        """Remove the folder with all in it."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
        self._folder = self._lock = None


def clear_dead() -> int:
    """Remove what processes that are no more have left; how many of them."""
    folders = Path(tempfile.gettempdir()).glob(f"{PREFIX}*")
    count = sum(_cleared(folder) for folder in folders)
    if count:
        log.info("files_of_the_dead_removed", count=count)
    return count


def _cleared(folder: Path) -> bool:
    """Whether it was a dead one's; another user's, or what only has such a name, is left alone."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        if os.fstat(handle).st_uid != os.geteuid():
            return False
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _made() -> tuple[Path, int]:
    """A new folder and the lock on it; who clears up may have come between the two."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder, lock
        os.close(lock)
