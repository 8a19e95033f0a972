"""The question bank behind one-time links: counts, exports, templates, and drafts sent in.

What is written is a file of drafts in *this* machine's folder, as `hoithi questions import` writes
it; the page says which machine that is. It is there with the use of its link or not at all
(`bot.staged_drafts`). Strangers' files are read in the child process. Word and
Excel are imported by whoever first asks for a file: no start waits for them.
"""

import asyncio
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Config
from bot.staged_drafts import StagedDrafts, folder_held
from handlers.catalogue import Catalogue
from handlers.file_works import (
    Claim,
    Content,
    Download,
    FileOrder,
    Preview,
    Remark,
    Sample,
    Taken,
    Terms,
    Trouble,
    Upload,
    Work,
)
from handlers.office_links import SentFile
from handlers.rendering import LETTERS
from question_bank.census import Census, census_of
from question_bank.importers.bank_files import publish_staged
from question_bank.importers.finding import Finding, is_error
from question_bank.importers.toml_file import BankFilesError, read_bank
from question_bank.question import Question

if TYPE_CHECKING:
    from bot.questions import Prepared
    from question_bank.importers.reading import Reading

READERS = 2
"""Files read at once in a process: a child may take a gigabyte."""

_SAMPLES = 3
_MOST_LINES = 20


class ConfiguredBank:
    """The bank of the settings, for the judges' menu."""

    def __init__(self, config: Config) -> None:
        self._config = config

    async def census(self) -> Census | None:
        return await asyncio.to_thread(self._census)

    def _census(self) -> Census | None:
        try:
            bank = read_bank(self._config.path("questions"))
        except BankFilesError:
            return None
        return census_of(bank, self._config.settings.contest.draw)


