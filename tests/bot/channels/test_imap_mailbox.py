"""Reading a mailbox whose server breaks in every way: nothing lost, nothing twice in effect, nobody needed."""

import asyncio
import contextlib
import logging
from random import Random

import pytest

from bot.channels.imap import ImapMailbox
from bot.channels.imap_settings import ImapSettings
from bot.secrets import Secret
from tests.fakes.imap_peer import PASSWORD, USER, ImapPeer
from tests.fakes.waiting import running, until

QUICK = {"tls": "off-for-loopback", "backoff": (0.01, 0.05), "refused_backoff": (0.02, 0.05), "read_timeout": 1.0, "idle": 5.0}


def mail(number, size=0):
    return f"From: a@city.example\r\nSubject: mail {number}\r\n\r\nText {number}\r\n".encode() + b"x" * size


class Intake:
    """Stores like the real one: a name known already is a repeat; can be away."""

    def __init__(self):
        self.rows, self.calls, self.away = {}, [], 0

    async def accept(self, external_id, raw, envelope):
        self.calls.append(external_id)
        if self.away:
            self.away -= 1
            raise ConnectionError("the database is away")
        new = external_id not in self.rows
        self.rows.setdefault(external_id, (raw, envelope))
        return new

    @property
    def texts(self):
        return [raw for raw, _ in self.rows.values()]


class Cursor:
    def __init__(self, value=None):
        self.value, self.saves, self.away = value, [], 0

    async def load(self):
        return self.value

    async def save(self, value):
        if self.away:
            self.away -= 1
            raise ConnectionError("the database is away")
        self.value = value
        self.saves.append(value)


class Desk:
    """One mailbox being read: intake, cursor and what was told to people."""

    def __init__(self, peer, **settings):
        self.intake, self.cursor, self.alerts = Intake(), Cursor(), []
        options = {"host": "127.0.0.1", "port": peer.port, "user": USER, "password": Secret(PASSWORD)} | QUICK | settings
        self.mailbox = ImapMailbox(ImapSettings(**options), self.cursor, alert=self.alert, luck=Random(1))

    async def alert(self, code, text):
        self.alerts.append((code, text))

    @property
    def codes(self):
        return [code for code, _ in self.alerts]

    @contextlib.asynccontextmanager
    async def open(self):
        async with running(self.mailbox.listen(self.intake.accept)):
            yield self


async def idle(peer):
    await until(lambda: peer.idling == 1)


# --------------------------------------------------------------------------------------------------- the ordinary way


async def test_what_is_there_is_read_and_what_comes_is_pushed():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1), mail(2))
        async with Desk(peer).open() as desk:
            await idle(peer)
            await peer.deliver(mail(3))
            await until(lambda: len(desk.intake.rows) == 3)
            await until(lambda: desk.cursor.value == {"uidvalidity": 1000, "uid": 3})
    assert list(desk.intake.rows) == ["imap:INBOX:1000:1", "imap:INBOX:1000:2", "imap:INBOX:1000:3"]
    assert desk.intake.texts == [mail(1), mail(2), mail(3)] and peer.fetched == [1, 2, 3]
    assert peer.connections == 1 and desk.alerts == [] and desk.mailbox.heard_at is not None
    assert not any(stored.flags for stored in peer.mails), "reading leaves no trace"
    raw, envelope = desk.intake.rows["imap:INBOX:1000:2"]
    assert envelope["uid"] == 2 and envelope["size"] == len(raw) and envelope["mailbox"] == "INBOX" and "note" not in envelope


async def test_bytes_are_bytes():
    odd = b"Subject: \xff\x00\r\n\r\n" + bytes(range(256)) + b"\r\n) A1 OK {12}\r\n"
    async with ImapPeer() as peer:
        await peer.deliver(odd)
        async with Desk(peer).open() as desk:
            await until(lambda: desk.intake.texts == [odd])


async def test_news_in_one_packet_with_the_idle_prompt_are_not_slept_over():
    async with ImapPeer() as peer:
        peer.faults.glued = 1
        async with Desk(peer, idle=300.0).open() as desk:
            await until(lambda: peer.faults.glued == 0)
            await until(lambda: peer.journal.count("IDLE") >= 2)
            await peer.deliver(mail(1))
            await until(lambda: desk.intake.texts == [mail(1)])


