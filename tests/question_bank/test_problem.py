from question_bank.problem import Problem


def test_problem_reads_as_one_line():
    assert str(Problem("A", "quota-not-met", (3, 2))) == "A: quota-not-met 3 2"
    assert str(Problem("q1", "source-missing")) == "q1: source-missing"
