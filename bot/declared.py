"""The contest as the config file declares it: its rules, and the settings of the dialogues."""

from bot.settings import Config
from handlers.desk import Customs
from handlers.units import Units
from scoring.limits import AttemptLimits
from scoring.rules import PrizeRules, Rules, UnitRule


def rules_of(config: Config, units: Units) -> Rules:
    """The rules that are committed to at the first start."""
    contest = config.settings.contest
    return Rules(
        contest=contest.id,
        calendar=contest.calendar,
        minutes=contest.minutes,
        limits=AttemptLimits(contest.attempts, contest.attempts_per_day),
        min_answers=contest.min_answers,
        min_age=contest.min_age,
        draw=contest.draw,
        counted=contest.counted,
        prediction=contest.prediction,
        prizes=_prizes_of(config),
        units=tuple(
            UnitRule(unit.code, unit.block, unit.size, unit.target) for unit in units.units
        ),
    )


def customs_of(config: Config) -> Customs:
    people, paper = config.settings.people, config.settings.paper
    return Customs(
        audiences=people.audiences,
        family_limit=people.family_limit,
        assisted_limit=people.assisted_limit,
        double_tap_ms=paper.double_tap_ms,
        consent_version=people.consent_version,
        keep_days=people.keep_days,
        practice_size=paper.practice_questions,
        is_naming_finishers=config.settings.leaders.show_names,
    )


def _prizes_of(config: Config) -> PrizeRules:
    prizes = config.settings.contest.prizes
    return PrizeRules(
        individual=tuple(prizes.individual),
        collective=tuple(prizes.collective),
        ranking=tuple(prizes.ranking),
        collective_ranking=tuple(prizes.collective_ranking),
        gate_people=prizes.gate.people,
        gate_percent=prizes.gate.percent,
        ladders=tuple(tuple(ladder) for ladder in prizes.ladders),
    )
