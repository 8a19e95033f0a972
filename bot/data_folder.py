"""The data folder: where a run keeps what no URL and no variable names.

Its SQLite file, and the data key that is made there at a first start. Nothing is opened here.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from bot.environment import Environment
from bot.problems import stop
from bot.settings import Config
from scoring.contest import Calendar
from scoring.instant import Instant

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class DataFolder:
    path: Path

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.path.resolve()}/hoithi.sqlite"

    def make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)

    def key(self) -> bytes | None:
        """The key file's key; None where there is no such file.

        Raises:
            SettingsProblemError: the file holds no key.
        """
        path = self._key_path
        if not path.exists():
            return None
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise stop(f"{path}:1", "data_key_form")
        return key

    def made_key(self) -> bytes:
        """The key file's key, made at the first start, readable by its owner alone."""
        if (key := self.key()) is not None:
            return key
        made = secrets.token_bytes(KEY_BYTES)
        descriptor = os.open(self._key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(made.hex())
        return made

    def window(self) -> Calendar | None:
        """The window that a trial here was given; None where there is none."""
        try:
            opens, closes = self._window_path.read_text(encoding="ascii").split()
            return Calendar(Instant(int(opens)), Instant(int(closes)))
        except (OSError, ValueError):
            return None

    def keep_window(self, window: Calendar) -> None:
        self._window_path.write_text(f"{window.opens} {window.closes}\n", encoding="ascii")

    @property
    def _window_path(self) -> Path:
        return self.path / "window"

    @property
    def _key_path(self) -> Path:
        return self.path / "data.key"


def data_folder(config: Config, environment: Environment) -> DataFolder:
    """A rehearsal's and a trial's folder lie beside the real one's files, never over them."""
    folder = config.path("data")
    if environment.is_trial:
        return DataFolder(folder / "trial")
    return DataFolder(folder / "rehearsal" if environment.is_rehearsal else folder)
