"""The web doors of one-time links, put together; and the address that links begin with.

In a rehearsal that is this machine's own port, so that everything can be tried by hand.
"""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.environment import Environment
from bot.file_works import works_of
from bot.house import House
from bot.scratch import Scratch
from handlers.link_visits import LinkVisits
from web.allowance import Allowance
from web.file_links import LinkDoors
from web.link_pages import LinkPages


def link_doors(house: House, environment: Environment, scratch: Scratch) -> LinkDoors:
    desk = house.desk
    works = works_of(house, environment, scratch)
    visits = LinkVisits(desk.office, house.clock, works)
    prefix = urlsplit(desk.office.public_url).path
    pages = LinkPages(desk.catalogue, desk.rendering, prefix)
    return LinkDoors(visits, pages, Allowance(asyncio.get_running_loop().time))


def address_of_links(house: House, environment: Environment, bound: socket.socket) -> str:
    """Where browsers reach us; "" where nobody has said: links are not offered then."""
    if environment.public_url or not house.is_rehearsal:
        return environment.public_url
    host, port = bound.getsockname()[:2]
    address = ip_address(host)
    host = "127.0.0.1" if address.is_unspecified else str(host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
