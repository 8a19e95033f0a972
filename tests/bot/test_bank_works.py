"""The question bank behind one-time links: exports, templates, and drafts that are sent in."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot import questions
from bot.bank_works import BankWorks, ConfiguredBank
from bot.environment import Environment
from bot.file_works import works_of
from bot.house import House
from bot.scratch import Scratch
from bot.settings import Config
from bot.staged_drafts import StagedDrafts
from handlers.catalogue import Catalogue
from handlers.file_purposes import PURPOSES
from handlers.file_works import Claim, Download, FileOrder, Taken, Trouble, Upload
from handlers.office_links import ClaimLink, SentFile
from handlers.records import AccountId, AuditEntry
from question_bank.importers.reading import read_questions
from question_bank.importers.toml_file import read_bank, read_bank_files
from question_bank.importers.toml_text import bank_text
from question_bank.importers.xlsx_out import bank_workbook
from scoring.instant import Instant
from tests.banking import bank_of, without_ids
from tests.playing import shipped_catalogue

ROOT = Path(__file__).parents[2]
ORDER = FileOrder(AccountId(17))


class Links:
    """Grants claims, or does not, and remembers them."""

    def __init__(self, *, grants: bool = True) -> None:
        self.grants = grants
        self.claimed: list[ClaimLink] = []

    async def claim(self, order: ClaimLink) -> bool:
        self.claimed.append(order)
        return self.grants


def claim_of(links: Any) -> Claim:
    entry = AuditEntry(Instant(1), AccountId(17), "judge", "bank_import", "file:bank-import")
    return Claim(links, ClaimLink("t" * 43, "bank_import", 1, entry, 1))


@pytest.fixture
def config(bank_config: Config) -> Config:
    return bank_config


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return shipped_catalogue()


@pytest.fixture
def works(bank_works: BankWorks) -> BankWorks:
    return bank_works


async def produced(works: BankWorks, name: str) -> Any:
    work = works.works[name]
    assert isinstance(work, Download)
    return await work.produce(ORDER)


def importing(works: BankWorks) -> Upload:
    work = works.works["bank-import"]
    assert isinstance(work, Upload)
    return work


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
async def test_exports_hold_keys_only_where_the_purpose_says_so(works: BankWorks, suffix: str):
    without = read_questions(f"a.{suffix}", await produced(works, f"bank-{suffix}"))
    with_keys = read_questions(f"a.{suffix}", await produced(works, f"bank-keys-{suffix}"))

    assert without.drafts == ()
    assert {one.code for one in without.findings} == {"no-key"}
    assert [one.answer for one in with_keys.drafts] == ["a", "b", "c"]
    assert with_keys.findings == ()


async def test_export_of_everything_is_the_bank_itself(works: BankWorks, config: Config):
    data = await produced(works, "bank-keys-toml")

    assert data == bank_text(read_bank(config.path("questions"))).encode()


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
async def test_template_is_read_by_our_own_reader(works: BankWorks, suffix: str):
    reading = read_questions(f"a.{suffix}", await produced(works, f"bank-template-{suffix}"))

    assert {one.code for one in reading.findings} <= {"example-skipped", "no-questions"}


async def test_a_bank_with_faults_is_told_and_not_exported(works: BankWorks, config: Config):
    (config.path("questions") / "hong.toml").write_text("[[question", "utf-8")

    made = await produced(works, "bank-xlsx")
    preview = await importing(works).preview(without_ids("moi", 1), ORDER)

    assert isinstance(made, Trouble)
    assert "hong.toml" in made.lines[0]
    assert (preview.is_sound, preview.errors) == (False, 2)
    assert "đang có lỗi" in preview.remarks[0].what
    assert await ConfiguredBank(config).census() is None


async def test_census_counts_the_files_as_they_stand(config: Config):
    (config.path("questions") / "nhap.toml").write_text(
        bank_text(bank_of("moi", 2, status="draft")), "utf-8"
    )

    census = await ConfiguredBank(config).census()

    assert census is not None
    assert (census.questions, census.statuses["draft"]) == (3, 2)


async def test_preview_shows_topics_samples_and_keys_as_read(works: BankWorks):
    file = SentFile("a.xlsx", bank_workbook(bank_of("moi", 5), with_keys=True))

    preview = await importing(works).preview(file, ORDER)

    assert (preview.is_sound, preview.seen, preview.remarks) == (True, 5, ())
    assert preview.facts == (("Chuyển đổi số", "5 câu nháp"),)
    assert [one.text for one in preview.samples] == [
        f"Việc moi thứ {at} nộp ở đâu?" for at in range(3)
    ]
    assert preview.samples[1].options == (
        ("A. Nơi a của moi 1", False),
        ("B. Nơi b của moi 1", True),
        ("C. Nơi c của moi 1", False),
        ("D. Nơi d của moi 1", False),
    )


async def test_drafts_are_written_once_claimed(works: BankWorks, config: Config):
    links = Links()

    taken = await importing(works).take(without_ids("moi", 2), ORDER, claim_of(links))

    bank = read_bank(config.path("questions"))
    drafts = [one for one in bank.questions if one.status == "draft"]
    assert isinstance(taken, Taken)
    assert [one.id for one in drafts] == ["cu-003", "cu-004"]
    assert {one.author for one in drafts} == {"Tài khoản số 17"}
    assert [one.entry.detail["count"] for one in links.claimed] == [2]
    assert sorted(one.name for one in config.path("questions").iterdir()) == [
        "nhap-cau-hoi.toml",
        "so.toml",
    ]


async def test_nothing_is_written_where_the_claim_is_refused(works: BankWorks, config: Config):
    taken = await importing(works).take(without_ids("moi", 2), ORDER, claim_of(Links(grants=False)))

    assert taken is None
    assert [one.name for one in config.path("questions").iterdir()] == ["so.toml"]


async def test_imports_at_once_give_every_question_an_id_of_its_own(
    config: Config, works: BankWorks, catalogue: Catalogue, drafts: StagedDrafts
):
    """Two processes' works over one folder, five files of one name."""
    other = BankWorks(config, catalogue, drafts, is_shared=False)
    takes = [
        importing(each).take(without_ids(f"moi{at}", 3), ORDER, claim_of(Links()))
        for at, each in enumerate([works, other, works, other, works])
    ]

    taken = await asyncio.gather(*takes)

    files = read_bank_files(config.path("questions"))
    assert [type(one) for one in taken] == [Taken] * 5
    assert len({one.id for one in files.bank.questions}) == 3 + 5 * 3
    assert len(list(config.path("questions").glob("nhap-*.toml"))) == 5


