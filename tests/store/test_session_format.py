"""Sessions written and read back: what is remembered of papers is bounded, and never a truth."""

from typing import Any

import pytest

from store.session_format import SessionFormat


@pytest.mark.parametrize("remembered", [1, 2, 3, 100])
async def test_papers_come_back_whole_however_few_are_remembered(
    world: Any, monkeypatch: pytest.MonkeyPatch, remembered: int
):
    monkeypatch.setattr("store.session_format._REMEMBERED", remembered)
    sessions = [(await world.open_paper())[1] for _ in range(4)]
    written, read = SessionFormat(), SessionFormat()

    for turn in (sessions, sessions[::-1], sessions[1:3] * 2):
        for session in turn:
            data = written.encode(session)
            assert data == SessionFormat().encode(session)
            assert read.decode(data) == session
            assert len(read._papers) == len(read._texts) <= remembered

    again = [read.decode(written.encode(sessions[-1])) for _ in range(2)]
    assert again[0].attempt.paper is again[1].attempt.paper
