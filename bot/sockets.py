"""Sockets of the web door: bound here, or handed over by the process that keeps the workers."""

import errno
import socket

from bot.environment import Environment
from bot.problems import stop


def door_socket(environment: Environment) -> socket.socket:
    """The socket to answer at: a worker's is its keeper's, already listening."""
    if environment.worker is not None:
        return socket.socket(fileno=environment.worker.socket)
    return bind(environment)


def bind(environment: Environment) -> socket.socket:
    """The web door's socket; a rehearsal takes the next free port where none was asked for."""
    family = socket.AF_INET6 if ":" in environment.bind_host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((environment.bind_host, environment.bind_port))
    except socket.gaierror as error:
        bound.close()
        raise stop("BIND", "bind_host", found=environment.bind_host) from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            bound.close()
            raise stop("BIND", "bind_host", found=environment.bind_host) from error
        if environment.is_bind_given or not environment.is_rehearsal:
            bound.close()
            raise stop("BIND", "port_taken", found=environment.bind_port) from error
        bound.bind((environment.bind_host, 0))
    return bound


def free_port(wanted: int) -> int:
    """The wanted port, or 0 (any) where it is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted
