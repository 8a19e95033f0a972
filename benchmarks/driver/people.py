"""One person of the driver: what he sees, what he waits for, and the updates he makes.

Updates are bytes in which only ids and what is pressed are patched; the message that a tap
carries is the very one that the last call was answered with.
"""

from dataclasses import dataclass, field

from benchmarks.driver.calls import Call
from benchmarks.driver.screens import Screen, Seen
from benchmarks.driver.walks import Step

_QUERY_BASE = 43_815_000_000_000_000
_BOT = b'{"id":123456,"is_bot":true,"first_name":"Bench","username":"bench_bot"}'
_ENTITIES = (
    b',"entities":[{"offset":0,"length":8,"type":"bold"},{"offset":22,"length":5,"type":"bold"}]'
)


@dataclass(slots=True, eq=False)
class Person:
    """`message` is the JSON of the live message, `markup` and `text` are parts of it.

    While `step` is set, an update of his is under way: `posts` deliveries are not answered yet.
    """

    id: int
    name: bytes
    seen: Seen | None = None
    screen: Screen | None = None
    message_id: int = 0
    message: bytes = b""
    text: bytes = b""
    markup: bytes = b""
    publish: tuple[bytes, str] | None = None
    next_message: int = 1
    step: Step | None = None
    is_shown: bool = False
    posts: int = 0
    due: float = 0.0
    letter: int = 0
    papers: int = 0
    calls: int = field(default=0)

    @property
    def user(self) -> bytes:
        parts = (self.id, self.name)
        return b'{"id":%d,"is_bot":false,"first_name":"%b","language_code":"vi"}' % parts


def message_json(person: Person, call: Call, message_id: int, date: int) -> bytes:
    """The full `Message` that a call made, as the Bot API answers it."""
    text, markup = bytes(call.text), bytes(call.reply_markup)
    is_inline = markup.startswith(b'{"inline')
    return b"".join(
        (
            b'{"message_id":%d,"from":%b,"chat":{"id":%d,"first_name":"%b","type":"private"},'
            % (message_id, _BOT, person.id, person.name),
            b'"date":%d,"edit_date":%d,"text":' % (date, date),
            text or person.text or b'""',
            _ENTITIES,
            b',"reply_markup":' + markup if is_inline else b"",
            b"}",
        )
    )


def tap_update(person: Person, number: int, message: bytes, data: str) -> bytes:
    """A `callback_query` update; its query id is `query_id(number)`."""
    return (
        b'{"update_id":%d,"callback_query":{"id":"%d","from":%b,"message":%b,'
        b'"chat_instance":"-3422838291289","data":"%b"}}'
        % (number, _QUERY_BASE + number, person.user, message, data.encode())
    )


def text_update(person: Person, number: int, text: str) -> bytes:
    is_command = text.startswith("/")
    length = len(text.partition(" ")[0])
    entities = (
        b',"entities":[{"offset":0,"length":%d,"type":"bot_command"}]' % length
        if is_command
        else b""
    )
    return b'{"update_id":%d,"message":%b,"text":"%b"%b}}' % (
        number,
        _message_head(person),
        text.encode(),
        entities,
    )


def contact_update(person: Person, number: int) -> bytes:
    """The person's own contact; the phone number follows from the id."""
    return b'{"update_id":%d,"message":%b,"contact":{"phone_number":"8491%07d",%b}}}' % (
        number,
        _message_head(person),
        person.id % 10_000_000,
        b'"first_name":"%b","user_id":%d' % (person.name, person.id),
    )


def number_of(query_id: str) -> int:
    """The update's number behind a query id of ours.

    Raises:
        ValueError: not a number.
    """
    return int(query_id) - _QUERY_BASE


def _message_head(person: Person) -> bytes:
    person.next_message += 1
    return (
        b'{"message_id":%d,"from":%b,"chat":{"id":%d,"first_name":"%b","type":"private"},'
        b'"date":1765332000' % (person.next_message, person.user, person.id, person.name)
    )
