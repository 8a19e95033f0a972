from collections.abc import Callable
from pathlib import Path

import pytest

from question_bank.importers import problems
from question_bank.importers.toml_file import (
    BankFilesError,
    FileProblemError,
    check_files,
    read_bank,
    read_bank_files,
    read_practice,
    read_toml,
)

WriteFiles = Callable[..., Path]

HEAD = 'title = "Chuyển đổi số"\ntopic = "so"\n'
ITEM = """
[[question]]
id = "so-1"
stem = "Số nào?"
options = [
  { id = "a", text = "Một" },
  { id = "b", text = "Hai" },
  { id = "c", text = "Tất cả" },
]
answer = "b"
pin = true
difficulty = 2
source = "Điều 1"
explanation = "Vì thế."
"""
GOOD = HEAD + ITEM
OPTIONS = (
    'options = [{id="a", text="Một"}, {id="b", text="Hai"}, {id="c", text="Ba"}]\nanswer = "a"\n'
)


@pytest.fixture
def write(tmp_path: Path):
    def write_files(**texts: str | bytes) -> Path:
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('_', '-')}.toml"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write_files


def problems_of(read: Callable[[Path], object], folder: Path):
    with pytest.raises(FileProblemError) as caught:
        read(folder)
    return [line.replace(f"{folder}/", "") for line in caught.value.problems]


def test_read_bank_takes_every_file_but_practice(write: WriteFiles):
    folder = write(
        b=GOOD,
        a=GOOD.replace("so-1", "an-1").replace('"so"', '"an"').replace("Chuyển đổi số", "An toàn"),
        luyen_tap=GOOD.replace("so-1", "lt-1"),
    )

    bank = read_bank(folder)

    assert list(bank.by_id) == ["an-1", "so-1"]
    assert bank.titles == {"so": "Chuyển đổi số", "an": "An toàn"}
    question = bank.question("so-1")
    assert (question.topic, question.stem, question.answer) == ("so", "Số nào?", "b")
    assert (question.pin, question.difficulty) == (True, 2)
    assert (question.source, question.explanation) == ("Điều 1", "Vì thế.")
    assert [(option.id, option.text) for option in question.options] == [
        ("a", "Một"),
        ("b", "Hai"),
        ("c", "Tất cả"),
    ]


def test_read_practice_takes_only_its_file(write: WriteFiles):
    folder = write(b=GOOD, luyen_tap=GOOD.replace("so-1", "lt-1"))

    assert list(read_practice(folder).by_id) == ["lt-1"]


def test_read_bank_defaults_of_optional_keys(write: WriteFiles):
    folder = write(a=f'{HEAD}[[question]]\nid = "x"\nstem = "Gì?"\n{OPTIONS}')

    question = read_bank(folder).question("x")

    assert (question.pin, question.difficulty, question.source, question.explanation) == (
        False,
        1,
        "",
        "",
    )


def test_read_bank_topic_over_two_files_is_one(write: WriteFiles):
    folder = write(a=GOOD, b=GOOD.replace("so-1", "so-2"))

    assert read_bank(folder).topics == {"so": ("so-1", "so-2")}


def test_read_bank_files_knows_the_places(write: WriteFiles):
    folder = write(a=GOOD)

    assert read_bank_files(folder).places == {
        "so": f"{folder}/a.toml:2",
        "so-1": f"{folder}/a.toml:5",
    }


