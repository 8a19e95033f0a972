"""Hostile and broken files (T46): read in the child, each ends in words, and the parent goes on."""

import asyncio
import base64
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from question_bank.importers import child
from question_bank.importers.child import read_bytes, read_file, read_file_async, read_table_bytes
from question_bank.importers.docx_out import bank_paper
from question_bank.importers.toml_text import bank_text
from question_bank.importers.xlsx_out import bank_workbook
from question_bank.question import Option, Question, QuestionBank

MakeZip = MakeDocx = MakeXlsx = Callable[..., bytes]

ROOT = Path(__file__).parents[3]
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def bank() -> QuestionBank:
    questions = tuple(
        Question(
            f"q-{at}", "so", f"Câu hỏi số mấy, thứ {at}?",
            tuple(Option(letter, f"Phương án {letter} {at}") for letter in "abcd"),
            "abcd"[at % 4], False, "Điều 1", "Vì thế.", 1 + at % 3,
        )
        for at in range(12)
    )  # fmt: skip
    return QuestionBank(questions, {"so": "Chuyển đổi số"})


@pytest.fixture(scope="module")
def files(bank: QuestionBank) -> dict[str, bytes]:
    plain = "Câu hỏi,A,B,C,Đáp án\n" + "".join(f"Hỏi gì {at}?,x,y,z,A\n" for at in range(9))
    return {
        "a.xlsx": bank_workbook(bank, with_keys=True),
        "a.docx": bank_paper(bank, with_keys=True),
        "a.toml": bank_text(bank).encode(),
        "a.csv": plain.encode(),
        "a.xls": (ROOT / "tests/data/cau-hoi.xls").read_bytes(),
    }


def codes(name: str, data: bytes) -> list[str]:
    return [finding.code for finding in read_bytes(name, data).findings]


