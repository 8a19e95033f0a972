"""When somebody is told of what lasts, of what comes and goes, and of what only happens."""

from bot.alarms import QUIET_S, REMIND_S, Alarm, Alarms, Review

AWAY = {Alarm.SQL: {"seconds": 21}}
NONE: dict[Alarm, dict[str, object]] = {}


class Technician:
    """Is told everything that is due at each look; `times` says when, kind and whether an end."""

    def __init__(self) -> None:
        self.alarms = Alarms()
        self.times: list[tuple[float, str, bool]] = []

    def look(self, now_s: float, found: dict[Alarm, dict[str, object]], *, dead: int = 0) -> Review:
        review = self.alarms.review(found, {Alarm.DEAD_LETTER: dead}, now_s)
        for telling in review.tellings:
            self.times.append((now_s, telling.alarm.value, telling.lasted_s is not None))
            self.alarms.told(telling, now_s)
        return review


def test_what_lasts_is_told_at_once_again_every_hour_and_when_it_is_over() -> None:
    technician = Technician()
    for now_s in range(0, 7_300, 5):
        technician.look(now_s, AWAY)

    over = technician.look(7_300, NONE)
    technician.look(7_305, NONE)

    assert technician.times == [
        (0, "sql", False),
        (REMIND_S, "sql", False),
        (2 * REMIND_S, "sql", False),
        (7_300, "sql", True),
    ]
    assert over.ended[0].lasted_s == 7_300


def test_what_comes_and_goes_is_told_once_in_ten_minutes() -> None:
    technician = Technician()
    for now_s in range(0, 1_200, 10):
        technician.look(now_s, AWAY if now_s // 10 % 2 else NONE)

    begun = [now_s for now_s, _, is_over in technician.times if not is_over]
    over = [now_s for now_s, _, is_over in technician.times if is_over]

    assert begun == [10, 10 + QUIET_S]
    assert over == [20, 20 + QUIET_S]


def test_the_end_of_what_nobody_was_told_of_is_not_told() -> None:
    technician = Technician()
    technician.look(0, AWAY)
    technician.look(5, NONE)

    technician.look(10, AWAY)
    technician.look(15, NONE)

    assert technician.times == [(0, "sql", False), (5, "sql", True)]


def test_what_could_not_be_told_is_told_later() -> None:
    alarms = Alarms()
    alarms.review(AWAY, {}, 0)

    again = alarms.review(AWAY, {}, 5)

    assert [one.alarm for one in again.tellings] == [Alarm.SQL]
    assert again.begun == ()


def test_an_end_that_could_not_be_told_is_dropped_when_it_begins_anew() -> None:
    """The technician believes that it lasts, and he is right."""
    alarms = Alarms()
    (telling,) = alarms.review(AWAY, {}, 0).tellings
    alarms.told(telling, 0)
    ended = alarms.review(NONE, {}, 5)

    anew = alarms.review(AWAY, {}, 10)

    assert [one.lasted_s for one in ended.tellings] == [5]
    assert anew.tellings == ()
    assert alarms.lasting == {"sql"}


def test_what_happens_is_counted_and_told_together() -> None:
    technician = Technician()
    counts = []
    for now_s, dead in ((0, 0), (5, 1), (10, 3), (604, 4), (605, 4), (610, 4)):
        review = technician.look(now_s, NONE, dead=dead)
        counts += [(now_s, one.facts["count"]) for one in review.tellings]

    assert counts == [(5, 1), (605, 3)]
    assert all(not is_over for _, _, is_over in technician.times)


def test_kinds_do_not_silence_each_other() -> None:
    technician = Technician()
    technician.look(0, AWAY)

    technician.look(5, AWAY | {Alarm.DISK: {"megabytes": 3}}, dead=1)

    assert [kind for _, kind, _ in technician.times] == ["sql", "disk", "dead_letter"]
