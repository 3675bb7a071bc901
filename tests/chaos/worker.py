"""One worker to be killed: the real service from settings in the environment, with a clock that its harness can move.

`python -m tests.chaos.worker` runs one. RRM_CHAOS_CLOCK names a file of eight bytes: how many seconds the network's clock is
ahead of the machine's. RRM_FAILPOINTS says where to die, as for any process of ours.
"""

import asyncio
import faulthandler
import logging
import mmap
import os
import signal
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import app
from bot.settings import load
from routing import intake

SECONDS = struct.Struct("d")
PAUSES = {"intake": 0.2, "searching": 0.2, "delivery": 0.2, "sweeping": 0.5}


class SharedClock:
    """The same time in every process that maps the file; `advance` moves it for all of them."""

    def __init__(self, path: Path):
        if not path.exists():
            path.write_bytes(SECONDS.pack(0.0))
        with path.open("r+b") as file:
            self._ahead = mmap.mmap(file.fileno(), SECONDS.size)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=SECONDS.unpack(self._ahead)[0])

    def advance(self, step: timedelta) -> None:
        self._ahead[:] = SECONDS.pack(SECONDS.unpack(self._ahead)[0] + step.total_seconds())


async def run() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = load(folder=Path(os.environ["RRM_HOME"]))
    service = app.build(settings, clock=SharedClock(Path(os.environ["RRM_CHAOS_CLOCK"])))
    for name, pause in PAUSES.items():
        service.loops[name]._pause = pause  # a test has no patience
    intake.UNREAD_AFTER = timedelta(days=1000)  # the clock leaps over hours here while the one reader of a channel is dead
    async with service:
        await stop.wait()


def main() -> None:
    faulthandler.enable()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(process)d %(name)s: %(message)s")
    asyncio.run(run())


if __name__ == "__main__":
    main()
