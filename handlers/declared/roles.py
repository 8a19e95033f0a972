"""What invitations and their answers say; placeholders of `messages/vai-tro.toml`."""

from collections.abc import Mapping

ROLES: Mapping[str, tuple[str, ...]] = {}