def test_read_toml_takes_what_windows_writes(write: WriteFiles):
    folder = write(a=b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    document = read_toml(folder / "a.toml")

    assert document.tables["title"] == "Chuyển đổi số"
    assert document.line_of("question[0].answer") == 12


STRING = "chuỗi ký tự trong dấu nháy"
UNCLEAN = "có ký tự ẩn, khoảng trắng thừa, xuống dòng hoặc chữ không ở dạng NFC"
KEYS = (
    "id, topic, stem, options, answer, pin, difficulty, source, explanation, status, author,"
    " approved_by"
)
LEVELS = "cần 1 (dễ), 2 (vừa) hoặc 3 (khó)"
ID_LETTERS = "cần 1–32 ký tự trong a–z, 0–9, dấu -"
TOPIC_LETTERS = "cần 1–32 ký tự trong A–Z, a–z, 0–9, dấu _ và -"
WRONG_ANSWER = "12: đáp án “d” không có trong các phương án; cần một trong: a, b, c"
OPTION_C = '{ id = "c", text = "Tất cả" }'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pin = true", "pim = true", f"13: không có mục “pim”; các mục được dùng: {KEYS}"),
        ('topic = "so"', "", f"1: thiếu mục “topic”; cần {STRING}"),
        ('stem = "Số nào?"', "", f"4: thiếu mục “stem”; cần {STRING}"),
        ("pin = true", "pin = 1", "13: “pin” là số nguyên; cần true hoặc false"),
        (
            "difficulty = 2",
            "difficulty = true",
            "14: “difficulty” là true hoặc false; cần số nguyên",
        ),
        ("difficulty = 2", "difficulty = 2.0", "14: “difficulty” là một kiểu khác; cần số nguyên"),
        ("difficulty = 2", "difficulty = 0", f"14: difficulty là 0; {LEVELS}"),
        ("difficulty = 2", "difficulty = 4", f"14: difficulty là 4; {LEVELS}"),
        ('answer = "b"', 'answer = "d"', WRONG_ANSWER),
        ("so-1", "SO_1", f"5: id câu hỏi “SO_1” không hợp lệ; {ID_LETTERS}"),
        ('topic = "so"', 'topic = "số"', f"2: topic “số” không hợp lệ; {TOPIC_LETTERS}"),
        ('id = "c"', 'id = "cc"', "10: id phương án “cc” không hợp lệ; cần đúng một chữ cái a–z"),
        ('id = "c"', 'id = "b"', "10: id phương án “b” bị lặp; cần mỗi phương án một id riêng"),
        (f"{OPTION_C},", "", "7: có 2 phương án; cần từ 3 đến 5"),
        (OPTION_C, '{ id = "c" }', f"10: thiếu mục “text”; cần {STRING}"),
        (OPTION_C, '"Tất cả"', f"10: “question[0].options[2]” là {STRING}; cần bảng các mục"),
        ('"Tất cả"', '" "', "10: “text” để trống; cần có chữ"),
        ("Chuyển đổi số", "", "1: “title” để trống; cần có chữ"),
        ("Tất cả", "Tất  cả", f"10: “text” {UNCLEAN} (từ ký tự thứ 5); cần ghi đúng: “Tất cả”"),
        ("nào?", "nào?\u200b", f"6: “stem” {UNCLEAN} (từ ký tự thứ 8); cần ghi đúng: “Số nào?”"),
        (
            "Điều",
            "Đie\u0302\u0300u",
            f"15: “source” {UNCLEAN} (từ ký tự thứ 3); cần ghi đúng: “Điều 1”",
        ),
    ],
)
def test_read_bank_one_fault_is_one_line(write: WriteFiles, old: str, new: str, said: str):
    folder = write(a=GOOD.replace(old, new))

    assert problems_of(read_bank, folder) == [f"a.toml:{said}"]


def test_read_bank_question_of_wrong_kind(write: WriteFiles):
    folder = write(a=f"{HEAD}question = 1\n", b=f'{HEAD}question = ["x"]\n')

    assert problems_of(read_bank, folder) == [
        "a.toml:3: “question” là số nguyên; cần danh sách bảng [[question]]",
        "b.toml:3: “question[0]” là chuỗi ký tự trong dấu nháy; cần bảng các mục",
    ]


def test_read_bank_collects_every_problem_of_every_file(write: WriteFiles):
    folder = write(
        a=GOOD.replace("pin = true", "pin = 0").replace('answer = "b"', 'answer = "x"'),
        b='title = "x',
        c=GOOD.replace('"Chuyển đổi số"', '"Khác"') + ITEM.replace("so-1", "so-2"),
        d=GOOD.replace("so-1", "so-2"),
        luyen_tap="???",
    )

    found = problems_of(read_bank, folder)

    assert found == [
        "b.toml:1: sai cú pháp TOML ở cột cuối tệp: dấu nháy chưa đóng; cần đóng dấu nháy",
        "a.toml:12: đáp án “x” không có trong các phương án; cần một trong: a, b, c",
        "a.toml:13: “pin” là số nguyên; cần true hoặc false",
        "c.toml:1: chủ đề “so” đã có tên khác (“Chuyển đổi số”) ở a.toml:1; cần một tên chung",
        "c.toml:5: id câu hỏi “so-1” đã dùng ở a.toml:5; cần mỗi câu một id riêng",
        "d.toml:5: id câu hỏi “so-2” đã dùng ở c.toml:19; cần mỗi câu một id riêng",
    ]


def test_read_bank_id_twice_in_one_file(write: WriteFiles):
    folder = write(a=GOOD + ITEM)

    assert problems_of(read_bank, folder) == [
        "a.toml:19: id câu hỏi “so-1” đã dùng ở a.toml:5; cần mỗi câu một id riêng"
    ]


