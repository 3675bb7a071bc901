"""Carrying letters: claim, come to the brink, send, settle. No transaction is open while the network is spoken to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from random import Random

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.ports import Channel, LeaseLost
from routing import bounces, outbox, privacy
from routing.errors import ChannelError, Unreachable
from routing.failpoints import failpoint
from routing.models import OutboxMessage
from routing.office import Office
from routing.outbox import Claim
from routing.store import Store
from routing.values import Sent

log = logging.getLogger(__name__)


class Delivery:
    """Sends what is due, several letters at a time."""

    def __init__(
        self, store: Store, office: Office, clock: Clock, channels: Mapping[str, Channel], worker: str, senders: int = 4
    ):
        self._store, self._office, self._clock = store, office, clock
        self._channels, self._worker, self._senders = channels, worker, senders
        self._luck = Random()

    async def step(self) -> bool:
        """Carry one batch; True when there was one."""
        if not (claims := await asyncio.to_thread(self._claim)):
            return False
        failpoint("outbox.claimed")
        by_address: dict[tuple[str, str], list[Claim]] = {}
        for claimed in claims:
            by_address.setdefault((claimed.letter.channel, claimed.letter.address), []).append(claimed)
        await asyncio.gather(*(self._carry_in_turn(letters) for letters in by_address.values()))
        return True

    def _claim(self) -> list[Claim]:
        with self._store.transaction() as session:
            return outbox.claim(
                session,
                worker=self._worker,
                now=self._clock.now(),
                limit=self._senders,
                channels=tuple(self._channels),
                tell=self._tell_of_doubt,
            )

    def _tell_of_doubt(self, session: Session, letter: OutboxMessage, now: datetime) -> None:
        bounces.tell_ambiguous(session, self._office, letter, now)

    async def _carry_in_turn(self, claims: list[Claim]) -> None:
        for claimed in claims:
            await self._carry(claimed)

    async def _carry(self, claimed: Claim) -> None:
        channel = self._channels[claimed.letter.channel]
        try:
            sent = await channel.send(claimed.letter, partial(self._brink, claimed))
        except LeaseLost:
            log.warning("letter %s was claimed by another worker", claimed.outbox_id)
        except ChannelError as error:
            await asyncio.to_thread(self._settle_failure, claimed, error)
        except Exception as error:
            # A fault of ours, not of the far side: keep the letter and try again later.
            log.exception("letter %s", claimed.outbox_id)
            await asyncio.to_thread(self._settle_failure, claimed, Unreachable(f"{type(error).__name__}: {error}"))
        else:
            failpoint("outbox.sent")
            await asyncio.to_thread(self._settle_sent, claimed, sent)
            failpoint("outbox.settled")

    async def _brink(self, claimed: Claim) -> None:
        if not await asyncio.to_thread(self._write_brink, claimed):
            raise LeaseLost
        failpoint("outbox.brink")

    def _write_brink(self, claimed: Claim) -> bool:
        with self._store.transaction() as session:
            return outbox.at_brink(session, claimed, self._clock.now())

    def _settle_sent(self, claimed: Claim, sent: Sent) -> None:
        with self._store.transaction() as session:
            if outbox.settle_sent(session, claimed, sent, self._clock.now()) and claimed.letter.kind == "forgotten":
                privacy.erase_last_traces(session, claimed.outbox_id)

    def _settle_failure(self, claimed: Claim, error: ChannelError) -> None:
        with self._store.transaction() as session:
            now = self._clock.now()
            fate = outbox.settle_failure(session, claimed, error, now, self._office.policy.outbox, self._luck)
            log.warning("letter %s by %s: %s (%s)", claimed.outbox_id, claimed.letter.channel, fate, error)
            if fate == "failed":
                self._give_up(session, claimed, error)
            elif fate == "ambiguous":
                bounces.tell_ambiguous(session, self._office, session.get_one(OutboxMessage, claimed.outbox_id), now)

    def _give_up(self, session: Session, claimed: Claim, error: ChannelError) -> None:
        letter = session.get_one(OutboxMessage, claimed.outbox_id)
        bounces.give_up_letter(session, self._office, letter, str(error), self._clock.now())
