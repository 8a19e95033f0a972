"""Ledger entries (LEDGER §4) as the participant's transaction writes them to the queue.

Decides the fields of each kind and the hashes inside them. `v`, `t`, `salt` and the index are the
sequencer's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.canonical import canonical, digest, tag, u32, u64
from question_bank.draw import Paper, paper_hash
from scoring.attempt import Act, Attempt
from scoring.instant import Instant

Entry = Mapping[str, object]

ENDS = {Act.SUBMIT: "done", Act.EXPIRE: "timeout", Act.CLOSE: "close"}


@dataclass(frozen=True, slots=True)
class Identity:
    """What `who` is made of; `phone` in E.164, `born` as four digits, `unit` a unit code."""

    name: str
    born: str
    phone: str
    unit: str


@dataclass(frozen=True, slots=True)
class Commitments:
    """The hashes an attempt is drawn under, in hex."""

    rules: str
    bank: str


def person_digest(identity: Identity, salt: bytes) -> str:
    """`who`: with the salt gone, the number can no longer be tied to a name."""
    fields = {
        "born": identity.born,
        "name": identity.name,
        "phone": identity.phone,
        "unit": identity.unit,
    }
    return digest(tag("person") + salt + canonical(fields)).hex()


def answer_chain(attempt: Attempt) -> str:
    """`ans`: the chain over all places in order, answered or not."""
    chain = digest(tag("chain") + u64(attempt.person) + u32(attempt.number))
    for number, place in enumerate(attempt.paper.places, start=1):
        choice = attempt.answers[number - 1]
        option = None if choice is None else place.options[choice]
        link = [number, place.question, option, attempt.answered_at[number - 1]]
        chain = digest(tag("answer") + chain + canonical(link))
    return chain.hex()


def guess_digest(guess: int | None, salt: bytes) -> str | None:
    if guess is None:
        return None
    return digest(tag("guess") + salt + str(guess).encode("ascii")).hex()


def open_entry(
    contest: str, commitments: Commitments, questions: int, seed: str, key: str
) -> Entry:
    """`open`, index 0; `seed` is the seed commitment in hex, `key` the verifier key."""
    return {
        "k": "open",
        "contest": contest,
        "rules": commitments.rules,
        "bank": commitments.bank,
        "questions": questions,
        "seed": seed,
        "beacon": None,
        "key": key,
    }


def reg_entry(person: int, at: Instant, unit: str, via: str, who: str) -> Entry:
    return {"k": "reg", "p": person, "at": at, "g": unit, "via": via, "who": who}


def fix_entry(person: int, at: Instant, unit: str, who: str) -> Entry:
    return {"k": "fix", "p": person, "at": at, "g": unit, "who": who}


def start_entry(
    owner: tuple[int, int], at: Instant, due: Instant, commitments: Commitments, paper: Paper
) -> Entry:
    """`start`; `owner` is (person number, attempt number)."""
    return {
        "k": "start",
        "p": owner[0],
        "a": owner[1],
        "at": at,
        "due": due,
        "bank": commitments.bank,
        "rules": commitments.rules,
        "paper": paper_hash(paper).hex(),
    }


def submit_entry(attempt: Attempt, correct: int, wait_ms: int, guess_salt: bytes) -> Entry:
    """`submit` of an attempt that has ended.

    Raises:
        ValueError: the attempt is still open.
    """
    if attempt.ended_by is None or attempt.ended_at is None:
        raise ValueError(f"attempt {attempt.id} is still open")
    return {
        "k": "submit",
        "p": attempt.person,
        "a": attempt.number,
        "at": attempt.ended_at,
        "end": ENDS[attempt.ended_by],
        "ok": correct,
        "ms": max(0, attempt.ended_at - attempt.opened_at - wait_ms),
        "wait": wait_ms,
        "ans": answer_chain(attempt),
        "guess": guess_digest(attempt.guess, guess_salt),
    }


def void_entry(owner: tuple[int, int], why: str, doc: str, by: str) -> Entry:
    """`void`; `owner` is (person number, attempt number, 0 for the whole person).

    `why` is a code, `doc` the number of a decision, `by` a role.
    """
    return {"k": "void", "p": owner[0], "a": owner[1], "why": why, "doc": doc, "by": by}


def restore_entry(owner: tuple[int, int], why: str, doc: str, by: str) -> Entry:
    """`restore`: what `void` took away counts again; arguments as there."""
    return {**void_entry(owner, why, doc, by), "k": "restore"}


def extra_entry(owner: tuple[int, int], extra_ms: int, why: str, by: str) -> Entry:
    """`extra`: time given to an open attempt; `why` as an organiser wrote it, `by` a role."""
    return {"k": "extra", "p": owner[0], "a": owner[1], "ms": extra_ms, "why": why, "by": by}


def outage_entry(begins: Instant, ends: Instant) -> Entry:
    return {"k": "outage", "from": begins, "to": ends}


def close_entry(persons: int, attempts: int, submits: int) -> Entry:
    return {"k": "close", "persons": persons, "attempts": attempts, "submits": submits}


def amend_entry(what: str, new_hash: str, notice: str) -> Entry:
    """`amend`; `what` is `rules` or `bank`, `new_hash` in hex, `notice` the public's text."""
    return {"k": "amend", "what": what, "hash": new_hash, "notice": notice_digest(notice)}


def notice_digest(notice: str) -> str:
    """The hash of a public text: of its UTF-8 bytes, in NFC, behind the tag `notice`."""
    return digest(tag("notice") + notice.encode("utf-8")).hex()


def pause_entry(by: str, why: str) -> Entry:
    """`pause`; `by` is a role, `why` what the organiser wrote, never a name."""
    return {"k": "pause", "by": by, "why": why}


def resume_entry(by: str, why: str) -> Entry:
    return {"k": "resume", "by": by, "why": why}


def erase_entry(person: int, *, is_full: bool) -> Entry:
    """`erase`; `is_full`: not ranked and not in the prediction's target from here on."""
    return {"k": "erase", "p": person, "full": int(is_full)}
