"""Lists in statements: few lengths, so that a server and a driver know few statements.

An `IN` of every length is a statement of its own: parsed, planned and kept by the server, and by
the driver once a connection. Decides how long a list is made.
"""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def filled(values: Iterable[T]) -> list[T]:
    """The values in their order, the last one repeated up to the next power of two.

    For `IN` alone, which asks for members: none are added. No values stay none.
    """
    listed = list(values)
    if not listed:
        return listed
    length = 1 << (len(listed) - 1).bit_length()
    return listed + listed[-1:] * (length - len(listed))
