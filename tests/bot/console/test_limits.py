"""What strangers send to the web server without end, slowly, or packed: refused in bounds, and everybody else is served.

A real server and raw sockets, since no well-behaved client sends such things.
"""

import gzip
import json
import socket
import threading
import time

import httpx
import pytest
import uvicorn

from bot.console import bodies
from tests.bot.console.test_api import key
from tests.fakes.bureau import csrf_of

PATIENCE = 120  # seconds for an answer, on a machine that is busy with other things


@pytest.fixture
def served(bureau):
    """The console behind the same server as in the service; returns its port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    server = uvicorn.Server(
        uvicorn.Config(bureau.console.app, log_config=None, lifespan="off", server_header=False, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(30)


def send(port, *pieces):
    """Send these bytes; returns what comes back until the server has said enough."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has heard enough
        return line_of(line)


def line_of(line):
    told = b""
    try:
        while b"\r\n" not in told and (more := line.recv(65536)):
            told += more
    except ConnectionResetError:
        return ""
    return told.partition(b"\r\n")[0].decode()


def is_refused(told, *statuses):
    """By one of these, or by the end of the line: who hangs up on what is still unread loses its own last words, too."""
    return told == "" or any(f" {status} " in told for status in statuses)


def is_served(port):
    return httpx.get(f"http://127.0.0.1:{port}/sign-in", timeout=PATIENCE).status_code == 200


def head(path="/sign-in", method="POST", **fields):
    told = {"host": "127.0.0.1", "content-type": "application/x-www-form-urlencoded"} | {
        name.replace("_", "-"): value for name, value in fields.items()
    }
    return "".join([f"{method} {path} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in told.items()), "\r\n"]).encode()


def test_a_hundred_thousand_headers_are_not_read(served):
    told = send(
        served,
        b"GET /sign-in HTTP/1.1\r\nhost: x\r\n",
        *[b"".join(b"x-%d-%d: y\r\n" % (n, m) for m in range(1000)) for n in range(100)],
        b"\r\n",
    )
    assert is_refused(told, 400, 431)
    assert is_served(served)


@pytest.mark.parametrize(
    "line",
    [
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\ncookie: " + b"a" * 200_000 + b"\r\n\r\n",
    ],
)
def test_a_line_without_end_is_not_read(served, line):
    told = send(served, line)
    assert is_refused(told, 400, 414, 431)
    assert is_served(served)


def test_a_form_that_never_ends_arriving_is_given_up(served, monkeypatch):
    monkeypatch.setattr(bodies, "PATIENCE", 0.5)
    told = send(served, head(content_length="1000"), b"email=a")
    assert " 408 " in told and is_served(served)


def test_a_form_in_pieces_without_end_is_refused_before_it_grows(served):
    piece = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    told = send(served, head(transfer_encoding="chunked"), *[piece] * 9)
    assert is_refused(told, 413) and is_served(served)


def test_a_packed_form_is_not_unpacked(served):
    packed = gzip.compress(b"a" * 50_000_000)
    told = send(served, head(content_encoding="gzip", content_length=str(len(packed))), packed)
    assert any(status in told for status in (" 400 ", " 403 ", " 415 ")) and is_served(served)


def test_a_form_of_many_parts_is_not_taken_apart(served):
    parts = b"--x\r\ncontent-disposition: form-data; name=a\r\n\r\nb\r\n" * 5000 + b"--x--"
    told = send(served, head(content_type="multipart/form-data; boundary=x", content_length=str(len(parts))), parts)
    assert is_refused(told, 415) and is_served(served)


def test_two_lengths_and_a_length_with_pieces_are_refused(served):
    """A proxy and we must never disagree on where a request ends (RFC 9112, 6.3)."""
    twice = b"POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!"
    assert " 400 " in send(served, twice)
    both = b"POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
    assert any(status in send(served, both) for status in (" 400 ", " 415 "))


def test_who_says_nothing_keeps_nobody_waiting(served):
    """Three hundred lines on which a request has been begun and is not ended."""
    lines = [socket.create_connection(("127.0.0.1", served), timeout=PATIENCE) for _ in range(300)]
    try:
        for line in lines:
            line.sendall(b"GET /sign-in HTTP/1.1\r\nhost: x\r\nx-slow: ")
        assert all(is_served(served) for _ in range(5))
    finally:
        for line in lines:
            line.close()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"[" * 100_000, 400), (json.dumps({"text": "x" * 600_000}).encode(), 413), (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400), (b'{"days": 1e999999999}', 422)],
)  # fmt: skip
def test_json_without_end_is_refused(bureau, asked, body, status):
    told = {"authorization": f"Bearer {key(bureau)}", "content-type": "application/json"}
    assert bureau.browser().post(f"/api/v1/questions/{asked.number}/notes", content=body, headers=told).status_code == status


def test_a_page_of_a_slow_reader_keeps_nobody_waiting(bureau, served):
    with socket.create_connection(("127.0.0.1", served), timeout=PATIENCE) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        line.sendall(b"GET /static/htmx.min.js HTTP/1.1\r\nhost: x\r\n\r\n" * 20)
        assert is_served(served) and csrf_of(httpx.get(f"http://127.0.0.1:{served}/sign-in", timeout=PATIENCE))
