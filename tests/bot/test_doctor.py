"""The doctor, with real servers on the other side: what it sees, and what it says to do."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta

import dns.resolver
import pytest

from bot.checks.choices import check_choices
from bot.checks.clock import check_clock
from bot.checks.database import check_database
from bot.checks.identity import check_identity
from bot.checks.mail import check_mailbox, check_outgoing, check_reply_domain
from bot.checks.search import check_search
from bot.checks.telegram import check_telegram
from bot.demo.botapi import BotApiServer
from bot.doctor import examine
from bot.settings import load
from retrieval import Searcher, embedder_from, load_collection
from routing.directory import add_user
from routing.migrate import upgrade
from routing.store import Store
from tests.fakes.certificates import make_certificates
from tests.fakes.dns_peer import DnsPeer
from tests.fakes.imap_peer import PASSWORD as IMAP_PASSWORD
from tests.fakes.imap_peer import USER as IMAP_USER
from tests.fakes.imap_peer import ImapPeer
from tests.fakes.ports import free_ports
from tests.fakes.postgres import drop_database, fresh_database, postgres_server
from tests.fakes.smtp_peer import Script, SmtpPeer

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def settings_with(tmp_path):
    """Settings like a network's, in an own folder; names are given with two underscores for a dot."""

    def make(secrets: dict[str, str] | None = None, **choices):
        overrides = {"search.embedder": "hash"} | {name.replace("__", "."): value for name, value in choices.items()}
        return load(overrides=overrides, environment={"RRM_HOME": str(tmp_path), **(secrets or {})}, folder=tmp_path)

    return make


@pytest.fixture
def migrated(settings_with, tmp_path):
    """Settings with a database that has its tables and one coordinator."""
    (tmp_path / "var").mkdir(mode=0o700)
    settings = settings_with()
    store = Store(settings.store_url)
    upgrade(store)
    with store.transaction() as session:
        add_user(session, "desk@network.example", "coordinator", NOW)
    store.close()
    return settings


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def by_name(findings):
    return {finding.name: finding for finding in findings}


def levels(findings):
    return {finding.name: finding.level for finding in findings}


# ---------------------------------------------------------------------------------------------- database


def test_a_database_that_is_not_there(settings_with):
    (finding,) = check_database(settings_with())
    assert (finding.level, finding.mend) == ("fail", "Run rrm migrate.")


def test_a_new_database_lacks_people_and_fiches(migrated):
    found = by_name(check_database(migrated))
    assert found["durability"].what == "WAL, synchronous=FULL"
    assert found["tables"].level == "ok"
    assert found["coordinators"].what == "1"
    assert levels(found.values()) | {"authorities": "warn", "experts": "warn", "published fiches": "warn"} == levels(
        found.values()
    )


def test_a_database_without_a_coordinator_fails(settings_with, tmp_path):
    (tmp_path / "var").mkdir()
    store = Store(settings_with().store_url)
    upgrade(store)
    store.close()
    assert by_name(check_database(settings_with()))["coordinators"].mend == "Add one: rrm user add EMAIL."


def test_an_old_database(settings_with, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "rrm.db").touch()
    found = by_name(check_database(settings_with()))
    assert (found["tables"].level, found["tables"].mend) == ("fail", "Run rrm migrate.")
    assert "coordinators" not in found


def test_a_file_that_is_no_database(settings_with, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "rrm.db").write_text("this is a shopping list, not a database " * 40)
    (finding,) = check_database(settings_with())
    assert finding.level == "fail" and "not a database" in finding.what


def test_a_database_others_can_read(migrated, tmp_path):
    (tmp_path / "var" / "rrm.db").chmod(0o644)
    assert "chmod 600" in by_name(check_database(migrated))["database file"].mend


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_database_we_may_not_write(migrated, tmp_path):
    (tmp_path / "var" / "rrm.db").chmod(0o400)
    assert check_database(migrated)[0].level == "fail"


def test_a_database_server_that_is_away(settings_with):
    (port,) = free_ports(1)
    (finding,) = check_database(settings_with(database__url=f"postgresql+psycopg://rrm@127.0.0.1:{port}/rrm"))
    assert finding.level == "fail" and "database.url" in finding.mend


