"""Which files go by one-time link: who may have or send each, and what it is called. Pure.

A new file is a row here, an entry `page.file_…` of the catalogue for its title, and its work in
`bot.file_works`; a test holds the three against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

MEDIA_TYPES: Mapping[str, str] = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".toml": "application/toml",
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """One file. `command` does on the command line what the link does.

    `name` is what a downloaded file is called; `accepts` are the suffixes of what may be sent in,
    none for a download. `is_secret`: the file holds keys or people, and the page says so.
    """

    deed: str
    title: str
    command: str
    name: str = ""
    accepts: tuple[str, ...] = ()
    is_secret: bool = False

    @property
    def is_upload(self) -> bool:
        return bool(self.accepts)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[PurePath(self.name).suffix]


_UNITS = "hoithi units"
_EXPORT = "hoithi questions export"
_BANK = "ngan-hang-cau-hoi"
_KEYS = "ngan-hang-co-dap-an"
_TEMPLATE = "hoithi questions template tep-mau"


def _paper(suffix: str) -> Purpose:
    command = f"{_EXPORT} {_BANK}{suffix} --without-keys"
    return Purpose("bank_paper", "page.file_bank", command, f"{_BANK}{suffix}")


def _keys(suffix: str) -> Purpose:
    command, name = f"{_EXPORT} {_KEYS}{suffix}", f"{_KEYS}{suffix}"
    return Purpose("bank_keys", "page.file_bank_keys", command, name, is_secret=True)


def _template(suffix: str) -> Purpose:
    name = f"cau-hoi-mau{suffix}"
    return Purpose("bank_template", "page.file_bank_template", _TEMPLATE, name)


PURPOSES: Mapping[str, Purpose] = {
    "bank-xlsx": _paper(".xlsx"),
    "bank-docx": _paper(".docx"),
    "bank-keys-xlsx": _keys(".xlsx"),
    "bank-keys-docx": _keys(".docx"),
    "bank-keys-toml": _keys(".toml"),
    "bank-template-xlsx": _template(".xlsx"),
    "bank-template-docx": _template(".docx"),
    "bank-import": Purpose(
        "bank_import",
        "page.file_bank_import",
        "hoithi questions import cau-hoi.xlsx",
        accepts=(".xlsx", ".docx", ".csv", ".toml", ".xls"),
    ),
    "units-xlsx": Purpose(
        "units_list",
        "page.file_units",
        f"{_UNITS} export --out danh-sach-don-vi.xlsx",
        "danh-sach-don-vi.xlsx",
    ),
    "units-leaders-xlsx": Purpose(
        "units_leaders",
        "page.file_units_leaders",
        f"{_UNITS} export --out don-vi-va-to-truong.xlsx --with-leaders",
        "don-vi-va-to-truong.xlsx",
        is_secret=True,
    ),
    "units-template-xlsx": Purpose(
        "units_template",
        "page.file_units_template",
        f"{_UNITS} template --out mau-don-vi.xlsx",
        "mau-don-vi.xlsx",
    ),
    "units-import": Purpose(
        "units_import",
        "page.file_units_import",
        f"{_UNITS} import don-vi.xlsx",
        accepts=(".xlsx", ".csv", ".toml", ".xls"),
    ),
    "results-xlsx": Purpose(
        "results_file",
        "page.file_results",
        "hoithi results export --out so-lieu-cuoc-thi.xlsx",
        "so-lieu-cuoc-thi.xlsx",
        is_secret=True,
    ),
    "unit-report-docx": Purpose(
        "unit_file",
        "page.file_unit_report",
        "hoithi results report --unit TDP-06 --out bao-cao-don-vi.docx",
        "bao-cao-don-vi.docx",
    ),
    "ward-report-docx": Purpose(
        "ward_file",
        "page.file_ward_report",
        "hoithi results report --out bao-cao-toan-phuong.docx",
        "bao-cao-toan-phuong.docx",
    ),
}
"""By the name that a link carries."""
