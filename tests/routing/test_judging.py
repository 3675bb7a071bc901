"""What a message is taken for: repeats, copies that say more, words by mail, moved chats, files that cannot be had."""

import pytest

from routing import held, intake, judge
from routing.models import Address, InboxMessage, OutboxMessage, Person, Question
from routing.people import address_of
from routing.values import AttachedFile, Incoming, Kind, Unreadable
from tests.world import ASKER_MAIL, CHAT, DESK, OTHER_QUESTION


def states(world):
    return [row.state for row in world.all(InboxMessage)]


def test_the_same_mail_under_another_name_is_ignored(small):
    """A mailbox that was renumbered hands everything over again."""
    for _ in range(3):
        small.mail(ASKER_MAIL, OTHER_QUESTION, fingerprint="abc", message_id="<one@lisboa.example>")
    assert states(small) == ["handled", "ignored", "ignored"] and len(small.all(Question)) == 1
    assert [row.sender for row in small.all(InboxMessage)] == [ASKER_MAIL] * 3, "a repeat can be found and erased too"


def test_another_mail_with_a_used_message_id_is_not_swallowed(small):
    small.mail(ASKER_MAIL, OTHER_QUESTION, fingerprint="abc", message_id="<one@lisboa.example>")
    small.mail(ASKER_MAIL, "Who pays for the teachers?", fingerprint="def", message_id="<one@lisboa.example>")
    assert states(small) == ["handled", "handled"] and len(small.all(Question)) == 2


def test_what_cannot_be_read_is_held_once(small):
    rows = [small.hear(Unreadable("email", "it is no mail"), raw=b"\x00") for _ in range(2)]
    assert [row.state for row in rows] == ["held", "ignored"]
    assert small.hear(Unreadable("email", "it is no mail"), raw=b"\x01").state == "held"
    assert [small.hear(Unreadable("email", "too large"), raw=b"").state for _ in range(2)] == ["held", "held"]


def test_a_mail_that_stopped_workers_repeats_its_copy_that_got_through(small):
    """Held unread it claims nothing, so the copy from another door is taken; tried again it is known as a repeat."""
    with small.store.transaction() as session:
        stopped = intake.receive(session, channel="email", external_id="lmtp:1", raw=b"raw", now=small.now)
    for _ in range(intake.MOST_ATTEMPTS + 1):
        small.now += intake.LEASE
        with small.store.transaction() as session:
            intake.claim(session, small.now)
    assert [row.rule for row in small.all(InboxMessage)] == ["poison"]
    small.mail(ASKER_MAIL, OTHER_QUESTION, fingerprint="abc")
    with small.store.transaction() as session:
        held.try_again(session, stopped, by="person:1", now=small.now)
    with small.store.transaction() as session:
        (taken,) = intake.claim(session, small.now)
        again = Incoming("email", Kind.MESSAGE, "human", ASKER_MAIL, OTHER_QUESTION, fingerprint="abc")
        assert "repeat" in judge.accept(session, small.office, taken, again, small.now)
    assert len(small.all(Question)) == 1


def test_of_two_copies_the_one_with_the_reply_address_counts(small):
    """To questions@ and, blindly, to the reply address: only the second copy names the question."""
    letter = small.assigned()
    first = small.mail(DESK, "We leased a lorry.", fingerprint="abc")
    assert first.state == "held"
    second = small.mail(DESK, "We leased a lorry.", to=letter, fingerprint="abc")
    assert second.state == "handled" and small.letter("answer", ASKER_MAIL)
    assert small.all(InboxMessage, id=first.id)[0].state == "ignored"
    assert small.mail(DESK, "We leased a lorry.", fingerprint="abc").state == "ignored"
    assert small.mail(DESK, "We leased a lorry.", to=letter, fingerprint="abc").state == "ignored"