class BankWorks:
    """`is_shared`: the database may serve several machines, each with a folder of its own."""

    def __init__(
        self, config: Config, catalogue: Catalogue, drafts: StagedDrafts, *, is_shared: bool
    ) -> None:
        self._config = config
        self._say = catalogue.text
        self._drafts = drafts
        self._is_shared = is_shared
        self._readers = asyncio.Semaphore(READERS)
        self._machine = platform.node()

    @property
    def works(self) -> Mapping[str, Work]:
        return {
            "bank-xlsx": self._export(".xlsx", with_keys=False),
            "bank-docx": self._export(".docx", with_keys=False),
            "bank-keys-xlsx": self._export(".xlsx", with_keys=True),
            "bank-keys-docx": self._export(".docx", with_keys=True),
            "bank-keys-toml": self._export(".toml", with_keys=True),
            "bank-template-xlsx": self._template(".xlsx"),
            "bank-template-docx": self._template(".docx"),
            "bank-import": Upload(self._preview, self._take, self._terms),
        }

    def _export(self, suffix: str, *, with_keys: bool) -> Download:
        def make() -> Content | Trouble:
            from bot.exports import ExportError, bank_bytes  # noqa: PLC0415 (as said above)

            try:
                return bank_bytes(self._config, suffix, with_keys=with_keys)
            except ExportError as error:
                return Trouble(error.lines[:_MOST_LINES])

        return Download(lambda _: asyncio.to_thread(make))

    def _template(self, suffix: str) -> Download:
        def make() -> Content | Trouble:
            from bot.exports import ExportError, template_bytes  # noqa: PLC0415 (as said above)

            try:
                return template_bytes(self._config, suffix)
            except ExportError as error:
                return Trouble(error.lines[:_MOST_LINES])

        return Download(lambda _: asyncio.to_thread(make))

    def _terms(self) -> Terms:
        folder, machine = self._folder, self._machine
        if not os.access(folder, os.W_OK | os.X_OK):
            facts = {"machine": machine, "folder": folder}
            return Terms(hindrances=(self._say("page.bank_unwritable", **facts),))
        notes = [self._say("page.bank_folder", machine=machine)]
        if self._is_shared:
            notes.append(self._say("page.bank_machines"))
        return Terms(tuple(notes))

    async def _preview(self, file: SentFile, order: FileOrder) -> Preview:
        reading = await self._read(file)
        try:
            prepared = await asyncio.to_thread(self._prepared, file, reading, order)
        except BankFilesError as error:
            return _of_broken_bank(self._broken(error))
        adoption = prepared.adoption
        ordered = sorted(adoption.findings, key=lambda one: not is_error(one))
        return Preview(
            prepared.is_sound,
            adoption.seen,
            tuple(map(_remark, ordered)),
            tuple(
                (adoption.titles[topic], self._say("page.bank_fact_count", count=count))
                for topic, count in prepared.topics.items()
            ),
            tuple(self._sample(prepared, one) for one in adoption.questions[:_SAMPLES]),
        )

    async def _take(self, file: SentFile, order: FileOrder, claim: Claim) -> Taken | Trouble | None:
        reading = await self._read(file)
        try:
            async with folder_held(self._folder):
                await self._drafts.finish()
                return await self._add(file, order, (reading, claim))
        except BankFilesError as error:
            return Trouble(self._broken(error))
        except OSError as error:
            facts = {"machine": self._machine, "why": error.strerror}
            return Trouble((self._say("page.bank_write_failed", **facts),))

    async def _add(
        self, file: SentFile, order: FileOrder, given: "tuple[Reading, Claim]"
    ) -> Taken | Trouble | None:
        """The folder is held: what is checked now is what the drafts join."""
        reading, claim = given
        prepared = await asyncio.to_thread(self._prepared, file, reading, order)
        if not prepared.is_sound:
            return Trouble((self._say("page.bank_changed"),))
        count = len(prepared.adoption.questions)
        from bot.questions import write_prepared  # noqa: PLC0415 (as said above)

        mark = self._drafts.new_mark()
        staged = await asyncio.to_thread(write_prepared, prepared, mark)
        if not await claim.take(count=count, draft=mark):
            staged.unlink()
            return None
        path = await asyncio.to_thread(publish_staged, staged)
        facts = {"count": count, "name": path.name, "machine": self._machine}
        lines = [self._say("page.bank_taken", **facts)]
        if self._is_shared:
            lines.append(self._say("page.bank_machines"))
        return Taken((*lines, self._say("page.bank_next", name=path.name)))

    async def _read(self, file: SentFile) -> "Reading":
        from question_bank.importers.child import read_bytes  # noqa: PLC0415 (as said above)

        async with self._readers:
            return await asyncio.to_thread(read_bytes, file.name, file.content)

    def _prepared(self, file: SentFile, reading: "Reading", order: FileOrder) -> "Prepared":
        from bot.questions import prepare_reading  # noqa: PLC0415 (as said above)
        from question_bank.importers.adopting import Wishes  # noqa: PLC0415

        # Who sent it answers for it: another account has to approve.
        wishes = Wishes(author=self._say("page.bank_author", account=order.account))
        return prepare_reading(self._config, Path(file.name), self._folder, (reading, wishes))

    def _sample(self, prepared: "Prepared", question: Question) -> Sample:
        label, title = (
            prepared.adoption.labels[question.id],
            prepared.adoption.titles[question.topic],
        )
        options = tuple(
            (f"{letter}. {option.text}", option.id == question.answer)
            for letter, option in zip(LETTERS, question.options, strict=False)
        )
        heading = self._say("page.bank_sample", label=label, title=title)
        return Sample(heading, question.stem, options)

    def _broken(self, error: BankFilesError) -> tuple[str, ...]:
        said = self._say("page.bank_broken", machine=self._machine)
        return (said, *error.problems[:_MOST_LINES])

    @property
    def _folder(self) -> Path:
        return self._config.path("questions")


def _remark(finding: Finding) -> Remark:
    about = (finding.at, finding.question, finding.what, finding.wanted)
    return Remark(*about, is_error(finding))


def _of_broken_bank(lines: tuple[str, ...]) -> Preview:
    remarks = tuple(Remark("", "", line, "", is_error=True) for line in lines)
    return Preview(is_sound=False, seen=0, remarks=remarks)
