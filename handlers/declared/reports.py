"""What charts, workbooks, reports and posters say; placeholders of `bao-cao.toml`."""

from collections.abc import Mapping

REPORTS: Mapping[str, tuple[str, ...]] = {}
