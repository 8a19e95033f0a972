import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.moments import read_moment
from scoring.contest import (
    DECISION_DELAY_MS,
    Calendar,
    Decision,
    Phase,
    Ruling,
    Span,
    Timeline,
    lost_ms,
)
from scoring.instant import Instant

OPENS, CLOSES = 100_000, 200_000
CALENDAR = Calendar(Instant(OPENS), Instant(CLOSES))
DELAY = DECISION_DELAY_MS
SERVER_ZONES = ("UTC", "Asia/Ho_Chi_Minh", "America/New_York", "Asia/Kolkata", "Pacific/Apia")


@pytest.fixture(params=SERVER_ZONES)
def _server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def timeline_of(*decisions: tuple[Ruling, int] | tuple[Ruling, int, int]) -> Timeline:
    """Decisions by the instant they take effect, an extension with its new closing."""
    return Timeline(
        CALENDAR,
        tuple(
            Decision(ruling, Instant(effect - DELAY), *(Instant(each) for each in until))
            for ruling, effect, *until in decisions
        ),
    )


@pytest.mark.usefixtures("_server_zone")
@pytest.mark.parametrize(
    ("iso", "phase"),
    [
        pytest.param("2025-12-07T23:59:59.998Z", Phase.BEFORE, id="opening -2 ms"),
        pytest.param("2025-12-07T23:59:59.999Z", Phase.BEFORE, id="06:59:59.999"),
        pytest.param("2025-12-08T00:00:00.000Z", Phase.OPEN, id="07:00:00.000"),
        pytest.param("2025-12-08T00:00:00.001Z", Phase.OPEN, id="opening +1 ms"),
        pytest.param("2025-12-14T16:59:59.998Z", Phase.OPEN, id="closing -2 ms"),
        pytest.param("2025-12-14T16:59:59.999Z", Phase.OPEN, id="23:59:59.999"),
        pytest.param("2025-12-14T17:00:00.000Z", Phase.CLOSED, id="00:00:00.000"),
        pytest.param("2025-12-14T17:00:00.001Z", Phase.CLOSED, id="closing +1 ms"),
    ],
)
def test_t21_phase_at_every_border(iso: str, phase: Phase):
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    opens, closes = read_moment("07:00 08/12/2025", zone), read_moment("24:00 14/12/2025", zone)
    moment = datetime.fromisoformat(iso)
    now = int(moment.timestamp()) * 1000 + moment.astimezone(UTC).microsecond // 1000

    found = Timeline(Calendar(opens, closes)).phase_at(Instant(now))

    assert found is phase


PAUSED = ((Ruling.PAUSE, 120_000),)
RESUMED = (*PAUSED, (Ruling.RESUME, 130_000))


@pytest.mark.parametrize(
    ("decisions", "at", "phase"),
    [
        pytest.param((), OPENS - 1, Phase.BEFORE, id="before"),
        pytest.param((), OPENS, Phase.OPEN, id="open at opening"),
        pytest.param((), CLOSES - 1, Phase.OPEN, id="open just before closing"),
        pytest.param((), CLOSES, Phase.CLOSED, id="closed at closing"),
        pytest.param(PAUSED, 119_999, Phase.OPEN, id="pause recorded, not yet in effect"),
        pytest.param(PAUSED, 120_000, Phase.PAUSED, id="pause in effect after 5 s"),
        pytest.param(PAUSED, CLOSES, Phase.CLOSED, id="closed though paused"),
        pytest.param(RESUMED, 129_999, Phase.PAUSED, id="resume not yet in effect"),
        pytest.param(RESUMED, 130_000, Phase.OPEN, id="resumed"),
        pytest.param((*RESUMED, (Ruling.PAUSE, 140_000)), 140_000, Phase.PAUSED, id="paused again"),
        pytest.param(((Ruling.RESUME, 110_000),), 110_000, Phase.OPEN, id="resume without pause"),
        pytest.param(((Ruling.PAUSE, 90_000),), 99_999, Phase.BEFORE, id="paused before opening"),
        pytest.param(((Ruling.PAUSE, 90_000),), OPENS, Phase.PAUSED, id="opens into a pause"),
        pytest.param(((Ruling.OPEN, 80_000),), 79_999, Phase.BEFORE, id="opened early, before"),
        pytest.param(((Ruling.OPEN, 80_000),), 80_000, Phase.OPEN, id="opened early"),
        pytest.param(((Ruling.OPEN, 210_000),), 210_000, Phase.CLOSED, id="too late to open"),
        pytest.param(((Ruling.CLOSE, 150_000),), 149_999, Phase.OPEN, id="close not in effect"),
        pytest.param(((Ruling.CLOSE, 150_000),), 150_000, Phase.CLOSED, id="closed early"),
        pytest.param(((Ruling.EXTEND, 150_000, 250_000),), CLOSES, Phase.OPEN, id="extended"),
        pytest.param(((Ruling.EXTEND, 150_000, 250_000),), 250_000, Phase.CLOSED, id="to its end"),
        pytest.param(
            ((Ruling.EXTEND, 150_000, 160_000),), 199_999, Phase.OPEN, id="extension never shrinks"
        ),
        pytest.param(
            ((Ruling.EXTEND, 150_000, 300_000), (Ruling.EXTEND, 160_000, 250_000)),
            299_999,
            Phase.OPEN,
            id="shorter extension after a longer one",
        ),
        pytest.param(
            ((Ruling.EXTEND, 150_000, 300_000), (Ruling.CLOSE, 250_000)),
            250_000,
            Phase.CLOSED,
            id="extended, then closed early",
        ),
        pytest.param(((Ruling.PROVISIONAL, 210_000),), 209_999, Phase.CLOSED, id="not provisional"),
        pytest.param(((Ruling.PROVISIONAL, 210_000),), 210_000, Phase.PROVISIONAL, id="published"),
        pytest.param(
            ((Ruling.PROVISIONAL, 210_000), (Ruling.FINAL, 220_000)),
            220_000,
            Phase.FINAL,
            id="final",
        ),
    ],
)
def test_phase_at_after_decisions(decisions: tuple, at: int, phase: Phase):
    assert timeline_of(*decisions).phase_at(Instant(at)) is phase