@pytest.mark.parametrize("verb", ["SEARCH", "FETCH", "STORE", "NOOP"])
async def test_news_told_with_the_answer_to_another_command_are_not_slept_over(verb):
    """A server tells of a mail once; IDLE would then wait for the next, or for its renewal after nine minutes."""
    async with ImapPeer() as peer:
        peer.put(mail(1))
        peer.faults.meanwhile[verb] = mail(2)
        async with Desk(peer, idle=0.5 if verb == "NOOP" else 600.0, afterwards="seen").open() as desk:
            await until(lambda: desk.intake.texts == [mail(1), mail(2)])
    assert peer.connections == 1


async def test_idle_is_renewed_and_checked_and_a_mail_nobody_announced_is_found():
    async with ImapPeer() as peer, Desk(peer, idle=0.1).open() as desk:
        await until(lambda: peer.journal.count("IDLE") >= 2)
        peer.put(mail(1))
        await until(lambda: len(desk.intake.rows) == 1)
    assert "NOOP" in peer.journal and peer.journal.count("IDLE") >= 2 and peer.connections == 1


async def test_a_server_that_talks_before_its_idle_prompt_is_still_idled_with():
    async with ImapPeer() as peer:
        peer.faults.chatty = True
        async with Desk(peer).open() as desk:
            await until(lambda: peer.journal.count("IDLE") >= 2)
            peer.faults.chatty = False
            await idle(peer)
            await peer.deliver(mail(1))
            await until(lambda: len(desk.intake.rows) == 1)
    assert peer.connections == 1


async def test_a_server_without_idle_is_asked():
    async with ImapPeer(capabilities=("MOVE",)) as peer, Desk(peer, poll=0.05).open() as desk:
        await until(lambda: "NOOP" in peer.journal)
        await peer.deliver(mail(1))
        await until(lambda: len(desk.intake.rows) == 1)
    assert "IDLE" not in peer.journal


async def test_a_server_that_offers_idle_and_refuses_it_is_asked_too():
    async with ImapPeer() as peer:
        peer.faults.refuse = {"IDLE"}
        async with Desk(peer, poll=0.05).open() as desk:
            await until(lambda: peer.journal.count("NOOP") >= 2)
            await peer.deliver(mail(1))
            await until(lambda: len(desk.intake.rows) == 1)
    assert peer.journal.count("IDLE") == 1 and desk.alerts == []


async def test_a_backlog_is_drained_in_order():
    async with ImapPeer() as peer:
        await peer.deliver(*(mail(number) for number in range(450)))
        async with Desk(peer).open() as desk:
            await until(lambda: len(desk.intake.rows) == 450, 60)
    assert desk.intake.texts == [mail(number) for number in range(450)] and peer.connections == 1


# ------------------------------------------------------------------------------------------------ stored, then acknowledged


async def test_while_the_database_is_away_the_cursor_stays_and_the_mail_comes_again():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1), mail(2))
        desk = Desk(peer, afterwards="seen")
        desk.intake.away = 3
        async with desk.open():
            await until(lambda: len(desk.intake.rows) == 2)
            await until(lambda: desk.cursor.value["uid"] == 2)
    assert desk.intake.calls[:4] == ["imap:INBOX:1000:1"] * 4 and peer.connections == 4
    assert [saved["uid"] for saved in desk.cursor.saves] == [0, 1, 2]


async def test_killed_between_commit_and_cursor_the_same_mail_comes_under_the_same_name():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1))
        desk = Desk(peer)
        async with desk.open():
            await until(lambda: desk.cursor.value == {"uidvalidity": 1000, "uid": 1})
        desk.cursor.value = {"uidvalidity": 1000, "uid": 0}
        async with desk.open():
            await until(lambda: len(desk.intake.calls) == 2)
    assert desk.intake.calls == ["imap:INBOX:1000:1"] * 2 and len(desk.intake.rows) == 1


async def test_a_cursor_that_cannot_be_saved_means_once_more_not_never():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1), mail(2))
        desk = Desk(peer)
        desk.cursor.value, desk.cursor.away = {"uidvalidity": 1000, "uid": 0}, 1
        async with desk.open():
            await until(lambda: desk.cursor.value["uid"] == 2)
    assert desk.intake.calls == ["imap:INBOX:1000:1", "imap:INBOX:1000:1", "imap:INBOX:1000:2"]


async def test_a_restart_reads_only_what_is_new_whatever_others_flagged_or_deleted():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1), mail(2), mail(3))
        for stored in peer.mails:
            stored.flags.add("\\Seen")
        del peer.mails[1]
        desk = Desk(peer)
        desk.cursor.value = {"uidvalidity": 1000, "uid": 1}
        async with desk.open():
            await until(lambda: desk.cursor.value["uid"] == 3)
    assert list(desk.intake.rows) == ["imap:INBOX:1000:3"]


