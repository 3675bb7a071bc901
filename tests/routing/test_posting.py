"""Letters that may not be written, and those that may: caps per address, thread and domain, duties, machines, ourselves."""

from datetime import timedelta
from itertools import pairwise

from routing.models import OutboxMessage
from routing.people import address_of
from routing.post import effect_key, post
from routing.recipients import to_asker, to_person
from tests.world import ASKER_MAIL, DESK


def write(small, kind="status_empty", address="desk@athens.example", edition="", purpose="asker", **facts):
    with small.store.transaction() as session:
        found = address_of(session, "email", address, now=small.now, language="en", proven=True)
        to = to_person(session, found.person_id, purpose)
        return post(session, small.office, to, kind, facts, now=small.now, edition=edition)


def test_the_cap_of_a_day_holds_over_hours(small):
    written = 0
    for number in range(40):
        written += write(small, edition=str(number)) is not None
        small.now += timedelta(minutes=30)
    assert written == small.office.policy.caps.per_address_per_day
    small.now += timedelta(days=1)
    assert write(small, edition="tomorrow") is not None


def test_the_cap_of_a_domain_stops_what_changes_its_address(small):
    caps = small.office.policy.caps
    written = [write(small, address=f"robot-{number}@machines.example") for number in range(caps.per_domain_per_hour + 5)]
    assert sum(one is not None for one in written) == caps.per_domain_per_hour
    assert write(small, address="desk@othermachines.example") is not None, "another domain that ends alike"


def test_the_cap_of_a_thread(small):
    small.assigned()
    for number in range(10):
        small.mail(ASKER_MAIL, "OK", to=small.letter("receipt", ASKER_MAIL))
        with small.store.transaction() as session:
            question = small.question()
            post(session, small.office, to_asker(session, question), "used_thanks", {}, now=small.now, question=question,
                 edition=str(number))  # fmt: skip
    assert len(small.letters("used_thanks")) < small.office.policy.caps.per_thread_per_hour
    assert any(event.detail["why"].startswith("cap") for event in small.events("letter-not-written"))


def test_duties_know_no_cap(small):
    for number in range(12):
        facts = {"url": "https://rrm.example/x", "minutes": 15}
        assert write(small, "sign_in", edition=str(number), purpose="coordinator", **facts) is not None


def test_who_has_no_address_left_gets_no_letter(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        to = to_person(session, letter.person_id, "assignment")
        to.address.dead_at = small.now
    with small.store.transaction() as session:
        assert to_person(session, letter.person_id, "assignment") is None
        assert post(session, small.office, None, "moved_on", {}, now=small.now) is None


def test_an_asker_whose_chat_is_dead_gets_the_letter_by_mail(small):
    from routing.models import Address
    from tests.world import CHAT

    small.chat("How did you finance it?")
    with small.store.transaction() as session:
        chat = session.query(Address).filter_by(address=CHAT).one()
        chat.dead_at = small.now
        session.add(Address(person_id=chat.person_id, channel="email", address="me@lisboa.example"))
    small.search()
    assert small.letters("receipt", "me@lisboa.example") and not small.letters("receipt", CHAT)


def test_letters_to_an_expert_hang_in_one_thread(small):
    first = small.assigned()
    small.mail(DESK, "Accept", to=first)
    small.run_until(small.now + timedelta(days=10), timedelta(hours=3))
    letters = [one for one in small.letters(to=DESK) if one.assignment_id == first.assignment_id]
    assert letters[0].in_reply_to is None
    for before, after in pairwise(letters):
        assert after.in_reply_to == before.message_id and after.references[0] == first.message_id


def test_every_letter_has_its_own_reply_address_and_message_id(small):
    small.answered()
    letters = small.all(OutboxMessage, channel="email")
    assert len({one.reply_to for one in letters}) == len({one.message_id for one in letters}) == len(letters)
    assert all(one.message_id.endswith("@reply.network.example>") for one in letters)


def test_what_makes_a_letter_the_same(small):
    letter = small.assigned()
    assert letter.effect_key == f"assignment:{small.question().number}:{letter.person_id}:{letter.assignment_id}:"
    assert effect_key("help", None, 7, None, "x") == "help:-:7:-:x"
