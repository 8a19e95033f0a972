"""Lines of a Word file into drafts: which begins a question, which is a choice, which a key.

Decides by labels, lists and looks, as organisers use them; `labels` knows the words. In files we
wrote ourselves the paragraphs' styles say what each is, and the texts are taken as they are.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from question_bank.importers import problems
from question_bank.importers.answer_tables import answers_of
from question_bank.importers.docx_looks import (
    KINDS,
    joined,
    looks,
    looks_of_cell,
    stripped,
    with_dot,
)
from question_bank.importers.docx_text import Block, Grid, Line
from question_bank.importers.draft import Draft, RawQuestion, Report, settle, shown
from question_bank.importers.labels import (
    DASHES,
    answers_in,
    bare,
    is_key_heading,
    key_text,
    note_in,
    option_label,
    option_starts,
    question_label,
    section_title,
    without_star,
)
from question_bank.importers.table_rows import Table, TableRow, columns_of, read_table
from question_bank.text import clean

STEM_STYLE = "hoithi-cau"
OPTION_STYLE = "hoithi-phuong-an"
NOTE_STYLE = "hoithi-muc"
TOPIC_STYLE = "hoithi-chu-de"
SKIPPED_STYLE = "hoithi-bo-qua"

_OUR_STEM = re.compile(r"C\S+ \d+\. ")
_OUR_OPTION = re.compile(r"([A-Z])\. ")
_END = re.compile(r"[\W_]*het[\W_]*")
_MOST_HEADING = 100


@dataclass(slots=True)
class _Question:
    """One being read: its raw form, and the looks of each choice's label and text."""

    raw: RawQuestion
    number: int
    looks: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Paper:
    report: Report
    is_named: bool = False
    questions: list[_Question | Draft] = field(default_factory=list)
    topic: str = ""
    topic_code: str = ""
    is_answering: bool = False
    section: int = 0
    """Where the questions begin that no answer table has spoken of."""

    @property
    def current(self) -> _Question | None:
        last = self.questions[-1] if self.questions else None
        return last if isinstance(last, _Question) else None


def read_blocks(blocks: Sequence[Block], boxes: Sequence[str], report: Report) -> list[Draft]:
    """Drafts of a document; what is wrong is reported with its paragraph and its words."""
    lines = [block for block in blocks if isinstance(block, Line)]
    is_named = any(_names_itself(line) for line in lines)
    paper = _Paper(report, is_named=is_named)
    for block in blocks:
        if isinstance(block, Line):
            _read_line(paper, block)
        else:
            _read_grid(paper, block)
    for box in boxes:
        report.error("", problems.TEXT_BOX, found=shown(box))
    drafts = []
    for question in paper.questions:
        if isinstance(question, Draft):
            drafts.append(question)
        elif (draft := _settled(question, report)) is not None:
            drafts.append(draft)
    return drafts


def _names_itself(line: Line) -> bool:
    listed = line.listed is not None and question_label(
        line.listed.text.replace("%1", "1"), is_named=True
    )
    return bool(listed) or question_label(line.text.strip(), is_named=True) is not None


def _read_line(paper: _Paper, line: Line) -> None:
    line = stripped(line)
    for kind, template in (("picture", problems.PICTURE), ("equation", problems.EQUATION)):
        if kind in line.odd and paper.current is not None:
            raw = paper.current.raw
            paper.report.error(_at(line), template, raw.label)
            raw.is_broken = True
    if not clean(line.text):
        return
    if line.style in _OURS:
        _OURS[line.style](paper, line)
        return
    if line.listed is None and (starts := option_starts(line.text)):
        if starts[0]:
            _read_plain(paper, stripped(line.part(0, starts[0])))
        for start, end in zip(starts, [*starts[1:], len(line.text)], strict=True):
            _read_plain(paper, stripped(line.part(start, end)))
        return
    _read_plain(paper, line)


def _read_plain(paper: _Paper, line: Line) -> None:
    """The first reading that fits takes the line."""
    readings = (
        _take_answers, _take_note, _take_key, _take_listed, _take_question, _take_option,
        _take_heading, _take_stem,
    )  # fmt: skip
    if not any(take(paper, line) for take in readings):
        _leave(paper, line)


def _take_answers(paper: _Paper, line: Line) -> bool:
    pairs = answers_in(line.text)
    if len(pairs) > 2 or (paper.is_answering and pairs):  # noqa: PLR2004
        _apply_answers(paper, pairs, _at(line))
        return True
    if paper.is_answering and re.fullmatch(r"[A-Ha-h]\.?", line.text) and paper.current:
        paper.current.raw.keys.append(("line", line.text))
        paper.is_answering = False
        return True
    paper.is_answering = False
    return False