def with_part(data: bytes, name: str, content: bytes | str) -> bytes:
    """The zip with one part in another's place, or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx", "a.toml", "a.csv", "a.xls"])
def test_child_reads_what_is_sound(files: dict[str, bytes], tmp_path: Path, name: str):
    path = tmp_path / name
    path.write_bytes(files[name])

    reading = read_file(path)

    assert reading.findings == ()
    assert len(reading.drafts) == {"a.csv": 9, "a.xls": 2}.get(name, 12)


async def test_child_leaves_the_loop_free(files: dict[str, bytes], tmp_path: Path):
    path = tmp_path / "a.docx"
    path.write_bytes(files["a.docx"])
    turns = 0

    reading = asyncio.create_task(read_file_async(path))
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1

    assert len(reading.result().drafts) == 12
    assert turns > 1


def test_t46_missing_file_is_named(tmp_path: Path):
    (finding,) = read_file(tmp_path / "nope.docx").findings

    assert (finding.code, finding.file) == ("unreadable", str(tmp_path / "nope.docx"))


def test_t46_file_too_large_is_not_read(tmp_path: Path):
    path = tmp_path / "a.docx"
    with path.open("wb") as file:
        file.truncate(300 * MEGABYTE)

    (finding,) = read_file(path).findings

    assert finding.code == "file-too-large"
    assert "300 MB" in finding.what


def test_t46_zip_bomb(make_zip: MakeZip):
    bomb = make_zip({"word/document.xml": b"\x00" * (100 * MEGABYTE)})

    assert codes("a.docx", bomb) == ["zip-bomb"]


def test_t46_huge_picture(files: dict[str, bytes]):
    picture = random.Random(1).randbytes(3 * MEGABYTE)

    assert codes("a.docx", with_part(files["a.docx"], "word/media/x.png", picture)) == []
    huge = with_part(files["a.docx"], "word/media/x.png", b"\x00" * (300 * MEGABYTE))
    assert codes("a.docx", huge) == ["zip-large"]


def test_t46_directory_that_lies(files: dict[str, bytes]):
    whole = with_part(files["a.docx"], "word/media/x.bin", b"x" * (2 * MEGABYTE))
    size = (2 * MEGABYTE).to_bytes(4, "little")
    lying = whole.replace(size, (1000).to_bytes(4, "little"))

    assert codes("a.docx", lying) == ["zip-broken"]


def test_t46_entries_that_share_their_bytes(files: dict[str, bytes]):
    buffer = io.BytesIO(files["a.docx"])
    with zipfile.ZipFile(buffer, "a") as archive:
        for at in range(20):
            entry = zipfile.ZipInfo(f"word/{at}.xml")
            first = archive.getinfo("word/document.xml")
            entry.header_offset, entry.CRC = first.header_offset, first.CRC
            entry.compress_size, entry.file_size = first.compress_size, first.file_size
            entry.compress_type = first.compress_type
            archive.filelist.append(entry)
            archive.NameToInfo[entry.filename] = entry
        archive._didModify = True

    assert codes("a.docx", buffer.getvalue()) == ["zip-bomb"]


def test_t46_too_many_entries(make_zip: MakeZip):
    assert codes("a.xlsx", make_zip({f"{at}": "" for at in range(2_001)})) == ["zip-entries"]


def test_t46_nested_zip_is_not_opened(files: dict[str, bytes], make_zip: MakeZip):
    inner = make_zip({"a.docx": files["a.docx"]})

    assert codes("a.docx", inner) == ["not-what-it-says"]
    assert codes("a.docx", with_part(files["a.docx"], "word/embeddings/x.zip", inner)) == []


ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    '<{root} xmlns="{space}"><{inner}>&e;</{inner}></{root}>'
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12))
    + "]><x>&a11;</x>"
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EXCEL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    ("name", "part", "content"),
    [
        ("a.docx", "word/document.xml", ENTITY.format(root="document", inner="body", space=WORD)),
        ("a.docx", "word/styles.xml", LAUGHS),
        ("a.docx", "word/numbering.xml", LAUGHS),
        ("a.xlsx", "xl/worksheets/sheet1.xml", LAUGHS),
        ("a.xlsx", "xl/worksheets/sheet1.xml",
         ENTITY.format(root="worksheet", inner="sheetData", space=EXCEL)),
        ("a.xlsx", "xl/workbook.xml", LAUGHS),
    ],
)  # fmt: skip
def test_t46_entities_are_refused(files: dict[str, bytes], name: str, part: str, content: str):
    assert codes(name, with_part(files[name], part, content)) == ["forbidden-xml"]


def test_t46_entities_in_shared_strings_open_nothing(files: dict[str, bytes]):
    """Calamine reads these: it knows no entities, so that the text stays as it stands."""
    evil = ENTITY.format(root="sst", inner="si", space=EXCEL)

    reading = read_bytes("a.xlsx", with_part(files["a.xlsx"], "xl/sharedStrings.xml", evil))

    assert reading.findings
    assert "root:" not in str(reading)


def test_t46_external_template_and_picture_are_not_fetched(files: dict[str, bytes]):
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/attachedTemplate" Target="http://127.0.0.1:9/x.dotm" TargetMode="External"/>'
        "</Relationships>"
    )

    data = with_part(files["a.docx"], "word/_rels/settings.xml.rels", relations)

    assert codes("a.docx", data) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.docm", "macros"), ("a.xlsm", "macros"), ("a.doc", "old-word"), ("a.pdf", "pdf"),
        ("a.exe", "not-a-kind"), ("a", "not-a-kind"), ("a.rtf", "not-what-it-says"),
    ],
)  # fmt: skip
def test_t46_suffix_alone_is_enough_to_refuse(name: str, code: str):
    assert codes(name, b"anything at all") == [code]


def test_t46_macros_inside_an_innocent_name(files: dict[str, bytes]):
    assert codes("a.xlsx", with_part(files["a.xlsx"], "xl/vbaProject.bin", b"x")) == ["macros"]


def ole(*streams: str) -> bytes:
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + directory


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.doc", ole("Root Entry", "WordDocument"), "old-word"),
        ("a.docx", ole("Root Entry", "WordDocument"), "old-word"),
        ("a.xlsx", ole("EncryptionInfo", "EncryptedPackage"), "locked"),
        ("a.xls", ole("Workbook", "_VBA_PROJECT_CUR"), "macros"),
        ("a.xls", ole("Workbook"), "file-broken"),
        ("a.xls", ole("Else"), "not-what-it-says"),
        ("a.docx", b"{\\rtf1 x}", "rich-text"),
        ("a.xls", b"<html><table><tr><td>x</td></tr></table></html>", "web-page"),
        ("a.docx", b"%PDF-1.7", "pdf"),
        ("a.docx", b"hello", "not-what-it-says"),
        ("a.xlsx", b"PK\x03\x04 and nothing", "zip-broken"),
        ("a.toml", b"\xff\xfe\x00", "not-utf8"),
        ("a.toml", b"x = [" + b"[" * 100_000, "too-deep"),
    ],
)
def test_t46_content_is_what_counts(name: str, data: bytes, code: str):
    assert codes(name, data) == [code]


@pytest.mark.parametrize(("name", "kind"), [("b.xlsx", "a.docx"), ("b.docx", "a.xlsx"),
                                            ("b.xlsx", "a.xls"), ("b.csv", "a.xlsx")])  # fmt: skip
def test_t46_wrong_suffix_is_named(files: dict[str, bytes], name: str, kind: str):
    (finding,) = read_bytes(name, files[kind]).findings

    assert finding.code == "wrong-suffix"
    assert finding.wanted.endswith(Path(kind).suffix)


def test_t46_million_columns_and_a_sheet_without_end(make_xlsx: MakeXlsx):
    wide = (
        "<sheetData><row r='1'><c r='A1'><v>1</v></c><c r='BDWGN1'><v>1</v></c></row></sheetData>"
    )
    large = (
        "<sheetData><row r='1'><c r='A1'><v>1</v></c></row>"
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData>"
    )

    assert codes("a.xlsx", make_xlsx({"S": wide})) in (["too-many-columns"], ["file-broken"])
    assert codes("a.xlsx", make_xlsx({"S": large})) == ["too-heavy"]


def test_t46_deeply_nested_xml(make_docx: MakeDocx):
    deep = "<w:sdt><w:sdtContent>" * 8_000 + "</w:sdtContent></w:sdt>" * 8_000

    assert codes("a.docx", make_docx(deep)) == ["file-broken"]


def test_t46_thousands_of_questions_without_choices_are_all_named(make_docx: MakeDocx):
    body = "".join(f"<w:p><w:r><w:t>Câu {at}. Hỏi?</w:t></w:r></w:p>" for at in range(9_000))

    found = read_bytes("a.docx", make_docx(body)).findings

    assert [finding.code for finding in found] == ["option-count"] * 9_000


def test_t46_time_ends(files: dict[str, bytes]):
    (finding,) = read_bytes("a.docx", files["a.docx"], seconds=0.001).findings

    assert finding.code == "too-heavy"


def test_t46_formulas_are_refused_not_evaluated():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for column, name in enumerate(("Câu hỏi", "A", "B", "C", "Đáp án")):
        sheet.write_string(0, column, name)
        sheet.write_formula(1, column, '=HYPERLINK("http://127.0.0.1:9/x")', None, "Tên")
    book.close()

    assert set(codes("a.xlsx", buffer.getvalue())) == {"formula"}


DEEDS = {
    "connect": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "resolve": "import socket; socket.getaddrinfo('localhost', 80)",
    "start": "import subprocess; subprocess.run(['true'])",
    "shell": "import os; os.system('true')",
    "fork": "import os; os.fork()",
    "write": "open('/tmp/hoithi-never', 'w')",
    "remove": "import os; os.remove('/tmp/hoithi-never')",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_t46_child_may_not(deed: str):
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from question_bank.importers import child\n"
        "child._bound(); sys.addaudithook(child._refuse_deeds)\n"
        f"try:\n    {DEEDS[deed]}\nexcept PermissionError as error:\n    print('refused', error)\n"
    )

    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert outcome.stdout.startswith("refused"), outcome.stderr


def test_t46_memory_of_the_child_is_bounded():
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from question_bank.importers import child\n"
        "child._bound()\n"
        "try:\n    held = bytearray(2 * child.MAX_MEMORY)\n"
        "except MemoryError:\n    print('ended')\n"
    )

    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert outcome.stdout == "ended\n"


RUNNER = """
import base64, json, sys
sys.path.insert(0, {root!r})
from question_bank.importers import child

