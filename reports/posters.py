"""What posters and the banner say, as values with all their words, and the files made of them.

The values are built by `reports.poster_texts`; where things stand is `reports.poster_layout`'s.
ReportLab and matplotlib are loaded when something is drawn, so this module stays light.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Size = Literal["a4", "a5"]
POSTER_PIXELS = 1_240
"""How wide a poster is as a picture: clear when forwarded, and its code still read."""

BANNER_PIXELS = 1_200


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: the `link` of its code, and as people would type it."""

    name: str
    link: str
    typed: str


@dataclass(frozen=True, slots=True)
class Poster:
    """`whom` it is for in large letters, with the `place` that tells two of one name apart.

    `together`: words of several syllables that no line of title and names parts.
    """

    title: str
    invitation: str
    whom: str
    place: str
    window: str
    heading: str
    steps: tuple[str, ...]
    doors: tuple[Door, ...]
    hotline: str
    together: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Banner:
    """For the ward's page, where it is pressed as well as scanned; `together` as a poster's."""

    title: str
    window: str
    call: str
    door: Door
    together: tuple[str, ...]


def posters_pdf(posters: "Iterable[Poster]", size: Size) -> bytes:
    """One file with a page for each, in their order."""
    from reports.poster_layout import poster_sheet  # noqa: PLC0415 (brings ReportLab)
    from reports.sheet_pdf import pdf_of  # noqa: PLC0415 (the same)

    return pdf_of(map(poster_sheet, posters), size)


def poster_png(poster: Poster) -> bytes:
    """A poster as a picture, to forward in a chat."""
    from reports.poster_layout import poster_sheet  # noqa: PLC0415 (brings ReportLab)
    from reports.sheet_png import picture_of  # noqa: PLC0415 (brings matplotlib)

    return picture_of(poster_sheet(poster), POSTER_PIXELS)


def banner_pdf(banner: Banner) -> bytes:
    from reports.banner_layout import banner_sheet  # noqa: PLC0415 (brings ReportLab)
    from reports.sheet_pdf import pdf_of  # noqa: PLC0415 (the same)

    return pdf_of((banner_sheet(banner),), None)


def banner_png(banner: Banner) -> bytes:
    from reports.banner_layout import banner_sheet  # noqa: PLC0415 (brings ReportLab)
    from reports.sheet_png import picture_of  # noqa: PLC0415 (brings matplotlib)

    return picture_of(banner_sheet(banner), BANNER_PIXELS)


def code_png(link: str) -> bytes:
    """A link's code alone, as a picture."""
    from reports.codes import code_picture  # noqa: PLC0415 (brings segno)

    return code_picture(link)
