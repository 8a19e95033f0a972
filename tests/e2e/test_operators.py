"""What operators see of a real bot: metrics that add up, readiness, and alarms in their chat."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.test_polling_and_webhook import transport

Launch = Callable[..., Any]
Meet = Callable[..., Any]
WAIT_S = 60.0


async def metrics_of(http: Any, bot: Any) -> dict[str, dict[str, float]]:
    """Values by name, then by labels written as `stage=decided`, the worker left out."""
    async with http.get(f"{bot.web}/metrics") as response:
        assert response.status == 200
        text = await response.text()
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = {key: value for key, value in sample.labels.items() if key != "worker"}
            key = ",".join(f"{one}={labels[one]}" for one in sorted(labels))
            found.setdefault(sample.name, {})[key] = sample.value
    return found


def set_chat(config: Path, chat: int) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('\nchat = ""\n', f'\nchat = "{chat}"\n'), "utf-8")


@pytest.mark.parametrize("kind", ["polling", "webhook"])
async def test_metrics_add_up_to_what_was_played(
    launch: Launch, meet: Meet, http: Any, stand_in: Any, kind: str
) -> None:
    bot = await launch(**transport(kind))
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    await stand_in.post(
        "/faults", {"method": "editMessageText", "times": 1, "status": 429, "retry_after": 1}
    )
    for place in range(1, 16):
        await hoa.answer(place)
    await hoa.text("120")
    await hoa.tap("Nộp bài")
    await hoa.sees("ĐÃ NỘP BÀI")

    async with asyncio.timeout(WAIT_S):
        # With polling a batch is acknowledged by the poll after it.
        while True:
            found = await metrics_of(http, bot)
            if found["hoithi_stage_seconds_count"]["stage=acknowledged"] == 17:
                break
            await asyncio.sleep(0.05)

    updates, stages = found["hoithi_updates_total"], found["hoithi_stage_seconds_count"]
    assert (updates["kind=tap,outcome=step"], updates["kind=text,outcome=step"]) == (16, 1)
    assert (stages["stage=decided"], stages["stage=committed"]) == (17, 17)
    assert 15 <= stages["stage=delivered"] <= 17
    assert found["hoithi_commit_batch_works_sum"][""] >= 17
    assert found["hoithi_api_calls_total"]["method=edit,outcome=later"] == 1
    assert found["hoithi_api_limited_seconds_total"][""] == 1
    assert found["hoithi_open_attempts"][""] == 0
    assert found["hoithi_ledger_queue_entries"][""] > 0
    assert found["hoithi_sessions_total"]["outcome=hit"] > 0
    assert not any(found["hoithi_alarm"].values())


async def test_metrics_with_a_token_are_for_who_knows_it(launch: Launch, http: Any) -> None:
    token = "m" * 40
    bot = await launch(METRICS_TOKEN=token)

    statuses = []
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {token}"}):
        async with http.get(f"{bot.web}/metrics", headers=headers) as response:
            statuses.append(response.status)
    await bot.stop()

    assert statuses == [401, 401, 200]
    assert token not in "".join(bot.log)


async def test_t53_technician_is_told_of_a_dead_letter(
    launch: Launch, meet: Meet, stand_in: Any, config: Path, http: Any
) -> None:
    technician = await meet("Kỹ thuật", "+84900000001")
    await technician.start()
    set_chat(config, technician.id)
    bot = await launch()
    await technician.sees("Xin chào")

    await stand_in.post(
        f"/people/{technician.id}/raw", {"update": {"message": {"message_id": "x"}}}
    )

    told = await technician.sees("Có tin nhắn đến mà bot không xử lý được")
    assert "Thêm 1 tin" in told
    assert (await metrics_of(http, bot))["hoithi_update_dead_letters_total"][""] == 1
    await bot.stop()
    critical = [line for line in bot.log if '"level":"critical"' in line]
    assert len(critical) == 1
    assert '"alarm":"dead_letter"' in critical[0]


async def test_any_of_several_workers_tells_the_metrics_of_all(
    launch: Launch, meet: Meet, http: Any, postgres_url: str
) -> None:
    bot = await launch(
        arguments=("--workers", "2"), DATABASE_URL=postgres_url, **transport("webhook")
    )
    people = [await meet(f"Nguyễn Văn {chr(65 + i)}n", f"+8491234{i:04d}") for i in range(6)]
    await asyncio.gather(*(one.register() for one in people))
    await asyncio.gather(*(one.open_paper() for one in people))
    for place in range(1, 5):
        await asyncio.gather(*(one.answer(place) for one in people))

    async def told() -> list[tuple[str, float]]:
        """Workers and their steps, as whoever answers this time tells them."""
        async with http.get(f"{bot.web}/metrics", headers={"Connection": "close"}) as response:
            text = await response.text()
        return [
            (sample.labels["worker"], sample.value)
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "hoithi_updates_total" and sample.labels["outcome"] == "step"
        ]

    def is_whole(shown: list[tuple[str, float]]) -> bool:
        workers = sorted(worker for worker, _ in shown)
        return workers == ["1", "2"] and sum(steps for _, steps in shown) == 24

    async with asyncio.timeout(WAIT_S):
        # What the other worker did comes with its next look; whoever is asked must know it.
        while not all([is_whole(await told()) for _ in range(10)]):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    await bot.stop()
