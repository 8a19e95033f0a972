from dataclasses import replace

import hypothesis
import pytest
from hypothesis import strategies as st

from handlers.draft import (
    AUDIENCE,
    BORN,
    CONSENT,
    GUARDIAN,
    NAME,
    PHONE,
    SUMMARY,
    UNIT,
    Draft,
    draft_from,
    draft_of,
    given,
    personal_data,
    question_before,
    question_now,
    questions_of,
    settled,
)
from handlers.records import AccountId, Dialogue, Participant, PersonalData, PersonNumber, Visitor
from handlers.units import Unit, Units
from scoring.instant import Instant
from scoring.limits import History

YEAR = 2025
UNITS = Units(
    (Unit("TDP-07", "to-dan-pho", "Tổ dân phố 7"), Unit("CA", "co-quan", "Công an phường")),
    {"to-dan-pho": "Tổ dân phố", "co-quan": "Cơ quan"},
    "to-dan-pho",
)
FULL = Draft(1, "+84912345678", True, "Nguyễn Thị Hoa", 1955, None, "TDP-07", None)
CHILD = replace(FULL, born=2010, guardian="+84912345679")
OFFICER = replace(FULL, unit="CA", audience="can-bo")
BOTH = replace(CHILD, unit="CA", audience="hoc-sinh")


@pytest.mark.parametrize(
    ("draft", "questions"),
    [
        pytest.param(Draft(), (CONSENT, PHONE, NAME, BORN, UNIT, SUMMARY), id="empty"),
        pytest.param(FULL, (CONSENT, PHONE, NAME, BORN, UNIT, SUMMARY), id="resident"),
        pytest.param(
            CHILD, (CONSENT, PHONE, NAME, BORN, GUARDIAN, UNIT, SUMMARY), id="rules 2.3 under 16"
        ),
        pytest.param(
            OFFICER, (CONSENT, PHONE, NAME, BORN, UNIT, AUDIENCE, SUMMARY), id="not residential"
        ),
        pytest.param(
            BOTH,
            (CONSENT, PHONE, NAME, BORN, GUARDIAN, UNIT, AUDIENCE, SUMMARY),
            id="under 16, not residential",
        ),
        pytest.param(
            replace(FULL, unit="GONE"),
            (CONSENT, PHONE, NAME, BORN, UNIT, SUMMARY),
            id="unit not in the list",
        ),
        pytest.param(
            replace(FULL, born=2009),
            (CONSENT, PHONE, NAME, BORN, UNIT, SUMMARY),
            id="rules 2.3 sixteen",
        ),
    ],
)
def test_questions_of_table(draft: Draft, questions: tuple[str, ...]):
    assert questions_of(draft, UNITS, YEAR) == questions


@pytest.mark.parametrize(
    "full", [FULL, CHILD, OFFICER, BOTH], ids=["home", "child", "office", "both"]
)
def test_questions_are_asked_in_order_until_all_are_given(full: Draft):
    draft, asked = Draft(), []

    while (question := question_now(draft, UNITS, YEAR)) != SUMMARY:
        asked.append(question)
        field = "consent_at" if question == CONSENT else question
        draft = given(draft, **{field: getattr(full, field)})

    assert (*asked, SUMMARY) == questions_of(full, UNITS, YEAR)
    assert personal_data(draft) == personal_data(replace(full, is_phone_verified=False))


@pytest.mark.parametrize(
    ("draft", "now", "before"),
    [
        pytest.param(Draft(), CONSENT, None, id="nothing before the first"),
        pytest.param(Draft(consent_at=1), PHONE, CONSENT, id="phone"),
        pytest.param(replace(FULL, name=None), NAME, PHONE, id="name"),
        pytest.param(replace(FULL, unit=None), UNIT, BORN, id="unit"),
        pytest.param(replace(CHILD, unit=None), UNIT, GUARDIAN, id="unit of a child"),
        pytest.param(FULL, SUMMARY, UNIT, id="summary"),
        pytest.param(OFFICER, SUMMARY, AUDIENCE, id="summary after the audience"),
        pytest.param(replace(FULL, asking=NAME), NAME, PHONE, id="asked again"),
        pytest.param(replace(FULL, asking=PHONE, is_edit=True), PHONE, SUMMARY, id="edited"),
        pytest.param(replace(FULL, asking=AUDIENCE), SUMMARY, UNIT, id="asked what is not asked"),
        pytest.param(replace(FULL, asking=PHONE, fixing=3), PHONE, None, id="a correction's first"),
        pytest.param(replace(FULL, fixing=3), SUMMARY, UNIT, id="a correction's summary"),
    ],
)
def test_question_now_and_before(draft: Draft, now: str, before: str | None):
    found = (question_now(draft, UNITS, YEAR), question_before(draft, UNITS, YEAR))

    assert found == (now, before)


