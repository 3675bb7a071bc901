"""Starts workers quickly: everything is imported once, every worker is a fork of that.

In, a JSON line each: ``{"worker": name, "environment": {...}}``. Out: ``{"worker": name, "pid": …}`` when it was started, and
with ``"ended": status`` when it is gone. At the end of its input it takes its workers with it.
"""

import contextlib
import json
import os
import select
import signal
import traceback

from routing import failpoints
from tests.chaos import worker


def main() -> None:
    running: dict[int, str] = {}
    rest = b""
    while True:
        readable, _, _ = select.select([0], [], [], 0.02)
        if readable:
            if not (read := os.read(0, 65536)):
                break
            *lines, rest = (rest + read).split(b"\n")
            for order in map(json.loads, lines):
                pid = _fork(order)
                running[pid] = order["worker"]
                _say(worker=order["worker"], pid=pid)
        _bury(running)
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _fork(order: dict) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        _become(order["environment"])
        worker.main()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _become(environment: dict[str, str]) -> None:
    nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(environment["RRM_CHAOS_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for there, here in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(there, here)
    os.environ.update(environment)
    failpoints._plans = failpoints._parse(environment.get("RRM_FAILPOINTS", ""))  # read at import, which was long ago


def _bury(running: dict[int, str]) -> None:
    for pid in list(running):
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            _say(worker=running.pop(pid), pid=pid, ended=os.waitstatus_to_exitcode(status))


def _say(**what: object) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
