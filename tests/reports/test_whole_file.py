"""Files that appear whole, for their owner, or not at all."""

from pathlib import Path

import pytest

from reports.whole_file import owners_files


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_appear_when_all_are_written(tmp_path: Path):
    folder = tmp_path / "new" / "er"

    with owners_files(folder) as scratch:
        (scratch / "a").write_text("one")
        (scratch / "b").write_text("two")
        (scratch / "rows").mkdir()
        hidden = names_in(folder)

    assert [name.startswith(".") for name in hidden] == [True]
    assert names_in(folder) == ["a", "b"]
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600, 0o600]


def test_nobody_else_may_look_while_they_are_written(tmp_path: Path):
    with owners_files(tmp_path) as scratch:
        assert scratch.stat().st_mode & 0o777 == 0o700


def test_a_failure_leaves_what_was_there(tmp_path: Path):
    (tmp_path / "a").write_text("before")

    def fail() -> None:
        with owners_files(tmp_path) as scratch:
            (scratch / "a").write_text("half")
            raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        fail()

    assert names_in(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "before"
