import pytest

from tests.fakes.stores import postgres, postgres_template, sqlite_template, store, store_url  # noqa: F401
from tests.world import SmallWorld


@pytest.fixture
def small(store):  # noqa: F811
    """A world without fiches, for everything that needs no search."""
    return SmallWorld(store)