def _take_note(paper: _Paper, line: Line) -> bool:
    note = note_in(line.text)
    if note is None:
        return False
    name, text = note
    if name == "topic":
        paper.topic, paper.topic_code = text, ""
    elif name == "topic_code":
        paper.topic_code = text
    elif paper.current is not None and paper.current.raw.options:
        paper.current.raw.notes[name] = text
    else:
        return False
    return True


def _take_key(paper: _Paper, line: Line) -> bool:
    if is_key_heading(line.text):
        paper.is_answering = True
        return True
    said = key_text(line.text)
    if not said or paper.current is None or not paper.current.raw.options:
        return False
    # “Đáp án: B. Vì …”: the reason behind the letter is no part of the key
    found = re.match(r"\(?([A-Ha-h])\s*[.)]?(?:\s*$|\s*[(–]|\s*[,;](?!\s*[A-Ha-h]\b))", said)
    paper.current.raw.keys.append(("line", found[1] if found else said))
    return True


def _take_listed(paper: _Paper, line: Line) -> bool:
    """A paragraph that Word numbers itself: its number is not in its text."""
    if line.listed is None or line.is_heading or not line.listed.kind:
        return False
    if option_label(line.text) or question_label(line.text, is_named=True):
        return False
    label = question_label(line.listed.text.replace("%1", "1"), is_named=True)
    is_question = line.listed.kind == "number" and line.depth == "0" and not paper.is_named
    if label or is_question:
        _begin(paper, line, None)
        return True
    if paper.current is None or line.listed.kind == "roman":
        return False
    _add_option(paper.current, line, 0)
    return True


def _take_question(paper: _Paper, line: Line) -> bool:
    label = None if line.is_heading else question_label(line.text, is_named=paper.is_named)
    if label is None:
        return False
    _begin(paper, stripped(line.part(label.end())), int(label[1]))
    return True


def _take_option(paper: _Paper, line: Line) -> bool:
    label = option_label(line.text)
    if label is None or line.is_heading:
        return False
    rest, letter = line.text[label.end() :].strip(), label[2].lower()
    question = paper.current
    is_section = rest.upper() == rest and len(rest.split()) > 1 and letter == "a"
    if question is None or (is_section and question.raw.options):
        if not is_section:
            facts = {"found": shown(line.text)}
            paper.report.error(_at(line), problems.OPTION_WITHOUT_QUESTION, **facts)
        return not is_section
    wanted = chr(ord("a") + len(question.raw.options))
    if letter != wanted:
        facts = {"found": letter.upper(), "wanted": wanted.upper()}
        paper.report.error(_at(line), problems.OPTION_LABEL, question.raw.label, **facts)
        question.raw.is_broken = True
    if label[1]:
        question.raw.marked.append(("star", len(question.raw.options)))
    _add_option(question, line, label.end())
    return True


def _take_heading(paper: _Paper, line: Line) -> bool:
    title = section_title(line.text)
    question = paper.current
    is_open = question is not None and not question.raw.options
    if is_open and not line.is_heading:
        return False
    is_loud = line.text.upper() == line.text and all("bold" in marks for marks in line.marks)
    is_loud = is_loud and bool(paper.questions) and len(line.text) < _MOST_HEADING
    is_loud = is_loud and not _END.fullmatch(bare(line.text))
    if title is None and not line.is_heading and not is_loud:
        return False
    paper.topic, paper.topic_code = title or line.text, ""
    return True


def _take_stem(paper: _Paper, line: Line) -> bool:
    """A question's text may take several paragraphs."""
    if paper.current is None or paper.current.raw.options:
        return False
    paper.current.raw.stem += f" {line.text}"
    return True


def _leave(paper: _Paper, line: Line) -> None:
    """Titles above the first question and lines that say nothing are no loss."""
    plain = bare(line.text)
    if not paper.questions or DASHES.fullmatch(plain) or _END.fullmatch(plain):
        return
    paper.report.error(_at(line), problems.LONE_PARAGRAPH, found=shown(line.text))


def _begin(paper: _Paper, line: Line, number: int | None) -> None:
    ordinal = number or len(paper.questions) + 1
    raw = RawQuestion(_at(line), problems.QUESTION_LABEL.format(number=ordinal), line.text)
    raw.notes = {"topic": paper.topic, "topic_code": paper.topic_code}
    paper.questions.append(_Question(raw, ordinal))
    if "picture" in line.odd or "equation" in line.odd:
        template = problems.PICTURE if "picture" in line.odd else problems.EQUATION
        paper.report.error(_at(line), template, raw.label)
        raw.is_broken = True


