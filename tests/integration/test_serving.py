"""How gunicorn serves: whoever begins a request and falls silent does not hold a thread for ever."""

from __future__ import annotations

import logging
import socket
import struct
import sys
from types import SimpleNamespace

import pytest

from app import serving


@pytest.fixture
def listener() -> socket.socket:
    made = socket.create_server(("127.0.0.1", 0))
    server = SimpleNamespace(
        LISTENERS=[SimpleNamespace(sock=made)], log=SimpleNamespace(error_log=logging.Logger("gunicorn.error"))
    )
    serving.when_ready(server)
    return made


def test_a_connection_inherits_the_patience_of_its_door(listener: socket.socket) -> None:
    """Sixteen phones that lost their network would else hold every thread until somebody restarts the office."""
    with listener, socket.create_connection(listener.getsockname()) as client:
        client.sendall(b"POST /lapor HTTP/1.1\r\nContent-Length: 100000\r\n\r\na=")
        accepted, _address = listener.accept()
        with accepted:
            accepted.setblocking(True)  # as gunicorn leaves it
            seconds, _micro = struct.unpack("ll", accepted.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, 16))
            assert 5 <= seconds <= 30


def test_patience_that_ran_out_fills_no_log() -> None:
    try:
        raise BlockingIOError
    except BlockingIOError:
        silent = logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, "Socket error", (), sys.exc_info())
    fault = logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, "Worker failed", (), None)
    assert (serving._is_fault(silent), serving._is_fault(fault)) == (False, True)
