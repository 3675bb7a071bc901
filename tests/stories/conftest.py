import pytest

from tests.fakes.stores import postgres, postgres_template, sqlite_template, store_url  # noqa: F401
from tests.town import town as a_town


@pytest.fixture
async def town(store_url, tmp_path):  # noqa: F811
    async with a_town(store_url, tmp_path) as here:
        yield here


@pytest.fixture(params=["steady", "restarted"])
def midway(request, town):
    """To be awaited in the middle of a story: the service goes on, or is stopped and started again right there."""

    async def pause():
        if request.param == "restarted":
            await town.restart()

    return pause
