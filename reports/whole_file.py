"""Files with personal data: written out of sight, whole or not at all, for their owner alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_OWNER_ONLY = 0o600
_PREFIX = ".hoithi-"


@contextmanager
def owners_files(folder: Path) -> Iterator[Path]:
    """A folder to write files into; they come to stand in `folder` once all went well.

    Raises:
        OSError: the folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=_PREFIX, dir=folder) as scratch:
        yield Path(scratch)
        for path in sorted(one for one in Path(scratch).iterdir() if one.is_file()):
            path.chmod(_OWNER_ONLY)
            _keep(path)
            path.replace(folder / path.name)


def _keep(path: Path) -> None:
    """Have the bytes on the disk before the name points at them."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
