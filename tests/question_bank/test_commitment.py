from collections.abc import Callable
from typing import Any

import pytest

from question_bank.canonical import CanonicalError, canonical, digest
from question_bank.commitment import (
    NO_BEACON,
    Beacon,
    bank_root,
    beacon_digest,
    draw_key,
    question_entry,
    question_salt,
    rules_hash,
    seed_commitment,
)
from question_bank.merkle import leaf_hash
from question_bank.question import Question, QuestionBank

MakeQuestion = Callable[..., Question]
Vectors = dict[str, Any]


@pytest.fixture(scope="module")
def given(vectors: Vectors):
    return vectors["commitments"]


@pytest.fixture(scope="module")
def bank_salt(given: dict[str, Any]):
    return bytes.fromhex(given["B"])


def test_seed_commitment_vector(given: dict[str, Any]):
    assert seed_commitment(bytes.fromhex(given["S"])).hex() == given["seed_commit"]


def test_question_entry_vectors(given: dict[str, Any], vector_bank: QuestionBank, bank_salt: bytes):
    entries = [question_entry(question, bank_salt) for question in vector_bank.questions]

    assert entries == given["bank"]
    assert question_salt(bank_salt, "q001") == given["bank"][0]["salt"]
    assert leaf_hash(canonical(entries[0])).hex() == given["leaf_q001"]


def test_question_entry_pin_is_an_integer(vector_bank: QuestionBank, bank_salt: bytes):
    pins = {type(question_entry(each, bank_salt)["pin"]) for each in vector_bank.questions}

    assert pins == {int}


def test_bank_root_vector(given: dict[str, Any], vector_bank: QuestionBank, bank_salt: bytes):
    assert bank_root(vector_bank, bank_salt).hex() == given["bank_root"]


def test_bank_root_leaves_out_what_is_not_committed(make_question: MakeQuestion, bank_salt: bytes):
    one = QuestionBank((make_question(source="Điều 1"),), {"A": "Một"})
    two = QuestionBank((make_question(source="Điều 2"),), {"A": "Hai"})

    assert bank_root(one, bank_salt) == bank_root(two, bank_salt)


def test_bank_root_text_not_in_nfc_is_refused(make_question: MakeQuestion, bank_salt: bytes):
    bank = QuestionBank((make_question(stem="ca\u0302u"),))

    with pytest.raises(CanonicalError):
        bank_root(bank, bank_salt)


def test_rules_hash_vector(given: dict[str, Any]):
    assert rules_hash(given["rules"]).hex() == given["rules_hash"]


def test_beacon_digest_vector(given: dict[str, Any]):
    assert beacon_digest(Beacon(**given["beacon"])).hex() == given["beacon_digest"]


def test_beacon_digest_of_none_and_of_several():
    one, two = Beacon("dice/a", 0, "0102"), Beacon("drand/b", 7, "ff")

    assert beacon_digest() == NO_BEACON == bytes(32)
    assert beacon_digest(one, two) == digest(beacon_digest(one) + beacon_digest(two))
    assert beacon_digest(one, two) != beacon_digest(two, one)


def test_draw_key_vectors(given: dict[str, Any]):
    seed, root, rules, beacon = (
        bytes.fromhex(given[name]) for name in ("S", "bank_root", "rules_hash", "beacon_digest")
    )

    assert draw_key(seed, root, rules, beacon).hex() == given["draw_key"]
    assert draw_key(seed, root, rules).hex() == given["draw_key_without_beacon"]
