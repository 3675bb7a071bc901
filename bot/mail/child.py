"""The process that reads mail and may be killed: `python -m bot.mail.child`, one mail after the other over stdin and stdout.

In: a first frame with the configuration, then requests: to read a mail, or to check who signed one. Out: one frame each.
It sets its own limits before the first; a mail that passes them kills the process, and the parent starts another.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
from typing import Any, BinaryIO

from bot.mail import wire
from bot.mail.config import MailConfig
from bot.mail.parse import read

CPU_SECONDS = 5
MEMORY = 512 * 1024 * 1024


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Serves until the parent closes the pipe."""
    config_frame = _receive(source)
    if config_frame is None:
        return
    config = MailConfig.from_json(config_frame)
    _limit_memory()
    while (asked := _receive(source)) is not None:
        _limit_cpu()
        target.write(wire.frame(_answer(asked, config)))
        target.flush()


def _answer(asked: dict[str, Any], config: MailConfig) -> dict[str, Any]:
    raw = base64.b64decode(asked["raw"])
    if "sender" not in asked:
        return wire.pack(read(raw, config=config, envelope=asked["envelope"]))
    from bot.mail.records import Records  # only where there is no border server: the child stays small elsewhere
    from bot.mail.signatures import vouched

    return {"vouched": vouched(raw, asked["sender"], asked["tokens"], config, Records(config.dns_servers))}


def _receive(source: BinaryIO) -> Any:
    """The next frame, or None at the end."""
    head = source.read(wire.LENGTH_BYTES)
    if len(head) < wire.LENGTH_BYTES:
        return None
    return json.loads(source.read(int.from_bytes(head, "big")))


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_cpu() -> None:
    """Five seconds from now: the kernel kills the process at the soft limit (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
