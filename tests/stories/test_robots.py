"""Machines that answer machines: whatever they are, each is left alone after three automatic mails at most.

More than sixty models of robots, a real Sieve vacation at Dovecot and real reports of Postfix, and two networks of our own.
"""

import contextlib
import email
import email.policy
import shutil

import pytest
from sqlalchemy import update

from routing.models import Authority, Expert
from tests.bot.channels.conftest import servers  # noqa: F401
from tests.fakes.smtp_peer import Script, SmtpPeer
from tests.stories.robots import ROBOTS
from tests.town import address_in
from tests.town import town as a_town

MOST = 3
ROUNDS = 12
PATIENCE = 240.0  # fifty conversations at once, perhaps on a slow machine
QUESTION = "Who runs a mobile workshop for welding in mountain villages, and who pays for its teachers?"


@pytest.fixture
def new_store(sqlite_template, tmp_path):
    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "rrm.db")
        return f"sqlite:///{folder / 'rrm.db'}", folder

    return make


async def settled(here):
    """Nothing is left to be read, decided or carried."""
    await here.until(
        lambda: all(row.state != "new" for row in here.inbox())
        and all(action != "search" for *_, action in here.state())
        and not here.outbox(state="queued") and not here.outbox(state="claimed"),
        PATIENCE,
    )  # fmt: skip


def unlimited(here):
    with here.store.transaction() as session:
        session.execute(update(Expert).values(monthly_limit=100_000))
        session.execute(update(Authority).values(capacity_per_month=100_000))


def unhurried(folder):
    """Choices for a town in which a round of all robots may take longer than one of them does, as on a busy machine."""
    (folder / "policy.toml").write_text("[caps]\nat_once_seconds = 1000\n")
    return {"policy__file": str(folder / "policy.toml")}


# ------------------------------------------------------------------ fifty models


async def converse(here):
    """Every robot answers every letter at once, until no letter comes any more. Out: how many letters each robot got."""
    seen, got = set(), {}
    for _ in range(ROUNDS):
        await settled(here)
        fresh = [letter for letter in here.letters() if letter["Message-ID"] not in seen]
        if not fresh:
            return got
        for letter in fresh:
            seen.add(letter["Message-ID"])
            own = address_in(f"<{str(letter['To']).strip('<>')}").lower()
            name = own.partition("@")[2].removesuffix(".machines.example")
            if name not in ROBOTS:
                continue
            got[name] = got.get(name, 0) + 1
            for sent in ROBOTS[name](letter, got[name], own):
                await here.deliver(sent.raw, sent.envelope, sent.to, proven=sent.proven)
    raise AssertionError(f"still talking after {ROUNDS} rounds: {got}")


@pytest.mark.slow
async def test_every_robot_falls_silent(new_store):
    assert len(ROBOTS) >= 50
    url, folder = new_store("robots")
    async with a_town(url, folder, **unhurried(folder)) as here:
        unlimited(here)
        for name in ROBOTS:
            await here.write(f"robot@{name}.machines.example", QUESTION, subject="Mobile workshop")
        got = await converse(here)
        assert set(got) == set(ROBOTS), "each must get its first receipt, or nothing was tried"
        assert {name: count for name, count in got.items() if count > MOST} == {}
        answers = [row for row in here.inbox() if "machines.example" in (row.sender or "") and row.kind == "answer"]
        assert answers == []


# ------------------------------------------------------------------ two of our own


def bare(letter):
    """As a gateway sends it on that strips whatever says that a machine wrote."""
    for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "X-RRM-Instance", "References", "In-Reply-To"):
        del letter[name]
    return letter


OTHER = {"network__mail_address": "questions@other.example", "network__reply_domain": "other.example", "network__name": "Other"}


