"""Hostile and broken files through the upload page, over real HTTP (FAULTS T46, T48).

What each reader makes of each file is `tests/question_bank/importers`' business; here: whatever is
sent, the page answers in words that name the place, nothing is written, and the app goes on.
"""

import asyncio
import io
import random
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bot.bank_works import BankWorks
from bot.settings import Config, read_config
from bot.staged_drafts import StagedDrafts
from handlers.desk import Desk
from question_bank.importers import child
from question_bank.importers.docx_out import bank_paper
from question_bank.importers.toml_file import read_bank
from question_bank.importers.toml_text import bank_text
from question_bank.importers.xlsx_out import bank_workbook
from question_bank.question import Option, Question, QuestionBank
from store.house import Store

ROOT = Path(__file__).parents[2]
MEGABYTE = 1024 * 1024
IMPORT = "Đưa câu hỏi vào ngân hàng"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EXCEL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Serve = Callable[..., Awaitable[Any]]


def bank_of(prefix: str, count: int) -> QuestionBank:
    questions = tuple(
        Question(
            f"{prefix}-{at:03}", "so", f"Việc {prefix} thứ {at} nộp ở đâu?",
            tuple(Option(letter, f"Nơi {letter} của {prefix} {at}") for letter in "abcd"),
            "abcd"[at % 4], False, "Điều 1", "Vì thế.", 1 + at % 3,
        )
        for at in range(count)
    )  # fmt: skip
    return QuestionBank(questions, {"so": "Chuyển đổi số"})


NEW = bank_of("moi", 6)
XLSX = bank_workbook(NEW, with_keys=True)
DOCX = bank_paper(NEW, with_keys=True)
HEAD = "Câu hỏi,A,B,C,Đáp án,Chủ đề,Nguồn\n"
ROW = "Việc {} nộp ở đâu?,Nơi x {},Nơi y {},Nơi z {},A,Chuyển đổi số,Điều 2\n"


def csv_of(count: int) -> str:
    return HEAD + "".join(ROW.format(at, at, at, at) for at in range(count))


def zipped(parts: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_part(data: bytes, name: str, content: bytes | str) -> bytes:
    """The zip with one part in another's place, or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts: dict[str, bytes | str] = {one: old.read(one) for one in old.namelist()}
    return zipped(parts | {name: content})


def sheet_of(*rows: tuple[str, ...], formula: str = "", merged: str = "") -> bytes:
    """A workbook; `formula` stands in B2, `merged` is a range."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text)
    if formula:
        sheet.write_formula("B2", formula, None, "Tên")
    if merged:
        sheet.merge_range(merged, "Gộp ô")
    book.close()
    return buffer.getvalue()


def ole(*streams: str) -> bytes:
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + directory


ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    '<{root} xmlns="{space}"><{inner}>&e;</{inner}></{root}>'
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12))
    + "]><x>&a11;</x>"
)
WIDE = (
    f'<worksheet xmlns="{EXCEL}"><sheetData><row r="1"><c r="A1"><v>1</v></c>'
    '<c r="BDWGN1"><v>1</v></c></row></sheetData></worksheet>'
)
COLUMNS = ("Câu hỏi", "A", "B", "C", "Đáp án", "Chủ đề", "Nguồn")
SOUND = ("Nộp ở đâu?", "Nơi x", "Nơi y", "Nơi z", "A", "Chuyển đổi số", "Điều 2")
NO_KEY = ("Nộp lúc nào?", "Sáng", "Chiều", "Tối", "", "Chuyển đổi số", "Điều 2")

