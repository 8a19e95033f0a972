"""The registration's draft as a value, and which question comes next: pure.

A draft asks its first missing field; going back or correcting asks one field again. Nothing here
reads or writes a store.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from handlers.fields import needs_guardian
from handlers.records import PersonalData, Relation, Visitor
from handlers.units import Units

CONSENT, PHONE, NAME, BORN = "consent", "phone", "name", "born"
GUARDIAN, UNIT, AUDIENCE, SUMMARY = "guardian", "unit", "audience", "summary"


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been given so far; `asking` asks a field again though it is known.

    `is_edit`: the summary's button asked for it. `consent_version` is of the text agreed to,
    `offer` the unit code of a scanned link, `suggestion` the platform's name for the person,
    `fixing` the participant whose data are corrected (then nothing new is registered), `relation`
    how somebody else is registered on this account.
    """

    consent_at: int | None = None
    phone: str | None = None
    is_phone_verified: bool = False
    name: str | None = None
    born: int | None = None
    guardian: str | None = None
    unit: str | None = None
    audience: str | None = None
    asking: str | None = None
    offer: str | None = None
    suggestion: str | None = None
    fixing: int | None = None
    is_edit: bool = False
    consent_version: str | None = None
    relation: str | None = None

    @property
    def is_assisted(self) -> bool:
        """An official types for who stands before him: nothing of the account is that person's."""
        return self.relation == Relation.ASSISTED.value

    def as_dict(self) -> dict[str, object]:
        return {key: value for key, value in asdict(self).items() if value not in {None, False}}


def draft_from(stored: Mapping[str, object]) -> Draft:
    """A stored draft; fields that an older version wrote and none knows are dropped."""
    known = {one.name for one in fields(Draft)}
    return Draft(**{key: value for key, value in stored.items() if key in known})  # type: ignore[arg-type]


def draft_of(visitor: Visitor) -> Draft:
    """A participant's data as a draft to correct."""
    if visitor.participant is None:
        return Draft()
    data = visitor.participant.data
    return Draft(
        consent_at=visitor.participant.registered_at,
        phone=data.phone,
        is_phone_verified=data.is_phone_verified,
        name=data.name,
        born=data.born,
        guardian=data.guardian_phone,
        unit=data.unit,
        audience=data.audience,
        fixing=visitor.participant.number,
    )


def questions_of(draft: Draft, units: Units, this_year: int) -> tuple[str, ...]:
    """The questions that this draft has to answer, in order; the summary comes last."""
    is_guarded = draft.born is not None and needs_guardian(draft.born, this_year)
    unit = units.find(draft.unit) if draft.unit else None
    has_audience = unit is not None and not units.is_residential(unit)
    asked = [CONSENT, PHONE, NAME, BORN]
    asked += [GUARDIAN] * is_guarded + [UNIT] + [AUDIENCE] * has_audience
    return (*asked, SUMMARY)


def question_now(draft: Draft, units: Units, this_year: int) -> str:
    """What is asked now: the field asked again, else the first missing one, else the summary."""
    questions = questions_of(draft, units, this_year)
    if draft.asking in questions:
        return draft.asking
    return next(one for one in questions if one == SUMMARY or not _is_given(draft, one, units))


def question_before(draft: Draft, units: Units, this_year: int) -> str | None:
    """The question to go back to; None: there is none, going back leaves the dialogue.

    Who corrects one field from the summary goes back to the summary.
    """
    if draft.is_edit:
        return SUMMARY
    questions = questions_of(draft, units, this_year)
    place = questions.index(question_now(draft, units, this_year))
    is_first = place == 0 or (draft.fixing is not None and questions[place - 1] == CONSENT)
    return None if is_first else questions[place - 1]


def given(draft: Draft, **values: object) -> Draft:
    """The draft with fields given; what no longer applies is dropped by `settled`."""
    return replace(draft, asking=None, is_edit=False, **values)  # type: ignore[arg-type]


def settled(draft: Draft, units: Units, this_year: int) -> Draft:
    """Without a guardian or audience that this person does not need."""
    questions = questions_of(draft, units, this_year)
    return replace(
        draft,
        guardian=draft.guardian if GUARDIAN in questions else None,
        audience=draft.audience if AUDIENCE in questions else None,
    )


def personal_data(draft: Draft) -> PersonalData | None:
    """The finished draft's data; None while a field is missing."""
    if draft.name is None or draft.born is None or draft.phone is None or draft.unit is None:
        return None
    return PersonalData(
        name=draft.name,
        born=draft.born,
        phone=draft.phone,
        is_phone_verified=draft.is_phone_verified,
        unit=draft.unit,
        audience=draft.audience,
        guardian_phone=draft.guardian,
    )


def _is_given(draft: Draft, question: str, units: Units) -> bool:
    if question == CONSENT:
        return draft.consent_at is not None
    if question == UNIT:
        # The list may have changed since it was chosen.
        return draft.unit is not None and units.find(draft.unit) is not None
    return getattr(draft, question) is not None
