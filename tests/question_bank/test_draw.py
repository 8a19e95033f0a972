from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.draw import (
    DrawError,
    Paper,
    Place,
    WordStream,
    check_quotas,
    draw_paper,
    paper_from,
    paper_hash,
    prefix,
    uniform,
)
from question_bank.problem import Problem
from question_bank.question import Question, QuestionBank

MakeQuestion = Callable[..., Question]
MakeBank = Callable[..., QuestionBank]
Vectors = dict[str, Any]

KEY = bytes(range(32))
TOPICS = "ABC"


class GivenWords:
    """Words from a list, counted."""

    def __init__(self, words: Iterable[int]) -> None:
        self.words = iter(words)
        self.used = 0

    def next(self):
        self.used += 1
        return next(self.words)


class CountedStream:
    def __init__(self, *made_of: Any) -> None:
        self.stream = WordStream(*made_of)
        self.used = 0

    def next(self):
        self.used += 1
        return self.stream.next()


@pytest.fixture(scope="session")
def make_bank(make_question: MakeQuestion):
    def make(count: int, *, options: str = "abcd") -> QuestionBank:
        return QuestionBank(
            tuple(
                make_question(f"q{n:03}", TOPICS[n % 3], options=options, pin=n % 4 == 0)
                for n in range(count)
            )
        )

    return make


@pytest.fixture(scope="session")
def bank(make_bank: MakeBank):
    return make_bank(40)


def test_paper_vectors(vectors: Vectors, vector_bank: QuestionBank):
    commitments = vectors["commitments"]
    key = bytes.fromhex(commitments["draw_key"])
    for vector in vectors["papers"]:
        quotas = vector.get("quotas", commitments["rules"]["draw"])
        stream = CountedStream(key, vector["p"], vector["a"])

        paper = draw_paper(key, vector_bank, quotas, vector["p"], vector["a"])

        assert paper.as_lists() == vector["paper"]
        assert paper_hash(paper).hex() == vector["hash"]
        assert paper_from(stream, vector_bank, quotas) == paper
        assert stream.used == vector["words_used"]


def test_uniform_vectors(vectors: Vectors):
    for vector in vectors["uniform"]:
        stream = GivenWords(int(word) for word in vector["words"])

        assert uniform(stream, vector["n"]) == vector["result"]
        assert stream.used == len(vector["words"])


@pytest.mark.parametrize("n", [0, -1])
def test_uniform_of_nothing_is_refused(n: int):
    with pytest.raises(ValueError, match="nothing to choose from"):
        uniform(GivenWords([1]), n)


@pytest.mark.parametrize(
    ("n", "word", "taken"),
    [(3, 2**64 - 2, True), (3, 2**64 - 1, False), (10, 2**64 - 7, True), (10, 2**64 - 6, False)],
)
def test_uniform_border_word_is_kept_below_the_limit(n: int, word: int, taken: bool):
    stream = GivenWords([word, 0])

    uniform(stream, n)

    assert stream.used == (1 if taken else 2)


def test_stream_repeats_and_parts_by_person_and_attempt():
    def words(person: int, attempt: int) -> tuple[int, ...]:
        stream = WordStream(KEY, person, attempt)
        return tuple(stream.next() for _ in range(9))

    assert words(1, 1) == words(1, 1)
    assert len({words(1, 1), words(1, 2), words(2, 1)}) == 3
    assert len(set(words(1, 1))) == 9


@pytest.mark.parametrize(("person", "attempt"), [(-1, 1), (2**64, 1), (1, -1), (1, 2**32)])
def test_stream_number_out_of_range_is_refused(person: int, attempt: int):
    with pytest.raises(OverflowError):
        WordStream(KEY, person, attempt)


def test_prefix_takes_only_the_words_it_needs():
    stream = CountedStream(KEY, 1, 1)

    prefix(range(200), 3, stream)

    assert stream.used == 3


def test_prefix_leaves_its_list_alone():
    items = [1, 2, 3, 4]

    prefix(items, 4, WordStream(KEY, 1, 1))

    assert items == [1, 2, 3, 4]


@pytest.mark.parametrize("k", [-1, 4])
def test_prefix_of_impossible_length_is_refused(k: int):
    with pytest.raises(ValueError, match=f"{k} of 3"):
        prefix([1, 2, 3], k, WordStream(KEY, 1, 1))


@given(st.lists(st.integers()), st.data())
def test_prefix_is_part_of_the_list(items: list[int], data: st.DataObject):
    k = data.draw(st.integers(0, len(items)))

    chosen = prefix(items, k, WordStream(KEY, 1, 1))

    assert len(chosen) == k
    assert not Counter(chosen) - Counter(items)


def test_prefix_is_uniform_over_ordered_pairs():
    # 20 ordered pairs of 5; 19 degrees of freedom: chi-square above 43.8 has probability 0.001
    rounds = 8_000
    stream = WordStream(KEY, 7, 1)

    seen = Counter(tuple(prefix("abcde", 2, stream)) for _ in range(rounds))

    expected = rounds / 20
    assert len(seen) == 20
    assert sum((count - expected) ** 2 / expected for count in seen.values()) < 43.8


