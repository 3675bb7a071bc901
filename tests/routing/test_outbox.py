"""The outbox: one effect, one row; one claim at a time; no settlement without the lease; ambiguity counted, never hidden."""

import itertools
import threading
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from routing import outbox
from routing.errors import Ambiguous, Refused, Unreachable
from routing.models import Address, Attempt, OutboxMessage, Question
from routing.people import address_of
from routing.post import post
from routing.recipients import to_person
from routing.values import Sent
from tests.world import MONDAY, OTHER_QUESTION, World

LUCK = Random(1)


@pytest.fixture
def world(store, tmp_path):
    return World(store, tmp_path / "index")


@pytest.fixture
def letter(world):
    return write(world)


def write(world, edition="", address="desk@athens.example", channel="email"):
    with world.store.transaction() as session:
        found = address_of(session, channel, address, now=world.now, language="en", proven=True)
        return post(
            session,
            world.office,
            to_person(session, found.person_id, "asker"),
            "status_empty",
            {},
            now=world.now,
            edition=edition,
        )


def claim(world, worker="one", **more):
    with world.store.transaction() as session:
        return outbox.claim(session, worker=worker, now=world.now, **more)


def fail(world, claimed, error):
    with world.store.transaction() as session:
        return outbox.settle_failure(session, claimed, error, world.now, world.office.policy.outbox, LUCK)


def sent(world, claimed):
    with world.store.transaction() as session:
        return outbox.settle_sent(session, claimed, Sent("x"), world.now)


def brink(world, claimed):
    with world.store.transaction() as session:
        return outbox.at_brink(session, claimed, world.now)


def row(world):
    return world.all(OutboxMessage)[0]


def test_the_same_letter_is_written_once(world, letter):
    assert letter is not None and write(world) is None
    assert write(world, edition="second") is not None


def test_a_claimed_letter_is_not_claimed_again_until_its_lease_lapses(world, letter):
    [first] = claim(world)
    assert claim(world, "two") == []
    world.now += outbox.LEASE + timedelta(seconds=1)
    [second] = claim(world, "two")
    assert (second.outbox_id, second.fence) == (first.outbox_id, first.fence + 1)


def test_a_worker_that_lost_its_lease_settles_nothing(world, letter):
    [late] = claim(world)
    world.now += outbox.LEASE + timedelta(seconds=1)
    [fresh] = claim(world, "two")
    assert not brink(world, late) and not sent(world, late) and fail(world, late, Refused("no")) is None
    assert row(world).state == "claimed"
    assert brink(world, fresh) and sent(world, fresh)
    assert row(world).state == "sent"


def test_a_crash_before_the_brink_is_no_ambiguity(world, letter):
    claim(world)
    world.now += outbox.LEASE + timedelta(seconds=1)
    [again] = claim(world)
    assert row(world).ambiguities == 0 and again.letter.message_id == letter.message_id


def test_a_crash_past_the_brink_is_counted_and_resent_once_with_the_same_message_id(world, letter):
    [first] = claim(world)
    brink(world, first)
    world.now += 7 * outbox.LEASE
    [second] = claim(world)
    assert row(world).ambiguities == 1 and second.letter.message_id == first.letter.message_id
    brink(world, second)
    world.now += 7 * outbox.LEASE
    assert claim(world) == []
    assert row(world).state == "ambiguous" and row(world).ambiguities == 2
    assert [one.outcome for one in world.all(Attempt)] == ["ambiguous", "ambiguous"]
    assert world.events("letter-ambiguous")


@pytest.mark.parametrize(
    ("error", "fate", "state"),
    [
        (Unreachable("greylisted", code="451"), "retry", "queued"),
        (Refused("no such user", code="550"), "failed", "failed"),
        (Refused("content", code="554", address_is_dead=False), "failed", "failed"),
        (Ambiguous("lost after the dot"), "retry", "queued"),
    ],
)
def test_the_fate_of_a_failure(world, letter, error, fate, state):
    [claimed] = claim(world)
    assert fail(world, claimed, error) == fate
    assert row(world).state == state and row(world).last_error == str(error)
    dead = world.all(Address, address="desk@athens.example")[0].dead_at
    assert (dead is not None) == bool(getattr(error, "address_is_dead", False))


def test_a_second_lost_answer_leaves_it_to_a_person(world, letter):
    for expected in ("retry", "ambiguous"):
        [claimed] = claim(world)
        assert fail(world, claimed, Ambiguous("lost")) == expected
        world.now += timedelta(hours=1)
    assert row(world).state == "ambiguous" and claim(world) == []


def test_pauses_grow_and_end(world, letter):
    waits = []
    while row(world).state != "failed":
        world.now = max(world.now, row(world).next_attempt_at)
        [claimed] = claim(world)
        fail(world, claimed, Unreachable("away"))
        waits.append((row(world).next_attempt_at - world.now).total_seconds())
    assert waits[0] < waits[2] < waits[4] and max(waits) <= 14400 * 1.2
    assert world.now - MONDAY >= timedelta(hours=96)


