import pytest

from scoring.contest import Phase
from scoring.limits import AttemptLimits, History, StartRefusal, refusal_after, refusal_in

ALL, TODAY = StartRefusal.NO_ATTEMPTS_LEFT, StartRefusal.NO_ATTEMPTS_TODAY


@pytest.mark.parametrize(
    ("phase", "refusal"),
    [
        (Phase.BEFORE, StartRefusal.BEFORE_OPENING),
        (Phase.OPEN, None),
        (Phase.PAUSED, StartRefusal.PAUSED),
        (Phase.CLOSED, StartRefusal.CLOSED),
        (Phase.PROVISIONAL, StartRefusal.CLOSED),
        (Phase.FINAL, StartRefusal.CLOSED),
    ],
    ids=[phase.value for phase in Phase],
)
def test_refusal_in_each_phase(phase: Phase, refusal: StartRefusal | None):
    assert refusal_in(phase) is refusal


@pytest.mark.parametrize(
    ("had", "today", "limits", "refusal"),
    [
        pytest.param(0, 0, (3, 1), None, id="rules 4.1 first"),
        pytest.param(1, 1, (3, 1), TODAY, id="rules 4.1 second on one day"),
        pytest.param(1, 0, (3, 1), None, id="rules 4.1 second on another day"),
        pytest.param(2, 0, (3, 1), None, id="rules 4.1 third"),
        pytest.param(3, 0, (3, 1), ALL, id="rules 4.1 fourth"),
        pytest.param(3, 1, (3, 1), ALL, id="rules 4.1 both spent: nothing to wait for"),
        pytest.param(4, 0, (3, 1), ALL, id="more than the limit"),
        pytest.param(99, 99, (0, 0), None, id="no limits"),
        pytest.param(99, 1, (0, 1), TODAY, id="only a day's limit"),
        pytest.param(99, 0, (0, 1), None, id="only a day's limit, another day"),
        pytest.param(2, 2, (2, 0), ALL, id="only a limit in all"),
        pytest.param(1, 1, (2, 0), None, id="only a limit in all, one left"),
    ],
)
def test_t36_refusal_after_history(
    had: int, today: int, limits: tuple[int, int], refusal: StartRefusal | None
):
    assert refusal_after(History(had, today), AttemptLimits(*limits)) is refusal
