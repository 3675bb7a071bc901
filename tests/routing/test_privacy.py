"""A person's data: all of it on request, and after erasure none of it anywhere in the database."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, text

from routing import commands, handing, intake, outbox, privacy, wishes
from routing.errors import Refused
from routing.models import Address, Base, FicheText, OutboxMessage, Person, Question, StatusLink
from routing.notices import SORTS
from routing.store import Store
from routing.values import AttachedFile, Incoming, Kind, Sent, Unreadable
from tests.world import ASKER_MAIL, CHAT, DEPUTY, DESK

CANARY = "zanzibarous"
ASKED = f"How did you finance a {CANARY} welding workshop for villages?"


def traces(world, *words):
    """Every column of every row that holds one of the words, whatever its type."""
    found = []
    with world.store.transaction() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')).mappings():
                for column, value in row.items():
                    plain = (
                        bytes(value)
                        if isinstance(table.c[column].type, LargeBinary) and value is not None
                        else str(value).encode()
                    )
                    found += [(table.name, column, word) for word in words if word.encode() in plain]
    return sorted(set(found))


def person_of(world, address):
    with world.store.snapshot() as session:
        return session.get(Person, world.all(Address, address=address)[0].person_id)


def forget(world, address):
    with world.store.transaction() as session:
        person = session.get(Person, person_of(world, address).id)
        return commands.forget_person(session, world.office, person, world.now)


def a_full_life(world):
    """A question with a file, an answer that quotes it, a draft, held copies, a bounce, something unreadable."""
    file = AttachedFile(f"{CANARY}.pdf", "application/pdf", CANARY.encode())
    quote = f"> {ASKED}\n> {ASKER_MAIL}"
    world.mail(ASKER_MAIL, ASKED, subject=f"A {CANARY} question", sender_name=CANARY, attachments=(file,),
               message_id="<a@lisboa.example>", fingerprint="one")  # fmt: skip
    world.mail(ASKER_MAIL, ASKED, fingerprint="one")
    world.search()
    letter = world.letter("assignment", DESK)
    world.mail(DEPUTY, "No.", to=letter, cut=quote, subject=f"Re: {CANARY}")
    world.mail(DESK, "Question for the asker: how many villages?", to=letter, cut=quote)
    world.mail(ASKER_MAIL, f"Twelve {CANARY} ones.", to=world.letter("ask_back", ASKER_MAIL))
    world.mail(DESK, f"You asked: {ASKED}\nWe leased a lorry.", to=letter, cut=quote)
    world.mail("mailer-daemon@mx.example", CANARY, kind=Kind.BOUNCE, references=(letter.message_id,))
    world.hear(Unreadable("email", "odd"), raw=f"From: {ASKER_MAIL}\n\n{CANARY}".encode())
    with world.store.transaction() as session:
        raw = f"From: {ASKER_MAIL}\n\n{CANARY}".encode()
        intake.receive(session, channel="email", external_id="unread", raw=raw, now=world.now)
        claims = outbox.claim(session, worker="w", now=world.now, limit=100)
        outbox.settle_sent(session, claims[0], Sent(), world.now)
        refused = Refused(f"<{ASKER_MAIL}> {CANARY}", address_is_dead=False)
        outbox.settle_failure(session, claims[1], refused, world.now, world.office.policy.outbox, None)


def test_after_erasure_nothing_of_a_person_is_left(small):
    a_full_life(small)
    assert len(traces(small, CANARY, "lisboa")) > 15
    assert forget(small, ASKER_MAIL) == "forgotten"
    last = small.letter("forgotten", ASKER_MAIL)
    assert all(one.revoked_at for one in small.all(StatusLink)) and small.all(StatusLink)
    assert traces(small, CANARY) == []
    assert traces(small, "lisboa") == [("address", "address", "lisboa")], "only what the last letter needs"
    small.send_all()
    small.sweep()
    assert traces(small, CANARY, "lisboa") == [] and small.all(OutboxMessage, id=last.id)[0].text == privacy.ERASED
    assert small.question().state == "closed" and small.question().closed_because
    with small.store.snapshot() as session:
        [draft] = session.query(FicheText).all()
        assert "We leased a lorry." in draft.sections["activities"] and draft.title == small.question().number


def test_a_last_letter_that_cannot_go_out_leaves_nothing_either(small):
    a_full_life(small)
    forget(small, ASKER_MAIL)
    with small.store.transaction() as session:
        [claimed] = outbox.claim(session, worker="w", now=small.now, limit=100)
        outbox.settle_failure(session, claimed, Refused("gone"), small.now, small.office.policy.outbox, None)
    small.sweep()
    assert traces(small, CANARY, "lisboa") == []


def test_who_writes_again_before_the_last_letter_is_out_is_not_lost(small):
    a_full_life(small)
    forget(small, ASKER_MAIL)
    small.now += timedelta(hours=3)  # a person; machines answer at once
    row = small.mail(ASKER_MAIL, "Who pays for the teachers?")
    small.send_all()
    small.sweep()
    assert row.state == "handled" and small.all(Address, address=ASKER_MAIL)
    small.search()
    assert small.letters("receipt", ASKER_MAIL)[-1].question_id == small.question().id


def test_erasing_a_chat(small):
    small.chat(ASKED, sender_name=CANARY, message_id=f"tg:{CHAT}:1")
    update = json.dumps({"message": {"chat": {"id": int(CHAT)}, "text": CANARY}}).encode()
    other = json.dumps({"message": {"chat": {"id": int(CHAT + "7")}, "text": "not theirs"}}).encode()
    small.search()
    small.send_all()
    for name, raw in (("a", update), ("b", other)):
        with small.store.transaction() as session:
            intake.receive(session, channel="telegram", external_id=name, raw=raw, now=small.now)
    forget(small, CHAT)
    assert traces(small, CANARY) == []
    with small.store.snapshot() as session:
        raws = session.execute(text("SELECT raw FROM inbox_message WHERE channel = 'telegram'")).scalars()
        assert [bytes(raw) for raw in raws if raw] == [other]


def test_a_person_without_a_working_address_is_erased_without_a_letter(small):
    small.mail(ASKER_MAIL, ASKED)
    with small.store.transaction() as session:
        session.query(Address).filter_by(address=ASKER_MAIL).one().dead_at = small.now
    forget(small, ASKER_MAIL)
    assert small.letters("forgotten") == [] and traces(small, CANARY, "lisboa") == []


def test_the_button_of_the_chat_erases(small):
    small.chat(ASKED)
    small.chat("", kind=Kind.COMMAND, command="forget")
    small.press("forget_yes", small.letter("forget_confirm", CHAT))
    assert traces(small, CANARY) == [] and small.question().state == "closed"


def test_keeping_the_data_is_answered(small):
    small.chat(ASKED)
    small.chat("", kind=Kind.COMMAND, command="forget")
    confirm = small.letter("forget_confirm", CHAT)
    small.press("forget_no", confirm)
    assert small.letter("forget_kept", CHAT) and small.question().text == ASKED


def test_the_export_holds_all_and_only_this_person(small):
    a_full_life(small)
    small.mail("other-desk@porto.example", "Who pays for the teachers?")
    with small.store.snapshot() as session:
        person = session.get(Person, person_of(small, ASKER_MAIL).id)
        told = privacy.export(session, person)
    assert [one["address"] for one in told["addresses"]] == [ASKER_MAIL]
    assert [one["text"] for one in told["questions"]] == [small.all(Question)[0].text]
    assert told["answers"][0]["released"] and told["letters"] and len(told["messages"]) >= 3
    assert "porto" not in json.dumps(told)


def test_the_export_comes_as_a_file(small):
    small.chat(ASKED)
    small.chat("", kind=Kind.COMMAND, command="export")
    [file] = small.letter("export_ready", CHAT).files
    assert json.loads(bytes.fromhex(file["content"]))["questions"][0]["text"] == ASKED


def test_sqlite_overwrites_what_is_erased(tmp_path):
    """PostgreSQL's vacuum does the same by itself."""
    store = Store(f"sqlite:///{tmp_path / 'rrm.db'}")
    with store.snapshot() as session:
        assert session.execute(text("PRAGMA secure_delete")).scalar() == 1