async def test_what_changed_since_the_preview_is_said_and_costs_no_link(
    works: BankWorks, config: Config
):
    file, links = without_ids("moi", 2), Links()
    first = await importing(works).preview(file, ORDER)
    await importing(works).take(file, ORDER, claim_of(Links()))

    taken = await importing(works).take(file, ORDER, claim_of(links))

    assert first.is_sound
    assert isinstance(taken, Trouble)
    assert "Ngân hàng đã thay đổi" in taken.lines[0]
    assert links.claimed == []
    assert len(read_bank(config.path("questions")).questions) == 5


async def test_a_disk_that_is_full_is_told_and_costs_no_link(
    works: BankWorks, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(questions, "write_prepared", full)
    links = Links()

    taken = await importing(works).take(without_ids("moi", 1), ORDER, claim_of(links))

    assert isinstance(taken, Trouble)
    assert "No space left on device" in taken.lines[0]
    assert links.claimed == []


async def test_terms_say_where_it_is_written_and_what_hinders(
    config: Config, works: BankWorks, catalogue: Catalogue, drafts: StagedDrafts
):
    shared = BankWorks(config, catalogue, drafts, is_shared=True)
    here, many = importing(works).terms(), importing(shared).terms()
    config.path("questions").rename(config.path("questions").with_name("elsewhere"))

    gone = importing(works).terms()

    assert (len(here.notes), len(many.notes)) == (1, 2)
    assert "chạy trên nhiều máy" in many.notes[1]
    assert (here.hindrances, many.hindrances) == ((), ())
    assert "không ghi được vào thư mục câu hỏi" in gone.hindrances[0]


@pytest.mark.parametrize("kind", ["sqlite:///x.db", "postgresql://x/y", ""])
def test_every_purpose_has_its_work(house: House, kind: str):
    works = works_of(house, Environment(database_url=kind), Scratch())

    assert set(works) == set(PURPOSES)
    for name, work in works.items():
        assert isinstance(work, Upload) == PURPOSES[name].is_upload
