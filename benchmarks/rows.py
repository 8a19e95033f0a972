"""The rows of the table: what is measured against what, and what is asked of it, as data.

Floors, goals and what lies beyond stand in the project's performance targets; a figure that is
named here is one of a bout's (`benchmarks.bouts`). Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

Figures = Mapping[str, Mapping[str, float]]
"""A round's samples, by bout."""


class Verdict(Enum):
    BEYOND = "beyond"
    GOAL = "goal"
    FLOOR = "floor"
    BELOW = "below floor"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Aim:
    """Floor, goal and beyond of a ratio; `is_least`: it should be at least so much."""

    is_least: bool
    floor: float
    goal: float
    beyond: float

    def verdict(self, ratio: float) -> Verdict:
        for aim, verdict in (
            (self.beyond, Verdict.BEYOND),
            (self.goal, Verdict.GOAL),
            (self.floor, Verdict.FLOOR),
        ):
            if (ratio >= aim) if self.is_least else (ratio <= aim):
                return verdict
        return Verdict.BELOW

    def shown(self, aim: float) -> str:
        return f"{'≥' if self.is_least else '≤'} {aim:g}"


def at_least(floor: float, goal: float, beyond: float) -> Aim:
    return Aim(is_least=True, floor=floor, goal=goal, beyond=beyond)


def at_most(floor: float, goal: float, beyond: float) -> Aim:
    return Aim(is_least=False, floor=floor, goal=goal, beyond=beyond)


Read = Callable[[Figures], float]


@dataclass(frozen=True, slots=True)
class Row:
    """`figure` ÷ `baseline` is held against the aim; `is_inverse`: `baseline` ÷ `figure` is.

    Without a baseline the figure itself is. `bouts` are those that the two read from, and
    `cores` how many the machine must have for the row to mean anything.
    """

    id: str
    what: str
    unit: str
    bouts: tuple[str, ...]
    figure: Read
    aim: Aim
    against: str = ""
    baseline: Read | None = None
    is_inverse: bool = False
    cores: int = 1

    @property
    def group(self) -> str:
        """`P4` of `P4 p50`: what is asked for by name."""
        return self.id.partition(" ")[0]

    def ratio(self, figures: Figures) -> float:
        figure = self.figure(figures)
        if self.baseline is None:
            return figure
        baseline = self.baseline(figures)
        above, below = (baseline, figure) if self.is_inverse else (figure, baseline)
        return above / below if below else float("inf")


def of(bout: str, name: str) -> Read:
    return lambda figures: figures[bout][name]


def _all_cpu(bout: str) -> Read:
    return lambda figures: figures[bout]["bot_us"] + figures[bout]["stores_us"]


ROWS = (
    Row(
        "P1",
        "bot CPU a tap",
        "µs",
        ("ours", "ptb", "ours_whole"),
        of("ours", "bot_us"),
        at_least(8, 12, 18),
        "python-telegram-bot, stock, stores nothing",
        of("ptb", "bot_us"),
        is_inverse=True,
    ),
    Row(
        "P2",
        "bot CPU a tap",
        "µs",
        ("ours", "aiogram"),
        of("ours", "bot_us"),
        at_least(5, 8, 12),
        "aiogram, RedisStorage",
        of("aiogram", "bot_us"),
        is_inverse=True,
    ),
    Row(
        "P3",
        "stores' CPU a tap",
        "µs",
        ("ours", "store_baseline"),
        of("ours", "stores_us"),
        at_most(2, 1.5, 1.2),
        "one row in a batch, one GET, one SET",
        of("store_baseline", "stores_us"),
    ),
    Row(
        "P4 p50",
        "150 taps/s, API 60 ms away: p50",
        "ms",
        ("ours_paced", "aiogram_paced"),
        of("ours_paced", "p50_ms"),
        at_most(0.42, 0.37, 0.35),
        "aiogram, RedisStorage",
        of("aiogram_paced", "p50_ms"),
    ),
    Row(
        "P4 p99",
        "150 taps/s, API 60 ms away: p99",
        "ms",
        ("ours_paced", "aiogram_paced"),
        of("ours_paced", "p99_ms"),
        at_most(0.50, 0.40, 0.35),
        "aiogram, RedisStorage",
        of("aiogram_paced", "p99_ms"),
    ),
    Row(
        "P5",
        "SQLite: bot and stores, CPU a tap",
        "µs",
        ("ours", "ours_sqlite"),
        _all_cpu("ours_sqlite"),
        at_most(1.2, 1.0, 0.8),
        "ours on PostgreSQL",
        _all_cpu("ours"),
    ),
    Row(
        "P7",
        "a tally of 60 units where {tally_people} people took part",
        "ms",
        ("tally",),
        of("tally", "most_ms"),
        at_most(1.5, 1.2, 1.1),
        "where 1,000 took part",
        of("tally", "few_ms"),
    ),
    Row(
        "P10 pace",
        "a broadcast to {chats} chats: messages a second",
        "/s",
        ("broadcast",),
        of("broadcast", "sends_s"),
        at_least(0.95, 0.98, 0.99),
        "the set pace",
        of("broadcast", "pace_s"),
    ),
    Row(
        "P10 killed",
        "kill -9 in the middle: chats missed, or told twice",
        "",
        ("broadcast_killed",),
        of("broadcast_killed", "wrong"),
        at_most(0, 0, 0),
    ),
    Row(
        "P10 sends",
        "pacing off: messages a second",
        "/s",
        ("broadcast_free", "ptb_sender"),
        of("broadcast_free", "sends_s"),
        at_least(4, 8, 12),
        "python-telegram-bot, one after the other",
        of("ptb_sender", "sends_s"),
    ),
    Row(
        "P11 peak",
        "peak memory under load",
        "MiB",
        ("ours", "aiogram"),
        of("ours", "peak_mib"),
        at_most(0.85, 0.6, 0.4),
        "aiogram, RedisStorage",
        of("aiogram", "peak_mib"),
    ),
    Row(
        "P11 growth",
        "memory grown over {growth_taps} taps",
        "%",
        ("growth",),
        of("growth", "percent"),
        at_most(5, 1, 0),
    ),
    Row(
        "P12",
        "start to /readyz",
        "s",
        ("start", "import_telegram"),
        of("start", "seconds"),
        at_most(8, 5, 3),
        'python -c "import telegram"',
        of("import_telegram", "seconds"),
    ),
    Row(
        "P13 errors",
        "{surge_people} people open a paper within 5 s: errors",
        "",
        ("surge",),
        of("surge", "errors"),
        at_most(0, 0, 0),
    ),
    Row(
        "P13 p99",
        "{surge_people} people open a paper within 5 s: p99",
        "ms",
        ("surge",),
        of("surge", "p99_ms"),
        at_most(60, 20, 6),
        "the API's 50 ms",
        of("surge", "delay_ms"),
    ),
    Row(
        "P14",
        "5 % of updates delivered twice: bot CPU a tap",
        "µs",
        ("ours",),
        of("ours", "twice_bot_us"),
        at_most(1.10, 1.06, 1.03),
        "none twice",
        of("ours", "bot_us"),
    ),
    Row(
        "P15",
        "two workers: taps a second",
        "/s",
        ("ours", "two_workers"),
        of("two_workers", "taps_s"),
        at_least(1.6, 1.8, 1.95),
        "one worker",
        of("ours", "taps_s"),
        cores=4,
    ),
)