drafts = st.builds(
    Draft,
    consent_at=st.none() | st.just(1),
    phone=st.none() | st.just("+84912345678"),
    is_phone_verified=st.booleans(),
    name=st.none() | st.just("Nguyễn Thị Hoa"),
    born=st.none() | st.sampled_from([1955, 2009, 2010, 2020]),
    guardian=st.none() | st.just("+84912345679"),
    unit=st.none() | st.sampled_from(["TDP-07", "CA", "GONE"]),
    audience=st.none() | st.just("can-bo"),
    asking=st.none()
    | st.sampled_from([CONSENT, PHONE, NAME, BORN, GUARDIAN, UNIT, AUDIENCE, SUMMARY]),
    fixing=st.none() | st.just(3),
)


@hypothesis.settings(deadline=None)
@hypothesis.given(drafts)
def test_going_back_ends_at_the_first_question(draft: Draft):
    seen = []

    while (before := question_before(draft, UNITS, YEAR)) is not None:
        seen.append(before)
        draft = replace(draft, asking=before)

    questions = questions_of(draft, UNITS, YEAR)
    first = questions[1] if draft.fixing is not None and len(seen) > 0 else questions[0]
    assert len(seen) == len(set(seen)) < len(questions)
    assert seen == [] or seen[-1] == first


@hypothesis.settings(deadline=None)
@hypothesis.given(drafts)
def test_draft_is_stored_and_read_back(draft: Draft):
    assert draft_from(draft.as_dict()) == draft


def test_draft_from_leaves_out_what_none_knows():
    assert draft_from({"name": "Nguyễn Thị Hoa", "shoe_size": 39}) == Draft(name="Nguyễn Thị Hoa")


def test_as_dict_holds_only_what_is_given():
    assert Draft(name="Nguyễn Thị Hoa").as_dict() == {"name": "Nguyễn Thị Hoa"}


@hypothesis.settings(deadline=None)
@hypothesis.given(drafts)
def test_settled_keeps_only_what_is_asked(draft: Draft):
    done = settled(draft, UNITS, YEAR)

    questions = questions_of(draft, UNITS, YEAR)
    assert done.guardian == (draft.guardian if GUARDIAN in questions else None)
    assert done.audience == (draft.audience if AUDIENCE in questions else None)
    assert settled(done, UNITS, YEAR) == done
    assert replace(done, guardian=draft.guardian, audience=draft.audience) == draft


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        pytest.param({"born": 2012}, GUARDIAN, id="turned out to be a child"),
        pytest.param({"unit": "CA"}, AUDIENCE, id="moved to an office"),
        pytest.param({"name": "Nguyễn Thị Hà"}, SUMMARY, id="a new name"),
    ],
)
def test_correction_asks_what_it_calls_for(change: dict[str, object], asked: str):
    draft = given(replace(FULL, asking=next(iter(change))), **change)

    assert question_now(draft, UNITS, YEAR) == asked


def test_personal_data_of_a_full_draft():
    assert personal_data(BOTH) == PersonalData(
        "Nguyễn Thị Hoa", 2010, "+84912345678", True, "CA", "hoc-sinh", "+84912345679"
    )


@pytest.mark.parametrize("field", ["name", "born", "phone", "unit"])
def test_personal_data_of_an_unfinished_draft(field: str):
    assert personal_data(replace(FULL, **{field: None})) is None


def visitor_of(participant: Participant | None) -> Visitor:
    return Visitor(AccountId(1), participant, Dialogue(), None, History(0, 0))


def test_draft_of_a_participant_is_a_correction():
    data = personal_data(BOTH)
    participant = Participant(PersonNumber(17), data, Instant(5), None)

    draft = draft_of(visitor_of(participant))

    assert draft == replace(BOTH, consent_at=5, fixing=17)


def test_draft_of_a_stranger_is_empty():
    assert draft_of(visitor_of(None)) == Draft()