@pytest.mark.pg
@pytest.mark.parametrize("fsync", [True, False])
def test_postgresql(settings_with, fsync):
    with postgres_server(fsync=fsync) as server:
        url = fresh_database(server)
        store = Store(url)
        upgrade(store)
        store.close()
        found = by_name(check_database(settings_with(database__url=url)))
        drop_database(server, url)
    assert found["database"].what == "answers and may be written (postgresql)"
    assert found["database clock"].level == "ok"
    assert found["durability"].level == ("ok" if fsync else "fail")


# ---------------------------------------------------------------------------------------------- search


def test_no_index_yet(settings_with):
    (finding,) = check_search(settings_with())
    assert (finding.level, finding.name) == ("warn", "search")


def test_an_index_that_answers_but_is_not_calibrated(settings_with):
    settings = settings_with()
    settings.index_folder.mkdir(parents=True)
    searcher = Searcher.open(settings.index_folder, embedder_from("hash"))
    searcher.reconcile(load_collection(settings.collection_folder)[:3])
    searcher.close()
    found = by_name(check_search(settings))
    assert found["search"].what.startswith("answers from 3 fiches")


def test_a_model_that_is_not_there(settings_with):
    (finding,) = check_search(settings_with(search__embedder="oracle"))
    assert finding.level == "fail" and "search.embedder" in finding.mend


# ---------------------------------------------------------------------------------------------- outgoing mail


def smtp(port, **more):
    return {"smtp__enabled": True, "smtp__port": port, "smtp__tls": "off-for-loopback", **more}


async def test_a_server_that_takes_our_letters(settings_with):
    async with SmtpPeer() as peer:
        (finding,) = await check_outgoing(settings_with(**smtp(peer.port)))
    assert finding.level == "ok"
    assert peer.mails == []


async def test_signing_in_under_tls(settings_with, certificates):
    async with SmtpPeer(certificates.server) as peer:
        peer.scripts.append(Script(starttls="ok", auth="ok"))
        choices = smtp(peer.port, smtp__tls="starttls", smtp__username="rrm", smtp__ca_file=certificates.ca_file)
        (finding,) = await check_outgoing(settings_with({"RRM_SMTP__PASSWORD": "correct horse"}, **choices))
    assert (finding.level, "signed in" in finding.what) == ("ok", True)


@pytest.mark.parametrize("script", [Script(starttls="ok", auth="refused"), Script(starttls="refused"), Script(starttls="absent")])
async def test_a_server_that_will_not_have_us(settings_with, certificates, script):
    async with SmtpPeer(certificates.server) as peer:
        peer.scripts.append(script)
        choices = smtp(peer.port, smtp__tls="starttls", smtp__username="rrm", smtp__ca_file=certificates.ca_file)
        (finding,) = await check_outgoing(settings_with({"RRM_SMTP__PASSWORD": "correct horse"}, **choices))
    assert finding.level == "fail"
    assert "correct horse" not in finding.what


async def test_no_mail_server_there(settings_with):
    (port,) = free_ports(1)
    (finding,) = await check_outgoing(settings_with(**smtp(port)))
    assert finding.level == "fail" and "smtp.host" in finding.mend


async def test_plain_text_to_another_machine_is_refused(settings_with):
    (finding,) = await check_outgoing(settings_with(**smtp(25, smtp__host="mail.network.example")))
    assert finding.level == "fail" and "off-for-loopback" in finding.what


async def test_a_certificate_file_that_is_not_there(settings_with):
    (finding,) = await check_outgoing(settings_with(**smtp(25, smtp__tls="starttls", smtp__ca_file="absent.pem")))
    assert finding.level == "fail" and "smtp.ca_file" in finding.mend


# ---------------------------------------------------------------------------------------------- mailbox

PASSWORD = {"RRM_IMAP__PASSWORD": IMAP_PASSWORD}


def imap(port, **more):
    return {"imap__enabled": True, "imap__port": port, "imap__tls": "off-for-loopback", "imap__username": IMAP_USER, **more}


async def test_a_mailbox_with_idle(settings_with):
    async with ImapPeer() as peer:
        (finding,) = await check_mailbox(settings_with(PASSWORD, **imap(peer.port)))
    assert (finding.level, "with IDLE" in finding.what) == ("ok", True)


async def test_a_mailbox_without_idle(settings_with):
    async with ImapPeer(capabilities=("MOVE", "UIDPLUS")) as peer:
        (finding,) = await check_mailbox(settings_with(PASSWORD, **imap(peer.port)))
    assert finding.level == "warn"


