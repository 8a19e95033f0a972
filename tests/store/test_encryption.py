import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.encryption import BoxError, Vault

VAULT = Vault(bytes(32))


@given(st.binary(max_size=200))
def test_a_box_opens_where_it_was_sealed(plain: bytes):
    box = VAULT.seal(plain, "participant.name", 7)

    assert VAULT.unseal(box, "participant.name", 7) == plain
    assert len(box) == len(plain) + 29


@pytest.mark.parametrize(
    ("place", "row"),
    [("participant.phone", 7), ("participant.name", 8), ("participant.nam", "e.7")],
)
def test_a_box_moved_elsewhere_does_not_open(place: str, row: int):
    box = VAULT.seal(b"x", "participant.name", 7)

    with pytest.raises(BoxError):
        VAULT.unseal(box, place, row)


@pytest.mark.parametrize("at", [0, 1, 13, -1])
def test_t50_a_flipped_byte_does_not_open(at: int):
    box = bytearray(VAULT.seal(b"plain", "participant.name", 7))
    box[at] ^= 1

    with pytest.raises(BoxError):
        VAULT.unseal(bytes(box), "participant.name", 7)


@pytest.mark.parametrize("box", [b"", b"\x01", b"\x01" + bytes(5)])
def test_too_few_bytes_do_not_open(box: bytes):
    with pytest.raises(BoxError):
        VAULT.unseal(box, "participant.name", 7)


def test_another_key_opens_nothing_and_finds_nothing():
    other = Vault(bytes(31) + b"\x01")

    with pytest.raises(BoxError):
        other.unseal(VAULT.seal(b"x", "a.b", 1), "a.b", 1)
    assert other.index("phone", "1") != VAULT.index("phone", "1")
    assert other.check_value != VAULT.check_value


def test_an_index_is_equal_for_equal_texts_of_one_kind():
    assert VAULT.index("phone", "1") == VAULT.index("phone", "1")
    assert VAULT.index("phone", "1") != VAULT.index("identity", "1")


def test_a_short_data_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(bytes(31))
