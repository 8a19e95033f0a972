"""A run without any platform: the stand-in is started beside the bot and plays Telegram."""

import socket
from contextlib import AsyncExitStack
from dataclasses import replace

from bot.environment import Environment
from bot.settings import Config
from bot.sockets import free_port
from bot.start import Files
from rehearsal.server import StandInSettings
from rehearsal.server import start as start_stand_in


async def rehearse(
    stack: AsyncExitStack, settings: StandInSettings, environment: Environment
) -> tuple[Environment, str]:
    """Start the stand-in and point the environment at it."""
    stand_in = await start_stand_in(settings)
    stack.push_async_callback(stand_in.stop)
    pointed = replace(
        environment,
        telegram_token=stand_in.token,
        telegram_api=stand_in.url,
        public_url="",
    )
    return pointed, stand_in.url


def stand_in_settings(
    config: Config, files: Files, bound: socket.socket, clock_token: str
) -> StandInSettings:
    host, port = bound.getsockname()[:2]
    return StandInSettings(
        host="127.0.0.1",
        port=free_port(config.settings.rehearsal.port),
        bot_url=f"http://{host}:{port}",
        clock_token=clock_token,
        units=tuple(
            {"code": unit.code, "name": unit.title, "block": files.units.blocks[unit.block]}
            for unit in files.units.units
        ),
    )
