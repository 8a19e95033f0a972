"""One's own results: however many attempts, they fit into one message."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from scheduler.ticker import Ticker
from scoring.instant import DAY_MS, MINUTE_MS

Meet = Callable[..., Any]
AGAIN = text(
    "INSERT INTO attempt (person, number, account, paper, bank, rules, opened_at, due, wait_ms,"
    ' extra_ms, guess_salt, ended_at, "end", correct, answered, guess, duration_ms)'
    " SELECT person, number + :more, account, paper, bank, rules, opened_at, due, wait_ms,"
    ' extra_ms, guess_salt, ended_at, "end", correct, answered, guess, duration_ms FROM attempt'
    " WHERE number = 1"
)


async def played(meet: Meet, store: Any, clock: Any, ticker: Ticker, attempts: int) -> Any:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    clock.wait(16 * MINUTE_MS)
    await ticker.tick()
    rows = [{"more": more} for more in range(1, attempts)]
    if rows:
        await store.database.write(lambda one: one.execute(AGAIN, rows))
    return hoa


async def test_results_of_many_attempts_show_the_newest_and_count_the_rest(
    meet: Meet, store: Any, clock: Any, desk: Any
) -> None:
    ticker = Ticker(desk, store.jobs, store.attempts, clock, 0)
    hoa = await played(meet, store, clock, ticker, 100)

    await hoa.command("ketqua")

    shown = hoa.screen.text
    assert len(shown) <= 4_096
    assert [f"<b>Lượt {number}</b>" in shown for number in (80, 81, 100)] == [False, True, True]
    assert "còn 80 lượt trước đó" in shown


async def test_results_of_a_few_attempts_are_all_shown(
    meet: Meet, store: Any, clock: Any, desk: Any
) -> None:
    ticker = Ticker(desk, store.jobs, store.attempts, clock, 0)
    hoa = await played(meet, store, clock, ticker, 20)

    await hoa.command("ketqua")

    assert hoa.screen.text.count("<b>Lượt ") == 20
    assert "trước đó" not in hoa.screen.text


async def test_results_after_the_closing_await_no_end(meet: Meet, clock: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()
    await hoa.text("120")
    await hoa.tap("Nộp bài")
    await hoa.command("ketqua")
    before = hoa.screen.text
    clock.wait(8 * DAY_MS)

    await hoa.command("ketqua")

    assert "công bố sau khi cuộc thi kết thúc" in before
    assert "sau khi" not in hoa.screen.text
    assert "Cuộc thi đã kết thúc. Xếp hạng và đáp án" in hoa.screen.text
