"""How a paper looks at each of its places: text and buttons of one view.

A pure function of desk, session and instant; what a press does is `handlers.paper`.
"""

from markupsafe import Markup, escape

from handlers.buttons import PaperButton, PlainButton
from handlers.desk import Desk
from handlers.records import PersonNumber, Sender, Session
from handlers.rendering import LETTERS, progress_line
from handlers.reply import Button, Place, Rows, Screen
from question_bank.draw import Place as PaperPlace
from question_bank.question import OptionId, Question
from scoring.attempt import Act, Attempt, Stage
from scoring.deadline import due_of
from scoring.instant import Instant

NUMBERS_A_ROW = 5
MOST_NAMES = 4_096


def paper_screen(
    desk: Desk, sender: Sender, session: Session, now: Instant, place: Place = Place.HERE
) -> Screen:
    """The present view of an open attempt."""
    draw = {
        Stage.QUESTION: _question_screen,
        Stage.PREDICTION: _prediction_screen,
        Stage.SUMMARY: _summary_screen,
    }[session.attempt.stage]
    text, rows = draw(desk, sender, session.attempt, _frame(desk, session.attempt, now))
    if session.is_helped:
        name = desk.names.get(PersonNumber(session.attempt.person), "")
        screen = Markup(text)  # noqa: S704 (made of the catalogue, escaped there)
        text = desk.text("paper.helped", name=name, number=session.attempt.person, screen=screen)
    return Screen(text, rows.done(), place, is_live=True, attempt=session.attempt.id)


async def know_name(desk: Desk, session: Session) -> None:
    """Have the name of whoever is helped at hand: in this process's memory, and nowhere else."""
    person = PersonNumber(session.attempt.person)
    if not session.is_helped or person in desk.names:
        return
    if len(desk.names) >= MOST_NAMES:
        desk.names.clear()
    desk.names[person] = await desk.people.name_of(person)


def options_text(desk: Desk, question: Question, place: PaperPlace, chosen: int | None) -> Markup:
    """The choices in shown order, lettered, the chosen one marked."""
    known = desk.option_lines
    lines = [
        known.get((question.id, option, index, index == chosen))
        or _option_line(desk, question, (option, index), is_chosen=index == chosen)
        for index, option in enumerate(place.options)
    ]
    return Markup("\n".join(lines))  # noqa: S704 (each line was escaped when it was made)


def _option_line(
    desk: Desk, question: Question, shown: tuple[OptionId, int], *, is_chosen: bool
) -> str:
    """A choice's line, made once: there are few, and every tap shows four."""
    option, index = shown
    line = desk.text(
        "paper.option_marked" if is_chosen else "paper.option",
        letter=LETTERS[index],
        text=next(each.text for each in question.options if each.id == option),
    )
    desk.option_lines[question.id, option, index, is_chosen] = line
    return line


def _stem(desk: Desk, question: Question) -> Markup:
    """A question's text, escaped once."""
    shown = desk.stems[question.id] = escape(question.stem)
    return shown


def letters_of(attempt: Attempt) -> str:
    """The letters that may be typed at the present question: `A, B, C, D`."""
    return ", ".join(LETTERS[: len(attempt.paper.places[attempt.place - 1].options)])


def _frame(desk: Desk, attempt: Attempt, now: Instant) -> dict[str, object]:
    done = tuple(answer is not None for answer in attempt.answers)
    return {
        "due": desk.rendering.time(due_of(attempt, desk.contest.timeline, now)),
        "progress": progress_line(done, attempt.place),
        "answered": attempt.answered,
        "size": attempt.size,
    }


def _question_screen(
    desk: Desk, sender: Sender, attempt: Attempt, frame: dict[str, object]
) -> tuple[str, Rows]:
    place = attempt.paper.places[attempt.place - 1]
    question = desk.contest.bank.question(place.question)
    chosen = attempt.answers[attempt.place - 1]
    text = desk.text(
        "paper.question",
        place=attempt.place,
        stem=desk.stems.get(question.id) or _stem(desk, question),
        options=options_text(desk, question, place, chosen),
        **frame,
    )
    letters = [
        desk.labelled(
            sender, _letter_label(desk, index, chosen), _press(attempt, Act.ANSWER, index)
        )
        for index in range(len(place.options))
    ]
    return text, Rows().add(*letters).add(*_moves(desk, sender, attempt))


def _letter_label(desk: Desk, index: int, chosen: int | None) -> str:
    letter = LETTERS[index]
    return desk.text("button.marked", letter=letter) if index == chosen else letter


def _moves(desk: Desk, sender: Sender, attempt: Attempt) -> list[Button]:
    moves = []
    if attempt.place > 1:
        moves.append(desk.button(sender, "question_before", _press(attempt, Act.BACK)))
    if attempt.is_summary_seen:
        to_summary = _press(attempt, Act.FORWARD, attempt.summary_place)
        moves.append(desk.button(sender, "to_summary", to_summary))
    else:
        moves.append(desk.button(sender, "question_after", _press(attempt, Act.FORWARD)))
    return moves


def _prediction_screen(
    desk: Desk, sender: Sender, attempt: Attempt, frame: dict[str, object]
) -> tuple[str, Rows]:
    asked = desk.text(f"paper.prediction_{desk.contest.rules.prediction}", **_asked(desk, attempt))
    text = desk.text("paper.prediction", asked=asked, guess=attempt.guess, **frame)
    on = "to_summary" if attempt.guess is not None else "skip_prediction"
    return text, Rows().add(
        desk.button(sender, "question_before", _press(attempt, Act.BACK)),
        desk.button(sender, on, _press(attempt, Act.FORWARD)),
    )


def _asked(desk: Desk, attempt: Attempt) -> dict[str, object]:
    """Only the targets that count perfect papers name the paper's size."""
    return {"size": attempt.size} if "perfect" in desk.contest.rules.prediction else {}


def _summary_screen(
    desk: Desk, sender: Sender, attempt: Attempt, frame: dict[str, object]
) -> tuple[str, Rows]:
    left = attempt.unanswered_places
    text = desk.text("paper.summary", guess=attempt.guess, left=len(left), **frame)
    numbers = [
        desk.labelled(sender, str(place), _press(attempt, Act.BACK, place)) for place in left
    ]
    rows = Rows().grid(numbers, NUMBERS_A_ROW)
    rows.add(desk.button(sender, "submit", _press(attempt, Act.SUBMIT)))
    return text, rows.add(desk.button(sender, "change_prediction", _press(attempt, Act.BACK)))


def _press(attempt: Attempt, act: Act, choice: int | None = None) -> PaperButton:
    return PaperButton(attempt.id, attempt.view, act, choice)


def running_row(desk: Desk, sender: Sender) -> tuple[Button, ...]:
    """The way back to a running paper, under screens that are not the paper."""
    return (desk.button(sender, "resume", PlainButton("resume")),)
