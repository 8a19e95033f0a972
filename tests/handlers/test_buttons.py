import base64
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.buttons import (
    AnyButton,
    ButtonSigner,
    DialogueButton,
    PaperButton,
    PlainButton,
    PracticeButton,
)
from handlers.records import Sender
from scoring.attempt import Act

KEY, CONTEST = bytes(range(32)), b"contest-of-16-by"
SIGNER = ButtonSigner(KEY, CONTEST)
HOA = Sender("tg", "5012345678")
PLATFORM_LIMIT = 64

# What the dialogues offer: unit codes, block and audience ids, pages.
choices = st.from_regex(r"[A-Za-z0-9_=-]{0,34}", fullmatch=True)
papers = st.builds(
    PaperButton,
    st.integers(1, 2**64 - 1),
    st.integers(1, 2**16 - 1),
    st.sampled_from(Act),
    st.none() | st.integers(0, 62),
)
dialogues = st.builds(DialogueButton, st.integers(0, 255), st.integers(0, 2**32 - 1), choices)
practices = st.builds(
    PracticeButton,
    st.integers(0, 2**32 - 1),
    st.integers(0, 255),
    st.integers(0, 255),
    st.none() | st.integers(0, 4),
)
plains = st.builds(
    PlainButton,
    st.from_regex(r"[a-z_]{1,12}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_-]{0,20}", fullmatch=True),
)
buttons = papers | dialogues | practices | plains
senders = st.builds(
    Sender,
    st.sampled_from(["tg", "web", "zo", "zb"]),
    st.integers(0, 2**52).map(str),
)


@settings(deadline=None)
@given(buttons, senders)
def test_button_round_trip(button: AnyButton, sender: Sender):
    data = SIGNER.write(button, sender)

    assert SIGNER.read(data, sender) == button
    assert len(data.encode()) <= PLATFORM_LIMIT


@settings(deadline=None)
@given(papers, senders)
def test_paper_button_is_30_characters(button: PaperButton, sender: Sender):
    assert len(SIGNER.write(button, sender)) == 30


@pytest.mark.parametrize(
    ("button", "length"),
    [
        pytest.param(DialogueButton(1, 2**32 - 1, "X" * 20), 46, id="longest unit code"),
        pytest.param(
            DialogueButton(1, 2**32 - 1, "unit=" + "X" * 20), 52, id="with a field's name"
        ),
        pytest.param(DialogueButton(1, 2**32 - 1, "X" * 34), 64, id="longest choice"),
        pytest.param(PlainButton("register", "X" * 20), 51, id="door with the longest unit code"),
        pytest.param(PracticeButton(2**32 - 1, 255, 255, 4), 22, id="practice"),
    ],
)
def test_button_length(button: AnyButton, length: int):
    assert len(SIGNER.write(button, HOA)) == length


@settings(deadline=None)
@given(buttons, st.data())
def test_t04_any_flipped_bit_is_refused(button: AnyButton, data: st.DataObject):
    written = SIGNER.write(button, HOA)
    at = data.draw(st.integers(0, len(written) - 1))
    bit = data.draw(st.integers(0, 6))
    spoilt = written[:at] + chr(ord(written[at]) ^ (1 << bit)) + written[at + 1 :]

    assert SIGNER.read(spoilt, HOA) is None


@settings(deadline=None)
@given(buttons, st.data())
def test_t04_any_flipped_bit_of_the_bytes_is_refused(button: AnyButton, data: st.DataObject):
    written = SIGNER.write(button, HOA)
    signed = bytearray(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
    signed[data.draw(st.integers(0, len(signed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    spoilt = base64.urlsafe_b64encode(signed).rstrip(b"=").decode()

    assert SIGNER.read(spoilt, HOA) is None


@settings(deadline=None)
@given(buttons, senders, senders)
def test_t04_button_of_another_person_is_refused(button: AnyButton, sender: Sender, other: Sender):
    data = SIGNER.write(button, sender)

    assert SIGNER.read(data, other) == (button if other == sender else None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(Sender("tg", "1"), Sender("web", "1"), id="same id elsewhere"),
        pytest.param(Sender("tg", "1"), Sender("tg", "11"), id="longer id"),
        pytest.param(Sender("tg", "1"), Sender("tg", "1\n"), id="id with a line's end"),
    ],
)
def test_t04_button_belongs_to_channel_and_id(one: Sender, other: Sender):
    data = SIGNER.write(PlainButton("home"), one)

    assert SIGNER.read(data, other) is None


@settings(deadline=None)
@given(buttons, st.binary(max_size=100))
def test_mac_is_hmac_sha_256_cut_to_eight_bytes(button: AnyButton, key: bytes):
    """RFC 2104, whatever the key's length, beside the standard library's."""
    data = ButtonSigner(key, CONTEST).write(button, HOA)

    signed = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
    payload, mac = signed[:-8], signed[-8:]
    whole = CONTEST + b"tg:5012345678\n" + payload
    assert mac == hmac.digest(key, whole, "sha256")[:8]


@settings(deadline=None)
@given(buttons)
def test_t04_button_of_another_contest_is_refused(button: AnyButton):
    data = SIGNER.write(button, HOA)

    assert ButtonSigner(KEY, b"another contest.").read(data, HOA) is None
    assert ButtonSigner(bytes(32), CONTEST).read(data, HOA) is None


@settings(deadline=None)
@given(buttons, st.integers(0, 63))
def test_t04_cut_button_is_refused(button: AnyButton, length: int):
    data = SIGNER.write(button, HOA)

    assert SIGNER.read(data[: min(length, len(data) - 1)], HOA) is None


@settings(deadline=None)
@given(buttons)
def test_button_has_one_spelling(button: AnyButton):
    data = SIGNER.write(button, HOA)

    others = {data + "=", data + "==", data + "A", f" {data}", f"{data}\n", data + "===="}

    assert {SIGNER.read(each, HOA) for each in others} == {None}


def test_button_in_the_other_base64_is_refused():
    written = [SIGNER.write(PaperButton(n, 1, Act.ANSWER, 0), HOA) for n in range(40)]
    others = [each.replace("-", "+").replace("_", "/") for each in written if set(each) & {*"-_"}]

    assert others != []
    assert {SIGNER.read(each, HOA) for each in others} == {None}


@settings(deadline=None)
@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{0,64}", fullmatch=True))
def test_t37_any_text_as_data_is_refused(data: str):
    assert SIGNER.read(data, HOA) is None


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_t37_any_bytes_as_data_are_refused(signed: bytes):
    data = base64.urlsafe_b64encode(signed).rstrip(b"=").decode()

    assert SIGNER.read(data, HOA) is None


def test_t42_button_data_show_no_person():
    data = SIGNER.write(PaperButton(1, 1, Act.ANSWER, 0), HOA)
    seen = base64.urlsafe_b64decode(data + "==")

    assert HOA.id.encode() not in seen
    assert HOA.id not in data


def test_signer_hides_its_key():
    assert str(KEY) not in repr(SIGNER)