def _add_option(question: _Question, line: Line, start: int, *, is_exact: bool = False) -> None:
    text = line.text[start:].strip()
    if not is_exact:
        text, has_star = without_star(text)
        if has_star:
            question.raw.marked.append(("star", len(question.raw.options)))
    question.looks.append((looks(line.part(0, start)), looks(line.part(start))))
    question.raw.options.append(text)


def _settled(question: _Question, report: Report) -> Draft | None:
    for part in (0, 1):
        for kind in KINDS:
            marked = [at for at, own in enumerate(question.looks) if kind in own[part]]
            if len(marked) == 1 and len(question.looks) > 1:
                question.raw.marked.append((kind, marked[0]))
    if question.ids:
        question.raw.notes["option_ids"] = ",".join(question.ids)
    return settle(question.raw, report)


def _apply_answers(paper: _Paper, pairs: Sequence[tuple[int, str]], at: str) -> None:
    """To the questions since the last answer table; sections may number anew."""
    asked: dict[int, list[_Question]] = {}
    for question in paper.questions[paper.section :]:
        if isinstance(question, _Question):
            asked.setdefault(question.number, []).append(question)
    said: dict[int, str] = {}
    for number, letter in pairs:
        if said.setdefault(number, letter) != letter:
            paper.report.error(at, problems.ANSWER_TWICE, found=number)
        elif number not in asked:
            paper.report.error(at, problems.ANSWER_NUMBER, found=number)
        elif len(asked[number]) > 1:
            paper.report.error(at, problems.NUMBER_TWICE, found=number)
        else:
            asked[number][0].raw.keys.append(("table", letter.upper()))


def _read_grid(paper: _Paper, grid: Grid) -> None:
    at = problems.PARAGRAPH.format(number=grid.number)
    texts = [["\n".join(line.text for line in cell) for cell in row] for row in grid.rows]
    if pairs := answers_of(texts):
        _apply_answers(paper, pairs, at)
        paper.section = len(paper.questions)
        return
    rows = []
    for row, cells in zip(grid.rows, texts, strict=True):
        number = row[0][0].number if row and row[0] else grid.number
        marks = {at: looks_of_cell(cell) for at, cell in enumerate(row)}
        place = problems.PARAGRAPH.format(number=number)
        rows.append(TableRow(place, tuple(cells), marks=marks))
    table = Table(tuple(rows), paper.topic)
    columns = columns_of(table)
    if columns is not None:
        paper.questions += read_table(table, columns, paper.report)
        return
    for row in grid.rows:
        _read_layout_row(paper, row)


def _read_layout_row(paper: _Paper, row: Sequence[tuple[Line, ...]]) -> None:
    """A table that only lays lines out; a cell may hold a label whose text is in the next."""
    waiting: Line | None = None
    before: tuple[Line, ...] | None = None
    for cell in row:
        if cell is before:
            continue
        before = cell
        for line in map(stripped, cell):
            if waiting is not None and clean(line.text):
                line = joined(waiting, line)  # noqa: PLW2901
                waiting = None
            if re.fullmatch(r"\(?\*?[A-Ha-h]\s*[.):]?|(?:C\S+\s*)?\d{1,3}\s*[.):]?", line.text):
                waiting = line if line.text[-1] in ".):" else with_dot(line)
            else:
                _read_line(paper, line)


def _at(line: Line) -> str:
    return problems.PARAGRAPH.format(number=line.number)


def _our_stem(paper: _Paper, line: Line) -> None:
    label = _OUR_STEM.match(line.text)
    number = re.search(r"\d+", label[0]) if label else None
    _begin(paper, line.part(label.end() if label else 0), int(number[0]) if number else None)
    if paper.current is not None:
        paper.current.raw.is_exact = True


def _our_option(paper: _Paper, line: Line) -> None:
    label = _OUR_OPTION.match(line.text)
    if label is None or paper.current is None:
        _read_plain(paper, line)
        return
    paper.current.ids.append(label[1].lower())
    _add_option(paper.current, line, label.end(), is_exact=True)


def _our_note(paper: _Paper, line: Line) -> None:
    if not _take_note(paper, line):
        _read_plain(paper, line)


_OURS: dict[str, Callable[[_Paper, Line], None]] = {
    STEM_STYLE: _our_stem,
    OPTION_STYLE: _our_option,
    NOTE_STYLE: _our_note,
    TOPIC_STYLE: _our_note,
    SKIPPED_STYLE: lambda _paper, _line: None,
}