def test_a_copy_with_a_reply_address_waits_for_a_person_when_the_other_has_become_a_question(small):
    receipt = (small.assigned(), small.letter("receipt", ASKER_MAIL))[1]
    small.mail(ASKER_MAIL, "Who pays for the teachers?", fingerprint="abc")
    row = small.mail(ASKER_MAIL, "Who pays for the teachers?", to=receipt, fingerprint="abc")
    assert row.state == "held" and "question" in row.reason
    assert small.mail(ASKER_MAIL, "Who pays for the teachers?", fingerprint="abc").state == "ignored"


def test_a_forged_copy_that_came_first_does_not_stop_the_real_one(small):
    letter = small.assigned()
    assert small.mail(DESK, "We leased a lorry.", to=letter, proven=False, fingerprint="abc").state == "held"
    assert small.mail(DESK, "We leased a lorry.", to=letter, fingerprint="abc").state == "handled"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("status", "status"),
        ("Help", "help"),
        ("Aiuto", "help"),
        ("Export my data.", "export_ready"),
        ("Erase my data", "forget_confirm"),
    ],
)
def test_a_word_by_mail_is_a_command(small, text, kind):
    small.assigned()
    row = small.mail(ASKER_MAIL, text)
    assert row.state == "handled" and small.letter(kind, ASKER_MAIL)
    assert len(small.all(Question)) == 1


def test_a_word_as_the_reply_to_a_letter_is_a_command_too(small):
    small.assigned()
    small.mail(ASKER_MAIL, "Status", to=small.letter("receipt", ASKER_MAIL))
    assert small.letter("status", ASKER_MAIL) and not small.letters("asker_replied")


def test_an_unproven_word_by_mail_is_no_command(small):
    small.mail(ASKER_MAIL, "Export my data", proven=False)
    assert small.letters("export_ready") == []


def test_an_expert_is_not_forgotten_by_a_word(small):
    small.assigned()
    row = small.mail(DESK, "Erase my data")
    assert row.state == "held" and "directory" in row.reason and small.letters("forget_confirm") == []


def moved(old, new):
    facts = {"migrated_to": new}
    return Incoming("telegram", Kind.MEMBERSHIP, "chat-migrated", old, group=True, mentioned=False, facts=facts)


def test_a_group_that_becomes_another_chat_is_followed(small):
    small.chat(OTHER_QUESTION, sender="-7", group=True)
    small.hear(moved("-7", -1007))
    assert [one.address for one in small.all(Address, channel="telegram")] == ["-1007"]


def test_a_group_that_wrote_from_its_new_chat_before_we_heard_is_joined(small):
    small.chat(OTHER_QUESTION, sender="-7", group=True)
    small.search()
    small.chat("Who pays for the teachers?", sender="-1007", group=True)
    small.hear(moved("-7", -1007))
    old, new = small.all(Address, channel="telegram")
    assert (old.address, old.dead_at is None, new.address) == ("-7", False, "-1007")
    assert {one.address_id for one in small.all(Question)} == {new.id}
    assert {one.address_id for one in small.all(OutboxMessage, channel="telegram")} == {new.id}


def test_blocking_the_bot_and_coming_back(small):
    small.chat(OTHER_QUESTION)
    small.hear(Incoming("telegram", Kind.MEMBERSHIP, "membership", CHAT, facts={"blocked": True}))
    assert small.all(Address, address=CHAT)[0].dead_at is not None
    small.hear(Incoming("telegram", Kind.MEMBERSHIP, "membership", CHAT, facts={"blocked": False}))
    assert small.all(Address, address=CHAT)[0].dead_at is None
    assert small.hear(Incoming("telegram", Kind.MEMBERSHIP, "membership", "999")).state == "handled"


def test_a_file_belongs_to_its_question_and_the_chat_is_told(small):
    small.chat(OTHER_QUESTION, attachments=(AttachedFile("plan.pdf", "application/pdf", b"%PDF"),))
    assert "plan.pdf" in small.letter("attachment_kept", CHAT).text


def test_a_file_that_cannot_be_fetched_does_not_stop_its_words(small):
    facts = {"files": [{"name": "film.mp4"}], "files_refused": ["film.mp4"]}
    assert small.chat(OTHER_QUESTION, facts=facts).state == "handled" and small.letters("attachment_kept") == []
    row = small.chat("", sender="502", facts=facts)
    assert row.state == "held" and "film.mp4" in row.reason


