"""What the driver counts while it drives; every figure of a run comes from two of these."""

from array import array
from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class Counts:
    """Totals since the driver began. A tap is a press of A to D."""

    taps: int = 0
    """Taps whose next screen was shown and whose delivery was answered."""
    tapped: int = 0
    """Taps sent, each counted once however often it is delivered."""
    tap_deliveries: int = 0
    """Deliveries of taps: more than `tapped` where updates are delivered twice."""
    updates: int = 0
    papers: int = 0
    """Papers begun."""
    calls: int = 0
    """Calls of the Bot API, those in a webhook's answer not among them."""
    tap_calls: int = 0
    """Messages sent or edited while a tap was under way."""
    hook_acks: int = 0
    """Acknowledgements that came in a webhook's answer."""
    not_modified: int = 0
    notices: int = 0
    """Messages sent to people who waited for none."""
    limited: int = 0
    """Messages that were refused for a while (429) though no limit was broken."""
    too_soon: int = 0
    """Messages beyond the platform's limits, by the driver's clock."""
    errors: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    """Errors by kind."""

    def fail(self, kind: str) -> None:
        self.errors += 1
        self.wrong[kind] = self.wrong.get(kind, 0) + 1

    def as_dict(self) -> dict[str, object]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


class Acknowledgements:
    """Numbers the updates; how often each was delivered and its query acknowledged."""

    def __init__(self, first: int = 0) -> None:
        self._first = first
        self._delivered = array("B")
        self._acknowledged = array("B")
        self._is_query = array("B")

    @property
    def next_number(self) -> int:
        return self._first + len(self._delivered)

    def deliver(self, *, is_query: bool) -> int:
        """A fresh update's number."""
        self._delivered.append(1)
        self._acknowledged.append(0)
        self._is_query.append(is_query)
        return self.next_number - 1

    def deliver_again(self, number: int) -> None:
        self._delivered[number - self._first] += 1

    def acknowledge(self, number: int) -> bool:
        """Whether the number is one of ours."""
        at = number - self._first
        if not 0 <= at < len(self._acknowledged):
            return False
        self._acknowledged[at] += 1
        return True

    def wrong(self) -> int:
        """Queries that were not acknowledged exactly once for each delivery."""
        return sum(
            1
            for delivered, acknowledged, is_query in zip(
                self._delivered, self._acknowledged, self._is_query, strict=True
            )
            if is_query and delivered != acknowledged
        )
