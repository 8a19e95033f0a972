from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from question_bank.canonical import canonical
from question_bank.draw import Paper
from question_bank.merkle import leaf_hash
from question_bank.question import Option, Question, QuestionBank
from scoring.attempt import Act, Attempt, AttemptId, Transition, open_attempt, replay
from scoring.entries import (
    Commitments,
    Entry,
    Identity,
    answer_chain,
    close_entry,
    fix_entry,
    guess_digest,
    open_entry,
    outage_entry,
    person_digest,
    reg_entry,
    restore_entry,
    start_entry,
    submit_entry,
    void_entry,
)
from scoring.grading import grade_of
from scoring.instant import Instant

MakeAttempt = Callable[..., Attempt]
Vectors = dict[str, Any]


@pytest.fixture(scope="module")
def log(vectors: Vectors) -> dict[str, Any]:
    return vectors["log"]


@pytest.fixture(scope="module")
def entries(log: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["k"]: entry for entry in log["entries"]}


@pytest.fixture(scope="module")
def commitments(entries: dict[str, dict[str, Any]]) -> Commitments:
    return Commitments(entries["open"]["rules"], entries["open"]["bank"])


@pytest.fixture(scope="module")
def identity(log: dict[str, Any]) -> Identity:
    return Identity(**log["person"])


@pytest.fixture(scope="module")
def paper(vectors: Vectors) -> Paper:
    return Paper.from_lists(vectors["papers"][0]["paper"])


@pytest.fixture(scope="module")
def finished(log: dict[str, Any], entries: dict[str, dict[str, Any]], paper: Paper) -> Attempt:
    """The vectors' attempt, replayed from its transitions."""
    start, submit = entries["start"], entries["submit"]
    number = AttemptId(1)
    fresh = open_attempt(number, (1, 1), paper, Instant(start["at"]), Instant(start["due"]))
    answers = [
        Transition(number, at, Act.ANSWER, at, paper.places[at - 1].options.index(option), when)
        for at, _, option, when in log["answers"]
    ]
    size = len(answers)
    guess = Transition(number, size + 1, Act.PREDICT, size + 1, log["guess"], answers[-1].at)
    end = Transition(number, size + 2, Act.SUBMIT, size + 2, None, Instant(submit["at"]))
    return replay(fresh, [*answers, guess, end])


def sequenced(entry: Entry, vector: dict[str, Any]) -> dict[str, Any]:
    """The entry with what the sequencer adds."""
    return {"v": 1, "t": vector["t"], "salt": vector["salt"], **entry}


def test_person_digest_vector(
    log: dict[str, Any], entries: dict[str, dict[str, Any]], identity: Identity
):
    assert person_digest(identity, bytes.fromhex(log["person_salt"])) == entries["reg"]["who"]


@pytest.mark.parametrize("field", ["name", "born", "phone", "unit"])
def test_person_digest_changes_with_every_field(
    log: dict[str, Any], identity: Identity, field: str
):
    salt = bytes.fromhex(log["person_salt"])
    other = replace(identity, **{field: "x"})

    assert person_digest(other, salt) != person_digest(identity, salt)
    assert person_digest(identity, bytes(32)) != person_digest(identity, salt)


def test_open_entry_vector(
    entries: dict[str, dict[str, Any]], commitments: Commitments, log: dict[str, Any]
):
    vector = entries["open"]

    entry = open_entry(
        vector["contest"], commitments, vector["questions"], vector["seed"], log["verifier_key"]
    )

    # The vector names a beacon; this contest has none yet.
    assert sequenced(entry, vector) == {**vector, "beacon": None}


def test_reg_entry_vector(entries: dict[str, dict[str, Any]], log: dict[str, Any]):
    vector = entries["reg"]

    entry = reg_entry(vector["p"], vector["at"], vector["g"], vector["via"], vector["who"])

    assert sequenced(entry, vector) == vector
    assert leaf_hash(canonical(sequenced(entry, vector))).hex() == log["leaf_hashes"][1]


def test_start_entry_vector(
    entries: dict[str, dict[str, Any]],
    commitments: Commitments,
    paper: Paper,
    log: dict[str, Any],
):
    vector = entries["start"]

    entry = start_entry((1, 1), vector["at"], vector["due"], commitments, paper)

    assert sequenced(entry, vector) == vector
    assert leaf_hash(canonical(sequenced(entry, vector))).hex() == log["leaf_hashes"][2]


