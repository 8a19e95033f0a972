"""A contest's secrets (LEDGER §1): made once, kept in boxes, shown by nothing here.

No `repr` of them says what they are, and none goes into a log or an exception.
"""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Row

from question_bank.canonical import digest
from store.encryption import Vault

_BYTES = 32
_ED25519 = b"\x01"
_COLUMNS = ("seed", "bank_salt", "leaf_salt", "signing_key")


@dataclass(frozen=True, slots=True)
class ContestSecrets:
    """32 bytes each; `signing_key` is an Ed25519 private key."""

    seed: bytes = field(repr=False)
    bank_salt: bytes = field(repr=False)
    leaf_salt: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)


def make_secrets() -> ContestSecrets:
    return ContestSecrets(*(secrets.token_bytes(_BYTES) for _ in _COLUMNS))


def sealed_secrets(vault: Vault, contest_id: bytes, made: ContestSecrets) -> dict[str, object]:
    """The columns of `contest` that hold them."""
    row = contest_id.hex()
    return {
        f"{name}_box": vault.seal(getattr(made, name), f"contest.{name}", row) for name in _COLUMNS
    }


def unsealed_secrets(vault: Vault, row: Row[Any]) -> ContestSecrets:
    boxes = row._mapping  # noqa: SLF001 (the row's public mapping)
    found = (
        vault.unseal(boxes[f"{name}_box"], f"contest.{name}", row.id.hex()) for name in _COLUMNS
    )
    return ContestSecrets(*found)


def verifier_key(origin: str, signing_key: bytes) -> str:
    """The public half as heads are verified with (LEDGER §5): origin, key id, key."""
    private = Ed25519PrivateKey.from_private_bytes(signing_key)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key_id = digest(origin.encode() + b"\n" + _ED25519 + public)[:4]
    return f"{origin}+{key_id.hex()}+{base64.b64encode(_ED25519 + public).decode()}"
