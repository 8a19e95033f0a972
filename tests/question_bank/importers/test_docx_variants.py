"""Word files as Word, LibreOffice and Google Docs write them: one question, many habits."""

from collections.abc import Callable

import pytest

from question_bank.importers.draft import Draft
from question_bank.importers.reading import Reading

Read = Callable[..., Reading]
MakeDocx = Callable[..., bytes]

STEM = "Đề án 06 được phê duyệt ngày nào?"
OPTIONS = (("a", "Ngày 05/01"), ("b", "Ngày 06/01"), ("c", "Ngày 07/01"), ("d", "Ngày 08/01"))
TEXTS = [text for _, text in OPTIONS]


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def r(text: str, look: str = "") -> str:
    """A run; tabs and line breaks as Word writes them."""
    inner = text.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    inner = inner.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{inner}</w:t></w:r>'


def listed(content: str, number: int, level: int = 0) -> str:
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(content, numbering)


def options(look: str = "", *, label: str = "{}. ", marked: int = 1) -> str:
    """A paragraph a choice, the marked one looking so."""
    return "".join(
        p(r(label.format("ABCD"[at]) + text, look if at == marked else ""))
        for at, text in enumerate(TEXTS)
    )


def table(*rows: list[str]) -> str:
    """Cells hold paragraphs, or texts that become one."""
    cells = [
        "".join(
            f"<w:tc><w:tcPr/>{cell if cell.startswith('<w:p>') else p(r(cell))}</w:tc>"
            for cell in row
        )
        for row in rows
    ]
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def levels(*kinds: str) -> str:
    """An abstract list with these number formats by level, and its number 1."""
    inner = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text) in enumerate(kind.split("|") for kind in kinds)
    )
    return (
        f'<w:abstractNum w:abstractNumId="0">{inner}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )


BOLD = "<w:b/>"
QUESTION = p(r(f"Câu 1. {STEM}"))
SPLIT = (
    '<w:p w:rsidR="00A1" w14:paraId="1"><w:bookmarkStart w:id="0" w:name="x"/>'
    + r("Câ")
    + '<w:proofErr w:type="spellStart"/>'
    + r("u 1")
    + r(": Đề án 06 được phê duye")
    + r("\u0323\u0302t ngày ")
    + r("nào?")
    + "</w:p>"
)
CHANGES = (
    '<w:ins w:id="1" w:author="x">'
    + r(STEM)
    + '</w:ins><w:del w:id="2" w:author="x"><w:r><w:delText>Cũ</w:delText></w:r></w:del>'
)
CONTROLS = f"<w:sdt><w:sdtPr/><w:sdtContent>{QUESTION}{options(BOLD)}</w:sdtContent></w:sdt>"
STYLES = (
    '<w:style w:type="paragraph" w:styleId="DapAn"><w:name w:val="Dap An"/><w:rPr><w:b/></w:rPr>'
    '</w:style><w:style w:type="character" w:styleId="T1"><w:name w:val="T1"/>'
    '<w:rPr><w:u w:val="single"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="L"><w:name w:val="List Number"/><w:pPr><w:numPr>'
    '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="M"><w:name w:val="List 2"/><w:basedOn w:val="L"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
)
GOOGLE = levels("decimal|%1.", "upperLetter|%2.", "lowerRoman|%3.")
GOOGLE_BOLD = '<w:b w:val="1"/><w:rtl w:val="0"/>'
GOOGLE_PLAIN = '<w:b w:val="0"/><w:color w:val="000000"/><w:shd w:fill="auto"/><w:rtl w:val="0"/>'

VARIANTS: dict[str, str | dict[str, str]] = {
    "bold": QUESTION + options(BOLD),
    "underlined": QUESTION + options('<w:u w:val="single"/>'),
    "coloured": QUESTION + options('<w:color w:val="FF0000"/>'),
    "highlighted": QUESTION + options('<w:highlight w:val="yellow"/>'),
    "shaded": QUESTION + options('<w:shd w:val="clear" w:fill="FFFF00"/>'),
    "theme colour": QUESTION + options('<w:color w:val="000000" w:themeColor="accent1"/>'),
    "bold switched off elsewhere": QUESTION
    + "".join(p(r(f"{'ABCD'[at]}. {text}", f'<w:b w:val="{int(at == 1)}"/>')) for at, text in
              enumerate(TEXTS)),
    "all labels bold, one text too": QUESTION
    + "".join(p(r(f"{'ABCD'[at]}. ", BOLD) + r(text, BOLD if at == 1 else "")) for at, text in
              enumerate(TEXTS)),
    "only the label underlined": QUESTION
    + "".join(p(r("ABCD"[at], '<w:u w:val="single"/>' if at == 1 else "") + r(f". {text}"))
              for at, text in enumerate(TEXTS)),
    "starred label": QUESTION + "".join(
        p(r(f"{'*' if at == 1 else ''}{'ABCD'[at]}. {text}")) for at, text in enumerate(TEXTS)),
    "starred text": QUESTION + "".join(
        p(r(f"{'ABCD'[at]}. {text}{' *' if at == 1 else ''}")) for at, text in enumerate(TEXTS)),
    "ticked": QUESTION + "".join(
        p(r(f"{'ABCD'[at]}. {text}{' (đúng)' if at == 1 else ''}"))
        for at, text in enumerate(TEXTS)),
    "ticked by a symbol font": QUESTION + "".join(
        p(r(f"{'ABCD'[at]}. {text} ")
          + ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>' if at == 1 else ""))
        for at, text in enumerate(TEXTS)),
    "key line": QUESTION + options() + p(r("Đáp án: B")),
    "key line, other words": QUESTION + options() + p(r("=> Đáp án đúng là B.")),
    "key line with a reason": QUESTION + options() + p(r("ĐÁP ÁN: B (Quyết định số 06)")),
    "key line in full": QUESTION + options() + p(r("Đáp án: Ngày 06/01")),
    "key line with letter and text": QUESTION + options() + p(r("Đáp án: B. Ngày 06/01")),
    "key line by number": QUESTION + options() + p(r("Đáp án: 2")),
    "key heading, letter below": QUESTION + options() + p(r("Đáp án:")) + p(r("B")),
    "key and bold agree": QUESTION + options(BOLD) + p(r("Đáp án: B")),
    "answer line at the end": QUESTION + options() + p(r("ĐÁP ÁN")) + p(r("1. B")),
    "answer table": QUESTION + options() + p(r("BẢNG ĐÁP ÁN")) + table(["1. B", ""]),
    "answer table, rows": QUESTION + options() + table(["Câu", "1"], ["Đáp án", "B"]),
    "answer table, columns": QUESTION + options() + table(["Câu", "Đáp án"], ["1", "B"]),
    "small letters": QUESTION + options(BOLD, label="{}) ").replace("A)", "a)").replace(
        "B)", "b)").replace("C)", "c)").replace("D)", "d)"),
    "letters in brackets": QUESTION + options(BOLD, label="({}) "),
    "number with a bracket": p(r(f"1) {STEM}")) + options(BOLD),
    "number with a slash": p(r(f"1/ {STEM}")) + options(BOLD),
    "question in capitals": p(r(f"CÂU HỎI SỐ 1: {STEM}")) + options(BOLD),
    "points in brackets": p(r(f"Câu 1 (1 điểm): {STEM}")) + options(BOLD),
    "stem in its own paragraph": p(r("Câu 1:")) + p(r(STEM)) + options(BOLD),
    "stem over two paragraphs": p(r("Câu 1: Đề án 06 được")) + p(r("phê duyệt ngày nào?"))
    + options(BOLD),
    "choices on one line with tabs": QUESTION
    + p(r(f"A. {TEXTS[0]}\tB. ") + r(TEXTS[1], BOLD) + r(f"\tC. {TEXTS[2]}\tD. {TEXTS[3]}")),
    "choices on one line with spaces": QUESTION
    + p(r(f"A. {TEXTS[0]}     ") + r(f"B. {TEXTS[1]}", BOLD)
        + r(f"     C. {TEXTS[2]}     D. {TEXTS[3]}")),
    "choices close by": QUESTION
    + p(r(f"A. {TEXTS[0]} ") + r(f"B. {TEXTS[1]}", BOLD) + r(f" C. {TEXTS[2]} D. {TEXTS[3]}")),
    "two choices a line": QUESTION + p(r(f"A. {TEXTS[0]}\t") + r(f"B. {TEXTS[1]}", BOLD))
    + p(r(f"C. {TEXTS[2]}\tD. {TEXTS[3]}")),
    "line breaks in one paragraph": p(
        r(f"Câu 1. {STEM}\nA. {TEXTS[0]}\nB. ") + r(TEXTS[1], BOLD)
        + r(f"\nC. {TEXTS[2]}\nD. {TEXTS[3]}")),
    "everything in one line": p(
        r(f"Câu 1. {STEM}\tA. {TEXTS[0]}\t") + r(f"B. {TEXTS[1]}", BOLD)
        + r(f"\tC. {TEXTS[2]}\tD. {TEXTS[3]}")),
    "choices in a table": QUESTION
    + table([f"A. {TEXTS[0]}", p(r(f"B. {TEXTS[1]}", BOLD))],
            [f"C. {TEXTS[2]}", f"D. {TEXTS[3]}"]),
    "letters in cells of their own": QUESTION
    + table(["A", TEXTS[0], "B", p(r(TEXTS[1], BOLD))], ["C", TEXTS[2], "D", TEXTS[3]]),
    "a question a table": table(
        [f"Câu 1. {STEM}"], [f"A. {TEXTS[0]}"], [p(r(f"B. {TEXTS[1]}", BOLD))],
        [f"C. {TEXTS[2]}"], [f"D. {TEXTS[3]}"]),
    "a table as a sheet": table(["STT", "Nội dung câu hỏi", "A", "B", "C", "D", "Đáp án"],
                                ["1", STEM, *TEXTS, "B"]),
    "a table as a sheet, key in bold": table(
        ["STT", "Câu hỏi", "A", "B", "C", "D"],
        ["1", STEM, TEXTS[0], p(r(TEXTS[1], BOLD)), *TEXTS[2:]]),
    "a table as a sheet, choices in one cell": table(
        ["TT", "Câu hỏi", "Phương án trả lời", "Đáp án đúng"],
        ["1", STEM, "".join(p(r(f"{'ABCD'[at]}. {text}")) for at, text in enumerate(TEXTS)), "B"]),
    "split runs with rsids": SPLIT + options(BOLD),
    "content controls": CONTROLS,
    "tracked changes": p(r("Câu 1. ") + CHANGES) + options(BOLD),
    "a link in the stem": p(r("Câu 1. Đề án 06 được ") + f"<w:hyperlink>{r('phê duyệt')}"
                            f"</w:hyperlink>{r(' ngày nào?')}") + options(BOLD),
    "hidden text": p(r("Câu 1. ") + r("bí mật", "<w:vanish/>") + r(STEM)) + options(BOLD),
    "non-breaking spaces": p(r(f"Câu\u00a01.\u00a0{STEM}")) + options(BOLD, label="{}.\u00a0"),
    "LibreOffice, bold by style": {
        "body": QUESTION + "".join(
            p(r(f"{'ABCD'[at]}. {text}"), '<w:pStyle w:val="DapAn"/>' if at == 1 else "")
            for at, text in enumerate(TEXTS)),
        "styles": STYLES,
    },
    "LibreOffice, underlined by a character style": {
        "body": QUESTION + options('<w:rStyle w:val="T1"/>'),
        "styles": STYLES,
    },
    "lists by styles": {
        "body": p(r(STEM), '<w:pStyle w:val="L"/>') + "".join(
            p(r(text, BOLD if at == 1 else ""), '<w:pStyle w:val="M"/>')
            for at, text in enumerate(TEXTS)),
        "styles": STYLES,
        "numbering": levels("decimal|%1.", "upperLetter|%2."),
    },
    "Google Docs lists": {
        "body": listed(r(STEM, GOOGLE_PLAIN), 1) + "".join(
            listed(r(text, GOOGLE_BOLD if at == 1 else GOOGLE_PLAIN), 1, 1)
            for at, text in enumerate(TEXTS)),
        "numbering": GOOGLE,
    },
    "Word list “Câu 1:”, typed letters": {
        "body": listed(r(STEM), 1) + options(BOLD),
        "numbering": levels("decimal|Câu %1:"),
    },
    "typed “Câu 1.”, lettered list": {
        "body": QUESTION + "".join(
            listed(r(text, BOLD if at == 1 else ""), 1) for at, text in enumerate(TEXTS)),
        "numbering": levels("upperLetter|%1."),
    },
    "typed “Câu 1.”, bullets": {
        "body": QUESTION + "".join(
            listed(r(text, BOLD if at == 1 else ""), 1) for at, text in enumerate(TEXTS)),
        "numbering": levels("bullet|•"),
    },
    "Word list, typed letters": {
        "body": listed(r(STEM), 1) + options(BOLD),
        "numbering": levels("decimal|%1."),
    },
    "list switched off": {
        "body": p(r(f"Câu 1. {STEM}"), '<w:pStyle w:val="L"/><w:numPr><w:numId w:val="0"/>'
                  "</w:numPr>")
        + options(BOLD),
        "styles": STYLES,
        "numbering": levels("decimal|%1."),
    },
    "titles, sections and an end": p(r("ĐỀ THI TRẮC NGHIỆM")) + p(r("Năm 2025")) + QUESTION
    + options(BOLD) + p(r("--- HẾT ---")),
}  # fmt: skip


def drafts(reading: Reading) -> list[Draft]:
    assert [str(finding) for finding in reading.findings] == []
    return list(reading.drafts)


@pytest.mark.parametrize("name", VARIANTS)
def test_docx_variant_gives_the_question(make_docx: MakeDocx, read: Read, name: str):
    given = VARIANTS[name]
    data = make_docx(given) if isinstance(given, str) else make_docx(**given)

    (draft,) = drafts(read("de.docx", data))

    assert (draft.stem, draft.options, draft.answer) == (STEM, OPTIONS, "b")


def test_docx_notes_and_topics(make_docx: MakeDocx, read: Read):
    body = (
        p(r("PHẦN I. ĐỀ ÁN 06"))
        + QUESTION
        + options(BOLD)
        + p(r("Nguồn: Quyết định số 06/QĐ-TTg"))
        + p(r("Giải thích: Vì thế."))
        + p(r("Mức độ: Thông hiểu"))
        + p(r("CHUYỂN ĐỔI SỐ", BOLD))
        + p(r("Câu 2. Hỏi gì nữa đây?"))
        + options(BOLD, marked=3)
        + p(r("Chủ đề 3: Bộ máy"))
        + p(r("Câu 3. Hỏi gì nữa?"))
        + options(BOLD, marked=0)
    )

    first, second, third = drafts(read("de.docx", make_docx(body)))

    assert (first.topic, second.topic, third.topic) == ("ĐỀ ÁN 06", "CHUYỂN ĐỔI SỐ", "Bộ máy")
    assert (first.source, first.explanation) == ("Quyết định số 06/QĐ-TTg", "Vì thế.")
    assert (first.difficulty, second.difficulty) == (2, 1)
    assert (first.label, first.at, third.at) == ("Câu 1", "đoạn 2", "đoạn 17")
    assert (second.answer, third.answer) == ("d", "a")


def test_docx_answer_tables_of_sections_that_number_anew(make_docx: MakeDocx, read: Read):
    section = QUESTION + options() + p(r("Câu 2. Hỏi khác?")) + options()
    body = section + table(["1. B", "2. C"]) + section + table(["1-D", "2-A"])

    found = drafts(read("de.docx", make_docx(body)))

    assert [draft.answer for draft in found] == ["b", "c", "d", "a"]


def test_docx_long_answer_line(make_docx: MakeDocx, read: Read):
    body = "".join(p(r(f"Câu {at}. Hỏi {at}?")) + options() for at in (1, 2, 3))
    body += p(r("1B 2C; 3 - A"))

    found = drafts(read("de.docx", make_docx(body)))

    assert [draft.answer for draft in found] == ["b", "c", "a"]


PICTURE = "<w:r><w:drawing><a:blip r:embed='x'/></w:drawing></w:r>"
BOX = (
    "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
    f"{p(r('Chữ trong hộp'))}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict><w:txbxContent>{p(r('Chữ trong hộp'))}</w:txbxContent></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)
LEFT = "cần nối vào câu, hoặc xóa"
TCVN3 = "C©u hái vÒ c¶i c¸ch hµnh chÝnh nhµ n­íc"
VNI = "Caâu hoûi veà caûi caùch haønh chính nhaø nöôùc"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (QUESTION + options(), ["đoạn 1 no-key"]),
        (QUESTION + options(BOLD) + p(r("Đáp án: C")), ["đoạn 1 keys-disagree"]),
        (QUESTION + options() + p(r("Đáp án: B, C")), ["đoạn 1 several-keys"]),
        (QUESTION + options() + p(r("Đáp án: E")), ["đoạn 1 key-unknown"]),
        (QUESTION + p(r("A. Một", BOLD)) + p(r("B. Hai")), ["đoạn 1 option-count"]),
        (QUESTION + options(BOLD) + p(r("lạc lõng")), ["đoạn 6 lone-paragraph"]),
        (QUESTION + options(BOLD).replace("C. ", "D. "), ["đoạn 4 option-label"]),
        (p(r("A. Một")) + QUESTION + options(BOLD), ["đoạn 1 option-without-question"]),
        (p(r(f"Câu 1. {STEM}") + PICTURE) + options(BOLD), ["đoạn 1 picture"]),
        (QUESTION + p(PICTURE) + options(BOLD), ["đoạn 2 picture"]),
        (p(r(f"Câu 1. {STEM}") + "<m:oMath/>") + options(BOLD), ["đoạn 1 equation"]),
        (p(r(f"Câu 1. {STEM}") + BOX) + options(BOLD), [" text-box"]),
        (QUESTION + options() + table(["1. B", "2. C"]), ["đoạn 6 answer-number"]),
        (QUESTION + options() + table(["1. B", "1. C"]), ["đoạn 6 answer-twice"]),
        (QUESTION + options() + QUESTION + options() + table(["1. B"]),
         ["đoạn 11 number-twice", "đoạn 1 no-key", "đoạn 6 no-key"]),
        (QUESTION + options(BOLD) + p(r("Mức độ: rất rất khó")), ["đoạn 1 difficulty-word"]),
        (p(r(f"Câu 1. {TCVN3}")) + options(BOLD), ["đoạn 1 old-tcvn3"]),
        (p(r(f"Câu 1. {VNI}")) + options(BOLD), ["đoạn 1 old-vni"]),
        (p(r(f"Câu 1. o{chr(0x301) * 9}")) + options(BOLD), ["đoạn 1 piled-marks"]),
        (p(r("Không có gì")), [" no-questions"]),
        ("", [" no-questions"]),
    ],
)  # fmt: skip
def test_docx_fault_is_named_with_its_paragraph(
    make_docx: MakeDocx, read: Read, body: str, said: list[str]
):
    reading = read("de.docx", make_docx(body))

    assert [f"{each.at} {each.code}" for each in reading.findings] == said


def test_docx_every_problem_in_one_run_and_the_sound_ones_stay(make_docx: MakeDocx, read: Read):
    body = (
        QUESTION + options() + p(r("Câu 2. Hỏi?")) + options(BOLD)
        + p(r("Câu 3. Hỏi?")) + p(r("A. Một")) + p(r("lạc lõng"))
    )  # fmt: skip

    reading = read("de.docx", make_docx(body))

    assert [draft.label for draft in reading.drafts] == ["Câu 2"]
    assert [(each.question, each.code) for each in reading.findings] == [
        ("", "lone-paragraph"),
        ("Câu 1", "no-key"),
        ("Câu 3", "option-count"),
        ("Câu 3", "no-key"),
    ]
