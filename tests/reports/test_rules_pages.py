import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.texts import read_texts
from handlers.catalogue import Catalogue
from reports.rules_pages import PAGE_CHARS, Clause, clause_html, clauses_of, pages_of

ROOT = Path(__file__).parents[2]
MESSAGE_LIMIT = 4_096


class Reader(HTMLParser):
    """Reads HTML back: its text, and the tags open at its end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.opened = "", set(), []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add((tag, tuple(attrs)))
        self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read_back(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.fixture(scope="module")
def shipped() -> tuple[Clause, ...]:
    return clauses_of((ROOT / "docs" / "the-le.md").read_text(encoding="utf-8"))


def test_shipped_rules_have_their_clauses_in_order(shipped: tuple[Clause, ...]):
    numbers = [clause.heading.split(".")[0] for clause in shipped]

    assert numbers == [f"Điều {number}" for number in range(1, 10)]


def test_shipped_rules_number_their_paragraphs_in_order(shipped: tuple[Clause, ...]):
    for number, clause in enumerate(shipped, start=1):
        found = [paragraph.split(". ")[0] for paragraph in clause.paragraphs]

        assert found == [f"{number}.{item}" for item in range(1, len(found) + 1)]


def test_shipped_rules_fit_messages(shipped: tuple[Clause, ...]):
    catalogue = Catalogue(read_texts(ROOT / "handlers" / "messages").tables)

    pages = pages_of(shipped)
    messages = [
        catalogue.text("rules.page", text=Markup(page), page=99, pages=99)  # noqa: S704 (safe: tested)
        for page in pages
    ]

    assert len(pages) > 1
    assert [len(message) for message in messages if len(message) >= MESSAGE_LIMIT] == []


def test_shipped_rules_stand_on_the_pages_once_and_in_order(shipped: tuple[Clause, ...]):
    text = "\n\n".join(read_back(page).text for page in pages_of(shipped))

    assert re.findall(r"^Điều \d+", text, re.MULTILINE) == [f"Điều {n}" for n in range(1, 10)]
    assert text == "\n\n".join(
        part for clause in shipped for part in (clause.heading, *clause.paragraphs)
    )


def test_clauses_of_reads_headings_and_paragraphs():
    markdown = (
        "# Thể lệ\n\nLời đầu.\n\n## Điều 1. Một \n\n1.1. Dòng một\ndòng hai.\n \n\n\n1.2. Hai.\n"
        "\n## Điều 2. Hai\n"
    )

    assert clauses_of(markdown) == (
        Clause("Điều 1. Một", ("1.1. Dòng một dòng hai.", "1.2. Hai.")),
        Clause("Điều 2. Hai", ()),
    )


@pytest.mark.parametrize("markdown", ["", "# Thể lệ\n\nChưa có.", "### Điều 1\n\nx", " ## Điều 1"])
def test_clauses_of_text_without_clauses(markdown: str):
    assert clauses_of(markdown) == ()


def test_t37_clause_is_escaped_and_its_bold_kept():
    clause = Clause('<b>Điều</b> 1 & "2"', ("1.1. <i>x</i> & **đậm <u>** thường", "**", "****"))

    assert clause_html(clause) == (
        "<b>&lt;b&gt;Điều&lt;/b&gt; 1 &amp; &quot;2&quot;</b>\n\n"
        "1.1. &lt;i&gt;x&lt;/i&gt; &amp; <b>đậm &lt;u&gt;</b> thường\n\n**\n\n****"
    )


def test_pages_hold_whole_clauses_while_they_fit():
    clauses = tuple(Clause(f"Điều {n}", ("x" * 40,)) for n in range(1, 6))

    pages = pages_of(clauses, 150)

    assert [re.findall(r"Điều (\d)", page) for page in pages] == [["1", "2"], ["3", "4"], ["5"]]


def test_clause_longer_than_a_message_is_divided_by_paragraphs():
    paragraphs = tuple(f"1.{n}. " + "chữ " * 200 for n in range(1, 10))
    clause = Clause("Điều 1. Dài", tuple(each.strip() for each in paragraphs))

    pages = pages_of((clause, Clause("Điều 2. Ngắn", ("2.1. Hết.",))))

    assert [len(page) < MESSAGE_LIMIT for page in pages] == [True] * len(pages)
    assert pages[0].startswith("<b>Điều 1. Dài</b>\n\n1.1. ")
    assert "\n\n".join(pages) == "\n\n".join(
        [clause_html(clause), "<b>Điều 2. Ngắn</b>\n\n2.1. Hết."]
    )


words = st.text(st.sampled_from("<>&\"'*bi/ điều.") | st.characters(), max_size=30)
paragraphs = st.tuples(words, st.integers(1, 200)).map(lambda drawn: drawn[0] * drawn[1])
clauses_drawn = st.lists(
    st.builds(Clause, words, st.lists(paragraphs, max_size=5).map(tuple)), max_size=5
).map(tuple)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(clauses_drawn)
def test_t37_any_clause_becomes_safe_pages_that_fit(clauses: tuple[Clause, ...]):
    for page in pages_of(clauses):
        read = read_back(page)

        assert read.opened == []
        assert read.tags <= {("b", ())}
        # A message's limit counts what is left when markup is read.
        assert len(read.text) <= PAGE_CHARS + 2 * len("\n\n") + 30
