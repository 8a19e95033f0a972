"""Boxes for identity fields and secrets, and keyed hashes to search by.

Every key is derived from the data key by HKDF-SHA-256. A box is the key's id (one byte), a random
12-byte nonce and AES-256-GCM's bytes; where it stands (table, column, row) is bound into it, so
a box moved elsewhere does not open.
"""

import os

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from handlers.ports import HoithiError
from question_bank.canonical import mac

MIN_KEY_BYTES = 32
_KEY_ID = b"\x01"
_NONCE_BYTES = 12


class BoxError(HoithiError):
    """A box that does not open: another key, another place, or changed bytes."""


class Vault:
    """The keys that follow from one data key; shows none of them.

    Raises:
        ValueError: the data key is shorter than 32 bytes.
    """

    __slots__ = ("_boxes", "_check", "_index_key")

    def __init__(self, data_key: bytes) -> None:
        if len(data_key) < MIN_KEY_BYTES:
            raise ValueError(f"a data key has at least {MIN_KEY_BYTES} bytes")
        self._boxes = AESGCM(_derived(data_key, "boxes"))
        self._index_key = _derived(data_key, "blind-index")
        self._check = _derived(data_key, "check")

    @property
    def check_value(self) -> bytes:
        """Tells one data key from another and gives neither away."""
        return self._check

    def seal(self, plain: bytes, place: str, row: object) -> bytes:
        """A box for `place` (`table.column`) in the row of that key."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._boxes.encrypt(nonce, plain, _bound_to(place, row))
        return _KEY_ID + nonce + sealed

    def unseal(self, box: bytes, place: str, row: object) -> bytes:
        """What is in the box; BoxError when it does not open here."""
        if box[:1] != _KEY_ID:
            raise BoxError(f"{place}: a box of an unknown key")
        nonce, sealed = box[1 : 1 + _NONCE_BYTES], box[1 + _NONCE_BYTES :]
        try:
            return self._boxes.decrypt(nonce, sealed, _bound_to(place, row))
        except (InvalidTag, ValueError):
            raise BoxError(f"{place}: a box that does not open") from None

    def seal_json(self, value: object, place: str, row: object) -> bytes:
        return self.seal(orjson.dumps(value), place, row)

    def unseal_json(self, box: bytes, place: str, row: object) -> object:
        return orjson.loads(self.unseal(box, place, row))

    def index(self, kind: str, text: str) -> bytes:
        """A blind index: equal for equal texts, and nothing else can be told from it."""
        return mac(self._index_key, f"{kind}\n{text}".encode())


def _derived(data_key: bytes, use: str) -> bytes:
    derivation = HKDF(SHA256(), length=32, salt=None, info=f"hoithi.v1/store/{use}".encode())
    return derivation.derive(data_key)


def _bound_to(place: str, row: object) -> bytes:
    return f"{place}.{row}".encode()