async def test_nothing_above_the_cursor_is_not_the_last_mail_again():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1))
        desk = Desk(peer, idle=0.05)
        desk.cursor.value = {"uidvalidity": 1000, "uid": 1}
        async with desk.open():
            await until(lambda: peer.journal.count("IDLE") >= 3)
    assert desk.intake.calls == [] and peer.fetched == []


async def test_uidvalidity_changes_everything_is_read_again_and_a_person_hears():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1), mail(2))
        del peer.mails[0]
        async with Desk(peer).open() as desk:
            await idle(peer)
            peer.renumber()
            await until(lambda: desk.cursor.value == {"uidvalidity": 1001, "uid": 1})
    assert list(desk.intake.rows) == ["imap:INBOX:1000:2", "imap:INBOX:1001:1"]
    assert desk.codes == ["mailbox-renumbered"]


# ---------------------------------------------------------------------------------------------------------- afterwards


async def test_stored_mail_is_flagged_when_asked():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1))
        async with Desk(peer, afterwards="seen").open() as desk:
            await until(lambda: desk.cursor.value and desk.cursor.value["uid"] == 1)
    assert peer.mails[0].flags == {"\\Seen"} and "SELECT INBOX" in " ".join(peer.journal).replace('"', "")


@pytest.mark.parametrize("capabilities", [("IDLE", "MOVE"), ("IDLE", "UIDPLUS"), ("IDLE",)])
async def test_stored_mail_is_moved_and_nothing_of_others_is_expunged(capabilities):
    async with ImapPeer(capabilities=capabilities) as peer:
        await peer.deliver(mail(1), mail(2))
        peer.mails[1].flags.add("\\Deleted")
        desk = Desk(peer, afterwards="move:Done")
        desk.cursor.value = {"uidvalidity": 1000, "uid": 0}
        peer.mails[1].uid, peer.uidnext = 50, 51
        async with desk.open():
            await until(lambda: peer.folders["Done"][:1] == [mail(1)])
            await until(lambda: desk.cursor.value["uid"] == 50)
    assert peer.folders["Done"] == [mail(1), mail(2)] and len(desk.intake.rows) == 2
    assert "EXPUNGE" not in peer.journal, "only ever by UID"


async def test_a_missing_folder_is_told_once_and_holds_nothing_up():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1), mail(2))
        async with Desk(peer, afterwards="move:Nowhere").open() as desk:
            await until(lambda: desk.cursor.value and desk.cursor.value["uid"] == 2)
    assert len(desk.intake.rows) == 2 and desk.codes == ["mailbox-put-away"] and peer.connections == 1


async def test_cut_between_storing_and_flagging_the_mail_is_stored_once_and_flagged_in_the_end():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1))
        peer.faults.cut_at = ["STORE"]
        async with Desk(peer, afterwards="seen").open() as desk:
            await until(lambda: desk.cursor.value and desk.cursor.value["uid"] == 1)
    assert len(desk.intake.calls) == 2 and len(desk.intake.rows) == 1 and peer.mails[0].flags == {"\\Seen"}


# --------------------------------------------------------------------------------------------------------- lost connections


