import pytest

from tests.world import SmallWorld


@pytest.fixture
def small(store):
    """A world without fiches, for everything that needs no search."""
    return SmallWorld(store)