def test_read_bank_empty_folder_is_a_problem(tmp_path: Path):
    with pytest.raises(BankFilesError) as caught:
        read_bank(tmp_path)

    assert caught.value.problems == (f"{tmp_path}:1: {problems.NO_FILES}",)


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('a = 1\nb = "x', "2: cuối tệp", "dấu nháy chưa đóng; cần đóng dấu nháy"),
        ("a = 'x", "1: cuối tệp", "dấu nháy chưa đóng; cần đóng dấu nháy"),
        ("a = 1\nb = x\n", "2: 5", "giá trị không hiểu được; chữ cần đặt trong dấu nháy kép"),
        ("a = 1\nb\n", "2: 2", "thiếu dấu =; cần viết tên = giá trị"),
        ("a = 1\n???\n", "2: 1", problems.SYNTAX_OTHER),
        ("a = 1\na = 2\n", "2: 6", "mục bị ghi hai lần; cần bỏ một"),
        ("a = [1 2]\n", "1: 8", "danh sách chưa đóng hoặc thiếu dấu phẩy; cần dấu ] ở cuối"),
    ],
)
def test_read_toml_broken_syntax_names_its_line(
    write: WriteFiles, text: str, place: str, reason: str
):
    folder = write(a=text)
    line, _, column = place.partition(": ")

    found = problems_of(lambda folder: read_toml(folder / "a.toml"), folder)

    assert found == [f"a.toml:{line}: sai cú pháp TOML ở cột {column}: {reason}"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'a = 1\nb = "\xe0\xff"\n', "2: tệp không phải UTF-8; hãy lưu lại với bảng mã UTF-8"),
        ("a = " + "[" * 50_000, "1: các dấu [ hoặc { lồng nhau quá sâu; cần bớt số tầng"),
    ],
    ids=["bytes", "depth"],
)
def test_read_toml_broken_file_names_its_line(write: WriteFiles, text: str | bytes, said: str):
    folder = write(a=text)

    found = problems_of(lambda folder: read_toml(folder / "a.toml"), folder)

    assert found == [f"a.toml:{said}"]


def test_read_toml_missing_file_is_a_problem(tmp_path: Path):
    found = problems_of(read_practice, tmp_path)

    reason = "No such file or directory"
    said = str(problems.finding_at("luyen-tap.toml", 1, problems.UNREADABLE, reason=reason))
    assert found == [said]


def test_check_files_speaks_of_lines(write: WriteFiles):
    folder = write(a=GOOD.replace('source = "Điều 1"', ""), b=GOOD.replace("so-1", "so-2"))

    files = read_bank_files(folder)
    found = [line.replace(f"{folder}/", "") for line in check_files(files, {"so": 3})]

    assert found == [
        "a.toml:5: chưa ghi nguồn; cần văn bản, điều khoản hoặc sách làm căn cứ",
        "b.toml:5: câu hỏi trùng nội dung với câu so-1; cần sửa hoặc bỏ một câu",
        "a.toml:2: cần rút 3 câu mà ngân hàng chỉ có 2; cần thêm câu hoặc rút ít hơn",
    ]


TOPICS = '[topics]\nso = "Chuyển đổi số"\nan = "An toàn"\n'


def test_read_bank_file_of_several_topics(write: WriteFiles):
    named = ITEM.replace('id = "so-1"', 'id = "so-1"\ntopic = "so"')
    other = ITEM.replace('id = "so-1"', 'id = "an-1"\ntopic = "an"')
    folder = write(a=TOPICS + named + other)

    files = read_bank_files(folder)

    assert files.bank.topics == {"an": ("an-1",), "so": ("so-1",)}
    assert files.bank.titles == {"so": "Chuyển đổi số", "an": "An toàn"}
    assert files.places["an"] == f"{folder}/a.toml:3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TOPICS + ITEM, f"5: thiếu mục “topic”; cần {STRING}"),
        (
            TOPICS + ITEM.replace("stem", 'topic = "xa"\nstem'),
            "7: không có chủ đề “xa”; các chủ đề đã có: an, so",
        ),
        ('[topics]\n"số" = "x"\n', f"2: topic “số” không hợp lệ; {TOPIC_LETTERS}"),
        ("[topics]\nso = 1\n", f"2: “so” là số nguyên; cần {STRING}"),
        ("topics = 1\n", "1: “topics” là số nguyên; cần bảng các mục"),
    ],
)
def test_read_bank_faults_of_a_file_of_several_topics(write: WriteFiles, text: str, said: str):
    folder = write(a=text)

    found = problems_of(read_bank, folder)

    assert f"a.toml:{said}" in found


def test_read_bank_findings_are_values(write: WriteFiles):
    folder = write(a=GOOD.replace('answer = "b"', 'answer = "d"'))

    with pytest.raises(BankFilesError) as caught:
        read_bank(folder)

    (finding,) = caught.value.findings
    assert finding.as_json() == {
        "file": f"{folder}/a.toml",
        "at": "12",
        "question": "",
        "severity": "error",
        "code": "wrong-answer",
        "what": "đáp án “d” không có trong các phương án",
        "wanted": "cần một trong: a, b, c",
    }