@pytest.mark.parametrize("fault", ["cut_at", "bye_at"])
@pytest.mark.parametrize("verb", ["CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "FETCH", "IDLE", "NOOP"])
async def test_a_connection_lost_at_any_step_is_made_anew(verb, fault):
    async with ImapPeer() as peer:
        await peer.deliver(mail(1))
        setattr(peer.faults, fault, [verb])
        async with Desk(peer, idle=0.1).open() as desk:
            await until(lambda: getattr(peer.faults, fault) == [])
            await until(lambda: len(desk.intake.rows) == 1)
            await idle(peer)
            await peer.deliver(mail(2))
            await until(lambda: len(desk.intake.rows) == 2)
    assert peer.connections == 2 and desk.alerts == []


async def test_dropped_during_idle_it_comes_back_at_once_and_reads_what_it_missed():
    async with ImapPeer() as peer, Desk(peer, idle=300.0).open() as desk:
        await idle(peer)
        peer.drop()
        await peer.deliver(mail(1))
        await until(lambda: len(desk.intake.rows) == 1)
    assert peer.connections == 2


async def test_bye_during_idle():
    async with ImapPeer() as peer, Desk(peer, idle=300.0).open() as desk:
        await idle(peer)
        for writer in list(peer._writers):
            writer.write(b"* BYE idle for too long\r\n")
        await until(lambda: peer.connections == 2)
        await peer.deliver(mail(1))
        await until(lambda: len(desk.intake.rows) == 1)


async def test_a_connection_that_died_without_a_word_is_found_by_asking():
    async with ImapPeer() as peer:
        peer.faults.dead = True
        async with Desk(peer, idle=0.2, read_timeout=0.3).open() as desk:
            await until(lambda: peer.idling >= 1)
            peer.faults.dead = False
            await peer.deliver(mail(1))
            await until(lambda: len(desk.intake.rows) == 1)
    assert peer.connections >= 2


async def test_nobody_listening_is_told_after_a_while_and_so_is_the_return():
    async with ImapPeer() as peer:
        desk = Desk(peer)
        await peer.stop()
        async with desk.open():
            await until(lambda: "mailbox-connection" in desk.codes)
            await peer.start()
            await until(lambda: "mailbox-back" in desk.codes)
    assert desk.codes == ["mailbox-connection", "mailbox-back"]


# ------------------------------------------------------------------------------------------------- refusals that need a person


async def test_a_refused_login_is_told_once_without_the_password_and_mended_without_a_restart(caplog):
    caplog.set_level(logging.DEBUG)
    async with ImapPeer() as peer:
        peer.faults.refuse = {"LOGIN"}
        async with Desk(peer).open() as desk:
            await until(lambda: peer.journal.count("LOGIN") >= 3)
            peer.faults.refuse = set()
            await until(lambda: "mailbox-back" in desk.codes)
            await peer.deliver(mail(1))
            await until(lambda: len(desk.intake.rows) == 1)
    assert desk.codes == ["mailbox-login", "mailbox-back"]
    assert PASSWORD not in caplog.text + str(desk.alerts)


async def test_a_wrong_password_repeated_by_the_server_is_not_repeated_by_us(caplog):
    caplog.set_level(logging.DEBUG)
    async with ImapPeer() as peer, Desk(peer, password=Secret("wrong-but-secret")).open() as desk:
        await until(lambda: desk.alerts)
    assert desk.codes == ["mailbox-login"] and "wrong-but-secret" not in caplog.text + str(desk.alerts)


async def test_a_refused_login_is_not_tried_in_a_hot_loop():
    async with ImapPeer() as peer:
        peer.faults.refuse = {"LOGIN"}
        async with Desk(peer, refused_backoff=(60.0, 900.0)).open() as desk:
            await until(lambda: desk.alerts)
            await asyncio.sleep(0.3)
    assert peer.journal.count("LOGIN") == 1


async def test_a_missing_mailbox_is_told_once():
    async with ImapPeer() as peer, Desk(peer, mailbox="Elsewhere").open() as desk:
        await until(lambda: peer.connections >= 3)
    assert desk.codes == ["mailbox-mailbox"]


async def test_an_alert_that_fails_stops_nothing():
    async with ImapPeer() as peer:
        peer.faults.refuse = {"LOGIN"}
        desk = Desk(peer)
        desk.mailbox._alert = desk.intake.accept  # wrong signature: it raises
        async with desk.open():
            await until(lambda: peer.connections >= 3)


# ----------------------------------------------------------------------------------------------------------- odd answers


@pytest.mark.parametrize("literal", [40, -40])
async def test_a_literal_of_the_wrong_length_is_never_stored(literal):
    async with ImapPeer() as peer:
        peer.faults.literal, peer.faults.times = literal, 1
        await peer.deliver(mail(1, 100), mail(2))
        async with Desk(peer, read_timeout=0.3).open() as desk:
            await until(lambda: len(desk.intake.rows) == 2)
    assert desk.intake.texts == [mail(1, 100), mail(2)]


async def test_a_text_cut_short_once_is_fetched_again():
    async with ImapPeer() as peer:
        peer.faults.short, peer.faults.times = 10, 1
        await peer.deliver(mail(1))
        async with Desk(peer).open() as desk:
            await until(lambda: len(desk.intake.rows) == 1)
    assert desk.intake.texts == [mail(1)]


async def test_a_server_that_only_estimates_sizes_is_believed():
    async with ImapPeer() as peer:
        peer.faults.size = 7
        await peer.deliver(mail(1))
        async with Desk(peer).open() as desk:
            await until(lambda: len(desk.intake.rows) == 1)
    assert desk.intake.texts == [mail(1)] and peer.connections == 1


async def test_an_oversized_mail_is_handed_over_by_its_headers():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1, 5000), mail(2))
        async with Desk(peer, size_limit=1000).open() as desk:
            await until(lambda: len(desk.intake.rows) == 2)
    raw, envelope = desk.intake.rows["imap:INBOX:1000:1"]
    assert raw == b"From: a@city.example\r\nSubject: mail 1\r\n\r\n" and peer.fetched == [2]
    assert envelope["oversized"] == len(mail(1, 5000)) and "limit" in envelope["note"]


