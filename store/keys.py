"""Keys for uses outside the store, derived from the data key by HKDF-SHA-256 like its own."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def button_key(data_key: bytes) -> bytes:
    """The key of the MACs in callback data (FAULTS R6)."""
    return _derived(data_key, b"hoithi.v1/buttons")


def log_key(data_key: bytes) -> bytes:
    """The key of the names that chats have in logs (FAULTS T42)."""
    return _derived(data_key, b"hoithi.v1/logs")


def _derived(data_key: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(data_key)
