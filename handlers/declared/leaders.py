"""What leaders and their groups read; placeholders of `messages/to-truong.toml`."""

from collections.abc import Mapping

LEADERS: Mapping[str, tuple[str, ...]] = {}