async def test_a_mail_that_breaks_its_server_delays_nobody_for_long():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1), mail(2), mail(3))
        peer.faults.poison_whole, peer.faults.poison = {1}, {2}
        async with Desk(peer).open() as desk:
            await until(lambda: len(desk.intake.rows) == 3, 20)
    assert desk.intake.rows["imap:INBOX:1000:1"][0] == mail(1).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert desk.intake.rows["imap:INBOX:1000:2"][0] == b""
    assert all(desk.intake.rows[f"imap:INBOX:1000:{uid}"][1]["unfetchable"] for uid in (1, 2))
    assert desk.intake.rows["imap:INBOX:1000:3"][0] == mail(3)


async def test_a_mail_listed_but_not_given_is_not_stepped_over():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1), mail(2))
        peer.faults.omit = {1}
        async with Desk(peer, backoff=(0.1, 0.1)).open() as desk:
            await until(lambda: peer.connections == 2)
            assert desk.cursor.value["uid"] == 0 and desk.intake.rows == {}
            peer.faults.omit = set()
            await until(lambda: len(desk.intake.rows) == 2)
    assert desk.intake.texts == [mail(1), mail(2)]


# ------------------------------------------------------------------------------------------------------ encryption, the end


async def test_implicit_tls_is_verified(certificates, foreign_certificates):
    async with ImapPeer(tls=certificates.server) as peer:
        await peer.deliver(mail(1))
        async with Desk(peer, tls="implicit", ca_file=certificates.ca_file).open() as desk:
            await until(lambda: len(desk.intake.rows) == 1)
        async with Desk(peer, tls="implicit", ca_file=foreign_certificates.ca_file).open() as desk:
            await until(lambda: desk.alerts)
    assert desk.codes == ["mailbox-encryption"] and desk.intake.rows == {}


async def test_news_are_pushed_through_tls_also_in_one_packet_with_the_prompt(certificates):
    async with ImapPeer(tls=certificates.server) as peer:
        peer.faults.glued = 1
        async with Desk(peer, tls="implicit", ca_file=certificates.ca_file, idle=300.0).open() as desk:
            await until(lambda: peer.journal.count("IDLE") >= 2)
            await idle(peer)
            await peer.deliver(mail(1))
            await until(lambda: desk.intake.texts == [mail(1)])
            await idle(peer)
            peer.drop()
            await peer.deliver(mail(2))
            await until(lambda: desk.intake.texts == [mail(1), mail(2)])


async def test_starttls_not_offered_means_no_login():
    async with ImapPeer() as peer, Desk(peer, tls="starttls").open() as desk:
        await until(lambda: desk.alerts)
    assert desk.codes == ["mailbox-encryption"] and "LOGIN" not in peer.journal


@pytest.mark.parametrize(
    "settings", [{"host": "mail.example"}, {"tls": "none"}, {"afterwards": "delete"}, {"afterwards": "move:"}]
)
def test_settings_that_are_refused(settings):
    with pytest.raises(ValueError, match="imap"):
        ImapSettings(**({"host": "127.0.0.1", "user": USER, "password": Secret(PASSWORD), "tls": "off-for-loopback"} | settings))


async def test_cancelled_during_idle_it_ends_at_once_and_lets_the_server_go():
    async with ImapPeer() as peer:
        async with Desk(peer, idle=300.0).open():
            await idle(peer)
        await until(lambda: not peer._writers)


async def test_cancelled_while_storing_the_cursor_has_not_moved():
    async with ImapPeer() as peer:
        await peer.deliver(mail(1))
        desk = Desk(peer)
        reached = asyncio.Event()

        async def never(_external_id, _raw, _envelope):
            reached.set()
            await asyncio.sleep(3600)

        desk.intake.accept = never
        async with desk.open():
            await reached.wait()
    assert desk.cursor.value == {"uidvalidity": 1000, "uid": 0}
