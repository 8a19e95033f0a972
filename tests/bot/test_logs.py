import io
import logging
import sys
from collections.abc import Iterator

import orjson
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs import (
    SCRUBBED,
    TALKATIVE,
    Unbreakable,
    chat_name,
    hide_chats,
    scrub,
    start_logs,
)

TOKEN = "123456789:AAHk-abcdefghijklmnopqrstuvwxyz_012"
URL = f"https://api.telegram.org/bot{TOKEN}/getMe"


class TokenError(Exception):
    """An error as libraries raise it, its text full of the URL."""


def failed() -> TokenError:
    """An error that was raised, with its traceback."""

    def fail() -> None:
        raise TokenError(URL)

    try:
        fail()
    except TokenError as error:
        return error


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Standard error under logs at DEBUG; afterwards everything as it was."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    start_logs("debug")
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def line_of(stderr: io.StringIO) -> dict[str, object]:
    """The one line written, read back; no trace of the token anywhere."""
    assert TOKEN not in stderr.getvalue()
    (line,) = stderr.getvalue().splitlines()
    return orjson.loads(line)


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        (TOKEN, SCRUBBED),
        (URL, f"https://api.telegram.org/{SCRUBBED}/getMe"),
        (f"a {TOKEN} b {TOKEN}", f"a {SCRUBBED} b {SCRUBBED}"),
        (f"/file/bot{TOKEN}/x.jpg", f"/file/{SCRUBBED}/x.jpg"),
        ("09:00:00 10/12/2025", "09:00:00 10/12/2025"),
        ("attempt 123456789: done", "attempt 123456789: done"),
        ("", ""),
    ],
)
def test_t43_scrub_table(text: str, scrubbed: str):
    assert scrub(text) == scrubbed


@settings(deadline=None)
@given(
    st.from_regex(r"[0-9]{8,10}:[A-Za-z0-9_-]{35}", fullmatch=True),
    st.text(st.characters(exclude_categories=("Nd",)), max_size=20),
    st.text(max_size=20),
)
def test_t43_no_token_survives(token: str, before: str, after: str):
    assert token not in scrub(f"{before}{token}{after}")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(URL, id="text"),
        pytest.param([URL], id="list"),
        pytest.param({"url": URL}, id="table"),
        pytest.param({TOKEN: 1}, id="key"),
        pytest.param((1, [{"a": URL}]), id="deep"),
        pytest.param(TokenError(URL), id="error"),
        pytest.param(URL.encode(), id="bytes"),
    ],
)
def test_t43_structlog_value_is_scrubbed(stderr: io.StringIO, value: object):
    structlog.get_logger().info("called", value=value)

    line = line_of(stderr)

    assert (line["event"], line["level"]) == ("called", "info")
    assert SCRUBBED in str(line["value"])


def test_t43_structlog_event_is_scrubbed(stderr: io.StringIO):
    structlog.get_logger().debug(URL)

    assert line_of(stderr)["event"] == f"https://api.telegram.org/{SCRUBBED}/getMe"


def test_t43_structlog_exception_is_scrubbed(stderr: io.StringIO):
    structlog.get_logger().exception("failed", url=URL, exc_info=failed())

    assert line_of(stderr)["event"] == "failed"


def test_t43_structlog_context_is_scrubbed(stderr: io.StringIO):
    with structlog.contextvars.bound_contextvars(url=URL):
        structlog.get_logger().warning("called")

    assert line_of(stderr)["url"] == f"https://api.telegram.org/{SCRUBBED}/getMe"


@pytest.mark.parametrize(
    ("message", "arguments"),
    [(URL, ()), ("HTTP Request: %s", (URL,)), ("%s", ([URL],)), ("%(u)s", ({"u": URL},))],
    ids=["text", "argument", "list", "table"],
)
def test_t43_standard_line_is_scrubbed(
    stderr: io.StringIO, message: str, arguments: tuple[object, ...]
):
    logging.getLogger("some.library").debug(message, *arguments)

    line = line_of(stderr)

    assert (line["level"], line["logger"]) == ("debug", "some.library")
    assert SCRUBBED in line["event"]


def test_t43_standard_exception_says_its_class_only(stderr: io.StringIO):
    error = failed()

    logging.getLogger("some.library").error("failed: %s", error, exc_info=error)

    line = line_of(stderr)

    assert line == {
        "event": f"failed: https://api.telegram.org/{SCRUBBED}/getMe",
        "level": "error",
        "logger": "some.library",
        "error": "TokenError",
    }


def test_t43_line_that_cannot_be_written_leaks_nothing(stderr: io.StringIO):
    logging.getLogger("some.library").debug("%d", URL)

    assert stderr.getvalue() == ""


def test_t43_logger_s_name_is_scrubbed(stderr: io.StringIO):
    logging.getLogger(f"client.{TOKEN}").warning("x")

    assert line_of(stderr)["logger"] == f"client.{SCRUBBED}"


@pytest.mark.parametrize("name", TALKATIVE)
def test_t42_talkative_library_is_silent_below_warning(stderr: io.StringIO, name: str):
    logger = logging.getLogger(name)

    logger.debug("update: %s", "Nguyễn Thị Hoa")
    logger.info("HTTP Request: POST %s", URL)

    assert stderr.getvalue() == ""


def test_level_is_kept_for_both_kinds(stderr: io.StringIO, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stderr", stderr)
    start_logs("warning")

    structlog.get_logger().info("quiet")
    logging.getLogger("some.library").info("quiet")
    logging.getLogger("httpx").error("loud")

    assert line_of(stderr) == {"event": "loud", "level": "error", "logger": "httpx"}


def test_t10_a_log_that_cannot_be_written_harms_nobody() -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    stream = Unbreakable(Full())

    assert stream.write("line") == 0
    stream.flush()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(stderr: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard error is a terminal; what was set is put back by the fixture before."""
    assert stderr.getvalue() == ""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    start_logs("debug")
    return stream


def test_line_at_a_terminal_is_made_for_eyes_and_scrubbed(terminal: Terminal):
    structlog.get_logger().warning("called", url=URL, tries=2)
    logging.getLogger("some.library").error("failed: %s", URL)

    first, second = terminal.getvalue().splitlines()

    assert first.startswith("warning  called ")
    assert f"url=https://api.telegram.org/{SCRUBBED}/getMe" in first
    assert "tries=2" in first
    assert second.startswith(f"error    failed: https://api.telegram.org/{SCRUBBED}/getMe")


def test_line_at_a_terminal_cannot_steer_it_or_forge_another(terminal: Terminal):
    structlog.get_logger().info("a\nerror    forged", value="\x1b[2J\r\x9b")

    (line,) = terminal.getvalue().splitlines()

    assert line.isprintable()


@pytest.mark.parametrize("key", ["chat", "to"])
@pytest.mark.parametrize("chat", ["100200300", 100_200_300], ids=["text", "number"])
def test_t42_id_of_a_chat_is_not_in_a_line(stderr: io.StringIO, key: str, chat: object):
    hide_chats(b"k" * 32)

    structlog.get_logger().info("chat_moved", **{key: chat})

    assert line_of(stderr)[key] == chat_name("100200300")
    assert "100200300" not in stderr.getvalue()


def test_t42_name_of_a_chat_follows_from_the_key():
    hide_chats(b"k" * 32)
    name = chat_name("123456")
    hide_chats(b"l" * 32)
    other = chat_name("123456")
    hide_chats(b"k" * 32)

    assert (chat_name("123456"), len(name)) == (name, 10)
    assert name not in {other, chat_name("123457")}
