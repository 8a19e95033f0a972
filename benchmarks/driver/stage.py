"""The stage: people on one side, the Bot API on the other, one bot between them.

Decides when an update is done: each delivery answered, and the expected screen shown. Whose turn
comes when is `driver.regimes`; what one does at a screen `driver.walks`.
"""

import asyncio
import time
from collections.abc import Callable

import msgspec

from benchmarks.driver.calls import Call, read_call
from benchmarks.driver.counts import Acknowledgements, Counts
from benchmarks.driver.limits import Limits
from benchmarks.driver.people import (
    Person,
    contact_update,
    message_json,
    number_of,
    tap_update,
    text_update,
)
from benchmarks.driver.screens import Reader, Seen
from benchmarks.driver.walks import Does, Step, Walk
from benchmarks.driver.webhook import Webhook

_OK = 200
_TRUE = b"true"
_DATE = 1_765_332_000
_NOT_MODIFIED = (
    b'{"ok":false,"error_code":400,"description":"Bad Request: message is not modified: specified'
    b" new message content and reply markup are exactly the same as a current content and reply"
    b' markup of the message"}'
)
_TOO_MANY = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 2",'
    b'"parameters":{"retry_after":2}}'
)
_ME = (
    b'{"id":123456,"is_bot":true,"first_name":"Bench","username":"bench_bot",'
    b'"can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false}'
)
_SHOWS = {b"sendMessage", b"editMessageText"}

Done = Callable[[Person], None]


