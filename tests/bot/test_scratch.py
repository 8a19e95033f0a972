"""Folders for files of a moment: kept while their process lives, removed by whoever comes next."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.scratch import PREFIX, Scratch, clear_dead

ROOT = Path(__file__).parents[2]
DIES = """
import os, signal
from bot.scratch import Scratch
(Scratch().folder() / "half.xlsx").write_bytes(b"half")
os.kill(os.getpid(), signal.SIGKILL)
"""
LIVES = """
from bot.scratch import Scratch
print(Scratch().folder(), flush=True)
input()
"""


@pytest.fixture(autouse=True)
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files, here and in other processes."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def living() -> Iterator[Path]:
    """The folder of another process."""
    command = [sys.executable, "-c", LIVES]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield Path(process.stdout.readline().strip())
        process.communicate("\n")


def test_folder_is_its_owners_alone_and_gone_in_the_end(system: Path) -> None:
    scratch = Scratch()

    folder = scratch.folder()
    again = scratch.folder()
    mode = folder.stat().st_mode & 0o777
    (folder / "half.xlsx").write_bytes(b"half")
    scratch.close()

    assert (again, mode) == (folder, 0o700)
    assert list(system.iterdir()) == []


def test_folder_that_was_cleared_away_is_made_anew() -> None:
    scratch = Scratch()
    scratch.folder().rmdir()

    assert scratch.folder().is_dir()
    scratch.close()


def test_t07_what_a_killed_process_left_is_removed_and_nobody_elses(
    system: Path, living: Path
) -> None:
    subprocess.run([sys.executable, "-c", DIES], cwd=ROOT, check=False)
    mine = Scratch()
    kept = {mine.folder(), living}
    left = {one for one in system.glob(f"{PREFIX}*") if one not in kept}
    assert [[file.name for file in one.iterdir()] for one in left] == [["half.xlsx"]]

    counts = [clear_dead(), clear_dead()]

    assert counts == [1, 0]
    assert set(system.glob(f"{PREFIX}*")) == kept
    mine.close()


def test_a_link_of_that_name_is_not_followed(system: Path) -> None:
    others = system / "others"
    others.mkdir()
    (others / "file").touch()
    (system / f"{PREFIX}evil").symlink_to(others)

    assert clear_dead() == 0
    assert (others / "file").exists()
