"""What is published before opening, and the draw key that follows from it (LEDGER §2).

Pure over secrets handed in; where secrets come from and what is published when, others decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.canonical import canonical, digest, mac, tag
from question_bank.merkle import merkle_root
from question_bank.question import Question, QuestionBank, QuestionId

NO_BEACON = bytes(32)
"""The beacon digest of a draw without public chance."""

_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Beacon:
    """Public chance: a drand round, or dice (`source` "dice/…", `value` hex of what was typed)."""

    source: str
    round: int
    value: str


def seed_commitment(seed: bytes) -> bytes:
    return digest(tag("seed") + seed)


def question_salt(bank_salt: bytes, question: QuestionId) -> str:
    """Hex of the 16 bytes that keep a key from being guessed out of its hash."""
    message = tag("question-salt") + question.encode("ascii")
    return mac(bank_salt, message)[:_SALT_BYTES].hex()


def question_entry(question: Question, bank_salt: bytes) -> dict[str, object]:
    """The object whose canonical bytes are the question's leaf in the bank's tree."""
    return {
        "id": question.id,
        "topic": question.topic,
        "stem": question.stem,
        "options": [{"id": option.id, "text": option.text} for option in question.options],
        "answer": question.answer,
        "pin": int(question.pin),
        "salt": question_salt(bank_salt, question.id),
    }


def bank_root(bank: QuestionBank, bank_salt: bytes) -> bytes:
    """Merkle root over the questions; CanonicalError when a text is not in NFC."""
    return merkle_root([canonical(question_entry(each, bank_salt)) for each in bank.questions])


def rules_hash(rules: Mapping[str, object]) -> bytes:
    return digest(tag("rules") + canonical(rules))


def beacon_digest(*beacons: Beacon) -> bytes:
    """Digest of one beacon, of several in their order, or `NO_BEACON` of none."""
    digests = [_one_beacon(beacon) for beacon in beacons]
    if not digests:
        return NO_BEACON
    return digests[0] if len(digests) == 1 else digest(b"".join(digests))


def draw_key(seed: bytes, bank_root: bytes, rules_hash: bytes, beacon: bytes = NO_BEACON) -> bytes:
    """`K`, from which every paper follows."""
    return mac(seed, tag("draw-key") + bank_root + rules_hash + beacon)


def _one_beacon(beacon: Beacon) -> bytes:
    said = {"source": beacon.source, "round": beacon.round, "value": beacon.value}
    return digest(tag("beacon") + canonical(said))
