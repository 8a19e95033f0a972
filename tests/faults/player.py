"""A simulated resident: registers, answers, changes his mind, taps twice, hands in.

He believes only what he sees: the next screen is an ok, a toast on his tap a refusal, and where
nothing comes in time the outcome is unknown and he taps again. All of it goes into the history.
"""

import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle

from tests.faults.history import History, Operation, Outcome
from tests.faults.resident import Resident
from tests.faults.script import PAPER, REGISTRATION, Step

PATIENCE_S = 2.0
"""How long he looks at a screen before he taps again."""

MOST_TRIES = 60

TURNS_BACK, TAPS_OLD, TAPS_TWICE = 0.08, 0.06, 0.1
BACK = "◀ Câu trước"
UNIT, UNIT_ASKED = "Tổ dân phố 6 (Nhân Trạch)", ("Bước 4/4", "Tìm thấy")
WAIT = ("Đang có nhiều người", "Hệ thống đang bận")
BEGIN = "Bắt đầu làm bài"
SUBMIT = "Nộp bài"
_QUESTION = re.compile(rf"Câu (\d+)/{PAPER}")
_NUMBER = re.compile(r"[Ss]ố báo danh:? (\d+)")
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
_GIVEN = ("Hoa", "Nam", "Lan", "Minh", "Hà", "Tuấn", "Mai", "Sơn", "Hương", "Đức")


def name_of(chance: random.Random) -> str:
    return f"{chance.choice(_SURNAMES)} {chance.choice(_GIVEN)} {chance.choice(_GIVEN)}"


Button = tuple[int, str]


