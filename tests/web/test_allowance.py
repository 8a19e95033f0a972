"""How much one address may ask, and whose address a request has."""

import pytest
from aiohttp.test_utils import make_mocked_request

from web.allowance import BURST, PER_S, Allowance, address_of


class Hand:
    def __init__(self) -> None:
        self.at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def test_a_bucket_empties_and_fills_by_the_second():
    clock = Hand()
    allowance = Allowance(clock)

    first = [allowance.take("a") for _ in range(BURST + 1)]
    clock.at_s = 1.0
    second = [allowance.take("a") for _ in range(int(PER_S) + 1)]
    clock.at_s = 10_000.0
    third = [allowance.take("a") for _ in range(BURST + 1)]

    assert first == [True] * BURST + [False]
    assert second == [True] * int(PER_S) + [False]
    assert third == first


def test_addresses_do_not_share_and_the_table_is_bounded():
    allowance = Allowance(Hand())
    for _ in range(BURST):
        allowance.take("busy")

    for number in range(20_000):
        assert allowance.take(f"a{number}")

    assert len(allowance._left) == 10_000


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "198.51.100.1", "8.8.8.8"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "10.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("::1", "198.51.100.1 ", "198.51.100.1"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.1.1.1,", "127.0.0.1"),
    ],
)
def test_whose_address_a_request_has(remote: str, forwarded: str, address: str):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("GET", "/l/x", headers=headers).clone(remote=remote)

    assert address_of(request) == address
