"""The doors of one-time links over real HTTP: what uses a link, what guards it, what ends it."""

import asyncio
import base64
import hashlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from handlers.file_links import LINK_MS
from handlers.file_works import (
    MAX_FILE_BYTES,
    Download,
    FileOrder,
    Preview,
    Terms,
    Trouble,
    Upload,
)
from handlers.office_links import SentFile
from handlers.ports import StoreAwayError
from tests.staffing import dismiss
from web import file_links, sent_files
from web.allowance import BURST
from web.link_pages import LinkPages

Serve = Callable[..., Awaitable[Any]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def test_page_says_what_for_whom_until_when_and_asks_the_code(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")

    status, html, _ = await browser.get()

    assert status == 200
    for words in (
        "Ngân hàng câu hỏi có đáp án",
        "ngan-hang-co-dap-an.xlsx",
        "Ban Giám khảo, đúng tài khoản đã nhận",
        "Mã 6 số",
        "Tải tệp xuống",
        "Tài liệu kín",
    ):
        assert words in html
    assert scene.code not in html


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_t41_previews_and_prefetch_use_nothing(serve: Serve, scene: Any, method: str):
    browser = await serve()
    await scene.ask("Excel, có đáp án")

    statuses = [(await browser.get(method))[0] for _ in range(10)]
    status, body, headers = await browser.press("download")

    assert statuses == [200] * 10
    assert (status, body, headers["Content-Type"]) == (200, b"the file", XLSX)


async def test_t41_a_file_goes_to_one_of_two_presses_at_once(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")

    answers = await asyncio.gather(*(browser.press("download") for _ in range(2)))

    assert sorted(status for status, _, _ in answers) == [200, 410]
    used = next(body for status, body, _ in answers if status == 410)
    assert "Đường dẫn đã dùng rồi" in used.decode()
    assert [act for act, _ in await scene.acts()] == ["file_offered", "file_downloaded"]


async def test_t41_reloading_a_used_link_says_that_it_is_used(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")
    await browser.press("download")

    status, html, _ = await browser.get()

    assert status == 410
    assert "mỗi đường dẫn chỉ dùng một lần" in html
    assert "lấy đường dẫn mới" in html


async def test_t41_expired_unknown_and_lost_role_read_differently(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")
    unknown = await browser.get(path=f"{browser.base}/l/{'x' * 43}")
    malformed = await browser.get(path=f"{browser.base}/l/short")
    await dismiss(scene.store.database, scene.account)
    lost = await browser.press("download")
    scene.clock.wait(LINK_MS)
    expired = await browser.get()

    assert [one[0] for one in (unknown, malformed, lost, expired)] == [404, 404, 403, 410]
    assert "Không có đường dẫn này" in unknown[1]
    assert "Không có đường dẫn này" in malformed[1]
    assert "không còn được phân công" in lost[1].decode()
    assert "hết hạn" in expired[1]
    assert scene.works.produced == 0


async def test_t41_five_wrong_codes_end_the_link(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")

    answers = [await browser.press("download", scene.wrong) for _ in range(5)]
    after = await browser.press("download")

    assert [status for status, _, _ in answers] == [403, 403, 403, 403, 410]
    assert "Còn 4 lần gõ" in answers[0][1].decode()
    assert "gõ sai mã 5 lần" in answers[4][1].decode()
    assert after[0] == 410


async def test_malformed_code_is_asked_again(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")

    status, body, _ = await browser.press("download", "12 34")

    assert status == 403
    assert "đúng 6 chữ số" in body.decode()


async def test_headers_keep_the_page_to_itself(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")

    _, html, page = await browser.get()
    _, _, file = await browser.press("download")

    for headers in (page, file):
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "Set-Cookie" not in headers
    policy = dict(one.split(" ", 1) for one in page["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    for kind, tag in (("style-src", "style"), ("script-src", "script")):
        (inside,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert policy[kind] == f"'sha256-{digest}'"
    assert file["Content-Disposition"] == 'attachment; filename="ngan-hang-co-dap-an.xlsx"'


async def test_pages_name_no_address_but_their_own(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")

    pages = [
        (await browser.get())[1],
        (await browser.press("open"))[1].decode(),
        (await browser.send("a.xlsx", b"bad"))[1],
        (await browser.send("a.xlsx", b"sound"))[1],
    ]

    for html in pages:
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', html)
        assert {one for one in addresses if not one.startswith(f"/l/{scene.token}")} == {"data:,"}
        assert "http://" not in html
        assert "https://" not in html


async def test_names_of_files_are_escaped(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")

    _, html = await browser.send("<img src=x onerror=alert(1)>.xlsx", b"sound")
    _, hidden = await browser.send("a\u202e\u200b.xlsx", b"sound")

    assert "<img" not in html
    assert "&lt;img src=x" in html
    assert "\u202e" not in hidden
    assert "a.xlsx" in hidden


async def test_a_file_is_sent_looked_at_and_taken(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")

    opened = (await browser.press("open"))[1].decode()
    bad = await browser.send("a.xlsx", b"bad")
    good = await browser.send("C:\\Ho so\\câu hỏi.xlsx", b"sound")
    upload = re.search(r'name="upload" value="(\d+)"', good[1])[1]
    dropped = await browser.press("drop", upload=upload)
    gone = await browser.press("take", upload=upload)
    again = await browser.send("b.xlsx", b"sound")
    upload = re.search(r'name="upload" value="(\d+)"', again[1])[1]
    taken = await browser.press("take", upload=upload)
    twice = await browser.press("take", upload=upload)

    assert "không quá 10 MB" in opened
    assert bad[0] == 200
    assert "có 1 lỗi" in bad[1]
    assert 'value="take"' not in bad[1]
    assert "Xem trước: câu hỏi.xlsx" in good[1]
    assert "Đã bỏ tệp vừa gửi" in dropped[1].decode()
    assert 'type="file"' in gone[1].decode()
    assert (taken[0], "done" in taken[1].decode()) == (200, True)
    assert twice[0] == 410
    assert [file.name for file, _ in scene.works.taken] == ["b.xlsx"]


async def test_nothing_of_a_file_is_read_before_its_code(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    asked: list[int] = []

    async def content() -> AsyncIterator[bytes]:
        yield _head(scene.wrong)
        for part in range(10_000):
            asked.append(part)
            yield b"x" * 65_536

    status, html = await _stream(browser, content())

    assert status == 403
    assert "Mã chưa đúng" in html
    assert len(asked) < 10_000


BOUNDARY = "line"


def _head(code: str, name: str = "a.xlsx") -> bytes:
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="code"\r\n\r\n{code}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    ).encode()


async def _stream(browser: Any, body: AsyncIterator[bytes]) -> tuple[int, str]:
    """Send a body in pieces of unknown length; what was answered by the connection's end."""
    host, port = browser.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    path = f"/l/{browser.scene.token}/file"
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{kind}\r\n\r\n"
    writer.write(head.encode())
    answer = asyncio.create_task(_answer(reader))
    with suppress(ConnectionError):
        async for piece in body:
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
            if answer.done():
                break
    text = await answer
    writer.close()
    return int(text.split(" ", 2)[1]), text


async def _answer(reader: asyncio.StreamReader) -> str:
    """All that comes before the server closes, in whichever way it does."""
    said = bytearray()
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            said += piece
    return said.decode()


async def test_t46_a_body_over_the_limit_ends_the_connection_early(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    sent = 0

    async def content() -> AsyncIterator[bytes]:
        nonlocal sent
        yield _head(scene.code)
        while sent < 100 * MAX_FILE_BYTES:
            sent += 65_536
            yield b"x" * 65_536

    status, html = await _stream(browser, content())

    assert status == 413
    assert "Tệp nặng quá 10 MB" in html
    assert "Connection: close" in html
    assert sent < 100 * MAX_FILE_BYTES
    assert 'type="file"' in html


async def test_t46_a_length_over_the_limit_is_refused_unread(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    headers = {
        "Content-Length": str(300 * 1024 * 1024),
        "Content-Type": "multipart/form-data; boundary=line",
        "Expect": "100-continue",
    }
    host, port = browser.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"POST /l/{scene.token}/file HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())

    text = (await reader.read()).decode()

    writer.close()
    assert "HTTP/1.1 413" in text
    assert "Tệp nặng quá 10 MB" in text


async def test_a_file_of_exactly_the_limit_is_taken_and_a_byte_more_is_not(
    serve: Serve, scene: Any
):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")

    whole = await browser.send("a.xlsx", b"x" * MAX_FILE_BYTES)
    more = await browser.send("a.xlsx", b"x" * (MAX_FILE_BYTES + 1))

    assert (whole[0], more[0]) == (200, 413)
    assert "Xem trước" in whole[1]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "multipart/form-data; boundary=line", 400),
        (b"", "multipart/form-data", 400),
        (b"--line\r\n\r\n", "multipart/form-data; boundary=line", 400),
        (b"garbage", "multipart/form-data; boundary=line", 400),
        (b'--line\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--line--',
         "multipart/form-data; boundary=line", 400),
        (b"--line\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\nx\r\n--in--",
         "multipart/form-data; boundary=line", 400),
        (b'--line\r\nContent-Disposition: form-data; name="code"\r\n\r\n' + b"1" * 9_000,
         "multipart/form-data; boundary=line", 413),
        (b"code=1", "application/x-www-form-urlencoded", 415),
        (b"{}", "application/json", 415),
    ],
)  # fmt: skip
async def test_t46_what_is_no_form_with_a_file_is_refused_in_words(
    serve: Serve, scene: Any, http: Any, body: bytes, kind: str, status: int
):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")

    async with http.post(
        f"{browser.url}/file", data=body, headers={"Content-Type": kind}
    ) as answer:
        html = await answer.text()

    assert answer.status == status
    assert "Chưa làm được" in html
    assert (await browser.press("open"))[0] == 200


@pytest.mark.parametrize("content", [b"", None])
async def test_no_file_or_an_empty_one_is_asked_again(serve: Serve, scene: Any, content: Any):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")

    status, html = await browser.send("" if content is None else "a.xlsx", content or b"")

    assert status == 400
    assert "Chưa chọn tệp, hoặc tệp rỗng" in html
    assert 'type="file"' in html


async def test_form_that_is_none_is_refused(serve: Serve, scene: Any, http: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")
    statuses = []

    for body, kind in (
        (b"x" * 5_000, "application/x-www-form-urlencoded"),
        (b"&".join([b"a=1"] * 50), "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ):
        async with http.post(browser.url, data=body, headers={"Content-Type": kind}) as answer:
            statuses.append(answer.status)

    assert statuses == [413, 400, 415]


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)],
)
async def test_forms_of_other_sites_are_refused(
    serve: Serve, scene: Any, http: Any, site: str, status: int
):
    browser = await serve()
    await scene.ask("Excel, có đáp án")
    form = {"code": scene.code, "step": "download"}

    async with http.post(browser.url, data=form, headers={"Sec-Fetch-Site": site}) as answer:
        assert answer.status == status


async def test_other_methods_are_none(serve: Serve, scene: Any, http: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")

    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        async with http.request(method, browser.url) as answer:
            assert answer.status == 405
    async with http.get(f"{browser.url}/file") as answer:
        assert answer.status == 405


async def test_what_hinders_is_said_and_the_link_stands(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    scene.works.terms = Terms(hindrances=("Không ghi được.",))

    status, body, _ = await browser.press("open")
    scene.works.terms = Terms(notes=("Máy A.",))
    opened, html, _ = await browser.press("open")

    assert (status, opened) == (409, 200)
    assert "Không ghi được." in body.decode()
    assert "Máy A." in html.decode()


async def test_trouble_is_told_line_by_line(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")
    scene.works.trouble = Trouble(("one <b>", "two"))

    status, body, _ = await browser.press("download")

    assert status == 409
    assert "<p>one &lt;b&gt;</p>" in body.decode()
    assert "<p>two</p>" in body.decode()


async def test_sql_that_is_away_is_told_and_costs_nothing(serve: Serve, scene: Any, desk: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")
    links = desk.office.links

    class Away:
        async def find(self, _: str) -> None:
            raise StoreAwayError("away")

    desk.office.links = Away()
    away = await browser.press("download")
    desk.office.links = links
    status, _, _ = await browser.press("download")

    assert (away[0], away[2]["Retry-After"]) == (503, "60")
    assert "Hệ thống đang bận" in away[1].decode()
    assert status == 200


@pytest.mark.parametrize("shape", ["path", "chunks"])
async def test_large_files_go_in_pieces_and_leave_nothing(
    serve: Serve, scene: Any, tmp_path: Path, shape: str
):
    content = bytes(range(256)) * 4_096
    path, ends = tmp_path / "made.xlsx", []

    async def chunks() -> AsyncIterator[bytes]:
        try:
            for start in range(0, len(content), 100_000):
                yield content[start : start + 100_000]
        finally:
            ends.append(1)

    async def produce(_: FileOrder) -> Any:
        if shape == "chunks":
            return chunks()
        path.write_bytes(content)
        return path

    browser = await serve(scene.works.by_name() | {"bank-keys-xlsx": Download(produce)})
    await scene.ask("Excel, có đáp án")

    status, body, headers = await browser.press("download")
    await browser.stop()

    assert (status, body == content) == (200, True)
    assert ("Content-Length" in headers) == (shape == "path")
    assert not path.exists()
    assert len(ends) == (shape == "chunks")


async def test_a_flood_of_one_address_is_refused_and_an_office_is_not(serve: Serve, scene: Any):
    browser = await serve()
    await scene.ask("Excel, có đáp án")
    proxied = {"X-Forwarded-For": "10.9.9.9, 203.0.113.7"}

    async def statuses(count: int, headers: dict[str, str]) -> list[int]:
        found = []
        for _ in range(count):
            async with browser.http.get(browser.url, headers=headers) as answer:
                found.append(answer.status)
        return found

    office = await statuses(BURST, proxied)
    flood = await statuses(1, proxied)
    invented = await statuses(1, {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
    other = await statuses(1, {"X-Forwarded-For": "203.0.113.8"})
    scene.clock.wait(1_000)
    later = await statuses(1, proxied)

    assert set(office) == {200}
    assert (flood, invented, other, later) == ([429], [429], [200], [200])


async def test_a_process_takes_so_many_files_at_once(
    serve: Serve, scene: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(file_links, "UPLOADS", 1)
    entered, goes_on = asyncio.Event(), asyncio.Event()

    async def preview(file: SentFile, order: FileOrder) -> Preview:
        entered.set()
        await goes_on.wait()
        return await scene.works.preview(file, order)

    works = scene.works.by_name() | {"bank-import": Upload(preview, scene.works.take)}
    browser = await serve(works)
    await scene.ask("Đưa câu hỏi vào ngân hàng")

    first = asyncio.create_task(browser.send("a.xlsx", b"sound"))
    await entered.wait()
    second = await browser.send("b.xlsx", b"sound")
    goes_on.set()

    assert second[0] == 503
    assert "Hệ thống đang bận" in second[1]
    assert (await first)[0] == 200


async def test_strangers_without_the_code_hold_no_place(
    serve: Serve, scene: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(file_links, "UPLOADS", 1)
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    host, port = browser.base.removeprefix("http://").split(":")
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    head = f"POST /l/{scene.token}/file HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n{kind}"
    writers = []
    for _ in range(5):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"{head}\r\n\r\n--{BOUNDARY}\r\n".encode())
        await writer.drain()
        writers.append(writer)

    status, _ = await browser.send("a.xlsx", b"sound")

    for writer in writers:
        writer.close()
    assert status == 200


async def test_a_sender_that_hangs_up_is_no_error_and_holds_no_place(
    serve: Serve, scene: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(file_links, "UPLOADS", 1)
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    host, port = browser.base.removeprefix("http://").split(":")
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    head = f"POST /l/{scene.token}/file HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n{kind}"
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"{head}\r\n\r\n".encode() + _head(scene.code) + b"half a file")
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    async with asyncio.timeout(30):
        while (await browser.send("a.xlsx", b"sound"))[0] == 503:
            pass

    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_pages_behind_a_folder_keep_to_it(desk: Any, scene: Any):
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    pages = LinkPages(desk.catalogue, desk.rendering, "/hoithi")

    _, html = pages.page(await scene.visits.open(scene.token, scene.code))

    assert re.findall(r'action="([^"]*)"', html) == [f"/hoithi/l/{scene.token}/file"]


async def test_a_sender_that_falls_silent_is_let_go(
    serve: Serve, scene: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sent_files, "IDLE_S", 0.05)
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")

    async def silent() -> AsyncIterator[bytes]:
        yield _head(scene.code)

    status, html = await _stream(browser, silent())

    assert status == 408
    assert "quá lâu" in html


async def test_t43_no_token_no_code_and_no_name_in_the_logs(
    serve: Serve, scene: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    browser = await serve()
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    token, code = scene.token, scene.code

    await browser.get()
    await browser.press("open", scene.wrong)
    await browser.send("Lê Thị Bí Mật.xlsx", b"sound")
    scene.works.terms = None
    failed = await browser.press("open")

    said = caplog.text + capsys.readouterr().out
    assert failed[0] == 500
    assert "file_previewed" in said
    assert token not in said
    assert code not in said
    assert "Bí Mật" not in said
