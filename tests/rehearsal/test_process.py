import asyncio
import json
import signal
import sys
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]


async def test_process_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    units = tmp_path / "units.json"
    units.write_text('[{"code": "TDP-06"}]', encoding="utf-8")
    arguments = ["--port", "0", "--token", "123456:TEST", "--units", str(units)]

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rehearsal", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{ready['url']}/bot123456:TEST/getMe") as response:
            me = await response.json()
        async with session.get(f"{ready['url']}/units") as response:
            shown = await response.json()
        waiting = asyncio.create_task(
            session.get(f"{ready['url']}/bot123456:TEST/getUpdates?timeout=50")
        )
        await asyncio.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(process.wait(), 10)
        async with await waiting as response:
            left = await response.json()

    assert ready["token"] == "123456:TEST"
    assert me["result"]["id"] == 123456
    assert shown == [{"code": "TDP-06"}]
    assert left == {"ok": True, "result": []}
    assert status == 0