class Player:
    """One resident; `chance` is his own, from the run's seed."""

    def __init__(self, resident: Resident, history: History, chance: random.Random) -> None:
        self.resident = resident
        self.history = history
        self.chance = chance
        self._old: tuple[int, int, Button] | None = None

    async def play(self) -> None:
        await self._register()
        await self._open()
        while (place := self._place()) is not None:
            await self._turn(place)
        # Three digits: a smaller one typed again would lead from the summary to a question.
        guess = self.chance.randrange(100, 1000)
        await self._until_ok(
            "predict", lambda: self.resident.say(str(guess)), "summary", (None, guess)
        )
        await self._press_until_ok("submit", SUBMIT, "receipt")
        self.history.screens[self.resident.id] = screen_name(self.resident)

    async def _register(self) -> None:
        *steps, last = REGISTRATION
        for step in steps:
            await self._go(step)
        told = await self._press_until_ok("register", last.label, "member")
        found = _NUMBER.search(self.resident.text())
        told.value = int(found[1]) if found else None

    async def _go(self, step: Step) -> None:
        """A step of the registration, as often as it takes."""

        def is_through() -> bool:
            # A message that was sent twice may stand below the one that goes on.
            return step.words in str(self.resident.screens()[-4:])

        if step.name == "unit":
            do = again = self._tell_unit
        elif step.label and self.resident.button(step.label) is not None:
            do, again = partial(step.do, self.resident), step.again(self.resident)
        else:
            say = partial(self.resident.say, "/dangky")
            ways = cycle([say] if step.label else [partial(step.do, self.resident), say])
            do = again = partial(_next, ways)
        do()
        await self._patiently(is_through, again, step.name)

    def _tell_unit(self) -> int:
        """Agree to the link's; where it was lost with a reply, and `/dangky` typed, by its name."""
        asked = [one for one in self.resident.screens() if one.text.startswith(UNIT_ASKED)]
        labels = asked[-1].labels if asked else ()
        label = next((one for one in ("Đúng", UNIT) if one in labels), "")
        return self.resident.tap(label) if label else self.resident.say(UNIT)

    async def _open(self) -> None:
        def ask() -> int:
            return self.resident.say("/thi")

        ask()
        await self._patiently(lambda: self.resident.button(BEGIN), ask, "take")
        await self._press_until_ok("open", BEGIN, "question 1")

    async def _turn(self, place: int) -> None:
        """One thing a person does at a question."""
        roll = self.chance.random()
        if place > 1 and roll < TURNS_BACK:
            await self._press_until_ok("back", BACK, f"question {place - 1}", (place, None))
        elif self._old is not None and roll < TURNS_BACK + TAPS_OLD:
            await self._tap_old(*self._old)
        else:
            await self._answer(place, self.chance.randrange(4), is_twice=roll > 1 - TAPS_TWICE)

    async def _answer(self, place: int, choice: int, *, is_twice: bool) -> None:
        other = (choice + 1) % 4
        buttons = self._letter(choice), self._letter(other)
        after = "prediction" if place == PAPER else f"question {place + 1}"
        if is_twice:
            await self._answer_twice(place, (choice, other), buttons, after)
        else:
            press = partial(self.resident.press_again, *buttons[0])
            await self._until_ok("answer", press, after, (place, choice))
        self._old = (place, other, buttons[1])

    async def _answer_twice(
        self, place: int, choices: tuple[int, int], buttons: tuple[Button, Button], after: str
    ) -> None:
        """Two letters of one question at once: one counts, and a toast says which does not."""
        done = [self.history.invoke(self.resident.id, "answer", place, one) for one in choices]
        taps = [self.resident.press_for_toast(*one) for one in buttons]
        await self._shortly(lambda: self._screen() == after and self._toasted() & {*taps})
        for operation, tap in zip(done, taps, strict=True):
            is_refused = tap in self._toasted()
            operation.outcome = Outcome.REFUSED if is_refused else Outcome.UNKNOWN
        is_through = self._screen() == after
        if is_through and {one.outcome for one in done} == {Outcome.UNKNOWN, Outcome.REFUSED}:
            taken = next(one for one in done if one.outcome is Outcome.UNKNOWN)
            taken.outcome = Outcome.OK
        # Which of them counts he may never learn: he goes on from what he sees.
        again = partial(self._again, place, choices[0], buttons[0])
        await self._patiently(lambda: self._screen() == after, again, "answer twice")

    def _again(self, place: int, choice: int, button: Button) -> None:
        operation = self.history.invoke(self.resident.id, "answer", place, choice)
        operation.outcome = Outcome.UNKNOWN
        self.resident.press_again(*button)

    async def _tap_old(self, place: int, choice: int, button: Button) -> None:
        """Another letter of a question that has passed: a toast, and nothing changes."""
        self._old = None
        operation = self.history.invoke(self.resident.id, "answer", place, choice)
        tap = self.resident.press_for_toast(*button)
        is_told = await self._shortly(lambda: tap in self._toasted())
        operation.outcome = Outcome.REFUSED if is_told else Outcome.UNKNOWN

    async def _press_until_ok(
        self,
        act: str,
        label: str,
        after: str,
        what: tuple[int | None, int | None] = (None, None),
    ) -> Operation:
        """The same button as often as it takes: pressed again it does nothing more."""
        button = self.resident.button(label)
        if button is None:
            raise AssertionError(f"{self.resident.id}: no {label!r}: {self.resident.shown()}")
        return await self._until_ok(act, partial(self.resident.press_again, *button), after, what)

    async def _until_ok(
        self,
        act: str,
        do: Callable[[], object],
        after: str,
        what: tuple[int | None, int | None],
    ) -> Operation:
        """Do it until the screen after it is there; what came to nothing in time is unknown."""
        for _ in range(MOST_TRIES):
            operation = self.history.invoke(self.resident.id, act, *what)
            do()
            if await self._shortly(lambda: self._screen() == after):
                operation.outcome = Outcome.OK
                return operation
            operation.outcome = Outcome.UNKNOWN
        raise AssertionError(f"{self.resident.id}: {act} to {after}: {self.resident.shown()}")

    async def _patiently(
        self, is_so: Callable[[], object], again: Callable[[], object], what: str
    ) -> None:
        for _ in range(MOST_TRIES):
            if await self._shortly(is_so):
                return
            again()
        raise AssertionError(f"{self.resident.id}: {what}: {self.resident.shown()}")

    async def _shortly(self, is_so: Callable[[], object]) -> bool:
        return bool(await self.resident.shortly(is_so, PATIENCE_S))

    def _letter(self, choice: int) -> Button:
        """The button of a letter, also where it is marked as chosen."""
        letter = "ABCD"[choice]
        found = self.resident.button(letter, f"✓ {letter}")
        if found is None:
            raise AssertionError(f"{self.resident.id}: no {letter}: {self.resident.shown()}")
        return found

    def _toasted(self) -> set[str]:
        """The taps that were refused; a notice that says to wait refuses nothing."""
        toasts = self.resident.chat.toasts
        return {one["callback_id"] for one in toasts if not one["text"].startswith(WAIT)}

    def _place(self) -> int | None:
        name = self._screen()
        return int(name.split()[1]) if name.startswith("question") else None

    def _screen(self) -> str:
        return screen_name(self.resident)


def _next(ways: Iterator[Callable[[], object]]) -> object:
    return next(ways)()


def screen_name(resident: Resident) -> str:
    """`question 3`, `prediction`, `summary`, `receipt`, `member` or `other`: the newest one.

    A receipt stays, whatever was sent below it by a word that was delivered twice.
    """
    texts = [message.text for message in reversed(resident.said())]
    if any(text.startswith("ĐÃ NỘP BÀI") for text in texts):
        return "receipt"
    return next((name for text in texts if (name := _name_of(text))), "other")


def _name_of(text: str) -> str:
    if found := _QUESTION.match(text):
        return f"question {found[1]}"
    if text.startswith("Câu dự đoán"):
        return "prediction"
    if text.startswith("Xem lại trước khi nộp"):
        return "summary"
    return "member" if _NUMBER.search(text) else ""
