import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from handlers.catalogue import Catalogue
from reports.chart_texts import overview_pages
from reports.charts import bars_pictures
from reports.drawing import Drawing, DrawingError
from reports.poster_texts import PosterFacts, poster_of
from reports.posters import poster_png
from tests.reports import drawings
from tests.reports.tallied import tally_of

ROOT = Path(__file__).parents[2]
PARENT = """
import asyncio, sys
from handlers.catalogue import Catalogue
from reports.chart_texts import overview_pages
from reports.charts import bars_pictures
from reports.drawing import Drawing
from tests.reports import drawings

async def main():
    drawing = Drawing()
    print(await drawing.draw(drawings.own_pid), flush=True)
    await asyncio.Event().wait()

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture
async def drawing() -> AsyncIterator[Drawing]:
    one = Drawing()
    yield one
    await one.close()


async def until(is_so: Callable[[], bool]) -> None:
    """Waits for what another process does; what never comes ends the test."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 (another process's deeds set no event here)
            await asyncio.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that nobody has waited for yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def test_drawing_is_made_in_another_process_that_stays_warm(drawing: Drawing) -> None:
    first = await drawing.draw(drawings.own_pid)
    second = await drawing.draw(drawings.own_pid)

    assert first == second == drawing.pid
    assert first != os.getpid()


async def test_worker_has_matplotlib_loaded_and_yields_to_the_bot(drawing: Drawing) -> None:
    assert await drawing.draw(drawings.has_matplotlib) is True
    assert await drawing.draw(drawings.niceness) == os.nice(0) + 10


async def test_worker_is_started_at_the_first_drawing_only(drawing: Drawing) -> None:
    assert drawing.pid is None

    assert await drawing.draw(drawings.double, 21) == 42

    assert drawing.pid is not None


async def test_worker_makes_the_same_pictures(drawing: Drawing, catalogue: Catalogue) -> None:
    pages = overview_pages(catalogue, tally_of([(31, 26), (52, 50)]))
    poster = poster_of(PosterFacts(catalogue, "07 giờ", "24 giờ", 15, "phuluong_bot"))

    assert await drawing.draw(bars_pictures, pages) == bars_pictures(pages)
    assert await drawing.draw(poster_png, poster) == poster_png(poster)


async def test_drawings_asked_for_together_are_all_made(drawing: Drawing) -> None:
    made = await asyncio.gather(*(drawing.draw(drawings.double, number) for number in range(20)))

    assert made == [2 * number for number in range(20)]


async def test_killed_worker_is_replaced(drawing: Drawing) -> None:
    before = await drawing.draw(drawings.own_pid)
    os.kill(before, signal.SIGKILL)

    after = await drawing.draw(drawings.own_pid)

    assert after not in {before, os.getpid()}


async def test_drawing_is_tried_again_when_its_worker_dies(
    drawing: Drawing, tmp_path: Path
) -> None:
    pid = await drawing.draw(drawings.die_once, tmp_path / "mark")

    assert pid == drawing.pid


async def test_drawing_that_kills_every_worker_is_given_up(drawing: Drawing) -> None:
    with pytest.raises(DrawingError):
        await drawing.draw(drawings.die)

    assert await drawing.draw(drawings.double, 4) == 8


async def test_drawing_that_takes_too_long_is_ended_and_its_worker_with_it(tmp_path: Path) -> None:
    drawing = Drawing()
    pid = await drawing.draw(drawings.own_pid)
    drawing._limit_s = 0.3

    with pytest.raises(DrawingError):
        await drawing.draw(drawings.dawdle, tmp_path / "mark")

    assert not is_alive(pid)
    drawing._limit_s = 60.0
    assert await drawing.draw(drawings.double, 5) == 10
    await drawing.close()


async def test_drawing_that_cannot_be_made_leaves_the_worker(drawing: Drawing) -> None:
    pid = await drawing.draw(drawings.own_pid)

    with pytest.raises(DrawingError):
        await drawing.draw(drawings.refuse)

    assert await drawing.draw(drawings.own_pid) == pid


async def test_close_ends_a_worker_in_the_middle_of_a_drawing(tmp_path: Path) -> None:
    drawing, mark = Drawing(), tmp_path / "mark"
    pid = await drawing.draw(drawings.own_pid)
    asked = asyncio.create_task(drawing.draw(drawings.dawdle, mark))
    await until(mark.exists)

    await drawing.close()

    with pytest.raises(DrawingError):
        await asked
    assert not is_alive(pid)
    with pytest.raises(DrawingError):
        await drawing.draw(drawings.double, 1)


async def test_close_ends_a_worker_that_is_just_starting() -> None:
    drawing = Drawing()
    asked = asyncio.create_task(drawing.draw(drawings.own_pid))
    await until(lambda: bool(multiprocessing.active_children()))

    await drawing.close()

    with pytest.raises(DrawingError):
        await asked
    assert drawing.pid is None
    assert multiprocessing.active_children() == []


async def test_worker_does_not_outlive_a_killed_bot(tmp_path: Path) -> None:
    script = tmp_path / "bot.py"
    script.write_text(PARENT)
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        script,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    worker = int(await parent.stdout.readline())
    assert is_alive(worker)

    parent.kill()
    await parent.wait()

    await until(lambda: not is_alive(worker))


@pytest.mark.parametrize("module", ["bot.process", "bot.cli", "reports.charts", "reports.drawing"])
def test_bot_does_not_load_what_draws(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "print([one for one in ('matplotlib', 'numpy', 'PIL', 'reportlab', 'segno')"
        " if one in sys.modules])"
    )

    outcome = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert outcome.stdout.strip() == "[]"