def test_held_guesses_are_erased_too(small):
    letter = small.assigned(ASKED)
    row = small.mail("x@y.example", "An answer", references=(letter.message_id,), cut=f"> {ASKED}")
    assert row.state == "held"
    forget(small, ASKER_MAIL)
    assert traces(small, CANARY) == []


def test_a_group_is_erased_by_any_of_its_members_only_with_the_button(small):
    small.hear(Incoming("telegram", Kind.COMMAND, "command", "-7", command="forget", group=True))
    letter = small.letter("forget_confirm", "-7")
    assert small.press("forget_yes", letter, sender=CHAT).outcome == "unknown or foreign button"


@pytest.mark.parametrize("sent", [True, False])
def test_alerts_and_digests_forget_with_us(small, sent):
    """A coordinator's bundle quotes many people: of whoever is erased nothing stays, and the others are told again."""
    with small.store.transaction() as session:
        chosen = wishes.Chosen(True, SORTS, 15, False, ("mon",), "00:00", "00:00", "UTC", "", None)
        wishes.choose(session, 1, chosen, by="user:1", now=small.now)
    for sender in (ASKER_MAIL, "other@lisboa.example"):
        small.mail(sender, f"Zanzibarine: who pays for the lorry of {sender}?")
        with small.store.transaction() as session:
            handing.hand_to_coordinator(session, small.office, session.get(Question, small.question().id), "no_roster", small.now)
    first, second = small.all(Question)
    small.sweep()
    assert first.number in small.letter("co_burning").text
    if sent:
        small.send_all()
    with small.store.transaction() as session:
        privacy.erase(session, session.get(Person, first.asker_id), small.now)
    assert all(first.number not in one.text and ASKER_MAIL not in one.text for one in small.letters("co_burning"))
    small.now += timedelta(hours=1)
    small.sweep()
    told = [one for one in small.letters("co_burning") if second.number in one.text]
    assert len(told) == (0 if sent else 1), "told before, or else again"