def test_the_far_side_may_name_the_pause(world, letter):
    [claimed] = claim(world)
    fail(world, claimed, Unreachable("slow down", retry_after=77))
    assert row(world).next_attempt_at == world.now + timedelta(seconds=77)


def to_chat(world, *editions):
    return [write(world, edition, "501", "telegram").id for edition in editions]


def claimed_ids(world):
    return [claimed.outbox_id for claimed in claim(world)]


def test_a_chat_gets_its_letters_in_order(world):
    """A letter that another worker carries, or that is tried again soon, is waited for."""
    first, second = to_chat(world, "1", "2")
    other, mail = write(world, "3", "502", "telegram").id, write(world, "4").id
    claims = claim(world)
    assert [one.outbox_id for one in claims] == [first, other, mail]
    assert claim(world) == []
    fail(world, claims[0], Unreachable("busy", retry_after=30))
    assert claim(world) == []
    world.now += timedelta(seconds=31)
    [again] = claim(world)
    assert again.outbox_id == first and sent(world, again)
    assert claimed_ids(world) == [second]


def test_letters_by_mail_wait_for_no_other(world):
    """One that is greylisted for hours must not hold up the next; mail clients sort by date."""
    write(world, "1"), write(world, "2")
    assert len(claim(world)) == 2


def test_after_an_outage_of_hours_a_chat_gets_its_letters_in_order(world):
    write_one = itertools.count()
    order, until = [], world.now + timedelta(hours=3)
    while len(order) < 6 and world.now < until + timedelta(hours=1):
        if next(write_one) % 20 == 0 and world.now < until:
            to_chat(world, str(world.now))
        for claimed in claim(world):
            if world.now < until:
                fail(world, claimed, Unreachable("away"))
            else:
                order.append(claimed.outbox_id)
                sent(world, claimed)
        world.now += timedelta(seconds=97)
    assert len(order) == 6 and order == sorted(order)


def test_a_letter_that_cannot_be_carried_does_not_silence_its_chat(world):
    first, second = to_chat(world, "1", "2")
    got = []
    while not got and world.now < MONDAY + timedelta(hours=1):
        for claimed in claim(world):
            if claimed.outbox_id == first:
                fail(world, claimed, Unreachable("a file cannot be read"))
            else:
                got.append(claimed.outbox_id)
        world.now += timedelta(seconds=30)
    assert got == [second] and world.now <= MONDAY + timedelta(minutes=17)


def test_who_asks_in_the_night_waits_for_no_letter_of_the_morning(world):
    with world.store.transaction() as session:
        session.get_one(OutboxMessage, *to_chat(world, "1")).next_attempt_at = world.now + timedelta(hours=8)
    answer = to_chat(world, "2")
    assert claimed_ids(world) == answer


def test_many_workers_share_the_letters_without_taking_one_twice(world):
    for number in range(40):
        write(world, edition=str(number), address=f"desk-{number}@athens.example")
    taken, barrier = [], threading.Barrier(4)

    def work(name):
        barrier.wait()
        while claims := claim(world, name, limit=3):
            taken.extend(claimed.outbox_id for claimed in claims)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A worker that found all due rows locked stops; whatever is left is claimed now, and nothing is claimed twice.
    while claims := claim(world, "last", limit=50):
        taken.extend(claimed.outbox_id for claimed in claims)
    assert sorted(taken) == sorted(one.id for one in world.all(OutboxMessage))


def test_nothing_is_written_to_ourselves_or_to_machines(world):
    for address in (
        "questions@network.example",
        "reply+abc@reply.network.example",
        "no-reply@x.example",
        "MAILER-DAEMON@x.example",
    ):
        assert write(world, address=address) is None
    assert world.all(OutboxMessage) == [] and len(world.events("letter-not-written")) == 4


def test_automatic_replies_to_one_address_are_capped(world):
    written = [write(world, edition=str(number)) for number in range(30)]
    assert sum(one is not None for one in written) == world.office.policy.caps.per_address_per_hour


def test_an_unproven_asker_gets_none_of_their_own_words_back(world):
    world.mail("nobody@spoofed.example", "Buy cheap certificates at spam.example", proven=False)
    world.search()
    texts = [letter.subject + letter.text for letter in world.letters(to="nobody@spoofed.example")]
    assert texts and all("spam.example" not in text for text in texts)


def test_letters_to_an_asker_hang_in_one_thread(world):
    world.mail("policy-desk@lisboa.example", OTHER_QUESTION, message_id="<ask@lisboa.example>")
    world.search()
    receipt = world.letter("receipt", "policy-desk@lisboa.example")
    assert receipt.in_reply_to == "<ask@lisboa.example>" and receipt.references == ["<ask@lisboa.example>"]
    with world.store.snapshot() as session:
        assert session.scalars(select(Question.thread)).one()["message_id"] == "<ask@lisboa.example>"
