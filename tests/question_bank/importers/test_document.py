import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.importers.document import TomlDocument, lines_of

TEXT = '''\
# [[question]] in a comment
title = "a # [b] = c"   # comment

[server]
port = 1
"quoted.key" = 2
name.first = 'x = [1'

[server.tls.deep]
on = true

[[question]]
id = "q1"
stem = """
[[question]]
id = "not a key" """
options = [
  # a comment, with ] and ,
  { id = "a", text = "x, ]" },
  { id = "b", text = \'\'\'
]\'\'\' }, { id = "c" },
]
answer = "a"

[[question]]
id = "q2"
[question.more]
x = 1979-05-27 07:32:00
[[question.parts]]
n = 1
[[question.parts]]
n = [[1, 2], [
  3]]
[[question]]
stem = """a\\"""b""""
id = "q3"
'''


@pytest.fixture
def document():
    return TomlDocument(Path("x.toml"), tomllib.loads(TEXT), lines_of(TEXT))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("title", 2),
        ("server", 4),
        ("server.port", 5),
        ("server.quoted.key", 6),
        ("server.name", 7),
        ("server.name.first", 7),
        ("server.tls", 9),
        ("server.tls.deep.on", 10),
        ("question", 12),
        ("question[0]", 12),
        ("question[0].id", 13),
        ("question[0].stem", 14),
        ("question[0].options", 17),
        ("question[0].options[0]", 19),
        ("question[0].options[0].text", 19),
        ("question[0].options[1].id", 20),
        ("question[0].options[2].id", 21),
        ("question[0].answer", 23),
        ("question[1]", 25),
        ("question[1].more.x", 28),
        ("question[1].parts[0].n", 30),
        ("question[1].parts[1]", 31),
        ("question[1].parts[1].n[1][0]", 33),
        ("question[2].stem", 35),
        ("question[2].id", 36),
    ],
)
def test_line_of_what_is_there(document: TomlDocument, path: str, line: int):
    assert document.line_of(path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("", 1),
        ("missing", 1),
        ("missing[3].deeper", 1),
        ("server.missing.deeper", 4),
        ("question[1].answer", 25),
        ("question[0].options[1].missing", 20),
        ("question[9].id", 12),
    ],
)
def test_line_of_what_is_missing_is_that_around_it(document: TomlDocument, path: str, line: int):
    assert document.line_of(path) == line


def test_place_is_file_and_line(document: TomlDocument):
    assert document.place("server.port") == "x.toml:5"


def paths_in(value: object, path: str = ""):
    """Every path of a value as tomllib gave it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            below = f"{path}.{key}" if path else key
            yield below
            yield from paths_in(inner, below)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield f"{path}[{index}]"
            yield from paths_in(inner, f"{path}[{index}]")


def test_lines_hold_every_path():
    assert set(lines_of(TEXT)) == set(paths_in(tomllib.loads(TEXT)))


strings = st.text(st.sampled_from("ab \"'\\[]{},=#\n.")).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
)
long_strings = st.text(st.sampled_from("ab '[]{},=#\n.")).map(lambda text: f'"""{text}"""')
inline = st.recursive(
    strings | long_strings | st.sampled_from(["1", "-1.5e3", "true", "1979-05-27", "'a]'"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[\n" + " , # ]\n".join(items) + "\n]")
        | st.lists(inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"k{at} = {item}" for at, item in enumerate(items)) + "}"
        )
    ),
    max_leaves=6,
)
bodies = st.lists(inline, max_size=3)


@given(st.lists(st.tuples(st.sampled_from(["[[a]]", "[[b.c]]", "[a.x]", "[b.c.y]"]), bodies)))
def test_lines_of_any_document_hold_every_path(blocks: list[tuple[str, list[str]]]):
    rows, last = ["[[a]]", "[[b.c]]"], {"[a.x]": True, "[b.c.y]": True}
    for header, values in blocks:
        if header.startswith("[["):
            last[{"[[a]]": "[a.x]", "[[b.c]]": "[b.c.y]"}[header]] = True
        elif not last[header]:
            continue
        else:
            last[header] = False
        rows.append(header)
        rows.extend(f"k{at}.'z z' = {value} # c" for at, value in enumerate(values))
    text = "\n".join(rows)

    lines = lines_of(text)

    assert set(lines) == set(paths_in(tomllib.loads(text)))
    listing = text.split("\n")
    for path, line in lines.items():
        name = path.rpartition(".")[2]
        assert "[" in name or name in listing[line - 1]
