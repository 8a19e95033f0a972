"""Practice: five questions of a bank of their own, with the answer at once.

Its whole state is in its buttons; nothing of it is stored or counted (DESIGN §4).
"""

from hashlib import sha256

from handlers.buttons import PracticeButton
from handlers.desk import Desk
from handlers.home import home_button
from handlers.incoming import Incoming
from handlers.paper_screen import options_text
from handlers.rendering import LETTERS
from handlers.reply import Place, Reply, Rows, Screen
from question_bank.draw import Paper, draw_paper

NUMBERS = 2**32


def begin(desk: Desk, incoming: Incoming, place: Place) -> Reply:
    """A fresh practice, drawn from the event that asked for it."""
    digest = sha256(f"{incoming.sender.id}/{incoming.event}".encode()).digest()
    seed = int.from_bytes(digest[:4], "big")
    return Reply((_question(desk, incoming, PracticeButton(seed, 1, 0, None), place),))


def press(desk: Desk, incoming: Incoming, button: PracticeButton) -> Reply:
    """A choice shows whether it is right; "next" shows the next question or the end."""
    if button.place > desk.customs.practice_size:
        return Reply((_done(desk, incoming, button),))
    if button.choice is not None:
        return Reply((_verdict(desk, incoming, button),))
    return Reply((_question(desk, incoming, button, Place.HERE),))


def _paper(desk: Desk, seed: int) -> Paper:
    topic = next(iter(desk.practice_bank.topics))
    key = sha256(b"practice").digest()
    return draw_paper(key, desk.practice_bank, {topic: desk.customs.practice_size}, seed, 1)


def _question(desk: Desk, incoming: Incoming, state: PracticeButton, place: Place) -> Screen:
    drawn = _paper(desk, state.seed).places[state.place - 1]
    letters = [
        desk.labelled(
            incoming.sender,
            LETTERS[index],
            PracticeButton(state.seed, state.place, state.correct, index),
        )
        for index in range(len(drawn.options))
    ]
    rows = Rows().add(*letters).add(home_button(desk, incoming.sender))
    return Screen(_text(desk, state, None), rows.done(), place)


def _text(desk: Desk, state: PracticeButton, chosen: int | None) -> str:
    drawn = _paper(desk, state.seed).places[state.place - 1]
    question = desk.practice_bank.question(drawn.question)
    return desk.text(
        "practice.question",
        place=state.place,
        size=desk.customs.practice_size,
        stem=question.stem,
        options=options_text(desk, question, drawn, chosen),
    )


def _verdict(desk: Desk, incoming: Incoming, button: PracticeButton) -> Screen:
    drawn = _paper(desk, button.seed).places[button.place - 1]
    question = desk.practice_bank.question(drawn.question)
    key = drawn.options.index(question.answer)
    is_right = button.choice == key
    if is_right:
        verdict = desk.text("practice.right", explanation=question.explanation)
    else:
        verdict = desk.text("practice.wrong", letter=LETTERS[key], explanation=question.explanation)
    text = desk.text(
        "practice.answered",
        question=_text(desk, button, button.choice),
        verdict=verdict,
    )
    on = PracticeButton(button.seed, button.place + 1, button.correct + is_right, None)
    return Screen(text, Rows().add(desk.button(incoming.sender, "next", on)).done())


def _done(desk: Desk, incoming: Incoming, button: PracticeButton) -> Screen:
    size = desk.customs.practice_size
    text = desk.text("practice.done", correct=min(button.correct, size), size=size)
    again = PracticeButton((button.seed + 1) % NUMBERS, 1, 0, None)
    rows = Rows().add(desk.button(incoming.sender, "practice_again", again))
    return Screen(text, rows.add(home_button(desk, incoming.sender)).done())
