"""The typeface of everything that is drawn: Be Vietnam Pro, from its files beside this module.

Decides that text is drawn in NFC only: as letters with loose marks they stand off their letters.
"""

import unicodedata
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
REGULAR = FOLDER / "BeVietnamPro-Regular.ttf"
BOLD = FOLDER / "BeVietnamPro-Bold.ttf"


def font_file(*, is_bold: bool) -> Path:
    return BOLD if is_bold else REGULAR


def drawable(text: str) -> str:
    """The text as one line in NFC."""
    return " ".join(unicodedata.normalize("NFC", text).split())
