import pytest

from routing import directory, fiches
from routing.migrate import upgrade
from routing.store import Store
from tests.fakes.bureau import bureau as a_bureau
from tests.world import AUTHORITIES, COORDINATOR, EXPERTS, FICHES, MONDAY


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    """A migrated database with the small world's directory and fiches, to be copied."""
    path = tmp_path_factory.mktemp("furnished") / "rrm.db"
    store = Store(f"sqlite:///{path}")
    upgrade(store)
    with store.transaction() as session:
        directory.import_authorities(session, AUTHORITIES, MONDAY)
        directory.import_experts(session, EXPERTS, MONDAY)
        directory.add_user(session, COORDINATOR, "coordinator", MONDAY, "Coordinator")
        fiches.import_records(session, FICHES, MONDAY)
    store.close()
    return path


@pytest.fixture
def bureau(furnished, tmp_path):
    with a_bureau(furnished, tmp_path) as here:
        yield here