CORPUS: dict[str, tuple[str, bytes, str]] = {
    "zip bomb": (
        "a.docx",
        zipped({"word/document.xml": b"\x00" * (100 * MEGABYTE)}),
        "tệp nén bất thường",
    ),
    "a million columns": (
        "a.xlsx",
        with_part(XLSX, "xl/worksheets/sheet1.xml", WIDE),
        "cần không quá|không đọc được bên trong tệp|không thấy dòng tiêu đề",
    ),
    "nested zip": ("a.docx", zipped({"a.docx": DOCX}), "bên trong không phải"),
    "entities of a document": (
        "a.docx",
        with_part(
            DOCX,
            "word/document.xml",
            ENTITY.format(root="document", inner="body", space=WORD),
        ),
        "khai báo XML không an toàn",
    ),
    "entities of a sheet": (
        "a.xlsx",
        with_part(XLSX, "xl/worksheets/sheet1.xml", LAUGHS),
        "khai báo XML không an toàn",
    ),
    "entities of a workbook": (
        "a.xlsx",
        with_part(XLSX, "xl/workbook.xml", LAUGHS),
        "khai báo XML không an toàn",
    ),
    "macro inside": ("a.xlsx", with_part(XLSX, "xl/vbaProject.bin", b"x"), "tệp có macro"),
    "macro by name": ("a.xlsm", XLSX, "tệp có macro"),
    "formula": (
        "a.xlsx",
        sheet_of(COLUMNS, SOUND, formula='=HYPERLINK("http://127.0.0.1:9/x")'),
        "dòng 2.*ô B2 là công thức",
    ),
    "picture of 300 MB": (
        "a.docx",
        with_part(DOCX, "word/media/x.png", b"\x00" * (300 * MEGABYTE)),
        "bung ra quá lớn",
    ),
    "wrong extension": ("a.docx", XLSX, "bên trong là xlsx"),
    "merged cells": (
        "a.xlsx",
        sheet_of(COLUMNS, SOUND, NO_KEY, merged="A4:G4"),
        "dòng 3.*chưa có đáp án",
    ),
    "byte order mark": (
        "a.csv",
        b"\xef\xbb\xbf" + (csv_of(2) + ",x,y,z,A,Chuyển đổi số,Điều 2\n").encode(),
        "dòng 4.*thiếu nội dung câu hỏi",
    ),
    "truncated": ("a.xlsx", XLSX[: len(XLSX) // 2], "tệp bị hỏng"),
    "empty inside": ("a.csv", b" \r\n\t\n", "tệp rỗng"),
    "password": ("a.xlsx", ole("EncryptionInfo", "EncryptedPackage"), "tệp đặt mật khẩu"),
    "old word": ("a.docx", ole("Root Entry", "WordDocument"), "tệp .doc kiểu cũ"),
    "web page": ("a.xls", b"<html><table></table></html>", "trang web"),
    "program": ("a.exe", b"MZ" + b"\x00" * 100, "không biết loại tệp này"),
    "no name's end": ("a", XLSX, "không biết loại tệp này"),
    "deep brackets": ("a.toml", b"x = [" + b"[" * 100_000, "lồng nhau quá sâu"),
    "two problems": (
        "a.csv",
        (csv_of(1) + "Nộp gì?,x,y,z,,Chuyển đổi số,Điều 2\n" + "Ai?,x,x,z,A,Lạ,Điều 2\n").encode(),
        "dòng 3.*chưa có đáp án",
    ),
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The shipped settings over a small bank of this test's own."""
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "so.toml").write_text(bank_text(bank_of("cu", 3)), "utf-8")
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    path = tmp_path / "config.toml"
    path.write_text(text.replace('"question_bank/questions"', f'"{folder}"'), "utf-8")
    return read_config(path)


@pytest.fixture
async def browser(serve: Serve, scene: Any, desk: Desk, store: Store, config: Config) -> Any:
    """At the page that takes questions, its code known."""
    drafts = StagedDrafts(config.path("questions"), store.audit, desk.contest.id)
    works = BankWorks(config, desk.catalogue, drafts, is_shared=False).works
    opened = await serve(scene.works.by_name() | dict(works))
    await scene.ask(IMPORT)
    return opened


def words_of(html: str) -> str:
    """What a page says, on one line."""
    main = html[html.index("<main>") : html.index("</main>")]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def files_in(config: Config) -> list[str]:
    return sorted(path.name for path in config.path("questions").iterdir())


@pytest.mark.parametrize("case", CORPUS)
async def test_t46_a_hostile_file_ends_in_words_and_changes_nothing(
    browser: Any, config: Config, case: str
):
    name, content, expected = CORPUS[case]

    status, html = await browser.send(name, content)

    words = words_of(html)
    assert status == 200
    assert re.search(expected, words), words
    assert "Chưa dùng được" in words
    assert 'value="take"' not in html
    assert "root:" not in html
    assert "Traceback" not in html
    assert files_in(config) == ["so.toml"]
    assert (await browser.press("open"))[0] == 200


async def test_t46_every_problem_has_its_row(browser: Any):
    name, content, _ = CORPUS["two problems"]

    _, html = await browser.send(name, content)

    rows = re.findall(r"<tr class.*?</tr>", html, re.DOTALL)
    found = [words_of(f"<main>{row}</main>") for row in rows]
    assert [re.search("dòng [0-9]+", row)[0] for row in found] == ["dòng 3", "dòng 4"]
    assert "chưa có đáp án" in found[0]
    assert "không có chủ đề “Lạ”" in found[1]


async def test_t46_a_parser_that_is_killed_harms_nobody(
    browser: Any, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched:
        patched.setattr(child, "_command", lambda: ("/bin/sh", "-c", "kill -9 $$"))
        status, html = await browser.send("a.xlsx", XLSX)

    after = await browser.send("a.xlsx", XLSX)

    assert (status, after[0]) == (200, 200)
    assert "tốn quá nhiều bộ nhớ hoặc thời gian" in words_of(html)
    assert "đọc được 6 mục, không có lỗi" in words_of(after[1])


async def test_t46_a_parser_that_never_ends_is_ended(browser: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(child, "_command", lambda: ("/bin/sh", "-c", "exec sleep 60"))
    read = child.read_bytes
    monkeypatch.setattr(child, "read_bytes", lambda name, data: read(name, data, seconds=0.05))

    _, html = await browser.send("a.xlsx", XLSX)

    assert "tốn quá nhiều bộ nhớ hoặc thời gian" in words_of(html)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to eight wounds: bytes changed, cut, doubled, moved."""
    wounded = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(wounded)), chance.choice([1, 2, 16, 200])
        match chance.randrange(4):
            case 0:
                wounded[at] = chance.randrange(256)
            case 1:
                del wounded[at : at + length]
            case 2:
                wounded[at:at] = wounded[at : at + length]
            case 3:
                wounded[at : at + length] = chance.randbytes(length)
    return bytes(wounded)


async def test_t46_mutants_end_in_words(browser: Any, config: Config):
    sources = {"a.xlsx": XLSX, "a.docx": DOCX, "a.csv": csv_of(4).encode()}
    answers = []

    for name, data in sources.items():
        for seed in range(8):
            chance = random.Random(f"{name} {seed}")
            if data.startswith(b"PK") and seed % 2:
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    parts = [one for one in archive.namelist() if one.endswith(".xml")]
                    part = chance.choice(parts)
                    wounded = with_part(data, part, mutated(archive.read(part), chance))
            else:
                wounded = mutated(data, chance)
            answers.append(await browser.send(name, wounded))

    assert {status for status, _ in answers} == {200}
    assert all(re.search("Chưa dùng được|Tệp dùng được", words_of(html)) for _, html in answers)
    assert sum("Chưa dùng được" in words_of(html) for _, html in answers) >= 8
    assert files_in(config) == ["so.toml"]


@pytest.fixture
async def listener() -> AsyncIterator[tuple[int, list[int]]]:
    """A server that nobody should ask: its port, and who came."""
    came: list[int] = []

    def welcome(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(1)
        writer.close()

    server = await asyncio.start_server(welcome, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], came


async def test_t48_no_address_in_a_file_is_asked(
    browser: Any, listener: tuple[int, list[int]], config: Config
):
    port, came = listener
    url = f"http://127.0.0.1:{port}/x"
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{{kind}}" Target="{url}" TargetMode="External"/></Relationships>'
    )
    linked = f"Xem {url} và =HYPERLINK(“{url}”) ở đâu?"
    files = {
        "a.docx": with_part(
            DOCX, "word/_rels/settings.xml.rels", relation.format(kind="attachedTemplate")
        ),
        "b.xlsx": with_part(
            XLSX, "xl/externalLinks/_rels/externalLink1.xml.rels", relation.format(kind="oleObject")
        ),
        "c.csv": (HEAD + ROW.format(1, 1, 1, 1).replace("Việc 1 nộp ở đâu?", linked)).encode(),
        "d.docx": with_part(
            DOCX,
            "word/document.xml",
            ENTITY.format(root="document", inner="body", space=WORD).replace(
                "file:///etc/passwd", url
            ),
        ),
        "e.xlsx": sheet_of(COLUMNS, SOUND, formula=f'=WEBSERVICE("{url}")'),
    }

    pages = [await browser.send(name, content) for name, content in files.items()]
    sent = await browser.send("c.csv", files["c.csv"])
    upload = re.search(r'name="upload" value="(\d+)"', sent[1])[1]
    taken = await browser.press("take", upload=upload)

    assert [status for status, _ in pages] == [200] * 5
    assert taken[0] == 200
    assert files_in(config) == ["nhap-c.toml", "so.toml"]
    assert came == []


@pytest.mark.parametrize(
    ("name", "content", "count"),
    [
        ("Câu hỏi mới.xlsx", XLSX, 6),
        ("a.docx", DOCX, 6),
        ("a.toml", bank_text(NEW).encode(), 6),
        ("a.csv", csv_of(3).encode(), 3),
        ("bom.csv", b"\xef\xbb\xbf" + csv_of(3).encode(), 3),
    ],
)
async def test_a_sound_file_becomes_drafts_of_its_sender(
    browser: Any, config: Config, scene: Any, name: str, content: bytes, count: int
):
    _, html = await browser.send(name, content)
    upload = re.search(r'name="upload" value="(\d+)"', html)[1]
    before = files_in(config)
    status, body, _ = await browser.press("take", upload=upload)

    bank = read_bank(config.path("questions"))
    drafts = [one for one in bank.questions if one.status == "draft"]
    assert before == ["so.toml"]
    assert f"đọc được {count} mục, không có lỗi" in words_of(html)
    assert (status, len(drafts)) == (200, count)
    assert {one.author for one in drafts} == {f"Tài khoản số {scene.account}"}
    assert f"Đã đưa {count} câu nháp vào ngân hàng" in words_of(body.decode())
    lines = await scene.store.audit.latest(1)
    assert [(one.act, one.detail["count"]) for _, one in lines] == [("bank_import", count)]