async def test_a_wrong_password(settings_with):
    async with ImapPeer() as peer:
        (finding,) = await check_mailbox(settings_with({"RRM_IMAP__PASSWORD": "wrong-horse"}, **imap(peer.port)))
    assert finding.level == "fail" and "imap.password" in finding.mend
    assert "wrong-horse" not in finding.what


async def test_a_mailbox_that_is_not_there(settings_with):
    async with ImapPeer() as peer:
        (finding,) = await check_mailbox(settings_with(PASSWORD, **imap(peer.port, imap__mailbox="Nowhere")))
    assert finding.level == "fail" and "imap.mailbox" in finding.mend


async def test_no_mailbox_server_there(settings_with):
    (port,) = free_ports(1)
    (finding,) = await check_mailbox(settings_with(PASSWORD, **imap(port)))
    assert finding.level == "fail" and "imap.host" in finding.mend


async def test_a_mailbox_server_we_do_not_trust(settings_with, certificates):
    async with ImapPeer(certificates.server) as peer:
        (finding,) = await check_mailbox(settings_with(PASSWORD, **imap(peer.port, imap__tls="implicit")))
    assert finding.level == "fail"


# ---------------------------------------------------------------------------------------------- replies

LISTENING = {"listener__enabled": True, "network__mail_address": "questions@town.eu", "identity__authserv_id": "mx.town.eu"}


async def test_an_example_domain_is_nobodys(settings_with):
    (finding,) = await check_reply_domain(settings_with(listener__enabled=True), lambda domain: ["mx.example"])
    assert finding.level == "fail" and "network.mail_address" in finding.mend


async def test_mail_for_the_domain_is_taken(settings_with):
    asked = []
    (finding,) = await check_reply_domain(settings_with(**LISTENING), lambda domain: asked.append(domain) or ["mx.town.eu"])
    assert (finding.level, asked) == ("ok", ["town.eu"])
    assert "mx.town.eu" in finding.what and "LMTP at 127.0.0.1:8024" in finding.what


async def test_nobody_takes_mail_for_the_domain(settings_with):
    choices = LISTENING | {"network__reply_domain": "reply.town.eu", "network__reply_mailbox": "q"}
    (finding,) = await check_reply_domain(settings_with(**choices), lambda domain: [])
    assert finding.level == "fail"
    assert "reply.town.eu. MX 10" in finding.mend and "q+anything@reply.town.eu" in finding.mend


async def test_no_name_server_answers(settings_with):
    def unanswered(domain):
        raise dns.resolver.LifetimeTimeout(timeout=5, errors=[])

    (finding,) = await check_reply_domain(settings_with(**LISTENING), unanswered)
    assert finding.level == "warn"


# ---------------------------------------------------------------------------------------------- Telegram


async def test_a_bot_that_telegram_knows(settings_with):
    async with BotApiServer() as server:
        settings = settings_with({"RRM_TELEGRAM__TOKEN": server.token}, telegram__enabled=True, telegram__base_url=server.root)
        (finding,) = await check_telegram(settings)
        assert server.calls("getUpdates") == []
    assert (finding.level, "@rrm_demo_bot" in finding.what) == ("ok", True)


async def test_a_token_that_telegram_does_not_know(settings_with):
    async with BotApiServer() as server:
        server.revoke()
        settings = settings_with({"RRM_TELEGRAM__TOKEN": server.token}, telegram__enabled=True, telegram__base_url=server.root)
        (finding,) = await check_telegram(settings)
    assert finding.level == "fail"
    assert server.token not in finding.what


async def test_telegram_out_of_reach(settings_with):
    (port,) = free_ports(1)
    choices = {"telegram__enabled": True, "telegram__base_url": f"http://127.0.0.1:{port}"}
    (finding,) = await check_telegram(settings_with({"RRM_TELEGRAM__TOKEN": "4200000001:" + "x" * 35}, **choices))
    assert finding.level == "fail"


@pytest.mark.parametrize("secrets", [{}, {"RRM_TELEGRAM__TOKEN": "what BotFather said"}])
async def test_no_usable_token(settings_with, secrets):
    (finding,) = await check_telegram(settings_with(secrets, telegram__enabled=True))
    assert finding.level == "fail" and "BotFather" in finding.what + finding.mend


# ---------------------------------------------------------------------------------------------- clock


