"""The catalogue of messages: every Vietnamese sentence that people read, by name.

Decides that each entry exists, takes the arguments it is declared to take and no others, and is
safe HTML whatever a name holds. The texts are `messages/`, an organiser's to edit; how an
instant is shown stands in `handlers.rendering`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from handlers.declared import ARGUMENTS

PLAIN_SECTIONS = frozenset(
    {
        "button",
        "toast",
        "command",
        "staff_command",
        "act",
        "notice_text",
        "chart",
        "poster",
        "page",
        "workbook",
        "report",
    }
)
"""Shown as they are: no markup, no escaping; a web page escapes its own."""

LIMITS = {"toast": 200, "command": 256, "staff_command": 256, "button": 64}
"""Characters a platform takes; a message may hold 4,096 (facts of the Bot API)."""


TAGS = frozenset({"b", "i", "u", "s", "code", "blockquote"})
"""Markup that every platform's adapter knows."""

_MARK = "{"
"""Without one, an entry is its text: there is nothing to fill in."""

_ANGLE = re.compile(r"<[^<>]*>?")
# Placeholders and conditions on them: nothing else, so that no text can fail or leak once started.
_SPEECH = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Test,
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with an entry; `kind` is an entry of the catalogue of problems."""

    entry: str
    kind: str
    detail: str


class CatalogueError(ValueError):
    """The catalogue cannot be used; `flaws` says everything that is wrong with it."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        super().__init__("; ".join(f"{flaw.entry}: {flaw.kind} {flaw.detail}" for flaw in flaws))
        self.flaws = flaws


class Catalogue:
    """Entries by name, `section.entry`; each is compiled when it is first shown."""

    def __init__(self, tables: Mapping[str, object]) -> None:
        """Check all entries.

        Raises:
            CatalogueError: an entry is missing, unknown, broken or takes other arguments.
        """
        self._html = _environment(is_html=True)
        self._plain = _environment(is_html=False)
        texts = dict(_entries(tables))
        flaws = [*_missing(texts), *self._flaws_of(texts)]
        if flaws:
            raise CatalogueError(tuple(flaws))
        self._texts = texts
        self._constants = {
            name: _shown(name, text) for name, text in texts.items() if _MARK not in text
        }
        self._templates: dict[str, Template] = {}

    def text(self, name: str, /, **arguments: object) -> str:
        """The entry with its arguments; text arguments are escaped in HTML sections.

        What an HTML section gives is `Markup`: as an argument of another entry it stands as it is.
        """
        constant = self._constants.get(name)
        if constant is not None:
            return constant
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = self._compiled(name)
        return _shown(name, template.render(arguments))

    def has(self, name: str) -> bool:
        return name in self._texts

    @property
    def names(self) -> tuple[str, ...]:
        """All entries, in the order of the file."""
        return tuple(self._texts)

    @cached_property
    def commands(self) -> tuple[tuple[str, str], ...]:
        """The residents' commands with their descriptions, in the order of the file."""
        return self._described("command.")

    @cached_property
    def staff_commands(self) -> tuple[tuple[str, str], ...]:
        """The commands of those who run the contest, likewise."""
        return self._described("staff_command.")

    def _described(self, section: str) -> tuple[tuple[str, str], ...]:
        names = [name for name in self._texts if name.startswith(section)]
        return tuple((name.removeprefix(section), self._constants[name]) for name in names)

    def _compiled(self, name: str) -> Template:
        environment = self._plain if _is_plain(name) else self._html
        return environment.from_string(self._texts[name])

    def _parsed(self, text: str) -> nodes.Template:
        if _MARK in text:
            return self._html.parse(text)
        return nodes.Template([nodes.Output([nodes.TemplateData(text)])], lineno=1)

    def _flaws_of(self, texts: Mapping[str, str]) -> Iterator[Flaw]:
        for name, text in texts.items():
            declared = ARGUMENTS.get(name)
            if declared is None:
                yield Flaw(name, "unknown_entry", "")
                continue
            try:
                tree = self._parsed(text)
            except TemplateError as error:
                yield Flaw(name, "broken_entry", error.message or "")
                continue
            if (strange := _strange_node(tree)) is not None:
                yield Flaw(name, "broken_entry", strange)
                continue
            used = {node.name for node in tree.find_all(nodes.Name)}
            wrong_tag = None if _is_plain(name) else _wrong_tag(tree.body)
            if wrong_tag is not None:
                yield Flaw(name, "bad_markup", wrong_tag)
            for extra in sorted(used - set(declared)):
                yield Flaw(name, "unknown_placeholder", extra)
            for absent in sorted(set(declared) - used):
                yield Flaw(name, "missing_placeholder", absent)
            if not text.strip():
                yield Flaw(name, "empty", "")
            limit = LIMITS.get(name.partition(".")[0], 3_000)
            if len(text) > limit:
                yield Flaw(name, "too_long", str(limit))


def _entries(tables: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for section, table in tables.items():
        if not isinstance(table, Mapping):
            raise CatalogueError((Flaw(section, "not_a_section", ""),))
        for key, text in table.items():
            if not isinstance(text, str):
                raise CatalogueError((Flaw(f"{section}.{key}", "not_a_text", ""),))
            # As a template reads it: the line's end after the text is no part of it.
            yield f"{section}.{key}", text.removesuffix("\n")


def _missing(texts: Mapping[str, str]) -> Iterator[Flaw]:
    for name in ARGUMENTS:
        if name not in texts:
            yield Flaw(name, "missing_entry", "")


def _strange_node(tree: nodes.Template) -> str | None:
    """Kind and line of the first part that is more than a placeholder or a condition on one."""
    for node in tree.find_all(nodes.Node):
        is_test_known = not isinstance(node, nodes.Test) or node.name == "none"
        if not isinstance(node, _SPEECH) or not is_test_known:
            return f"{type(node).__name__}, {node.lineno}"
    return None


def _wrong_tag(body: Iterable[nodes.Node]) -> str | None:
    """The first tag that is unknown, out of turn or left open; a branch closes what it opens."""
    opened: list[str] = []
    for node in body:
        for branch in _branches_of(node):
            if (wrong := _wrong_tag(branch)) is not None:
                return wrong
        for tag in _tags_of(node):
            name = tag.strip("</>")
            if tag == f"<{name}>" and name in TAGS:
                opened.append(name)
            elif not opened or tag != f"</{opened.pop()}>":
                return tag
    return f"<{opened[-1]}>" if opened else None


def _branches_of(node: nodes.Node) -> list[list[nodes.Node]]:
    if not isinstance(node, nodes.If):
        return []
    return [node.body, *(other.body for other in node.elif_), node.else_]


def _tags_of(node: nodes.Node) -> list[str]:
    if not isinstance(node, nodes.Output):
        return []
    pieces = [piece.data for piece in node.nodes if isinstance(piece, nodes.TemplateData)]
    return [tag for piece in pieces for tag in _ANGLE.findall(piece)]


def _shown(name: str, text: str) -> str:
    return text if _is_plain(name) else Markup(text)  # noqa: S704 (escaped by its environment)


def _is_plain(name: str) -> bool:
    return name.partition(".")[0] in PLAIN_SECTIONS


def _environment(*, is_html: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=is_html, undefined=StrictUndefined, keep_trailing_newline=False
    )
    environment.globals.clear()
    return environment
