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
