"""A process that takes drafts by a link and dies by SIGKILL around the use of the link.

Run by `test_staged_drafts`, with JSON on the standard input.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from bot.bank_works import BankWorks
from bot.files import load_catalogue
from bot.settings import read_config
from bot.staged_drafts import StagedDrafts
from handlers.file_works import Claim, FileOrder, Upload
from handlers.office_links import ClaimLink, SentFile
from handlers.records import AccountId, AuditEntry
from scoring.instant import Instant
from store.house import StoreSettings, open_store
from tests.store.killed_while_proposing import Dying


async def run(asked: dict[str, Any]) -> None:
    config, account = read_config(Path(asked["config"])), AccountId(asked["account"])
    used = AuditEntry(Instant(1), account, "judge", "bank_import", "file:bank-import")
    order = ClaimLink(asked["token"], "bank_import", asked["now_ms"], used, asked["upload"])
    settings = StoreSettings(asked["database"], asked["redis"], bytes.fromhex(asked["key"]))
    async with open_store(settings) as store:
        store.writer.database = Dying(store.writer.database, asked["moment"])  # type: ignore[assignment]
        folder = config.path("questions")
        drafts = StagedDrafts(folder, store.audit, bytes.fromhex(asked["contest"]))
        works = BankWorks(config, load_catalogue(config), drafts, is_shared=False)
        work = works.works["bank-import"]
        assert isinstance(work, Upload)
        file = SentFile("moi.csv", asked["file"].encode())
        await work.take(file, FileOrder(account), Claim(store.file_links, order))


if __name__ == "__main__":
    asyncio.run(run(json.load(sys.stdin)))
