"""What organisers, judges and secretaries read; placeholders of `ban-to-chuc.toml`."""

from collections.abc import Mapping

ORGANISERS: Mapping[str, tuple[str, ...]] = {
    "staff.not_yours": (),
    "staff.reason_invalid": (),
    "staff.decision_invalid": (),
}
