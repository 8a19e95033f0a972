"""How most of a line of Word looks, and lines cut and joined with their looks.

Decides when a text counts as marked; what a mark means, `docx_lines` decides.
"""

from dataclasses import replace

from question_bank.importers.docx_text import Line
from question_bank.text import clean

KINDS = ("bold", "underline", "colour", "highlight")
_MARKED_SHARE = 60
"""Letters in a hundred that must look different for a choice to be marked."""


def looks(line: Line) -> frozenset[str]:
    """Marks that most of the letters have."""
    letters = [marks for sign, marks in zip(line.text, line.marks, strict=True) if sign.isalnum()]
    return frozenset(
        kind
        for kind in KINDS
        if letters and sum(kind in marks for marks in letters) * 100 >= len(letters) * _MARKED_SHARE
    )


def looks_of_cell(cell: tuple[Line, ...]) -> frozenset[str]:
    found = [looks(line) for line in cell if clean(line.text)]
    return frozenset.intersection(*found) if found else frozenset()


def stripped(line: Line) -> Line:
    start = len(line.text) - len(line.text.lstrip())
    return line.part(start, len(line.text.rstrip()) if line.text.strip() else start)


def with_dot(line: Line) -> Line:
    return line.__class__(line.number, f"{line.text}.", (*line.marks, line.marks[-1]), line.style)


def joined(label: Line, line: Line) -> Line:
    """A label from one cell before the text from the next."""
    marks = (*label.marks, frozenset[str](), *line.marks)
    return replace(line, text=f"{label.text} {line.text}", marks=marks)
