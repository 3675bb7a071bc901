import shutil

import pytest
import pytest_asyncio
from sqlalchemy import update

from routing.models import Authority, Expert
from tests.stories.attacks import case as a_case
from tests.town import each_for_itself
from tests.town import town as a_town


@pytest.fixture
async def town(store_url, tmp_path):
    async with a_town(store_url, tmp_path) as here:
        yield here


@pytest.fixture(params=["steady", "restarted"])
def midway(request, town):
    """To be awaited in the middle of a story: the service goes on, or is stopped and started again right there."""

    async def pause():
        if request.param == "restarted":
            await town.restart()

    return pause


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def besieged(sqlite_template, tmp_path_factory):
    """One town for all attacks of a file, whose experts never tire; the next file finds no question of the last."""
    folder = tmp_path_factory.mktemp("besieged")
    shutil.copy(sqlite_template, folder / "rrm.db")
    async with a_town(f"sqlite:///{folder / 'rrm.db'}", folder, **each_for_itself(folder)) as here:
        with here.store.transaction() as session:
            session.execute(update(Expert).values(monthly_limit=100_000))
            session.execute(update(Authority).values(capacity_per_month=100_000))
        yield here


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def open_case(besieged):
    """A question with an expert for attacks after which everything must be as it was."""
    return await a_case(besieged, "Who pays for the teachers of the mobile welding workshop in mountain villages?")


@pytest_asyncio.fixture(loop_scope="session")
async def case(besieged):
    """A question with an expert; closed at the end, so that cases do not meet."""
    here = await a_case(besieged)
    yield here
    here.close()
