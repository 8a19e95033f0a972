"""Files of links are forgotten by the machine's clock, looked at once a minute."""

from scheduler.file_forgetting import FileForgetter
from scoring.instant import MINUTE_MS, Instant


class Clock:
    def __init__(self) -> None:
        self.ms = 1_000_000

    def now(self) -> Instant:
        raise AssertionError("the contest clock may be moved: it says nothing here")

    def machine_ms(self) -> int:
        return self.ms


class Files:
    def __init__(self) -> None:
        self.asked: list[int] = []

    async def forget(self, now_ms: int) -> None:
        self.asked.append(now_ms)


async def test_files_are_looked_at_once_a_minute():
    clock, files = Clock(), Files()
    forgetter = FileForgetter(files, clock)

    for later_ms in (0, 1, MINUTE_MS - 1, MINUTE_MS, MINUTE_MS + 1, 2 * MINUTE_MS):
        clock.ms = 1_000_000 + later_ms
        await forgetter.tick()

    assert files.asked == [1_000_000, 1_000_000 + MINUTE_MS, 1_000_000 + 2 * MINUTE_MS]


async def test_what_could_not_be_forgotten_is_tried_again():
    clock, files = Clock(), Files()
    forgetter = FileForgetter(files, clock)
    forget, files.forget = files.forget, _away

    for is_back in (False, True):
        files.forget = forget if is_back else _away
        try:
            await forgetter.tick()
        except ConnectionError:
            clock.ms += 1

    assert files.asked == [1_000_001]


async def _away(_: int) -> None:
    raise ConnectionError
