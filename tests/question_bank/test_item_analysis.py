import pytest

from question_bank.item_analysis import LEAST_ANSWERS, item_results


def test_item_results_count_shares():
    attempts = [{"q1": True, "q2": False}, {"q1": True}, {"q2": True, "q1": False}]

    one, two = item_results(attempts)

    assert (one.question, one.answers, one.right, one.share) == ("q1", 3, 2, pytest.approx(2 / 3))
    assert (two.question, two.answers, two.right) == ("q2", 2, 1)
    assert one.discrimination is None


def papers(key: bool) -> list[dict[str, bool]]:
    """Half know all, half know nothing; `key`: those who know have q1 right, else wrong."""
    return [
        {"q1": knows == key, **{f"r{at}": knows for at in range(4)}}
        for knows in (True, False) * (LEAST_ANSWERS // 2)
    ]


@pytest.mark.parametrize(("key", "wanted"), [(True, 1.0), (False, -1.0)])
def test_item_results_tell_a_good_key_from_a_wrong_one(key: bool, wanted: float):
    first = item_results(papers(key))[0]

    assert first.discrimination == pytest.approx(wanted)


def test_item_results_too_few_or_all_alike_say_nothing():
    few = item_results(papers(key=True)[:-1])
    alike = item_results([{"q1": True, "q2": True}] * LEAST_ANSWERS)
    alone = item_results([{"q1": at % 2 == 0} for at in range(LEAST_ANSWERS)])

    assert {each.discrimination for each in (*few, *alike, *alone)} == {None}


def test_item_results_of_a_question_all_answer_alike_but_for_chance_are_near_nothing():
    attempts = [
        {"q1": at % 2 == 0, **{f"r{of}": at // 2 % 2 == 0 for of in range(3)}} for at in range(80)
    ]

    assert item_results(attempts)[0].discrimination == pytest.approx(0)
