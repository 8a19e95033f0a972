"""How much one address may ask of the pages: enough for an office that shares one, no flood.

Counted in this process only, so that it protects the machine; what protects a link is its token,
its code and the count of wrong ones in SQL.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address

from aiohttp import web

BURST = 300
"""Requests at once: forty people of one office, each through a whole upload."""
PER_S = 5.0
_MOST_ADDRESSES = 10_000


@dataclass(slots=True)
class Allowance:
    """A bucket an address; `now_s` is a clock without a date."""

    now_s: Callable[[], float]
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, address: str) -> bool:
        """Whether the address may ask once more now."""
        now = self.now_s()
        left, since = self._left.pop(address, (float(BURST), now))
        left = min(float(BURST), left + (now - since) * PER_S)
        is_allowed = left >= 1.0
        self._left[address] = (left - 1.0 if is_allowed else left, now)
        if len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        return is_allowed


def address_of(request: web.Request) -> str:
    """Whose request it is: what our own proxy saw, where one stands on this network.

    A proxy adds the address it was asked from at the end of the list; what stands before may be
    anybody's invention.
    """
    remote = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if forwarded and _is_near(remote) else remote


def _is_near(remote: str) -> bool:
    try:
        address = ip_address(remote)
    except ValueError:
        return False
    return address.is_loopback or address.is_private
