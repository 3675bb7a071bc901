"""A real Chromium against a real server: the console on a busy Monday, on a free port of 127.0.0.1."""

import os
import shutil
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import uvicorn

from bot.clock import MovableClock
from bot.console.app import create_console
from bot.settings import load
from routing import directory, signin
from routing.migrate import upgrade
from routing.models import ConsoleUser
from routing.nearness import Meanings
from routing.office import Office
from routing.policy import load_policy
from routing.store import Store
from tests.fakes.busy_monday import NETWORK, BusyMonday
from tests.fakes.ports import free_ports
from tests.world import COORDINATOR, MONDAY, bundled_embedder, once, read_meanings

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items):
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The console on a busy Monday, served; `link(email)` is a fresh sign-in link."""
    folder = shutil.copytree(once("monday", _furnish), tmp_path_factory.mktemp("site"), dirs_exist_ok=True)
    store = Store(f"sqlite:///{folder / 'rrm.db'}")
    with served(BusyMonday.again(store, folder / "index"), NETWORK, embedder=bundled_embedder()) as here:
        yield here
    store.close()


def _furnish(folder):
    store = Store(f"sqlite:///{folder / 'rrm.db'}")
    upgrade(store)
    BusyMonday(store, folder / "index").furnish()
    read_meanings(store, bundled_embedder(), MONDAY)
    store.close()  # closing the last connection folds the write-ahead log into the file


@contextmanager
def served(world, network, host="127.0.0.1", embedder=None, **settings):
    """The console of this world on a free port, while the block lasts."""
    port = free_ports(1)[0]
    base = f"http://{host}:{port}"
    office = Office(load_policy(), network, "questions@network.example", "reply.network.example", base)
    service = SimpleNamespace(
        store=world.store, office=office, clock=MovableClock(MONDAY), channels={"email": object(), "telegram": object()},
        searcher=getattr(world, "searcher", None), settings=load(overrides={"network.base_url": base, **settings}, environment={}),
        meanings=Meanings(world.store, embedder), wake=lambda: None, is_alive=lambda: True,
    )  # fmt: skip
    console = create_console(service)
    server = uvicorn.Server(uvicorn.Config(console.app, host="127.0.0.1", port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline and thread.is_alive()
        time.sleep(0.02)

    def link(email=COORDINATOR):
        with world.store.transaction() as session:
            user = session.query(ConsoleUser).filter_by(email=email).one()
            return signin.make_link(session, user, service.clock.now(), base)

    yield SimpleNamespace(base=base, store=world.store, world=world, link=link, service=service)
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="session")
def chromium():
    """Playwright's synchronous interface, used directly: its pytest plugin and pytest-asyncio exclude each other."""
    sync_api = pytest.importorskip("playwright.sync_api")
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("there is no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory):
    """Where pictures of the pages go; SCREENSHOTS names a folder to keep them."""
    folder = os.environ.get("SCREENSHOTS") or str(tmp_path_factory.mktemp("shots"))
    os.makedirs(folder, exist_ok=True)
    return folder


@pytest.fixture
def open_page(chromium, site):
    """Open a signed-in page of some size and colour scheme; every error of the page's scripts fails the test."""
    contexts, troubles = [], []

    def make(size=DESKTOP, scheme="light", email=COORDINATOR, expecting=(" 409 ", " 404 "), **more):
        def expected(text):
            return any(one in text for one in expecting)

        context = chromium.new_context(viewport=size, color_scheme=scheme, **more)
        contexts.append(context)
        context.set_default_timeout(120_000)  # a machine that is busy with other things
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" and not expected(said.text) else None)
        page.on("request", lambda sent: troubles.append(f"foreign {sent.url}") if not sent.url.startswith(site.base) else None)
        page.goto(site.link(email))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/queue")
        return page

    yield make
    for context in contexts:
        context.close()
    assert not troubles


@pytest.fixture
def reader(site):
    """An administrator who reads this language; the site's own people go on in English."""

    def make(language):
        email = f"{language}@network.example"
        with site.store.transaction() as session:
            directory.add_user(session, email, "admin", site.service.clock.now(), "Συντονισμός", language)
        return email

    return make