def test_answer_chain_vector(entries: dict[str, dict[str, Any]], finished: Attempt):
    assert answer_chain(finished) == entries["submit"]["ans"]


def test_guess_digest_vector(entries: dict[str, dict[str, Any]], log: dict[str, Any]):
    salt = bytes.fromhex(log["guess_salt"])

    assert guess_digest(log["guess"], salt) == entries["submit"]["guess"]
    assert guess_digest(None, salt) is None


def test_submit_entry_vector(
    vectors: Vectors, entries: dict[str, dict[str, Any]], finished: Attempt, log: dict[str, Any]
):
    vector = entries["submit"]
    bank = QuestionBank(
        tuple(
            Question(
                each["id"],
                each["topic"],
                each["stem"],
                tuple(Option(option["id"], option["text"]) for option in each["options"]),
                each["answer"],
                bool(each["pin"]),
                "",
                "",
                1,
            )
            for each in vectors["commitments"]["bank"]
        )
    )

    correct = grade_of(finished, bank).correct
    entry = submit_entry(finished, correct, vector["wait"], bytes.fromhex(log["guess_salt"]))

    assert sequenced(entry, vector) == vector
    assert leaf_hash(canonical(sequenced(entry, vector))).hex() == log["leaf_hashes"][3]


@pytest.mark.parametrize(
    ("act", "end"), [(Act.SUBMIT, "done"), (Act.EXPIRE, "timeout"), (Act.CLOSE, "close")]
)
def test_submit_entry_names_the_ending(make_attempt: MakeAttempt, act: Act, end: str):
    attempt = replace(make_attempt(opened_at=1_000), ended_by=act, ended_at=Instant(61_000))

    entry = submit_entry(attempt, 0, 0, bytes(16))

    assert (entry["end"], entry["at"], entry["ms"], entry["guess"]) == (end, 61_000, 60_000, None)


def test_submit_entry_never_takes_less_than_no_time(make_attempt: MakeAttempt):
    attempt = replace(make_attempt(), ended_by=Act.SUBMIT, ended_at=Instant(1_000))

    entry = submit_entry(attempt, 0, 5_000, bytes(16))

    assert (entry["ms"], entry["wait"]) == (0, 5_000)


def test_submit_entry_open_attempt_is_refused(make_attempt: MakeAttempt):
    with pytest.raises(ValueError, match="attempt 7 is still open"):
        submit_entry(make_attempt(), 0, 0, bytes(16))


def test_answer_chain_changes_with_every_part(finished: Attempt):
    changed = [
        replace(finished, person=2),
        replace(finished, number=2),
        replace(finished, answers=(None, *finished.answers[1:])),
        replace(finished, answers=(*finished.answers[:-1], 0, 0)[:15]),
        replace(finished, answered_at=(*finished.answered_at[:-1], None)),
    ]

    chains = {answer_chain(each) for each in [finished, *changed]}

    assert len(chains) == 1 + len(changed)


def test_answer_chain_says_the_unanswered_too(make_attempt: MakeAttempt):
    assert answer_chain(make_attempt(2)) != answer_chain(make_attempt(3))


def test_fix_outage_and_close_entries():
    fix = fix_entry(1, Instant(5), "TDP-05", "ab")
    close = close_entry(3, 2, 1)
    outage = outage_entry(Instant(5), Instant(9))

    assert canonical(fix) == b'{"at":5,"g":"TDP-05","k":"fix","p":1,"who":"ab"}'
    assert canonical(outage) == b'{"from":5,"k":"outage","to":9}'
    assert canonical(close) == b'{"attempts":2,"k":"close","persons":3,"submits":1}'


def test_t33_void_and_restore_name_person_attempt_reason_decision_and_role():
    fields = {"p": 17, "a": 0, "why": "excluded", "doc": "12/QĐ-UBND", "by": "organiser"}

    entries = [
        make((17, 0), "excluded", "12/QĐ-UBND", "organiser") for make in (void_entry, restore_entry)
    ]

    assert entries == [{"k": "void", **fields}, {"k": "restore", **fields}]
    assert canonical(entries[0]) == canonical({"k": "void", **fields})
