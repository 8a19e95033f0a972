"""Where links lead, and how the message that carries one is kept from being forwarded."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.environment import Environment
from bot.file_doors import address_of_links
from bot.platforms.telegram import encode, method_of
from handlers.reply import Button, Place, Screen


@pytest.mark.parametrize(
    ("public_url", "is_rehearsal", "bound", "address"),
    [
        ("https://bot.example.vn", False, ("127.0.0.1", 8080), "https://bot.example.vn"),
        ("https://bot.example.vn/hoi", True, ("127.0.0.1", 8080), "https://bot.example.vn/hoi"),
        ("", False, ("127.0.0.1", 8080), ""),
        ("", True, ("127.0.0.1", 8081), "http://127.0.0.1:8081"),
        ("", True, ("0.0.0.0", 8081), "http://127.0.0.1:8081"),  # noqa: S104 (what is bound)
        ("", True, ("::1", 8081, 0, 0), "http://[::1]:8081"),
        ("", True, ("192.168.1.5", 80), "http://192.168.1.5:80"),
    ],
)
def test_links_begin_where_browsers_reach_us(
    public_url: str, is_rehearsal: bool, bound: Any, address: str
):
    house: Any = SimpleNamespace(is_rehearsal=is_rehearsal)
    door: Any = SimpleNamespace(getsockname=lambda: bound)

    assert address_of_links(house, Environment(public_url=public_url), door) == address


def test_a_links_message_is_sent_protected_with_its_address():
    button = Button("Mở", url="https://bot.example.vn/l/x")
    screen = Screen("text", ((button,),), Place.BELOW, is_protected=True)

    payload = encode("7", screen)

    assert (method_of(screen), payload["protect_content"]) == ("sendMessage", True)
    assert payload["reply_markup"] == {"inline_keyboard": [[{"text": "Mở", "url": button.url}]]}
    assert payload["link_preview_options"] == {"is_disabled": True}
