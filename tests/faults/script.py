"""What one resident does from the first word to the receipt, step by step, with what he then sees.

A step is one update. Its kind says which crash points it comes to.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.resident import Resident

PAPER = 15
NAME = "Nguyễn Thị Hoa"
PHONE = "+84912345678"


@dataclass(frozen=True, slots=True)
class Step:
    """A tap on `label`, a typed `text`, or the shared contact. `words` stand on the newest message
    once the step is through.

    `reads`: a tap on the paper loads the session; `writes`: something is committed; `caches`: the
    session moves in Redis. What has no name is played, and no process dies in it.
    """

    name: str
    words: str
    label: str = ""
    text: str = ""
    reads: bool = False
    writes: bool = True
    caches: bool = False

    def do(self, resident: Resident) -> int:
        """The update's id."""
        if self.label:
            return resident.tap(self.label)
        return resident.say(self.text) if self.text else resident.contact()

    def again(self, resident: Resident) -> Callable[[], int]:
        """What a person does whose screen does not change, as things stand before the step.

        The same tap or word again; a field that was taken is not typed again, but any button
        that is still to be seen is tapped.
        """
        seen = resident.button(self.label) if self.label else resident.newest_button()
        if seen is None or not self.writes or not (self.label or self.text):
            return lambda: self.do(resident)
        return lambda: resident.press(*seen)


def answer(place: int, letter: str, name: str = "") -> Step:
    """Answer the question at the place and see the next one."""
    words = "Câu dự đoán" if place == PAPER else f"Câu {place + 1}/{PAPER}"
    return Step(name, words, letter, reads=True, caches=True)


REGISTRATION = (
    Step("start", "Trợ giúp", text="/start TDP-06", writes=False),
    Step("register", "Trước khi đăng ký", "Đăng ký dự thi"),
    Step("consent", "Bước 1/4", "Đồng ý"),
    Step("contact", "Bước 2/4"),
    Step("name", "Bước 3/4", text=NAME),
    Step("born", "Bước 4/4", text="1955"),
    Step("unit", "Đúng, hoàn tất", "Đúng"),
    Step("confirm", "Vào thi", "Đúng, hoàn tất"),
)
PAPER_STEPS = (
    Step("take", "Bắt đầu làm bài", text="/thi", writes=False),
    Step("begin", "Câu 1/15", "Bắt đầu làm bài", caches=True),
    answer(1, "A", "tap"),
    Step("typed", "Câu 3/15", text="b", caches=True),
    Step("back", "Câu 2/15", "◀ Câu trước", reads=True, caches=True),
    answer(2, "C", "change"),
    *(answer(place, "ABCD"[place % 4]) for place in range(3, PAPER + 1)),
    Step("predict", "Nộp bài", text="120", caches=True),
    Step("submit", "Không công bố", "Nộp bài", reads=True, caches=True),
    Step("publish", "Đã ghi nhận", "Đồng ý công bố"),
)
SCRIPT = (*REGISTRATION, *PAPER_STEPS)


def applies(point: str, step: Step, transport: str) -> bool:
    """Whether an update of this step comes to the point."""
    match point:
        case "session_read":
            return step.reads
        case "decided" | "before_commit" | "committed":
            return step.writes
        case "redis_write" | "redis_written":
            return step.caches
        case "answering" | "answered":
            return bool(step.label) and transport == "polling"
    return not point.startswith("outbox")


BEFORE_ACKNOWLEDGED = frozenset(
    {
        "received",
        "session_read",
        "decided",
        "before_commit",
        "committed",
        "redis_write",
        "accepted",
    }
)
"""Of a process that dies here the platform delivers again: nobody needs to tap."""
