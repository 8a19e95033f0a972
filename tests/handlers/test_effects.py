"""What an input came to, as it is counted: steps, repetitions, stale views, refusals."""

from collections.abc import Callable
from typing import Any

from handlers.incoming import Tap
from handlers.reply import Effect, Reply
from scoring.instant import Instant

CLOSES = Instant(1_765_731_600_000)
Meet = Callable[..., Any]


async def at_a_paper(meet: Meet) -> Any:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    return hoa


async def to_the_end(hoa: Any) -> None:
    while "A" in hoa.labels:
        await hoa.tap("A")


async def test_taps_and_typed_answers_are_steps(meet: Meet) -> None:
    hoa = await at_a_paper(meet)

    effects = [(await hoa.tap("A")).effect, (await hoa.text("b")).effect]
    await to_the_end(hoa)
    effects += [(await hoa.text("120")).effect, (await hoa.tap("Nộp bài")).effect]

    assert effects == [Effect.STEP] * 4


async def test_the_same_again_is_a_repetition(meet: Meet) -> None:
    hoa = await at_a_paper(meet)
    tap = Tap(hoa.button("A").data)
    await hoa.say(tap)
    await hoa.text("b", "event-1")

    again = [(await hoa.say(tap)).effect, (await hoa.text("b", "event-1")).effect]
    await to_the_end(hoa)
    await hoa.text("5")
    submit = Tap(hoa.button("Nộp bài").data)
    await hoa.say(submit)
    again.append((await hoa.say(submit)).effect)

    assert again == [Effect.REPEATED] * 3


async def test_another_choice_on_a_view_that_is_gone_is_stale(meet: Meet) -> None:
    hoa = await at_a_paper(meet)
    tap, other = Tap(hoa.button("A").data), Tap(hoa.button("B").data)
    await hoa.say(tap)

    assert (await hoa.say(other)).effect is Effect.STALE
    assert (await hoa.say(Tap("nonsense"))).effect is Effect.STALE


async def test_second_tap_on_the_same_place_is_a_double_tap(meet: Meet) -> None:
    hoa = await at_a_paper(meet)
    await hoa.tap("A")
    hoa.clock.wait(-900)

    assert (await hoa.tap("A")).effect is Effect.DOUBLE_TAP


async def test_what_is_not_taken_is_a_refusal(meet: Meet) -> None:
    hoa = await at_a_paper(meet)
    words = await hoa.text("xin chào")
    hoa.clock.go_to(CLOSES)

    late = await hoa.tap("A")

    assert (words.effect, late.effect) == (Effect.REFUSED, Effect.REFUSED)


async def test_everything_else_is_done(meet: Meet) -> None:
    hoa = meet()

    replies: list[Reply] = [await hoa.command("start"), await hoa.text("xin chào")]

    assert [one.effect for one in replies] == [Effect.DONE] * 2
