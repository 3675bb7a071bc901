"""One connection to an IMAP server: blocking calls, meant for a thread of their own.

Every call raises `ImapTrouble` and nothing else when the server, the network or the answer is at fault. `abort()` may be
called from another thread; it makes the call in progress fail at once.
"""

from __future__ import annotations

import imaplib
import logging
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from bot.channels.imap_settings import ImapSettings
from bot.channels.replies import scrub

TroubleKind = Literal["connection", "login", "encryption", "mailbox", "idle", "answer"]


class ImapTrouble(Exception):
    """The mailbox cannot be read right now; `kind` says what is at fault."""

    def __init__(self, kind: TroubleKind, words: str):
        super().__init__(f"{kind}: {words}")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Selected:
    """What SELECT said: UIDs mean something only together with `uidvalidity` (RFC 3501 section 2.3.1.1)."""

    uidvalidity: int
    can_idle: bool


class ImapSession:
    """Opens one mailbox, lists and fetches by UID, waits for news."""

    def __init__(self, settings: ImapSettings):
        self._settings = settings
        self._client: IMAPClient | None = None
        _quieten_libraries()

    def open(self) -> Selected:
        """Connect, encrypt, log in, select the mailbox."""
        with self._translated("connection"):
            client = self._client = self._connect()
        with self._translated("encryption"):
            if self._settings.tls == "starttls":
                client.starttls(_tls(self._settings))
        with self._translated("login"):
            client.login(self._settings.user, self._settings.password.reveal())
        with self._translated("mailbox"):
            answer = client.select_folder(self._settings.mailbox, readonly=self._settings.afterwards == "keep")
            return Selected(int(answer[b"UIDVALIDITY"]), client.has_capability("IDLE"))

    def uids_after(self, uid: int) -> list[int]:
        """All UIDs above `uid`, ascending. (`n:*` names the last message even when its UID is below n.)"""
        with self._translated("answer"):
            _forget_news(self._open)
            return sorted(found for found in self._open.search(["UID", f"{uid + 1}:*"]) if found > uid)

    def has(self, uid: int) -> bool:
        with self._translated("answer"):
            return uid in self._open.search(["UID", str(uid)])

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Bytes per UID as the server counts them; a UID that is gone is missing."""
        with self._translated("answer"):
            answer = self._open.fetch(uids, ["RFC822.SIZE"])
            return {uid: int(facts[b"RFC822.SIZE"]) for uid, facts in answer.items() if b"RFC822.SIZE" in facts}

    def fetch(self, uid: int, part: str = "") -> bytes | None:
        """The bytes of a mail, or of one `part` of it (``HEADER``), without touching its flags; None when it is gone."""
        with self._translated("answer"):
            facts = self._open.fetch([uid], [f"BODY.PEEK[{part}]"]).get(uid, {})
            content = facts.get(f"BODY[{part}]".encode())
            return content if isinstance(content, bytes) else None

    def put_away(self, uid: int) -> None:
        """Flag or move a stored mail as configured."""
        with self._translated("mailbox"):
            if self._settings.folder:
                self._move(uid, self._settings.folder)
            elif self._settings.afterwards == "seen":
                self._open.add_flags([uid], [rb"\Seen"], silent=True)

    def idle(self, seconds: float) -> None:
        """Return when the server tells something, or after `seconds`; then make sure that it still listens (NOOP).

        A connection that died without a word is found here: the answer to DONE or NOOP does not come in time. A server tells
        of a new mail once; where it did so in the answer to a command, IDLE would wait for the mail after that.
        """
        client = self._open
        if _forget_news(client):
            return
        with self._translated("idle"):
            has_news = _start_idle(client) or _has_unread(client)
        with self._translated("connection"):
            told = [] if has_news else client.idle_check(timeout=seconds)
            told += client.idle_done()[1]
            if any(line[:1] == (b"BYE",) for line in told):
                raise ImapTrouble("connection", "the server said BYE")
            client.noop()

    def noop(self) -> None:
        with self._translated("connection"):
            self._open.noop()

    def abort(self) -> None:
        """Break the connection from any thread; idempotent."""
        client = self._client
        if client is not None:
            with suppress(OSError, AttributeError):
                client.socket().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the socket."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # whatever is wrong with a connection we no longer want
                client.shutdown()

    @property
    def _open(self) -> IMAPClient:
        if self._client is None:
            raise ImapTrouble("connection", "not connected")
        return self._client

    def _connect(self) -> IMAPClient:
        implicit = self._settings.tls == "implicit"
        return IMAPClient(
            self._settings.host, self._settings.port, ssl=implicit, ssl_context=_tls(self._settings) if implicit else None,
            timeout=SocketTimeout(self._settings.connect_timeout, self._settings.read_timeout),
        )  # fmt: skip

    def _move(self, uid: int, folder: str) -> None:
        client = self._open
        if client.has_capability("MOVE"):
            client.move([uid], folder)
            return
        client.copy([uid], folder)
        client.add_flags([uid], [rb"\Deleted"], silent=True)
        if client.has_capability("UIDPLUS"):  # a plain EXPUNGE would also drop what other people marked
            client.uid_expunge([uid])

    @contextmanager
    def _translated(self, kind: TroubleKind) -> Iterator[None]:
        """Give every error of the libraries our word for it; a lost connection is one whatever we were doing."""
        try:
            yield
        except ImapTrouble:
            raise
        except LoginError as error:
            raise self._trouble("connection" if _is_passing(error) else "login", error) from None
        except ssl.SSLError as error:
            raise self._trouble("encryption", error) from None
        except (OSError, imaplib.IMAP4.abort) as error:
            raise self._trouble("connection", error) from None
        except Exception as error:  # IMAPClient's parsers raise almost anything on a garbled answer
            raise self._trouble(kind, error) from None

    def _trouble(self, kind: TroubleKind, error: Exception) -> ImapTrouble:
        return ImapTrouble(kind, scrub(f"{type(error).__name__}: {error}", self._settings.password))


def _is_passing(error: LoginError) -> bool:
    """A login that failed for another reason than our credentials (RFC 5530); IMAPClient calls a cut a login error too."""
    cut = isinstance(error.__context__, imaplib.IMAP4.abort | OSError)
    return cut or any(code in str(error).upper() for code in ("[UNAVAILABLE]", "[LIMIT]", "[INUSE]", "[SERVERBUG]"))


def _forget_news(client: IMAPClient) -> bool:
    """Whether the server told of new mail beside its answers since this was last asked (RFC 3501 section 7.3.1)."""
    return bool(client._imap.response("EXISTS")[1] != [None])


def _start_idle(client: IMAPClient) -> bool:
    """Enter IDLE; True when the server had news to tell before its prompt, which IMAPClient takes for a refusal."""
    try:
        client.idle()
        return False
    except IMAPClientError as error:
        if not str(error).startswith("Unexpected IDLE response: b'* "):
            raise
    while client._imap._get_response() is not None:  # ends with the prompt, or by the end of the connection
        pass
    return True


def _has_unread(client: IMAPClient) -> bool:
    """Whether a line lies read but unparsed in the library's buffer: polling the socket would sleep on it.

    It happens when the server's "+ idling" and its first news arrive in one packet.
    """
    file: Any = getattr(client._imap, "file", None) or getattr(client._imap, "_file", None)
    if file is None:
        return False
    connection = client.socket()
    timeout = connection.gettimeout()
    try:
        connection.setblocking(False)
        return bool(file.peek(1))
    except (OSError, ValueError):
        return False
    finally:
        connection.settimeout(timeout)


def _tls(settings: ImapSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file)


def _quieten_libraries() -> None:
    """At DEBUG both loggers write whole mails."""
    for name in ("imapclient", "imapclient.imapclient", "imapclient.imaplib"):
        logging.getLogger(name).setLevel(logging.WARNING)