def test_decision_takes_effect_five_seconds_later():
    assert Decision(Ruling.PAUSE, Instant(1_000)).takes_effect_at == 6_000


def test_window_at_knows_only_what_is_in_effect():
    timeline = timeline_of((Ruling.OPEN, 80_000), (Ruling.EXTEND, 150_000, 250_000))

    windows = [timeline.window_at(Instant(at)) for at in (79_999, 80_000, 149_999, 150_000)]

    assert windows == [
        Calendar(OPENS, CLOSES),
        Calendar(80_000, CLOSES),
        Calendar(80_000, CLOSES),
        Calendar(80_000, 250_000),
    ]


@pytest.mark.parametrize(
    ("decisions", "now", "spans"),
    [
        pytest.param((), 150_000, (), id="none"),
        pytest.param(PAUSED, 119_999, (), id="not yet"),
        pytest.param(PAUSED, 125_000, (Span(120_000, 125_000),), id="under way, ends now"),
        pytest.param(RESUMED, 150_000, (Span(120_000, 130_000),), id="over"),
        pytest.param(
            (*PAUSED, (Ruling.PAUSE, 125_000), (Ruling.RESUME, 130_000)),
            150_000,
            (Span(120_000, 130_000),),
            id="paused twice is one pause",
        ),
        pytest.param(
            (*RESUMED, (Ruling.RESUME, 135_000), (Ruling.PAUSE, 140_000)),
            150_000,
            (Span(120_000, 130_000), Span(140_000, 150_000)),
            id="two pauses",
        ),
    ],
)
def test_pauses_until_table(decisions: tuple, now: int, spans: tuple[Span, ...]):
    assert timeline_of(*decisions).pauses_until(Instant(now)) == spans


@pytest.mark.parametrize(
    ("spans", "lost"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([(20, 30)], 10, id="inside"),
        pytest.param([(0, 15)], 5, id="begun before the paper"),
        pytest.param([(90, 200)], 10, id="still under way"),
        pytest.param([(0, 10), (100, 120)], 0, id="touching from outside"),
        pytest.param([(0, 500)], 90, id="all of it"),
        pytest.param([(20, 40), (30, 50)], 30, id="overlap counted once"),
        pytest.param([(20, 60), (30, 40)], 40, id="one within another"),
        pytest.param([(50, 60), (20, 30)], 20, id="out of order"),
    ],
)
def test_lost_ms_table(spans: list[tuple[int, int]], lost: int):
    assert lost_ms(Instant(10), Instant(100), [Span(*each) for each in spans]) == lost


spans_drawn = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted), max_size=5)


@settings(deadline=None)
@given(spans_drawn, st.integers(0, 60), st.integers(0, 60))
def test_lost_ms_is_the_union_of_spans_within_the_paper(
    spans: list[list[int]], opened_at: int, until: int
):
    covered = {at for begins, ends in spans for at in range(begins, ends)}

    lost = lost_ms(Instant(opened_at), Instant(until), [Span(*each) for each in spans])

    assert lost == len(covered & set(range(opened_at, until)))