class Stage:
    """All people of a run and what they share."""

    def __init__(self, labels: dict[str, str]) -> None:
        self.labels = labels
        self.reader = Reader(labels)
        self.people: dict[int, Person] = {}
        self.counts = Counts()
        self.acks = Acknowledgements()
        self.done: Done = lambda _: None
        self.seen: Done = lambda _: None
        self.delay_s = 0.0
        self.twice = 0.0
        """The share of updates that are delivered a second time."""
        self.webhook: Webhook | None = None
        self.is_heard = asyncio.Event()
        self.texts: list[bytes] | None = None
        self.limits: Limits | None = None
        """None: messages come as fast as the bot likes."""
        self._owed = 0.0
        self.first_notice_at = self.notice_at = 0.0

    def act(self, person: Person, walk: Walk) -> bool:
        """Let a person do the next step of his walk; False: the walk ends at this screen."""
        seen = Seen.PUBLISH if person.publish is not None and Seen.PUBLISH in walk else person.seen
        step = walk.get(seen)
        if step is None:
            return False
        person.step, person.is_shown = step, False
        number = self.acks.deliver(is_query=step.does in {Does.LETTER, Does.DOOR})
        body = self._update(person, step, number)
        self.counts.updates += 1
        self._deliver(person, body)
        self._owed += self.twice
        if self._owed >= 1:
            self._owed -= 1
            self.acks.deliver_again(number)
            self._deliver(person, body)
        return True

    def _deliver(self, person: Person, body: bytes) -> None:
        if self.webhook is None:
            raise RuntimeError("the bot has set no webhook")
        person.posts += 1
        if person.step is not None and person.step.does is Does.LETTER:
            self.counts.tap_deliveries += 1
        self.webhook.post(body, lambda status, answer: self._answered(person, status, answer))

    def _update(self, person: Person, step: Step, number: int) -> bytes:
        if step.does is Does.LETTER:
            self.counts.tapped += 1
            letters = person.screen.letters if person.screen is not None else ()
            # Never the letter of before: what follows at once must not be taken for a double tap.
            person.letter = (person.letter + 1 + number % 3) % 4
            return tap_update(person, number, person.message, letters[person.letter])
        if step.does is Does.DOOR:
            return self._door(person, step, number)
        if step.does is Does.CONTACT:
            return contact_update(person, number)
        return text_update(person, number, step.what)

    def _door(self, person: Person, step: Step, number: int) -> bytes:
        if person.publish is not None and step.what == "publish_yes":
            message, data = person.publish
            return tap_update(person, number, message, data)
        if step.what == "begin":
            self.counts.papers += 1
        doors = {} if person.screen is None else person.screen.doors or {}
        return tap_update(person, number, person.message, doors[self.labels[step.what]])

    def _answered(self, person: Person, status: int, answer: bytes) -> None:
        person.posts -= 1
        if status != _OK:
            self.counts.fail(f"webhook {status}")
        elif len(answer) > 2:  # noqa: PLR2004 ("{}" and "ok" are no calls)
            self._take_hooked(answer)
        self._settle(person)

    def _take_hooked(self, answer: bytes) -> None:
        """A call that stands in a webhook's answer."""
        try:
            call = read_call(answer, is_form=False)
        except msgspec.MsgspecError:
            return
        if call.method == "answerCallbackQuery":
            self.counts.hook_acks += 1
            self._acknowledge(call)
        elif call.method:
            self._show(call.method.encode(), call)

    def take(self, method: bytes, body: bytes, is_form: bool) -> bytes:  # noqa: FBT001 (a fact of the message)
        """One call of the bot, and its result."""
        try:
            call = read_call(body, is_form)
        except (msgspec.MsgspecError, ValueError):
            self.counts.fail(f"call {method.decode(errors='replace')}")
            return b'{"ok":false,"error_code":400,"description":"Bad Request"}'
        self.counts.calls += 1
        if method in _SHOWS:
            return self._show(method, call)
        if method == b"answerCallbackQuery":
            self._acknowledge(call)
        elif method == b"setWebhook":
            self.webhook = Webhook(call.url, call.secret_token, call.max_connections)
            self.is_heard.set()
        elif method == b"getMe":
            return _ME
        return _TRUE

    def _acknowledge(self, call: Call) -> None:
        try:
            is_known = self.acks.acknowledge(number_of(call.callback_query_id))
        except ValueError:
            is_known = False
        if not is_known:
            self.counts.fail("unknown query")

    def _show(self, method: bytes, call: Call) -> bytes:
        """A message sent or edited: the person sees it."""
        person = self.people.get(call.chat_id)
        if person is None:
            self.counts.fail("unknown chat")
            return b'{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}'
        text, markup = bytes(call.text), bytes(call.reply_markup)
        is_edit = method == b"editMessageText"
        if person.step is not None and person.step.does is Does.LETTER:
            self.counts.tap_calls += 1
        is_live = is_edit and call.message_id == person.message_id
        if is_live and (text, markup) == (person.text, person.markup):
            self.counts.not_modified += 1
            return _NOT_MODIFIED
        if not is_edit:
            if person.step is None and self._is_refused(person):
                return _TOO_MANY
            person.next_message += 1
            self._note_notice(person)
        message_id = call.message_id if is_edit else person.next_message
        message = message_json(person, call, message_id, _DATE)
        self._see(person, message_id, message, (text, markup))
        return message

    def _is_refused(self, person: Person) -> bool:
        if self.limits is None:
            return False
        self.counts.too_soon += self.limits.is_broken(person.id, time.monotonic())
        is_refused = self.limits.is_refused()
        self.counts.limited += is_refused
        return is_refused

    def _note_notice(self, person: Person) -> None:
        """A message that answers nothing: what it is worth is when the first and last came."""
        if person.step is not None:
            return
        self.counts.notices += 1
        self.notice_at = time.monotonic()
        self.first_notice_at = self.first_notice_at or self.notice_at

    def _see(
        self, person: Person, message_id: int, message: bytes, parts: tuple[bytes, bytes]
    ) -> None:
        text, markup = parts
        screen = self.reader.read(markup)
        step = person.step
        if screen.seen is Seen.PUBLISH and screen.doors is not None:
            person.publish = (message, screen.doors[self.labels["publish_yes"]])
            return
        if step is None or screen.seen not in step.expects or person.is_shown:
            self._see_unasked(person, message_id, message, parts)
            return
        if step.what == "publish_yes":
            person.publish = None
        elif markup == person.markup and screen.seen is not Seen.BARE:
            return
        else:
            person.seen, person.screen, person.message_id = screen.seen, screen, message_id
            person.message, person.text, person.markup = message, text, markup
            if self.texts is not None and screen.letters:
                self.texts.append(message)
        person.is_shown = True
        self.seen(person)
        self._settle(person)

    def _see_unasked(
        self, person: Person, message_id: int, message: bytes, parts: tuple[bytes, bytes]
    ) -> None:
        """What nobody waited for: the live message as a second delivery shows it again."""
        if message_id == person.message_id:
            person.message, (person.text, person.markup) = message, parts
            person.screen = self.reader.read(person.markup)
            person.seen = person.screen.seen

    def _settle(self, person: Person) -> None:
        step = person.step
        if step is None or not person.is_shown or person.posts:
            return
        person.step = None
        if step.does is Does.LETTER:
            self.counts.taps += 1
        self.done(person)
