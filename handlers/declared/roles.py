"""What is read when roles are offered, taken and lost; placeholders of `vai-tro.toml`."""

from collections.abc import Mapping

ROLES: Mapping[str, tuple[str, ...]] = {
    "role.organiser": (),
    "role.judge": (),
    "role.secretary": (),
    "role.leader": (),
    "role.technician": (),
    "role.leader_of": ("unit",),
}
