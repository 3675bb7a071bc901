import pytest

from routing.migrate import upgrade
from routing.store import Store
from tests.fakes.bureau import bureau as a_bureau
from tests.fakes.bureau import furnish


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    """A migrated database with the small world's directory and fiches, to be copied."""
    path = tmp_path_factory.mktemp("furnished") / "rrm.db"
    store = Store(f"sqlite:///{path}")
    upgrade(store)
    furnish(store)
    store.close()
    return path


@pytest.fixture
def bureau(furnished, tmp_path):
    with a_bureau(furnished, tmp_path) as here:
        yield here


@pytest.fixture
def asked(bureau):
    """A question that waits for a coordinator."""
    from tests.world import ASKER_MAIL, OTHER_QUESTION

    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION, subject="Welding")
    bureau.hand_over()
    return bureau.world.question()


@pytest.fixture(scope="module")
def api(furnished, tmp_path_factory):
    """The API as a program with a key sees it, with one question that waits."""
    from tests.bot.console.test_api import key
    from tests.fakes.api_cases import Api
    from tests.world import ASKER_MAIL

    with a_bureau(furnished, tmp_path_factory.mktemp("cases")) as here:
        here.world.mail(ASKER_MAIL, "How do you pay for a welding workshop?")
        here.hand_over()
        called = Api(here, key(here, "admin", ("read", "act", "manage")))
        yield called
        called.loop.close()
