"""The shipped words, and the letters that Vietnamese is written with."""

import itertools
import unicodedata
from pathlib import Path

import pytest

from bot.files import load_catalogue
from bot.settings import Config, read_config
from handlers.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


@pytest.fixture(scope="session")
def config() -> Config:
    return read_config(ROOT / "config.toml")


@pytest.fixture(scope="session")
def catalogue(config: Config) -> Catalogue:
    return load_catalogue(config)


@pytest.fixture(scope="session")
def vietnamese_letters() -> str:
    """All 134 letters that have a mark, in NFC: 12 vowels with 6 tones, đ, and the capitals."""
    vowels = [
        unicodedata.normalize("NFC", vowel + tone)
        for vowel, tone in itertools.product("aăâeêioôơuưy", TONES)
    ]
    marked = [letter for letter in vowels if letter not in "aeiouy"] + ["đ"]
    letters = "".join(marked + [letter.upper() for letter in marked])
    assert len(letters) == 134
    return letters
