"""No message is left over: whatever is declared is named, whole or in part, where it is said."""

import ast
from collections.abc import Iterator
from pathlib import Path

from handlers.declared import ARGUMENTS

ROOT = Path(__file__).parents[2]
SAYING = ("bot", "handlers", "reports", "scheduler", "store", "web")
ELSEWHERE = ("page.", "act.", "button.bank_")
"""Named by templates, by rows of the audit trail and by two parts joined."""

SHORTEST = 3
"""A part shorter than this names nothing."""


def strings() -> Iterator[ast.Constant | ast.JoinedStr]:
    for package in SAYING:
        for path in (ROOT / package).rglob("*.py"):
            if "declared" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant | ast.JoinedStr):
                    yield node


def test_every_declared_message_is_named_where_it_is_said() -> None:
    named, beginnings, ends = set(), set(), set()
    for node in strings():
        if isinstance(node, ast.JoinedStr):
            first, last = node.values[0], node.values[-1]
            if isinstance(first, ast.Constant) and len(str(first.value)) >= SHORTEST:
                beginnings.add(str(first.value))
            if isinstance(last, ast.Constant) and len(str(last.value)) >= SHORTEST:
                ends.add(str(last.value))
        elif isinstance(node.value, str):
            named |= {node.value, node.value.replace("-", "_")}
    # A whole section is no name: `f"button.{entry}"` is met by the entry's own name.
    beginnings -= {f"{name.partition('.')[0]}." for name in ARGUMENTS}

    left_over = [
        name
        for name in ARGUMENTS
        if not name.startswith(ELSEWHERE)
        and not {name, name.partition(".")[2]} & named
        and not name.startswith(tuple(beginnings))
        and not name.partition(".")[2].startswith(tuple(beginnings))
        and not name.endswith(tuple(ends))
    ]

    assert left_over == []
