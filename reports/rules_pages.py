"""The contest rules (thể lệ) as pages: for the chat and for the public page alike. Pure.

The source is Markdown with one `## Điều N. ...` a clause; numbered paragraphs below it. Only
headings, bold and plain paragraphs are read: rules need no more.
"""

import re
import textwrap
from dataclasses import dataclass
from html import escape

PAGE_CHARS = 1_500

_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Clause:
    """`heading` as `Điều 5. ...`; `paragraphs` in order, each its own number first."""

    heading: str
    paragraphs: tuple[str, ...]


def clauses_of(markdown: str) -> tuple[Clause, ...]:
    clauses = []
    for part in re.split(r"^## ", markdown, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", body)]
        clauses.append(Clause(heading.strip(), tuple(block for block in blocks if block)))
    return tuple(clauses)


def pages_of(clauses: tuple[Clause, ...], page_chars: int = PAGE_CHARS) -> tuple[str, ...]:
    """Clauses as safe HTML, whole clauses a page where they fit, none longer than a message."""
    pages: list[str] = []
    for text in (text for clause in clauses for text in _texts_of(clause, page_chars)):
        if pages and len(pages[-1]) + len(text) < page_chars:
            pages[-1] += "\n\n" + text
        else:
            pages.append(text)
    return tuple(pages)


def _texts_of(clause: Clause, page_chars: int) -> list[str]:
    """The clause as one text, or what is longer than a page paragraph by paragraph."""
    text = clause_html(clause)
    if len(text) <= page_chars:
        return [text]
    # A message's limit counts signs before escaping (Bot API, "after entities parsing").
    pieces = [piece for one in clause.paragraphs for piece in textwrap.wrap(one, page_chars)]
    begun = clause_html(Clause(clause.heading, tuple(pieces[:1])))
    return [begun, *map(_paragraph_html, pieces[1:])]


def clause_html(clause: Clause) -> str:
    heading = f"<b>{escape(clause.heading)}</b>"
    return "\n\n".join([heading, *map(_paragraph_html, clause.paragraphs)])


def _paragraph_html(paragraph: str) -> str:
    return _BOLD.sub(r"<b>\1</b>", escape(paragraph, quote=False))
