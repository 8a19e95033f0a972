"""Debian's Chromium for the tests of the chat page; its own download is never used."""

import os
import shutil

import pytest

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            raise AssertionError("CI skips nothing: Chromium is missing")
        pytest.skip("no Chromium: apt-get install chromium")
    return found
