"""The pages of one-time links, made here whole: no address but ours, no cookie, nothing cached.

Decides what each step looks like and which headers guard it; words are the catalogue's, what may
be done is `handlers.link_visits`'.
"""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from handlers.catalogue import Catalogue
from handlers.file_works import MAX_FILE_BYTES
from handlers.link_visits import (
    Asked,
    Done,
    Ending,
    Opened,
    Previewed,
    Refused,
    Seen,
    Troubled,
)
from handlers.rendering import Rendering
from scoring.instant import Instant

MEGABYTE = 1024 * 1024
MOST_REMARKS = 2_000
"""So many findings are shown; a browser bears them, and nobody mends more at once."""

_FOLDER = Path(__file__).parent / "pages"
_GONE = {
    Ending.UNKNOWN: 404,
    Ending.EXPIRED: 410,
    Ending.USED: 410,
    Ending.WRONG_CODES: 410,
    Ending.ROLE_LOST: 403,
}

Page = Asked | Opened | Previewed | Done | Troubled | Refused


class LinkPages:
    """Renders pages; made once, its style and script are in each of them.

    `prefix` is what stands before `/l/` in the addresses that browsers use, mostly nothing.
    """

    def __init__(self, catalogue: Catalogue, rendering: Rendering, prefix: str = "") -> None:
        self._rendering = rendering
        self._prefix = prefix
        style, script = (_read(name) for name in ("link.css", "link.js"))
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "say": catalogue.text,
            "style": Markup(style),  # noqa: S704 (our own files)
            "script": Markup(script),  # noqa: S704
            "megabytes": MAX_FILE_BYTES // MEGABYTE,
            "max_bytes": MAX_FILE_BYTES,
            "most_remarks": MOST_REMARKS,
        }
        self.headers = _headers(style, script)

    def page(self, view: Page, notice: str = "") -> tuple[int, str]:
        """Status and HTML of a step; `notice` is an entry that says what went wrong on the way."""
        match view:
            case Refused(ending):
                return _GONE[ending], self._told("page.ended_title", f"page.ended_{ending.value}")
            case Asked():
                return self._asked(view)
            case Opened(seen):
                return 200, self._render("upload.html", seen, view=view, notice=notice)
            case Previewed(seen):
                return 200, self._render("preview.html", seen, view=view)
            case Done(seen, taken):
                return 200, self._render("lines.html", seen, is_done=True, lines=taken.lines)
            case Troubled(seen, trouble):
                return 409, self._render("lines.html", seen, is_done=False, lines=trouble.lines)

    def told(self, entry: str) -> str:
        """A page that only says why nothing can be done now."""
        return self._told("page.trouble_title", entry, is_ended=False)

    def _told(self, title: str, entry: str, *, is_ended: bool = True) -> str:
        template = self._templates.get_template("told.html")
        return template.render(title=title, entry=entry, is_ended=is_ended)

    def _asked(self, asked: Asked) -> tuple[int, str]:
        is_fresh = asked.left is None and not asked.is_malformed
        status = 200 if is_fresh else 403
        return status, self._render("code.html", asked.seen, view=asked)

    def _render(self, name: str, seen: Seen, **facts: object) -> str:
        known: Mapping[str, object] = {
            "purpose": seen.purpose,
            "role": f"page.role_{seen.role.value}",
            "path": f"{self._prefix}/l/{seen.token}",
            "until": self._rendering.time(Instant(seen.link.expires_ms)),
        }
        return self._templates.get_template(name).render(**known, **facts)


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _headers(style: str, script: str) -> Mapping[str, str]:
    """Nothing from elsewhere, nothing kept, nothing told to the next page."""
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "connect-src 'self'",
            "img-src data:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
