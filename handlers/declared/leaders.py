"""What leaders and their groups read; placeholders of `messages/to-truong.toml`."""

from collections.abc import Mapping

LEADERS: Mapping[str, tuple[str, ...]] = {
    "tally.unit": (
        "at",
        "attempts",
        "block",
        "grown_attempts",
        "grown_people",
        "is_final",
        "is_reached",
        "missing",
        "of",
        "pace",
        "people",
        "place",
        "registered",
        "target",
        "unit",
    ),
    "remind.leaders": ("at", "lines"),
    "remind.leader": ("attempts", "missing", "pace", "people", "target", "unit"),
}
