"""Links and sessions on both databases; two browsers that press one link at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from routing import signin
from routing.models import ConsoleUser
from tests.fakes.bureau import ONE_FICHE, FurnishedWorld, furnish
from tests.world import COORDINATOR, MONDAY


@pytest.fixture
def world(store):
    furnish(store, ONE_FICHE)
    return FurnishedWorld(store)


def secret(world):
    with world.store.transaction() as session:
        user = session.query(ConsoleUser).filter_by(email=COORDINATOR).one()
        return signin.make_link(session, user, MONDAY, "https://rrm.example/").removeprefix("https://rrm.example/sign-in/")


def enter(world, link, now=MONDAY):
    with world.store.transaction() as session:
        return signin.sign_in(session, link, now, hours=12)


def who(world, cookie, now=MONDAY):
    with world.store.snapshot() as session:
        return signin.who(session, cookie, now)


def test_a_link_makes_a_session_that_knows_its_user(world):
    there = who(world, enter(world, secret(world)))
    assert (there.email, there.role, there.actor, there.name) == (COORDINATOR, "coordinator", "user:1", "Coordination desk")


def test_of_many_who_press_one_link_at_once_one_comes_in(world):
    link = secret(world)
    with ThreadPoolExecutor(8) as crowd:
        cookies = list(crowd.map(lambda _: enter(world, link), range(8)))
    assert sum(cookie is not None for cookie in cookies) == 1


def test_forbidding_ends_sessions_and_links(world):
    cookie, unused = enter(world, secret(world)), secret(world)
    with world.store.transaction() as session:
        assert signin.forbid(session, COORDINATOR.upper(), by="user:2", now=MONDAY)
        assert not signin.forbid(session, "nobody@x.example", by="user:2", now=MONDAY)
    assert who(world, cookie) is None
    assert enter(world, unused) is None


@pytest.mark.parametrize("later", [timedelta(hours=12), timedelta(days=400)])
def test_sessions_expire(world, later):
    assert who(world, enter(world, secret(world)), MONDAY + later) is None


@pytest.mark.parametrize("cookie", ["", "x", "\x00", "é" * 100, "' OR 1=1 --"])
def test_a_made_up_cookie_is_nobody(world, cookie):
    enter(world, secret(world))
    assert who(world, cookie) is None


def test_the_letter_goes_through_the_outbox_once_for_each_request(world):
    for _ in range(5):
        with world.store.transaction() as session:
            signin.request_link(session, world.office, COORDINATOR, MONDAY)
    assert len(world.letters("sign_in", COORDINATOR)) == signin.LINKS_AT_ONCE


@pytest.mark.parametrize(
    "email", ["", "stranger@x.example", f"{COORDINATOR}\r\nBcc: x@y.example", f"{COORDINATOR}, x@y.example", "%"]
)
def test_no_letter_to_anybody_else(world, email):
    with world.store.transaction() as session:
        assert not signin.request_link(session, world.office, email, MONDAY)
    assert not world.letters("sign_in")
