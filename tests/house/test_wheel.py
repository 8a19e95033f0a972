"""The built wheel, installed in an environment of its own, starts."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_built_wheel_starts_outside_the_checkout(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(
            ".venv*", ".git", "data", ".*_cache", "__pycache__", "screenshots", "dist"
        ),
    )
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, source],
        check=True,
        capture_output=True,
    )
    site = tmp_path / "site"
    (wheel,) = tmp_path.glob("hoithi-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    for name in ("config.toml", "units.toml", "docs", "handlers", "question_bank"):
        source_path = ROOT / name
        target = tmp_path / "ward" / name
        target.parent.mkdir(exist_ok=True)
        if source_path.is_dir():
            shutil.copytree(source_path, target, ignore=shutil.ignore_patterns("*.py"))
        else:
            shutil.copy(source_path, target)

    outcome = subprocess.run(
        [
            sys.executable,
            "-P",
            "-c",
            "import bot, sys; sys.argv=['hoithi', 'check']; from bot.cli import main; main()",
        ],
        cwd=tmp_path / "ward",
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(site)},
    )

    assert outcome.returncode == 0, outcome.stderr
    assert "câu hỏi" in outcome.stdout
