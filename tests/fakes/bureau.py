"""The console on a desk: the real console over a real database, with the small world's people and no transports."""

import html
import re
import shutil
from contextlib import contextmanager
from datetime import timedelta

from starlette.testclient import TestClient

from bot.console.app import create_console
from bot.settings import load
from routing import assigning, directory, fiches, handing, signin
from routing.models import ConsoleUser, Expert, Question
from routing.nearness import Meanings
from routing.office import Office
from routing.people import find_address
from routing.store import Store
from tests.fakes.clocks import StillClock
from tests.world import AUTHORITIES, COORDINATOR, DUAL_FICHE, EXPERTS, FICHES, MONDAY, POLICY, World

BASE = "http://console.example"
ADMIN, OBSERVER = "admin@network.example", "observer@network.example"
PEOPLE = {"admin": ADMIN, "coordinator": COORDINATOR, "observer": OBSERVER}


class Desk:
    """What `create_console` takes for the running service."""

    def __init__(self, world, base_url=BASE, **settings):
        self.world, self.store, self.searcher = world, world.store, world.searcher
        self.meanings = Meanings(world.store)  # without a model, unless a test gives one
        self.settings = load(overrides={"network.base_url": base_url, **settings}, environment={})
        self.clock = StillClock(world.now)
        self.channels, self.alive, self.woken = {}, True, 0

    @property
    def office(self):
        return self.world.office

    def wake(self):
        self.woken += 1

    def is_alive(self):
        return self.alive


class Bureau:
    """The world, its console, and browsers to look at it."""

    def __init__(self, world, base_url=BASE):
        self.world, self.store = world, world.store
        self.service = Desk(world, base_url)
        self.console = create_console(self.service)
        with self.store.transaction() as session:
            directory.add_user(session, ADMIN, "admin", world.now, "Admin")
            directory.add_user(session, OBSERVER, "observer", world.now, "Observer")

    @classmethod
    def at(cls, other, base_url, **settings):
        """The same world's console at another address, with other settings; its people are there already."""
        here = cls.__new__(cls)
        here.world, here.store = other.world, other.store
        here.service = Desk(other.world, base_url, **settings)
        here.console = create_console(here.service)
        return here

    @property
    def now(self):
        return self.service.clock.now()

    def pass_time(self, **step):
        self.world.now = self.service.clock.moment = self.now + timedelta(**step)

    def hand_over(self):
        """The latest question waits for a coordinator, as after an empty roster."""
        with self.store.transaction() as session:
            question = session.get_one(Question, self.world.question().id)
            handing.hand_to_coordinator(session, self.world.office, question, "no_roster", self.now)

    def assign(self, email):
        """The latest question goes to this expert."""
        with self.store.transaction() as session:
            question = session.get_one(Question, self.world.question().id)
            expert = session.get_one(Expert, self.world.expert(email).id)
            return assigning.assign(
                session, self.world.office, question, expert, [{"code": "country", "country": "IT"}], self.now
            )

    def browser(self):
        """A browser that is not signed in; it says where its forms come from, as browsers do."""
        return TestClient(
            self.console.app, base_url=BASE, headers={"origin": BASE}, follow_redirects=False, raise_server_exceptions=False
        )

    def link(self, email):
        """A fresh sign-in link, as the letter would hold it."""
        with self.store.transaction() as session:
            user = session.query(ConsoleUser).filter_by(email=email).one()
            return signin.make_link(session, user, self.now, BASE)

    def signed_in(self, role="coordinator"):
        browser = self.browser()
        link = self.link(PEOPLE[role])
        response = browser.post(link, data={"csrf": csrf_of(browser.get(link))})
        assert response.status_code == 303, response.text
        return browser

    def send(self, browser, page, action, **fields):
        """Open a page and send one of its forms, with the token and revision the page holds."""
        shown = browser.get(page)
        told = {"csrf": csrf_of(shown)} | {name: found for name in ("revision", "seen") if (found := hidden(shown, name))}
        return browser.post(action, data=told | fields)


def words(page):
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def csrf_of(response):
    return hidden(response, "csrf") or ""


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', response.text)
    return found[1] if found else None


def furnish(store, records=FICHES):
    """The small world's directory, fiches and coordinator, without an index."""
    with store.transaction() as session:
        directory.import_authorities(session, AUTHORITIES, MONDAY)
        directory.import_experts(session, EXPERTS, MONDAY)
        directory.add_user(session, COORDINATOR, "coordinator", MONDAY, "Coordination desk")
        fiches.import_records(session, records, MONDAY)


ONE_FICHE = [record for record in FICHES if record.slug == DUAL_FICHE]


@contextmanager
def bureau(template, folder):
    """A bureau on a copy of a database that was furnished once."""
    shutil.copy(template, folder / "console.db")
    store = Store(f"sqlite:///{folder / 'console.db'}")
    try:
        yield Bureau(FurnishedWorld(store))
    finally:
        store.close()


class FurnishedWorld(World):
    """The small world on a database that holds its people and fiches already; nothing is searched for here."""

    def __init__(self, store):
        self.store, self.now, self._counter = store, MONDAY, 0
        self.office = Office(POLICY, "Test network", "questions@network.example", "reply.network.example", BASE)
        self.searcher = None

    def expert(self, email):
        with self.store.snapshot() as session:
            address = find_address(session, "email", email)
            return session.query(Expert).filter_by(person_id=address.person_id).one()
