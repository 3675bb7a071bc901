"""A real Postfix and a real Dovecot on free ports of this machine, with their files in a folder that goes when they go.

`with mail_servers() as mail:` gives SMTP in (`mail.smtp_port`), any mailbox of `network.example` by IMAP (`mail.imap_port`,
`mail.user("desk")`, one password for all), out-of-office answers (`mail.vacation`), and true bounces: everything for
`outside.example` goes to a next hop that the test scripts, so that Postfix itself writes the report.

Only root can start Postfix. Where the programs or the rights are missing this raises `ServersMissing` with what to do.
"""

from __future__ import annotations

import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.ports import HOST, free_ports, wait_for_port

DOMAIN, OUTSIDE, PASSWORD = "network.example", "outside.example", "mailbox-secret"
NEEDED = ("postfix", "dovecot", "setpriv")
INSTALL = "apt-get install -y --no-install-recommends postfix dovecot-imapd dovecot-lmtpd dovecot-sieve"

DOVECOT = """
base_dir = {folder}/dovecot/run
state_dir = {folder}/dovecot/state
log_path = {folder}/dovecot/log
protocols = imap lmtp
listen = {host}
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
mailbox_idle_check_interval = 1 secs
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
submission_host = {host}:{smtp}
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/dovecot/home/%n allow_all_users=yes
}}
protocol lmtp {{
  mail_plugins = sieve
  postmaster_address = postmaster@{domain}
}}
plugin {{
  sieve = file:~/sieve;active=~/active.sieve
  sieve_vacation_min_period = 0
}}
"""

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/postfix/spool
data_directory = {folder}/postfix/data
maillog_file = {folder}/postfix/maillog
maillog_file_prefixes = {folder}
inet_interfaces = {host}
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.{domain}
mydestination =
alias_maps =
alias_database =
virtual_mailbox_domains = {domain}
virtual_transport = lmtp:inet:{host}:{lmtp}
recipient_delimiter = +
relay_domains = {outside}
transport_maps = inline:{{{outside}=smtp:[{host}]:{next_hop}}}
default_transport = error:5.1.2 nothing leaves this machine
disable_dns_lookups = yes
"""

MASTER_CF = """
{host}:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class ServersMissing(RuntimeError):
    """This machine cannot run real mail servers; the message says what to install."""


class MailServers:
    """Both servers, running. Ports are on 127.0.0.1."""

    host, password, domain, outside = HOST, PASSWORD, DOMAIN, OUTSIDE

    def __init__(self, folder: Path, next_hop: int | None):
        self.folder = folder
        self.smtp_port, self.imap_port, self.lmtp_port, spare = free_ports(4)
        self.next_hop = next_hop or spare
        self._dovecot: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    def user(self, name: str = "desk") -> str:
        """The login of a mailbox, which is made by its first mail."""
        return f"{name}@{DOMAIN}"

    def deliver(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Hand one mail to Postfix, as a stranger's server would."""
        with smtplib.SMTP(HOST, self.smtp_port, timeout=20) as client:
            client.sendmail(sender, [recipient], raw)

    def vacation(self, name: str, text: str = "I am away until Monday.") -> None:
        """From now on the mailbox `name` answers what is personally addressed to it (RFC 5230)."""
        home = self.folder / "dovecot" / "home" / name
        home.mkdir(parents=True, exist_ok=True)
        (home / "active.sieve").write_text(
            f'require "vacation";\nvacation :days 1 :subject "Out of office" :addresses ["{self.user(name)}"] "{text}";\n'
        )
        self._give_to_nobody(home)

    def flush(self) -> None:
        """Try everything in the queue again, now."""
        subprocess.run(["postqueue", "-c", self.folder / "postfix" / "etc", "-f"], check=True, capture_output=True, timeout=30)

    def renumber(self, name: str) -> None:
        """Let Dovecot forget the numbers of a mailbox, as after a restore: the same mails get another UIDVALIDITY."""
        (self.folder / "dovecot" / "home" / name / "Maildir" / "dovecot-uidlist").unlink()
        for index in (self.folder / "dovecot" / "home" / name / "Maildir").glob("dovecot.index*"):
            index.unlink()

    def log(self) -> str:
        """What both servers wrote, for a failing test."""
        paths = (self.folder / "postfix" / "maillog", self.folder / "dovecot" / "log")
        return "\n".join(path.read_text(errors="replace") for path in paths if path.exists())

    def start(self) -> None:
        places = {"folder": self.folder, "host": HOST, "domain": DOMAIN, "outside": OUTSIDE, "password": PASSWORD}
        places |= {"smtp": self.smtp_port, "imap": self.imap_port, "lmtp": self.lmtp_port, "next_hop": self.next_hop}
        self._start_dovecot(places)
        self._start_postfix(places)
        for port in (self.imap_port, self.lmtp_port, self.smtp_port):
            if not wait_for_port(port):
                raise RuntimeError(f"a mail server did not start on port {port}:\n{self.log()[-3000:]}")

    def stop(self) -> None:
        """Only what was started here, by its own configuration and its own process."""
        if self._guard is not None:
            self._guard.stdin.close()
            self._guard.wait(60)
        if self._dovecot is not None:
            self._dovecot.terminate()
            try:
                self._dovecot.wait(20)
            except subprocess.TimeoutExpired:
                self._dovecot.kill()
                self._dovecot.wait()

    def _start_dovecot(self, places: dict[str, object]) -> None:
        for name in ("run", "state", "home"):
            (self.folder / "dovecot" / name).mkdir(parents=True)
        config = self.folder / "dovecot.conf"
        config.write_text(DOVECOT.format(**places))
        self._give_to_nobody(self.folder / "dovecot")
        identity = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=SIGTERM"]
        # a daemon must not hold a pipe of ours: reading it would never end
        self._dovecot = subprocess.Popen(
            [*identity, "dovecot", "-F", "-c", config],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _start_postfix(self, places: dict[str, object]) -> None:
        root = self.folder / "postfix"
        for name in ("etc", "spool", "data"):
            (root / name).mkdir(parents=True)
        shutil.chown(root / "data", "postfix")
        (root / "etc" / "main.cf").write_text(MAIN_CF.format(**places))
        (root / "etc" / "master.cf").write_text(MASTER_CF.format(**places))
        with open(root / "start.log", "wb") as log:
            done = subprocess.run(
                ["postfix", "-c", root / "etc", "start"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=60, check=False,
            )  # fmt: skip
        self._guard = self._watch_over(root / "etc")
        if done.returncode:
            raise RuntimeError(f"Postfix did not start:\n{(root / 'start.log').read_text()}\n{self.log()[-2000:]}")

    def _watch_over(self, etc: Path) -> subprocess.Popen[bytes]:
        """Postfix leaves its starter behind; this stops it when our end of the pipe closes, even by kill -9."""
        return subprocess.Popen(
            ["sh", "-c", 'cat; exec postfix -c "$1" stop', "guard", etc],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _give_to_nobody(self, folder: Path) -> None:
        user = pwd.getpwnam("nobody")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)


@contextmanager
def mail_servers(*, next_hop: int | None = None) -> Iterator[MailServers]:
    """Both servers while the block runs. `next_hop` is the port of the server for `outside.example` (default: nobody there)."""
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        raise ServersMissing(f"these tests need {', '.join(missing)}: {INSTALL}")
    if os.geteuid() != 0:
        raise ServersMissing("these tests need root: Postfix starts only so")
    folder = Path(tempfile.mkdtemp(prefix="rrm-mail-"))
    folder.chmod(0o755)
    servers = MailServers(folder, next_hop)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)
