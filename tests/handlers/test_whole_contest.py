"""One resident plays a whole contest; then each promise of the dialogues by itself."""

import asyncio
import itertools
import random
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from handlers.buttons import DialogueButton, PracticeButton
from handlers.incoming import Attachment, Command, Incoming, SharedContact, Tap, Text
from handlers.reply import Effect, Place
from scoring.attempt import Act
from scoring.instant import Instant
from store.chats import ChatsStore

OPENS, CLOSES = Instant(1_765_152_000_000), Instant(1_765_731_600_000)
Meet = Callable[..., Any]


async def test_whole_contest_from_start_to_receipt(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()

    await hoa.text("120")
    await hoa.tap("Nộp bài")

    receipt = hoa.last.screens[0].text
    assert "ĐÃ NỘP BÀI" in receipt
    assert "<b>Nguyễn Thị Hoa</b>, số báo danh <b>1</b>" in receipt
    assert "Dự đoán: <b>120</b>" in receipt
    assert hoa.labels[-2:] == ["Đồng ý công bố", "Không công bố"]


async def test_paper_keeps_one_message_for_taps_and_goes_below_for_text(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()

    tapped = await hoa.tap("A")
    typed = await hoa.text("đáp án b")

    assert [screen.place for screen in tapped.screens] == [Place.HERE]
    assert [screen.place for screen in typed.screens] == [Place.BELOW]
    assert "Câu 3/15" in typed.screens[0].text


async def test_answer_changed_after_the_summary_counts_latest(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()
    await hoa.text("5")

    await hoa.text("câu 3")
    before = [label for label in hoa.labels if label.startswith("✓")]
    await hoa.tap("C")
    await hoa.text("3")
    after = [label for label in hoa.labels if label.startswith("✓")]

    assert (before, after) == (["✓ B"], ["✓ C"])


async def test_summary_offers_exactly_the_unanswered_questions(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    for place in range(1, 16):
        await hoa.tap("Câu sau ▶" if place in {4, 9, 15} else "A")

    await hoa.tap("Bỏ qua dự đoán ▶")

    assert hoa.labels == ["4", "9", "15", "Nộp bài", "Sửa dự đoán"]


async def test_t03_second_tap_on_another_choice_meets_a_stale_view(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    first, second = hoa.button("A"), hoa.button("B")

    replies = await asyncio.gather(hoa.say(Tap(first.data)), hoa.say(Tap(second.data)))

    assert sorted(reply.toast for reply in replies) == [
        "",
        "Nút này đã cũ, lần bấm này không được ghi. Xin xem màn hình đang hiện.",
    ]
    assert "Câu 2/15" in hoa.last.screens[0].text


async def test_t03_every_race_takes_one_tap_and_shows_the_other_the_present(
    meet: Meet, store: Any
) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()

    for _ in range(100):
        taps = [Tap(_letter(hoa, letter).data) for letter in "AB"]
        replies = await asyncio.gather(*(hoa.say(tap) for tap in taps))
        hoa.last = max(replies, key=lambda reply: not reply.toast)
        assert sorted(bool(reply.toast) for reply in replies) == [False, True]
        await hoa.tap("◀ Câu trước")
        hoa.clock.wait(-3_000)

    assert await _rows(store, "transition") == 200
    assert await _rows(store, f"transition WHERE act = {int(Act.ANSWER)} AND place = 1") == 100


def _letter(person: Any, letter: str) -> Any:
    """The button of a letter, whether it is marked as chosen or not."""
    marked = [label for label in person.labels if label.endswith(letter)]
    return person.button(marked[0])


async def test_t01_same_tap_a_hundred_times_is_one_answer(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    tap = Tap(hoa.button("C").data)

    replies = await asyncio.gather(*(hoa.say(tap, event="77") for _ in range(100)))

    assert {reply.screens[0].text for reply in replies} == {hoa.last.screens[0].text}
    assert {reply.toast for reply in replies} == {""}
    assert await _rows(store, "transition") == 1


async def test_t01_same_typed_answer_a_hundred_times_is_one_answer(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()

    for _ in range(100):
        await hoa.text("a", event="78")

    assert await _rows(store, "transition") == 1
    assert "Câu 2/15" in hoa.screen.text


async def test_t01_a_field_delivered_again_is_not_taken_for_the_next_one(meet: Meet) -> None:
    hoa = meet()
    await hoa.command("dangky")
    await hoa.tap("Đồng ý")
    await hoa.text("0912 345 678")
    await hoa.text("Nguyễn Thị Hoa", event="name")
    asked = hoa.screen.text

    again = await hoa.text("Nguyễn Thị Hoa", event="name")
    await hoa.text("1955", event="born")
    unit = await hoa.text("1955", event="born")

    assert [screen.text for screen in again.screens] == [asked]
    assert "Bước 4/4" in unit.screens[0].text


async def test_t01_a_guess_delivered_again_shows_the_summary(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()
    first = await hoa.text("120", event="guess")

    again = await hoa.text("120", event="guess")

    assert again.screens == first.screens
    assert again.effect is Effect.REPEATED


async def test_the_summary_says_which_button_ends_the_registration(meet: Meet) -> None:
    hoa = meet()
    await hoa.command("dangky")
    await hoa.tap("Đồng ý")
    await hoa.text("0912 345 678")
    await hoa.text("Nguyễn Thị Hoa")
    await hoa.text("1955")
    await hoa.text("to 6")
    await hoa.tap("Tổ dân phố 6 (Nhân Trạch)")

    assert f"xin bấm “{hoa.labels[0]}”" in hoa.screen.text


async def test_a_guess_in_words_is_asked_anew_by_example(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()

    asked = await hoa.text("khoảng 120 người")

    said = "Xin chỉ gõ một số từ 0 đến 1.000.000, không kèm chữ. Ví dụ: 120"
    assert asked.screens[0].text == said


async def test_t01_same_registration_twice_is_one_participant(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.command("dangky")
    await hoa.tap("Đồng ý")
    await hoa.text("0912 345 678")
    await hoa.text("Nguyễn Thị Hoa")
    await hoa.text("1955")
    await hoa.text("to 6")
    await hoa.tap("Tổ dân phố 6 (Nhân Trạch)")
    confirm = Tap(hoa.button("Đúng, hoàn tất").data)

    replies = await asyncio.gather(*(hoa.say(confirm, event="79") for _ in range(20)))

    assert await _rows(store, "participant") == 1
    assert all("1" in reply.screens[-1].text for reply in replies)


async def test_t01_same_submission_twenty_times_shows_one_receipt(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()
    await hoa.text("12")
    submit = Tap(hoa.button("Nộp bài").data)

    replies = await asyncio.gather(*(hoa.say(submit, event="80") for _ in range(20)))

    assert {reply.screens[0].text for reply in replies} == {replies[0].screens[0].text}
    assert "Dự đoán: <b>12</b>" in replies[0].screens[0].text
    assert {reply.toast for reply in replies} == {""}
    assert await _rows(store, "ledger_queue WHERE kind = 'submit'") == 1


async def test_t02_tap_before_start_is_answered_kindly(meet: Meet) -> None:
    stranger = meet()

    reply = await stranger.say(Tap("AAAA"))

    assert reply.toast == "Nút này đã cũ, lần bấm này không được ghi. Xin xem màn hình đang hiện."
    assert "Đăng ký dự thi" in stranger.labels


async def test_t02_script_in_any_order_ends_in_one_state_or_a_refusal(meet: Meet) -> None:
    """Out of order an input is refused kindly or counts as itself; in order it then ends alike."""
    expected = await _draft_after(meet(), range(6))

    for order in itertools.permutations(range(6)):
        person = meet()
        early = await _draft_after(person, order)
        assert early.items() <= expected.items(), order
        assert await _draft_after(person, range(6)) == expected, order

    assert expected == {
        "phone": "+84912345678",
        "is_phone_verified": True,
        "name": "Nguyễn Thị Hoa",
        "born": 1955,
        "suggestion": "Nguyễn Thị Hoa",
    }


async def _draft_after(person: Any, order: Iterable[int]) -> dict[str, Any]:
    """What the registration holds after that order of the script, without its instants."""
    agree = DialogueButton(1, 1, "agree")
    script = [
        Command("start", ""),
        Command("dangky", ""),
        Tap(person.desk.contest.signer.write(agree, _sender(person))),
        SharedContact("84912345678", is_own=True),
        Text("Nguyễn Thị Hoa"),
        Text("1955"),
    ]
    for at in order:
        reply = await person.say(script[at])
        assert reply.screens, script[at]
    now = Instant(person.clock.now())
    visitor = await person.desk.people.visit(_sender(person), person.id, now)
    assert visitor.participant is None
    return {
        key: value
        for key, value in visitor.dialogue.draft.items()
        if key not in {"consent_at", "consent_version"}
    }


async def test_t04_every_button_ever_shown_changes_nothing_for_others(
    meet: Meet, store: Any
) -> None:
    hoa, nam = meet(), meet(name="Trần Văn Nam")
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()
    await nam.register("84987654321")
    await nam.open_paper()
    before = await _rows(store, "transition")
    present = nam.screen.text

    for button in list(hoa.shown):
        reply = await nam.say(Tap(button.data))
        assert (
            reply.toast == "Nút này đã cũ, lần bấm này không được ghi. Xin xem màn hình đang hiện."
        ), button

    assert await _rows(store, "transition") == before
    assert _without_time(nam.screen.text) == _without_time(present)


async def test_t04_own_old_buttons_show_the_present_question(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()
    before = await _rows(store, "transition")
    paper = [one for one in hoa.shown if one.label in set("ABCD") | {"◀ Câu trước", "Câu sau ▶"}]
    current = {one.data for row in hoa.screen.buttons for one in row}

    for button in paper:
        if button.data not in current:
            reply = await hoa.say(Tap(button.data))
            assert "Câu dự đoán" in reply.screens[0].text

    assert await _rows(store, "transition") == before


async def test_t35_second_tap_on_the_same_place_is_a_double_tap(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.tap("A")
    hoa.clock.wait(-600)  # `say` waits a second: 400 ms after the question appeared

    reply = await hoa.tap("A")

    assert reply.toast == "Bấm hơi nhanh nên chưa được ghi. Xin đọc câu hỏi rồi chọn."
    assert (reply.screens, await _rows(store, "transition")) == ((), 1)


async def test_t35_third_tap_of_three_is_still_a_double_tap(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    first = Tap(hoa.button("A").data)
    await hoa.say(first)
    hoa.clock.wait(-900)
    await hoa.say(first)
    hoa.clock.wait(-900)

    reply = await hoa.tap("A")

    assert reply.toast.startswith("Bấm hơi nhanh")
    assert await _rows(store, "transition") == 1


async def test_t35_fast_reader_on_another_place_is_not_held_up(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()

    for letter in "ABCDABCD":
        hoa.clock.wait(-600)
        await hoa.tap(letter)

    assert await _rows(store, "transition") == 8


async def test_t36_attempts_are_limited_a_day_and_in_all(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    for day in range(3):
        await hoa.open_paper()
        await hoa.answer_all()
        await hoa.tap("Bỏ qua dự đoán ▶")
        await hoa.tap("Nộp bài")
        await hoa.command("thi")
        if day < 2:
            assert "Hôm nay đã thi đủ 1 lượt" in hoa.screen.text
        hoa.clock.wait(24 * 3600 * 1000)

    await hoa.command("thi")

    assert "Đã dùng hết 3 lượt thi" in hoa.screen.text


async def test_t06_two_starts_at_once_open_one_attempt(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.command("thi")
    begin = Tap(hoa.button("Bắt đầu làm bài").data)

    replies = await asyncio.gather(*(hoa.say(begin) for _ in range(20)))

    assert await _rows(store, "attempt") == 1
    assert len({_without_time(reply.screens[0].text) for reply in replies}) == 1


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (Instant(OPENS - 1), "Cuộc thi mở lúc 07 giờ 00 phút ngày 08/12/2025"),
        (OPENS, "<b>Lượt thi thứ 1</b>"),
        (Instant(CLOSES - 1), "<b>Lượt thi thứ 1</b>"),
        (CLOSES, "Cuộc thi đã kết thúc lúc 24 giờ 00 phút ngày 14/12/2025"),
    ],
    ids=["before", "opening", "last-ms", "closing"],
)
async def test_t21_t28_window_is_a_comparison_without_any_scheduler(
    meet: Meet, at: Instant, says: str
) -> None:
    hoa = meet()
    await hoa.register()
    hoa.clock.go_to(Instant(at - 1_000))

    await hoa.command("thi")

    assert says in hoa.screen.text


async def test_t39_poster_scanned_after_closing_offers_no_registration(meet: Meet) -> None:
    late = meet()
    late.clock.go_to(CLOSES)

    await late.command("start", "TDP-06")

    assert "Đăng ký dự thi" not in late.labels


async def test_data_are_not_corrected_after_closing(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.command("dulieu")
    await hoa.tap("Sửa thông tin")
    confirm = Tap(hoa.button("Đúng, hoàn tất").data)
    hoa.clock.go_to(CLOSES)

    await hoa.say(confirm)

    assert await _rows(store, "ledger_queue WHERE kind = 'fix'") == 0


@pytest.mark.parametrize("command", ["start", "thi", "dangky"])
async def test_stranger_after_closing_is_told_and_not_registered(
    meet: Meet, store: Any, command: str
) -> None:
    late = meet()
    await _bring_to(late, "summary")
    confirm = Tap(late.button("Đúng, hoàn tất").data)
    late.clock.go_to(CLOSES)

    await late.say(confirm)
    await late.command(command)

    assert "Cuộc thi đã kết thúc" in late.screen.text
    assert "Đăng ký dự thi" not in late.labels
    assert await _rows(store, "participant") == 0


@pytest.mark.parametrize(
    ("offset_ms", "toast"),
    [
        (-1, ""),
        (0, "Đã hết giờ làm bài. Câu trả lời này không được ghi."),
        (1, "Đã hết giờ làm bài. Câu trả lời này không được ghi."),
    ],
)
async def test_t24_tap_around_closing(meet: Meet, store: Any, offset_ms: int, toast: str) -> None:
    hoa = meet()
    await hoa.register()
    hoa.clock.go_to(Instant(CLOSES - 10 * 60_000))
    await hoa.open_paper()
    hoa.clock.go_to(Instant(CLOSES + offset_ms - 1_000))

    reply = await hoa.tap("A")

    assert (reply.toast, await _rows(store, "transition")) == (toast, int(offset_ms < 0))


async def test_t24_paper_past_its_limit_is_shown_as_ended_before_it_is_swept(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    hoa.clock.wait(15 * 60_000 + 1)

    for command in ("thi", "start"):
        await hoa.command(command)
        assert "Lượt thi này đã kết thúc" in hoa.screen.text, command
        assert "A" not in hoa.labels


async def test_time_given_back_counts_though_the_cache_does_not_know_it(
    meet: Meet, store: Any
) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    session = await store.sessions.load(_sender(hoa))
    chats = ChatsStore(store.writer, store.sessions, "tg")
    await chats.give_back(hoa.id, session.attempt.id, 60_000)
    store.sessions.keep(_sender(hoa), session)
    hoa.clock.wait(15 * 60_000 + 30_000)

    reply = await hoa.tap("A")

    assert (reply.toast, await _rows(store, "transition")) == ("", 1)


async def test_typed_answer_on_a_taken_view_is_told_in_words(meet: Meet, store: Any) -> None:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    toast = hoa.desk.text("toast.stale_view")
    decided: list[Incoming] = []
    hoa.desk.decided = decided.append
    gate = threading.Event()
    held = asyncio.create_task(store.writer.database.write(lambda _: gate.wait(30)))
    both = [asyncio.create_task(hoa.text(letter)) for letter in "ab"]
    async with asyncio.timeout(20):
        while len(decided) < len(both):  # noqa: ASYNC110 (nothing else says it)
            await asyncio.sleep(0.01)
    gate.set()

    replies = await asyncio.gather(*both)
    await held

    told = [screen.text for reply in replies for screen in reply.screens]
    assert told.count(toast) == 1
    assert {reply.toast for reply in replies} == {""}


async def test_cancel_delivered_again_leaves_the_next_dialogue_alone(meet: Meet) -> None:
    """R3: a command is an input without a view, and takes effect once."""
    hoa = meet()
    await hoa.command("dangky")
    await hoa.say(Command("huy", ""), event="901")
    await hoa.command("dangky")
    await hoa.tap("Đồng ý")

    await hoa.say(Command("huy", ""), event="901")

    now = Instant(hoa.clock.now())
    visitor = await hoa.desk.people.visit(_sender(hoa), hoa.id, now)
    assert visitor.dialogue.name == "registration"


async def test_correcting_one_field_leads_back_to_the_summary(meet: Meet) -> None:
    hoa = meet()
    await _bring_to(hoa, "summary")
    await hoa.tap("Sửa số điện thoại")

    await hoa.text("quay lại")

    assert "Đúng, hoàn tất" in hoa.labels


async def test_consent_is_recorded_with_the_text_that_was_read(meet: Meet, store: Any) -> None:
    """The text changes between reading and confirming: the version read is the one kept."""
    hoa = meet()
    await _bring_to(hoa, "summary")
    read = hoa.desk.customs.consent_version
    hoa.desk.customs = replace(hoa.desk.customs, consent_version="later")

    await hoa.tap("Đúng, hoàn tất")

    assert await _rows(store, f"consent WHERE text_version = '{read}'") == 1


async def test_practice_button_beyond_a_shortened_practice_shows_the_end(meet: Meet) -> None:
    hoa = meet()
    await hoa.command("luyentap")
    beyond = hoa.desk.customs.practice_size + 2

    button = PracticeButton(1, beyond, 3, 0)
    await hoa.say(Tap(hoa.desk.contest.signer.write(button, _sender(hoa))))

    assert "Kết thúc luyện tập" in hoa.screen.text


@pytest.mark.parametrize("seed", range(8))
async def test_t05_two_devices_of_one_account_share_the_attempt(
    meet: Meet, store: Any, seed: int
) -> None:
    chance = random.Random(seed)
    phone = meet()
    await phone.register()
    await phone.open_paper()
    tablet = meet(id=phone.id)
    await tablet.command("thi")
    taken: set[str] = set()

    for _ in range(40):
        device = chance.choice([phone, tablet])
        label = chance.choice([one for one in device.labels if one != "Nộp bài"] or ["A"])
        data = device.button(label).data
        reply = await device.say(Tap(data))
        # A view takes one tap; a device that lags behind is shown the present view, without
        # words where it asks for what was done.
        taken |= set() if reply.toast else {data}

    assert await _rows(store, "transition") == len(taken)
    await phone.command("thi")
    await tablet.command("thi")
    assert _without_time(phone.screen.text) == _without_time(tablet.screen.text)


async def test_t37_names_are_shown_as_typed_or_refused_with_the_reason(meet: Meet) -> None:
    hoa = meet(name="<b>Kẻ & Gian</b>")
    await hoa.command("dangky")
    await hoa.tap("Đồng ý")
    await hoa.text("0912345678")
    for name in ["<b>đậm</b>", "*_[x](tg://user?id=1)", "&lt;", "e" + "\u0301" * 10_000, "😀 😀"]:
        reply = await hoa.text(name)
        assert "Họ tên chỉ gồm chữ cái" in reply.screens[0].text

    await hoa.text("Nguye\u0302\u0303n Thị Hoa")

    assert "Năm sinh" in hoa.screen.text


STATES = [
    "stranger",
    "consent",
    "phone",
    "name",
    "born",
    "guardian",
    "unit",
    "audience",
    "summary",
    "home",
    "question",
    "prediction",
    "paper_summary",
    "ended",
    "closed",
]
INPUTS = {
    "text": Text("xin chào"),
    "long": Text("á" * 4096),
    "empty": Text("\u200b"),
    "letter": Text("a"),
    "number": Text("7"),
    "huge": Text("9" * 300),
    "html": Text("<b>&"),
    "sticker": Attachment(),
    "contact": SharedContact("84900000001", is_own=True),
    "foreign_contact": SharedContact("abc", is_own=False),
    "garbage_tap": Tap("!!!"),
    "empty_tap": Tap(""),
    "start": Command("start", ""),
    "deep_link": Command("start", "NO-SUCH-UNIT"),
    **{
        name: Command(name, "")
        for name in [
            "dangky",
            "thi",
            "luyentap",
            "ketqua",
            "thele",
            "dulieu",
            "trogiup",
            "huy",
            "la",
        ]
    },
}


@pytest.mark.parametrize("state", STATES)
async def test_every_state_answers_every_kind_of_input(meet: Meet, state: str) -> None:
    for content in INPUTS.values():
        person = meet()
        await _bring_to(person, state)

        reply = await person.say(content)

        assert reply.screens or reply.toast, (state, content)
        for screen in reply.screens:
            assert 0 < len(screen.text) <= 4096
            assert all(len(one.data.encode()) <= 64 for row in screen.buttons for one in row)


async def test_cancel_leaves_every_dialogue_step(meet: Meet) -> None:
    for state in ["consent", "phone", "name", "born", "guardian", "unit", "audience", "summary"]:
        person = meet()
        await _bring_to(person, state)

        await person.command("huy")

        assert "Đăng ký dự thi" in person.labels, state


async def test_back_leads_from_the_summary_to_the_way_out(meet: Meet) -> None:
    person = meet()
    await _bring_to(person, "audience")
    seen = []

    for _ in range(6):
        await person.text("quay lại")
        seen.append(re.sub(r"<[^>]+>", "", person.screen.text).split("\n")[0])

    assert seen == [
        "Bước 4/4. Đơn vị",
        "Người giám hộ",
        "Bước 3/4. Năm sinh",
        "Bước 2/4. Họ và tên",
        "Bước 1/4. Số điện thoại",
        "Trước khi đăng ký",
    ]


PAPER_STATES = ("home", "question", "prediction", "paper_summary", "ended")


async def _bring_to(person: Any, state: str) -> None:
    phone = f"8491{int(person.id):07d}"
    if state == "closed":
        await _bring_to(person, "question")
        person.clock.wait(16 * 60_000)
    elif state in PAPER_STATES:
        await person.register(phone)
        steps = [
            person.open_paper,
            person.answer_all,
            lambda: person.tap("Bỏ qua dự đoán ▶"),
            lambda: person.tap("Nộp bài"),
        ]
        for step in steps[: PAPER_STATES.index(state)]:
            await step()
    elif state != "stranger":
        await _bring_into_registration(person, state, phone)


async def _bring_into_registration(person: Any, state: str, phone: str) -> None:
    steps = {
        "consent": lambda: person.command("dangky"),
        "phone": lambda: person.tap("Đồng ý"),
        "name": lambda: person.share_phone(phone),
        "born": lambda: person.text("Trần Thị Bích"),
        "guardian": lambda: person.text("2012"),
        "unit": lambda: person.text("0987654321"),
        "audience": lambda: _choose_unit(person),
        "summary": lambda: person.tap("Học sinh"),
    }
    for reached, step in steps.items():
        await step()
        if reached == state:
            return


async def _choose_unit(person: Any) -> None:
    await person.text("thcs")
    await person.tap("Trường THCS Phú Lương")


async def _rows(store: Any, table: str) -> int:
    from sqlalchemy import text  # noqa: PLC0415 (tests look behind the door)

    counted = text(f"SELECT count(*) FROM {table}")  # noqa: S608 (our own names)
    return int(await store.database.read(lambda one: one.execute(counted).scalar()))


def _sender(person: Any) -> Any:
    from handlers.records import Sender  # noqa: PLC0415

    return Sender("tg", person.id)


def _without_time(text: str) -> str:
    return re.sub(r"\d\d:\d\d", "", text)