def test_words_without_anything_are_held(small):
    assert "no text" in small.mail(ASKER_MAIL, " ").reason


@pytest.mark.parametrize(
    ("kind", "state"),
    [(Kind.OWN_LOOP, "ignored"), (Kind.LIST, "ignored"), (Kind.READ_RECEIPT, "ignored"), (Kind.OTHER, "ignored"),
     (Kind.COMPLAINT, "held"), (Kind.UNSUBSCRIBE, "held"), (Kind.AUTO_REPLY, "handled"), (Kind.BOUNCE, "handled")],
)  # fmt: skip
def test_machines_start_nothing(small, kind, state):
    assert small.mail(ASKER_MAIL, OTHER_QUESTION, kind=kind).state == state
    assert small.all(Question) == [] and small.letters() == []


def test_doubtful_mail_is_held_with_the_doubt(small):
    assert small.mail(ASKER_MAIL, OTHER_QUESTION, held="Two senders.").reason == "Two senders."


def test_in_a_group_we_speak_when_spoken_to_and_explain_it_once(small):
    for _ in range(2):
        assert small.chat("Lunch?", group=True, mentioned=False).state == "ignored"
    assert len(small.letters("group_hint")) == 1 and small.all(Question) == []


def test_an_edit_changes_a_question_that_nobody_has_acted_on(small):
    small.chat("How did you finance it?", message_id="tg:501:1")
    small.chat(OTHER_QUESTION, kind=Kind.EDIT, message_id="tg:501:1")
    assert small.question().text == OTHER_QUESTION and small.letters("edit_noted")
    small.search()
    small.chat("Something else", kind=Kind.EDIT, message_id="tg:501:1")
    assert small.question().text == OTHER_QUESTION


def test_a_reply_in_the_chat_belongs_to_the_letter_it_answers(small):
    small.chat(OTHER_QUESTION)
    small.search()
    small.chat("Who pays for the teachers?", kind=Kind.COMMAND, command="ask")
    receipt = small.letters("receipt")[0]
    with small.store.transaction() as session:
        session.get(OutboxMessage, receipt.id).external_id = "tg:501:9"
    row = small.chat("There are twelve villages.", references=("tg:501:9",))
    assert row.question_id == receipt.question_id and small.letters("asker_replied", DESK)


def test_a_message_that_stops_its_worker_three_times_is_held(small):
    with small.store.transaction() as session:
        intake.receive(session, channel="email", external_id="bad", raw=b"x", now=small.now)
    for _ in range(intake.MOST_ATTEMPTS):
        with small.store.transaction() as session:
            [taken] = intake.claim(session, small.now)
        small.now += intake.LEASE
    with small.store.transaction() as session:
        assert intake.claim(session, small.now) == []
    row = small.all(InboxMessage)[0]
    assert (row.state, row.rule) == ("held", "poison")
    with small.store.transaction() as session:
        assert judge.accept(session, small.office, taken, Unreadable("email", "x"), small.now) is None
        intake.give_up(session, taken, "late", small.now)
    assert small.all(InboxMessage)[0].reason == row.reason


def test_a_message_that_fails_is_tried_again_and_then_held(small):
    with small.store.transaction() as session:
        intake.receive(session, channel="email", external_id="bad", raw=b"x", now=small.now)
    for _ in range(intake.MOST_ATTEMPTS):
        with small.store.transaction() as session:
            [taken] = intake.claim(session, small.now)
            intake.give_up(session, taken, "KeyError", small.now)
        small.now += intake.LEASE
    assert "KeyError" in small.all(InboxMessage)[0].reason


def test_an_address_is_kept_under_one_spelling(small):
    with small.store.transaction() as session:
        first = address_of(session, "email", " Desk@Athens.Example ", now=small.now, language="en")
        assert address_of(session, "email", "desk@athens.example", now=small.now, language="en", proven=True).id == first.id
    assert len(small.all(Person)) == len(small.all(Address))
