"""QR codes: which squares of a link's code are dark.

Decides how much of a code may be lost: at level H three tenths, so that a creased, wet or
half-lit poster is still read. A quiet zone of four squares stays free around it.
"""

import io

import segno

QUIET = 4
"""Squares that ISO/IEC 18004 wants free on each side."""

PIXELS = 16
"""Of one square in a picture."""

Squares = tuple[tuple[bool, ...], ...]


def squares_of(link: str) -> Squares:
    """Rows from the top, without the quiet zone."""
    return tuple(tuple(map(bool, row)) for row in _code_of(link).matrix)


def code_picture(link: str) -> bytes:
    """The code as a PNG with its quiet zone."""
    buffer = io.BytesIO()
    _code_of(link).save(buffer, kind="png", scale=PIXELS, border=QUIET)
    return buffer.getvalue()


def _code_of(link: str) -> segno.QRCode:
    return segno.make_qr(link, error="h", boost_error=False)
