from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """The shipped files in a folder of their own."""
    for name in ("config.toml", "units.toml", "handlers/messages.toml", "docs/the-le.md"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    questions = tmp_path / "question_bank/questions"
    questions.mkdir(parents=True)
    for path in (ROOT / "question_bank/questions").glob("*.toml"):
        (questions / path.name).write_bytes(path.read_bytes())
    return tmp_path
