import pytest

from rehearsal.errors import ApiError
from rehearsal.html_entities import parse_html, render_html

PREFIX = "Bad Request: can't parse entities: "


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("Chào", "Chào", []),
        ("a &lt; b &amp; c&#33; &#x1F600;", "a < b & c! 😀", []),
        ("a & b &nbsp; c", "a & b &nbsp; c", []),
        ("<b>Hội</b> thi", "Hội thi", [("bold", 0, 3)]),
        ("😀<i>đ</i>", "😀đ", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<STRONG >x</strong >", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<blockquote>x</>", "x", [("blockquote", 0, 1)]),
    ],
)
def test_parse_html_gives_text_and_utf16_entities(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    shown, found = parse_html(source)

    assert shown == text
    assert [(each["type"], each["offset"], each["length"]) for each in found] == entities


def test_parse_html_keeps_links_and_languages() -> None:
    _, link = parse_html('<a href="https://a.vn/?x=1&amp;y=2">x</a>')
    _, code = parse_html('<pre><code class="language-python">x</code></pre>')
    _, nowhere = parse_html('<a href="nowhere">x</a>')

    assert link == [{"type": "text_link", "offset": 0, "length": 1, "url": "https://a.vn/?x=1&y=2"}]
    assert code == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]
    assert nowhere == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("Đây <x>", 'Unsupported start tag "x" at byte offset 6'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("a <", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a ='x'>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a/b>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b y>", "Unclosed end tag at byte offset 4"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ],
)
def test_parse_html_refuses_in_the_real_words(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)

    assert caught.value.description == PREFIX + reason


@pytest.mark.parametrize(
    "source",
    [
        "a &lt;b&gt; &amp; c",
        "<b>a<i>b</i></b><u>c</u>",
        '<a href="https://a.vn/?x=1&amp;y=2">đ</a> 😀 <tg-spoiler>x</tg-spoiler>',
        "<blockquote expandable>x <s>y</s></blockquote>",
        "<pre>x</pre><code>y</code>",
    ],
)
def test_render_html_gives_back_what_was_parsed(source: str) -> None:
    assert render_html(*parse_html(source)) == source


def test_render_html_nests_entities_that_overlap() -> None:
    entities = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "italic", "offset": 1, "length": 9},
    ]

    assert render_html("a<c", entities) == "<b>a<i>&lt;</i></b>c"
