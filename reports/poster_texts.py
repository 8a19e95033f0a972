"""Posters and banner with all their words, made of the contest's facts and its units. Pure.

Decides the links: Telegram's names the unit, so that nobody looks for it in a list. The words are
the catalogue's section [poster].
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from handlers.catalogue import Catalogue
from handlers.units import Unit
from reports.posters import Banner, Door, Poster

UNIT = "{unit}"
"""In a Zalo link: where the unit's code goes."""


@dataclass(frozen=True, slots=True)
class PosterFacts:
    """What all posters of a contest share; `opens` and `closes` as people read them.

    `bot` is the bot's user name on Telegram. `zalo` is a link or empty.
    """

    catalogue: Catalogue
    opens: str
    closes: str
    questions: int
    bot: str
    zalo: str = ""


def poster_of(facts: PosterFacts, unit: Unit | None = None) -> Poster:
    """A unit's poster; without one, that of the whole ward."""
    text = facts.catalogue.text
    return Poster(
        title=text("contest.name"),
        invitation=text("poster.invitation"),
        whom=unit.name if unit else text("poster.everyone"),
        place=unit.place if unit else "",
        window=_window(facts),
        heading=text("poster.steps"),
        steps=(
            text("poster.step_scan"),
            text("poster.step_register"),
            text("poster.step_answer", questions=facts.questions),
        ),
        doors=_doors(facts, unit.code if unit else ""),
        hotline=text("poster.hotline", hotline=text("contest.hotline")),
        together=_together(facts),
    )


def banner_of(facts: PosterFacts) -> Banner:
    text = facts.catalogue.text
    return Banner(
        title=text("contest.name"),
        window=_window(facts),
        call=text("poster.banner"),
        door=_doors(facts, "")[0],
        together=_together(facts),
    )


def telegram_link(bot: str, code: str = "") -> str:
    """Opens the bot; with a unit's code, the bot offers that unit."""
    return f"https://t.me/{bot}?start={code}" if code else f"https://t.me/{bot}"


def _together(facts: PosterFacts) -> tuple[str, ...]:
    listed = facts.catalogue.text("poster.kept_together").split(",")
    return tuple(word.strip() for word in listed if word.strip())


def _window(facts: PosterFacts) -> str:
    return facts.catalogue.text("poster.window", opens=facts.opens, closes=facts.closes)


def _doors(facts: PosterFacts, code: str) -> tuple[Door, ...]:
    """Telegram first. What is typed by hand stays short: the bot asks for the unit then."""
    links = [("telegram", telegram_link(facts.bot, code))]
    if facts.zalo:
        links.append(("zalo", facts.zalo.replace(UNIT, code)))
    return tuple(
        Door(facts.catalogue.text(f"poster.{name}"), link, _typed(link)) for name, link in links
    )


def _typed(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.netloc}{parts.path}".rstrip("/")
