"""A correction under way as a value, and what it asks next: pure.

A new birth year may need a guardian or make him needless, a new unit an audience.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.fields import needs_guardian
from handlers.records import Participant
from handlers.units import Units

FIELDS = ("name", "born", "phone", "unit")
GUARDIAN, AUDIENCE = "guardian_phone", "audience"
FIELD, WHY, SURE = "field", "why", "sure"


@dataclass(frozen=True, slots=True)
class Correction:
    """Whose data, and what of it has been said so far; by field of `PersonalData`.

    `was` holds what stood when `changes` were said: corrected by somebody else since, it is asked
    again.
    """

    one: Participant
    field: str = ""
    changes: Mapping[str, object] = dataclasses.field(default_factory=dict)
    why: str = ""
    was: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def given(self, name: str, value: object) -> "Correction":
        """With a value said for a field."""
        was = {**self.was, name: getattr(self.one.data, name)}
        return dataclasses.replace(self, changes={**self.changes, name: value}, was=was)

    def as_dict(self) -> dict[str, object]:
        """What is kept of it between two inputs."""
        return {
            "person": self.one.number,
            "field": self.field,
            "changes": dict(self.changes),
            "why": self.why,
            "was": dict(self.was),
        }

    def asked(self, units: Units, year: int) -> str:
        """What is asked now."""
        if not self.field:
            return FIELD
        if self.field not in self.changes:
            return self.field
        if self._lacks_guardian(year) and GUARDIAN not in self.changes:
            return GUARDIAN
        if self._lacks_audience(units) and AUDIENCE not in self.changes:
            return AUDIENCE
        return SURE if self.why else WHY

    def all_changes(self, units: Units, year: int) -> dict[str, object]:
        """With what the new value makes needless taken away."""
        changes, data = dict(self.changes), self.one.data
        if data.guardian_phone is not None and self._is_grown_up(year):
            changes[GUARDIAN] = None
        if data.audience is not None and self._is_residential(units):
            changes[AUDIENCE] = None
        return changes

    def _lacks_guardian(self, year: int) -> bool:
        is_child = self.field == "born" and not self._is_grown_up(year)
        return is_child and self.one.data.guardian_phone is None

    def _is_grown_up(self, year: int) -> bool:
        born = self.changes.get("born")
        return isinstance(born, int) and not needs_guardian(born, year)

    def _lacks_audience(self, units: Units) -> bool:
        is_outside = self.field == "unit" and not self._is_residential(units)
        return is_outside and self.one.data.audience is None

    def _is_residential(self, units: Units) -> bool:
        unit = units.find(str(self.changes.get("unit", "")))
        return unit is not None and units.is_residential(unit)


def correction_from(one: Participant, kept: Mapping[str, object]) -> Correction:
    """As it was kept, with the person as he is now."""
    changes, was = kept.get("changes"), kept.get("was")
    return Correction(
        one,
        str(kept.get("field", "")),
        changes if isinstance(changes, Mapping) else {},
        str(kept.get("why", "")),
        was if isinstance(was, Mapping) else {},
    )