async def test_a_steady_clock():
    (finding,) = await check_clock()
    assert finding.name == "clock" and finding.level in ("ok", "warn")


async def test_a_clock_that_jumps(monkeypatch):
    import time

    real, calls = time.time, []

    def jumping():
        calls.append(real() + 3600 * len(calls))
        return calls[-1]

    monkeypatch.setattr(time, "time", jumping)
    (finding,) = await check_clock()
    assert finding.level == "fail" and "jumped" in finding.what


async def test_a_clock_of_long_ago(time_machine):
    time_machine.move_to(datetime(1999, 12, 31, tzinfo=UTC) + timedelta(hours=1), tick=True)
    (finding,) = await check_clock()
    assert finding.level == "fail" and "1999-12-31" in finding.what


# ---------------------------------------------------------------------------------------------- choices


@pytest.mark.parametrize(
    ("choices", "name", "level"),
    [
        ({}, "settings", "warn"),  # no channel is on
        ({"telegram__enabled": True}, "settings", "fail"),  # no token
        ({"network__base_url": "http://desk.town.eu"}, "web address", "fail"),
        ({"smtp__enabled": True, "listener__enabled": True}, "web address", "warn"),
        ({"smtp__enabled": True, "listener__enabled": True, "listener__host": "0.0.0.0"}, "listener", "warn"),
        ({"policy__file": "absent.toml"}, "policy", "fail"),
    ],
)
def test_choices_that_bring_trouble(settings_with, choices, name, level):
    found = by_name(check_choices(settings_with(**choices)))
    assert found[name].level == level
    assert found[name].mend


def test_choices_of_a_public_service(settings_with):
    choices = {
        "network__base_url": "https://desk.town.eu",
        "network__mail_address": "questions@town.eu",
        "identity__authserv_id": "mx.town.eu",
        "smtp__enabled": True,
        "listener__enabled": True,
    }
    assert levels(check_choices(settings_with(**choices))) == {"settings": "ok"}


@pytest.mark.parametrize(
    ("choices", "level", "said"),
    [
        ({"identity__authserv_id": "mx.town.eu"}, "ok", "mx.town.eu judges senders"),
        ({"identity__check_signatures": False}, "warn", "every expert's reply is held"),
        ({}, "warn", "DKIM signatures are checked here"),
    ],
)
async def test_who_judges_senders_and_what_it_means(settings_with, choices, level, said):
    with DnsPeer() as names:
        choices = {"listener__enabled": True, "identity__dns_servers": [names.address]} | choices
        (finding,) = await check_identity(settings_with(**choices))
    assert finding.level == level and said in finding.what
    assert level == "ok" or "identity.authserv_id" in finding.mend


async def test_a_silent_name_server_is_found_before_an_expert_waits(settings_with):
    with DnsPeer() as names:
        names.silent = True
        (finding,) = await check_identity(settings_with(listener__enabled=True, identity__dns_servers=[names.address]))
    assert finding.level == "fail" and "identity.dns_servers" in finding.mend
    assert await check_identity(settings_with()) == [], "no mail comes in"


def test_a_settings_file_that_others_can_change(settings_with, tmp_path):
    (tmp_path / "rrm.toml").write_text("[telegram]\n")
    (tmp_path / "rrm.toml").chmod(0o666)
    assert any("chmod go-w" in finding.mend for finding in check_choices(settings_with()))


# ---------------------------------------------------------------------------------------------- all together


async def test_everything_is_looked_at_in_a_fixed_order(migrated):
    names = [finding.name for finding in await examine(migrated)]
    expected = ["settings", "database", "tables", "search", "Telegram", "outgoing mail", "mailbox", "replies by mail", "clock"]
    assert [name for name in names if name in expected] == expected


async def test_a_check_that_takes_too_long_is_a_finding(settings_with):
    silent = socket.create_server(("127.0.0.1", 0))  # takes connections and never says a word
    with silent:
        port = silent.getsockname()[1]
        found = by_name(await examine(settings_with(**smtp(port)), patience=1.0))
    assert found["outgoing mail"].level == "fail"
    assert found["clock"].level in ("ok", "warn")


async def test_a_check_that_breaks_is_a_finding(settings_with):
    def broken(domain):
        raise RuntimeError("out of order")

    found = by_name(await examine(settings_with(**LISTENING), lookup=broken))
    assert "out of order" in found["replies by mail"].what
    assert "settings" in found
