"""`python -m rehearsal`: a stand-in of its own, told ready by one JSON line on stdout."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

import orjson

from rehearsal.server import StandInSettings, start


def main() -> None:
    asyncio.run(serve(settings_from(sys.argv[1:])))


def settings_from(arguments: list[str]) -> StandInSettings:
    usual = StandInSettings()
    parser = argparse.ArgumentParser(prog="python -m rehearsal", description=__doc__)
    parser.add_argument("--host", default=usual.host)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--token", default=usual.token)
    parser.add_argument("--username", default=usual.username)
    parser.add_argument("--bot-name", default=usual.bot_name)
    parser.add_argument("--bot-url", help="where the bot serves /clock")
    parser.add_argument("--clock-token")
    parser.add_argument("--units", type=Path, help="a JSON list for the page's deep links")
    parser.add_argument("--answer-deadline-s", type=float, default=usual.answer_deadline_s)
    parser.add_argument("--retry-base-s", type=float, default=usual.retry_base_s)
    parser.add_argument("--webhook-timeout-s", type=float, default=usual.webhook_timeout_s)
    for name in ("messages_kept", "calls_kept", "files_bytes"):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=getattr(usual, name))
    parser.add_argument("--reads-all", action="store_true", help="privacy mode is off")
    told = vars(parser.parse_args(arguments))
    units = told.pop("units")
    given = () if units is None else tuple(orjson.loads(units.read_bytes()))
    return StandInSettings(**told, units=given)


async def serve(settings: StandInSettings) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopped.set)
    stand_in = await start(settings)
    ready = {"url": stand_in.url, "token": stand_in.token}
    sys.stdout.write(f"{orjson.dumps(ready).decode()}\n")
    sys.stdout.flush()
    await stopped.wait()
    await stand_in.stop()


if __name__ == "__main__":
    main()
