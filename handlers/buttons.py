"""What buttons carry: signed data that fits one person, one contest, one view or step (FAULTS R6).

A keyboard is never proof: what a button asks for is checked again when it is pressed. Every form
is `base64url(payload ‖ MAC)`, the MAC over contest id, sender and payload, cut to 8 bytes.
"""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from hashlib import sha256

from handlers.records import Sender
from scoring.attempt import Act

MAC_BYTES = 8
_BLOCK = 64
_INNER_PAD = bytes(each ^ 0x36 for each in range(256))
_OUTER_PAD = bytes(each ^ 0x5C for each in range(256))
_PAPER = struct.Struct(">BQHBh")  # form, attempt, view, act, choice or place (-1: none)
_DIALOGUE = struct.Struct(">BBI")  # form, dialogue, step; then the choice in UTF-8
_PRACTICE = struct.Struct(">BIBBb")  # form, seed, place, right answers so far, choice (-1: none)

_PAPER_FORM, _DIALOGUE_FORM, _PRACTICE_FORM, _PLAIN_FORM = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class PaperButton:
    attempt: int
    view: int
    act: Act
    choice: int | None = None


@dataclass(frozen=True, slots=True)
class DialogueButton:
    """`dialogue` is a number of `handlers.registration.DIALOGUES`; `choice` at most 34 bytes."""

    dialogue: int
    step: int
    choice: str


@dataclass(frozen=True, slots=True)
class PracticeButton:
    """Practice carries its whole state: nothing of it is stored."""

    seed: int
    place: int
    correct: int
    choice: int | None


@dataclass(frozen=True, slots=True)
class PlainButton:
    """A door to a screen: pressing it twice does no harm."""

    name: str
    argument: str = ""


AnyButton = PaperButton | DialogueButton | PracticeButton | PlainButton


class ButtonSigner:
    """Writes and reads button data for one contest."""

    __slots__ = ("_begun", "_begun_for", "_inner", "_outer")

    def __init__(self, key: bytes, contest: bytes) -> None:
        # HMAC-SHA-256 (RFC 2104) with both key blocks hashed once: a paper has eight buttons, and
        # setting up a fresh HMAC for each costs more than all else that a tap decides.
        block = (key if len(key) <= _BLOCK else sha256(key).digest()).ljust(_BLOCK, b"\0")
        self._inner = sha256(block.translate(_INNER_PAD) + contest)
        self._outer = sha256(block.translate(_OUTER_PAD))
        self._begun_for: Sender | None = None
        self._begun = self._inner

    def write(self, button: AnyButton, sender: Sender) -> str:
        payload = _payload(button)
        signed = payload + self._mac(payload, sender)
        return _encoded(signed)

    def read(self, data: str, sender: Sender) -> AnyButton | None:
        """The button behind `data`; None: not ours, of another contest, or of another person."""
        try:
            signed = base64.b64decode(data + "=" * (-len(data) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        payload, mac = signed[:-MAC_BYTES], signed[-MAC_BYTES:]
        if _encoded(signed) != data:  # base64 has spare bits: one spelling only
            return None
        if not payload or not hmac.compare_digest(mac, self._mac(payload, sender)):
            return None
        return _button(payload)

    def _mac(self, payload: bytes, sender: Sender) -> bytes:
        if sender is not self._begun_for:
            # A keyboard's buttons are all one person's.
            begun = self._inner.copy()
            begun.update(f"{sender.channel}:{sender.id}\n".encode())
            self._begun, self._begun_for = begun, sender
        inner, outer = self._begun.copy(), self._outer.copy()
        inner.update(payload)
        outer.update(inner.digest())
        return outer.digest()[:MAC_BYTES]


def _encoded(signed: bytes) -> str:
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode("ascii")


def _payload(button: AnyButton) -> bytes:
    match button:
        case PaperButton(attempt, view, act, choice):
            return _PAPER.pack(_PAPER_FORM, attempt, view, act, -1 if choice is None else choice)
        case DialogueButton(dialogue, step, choice):
            return _DIALOGUE.pack(_DIALOGUE_FORM, dialogue, step) + choice.encode()
        case PracticeButton(seed, place, correct, choice):
            marked = -1 if choice is None else choice
            return _PRACTICE.pack(_PRACTICE_FORM, seed, place, correct, marked)
        case PlainButton(name, argument):
            return bytes([_PLAIN_FORM]) + f"{name} {argument}".rstrip().encode()


def _button(payload: bytes) -> AnyButton | None:
    """The button of a payload whose MAC held: of our own making, so its form is trusted."""
    form = payload[0]
    if form == _PAPER_FORM:
        _, attempt, view, act, choice = _PAPER.unpack(payload)
        return PaperButton(attempt, view, Act(act), None if choice < 0 else choice)
    if form == _DIALOGUE_FORM:
        _, dialogue, step = _DIALOGUE.unpack_from(payload)
        return DialogueButton(dialogue, step, payload[_DIALOGUE.size :].decode())
    if form == _PRACTICE_FORM:
        _, seed, place, correct, marked = _PRACTICE.unpack(payload)
        return PracticeButton(seed, place, correct, None if marked < 0 else marked)
    if form == _PLAIN_FORM:
        name, _, argument = payload[1:].decode().partition(" ")
        return PlainButton(name, argument)
    return None
