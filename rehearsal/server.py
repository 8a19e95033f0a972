"""Starts and stops a stand-in: one aiohttp application on one port."""

from dataclasses import dataclass

from aiohttp import web

from rehearsal import api
from rehearsal.callbacks import Callbacks
from rehearsal.calls import Call
from rehearsal.chats import Chats
from rehearsal.controls import control_routes
from rehearsal.files import Files
from rehearsal.group_routes import group_routes
from rehearsal.groups import Groups
from rehearsal.people import doorkeeper, people_routes
from rehearsal.polling import Poller
from rehearsal.settings import StandInSettings
from rehearsal.transcript import Transcript
from rehearsal.updates import UpdateQueue
from rehearsal.webhook import Webhook
from rehearsal.world import World

__all__ = ["StandIn", "StandInSettings", "start"]

MAX_BODY_BYTES = 64 * (1 << 20)
_SHUTDOWN_S = 2.0


@dataclass(slots=True)
class StandIn:
    """`url` is the base of everything: the Bot API is `url + "/bot" + token + "/" + method`."""

    url: str
    world: World
    runner: web.AppRunner

    @property
    def token(self) -> str:
        return self.world.settings.token

    async def stop(self) -> None:
        """Ends waiting polls and watching pages; what was said is forgotten."""
        await self.world.webhook.remove()
        self.world.poller.release()
        self.world.events.close()
        await self.runner.cleanup()


async def start(settings: StandInSettings | None = None) -> StandIn:
    settings = settings or StandInSettings()
    world = build_world(settings)
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[doorkeeper])
    app.add_routes(api.api_routes(world) + people_routes(world) + group_routes(world))
    app.add_routes(control_routes(world))
    runner = web.AppRunner(app, shutdown_timeout=_SHUTDOWN_S, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port)
    await site.start()
    port = runner.addresses[0][1]
    return StandIn(f"http://{settings.host}:{port}", world, runner)


def build_world(settings: StandInSettings) -> World:
    async def run_reply(call: Call) -> None:
        await api.run(world, call)

    queue = UpdateQueue()
    webhook = Webhook(
        queue,
        run_reply,
        retry_base_s=settings.retry_base_s,
        timeout_s=settings.webhook_timeout_s,
    )
    callbacks = Callbacks(settings.answer_deadline_s)
    world = World(
        settings,
        queue,
        webhook,
        Poller(queue),
        callbacks,
        Chats(settings.messages_kept),
        Groups(settings.messages_kept),
        Files(settings.files_bytes),
        Transcript(settings.calls_kept),
    )
    return world
