"""Each kind of work has a rank of its own: two processes take their row locks in one order."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
_KIND = re.compile(r"= Kind\((\d+),")


def test_no_two_kinds_of_work_share_a_rank():
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "store").glob("*.py"))]
    ranks = Counter(int(rank) for text in texts for rank in _KIND.findall(text))

    assert len(ranks) > 40
    assert {rank: count for rank, count in ranks.items() if count > 1} == {}
