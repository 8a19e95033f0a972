"""What organisers, judges and secretaries read; placeholders of `ban-to-chuc.toml`."""

from collections.abc import Mapping

ORGANISERS: Mapping[str, tuple[str, ...]] = {
    "staff.not_yours": (),
    "staff.reason_invalid": (),
    "staff.decision_invalid": (),
    "staff_command.moi": (),
    "staff_command.vaitro": (),
    "staff_command.loaitru": (),
    "button.exclude": (),
    "button.readmit": ("phone",),
    "button.exclude_sure": (),
    "button.readmit_sure": (),
    "button.exclusion_list": (),
    "exclusion.list": ("count", "lines", "page", "pages"),
    "exclusion.line": ("at", "phone", "why"),
    "exclusion.phone": (),
    "exclusion.why": (),
    "exclusion.why_back": (),
    "exclusion.confirm_exclude": ("doc", "phone", "why"),
    "exclusion.confirm_readmit": ("doc", "phone", "why"),
    "exclusion.doc_exclude": (),
    "exclusion.doc_readmit": (),
    "exclusion.done_exclude": (),
    "exclusion.done_readmit": (),
    "exclusion.already": (),
    "exclusion.holds_role": (),
}
