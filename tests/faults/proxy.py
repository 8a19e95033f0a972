"""A small TCP proxy between the bot and a server, whose line a test can spoil.

`pass`, `freeze` (nothing goes through), `slow`, `down` (refused and cut), and for PostgreSQL
`lose COMMIT`: the next COMMIT reaches the server, and its answer never comes back.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
SLOW_S = 5.0


@dataclass
class Proxy:
    """Listens on a port of its own; `target` is a host and a port, or a Unix socket's path."""

    target: tuple[str, int] | str
    mode: str = "pass"
    lost: int = 0
    _server: asyncio.Server | None = None
    _deaf: set[asyncio.StreamWriter] = field(default_factory=set)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _pumps: set[asyncio.Task[None]] = field(default_factory=set)
    _thawed: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> int:
        self._thawed.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def turn(self, mode: str) -> None:
        self.mode = mode
        if mode == "freeze":
            self._thawed.clear()
        else:
            self._thawed.set()
        if mode == "down":
            self._cut_all()

    async def close(self) -> None:
        self.turn("down")
        if self._server is not None:
            self._server.close()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def _cut_all(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "down":
            writer.transport.abort()
            return
        server = await self._connect()
        self._open |= {writer, server[1]}
        pumps = [
            asyncio.create_task(self._up(reader, server, writer)),
            asyncio.create_task(self._down(server[0], writer)),
        ]
        self._pumps |= {*pumps}
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for one in (writer, server[1]):
            one.transport.abort()
            self._open.discard(one)
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        self._pumps -= {*pumps}

    async def _connect(self) -> Streams:
        if isinstance(self.target, str):
            return await asyncio.open_unix_connection(self.target)
        return await asyncio.open_connection(*self.target)

    async def _up(
        self, client: asyncio.StreamReader, server: Streams, answers: asyncio.StreamWriter
    ) -> None:
        with suppress(ConnectionError):
            while data := await client.read(1 << 16):
                await self._wait()
                server[1].write(data)
                await server[1].drain()
                if self.mode == "lose COMMIT" and b"COMMIT" in data:
                    self.mode = "pass"
                    self._deaf.add(answers)

    async def _down(self, server: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await server.read(1 << 16):
                if client in self._deaf:
                    # The server answered, so it has committed: now the line is cut.
                    self._deaf.discard(client)
                    self.lost += 1
                    return
                await self._wait()
                client.write(data)
                await client.drain()

    async def _wait(self) -> None:
        await self._thawed.wait()
        if self.mode == "slow":
            await asyncio.sleep(SLOW_S)
