"""The story of `rrm demo`: three questions from start to end, then a console to look around in.

In: whether to leave afterwards, a port, perhaps a folder to keep and a file for the facts. Out: an exit status: 0 when every
step came true (also after Ctrl-C at the end), 1 when one did not. A temporary folder is removed whatever happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from sqlalchemy import func, select

from bot.cli.shared import CommandError
from bot.demo import acts, escalation, pages
from bot.demo.telling import Teller
from bot.demo.town import COORDINATOR, TookTooLong, Town
from bot.demo.truth import NotTrue
from bot.logs import LOUD, TextLines
from retrieval import embedder_from
from routing import signin
from routing.models import Authority, ConsoleUser, Expert, Fiche

ACT_TAKES_AT_MOST_S = 90.0
INTERRUPTED = 130
ACTS: tuple[Callable[[Town, Teller], Awaitable[None]], ...] = (
    acts.a_fiche_answers,
    acts.an_expert_answers,
    escalation.an_expert_is_silent,
)


async def play(leave: bool, port: int = 0, folder: Path | None = None, journal: Path | None = None) -> int:
    """Play the story; without `leave` the console stays open until Ctrl-C."""
    teller = Teller("Europe/Brussels")
    with _place(folder) as place:
        _log_to(place / "rrm.log")
        playing = asyncio.create_task(_play(Town(place, port), teller, leave, journal))
        _stop_on_signal(playing)
        return await _ended(playing, teller, place / "rrm.log")


async def _ended(playing: asyncio.Task[None], teller: Teller, log: Path) -> int:
    try:
        await playing
    except asyncio.CancelledError:
        teller.says("\n[dim]Stopped.[/]")
        return INTERRUPTED
    except (NotTrue, TookTooLong, TimeoutError) as trouble:
        teller.fails(str(trouble) or "an act took too long", _last_lines(log))
        return 1
    return 0


async def _play(town: Town, teller: Teller, leave: bool, journal: Path | None) -> None:
    try:
        await _open(town, teller)
        begun = time.monotonic()
        for act in ACTS:
            async with asyncio.timeout(ACT_TAKES_AT_MOST_S):
                await act(town, teller)
        teller.says(f"\n[green]✓[/] Every step came true, in {time.monotonic() - begun:.0f} seconds.")
        if journal is not None:
            teller.write(journal)
        if not leave:
            await _stay(town, teller)
    finally:
        await town.close()


async def _open(town: Town, teller: Teller) -> None:
    teller.title("RRM, the Rapid Response Mechanism", "Policy makers ask. Fiches answer, or an expert at a local authority does.")
    await asyncio.to_thread(embedder_from, "bundled", lambda told: teller.says(f"[dim]{told}[/]"))
    with teller.waiting("reading the fiches") as seen:
        await town.open(seen)
    pages.add_to(town)
    await town.start()
    teller.says(f"\nThe real service, with a Telegram, a mail server and a clock of its own on this machine.\n{_stock(town)}.")
    teller.says("[dim]The authorities and fiches are real; what experts say here is made up.[/]")


def _stock(town: Town) -> str:
    with town.store.snapshot() as session:
        authorities, countries, experts, fiches = (
            session.scalar(select(func.count(found)))
            for found in (Authority.id, Authority.country.distinct(), Expert.id, Fiche.id)
        )
    return f"{authorities} authorities in {countries} countries, {experts} experts, {fiches} fiches"


async def _stay(town: Town, teller: Teller) -> None:
    """Until Ctrl-C. Sign-in letters are read aloud, since nobody here has a mailbox."""
    teller.says()
    teller.link("console", town.address)
    teller.link("sign in", _sign_in_link(town))
    teller.link("phone", f"{town.address}/demo/phone")
    teller.link("mailroom", f"{town.address}/demo/mailroom")
    teller.says("\nThe link works once, for 15 minutes. Ctrl-C ends the demo.")
    told = len(town.post.letters)
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            for letter in town.post.letters[told:]:
                if letter.recipient == COORDINATOR and "/sign-in/" in letter.text:
                    link = next(word for word in letter.text.split() if "/sign-in/" in word)
                    teller.link("sign in", link)
            told = len(town.post.letters)
            await asyncio.sleep(0.5)


def _sign_in_link(town: Town) -> str:
    with town.store.transaction() as session:
        user = session.scalars(select(ConsoleUser).where(ConsoleUser.email == COORDINATOR)).one()
        return signin.make_link(session, user, town.clock.now(), town.address)


def _stop_on_signal(playing: asyncio.Task[None]) -> None:
    """The first Ctrl-C stops; an impatient second one must not cut the stopping short, which ends by itself in seconds."""

    def stop() -> None:
        if not playing.cancelling():
            playing.cancel()

    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop)


@contextlib.contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "rrm.db").exists():
            raise CommandError(f"{folder} holds the database of an earlier demo: give an empty folder.")
        yield folder.resolve()
        return
    temporary = Path(tempfile.mkdtemp(prefix="rrm-demo-"))
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _log_to(file: Path) -> None:
    """The terminal is for the story; what the service logs is kept beside its database."""
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in (*LOUD, "mail.log"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def _last_lines(log: Path, most: int = 8) -> list[str]:
    return log.read_text("utf-8", errors="replace").splitlines()[-most:] if log.is_file() else []