@pytest.mark.parametrize("gateway", [lambda letter: letter, bare], ids=["as-sent", "stripped"])
async def test_two_networks_wired_together_fall_silent(new_store, gateway):
    (here, home), (there, away) = new_store("one"), new_store("two")
    async with a_town(here, home, **unhurried(home)) as one, a_town(there, away, **OTHER, **unhurried(away)) as two:
        unlimited(one), unlimited(two)
        await one.write("questions@other.example", QUESTION, subject="Mobile workshop")
        to_two, to_one = [], []
        for _ in range(ROUNDS):
            await settled(one)
            fresh = await carried(one, two, to_two, gateway)
            await settled(two)
            if not await carried(two, one, to_one, gateway) and not fresh:
                break
        assert to_two, "the first receipt must go out, or nothing was tried"
        assert len(to_two) <= MOST and len(to_one) <= MOST


async def carried(here, there, done, gateway):
    """Take what one network wrote to the other there; letters to anybody else are of no interest. Out: whether there was any."""
    domain = there.settings().network.mail_address.partition("@")[2]
    fresh = [one for one in here.letters() if domain in str(one["To"]) and one["Message-ID"] not in done]
    for letter in fresh:
        done.append(letter["Message-ID"])
        raw = gateway(letter).as_bytes(policy=email.policy.SMTP)
        await there.deliver(raw, address_in(letter["From"]), str(letter["To"]).strip("<>"))
    return bool(fresh)


# ------------------------------------------------------------------ Sieve and Postfix


@contextlib.asynccontextmanager
async def behind(servers, new_store, box):  # noqa: F811
    """A town whose letters Postfix carries and whose mailbox `box` Dovecot keeps."""
    real = {
        "smtp__port": servers.smtp_port,
        "imap__enabled": True,
        "imap__port": servers.imap_port,
        "imap__tls": "off-for-loopback",
        "imap__username": servers.user(box),
        "network__mail_address": servers.user(box),
        "network__reply_mailbox": box,
    }
    async with a_town(*new_store(box), **real) as here:
        with here.store.transaction() as session:  # no expert has a mailbox here: each would bounce, and the asker be told of the next
            session.execute(update(Expert).values(active=False))
        yield here


def kept(servers, name):  # noqa: F811
    """What lies in a mailbox at Dovecot."""
    folder = servers.folder / "dovecot" / "home" / name / "Maildir"
    files = [file for part in ("new", "cur") if (folder / part).is_dir() for file in sorted((folder / part).iterdir())]
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def written(sender, to, text=QUESTION):
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: Mobile workshop\r\nMessage-ID: <q1-{sender}>\r\n"
        f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\n{text}\r\n"
    ).encode()


@pytest.mark.mta
async def test_a_real_vacation_script(servers, new_store):  # noqa: F811
    """Pigeonhole keeps silent at our letters, for they say that they are automatic; what it writes is no question to us."""
    traveller, desk = servers.user("traveller"), servers.user("holidays")
    servers.vacation("traveller")
    async with behind(servers, new_store, "holidays") as here:
        servers.deliver(written(traveller, desk), sender=traveller, recipient=desk)
        await here.until(lambda: kept(servers, "traveller"), PATIENCE)
        await settled(here)
        servers.deliver(written(desk, traveller, "A person of the desk writes by hand."), sender=desk, recipient=traveller)
        await here.until(lambda: here.inbox(kind="auto-reply"), PATIENCE)
        await settled(here)
        assert len(here.inbox()) == 2, "the question and the answer to the letter by hand, nothing else"
        assert len(kept(servers, "traveller")) - 1 <= MOST and len(here.state()) == 1


@pytest.mark.mta
async def test_a_real_report_of_postfix_is_not_answered(servers, new_store):  # noqa: F811
    async with SmtpPeer(port=servers.next_hop) as next_hop, behind(servers, new_store, "reports") as here:
        next_hop.scripts += [Script(reply={"mail": "550 5.1.1 no such person here"})] * 5
        asker, desk = "gone@outside.example", servers.user("reports")
        servers.deliver(written(asker, desk), sender=asker, recipient=desk)
        reports = await here.until(lambda: here.inbox(kind="bounce"), PATIENCE)
        await settled(here)
        assert len(reports) == 1 and len(here.state()) == 1 and next_hop.mails == []
        assert len([row for row in here.outbox(state="sent") if row.channel == "email"]) <= MOST
