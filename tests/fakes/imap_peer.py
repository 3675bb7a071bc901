"""A scripted IMAP4rev1 server: one mailbox the test fills, a journal of what was asked, and faults exactly as told.

`async with ImapPeer() as peer: peer.deliver(raw)` pushes to whoever is in IDLE. Faults are set on the peer and used up by
the next connection or command they fit; `peer.drop()` cuts every connection at once, `peer.renumber()` changes UIDVALIDITY.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from tests.fakes.peer import Peer

USER, PASSWORD = "desk", "imap-secret-pass"


@dataclass
class Stored:
    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Faults:
    """`cut_at`: close instead of answering this command. `bye_at`: say BYE there. `refuse`: answer NO to it.

    `literal`: add this to the announced length of the next bodies (negative: the text is longer than announced); `times`
    says how many bodies. `short`: send only so many bytes of the body, announced honestly. `size`: lie about RFC822.SIZE by so
    much. `dead`: from the next IDLE on, read nothing and say nothing. `omit`: list these UIDs but never give them.
    `glued`: how many times news come in one packet with "+ idling". `chatty`: something is said before every "+ idling".
    """

    cut_at: list[str] = field(default_factory=list)
    bye_at: list[str] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    literal: int = 0
    short: int | None = None
    times: int = 0
    size: int = 0
    dead: bool = False
    omit: set[int] = field(default_factory=set)
    glued: int = 0
    chatty: bool = False
    meanwhile: dict[str, bytes] = field(default_factory=dict)  # by verb: comes while that command runs, and is told with its answer
    poison: set[int] = field(default_factory=set)  # fetching any part of these cuts the connection
    poison_whole: set[int] = field(default_factory=set)  # only fetching them whole does


class _Gone(Exception):
    """The connection ends here."""


class ImapPeer(Peer):
    def __init__(self, tls: ssl.SSLContext | None = None, capabilities: tuple[str, ...] = ("IDLE", "MOVE", "UIDPLUS")):
        super().__init__(ssl=tls, limit=2**22)
        self.uidvalidity, self.uidnext = 1000, 1
        self.mails: list[Stored] = []
        self.folders: dict[str, list[bytes]] = {"Done": []}
        self.journal: list[str] = []
        self.fetched: list[int] = []
        self.faults = Faults()
        self.capabilities = capabilities
        self.idling = 0
        self._news: set[asyncio.Event] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    def put(self, *raws: bytes) -> None:
        """New mail that nobody is told of."""
        for raw in raws:
            self.mails.append(Stored(self.uidnext, raw))
            self.uidnext += 1

    async def deliver(self, *raws: bytes) -> None:
        """New mail, told to everybody in IDLE."""
        self.put(*raws)
        for news in self._news:
            news.set()

    def renumber(self) -> None:
        """The mailbox was rebuilt: same mails, other UIDs, another UIDVALIDITY."""
        self.uidvalidity += 1
        for number, mail in enumerate(self.mails, 1):
            mail.uid = number
        self.uidnext = len(self.mails) + 1
        self.drop()

    def drop(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            with suppress(_Gone, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
                await _Connection(self, reader, writer).run()
        finally:
            self._writers.discard(writer)
            writer.close()


class _Connection:
    def __init__(self, peer: ImapPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.peer, self.reader, self.writer = peer, reader, writer
        self.known = 0

    async def run(self) -> None:
        await self.say("* OK peer ready")
        while True:
            tag, _, rest = (await self.command()).partition(" ")
            verb, _, arguments = rest.partition(" ")
            if verb.upper() == "UID":
                verb, _, arguments = arguments.partition(" ")
            verb = verb.upper()
            self.peer.journal.append(f"{verb} {arguments}".strip() if verb != "LOGIN" else "LOGIN")
            await self.misbehave(verb)
            if verb in self.peer.faults.refuse:
                await self.say(f"{tag} NO [CANNOT] refused by script")
                continue
            handler = getattr(self, f"do_{verb.lower()}", None)
            if handler is None:
                await self.say(f"{tag} BAD unknown command")
                continue
            said = await handler(tag, arguments) or f"OK {verb} completed"
            if verb in self.peer.faults.meanwhile:
                self.peer.put(self.peer.faults.meanwhile.pop(verb))
                await self.tell_news()
            await self.say(f"{tag} {said}")
            if verb == "LOGOUT":
                return

    async def command(self) -> str:
        """One command line with its literals put in place."""
        text = ""
        while True:
            line = (await self.reader.readuntil(b"\r\n")).decode("utf-8", "surrogateescape").removesuffix("\r\n")
            literal = re.search(r"\{(\d+)(\+?)\}$", line)
            if not literal:
                return text + line
            if not literal[2]:
                await self.say("+ go on")
            content = (await self.reader.readexactly(int(literal[1]))).decode("utf-8", "surrogateescape")
            text += line[: literal.start()] + content

    async def misbehave(self, verb: str) -> None:
        if verb in self.peer.faults.cut_at:
            self.peer.faults.cut_at.remove(verb)
            raise _Gone
        if verb in self.peer.faults.bye_at:
            self.peer.faults.bye_at.remove(verb)
            await self.say("* BYE shutting down")
            raise _Gone

    async def say(self, text: str | bytes) -> None:
        self.writer.write((text.encode() if isinstance(text, str) else text) + b"\r\n")
        await self.writer.drain()

    async def do_capability(self, _tag: str, _arguments: str) -> None:
        await self.say("* CAPABILITY IMAP4rev1 " + " ".join(self.peer.capabilities))

    async def do_login(self, _tag: str, arguments: str) -> str | None:
        if [part.strip('"') for part in arguments.split(" ")] != [USER, PASSWORD]:
            return f"NO [AUTHENTICATIONFAILED] {arguments} is wrong"
        return None

    async def do_select(self, _tag: str, arguments: str) -> str | None:
        if arguments.strip('"') != "INBOX":
            return "NO [NONEXISTENT] no such mailbox"
        self.known = len(self.peer.mails)
        await self.say("* FLAGS (\\Seen \\Deleted)")
        await self.say(f"* {self.known} EXISTS")
        await self.say(f"* OK [UIDVALIDITY {self.peer.uidvalidity}] valid")
        await self.say(f"* OK [UIDNEXT {self.peer.uidnext}] next")
        return "OK [READ-WRITE] selected"

    do_examine = do_select

    async def do_noop(self, _tag: str, _arguments: str) -> None:
        await self.tell_news()

    async def do_search(self, _tag: str, arguments: str) -> None:
        found = self.named(arguments.split(" ")[-1])
        await self.say("* SEARCH " + " ".join(str(mail.uid) for mail in found))

    async def do_fetch(self, _tag: str, arguments: str) -> None:
        which, _, items = arguments.partition(" ")
        for mail in self.named(which):
            if mail.uid in self.peer.faults.omit:
                continue
            number = self.peer.mails.index(mail) + 1
            if "RFC822.SIZE" in items:
                await self.say(f"* {number} FETCH (UID {mail.uid} RFC822.SIZE {len(mail.raw) + self.peer.faults.size})")
                continue
            if mail.uid in self.peer.faults.poison or ("HEADER" not in items and mail.uid in self.peer.faults.poison_whole):
                raise _Gone
            await self.say_body(number, mail, "HEADER" if "HEADER" in items else "")

    async def say_body(self, number: int, mail: Stored, part: str) -> None:
        faults, body = self.peer.faults, mail.raw
        lie = 0
        if part:
            body = body.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        else:
            self.peer.fetched.append(mail.uid)
            if faults.times > 0:
                faults.times -= 1
                body, lie = (body if faults.short is None else body[: faults.short]), faults.literal
        head = f"* {number} FETCH (UID {mail.uid} BODY[{part}] {{{len(body) + lie}}}\r\n".encode()
        await self.say(head + body + b")")

    async def do_store(self, _tag: str, arguments: str) -> None:
        which, _, flags = arguments.partition(" ")
        for mail in self.named(which):
            mail.flags |= set(re.findall(r"\\\w+", flags))

    async def do_copy(self, _tag: str, arguments: str) -> str | None:
        which, _, folder = arguments.partition(" ")
        if folder.strip('"') not in self.peer.folders:
            return "NO [TRYCREATE] no such folder"
        self.peer.folders[folder.strip('"')] += [mail.raw for mail in self.named(which)]
        return None

    async def do_move(self, tag: str, arguments: str) -> str | None:
        refusal = await self.do_copy(tag, arguments)
        if refusal is None:
            await self.remove(self.named(arguments.partition(" ")[0]))
        return refusal

    async def do_expunge(self, _tag: str, arguments: str) -> None:
        chosen = self.named(arguments) if arguments else self.peer.mails
        await self.remove([mail for mail in chosen if "\\Deleted" in mail.flags])

    async def remove(self, mails: list[Stored]) -> None:
        for mail in mails:
            number = self.peer.mails.index(mail) + 1
            self.peer.mails.remove(mail)
            self.known -= 1
            await self.say(f"* {number} EXPUNGE")

    async def do_logout(self, _tag: str, _arguments: str) -> None:
        await self.say("* BYE goodbye")

    async def do_idle(self, _tag: str, _arguments: str) -> None:
        if self.peer.faults.dead:
            self.peer.idling += 1
            await self.say("+ idling")
            await asyncio.sleep(3600)
        if self.peer.faults.glued:
            self.peer.faults.glued -= 1
            self.known = len(self.peer.mails)
            self.writer.write(f"+ idling\r\n* {self.known} EXISTS\r\n".encode())
        else:
            if self.peer.faults.chatty:
                await self.say("* OK one moment")
            await self.say("+ idling")
        self.peer.idling += 1
        news = asyncio.Event()
        self.peer._news.add(news)
        done = asyncio.ensure_future(self.reader.readuntil(b"\r\n"))
        try:
            while not done.done():
                news.clear()
                await self.tell_news()
                await first_of(news, done)
            self.peer.journal.append(done.result().decode().strip())
        finally:
            self.peer._news.discard(news)
            self.peer.idling -= 1
            done.cancel()

    async def tell_news(self) -> None:
        if len(self.peer.mails) != self.known:
            self.known = len(self.peer.mails)
            await self.say(f"* {self.known} EXISTS")

    def named(self, ranges: str) -> list[Stored]:
        """The mails of a UID set. `n:*` includes the last mail even when its UID is below n (RFC 3501 section 6.4.8)."""
        highest = max((mail.uid for mail in self.peer.mails), default=0)
        chosen: list[Stored] = []
        for span in ranges.split(","):
            low, _, high = span.partition(":")
            first, last = (highest if end == "*" else int(end) for end in (low, high or low))
            chosen += [mail for mail in self.peer.mails if min(first, last) <= mail.uid <= max(first, last)]
        return chosen


async def first_of(news: asyncio.Event, done: asyncio.Future[bytes]) -> None:
    waiting = asyncio.ensure_future(news.wait())
    try:
        await asyncio.wait({waiting, done}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