def test_draw_is_uniform_over_questions_and_first_options(bank: QuestionBank):
    # 40 questions: 39 degrees of freedom, 72.1 has probability 0.001; draws without replacement
    # vary less than that
    papers = 2_000
    drawn = [draw_paper(KEY, bank, {"*": 10}, person, 1) for person in range(papers)]
    questions = Counter(place.question for paper in drawn for place in paper.places)
    first = Counter(
        place.options[0]
        for paper in drawn
        for place in paper.places
        if not bank.question(place.question).pin
    )

    assert sum((count - 500) ** 2 / 500 for count in questions.values()) < 72.1
    expected = first.total() / 4
    assert sum((count - expected) ** 2 / expected for count in first.values()) < 16.3


quota_tables = st.dictionaries(st.sampled_from(TOPICS), st.integers(0, 13)) | st.fixed_dictionaries(
    {"*": st.integers(0, 40)}
)


@given(st.binary(min_size=32, max_size=32), quota_tables, st.integers(1, 2**63), st.integers(1, 9))
def test_draw_keeps_quotas_without_repeats(
    bank: QuestionBank, key: bytes, quotas: dict[str, int], person: int, attempt: int
):
    paper = draw_paper(key, bank, quotas, person, attempt)

    questions = [place.question for place in paper.places]
    topics = Counter("*" if "*" in quotas else bank.question(each).topic for each in questions)
    assert topics == Counter(quotas)
    assert len(set(questions)) == len(questions)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 2**63), st.sampled_from("cde"))
def test_draw_keeps_options_and_pins(make_bank: MakeBank, key: bytes, person: int, last: str):
    options = "abcde"[: "abcde".index(last) + 1]

    paper = draw_paper(key, make_bank(12, options=options), {"*": 12}, person, 1)

    for place in paper.places:
        assert sorted(place.options) == list(options)
        assert int(place.question[1:]) % 4 != 0 or place.options[-1] == last


def test_draw_does_not_depend_on_the_order_of_quotas(bank: QuestionBank):
    one = draw_paper(KEY, bank, {"A": 2, "B": 3}, 1, 1)
    two = draw_paper(KEY, bank, {"B": 3, "A": 2}, 1, 1)

    assert one == two


@pytest.mark.parametrize(
    ("quotas", "said"),
    [
        ({"A": 15}, "topic 'A' has 14 questions, 15 are asked"),
        ({"D": 1}, "topic 'D' has 0 questions, 1 are asked"),
        ({"*": 41}, "topic '*' has 40 questions, 41 are asked"),
        ({"A": -1}, "topic 'A' has 14 questions, -1 are asked"),
    ],
)
def test_draw_unmet_quota_names_the_topic(bank: QuestionBank, quotas: dict[str, int], said: str):
    with pytest.raises(DrawError) as caught:
        draw_paper(KEY, bank, quotas, 1, 1)

    assert str(caught.value) == said


def test_draw_mixed_quotas_follow_the_ledger_and_may_repeat(bank: QuestionBank):
    paper = draw_paper(KEY, bank, {"*": 40, "A": 1}, 1, 1)

    assert max(Counter(place.question for place in paper.places).values()) == 2


@pytest.mark.parametrize(
    ("quotas", "found"),
    [
        ({"A": 14, "B": 13, "C": 0}, ()),
        ({"*": 40}, ()),
        ({"*": 0, "A": 1}, ()),
        ({}, (Problem("*", "quotas-empty"),)),
        ({"A": 0}, (Problem("*", "quotas-empty"),)),
        ({"*": 1, "A": 1, "B": 2}, (Problem("*", "quotas-mixed", ("A, B",)),)),
        ({"A": 15}, (Problem("A", "quota-not-met", (15, 14)),)),
        ({"A": 1, "D": 2}, (Problem("D", "quota-not-met", (2, 0)),)),
        ({"A": -1, "B": 1}, (Problem("A", "quota-negative", (-1,)),)),
        ({"A": 1, "x-y": 0}, (Problem("x-y", "quota-not-a-key"),)),
    ],
)
def test_check_quotas_finds_what_cannot_be(
    bank: QuestionBank, quotas: dict[str, int], found: tuple[Problem, ...]
):
    assert check_quotas(bank, quotas) == found


def test_paper_round_trip_through_lists():
    paper = Paper((Place("q1", ("b", "a", "c")), Place("q2", ("a", "b", "c"))))

    assert paper.as_lists() == [["q1", ["b", "a", "c"]], ["q2", ["a", "b", "c"]]]
    assert Paper.from_lists(paper.as_lists()) == paper
    assert Paper.from_lists([]) == Paper(())


@pytest.mark.parametrize(
    "lists",
    [None, "q1", {}, ["q1"], [["q1"]], [["q1", "ab"]], [["q1", [1]]], [[1, ["a"]]], [["q", [], 0]]],
)
def test_paper_from_another_shape_is_refused(lists: object):
    with pytest.raises(ValueError, match=r"a (paper|place) is"):
        Paper.from_lists(lists)
