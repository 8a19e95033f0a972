import copy
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.problems import FLAWS, flaw_line
from bot.texts import Texts, read_texts
from handlers.catalogue import (
    LIMITS,
    PLAIN_SECTIONS,
    TAGS,
    Catalogue,
    CatalogueError,
    Flaw,
)
from handlers.declared import ARGUMENTS

Tables = dict[str, Any]
MESSAGES = Path(__file__).parents[2] / "handlers" / "messages"
MESSAGE_LIMIT = 4_096

HTML = sorted(name for name in ARGUMENTS if name.partition(".")[0] not in PLAIN_SECTIONS)
WITH_ARGUMENTS = [name for name in HTML if ARGUMENTS[name]]
# The longest ever handed in: a name on a button, a stem, options, a page of the rules.
LONG = {"name": 40, "stem": 500, "options": 1_500, "text": 2_000, "question": 2_500, "verdict": 700}
LONG |= {"screen": 2_500, "state": 20, "count": 9, "number": 12, "kind": 30, "minutes": 9}
LONG |= {"phone": 32, "role": 40, "lines": 2_500, "pending": 2_000, "commands": 1_500}


class Reader(HTMLParser):
    """Reads HTML back: its text, and its tags in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags = "", []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", []))

    def handle_data(self, data: str) -> None:
        self.text += data


def read_back(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def is_balanced(tags: list[tuple[str, list[Any]]]) -> bool:
    """Whether only our tags occur, bare, closed in turn."""
    opened: list[str] = []
    for tag, attributes in tags:
        if attributes or tag.removeprefix("/") not in TAGS:
            return False
        if not tag.startswith("/"):
            opened.append(tag)
        elif not opened or opened.pop() != tag[1:]:
            return False
    return not opened


def sample(name: str, /, **given: object) -> dict[str, object]:
    """Arguments of an entry, each as long as it may be."""
    return {each: "x" * LONG.get(each, 60) for each in ARGUMENTS[name]} | given


@pytest.fixture(scope="module")
def document() -> Texts:
    return read_texts(MESSAGES)


@pytest.fixture(scope="module")
def catalogue(document: Texts) -> Catalogue:
    return Catalogue(document.tables)


@pytest.fixture
def tables(document: Texts) -> Tables:
    return copy.deepcopy(document.tables)


def flaws_of(tables: Tables) -> tuple[Flaw, ...]:
    with pytest.raises(CatalogueError) as caught:
        Catalogue(tables)
    return caught.value.flaws


def changed(tables: Tables, name: str, text: object) -> Tables:
    section, _, entry = name.partition(".")
    tables[section][entry] = text
    return tables


def test_shipped_catalogue_has_every_entry(catalogue: Catalogue):
    assert sorted(catalogue.names) == sorted(ARGUMENTS)


def test_commands_are_in_the_order_of_the_file(catalogue: Catalogue, document: Texts):
    assert catalogue.commands == tuple(document.tables["command"].items())


def test_text_constant_is_the_file_s(catalogue: Catalogue, document: Texts):
    assert catalogue.text("toast.ended") == document.tables["toast"]["ended"]


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_shipped_entry_fits_its_platform(catalogue: Catalogue, name: str):
    limit = LIMITS.get(name.partition(".")[0], MESSAGE_LIMIT)

    for empty in ({}, dict.fromkeys(ARGUMENTS[name])):
        text = catalogue.text(name, **sample(name, **empty))

        assert 0 < len(text) <= limit


@pytest.mark.parametrize("name", HTML)
def test_t37_shipped_entry_has_our_tags_only(catalogue: Catalogue, name: str):
    for value in ("x", "", None, 0):
        text = catalogue.text(name, **dict.fromkeys(ARGUMENTS[name], value))

        assert is_balanced(read_back(text).tags), text


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
@settings(deadline=None)
@given(
    value=st.text(st.sampled_from("<>&\"'/bia; #x6") | st.characters(exclude_categories=("Cs",)))
)
def test_t37_any_name_is_shown_as_typed(catalogue: Catalogue, name: str, value: str):
    # Carriage returns and null are no text of HTML; nothing typed holds them (question_bank.text).
    value = value.replace("\r", "").replace("\0", "")
    honest = read_back(str(catalogue.text(name, **dict.fromkeys(ARGUMENTS[name], "\ue000"))))

    shown = read_back(str(catalogue.text(name, **dict.fromkeys(ARGUMENTS[name], "\ue000" + value))))

    assert shown.text == honest.text.replace("\ue000", "\ue000" + value)
    assert shown.tags == honest.tags


def test_t37_name_as_markup_is_escaped(catalogue: Catalogue):
    text = catalogue.text("register.unit_offer", unit="<b>&\"'{{ 1 }}")

    assert "<b>&lt;b&gt;&amp;&#34;&#39;{{ 1 }}</b>" in text


def test_t37_plain_entry_is_not_escaped(catalogue: Catalogue):
    label = catalogue.text("button.use_name", name="<b>&\"' {{ name }}")

    assert label == "Dùng tên: <b>&\"' {{ name }}"


def test_markup_handed_in_is_kept(catalogue: Catalogue):
    text = catalogue.text("rules.page", text=Markup("<b>Điều 1</b>"), page=1, pages=2)

    assert text == "<b>Điều 1</b>\n\n<i>Trang 1/2</i>"


def test_missing_entry_is_named(tables: Tables):
    del tables["toast"]["busy"], tables["practice"]

    assert flaws_of(tables) == (
        Flaw("toast.busy", "missing_entry", ""),
        Flaw("practice.question", "missing_entry", ""),
        Flaw("practice.right", "missing_entry", ""),
        Flaw("practice.wrong", "missing_entry", ""),
        Flaw("practice.answered", "missing_entry", ""),
        Flaw("practice.done", "missing_entry", ""),
    )


def test_unknown_entry_and_section_are_named(tables: Tables):
    tables["toast"]["bussy"] = "?"
    tables["toasts"] = {"busy": "?"}

    assert flaws_of(tables) == (
        Flaw("toast.bussy", "unknown_entry", ""),
        Flaw("toasts.busy", "unknown_entry", ""),
    )


BROKEN = [
    pytest.param("home.hint", "  ", "empty", id="no words"),
    pytest.param("register.done", "{{ number", "broken_entry", id="open placeholder"),
    pytest.param("register.done", "{% if number %}", "broken_entry", id="open condition"),
    pytest.param("register.done", "{{ number.__class__ }}", "broken_entry", id="attribute"),
    pytest.param("register.done", "{{ number['x'] }}", "broken_entry", id="item"),
    pytest.param("register.done", "{{ number|safe }}", "broken_entry", id="unescaping filter"),
    pytest.param("register.done", "{{ number|no }}", "broken_entry", id="unknown filter"),
    pytest.param("register.done", "{{ number + 1 }}", "broken_entry", id="arithmetic"),
    pytest.param("register.done", "{{ 1 / 0 }}{{ number }}", "broken_entry", id="division by 0"),
    pytest.param("register.done", "{{ number() }}", "broken_entry", id="call"),
    pytest.param("register.done", "{{ lipsum() }}", "broken_entry", id="global"),
    pytest.param("register.done", "{% include number %}", "broken_entry", id="include"),
    pytest.param("register.done", "{% extends number %}", "broken_entry", id="extends"),
    pytest.param("register.done", "{% import number as x %}", "broken_entry", id="import"),
    pytest.param("register.done", "{% set number = 1 %}{{ number }}", "broken_entry", id="set"),
    pytest.param("register.done", "{% for a in number %}{% endfor %}", "broken_entry", id="loop"),
    pytest.param(
        "register.done",
        "{% autoescape false %}{{ number }}{% endautoescape %}",
        "broken_entry",
        id="autoescape",
    ),
    pytest.param(
        "register.done", "{% if number is foo %}{% endif %}", "broken_entry", id="unknown test"
    ),
]


@pytest.mark.parametrize(("name", "text", "kind"), BROKEN)
def test_broken_entry_is_named(tables: Tables, name: str, text: str, kind: str):
    flaws = flaws_of(changed(tables, name, text))

    assert [(flaw.entry, flaw.kind) for flaw in flaws] == [(name, kind)]


@pytest.mark.parametrize(
    ("name", "text", "flaw"),
    [
        pytest.param(
            "register.done",
            "{{ number }} {{ name }}",
            Flaw("register.done", "unknown_placeholder", "name"),
            id="unknown placeholder",
        ),
        pytest.param(
            "register.done",
            "{{ number }} {{ range }} {{ self }}",
            Flaw("register.done", "unknown_placeholder", "range"),
            id="name of the engine",
        ),
        pytest.param(
            "register.done",
            "Xong",
            Flaw("register.done", "missing_placeholder", "number"),
            id="missing placeholder",
        ),
        pytest.param(
            "register.done",
            "{# {{ number }} #}",
            Flaw("register.done", "missing_placeholder", "number"),
            id="placeholder in a comment",
        ),
        pytest.param(
            "toast.busy", "x" * 201, Flaw("toast.busy", "too_long", "200"), id="long toast"
        ),
        pytest.param(
            "button.home", "x" * 65, Flaw("button.home", "too_long", "64"), id="long button"
        ),
        pytest.param(
            "home.hint", "x" * 3_001, Flaw("home.hint", "too_long", "3000"), id="long message"
        ),
    ],
)
def test_flawed_entry_is_named(tables: Tables, name: str, text: str, flaw: Flaw):
    assert flaws_of(changed(tables, name, text))[:1] == (flaw,)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        pytest.param("<b>x", "<b>", id="left open"),
        pytest.param("<b>x<i>y</i>", "<b>", id="outer left open"),
        pytest.param("x</b>", "</b>", id="never opened"),
        pytest.param("<b><i>x</b></i>", "</b>", id="crossed"),
        pytest.param("<b>x</i>", "</i>", id="closed by another"),
        pytest.param("<strong>x</strong>", "<strong>", id="unknown"),
        pytest.param("<B>x</B>", "<B>", id="upper case"),
        pytest.param("a<br>b", "<br>", id="line break"),
        pytest.param("<br/>", "<br/>", id="closing itself"),
        pytest.param('<a href="tg://user?id=1">x</a>', '<a href="tg://user?id=1">', id="link"),
        pytest.param("<b class='x'>x</b>", "<b class='x'>", id="attribute"),
        pytest.param("dưới < 8 câu", "< 8 câu", id="less than"),
        pytest.param("x <b", "<b", id="cut"),
        pytest.param("</>", "</>", id="nameless"),
        pytest.param("<!-- x -->", "<!-- x -->", id="comment"),
    ],
)
def test_t37_bad_markup_stops_the_start(tables: Tables, text: str, tag: str):
    assert flaws_of(changed(tables, "home.hint", text)) == (Flaw("home.hint", "bad_markup", tag),)


@pytest.mark.parametrize(
    "text",
    [
        "{% if guess is none %}<b>{% endif %}{{ asked }}{% if guess is none %}</b>{% endif %}",
        "<b>{% if guess is none %}x</b>{% endif %}{{ asked }}",
        "{% if guess is none %}x{% elif asked %}<i>{% else %}y{% endif %}",
        "{% if guess is none %}x{% else %}</i>{% endif %}{{ asked }}",
    ],
    ids=["across two conditions", "closed in a branch", "in elif", "in else"],
)
def test_t37_a_branch_closes_what_it_opens(tables: Tables, text: str):
    flaws = flaws_of(changed(tables, "paper.prediction", text))

    assert flaws[0].kind == "bad_markup"


def test_markup_within_a_branch_is_fine(tables: Tables):
    text = "<b>{{ number }}</b>{% if number %} <i>x</i>{% else %}<s>y</s>{% endif %} > & <u>z</u>"

    catalogue = Catalogue(changed(tables, "register.done", text))

    assert catalogue.text("register.done", number=7) == "<b>7</b> <i>x</i> > & <u>z</u>"


def test_plain_entry_may_hold_any_sign(tables: Tables):
    catalogue = Catalogue(changed(tables, "button.back", "<< Quay lại"))

    assert catalogue.text("button.back") == "<< Quay lại"


@pytest.mark.parametrize(
    ("name", "value", "flaw"),
    [
        ("toast.busy", 5, Flaw("toast.busy", "not_a_text", "")),
        ("toast.busy", ["x"], Flaw("toast.busy", "not_a_text", "")),
    ],
)
def test_entry_that_is_no_text_is_named(tables: Tables, name: str, value: object, flaw: Flaw):
    assert flaws_of(changed(tables, name, value)) == (flaw,)


def test_section_that_is_none_is_named(tables: Tables):
    tables["toast"] = "x"

    assert flaws_of(tables) == (Flaw("toast", "not_a_section", ""),)


def test_all_flaws_are_named_at_once(tables: Tables):
    del tables["toast"]["busy"]
    tables["home"]["hint"] = "<b>"
    tables["register"]["done"] = "{{"

    assert [(flaw.entry, flaw.kind) for flaw in flaws_of(tables)] == [
        ("toast.busy", "missing_entry"),
        ("home.hint", "bad_markup"),
        ("register.done", "broken_entry"),
    ]


KINDS = (
    "missing_entry",
    "unknown_entry",
    "broken_entry",
    "unknown_placeholder",
    "missing_placeholder",
    "too_long",
    "bad_markup",
    "empty",
    "not_a_section",
    "not_a_text",
)


@pytest.mark.parametrize("kind", KINDS)
def test_flaw_is_said_in_one_line_with_its_place(document: Texts, kind: str):
    line = flaw_line(Flaw("toast.busy", kind, "<b>"), document.place("toast.busy"))

    file = MESSAGES / "du-thi.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    number = 1 + next(n for n, each in enumerate(lines) if each.startswith("busy = "))
    assert line.startswith(f"{file}:{number}: toast.busy: ")
    assert "\n" not in line


def test_every_kind_of_flaw_has_its_words():
    assert set(FLAWS) == set(KINDS)


def test_broken_entry_is_said_in_one_line(tables: Tables, document: Texts):
    flaws = [flaw for row in BROKEN for flaw in flaws_of(changed(tables, *row.values[:2]))]

    assert [flaw for flaw in flaws if "\n" in flaw_line(flaw, document.place(flaw.entry))] == []


@settings(deadline=None, max_examples=25)  # each compiles the whole file
@given(st.text(st.sampled_from("{}%# abnumber.[]()|<>/'\"_-") | st.characters()))
def test_t37_any_text_of_an_entry_is_refused_or_renders(document: Texts, text: str):
    tables: Mapping[str, Any] = {
        **document.tables,
        "register": {**document.tables["register"], "done": text + "{{ number }}"},
    }
    try:
        catalogue = Catalogue(tables)
    except CatalogueError:
        return

    assert "\ue000" in catalogue.text("register.done", number="\ue000")