child._bound()
for line in sys.stdin:
    name, data = json.loads(line)
    reading = child.read_guarded(name, base64.b64decode(data))
    said = [str(finding) for finding in reading.findings]
    print(json.dumps([len(reading.drafts), said]), flush=True)
"""


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to eight wounds: bytes changed, cut, doubled, moved."""
    wounded = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(wounded))
        length = chance.choice([1, 2, 16, 200])
        match chance.randrange(5):
            case 0:
                wounded[at] = chance.randrange(256)
            case 1:
                del wounded[at : at + length]
            case 2:
                wounded[at:at] = wounded[at : at + length]
            case 3:
                wounded[at : at + length] = chance.randbytes(length)
            case 4:
                other = chance.randrange(len(wounded))
                wounded[at : at + length] = wounded[other : other + length]
        if not wounded:
            break
    return bytes(wounded[: chance.choice([None, None, None, len(wounded) // 2])])


def mutants(files: dict[str, bytes], count: int) -> list[tuple[str, bytes]]:
    """Of each file as it is, and for zips of the parts inside, packed again."""
    made = []
    for name, data in files.items():
        for seed in range(count):
            chance = random.Random(f"{name} {seed}")
            if data.startswith(b"PK") and seed % 3:
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    parts = [each for each in archive.namelist() if each.endswith(".xml")]
                    part = chance.choice(parts)
                    made.append((name, with_part(data, part, mutated(archive.read(part), chance))))
            else:
                made.append((name, mutated(data, chance)))
    return made


def test_t46_hundreds_of_mutants_end_in_words(files: dict[str, bytes]):
    made = mutants(files, 70)
    asked = [json.dumps([name, base64.b64encode(data).decode()]) for name, data in made]
    answers: list[tuple[int, list[str]]] = []
    killed = 0
    while len(answers) < len(asked):
        outcome = subprocess.run(
            [sys.executable, "-c", RUNNER.format(root=str(ROOT))],
            input="\n".join(asked[len(answers) :]),
            capture_output=True,
            text=True,
            check=False,
        )
        answers += [json.loads(line) for line in outcome.stdout.splitlines()]
        if len(answers) < len(asked):
            # the bounds killed it, as they should: a parent has words for that
            assert outcome.returncode < 0, outcome.stderr
            answers.append((0, ["killed"]))
            killed += 1

    assert killed < 20
    assert all(drafts or said for drafts, said in answers)
    assert sum(bool(said) for _, said in answers) > 140
    assert not [said for _, said in answers if "Traceback" in str(said) or "Error" in str(said)]


def test_read_guarded_names_what_it_never_expected(monkeypatch: pytest.MonkeyPatch):
    def panic(_name: str, _data: bytes) -> None:
        raise BaseException("panic")  # noqa: TRY002 - what calamine raises

    monkeypatch.setattr(child, "read_questions", panic)

    (finding,) = child.read_guarded("a.xlsx", b"").findings

    assert finding.code == "file-broken"


def table_codes(name: str, data: bytes) -> list[str]:
    return [finding.code for finding in read_table_bytes(name, data).findings]


def test_tables_of_a_workbook_and_of_a_csv_file(files: dict[str, bytes]):
    sheets = read_table_bytes("a.xlsx", files["a.xlsx"])
    text = read_table_bytes("a.csv", "\ufeffMã,Tên\nT1,Tổ 1\n".encode())

    assert [row.cells for row in text.tables[0]] == [("Mã", "Tên"), ("T1", "Tổ 1")]
    assert [row.at for row in text.tables[0]] == ["dòng 1", "dòng 2"]
    assert sheets.findings == ()
    assert len(sheets.tables) == 2
    assert len(sheets.tables[0]) == 13


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.docx", b"PK\x03\x04", "zip-broken"),
        ("a.toml", b"x = 1", "not-a-kind"),
        ("a.exe", b"MZ", "not-a-kind"),
        ("a.xlsm", b"anything", "macros"),
        ("a.xlsx", ole("EncryptionInfo", "EncryptedPackage"), "locked"),
        ("a.xls", ole("Workbook"), "file-broken"),
        ("a.csv", b"", "empty-file"),
        ("a.csv", b'"x', "csv-broken"),
        ("a.csv", b"a,b\n" * 6_000, "too-many-rows"),
        ("a.csv", b"a," * 300, "too-many-columns"),
        ("a.csv", b"\xff\xfe\x00\xd8", "csv-encoding"),
    ],
)
def test_t46_a_file_without_tables_ends_in_words(name: str, data: bytes, code: str):
    assert table_codes(name, data) == [code]


def test_t46_hostile_workbooks_are_bounded_for_tables_too(
    files: dict[str, bytes], make_zip: MakeZip
):
    book = files["a.xlsx"]

    assert table_codes("a.xlsx", make_zip({"xl/workbook.xml": b"\x00" * (100 * MEGABYTE)})) == [
        "zip-bomb"
    ]
    assert table_codes("a.xlsx", with_part(book, "xl/worksheets/sheet1.xml", LAUGHS)) == [
        "forbidden-xml"
    ]
    assert table_codes("a.xlsx", with_part(book, "xl/vbaProject.bin", b"x")) == ["macros"]
    reading = read_table_bytes("a.xlsx", book, seconds=0.001)
    assert [finding.code for finding in reading.findings] == ["too-heavy"]


def test_t46_mutants_of_tables_end_in_words(files: dict[str, bytes]):
    chosen = {name: files[name] for name in ("a.xlsx", "a.csv")}

    for name, data in mutants(chosen, 6):
        reading = read_table_bytes(name, data)
        assert reading.tables or reading.findings
